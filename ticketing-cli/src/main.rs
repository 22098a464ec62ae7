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
use tikv_jemallocator::Jemalloc;

// The allocator of glibc keeps what large mails have freed: once one of them is gone it takes the next ones out of each
// thread's heap, which it does not give back. This one gives it back soon.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    match args::Arguments::try_parse() {
        Ok(arguments) => commands::run(arguments),
        Err(error) => commands::misused(&error),
    }
}
