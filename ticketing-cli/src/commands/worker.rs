//! `ticketing worker`: what was promised is done, by a process that does nothing else.

use super::print;
use crate::config::Config;
use crate::server;
use crate::wiring::{self, OpenStore};
use anyhow::bail;
use std::process::ExitCode;
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
        let desk = wiring::desk(&config, store.port(), config.settings.app_url.as_deref().unwrap_or_default())?;
        let workers = wiring::workers(&config, &desk);
        print("working")?;
        work(workers, config.settings.workers, stop).await;
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
    for _ in 0..count {
        let (workers, stop) = (workers.clone(), stop.clone());
        all.spawn(async move { workers.run(stop.cancelled()).await });
    }
    while let Some(ended) = all.join_next().await {
        if let Err(error) = ended {
            // Its jobs go to the others when their time is over.
            tracing::error!(%error, "a worker broke");
        }
    }
}
