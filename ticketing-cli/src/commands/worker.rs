//! `ticketing worker`: what was promised is done, by a process that does nothing else.

use super::print;
use crate::config::Config;
use crate::door::Doors;
use crate::server;
use crate::wiring::{self, OpenStore};
use anyhow::bail;
use std::process::ExitCode;
use std::time::Duration;
use ticketing_core::desk::work::Workers;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Works until it is told to stop.
pub async fn run(config: Config) -> anyhow::Result<ExitCode> {
    if config.settings.workers == 0 {
        bail!("WORKERS: 0 leaves nobody to work");
    }
    wiring::mailer(&config)?;
    let stop = server::stop_signal()?;
    let store = OpenStore::open(&config).await?;
    let worked = async {
        store.migrate().await?;
        // As a server of the same settings would have it.
        let address = format!("http://{}", server::authority(&config.settings.host, config.settings.port));
        let app_url = config.settings.app_url.as_deref().unwrap_or(&address);
        let desk = wiring::linked_desk(&config, &store, app_url).await?;
        wiring::sweep_files(&config).await?;
        let workers = wiring::workers(&config, &desk);
        let doors = Doors::open(&config, desk.clone()).await?;
        if let Some(line) = doors.greeting() {
            print(&line)?;
        }
        print("working")?;
        tokio::join!(work(workers, config.settings.workers, stop.clone()), doors.run(stop));
        desk.bus().close().await;
        anyhow::Ok(())
    };
    let worked = worked.await;
    store.close().await;
    worked?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// So many workers side by side, until they are told to stop and have put down what they had in hand.
pub async fn work(workers: Workers, count: usize, stop: CancellationToken) {
    let mut all = JoinSet::new();
    let one = |all: &mut JoinSet<()>| {
        let (workers, stop) = (workers.clone(), stop.clone());
        all.spawn(async move { workers.run(stop.cancelled()).await });
    };
    for _ in 0..count {
        one(&mut all);
    }
    while let Some(ended) = all.join_next().await {
        if let Err(error) = ended {
            // Its jobs go to the others when their time is over, and another one takes its place.
            tracing::error!(%error, "a worker broke");
            if !stop.is_cancelled() {
                tokio::time::sleep(Duration::from_secs(1)).await;
                one(&mut all);
            }
        }
    }
}
