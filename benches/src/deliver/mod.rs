//! How fast, and how fairly, what was promised leaves the desk.

pub mod depth;
pub mod fair;

use crate::place::{Database, Place};
use crate::program::Program;
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How often to look.
const PAUSE: Duration = Duration::from_millis(20);

/// A program that may call endpoints on this machine.
fn program(place: &Place, server: Option<&PathBuf>) -> Result<Program> {
    let settings = [("WEBHOOK_ALLOW_NETWORKS", "127.0.0.0/8"), ("MAIL_DIGEST_WINDOW", "0s"), ("WORKERS", "2")];
    Ok(place.program(server)?.with(settings).with([("APP_URL", "http://desk.example")]))
}

/// Waits until this is so.
async fn wait_until(limit: Duration, what: &str, mut is_so: impl FnMut() -> Result<bool>) -> Result<()> {
    let begun = Instant::now();
    while !is_so()? {
        if begun.elapsed() > limit {
            bail!("after {} s: {what}", limit.as_secs());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// The database's name in a report.
fn name(database: Database) -> &'static str {
    match database {
        Database::Sqlite => "sqlite",
        Database::Postgres => "postgres",
    }
}
