//! What many rules cost a change: the rate of ticket updates over HTTP with them over that without, in pairs.

use anyhow::{Context, Result, bail};
use clap::Parser;
use hyper::Method;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use ticketing_benches::place::{Database, Place, unless_stopped};
use ticketing_benches::program::{ADMIN, PASSWORD, Running};
use ticketing_benches::sample::median;
use ticketing_benches::wire::{Caller, Session};
use tokio::task::JoinSet;

/// How much of the rate must be left.
const GOAL: f64 = 0.9;

/// How many rules are sent at once.
const CHUNK: usize = 100;

/// Measures how fast tickets change on a desk with rules and on one without.
#[derive(Parser)]
struct Options {
    /// How many rules look at such changes.
    #[arg(long, default_value_t = 1_000)]
    rules: usize,
    /// How many of them match. They find that all is as they want it already, so the writes are the same but for the
    /// kept runs.
    #[arg(long, default_value_t = 3)]
    matching: usize,
    /// How long each run takes, seconds.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How many pairs of runs.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// How many clients change tickets at once.
    #[arg(long, default_value_t = 8)]
    clients: usize,
    /// Where the desk keeps its data.
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    database: Database,
    /// The program to run; by default the one built beside this.
    #[arg(long)]
    server: Option<PathBuf>,
}

/// A desk under measurement.
struct Site {
    _place: Place,
    server: Running,
    caller: Caller,
    tickets: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    unless_stopped(measure(&Options::parse())).await
}

async fn measure(options: &Options) -> Result<ExitCode> {
    let with = Site::open(options, options.rules).await?;
    let without = Site::open(options, 0).await?;
    println!(
        "{:?}: {} rules of which {} match, {} clients",
        options.database, options.rules, options.matching, options.clients
    );
    println!("pair |  without |     with | ratio");
    let mut ratios = Vec::new();
    for pair in 0..options.runs {
        // Whoever comes second must not always find the warmer machine.
        let (plain, ruled) = if pair % 2 == 0 {
            let plain = without.rate(options).await?;
            (plain, with.rate(options).await?)
        } else {
            let ruled = with.rate(options).await?;
            (without.rate(options).await?, ruled)
        };
        println!("{:4} | {plain:8.0} | {ruled:8.0} | {:5.2}", pair + 1, ruled / plain);
        ratios.push(ruled / plain);
    }
    with.prove(options).await?;
    for site in [with, without] {
        site.server.kill().await?;
    }
    let ratio = median(ratios);
    let verdict = if ratio >= GOAL { "reached" } else { "missed" };
    println!("median ratio {ratio:.2} (goal {GOAL}: {verdict})");
    Ok(ExitCode::SUCCESS)
}

impl Site {
    async fn open(options: &Options, rules: usize) -> Result<Self> {
        let place = Place::new(options.database)?;
        let server = place.program(options.server.as_ref())?.serve().await?;
        let caller = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?;
        let mut session = caller.open().await?;
        let all: Vec<Value> = (0..rules).map(|number| rule(number, options.matching)).collect();
        for chunk in all.chunks(CHUNK) {
            session.expect(Method::POST, "/api/workflows/import", Some(&json!({"workflows": chunk}))).await?;
        }
        let mut tickets = Vec::new();
        for client in 0..options.clients {
            let body = json!({"subject": format!("Printer {client}"), "description": "It smokes.", "category": "Printers",
                "tags": ["hot"], "customer": {"email": format!("kim{client}@customer.example"), "name": "Kim"}});
            let made = session.expect(Method::POST, "/api/tickets", Some(&body)).await?;
            tickets.push(made["id"].as_str().context("a ticket without an id")?.to_owned());
        }
        Ok(Self { _place: place, server, caller, tickets })
    }

    /// Updates a second, by all clients together.
    async fn rate(&self, options: &Options) -> Result<f64> {
        let until = Instant::now() + Duration::from_secs(options.seconds);
        let mut clients = JoinSet::new();
        for ticket in self.tickets.clone() {
            let session = self.caller.open().await?;
            clients.spawn(flip(session, ticket, until));
        }
        let mut done = 0;
        while let Some(client) = clients.join_next().await {
            done += client??;
        }
        #[allow(clippy::cast_precision_loss, reason = "a count of updates")]
        Ok(done as f64 / Duration::from_secs(options.seconds).as_secs_f64())
    }

    /// A measurement in which no rule ran would say nothing.
    async fn prove(&self, options: &Options) -> Result<()> {
        let path = format!("/api/tickets/{}/workflow-runs?outcome=fired&limit=100", self.tickets[0]);
        let fired = self.caller.open().await?.page(&path, None).await?.0.len();
        if fired < options.matching {
            bail!("{fired} runs of rules prove nothing");
        }
        Ok(())
    }
}

/// Raises and lowers a ticket's priority until the moment has come; answers how often.
async fn flip(mut session: Session, ticket: String, until: Instant) -> Result<u64> {
    let path = format!("/api/tickets/{ticket}");
    let mut done = 0;
    while Instant::now() < until {
        let priority = if done % 2 == 0 { "high" } else { "low" };
        session.expect(Method::PATCH, &path, Some(&json!({"priority": priority}))).await?;
        done += 1;
    }
    Ok(done)
}

/// A rule over three fields. Those that match want a label that is there already.
fn rule(number: usize, matching: usize) -> Value {
    let category = if number < matching { "Printers".to_owned() } else { format!("Kind {number}") };
    json!({
        "name": format!("Rule {number}"),
        "trigger_type": "ticket_updated",
        "trigger_conditions": [
            {"field": "category", "operator": "equals", "value": category},
            {"field": "priority", "operator": "in", "value": ["low", "high"]},
            {"field": "subject", "operator": "contains", "value": "printer"},
        ],
        "actions": [{"type": "add_tags", "params": {"tags": ["hot"]}}],
    })
}
