//! Looks whether what is due by the clock happens once and in time, beside people and while the server is killed, and
//! what a claim costs while few tickets wait and while many do.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use ticketing_benches::place::{Database, unless_stopped};
use ticketing_benches::timers::claims::{self, Claims};
use ticketing_benches::timers::crash::{self, Crash};
use ticketing_benches::timers::wake::{self, Wake};

/// Promises that end by the clock.
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
}

#[derive(Subcommand)]
enum Mode {
    /// Many become due within a minute, with two worker processes and people at the server.
    Wake {
        /// How many tickets wait for a day that is far off.
        #[arg(long, default_value_t = 100_000)]
        tickets: usize,
        /// How many become due in each round.
        #[arg(long, default_value_t = 10_000)]
        due: usize,
        /// Within how many seconds.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// How many seconds before them nothing is due.
        #[arg(long, default_value_t = 20)]
        idle: u32,
        /// How many rounds.
        #[arg(long, default_value_t = 5)]
        runs: u32,
    },
    /// What a claim costs.
    Claims {
        /// How many tickets wait meanwhile.
        #[arg(long, value_delimiter = ',', default_value = "10000,100000,1000000")]
        waiting: Vec<usize>,
    },
    /// The server is killed while promises break.
    Kill {
        /// How often.
        #[arg(long, default_value_t = 100)]
        cycles: u32,
    },
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let Options { mode, database, server } = Options::parse();
    unless_stopped(async {
        let is_well = match mode {
            Mode::Wake { tickets, due, seconds, idle, runs } => {
                wake::measure(&Wake { database, server, tickets, due, seconds, idle, runs }).await?
            }
            Mode::Claims { waiting } => {
                claims::measure(&Claims { database, server, waiting }).await?;
                true
            }
            Mode::Kill { cycles } => crash::prove(&Crash { database, server, cycles }).await?,
        };
        Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
    .await
}
