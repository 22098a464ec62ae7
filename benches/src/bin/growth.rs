//! Sets the reports of several sizes beside each other: `growth SMALL.json … LARGE.json`.

use anyhow::{Context, Result};
use clap::Parser;
use std::path::PathBuf;
use ticketing_benches::report::{Report, growth};

/// Says how the medians grow with the number of tickets.
#[derive(Parser)]
struct Options {
    /// Reports of the load generator, smallest desk first.
    #[arg(required = true)]
    reports: Vec<PathBuf>,
}

fn main() -> Result<()> {
    let read = |path: PathBuf| -> Result<Report> {
        let text = std::fs::read(&path).with_context(|| path.display().to_string())?;
        Ok(serde_json::from_slice(&text)?)
    };
    let reports = Options::parse().reports.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    println!("{}", growth(&reports));
    Ok(())
}
