//! `ticketing completions`: what a shell needs to complete the rest.

use crate::args::Arguments;
use clap::CommandFactory;
use clap_complete::Shell;
use std::io::Write;
use std::process::ExitCode;

/// Prints the script.
pub fn run(shell: Shell) -> anyhow::Result<ExitCode> {
    // Made in memory first: the generator panics where its reader is gone, as with `| head`.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "ticketing", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
