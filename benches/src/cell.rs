//! One cell of the table: an operation at a number of connections, for a while.

use crate::operation::Operation;
use crate::proc::{cpu_ms, family_cpu_ms};
use crate::sample::{Dice, median, percentile};
use crate::wire::{Connection, Prepared};
use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// What is measured: where the server answers, and whose CPU time counts.
pub struct Target {
    /// `HOST:PORT`.
    pub address: String,
    /// The server's process.
    pub server: u32,
    /// The first process of the database's cluster, where it has processes of its own.
    pub database: Option<u32>,
}

/// What a run of a cell gave.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Measured {
    /// Answers a second.
    pub per_second: f64,
    /// Half of the answers took no longer, ms.
    pub p50_ms: f64,
    /// 99 of 100 answers took no longer, ms.
    pub p99_ms: f64,
    /// CPU time of the server for an answer, ms.
    pub server_cpu_ms: f64,
    /// CPU time of the database's processes for an answer, ms.
    pub database_cpu_ms: f64,
    /// CPU time of the client for an answer, ms.
    pub client_cpu_ms: f64,
    /// How many answers there were.
    pub answers: u64,
}

impl Measured {
    /// The median of each figure over runs.
    pub fn median(runs: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| median(runs.iter().map(figure));
        Self {
            per_second: of(|run| run.per_second),
            p50_ms: of(|run| run.p50_ms),
            p99_ms: of(|run| run.p99_ms),
            server_cpu_ms: of(|run| run.server_cpu_ms),
            database_cpu_ms: of(|run| run.database_cpu_ms),
            client_cpu_ms: of(|run| run.client_cpu_ms),
            answers: runs.iter().map(|run| run.answers).sum(),
        }
    }
}

/// CPU time of all who take part, in ms: the server, the database, this client.
struct Spent(f64, f64, f64);

impl Spent {
    fn now(target: &Target) -> Result<Self> {
        let database = target.database.map_or(Ok(0.0), family_cpu_ms)?;
        Ok(Self(cpu_ms(target.server)?, database, cpu_ms(std::process::id())?))
    }
}

/// Sends the requests in turn over this many connections, each waiting for its answer, for so long.
pub async fn measure(
    target: &Target,
    operation: Operation,
    requests: &Arc<Vec<Prepared>>,
    connections: usize,
    duration: Duration,
) -> Result<Measured> {
    let before = Spent::now(target)?;
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..connections {
        let connection = Connection::open(&target.address).await?;
        clients.spawn(send_until(connection, operation, requests.clone(), client as u64, begun + duration));
    }
    let mut took = Vec::new();
    while let Some(client) = clients.join_next().await {
        took.extend(client??);
    }
    let seconds = begun.elapsed().as_secs_f64();
    let after = Spent::now(target)?;
    took.sort_by(f64::total_cmp);
    #[allow(clippy::cast_precision_loss, reason = "a count of answers")]
    let answers = took.len() as f64;
    Ok(Measured {
        per_second: answers / seconds,
        p50_ms: percentile(&took, 0.5),
        p99_ms: percentile(&took, 0.99),
        server_cpu_ms: (after.0 - before.0) / answers,
        database_cpu_ms: (after.1 - before.1) / answers,
        client_cpu_ms: (after.2 - before.2) / answers,
        answers: took.len() as u64,
    })
}

/// Gives how long each answer took, in ms.
async fn send_until(
    mut connection: Connection,
    operation: Operation,
    requests: Arc<Vec<Prepared>>,
    client: u64,
    end: Instant,
) -> Result<Vec<f64>> {
    let mut dice = Dice::new(client + 1);
    let mut took = Vec::new();
    while Instant::now() < end {
        let Some(request) = dice.pick(&requests) else { bail!("nothing to send") };
        let request = request.clone();
        let sent = Instant::now();
        let (status, body) = connection.send(request).await?;
        took.push(sent.elapsed().as_secs_f64() * 1000.0);
        if status.as_u16() != operation.success() {
            bail!("{} was answered by {status}: {}", operation.name(), String::from_utf8_lossy(&body));
        }
    }
    Ok(took)
}
