//! The load generator: a desk's operations at the running server, beside the least SQL of each.

use anyhow::{Context, Result};
use clap::Parser;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use ticketing_benches::cell::{Measured, Target, measure};
use ticketing_benches::operation::{Corpus, Operation};
use ticketing_benches::pgbench::Limit;
use ticketing_benches::proc::memory;
use ticketing_benches::program::{PASSWORD, Program, Running};
use ticketing_benches::report::{Cell, Report};
use ticketing_benches::wire::Caller;

const MANAGER: &str = "load@desk.example";

/// Measures a running server, or one that it starts on a desk's folder or database.
#[derive(Parser)]
struct Options {
    /// `HOST:PORT` of a server that runs already.
    #[arg(long, requires_all = ["process", "email", "password"])]
    address: Option<String>,
    /// The process of that server.
    #[arg(long)]
    process: Option<u32>,
    /// Who signs in there; must see all tickets.
    #[arg(long)]
    email: Option<String>,
    /// That person's password.
    #[arg(long)]
    password: Option<String>,
    /// The program to start otherwise; by default the one built beside this.
    #[arg(long)]
    server: Option<PathBuf>,
    /// The folder of the desk that it serves.
    #[arg(long, required_unless_present = "address")]
    data: Option<PathBuf>,
    /// The PostgreSQL database that it serves; none for SQLite in the folder.
    #[arg(long)]
    database_url: Option<String>,
    /// The first process of that database's cluster, to count its CPU time.
    #[arg(long)]
    cluster_process: Option<u32>,
    /// Runs the least SQL of each operation beside it.
    #[arg(long, requires_all = ["database_url", "cluster_process"])]
    limit: bool,
    /// What to measure.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Operation::ALL)]
    operations: Vec<Operation>,
    /// At how many connections.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 32])]
    connections: Vec<usize>,
    /// How long one run of a cell lasts.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How many runs a cell has; each figure is their median.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Where to write the figures as JSON.
    #[arg(long)]
    output: Option<PathBuf>,
}

// One thread is enough to send, and leaves more of the machine to what is measured.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let options = Options::parse();
    let (target, caller, running) = target(&options).await?;
    // The start's own work is over by then.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = memory(target.server)?;
    let corpus = Corpus::survey(&caller).await?;
    let limit = match (&options.database_url, options.cluster_process) {
        (Some(url), Some(process)) if options.limit => Some(Limit::prepare(url, process, &corpus).await?),
        _ => None,
    };
    let mut cells = Vec::new();
    for &operation in &options.operations {
        let requests = Arc::new(corpus.requests(&caller, operation)?);
        for &connections in &options.connections {
            eprintln!("{} at {connections} connections", operation.name());
            let duration = Duration::from_secs(options.seconds);
            // Caches, prepared statements and connections are there before the first counted run.
            measure(&target, operation, &requests, connections, duration / 4).await?;
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            for _ in 0..options.runs {
                ours.push(measure(&target, operation, &requests, connections, duration).await?);
                if let Some(limit) = &limit {
                    theirs.push(limit.measure(operation, connections, duration).await?);
                }
            }
            let server = Measured::median(&ours);
            let limit = (!theirs.is_empty()).then(|| Measured::median(&theirs));
            let ratio = limit.as_ref().map(|limit| server.per_second / limit.per_second);
            cells.push(Cell { operation, connections, server, limit, ratio });
        }
    }
    let report = Report {
        database: if options.database_url.is_some() { "postgres" } else { "sqlite" }.to_owned(),
        tickets: corpus.tickets,
        seconds: options.seconds,
        runs: options.runs,
        idle_mib: idle.rss,
        peak_mib: memory(target.server)?.peak_rss,
        cells,
    };
    if let Some(path) = &options.output {
        std::fs::write(path, serde_json::to_vec_pretty(&report)?).with_context(|| path.display().to_string())?;
    }
    println!("{}", report.table());
    if let Some(running) = running {
        running.kill().await?;
    }
    Ok(())
}

/// The server to measure and somebody who sees all tickets, and the server itself if it was
/// started here.
async fn target(options: &Options) -> Result<(Target, Caller, Option<Running>)> {
    let database = options.cluster_process;
    if let (Some(address), Some(server)) = (&options.address, options.process) {
        let (email, password) = (options.email.as_deref(), options.password.as_deref());
        let caller = Caller::sign_in(address, email.unwrap_or_default(), password.unwrap_or_default()).await?;
        return Ok((Target { address: address.clone(), server, database }, caller, None));
    }
    let binary = options.server.clone().map_or_else(Program::beside_this_one, Ok)?;
    let folder = options.data.as_deref().context("--data names the desk's folder")?.canonicalize()?;
    let program = Program::new(&binary, &folder, options.database_url.as_deref())?;
    let manager = ["--email", MANAGER, "--name", "Load", "--role", "manager", "--password", PASSWORD];
    program.run(&[&["user", "create"][..], &manager].concat()).await?;
    let running = program.serve().await?;
    let caller = Caller::sign_in(&running.address, MANAGER, PASSWORD).await?;
    Ok((Target { address: running.address.clone(), server: running.process, database }, caller, Some(running)))
}
