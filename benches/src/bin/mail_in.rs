//! Sends mail into the desk: out of mailboxes while the server is killed, in circles, by thousands and as bombs.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use ticketing_benches::mail_in::bomb::{self, Bombs};
use ticketing_benches::mail_in::circle::{self, Circle};
use ticketing_benches::mail_in::crash::{self, Crash};
use ticketing_benches::mail_in::rate::{self, Rate};
use ticketing_benches::place::{Database, unless_stopped};

/// Mail that comes in.
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
    /// The server is killed while it empties mailboxes. Needs Dovecot.
    Kill {
        /// How often.
        #[arg(long, default_value_t = 50)]
        cycles: u32,
        /// How many mails lie there at first; half as many always do.
        #[arg(long, default_value_t = 2_000)]
        mails: usize,
        /// Decides who writes what, and how long each server lives.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Desks and programs answer each other's mail.
    Loop {
        /// How long they do.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// How many mails a second come through.
    Rate {
        /// How many mails come.
        #[arg(long, default_value_t = 5_000)]
        mails: usize,
        /// Over how many connections.
        #[arg(long, default_value_t = 8)]
        connections: usize,
        /// How often it is measured.
        #[arg(long, default_value_t = 3)]
        runs: u32,
    },
    /// Mails that are made to cost as much as they can.
    Bomb {
        /// How often each comes.
        #[arg(long, default_value_t = 10)]
        rounds: usize,
        /// Small ones, without looking at the clock.
        #[arg(long)]
        small: bool,
    },
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let Options { mode, database, server } = Options::parse();
    unless_stopped(async {
        let is_well = match mode {
            Mode::Kill { cycles, mails, seed } => {
                crash::prove(&Crash { database, server, cycles, mails, seed }).await?
            }
            Mode::Loop { seconds } => Box::pin(circle::prove(&Circle { database, server, seconds })).await?,
            Mode::Rate { mails, connections, runs } => {
                rate::measure(&Rate { database, server, mails, connections, runs }).await?;
                true
            }
            Mode::Bomb { rounds, small } => bomb::prove(&Bombs { database, server, rounds, is_small: small }).await?,
        };
        Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
    .await
}
