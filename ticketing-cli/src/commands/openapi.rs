//! `ticketing openapi`: the description of the wire API.

use super::print;
use anyhow::Context;
use std::process::ExitCode;

/// Prints it as JSON.
pub fn run() -> anyhow::Result<ExitCode> {
    print(&serde_json::to_string_pretty(ticketing_http::openapi()).context("no description")?)?;
    Ok(ExitCode::SUCCESS)
}
