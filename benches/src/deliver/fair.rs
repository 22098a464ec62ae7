//! Whether endpoints that hang, dawdle and fail delay the others.

use super::{name, program, wait_until};
use crate::place::{Database, Place};
use crate::program::{ADMIN, PASSWORD};
use crate::receiver::{Manner, Receiver};
use crate::sample::{median, percentile};
use crate::trap::Trap;
use crate::wire::Caller;
use anyhow::{Context, Result};
use hyper::Method;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

/// One that never answers, one that takes its time, one that comes and goes.
const BAD: [Manner; 3] =
    [Manner::Silent, Manner::Slow(Duration::from_secs(2)), Manner::Flapping(Duration::from_secs(5))];

/// How many endpoints there are.
const ENDPOINTS: usize = 10;

/// How many clients make tickets.
const CLIENTS: u32 = 4;

/// The most that the p99 of healthy endpoints may grow by bad ones beside them.
const GOAL: f64 = 1.2;

/// How long after the last write the last delivery may come.
const REST: Duration = Duration::from_mins(2);

/// What is measured.
#[derive(Clone, Debug)]
pub struct Fairness {
    /// Where the desk keeps its data.
    pub database: Database,
    /// The program to run.
    pub server: Option<PathBuf>,
    /// How many tickets are made; each is told to every endpoint.
    pub tickets: u32,
    /// How many a second.
    pub rate: u32,
    /// How many pairs of runs.
    pub runs: usize,
}

/// Latencies at the endpoints that are healthy in both kinds of run, ms, smallest first.
struct Latencies(Vec<f64>);

/// Measures with bad endpoints and without, in pairs. Fails where something did not arrive.
pub async fn measure(fairness: &Fairness) -> Result<String> {
    let mut text = format!(
        "{}: {} tickets at {} a second, each told to {ENDPOINTS} endpoints; latency at the same {} in ms\n\n",
        name(fairness.database),
        fairness.tickets,
        fairness.rate,
        ENDPOINTS - BAD.len(),
    );
    text.push_str("pair |  all well: p50      p99 | three bad: p50      p99 | ratio of p99\n");
    let mut ratios = Vec::new();
    for pair in 0..fairness.runs {
        // Whoever comes second must not always find the warmer machine.
        let (well, bad) = if pair % 2 == 0 {
            let well = run(fairness, &[]).await?;
            (well, run(fairness, &BAD).await?)
        } else {
            let bad = run(fairness, &BAD).await?;
            (run(fairness, &[]).await?, bad)
        };
        let ratio = bad.share(0.99) / well.share(0.99);
        let _ = writeln!(
            text,
            "{:>4} | {:>14.2} {:>8.2} | {:>14.2} {:>8.2} | {ratio:>5.2}",
            pair + 1,
            well.share(0.5),
            well.share(0.99),
            bad.share(0.5),
            bad.share(0.99),
        );
        ratios.push(ratio);
    }
    let ratio = median(ratios);
    let verdict = if ratio <= GOAL { "reached" } else { "MISSED" };
    let _ = writeln!(text, "median ratio of p99 {ratio:.2} (goal {GOAL}: {verdict})");
    Ok(text)
}

impl Latencies {
    fn share(&self, share: f64) -> f64 {
        percentile(&self.0, share)
    }
}

/// One run on an empty desk, in which the first endpoints behave like these.
async fn run(fairness: &Fairness, bad: &[Manner]) -> Result<Latencies> {
    let place = Place::new(fairness.database)?;
    let server = program(&place, fairness.server.as_ref())?.serve().await?;
    let admin = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?;
    let mut session = admin.open().await?;
    let customer = json!({"email": "kim@customer.example", "name": "Kim", "role": "customer"});
    let customer = session.expect(Method::POST, "/api/users", Some(&customer)).await?;
    let customer = customer["id"].as_str().context("a person without an id")?.to_owned();
    let mut endpoints = Vec::new();
    for place in 0..ENDPOINTS {
        let manner = bad.get(place).copied().unwrap_or(Manner::Well);
        let receiver = Receiver::start(manner, Trap::default()).await?;
        receiver.subscribe(&mut session, &format!("endpoint {place}"), &["ticket.created"]).await?;
        endpoints.push(receiver);
    }
    let healthy = endpoints.get(BAD.len()..).unwrap_or_default();
    let mut writers = JoinSet::new();
    for client in 0..CLIENTS {
        let count = fairness.tickets / CLIENTS + u32::from(client < fairness.tickets % CLIENTS);
        writers.spawn(write(admin.clone(), customer.clone(), count, fairness.rate));
    }
    let mut answered = HashMap::new();
    while let Some(written) = writers.join_next().await {
        answered.extend(written??);
    }
    let all = answered.len();
    wait_until(REST, "not everything has arrived at the healthy endpoints", || {
        Ok(healthy.iter().all(|endpoint| {
            let calls = endpoint.calls();
            calls.len() >= all && calls.iter().map(|call| &call.ticket_id).collect::<HashSet<_>>().len() == all
        }))
    })
    .await?;
    server.kill().await?;
    let mut latencies = Vec::new();
    for call in healthy.iter().flat_map(|endpoint| endpoint.calls().clone()) {
        let written = answered.get(&call.ticket_id).context("a call about a ticket that nobody made")?;
        anyhow::ensure!(call.flaw.is_none(), "call {}: {:?}", call.id, call.flaw);
        // A call may be there before the answer of the write is read.
        latencies.push(call.at.saturating_duration_since(*written).as_secs_f64() * 1000.0);
    }
    latencies.sort_by(f64::total_cmp);
    Ok(Latencies(latencies))
}

/// Makes so many tickets at this client's share of the rate, and tells when each was answered.
async fn write(admin: Caller, customer: String, count: u32, rate: u32) -> Result<HashMap<String, Instant>> {
    let mut session = admin.open().await?;
    let mut ticks = interval(Duration::from_secs(1) * CLIENTS / rate.max(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let body = json!({"subject": "Fair", "description": "To be told to everybody.", "customer_id": customer});
    let mut answered = HashMap::new();
    for _ in 0..count {
        ticks.tick().await;
        let made = session.expect(Method::POST, "/api/tickets", Some(&body)).await?;
        answered.insert(made["id"].as_str().context("a ticket without an id")?.to_owned(), Instant::now());
    }
    Ok(answered)
}
