//! `ticketing migrate`: brings the store up to date.

use super::print;
use crate::args::Output;
use crate::config::Config;
use crate::wiring::OpenStore;
use std::process::ExitCode;

/// Takes the steps that the store has not taken yet.
pub async fn run(config: Config, output: Output) -> anyhow::Result<ExitCode> {
    let store = OpenStore::open(&config).await?;
    let migrated = store.migrate().await;
    store.close().await;
    migrated?;
    if output.json {
        print(&serde_json::json!({ "migrated": true }).to_string())?;
    } else {
        print("the store is up to date")?;
    }
    Ok(ExitCode::SUCCESS)
}
