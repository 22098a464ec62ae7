//! `ticketing serve`: the desk in one process.

use super::demo;
use super::print;
use super::worker::work;
use crate::config::Config;
use crate::door::{self, Doors};
use crate::sealer::Sealer;
use crate::server;
use crate::wiring::{self, OpenStore, operator};
use anyhow::{Context, bail};
use axum::Router;
use std::process::ExitCode;
use std::sync::Arc;
use ticketing_core::desk::NewUser;
use ticketing_core::desk::work::Workers;
use ticketing_core::model::{Role, TokenKind};
use ticketing_core::query::UserQuery;
use ticketing_core::time::Time;
use ticketing_core::{Desk, Error};
use ticketing_http::{HttpOptions, MoreMetrics};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Brings the store up to date, listens, and goes on until it is told to stop. A demo desk has lived until `demo_until`,
/// or until now.
pub async fn run(config: Config, demo: bool, demo_until: Option<Time>) -> anyhow::Result<ExitCode> {
    if demo && config.is_production() {
        bail!("--demo: refused with TICKETING_ENV=production, its passwords are known to everybody");
    }
    wiring::mailer(&config)?;
    keep_memory_private();
    let stop = server::stop_signal()?;
    let store = tokio::select! {
        biased;
        () = stop.cancelled() => return Ok(ExitCode::SUCCESS),
        store = OpenStore::open(&config) => store?,
    };
    let served = async {
        let ready = tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(()),
            ready = make_ready(&config, &store, demo, demo_until) => ready?,
        };
        for line in &ready.greeting {
            print(line)?;
        }
        print(&format!("listening on {}", ready.address))?;
        let working = tokio::spawn(work(ready.workers, config.settings.workers, stop.clone()));
        let fetching = ready.doors.map(|doors| tokio::spawn(doors.run(stop.clone())));
        let done = CancellationToken::new();
        let bus = Arc::clone(ready.desk.bus());
        let sealer = Sealer::new(ready.desk, config.settings.audit_head_path.clone());
        let sealing = tokio::spawn(sealer.run(done.clone()));
        server::serve(ready.listener, ready.app, stop.clone(), config.settings.shutdown_timeout).await;
        working.await.context("the workers broke")?;
        if let Some(fetching) = fetching {
            fetching.await.context("the doors for mail broke")?;
        }
        // What the last requests and jobs did is sealed too.
        done.cancel();
        sealing.await.context("the sealer of the audit log broke")?;
        bus.close().await;
        anyhow::Ok(())
    };
    let served = served.await;
    store.close().await;
    served?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// A crash must not leave passwords and keys in a file.
fn keep_memory_private() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
        tracing::debug!(%error, "core dumps could not be switched off");
    }
}

/// All that is needed to answer the first request.
struct Ready {
    listener: TcpListener,
    app: Router,
    desk: Desk,
    workers: Workers,
    /// The doors for mail besides HTTP, where this process works at all.
    doors: Option<Doors>,
    /// `http://HOST:PORT` with the port that was given.
    address: String,
    /// What the operator should know before.
    greeting: Vec<String>,
}

async fn make_ready(config: &Config, store: &OpenStore, demo: bool, demo_until: Option<Time>) -> anyhow::Result<Ready> {
    store.migrate().await?;
    let settings = &config.settings;
    let listener = server::bind(&settings.host, settings.port).await?;
    let port = listener.local_addr().context("the port can't be read")?.port();
    let address = format!("http://{}", server::authority(&settings.host, port));
    let app_url = settings.app_url.as_deref().unwrap_or(&address);
    // The generator goes past the desk to the store. The one that serves looks at the store after it.
    let mut greeting = Vec::new();
    if demo {
        let desk = wiring::desk(config, store.port(), app_url)?;
        greeting.extend(demo::greet(config, &desk, &address, demo_until).await?);
    }
    let desk = wiring::linked_desk(config, store, app_url).await?;
    wiring::sweep_files(config).await?;
    greeting.extend(first_admin(config, &desk).await?);
    let workers = wiring::workers(config, &desk);
    let doors = if settings.workers == 0 { None } else { Some(Doors::open(config, desk.clone()).await?) };
    greeting.extend(doors.as_ref().and_then(Doors::greeting));
    let (of_bus, statuses) = (wiring::bus_metrics(Arc::clone(desk.bus())), doors.as_ref().map(Doors::statuses));
    let more_metrics: MoreMetrics = Arc::new(move |out| {
        of_bus(out);
        if let Some(statuses) = &statuses {
            door::write_metrics(statuses, out);
        }
    });
    let (workers_of_this, more_metrics) = (Some(workers.clone()), Some(more_metrics));
    let options = HttpOptions { workers: workers_of_this, more_metrics, ..wiring::http_options(config)? };
    let app = ticketing_http::router(desk.clone(), options);
    Ok(Ready { listener, app, desk, workers, doors, address, greeting })
}

/// Makes the first administrator where there is none and the configuration names one; otherwise says
/// how to.
async fn first_admin(config: &Config, desk: &Desk) -> anyhow::Result<Option<String>> {
    if has_admin(desk).await? {
        return Ok(None);
    }
    let settings = &config.settings;
    let (Some(email), Some(password)) = (&settings.admin_email, &settings.admin_password) else {
        let token = desk.create_setup_token(operator()).await.context("the set-up link can't be made")?;
        let link = |token: String| {
            format!("there is no administrator yet, set up: {}", desk.password_link(TokenKind::Setup, &token))
        };
        return Ok(token.map(link));
    };
    let name = email.split('@').next().unwrap_or(email);
    let password = Some(password.expose().to_owned());
    let admin = NewUser { role: Role::Admin, password, ..NewUser::new(email.as_str(), name) };
    match desk.create_user(operator(), admin).await {
        Ok(user) => {
            tracing::info!(email = user.email, "made the first administrator");
            Ok(None)
        }
        // Another server that starts at the same time was faster; or somebody else has the address.
        Err(Error::Conflict { code: "duplicate", .. }) if has_admin(desk).await? => Ok(None),
        Err(Error::Conflict { code: "duplicate", .. }) => {
            bail!("ADMIN_EMAIL: {email} is no administrator: ticketing user set-role {email} admin")
        }
        Err(error) => Err(error).context("ADMIN_EMAIL, ADMIN_PASSWORD: the first administrator can't be made"),
    }
}

async fn has_admin(desk: &Desk) -> anyhow::Result<bool> {
    let query = UserQuery { roles: vec![Role::Admin], is_active: Some(true), limit: 1, ..UserQuery::default() };
    Ok(!desk.users(operator(), query).await?.items.is_empty())
}
