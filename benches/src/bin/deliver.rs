//! Measures how fast and how fairly mails and calls leave the desk.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use ticketing_benches::deliver::depth::{self, Depth, Kind};
use ticketing_benches::deliver::fair::{self, Fairness};
use ticketing_benches::place::{Database, unless_stopped};

/// Measures deliveries.
#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    mode: Mode,
    /// Where the desk keeps its data.
    #[arg(long, value_enum, default_value_t = Database::Sqlite, global = true)]
    database: Database,
    /// The program to run; by default the one built beside this.
    #[arg(long, global = true)]
    server: Option<PathBuf>,
    /// How many pairs of runs.
    #[arg(long, default_value_t = 5, global = true)]
    runs: usize,
}

#[derive(Subcommand)]
enum Mode {
    /// Latency at healthy endpoints, with bad ones beside them and without.
    Fair {
        /// How many tickets are made; each is told to ten endpoints.
        #[arg(long, default_value_t = 1_000)]
        tickets: u32,
        /// How many a second.
        #[arg(long, default_value_t = 40)]
        rate: u32,
    },
    /// Throughput of a short queue and of a long one.
    Depth {
        /// What is queued.
        #[arg(long, value_enum, default_value_t = Kind::Webhook)]
        kind: Kind,
        /// How long the short queue is.
        #[arg(long, default_value_t = 1_000)]
        short: usize,
        /// How long the long one is; unless said otherwise 100000 calls or 20000 mails.
        #[arg(long)]
        long: Option<usize>,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    let Options { mode, database, server, runs } = Options::parse();
    let text = unless_stopped(async {
        match mode {
            Mode::Fair { tickets, rate } => fair::measure(&Fairness { database, server, tickets, rate, runs }).await,
            Mode::Depth { kind, short, long } => {
                let long = long.unwrap_or(if kind == Kind::Webhook { 100_000 } else { 20_000 });
                depth::measure(&Depth { database, server, kind, short, long, runs }).await
            }
        }
    });
    println!("{}", text.await?);
    Ok(())
}
