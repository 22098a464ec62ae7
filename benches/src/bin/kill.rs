//! Kills the server with SIGKILL under writing clients, cycle after cycle, and counts what was lost.

use anyhow::{Context, Result, bail};
use clap::Parser;
use hyper::Method;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tempfile::TempDir;
use ticketing_benches::cluster::Cluster;
use ticketing_benches::kill::{Ledger, Tally, repeat_unanswered, verify, write_until_killed};
use ticketing_benches::place::{Database, unless_stopped};
use ticketing_benches::program::{ADMIN, PASSWORD, Program};
use ticketing_benches::sample::{Dice, percentile};
use ticketing_benches::wire::Caller;
use tokio::task::JoinSet;

/// Kills the server without warning under writing clients and looks for every answered write.
#[derive(Parser)]
struct Options {
    /// How often the server is killed.
    #[arg(long, default_value_t = 200)]
    cycles: u32,
    /// Where the desk keeps its data; PostgreSQL is a throwaway cluster with durable commits.
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    database: Database,
    /// An empty PostgreSQL database to use instead of a throwaway cluster.
    #[arg(long)]
    database_url: Option<String>,
    /// The program to run; by default the one built beside this.
    #[arg(long)]
    server: Option<PathBuf>,
    /// How many clients write at once.
    #[arg(long, default_value_t = 8)]
    clients: usize,
    /// Decides how long each cycle lasts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    unless_stopped(prove(&Options::parse())).await
}

async fn prove(options: &Options) -> Result<ExitCode> {
    let folder = TempDir::new()?;
    let cluster = match (&options.database_url, options.database) {
        (None, Database::Postgres) => Some(Cluster::start(&["synchronous_commit=on"])?),
        _ => None,
    };
    let url = options.database_url.as_deref().or(cluster.as_ref().map(|cluster| cluster.url.as_str()));
    let binary = options.server.clone().map_or_else(Program::beside_this_one, Ok)?;
    let program = Program::new(&binary, folder.path(), url)?;
    let (found, ledgers, mut ready) = cycles(&program, options).await?;

    let answered: usize = ledgers.iter().map(Ledger::answered).sum();
    let unanswered: usize = ledgers.iter().map(|ledger| ledger.unanswered.len()).sum();
    let refused: Vec<_> = ledgers.iter().flat_map(|ledger| &ledger.refused).collect();
    ready.sort_by(f64::total_cmp);
    println!("database            {:?}, {} cycles, {} clients", options.database, options.cycles, options.clients);
    println!("answered writes     {answered}");
    println!("  lost              {}", found.lost.len());
    println!("  duplicated        {}", found.duplicated.len());
    println!("  never written     {}", found.unknown.len());
    println!("unanswered writes   {unanswered}, of them present {}", found.unanswered_present);
    println!("repeated creations  {}", ledgers.iter().map(|ledger| ledger.repeated).sum::<usize>());
    println!("refused (5xx)       {}", refused.len());
    println!("restart to ready    p50 {:.0} ms, p99 {:.0} ms", percentile(&ready, 0.5), percentile(&ready, 0.99));
    for line in found.lost.iter().chain(&found.duplicated).chain(&found.unknown).take(20) {
        println!("  ! {line}");
    }
    for line in refused.iter().take(5) {
        println!("  refused: {line}");
    }
    if answered < options.clients * usize::try_from(options.cycles)? {
        bail!("{answered} answered writes prove nothing");
    }
    Ok(if found.is_clean() && refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs all cycles, then looks for everything once more; gives what was found, what was written
/// and how long each restart took in ms.
async fn cycles(program: &Program, options: &Options) -> Result<(Tally, Vec<Ledger>, Vec<f64>)> {
    let mut dice = Dice::new(options.seed);
    let mut server = program.serve().await?;
    let admin = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?;
    let mut ledgers = Vec::new();
    for client in 0..options.clients {
        let new = json!({"email": format!("c{client}@customer.example"), "name": format!("Customer {client}"),
            "role": "customer", "password": PASSWORD});
        let customer = admin.open().await?.expect(Method::POST, "/api/users", Some(&new)).await?;
        ledgers.push(Ledger::new(client, customer["id"].as_str().context("a person without an id")?.to_owned()));
    }
    let mut ready = Vec::new();
    for cycle in 0..options.cycles {
        let caller = admin.at(&server.address);
        let mut writers = JoinSet::new();
        for ledger in ledgers.drain(..) {
            writers.spawn(write_until_killed(caller.clone(), cycle, ledger));
        }
        tokio::time::sleep(Duration::from_millis(50 + dice.below(1_450))).await;
        server.kill().await?;
        while let Some(ledger) = writers.join_next().await {
            ledgers.push(ledger??);
        }
        server = program.serve().await?;
        ready.push(server.ready_after.as_secs_f64() * 1000.0);
        let found = verify_all(&admin.at(&server.address), &mut ledgers, Some(cycle)).await?;
        if !found.is_clean() {
            eprintln!("cycle {cycle}: {found:#?}");
            return Ok((found, ledgers, ready));
        }
        if (cycle + 1) % 20 == 0 {
            let answered: usize = ledgers.iter().map(Ledger::answered).sum();
            eprintln!("{} cycles, {answered} answered writes, none lost so far", cycle + 1);
        }
    }
    for ledger in &mut ledgers {
        if !repeat_unanswered(&mut admin.at(&server.address).open().await?, ledger).await? {
            bail!("a server that nobody kills does not answer");
        }
    }
    // What one kill left alone, a later one may have destroyed.
    let found = verify_all(&admin.at(&server.address), &mut ledgers, None).await?;
    server.kill().await?;
    Ok((found, ledgers, ready))
}

async fn verify_all(caller: &Caller, ledgers: &mut Vec<Ledger>, cycle: Option<u32>) -> Result<Tally> {
    let mut verifiers = JoinSet::new();
    for ledger in ledgers.drain(..) {
        let caller = caller.clone();
        verifiers.spawn(async move { verify(&caller, &ledger, cycle).await.map(|found| (found, ledger)) });
    }
    let mut all = Tally::default();
    while let Some(verified) = verifiers.join_next().await {
        let (found, ledger) = verified??;
        all.add(found);
        ledgers.push(ledger);
    }
    Ok(all)
}
