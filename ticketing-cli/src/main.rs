//! The program `ticketing`: a help desk that is ready to run.

mod args;
mod commands;
mod config;
mod door;
mod head;
mod log;
mod sealer;
mod server;
mod wiring;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match args::Arguments::try_parse() {
        Ok(arguments) => commands::run(arguments),
        Err(error) => commands::misused(&error),
    }
}
