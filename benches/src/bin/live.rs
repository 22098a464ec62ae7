//! Measures what it costs and how well it works that many look on by sockets.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use ticketing_benches::live::Setting;
use ticketing_benches::live::burst::{self, Burst};
use ticketing_benches::live::event::{self, Event};
use ticketing_benches::live::idle::{self, Idle};
use ticketing_benches::live::restart::{self, Restart};
use ticketing_benches::live::stuck::{self, Stuck};
use ticketing_benches::place::{Database, unless_stopped};

/// Many sockets at one server, in a process of their own.
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
    /// Where `scripts/socket-client` has put npm's socket.io server, for `burst` and `short` to measure beside.
    #[arg(long, global = true)]
    npm: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Mode {
    /// What sockets hold and use that hear nothing.
    Crowd {
        /// How many there are; each number has a server of its own.
        #[arg(long, value_delimiter = ',', default_value = "1000,10000")]
        sockets: Vec<usize>,
        /// How many seconds nothing happens.
        #[arg(long, default_value_t = 60)]
        idle: u64,
    },
    /// How soon those hear who look on at one ticket.
    Event {
        /// How many there are.
        #[arg(long, default_value_t = 1_000)]
        sockets: usize,
        /// How many answers there are a second.
        #[arg(long, default_value_t = 20)]
        rate: u32,
        /// For how many seconds.
        #[arg(long, default_value_t = 30)]
        seconds: u32,
    },
    /// How many deliveries a second there are when much happens at once.
    Burst {
        /// How many sockets there are.
        #[arg(long, default_value_t = 1_000)]
        sockets: usize,
        /// How many answers there are in a run.
        #[arg(long, default_value_t = 500)]
        events: usize,
        /// How many runs.
        #[arg(long, default_value_t = 3)]
        runs: u32,
    },
    /// What the others notice of a reader that does not read.
    Stuck {
        /// How many others there are.
        #[arg(long, default_value_t = 1_000)]
        sockets: usize,
        /// How many answers there are a second.
        #[arg(long, default_value_t = 20)]
        rate: u32,
        /// How many seconds each half of a pair lasts.
        #[arg(long, default_value_t = 15)]
        seconds: u32,
        /// How many pairs.
        #[arg(long, default_value_t = 5)]
        runs: u32,
    },
    /// How soon they are back when the server is restarted.
    Restart {
        /// How many sockets there are.
        #[arg(long, default_value_t = 5_000)]
        sockets: usize,
    },
    /// A little of all of it: shows that everything runs and nothing is lost, not how fast.
    Short,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let Options { mode, database, server, npm } = Options::parse();
    let setting = Setting { database, server };
    let is_well = unless_stopped(async {
        match mode {
            Mode::Crowd { sockets, idle } => {
                idle::measure(&Idle { setting, sockets, idle: Duration::from_secs(idle) }).await
            }
            Mode::Event { sockets, rate, seconds } => event::measure(&Event { setting, sockets, rate, seconds }).await,
            Mode::Burst { sockets, events, runs } => {
                burst::measure(&Burst { setting, sockets, events, runs, npm }).await
            }
            Mode::Stuck { sockets, rate, seconds, runs } => {
                stuck::measure(&Stuck { setting, sockets, rate, seconds, runs }).await
            }
            Mode::Restart { sockets } => restart::measure(&Restart { setting, sockets }).await,
            Mode::Short => short(setting, npm).await,
        }
    })
    .await?;
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn short(setting: Setting, npm: Option<PathBuf>) -> Result<bool> {
    let of = || setting.clone();
    let crowd = Idle { setting: of(), sockets: vec![60], idle: Duration::from_secs(1) };
    let event = Event { setting: of(), sockets: 60, rate: 20, seconds: 3 };
    let burst = Burst { setting: of(), sockets: 60, events: 100, runs: 1, npm };
    let stuck = Stuck { setting: of(), sockets: 30, rate: 20, seconds: 2, runs: 1 };
    let restart = Restart { setting: of(), sockets: 60 };
    Ok(idle::measure(&crowd).await?
        & event::measure(&event).await?
        & burst::measure(&burst).await?
        & stuck::measure(&stuck).await?
        & restart::measure(&restart).await?)
}
