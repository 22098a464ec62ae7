//! Makes a desk to measure on: the generator's company with as many tickets as asked for.

use anyhow::{Context, Result};
use clap::Parser;
use std::path::PathBuf;
use std::time::Instant;
use ticketing_core::demo::{self, DemoOptions};
use ticketing_core::desk::AuditKey;
use ticketing_core::port::{Clock, Store, SystemClock};
use ticketing_store::postgres::{PgOptions, PgStore};
use ticketing_store::sqlite::{SqliteOptions, SqliteStore};

/// No password has this hash: people to measure with are made afterwards.
const NO_PASSWORD: &str = "!";

/// Fills an empty database with a demo company.
#[derive(Parser)]
struct Options {
    /// The PostgreSQL database to fill.
    #[arg(long)]
    database_url: Option<String>,
    /// The folder of the desk to fill, for SQLite.
    #[arg(long, required_unless_present = "database_url")]
    data: Option<PathBuf>,
    /// How many tickets.
    #[arg(long, default_value_t = 10_000)]
    tickets: u64,
    /// The same seed makes the same desk.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let begun = Instant::now();
    if let Some(url) = &options.database_url {
        let store = PgStore::connect(url, PgOptions::default()).await?;
        store.migrate().await?;
        fill(&store, &options).await?;
        store.close().await;
    } else {
        let folder = options.data.as_deref().context("--data names the desk's folder")?;
        let store = SqliteStore::open(folder.join("ticketing.db"), SqliteOptions::default()).await?;
        store.migrate().await?;
        fill(&store, &options).await?;
        store.close().await;
    }
    eprintln!("{} tickets in {:.1} s", options.tickets, begun.elapsed().as_secs_f64());
    Ok(())
}

async fn fill(store: &dyn Store, options: &Options) -> Result<()> {
    let key = AuditKey::new("bench", [7; 32]);
    let demo =
        DemoOptions { seed: options.seed, ..DemoOptions::new(options.tickets, SystemClock.now(), NO_PASSWORD, key) };
    let mut told = 0;
    demo::fill(store, &demo, |done| {
        if done >= told + 100_000 {
            told = done;
            eprintln!("{done} tickets");
        }
    })
    .await?;
    Ok(())
}
