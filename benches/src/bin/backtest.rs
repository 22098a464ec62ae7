//! How fast a draft of a rule is tried on what happened before, and what that holds in memory: a demo company's whole
//! log, read by the desk from its store, against the rules that are switched on.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use serde_json::{Value, json};
use std::process::{ExitCode, id};
use std::sync::Arc;
use std::time::Instant;
use ticketing_benches::cluster::Cluster;
use ticketing_benches::place::{Database, unless_stopped};
use ticketing_benches::proc::{cpu_ms, memory};
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::demo::{self, DemoOptions};
use ticketing_core::desk::{AuditKey, Desk, NewWorkflow, Stretch, WorkflowImport, WorkflowUnderTest};
use ticketing_core::input::Input;
use ticketing_core::port::{Clock, Store, SystemClock};
use ticketing_core::time::Time;
use ticketing_store::postgres::{PgOptions, PgStore};
use ticketing_store::sqlite::{SqliteOptions, SqliteStore};

/// How many events a second there should be, for each second of this process's CPU time.
const GOAL: f64 = 50_000.0;

/// Tries a rule on a long history.
#[derive(Parser)]
struct Options {
    /// How many tickets the history is of; each has about five events.
    #[arg(long, default_value_t = 200_000)]
    tickets: u64,
    /// How many rules are switched on beside it.
    #[arg(long, default_value_t = 100)]
    rules: usize,
    /// Where the desk keeps its data.
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    database: Database,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    unless_stopped(measure(&Options::parse())).await
}

async fn measure(options: &Options) -> Result<ExitCode> {
    match options.database {
        Database::Sqlite => {
            let folder = tempfile::TempDir::new()?;
            let store = SqliteStore::open(folder.path().join("ticketing.db"), SqliteOptions::default()).await?;
            store.migrate().await?;
            let done = on(Arc::new(store.clone()), options).await;
            store.close().await;
            done
        }
        Database::Postgres => {
            let cluster = Cluster::start(&["synchronous_commit=off"])?;
            let store = PgStore::connect(&cluster.url, PgOptions::default()).await?;
            store.migrate().await?;
            let done = on(Arc::new(store.clone()), options).await;
            store.close().await;
            done
        }
    }
}

async fn on(store: Arc<dyn Store>, options: &Options) -> Result<ExitCode> {
    let key = AuditKey::new("bench", [7; 32]);
    let demo = DemoOptions::new(options.tickets, SystemClock.now(), "!", key);
    demo::fill(&*store, &demo, |_| ()).await?;
    let desk = Desk::builder().store(store).build()?;
    let host = Actor::system(SystemReason::Host);
    // The company's own rules would be others with each edition of the generator.
    let all = (0..options.rules).map(rule).collect::<Vec<_>>();
    for chunk in all.chunks(100) {
        let import = WorkflowImport::from_json(json!({ "workflows": chunk }))?;
        desk.import_workflows(&host, import).await?;
    }

    let draft = NewWorkflow::from_json(json!({
        "name": "Tried", "trigger_type": "status_change",
        "trigger_conditions": [{ "field": "status", "operator": "changed_to", "value": "resolved" }],
        "actions": [{ "type": "add_tags", "params": { "tags": ["done"] } }],
    }))?;
    let stretch = Stretch { from: Time::default(), to: SystemClock.now() };
    let (before, cpu_before, begun) = (memory(id())?, cpu_ms(id())?, Instant::now());
    let (mut most, mut pages) = (before.rss, 0_u32);
    let report = desk
        .backtest_workflow(&host, WorkflowUnderTest::Draft(Box::new(draft)), stretch, |_| {
            pages += 1;
            // Looking takes time itself.
            if pages % 25 == 0 {
                most = most.max(memory(id()).map_or(0.0, |now| now.rss));
            }
        })
        .await?;
    let (took, cpu) = (begun.elapsed().as_secs_f64(), (cpu_ms(id())? - cpu_before) / 1_000.0);
    ensure!(report.matched > 0, "the draft matched nothing: it was not tried");
    let events = u32::try_from(report.events).context("fewer events than 4 billion")?;
    let (by_clock, by_cpu) = (f64::from(events) / took, f64::from(events) / cpu.max(0.001));
    println!("{:?}: {} rules, {events} events, {} changes", options.database, options.rules, report.changes);
    println!("matched {} and came out otherwise {} times", report.matched, report.differences);
    println!("{took:.1} s: {by_clock:.0} events a second, {by_cpu:.0} a second of CPU time");
    println!("memory before {:.0} MiB, at most {most:.0} MiB", before.rss);
    let verdict = if by_clock.min(by_cpu) >= GOAL { "reached" } else { "missed" };
    println!("goal {GOAL:.0} events a second on one core: {verdict}");
    Ok(ExitCode::SUCCESS)
}

/// A rule that asks for a category, as most do, and matches no ticket.
fn rule(number: usize) -> Value {
    json!({
        "name": format!("Rule {number}"), "trigger_type": "status_change",
        "trigger_conditions": [
            { "field": "category", "operator": "equals", "value": format!("Category {number}") },
            { "field": "priority", "operator": "greater_than", "value": "low" },
        ],
        "actions": [{ "type": "add_tags", "params": { "tags": ["seen"] } }],
    })
}
