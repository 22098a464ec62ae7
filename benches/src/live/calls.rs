//! What people ask and say by HTTP while others look on.

use crate::sample::percentile;
use crate::wire::{Caller, Session};
use anyhow::{Context, Result};
use hyper::Method;
use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

/// How many people read, and how long each thinks between two calls.
const READERS: usize = 4;
const THOUGHT: Duration = Duration::from_millis(25);

/// How long calls took.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    /// How many there were.
    pub calls: usize,
    /// Half took no longer, ms.
    pub p50: f64,
    /// 99 of 100 took no longer, ms.
    pub p99: f64,
}

impl Took {
    /// Out of how long each took, ms.
    pub fn of(mut each: Vec<f64>) -> Self {
        each.sort_by(f64::total_cmp);
        Self { calls: each.len(), p50: percentile(&each, 0.5), p99: percentile(&each, 0.99) }
    }
}

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} calls: p50 {:.1} ms, p99 {:.1} ms", self.calls, self.p50, self.p99)
    }
}

/// Looks at the list and opens a ticket in turn, until it is over.
pub async fn read<F>(caller: &Caller, tickets: &[Arc<str>], is_over: F) -> Result<Took>
where
    F: Fn() -> bool + Clone + Send + 'static,
{
    let mut readers = JoinSet::new();
    for place in 0..READERS {
        let session = caller.open().await?;
        let ticket = tickets.get(place % tickets.len().max(1)).context("no ticket")?;
        readers.spawn(look(session, format!("/api/tickets/{ticket}"), is_over.clone()));
    }
    let mut each = Vec::new();
    while let Some(reader) = readers.join_next().await {
        each.extend(reader??);
    }
    Ok(Took::of(each))
}

async fn look(mut session: Session, ticket: String, is_over: impl Fn() -> bool) -> Result<Vec<f64>> {
    let mut each = Vec::new();
    loop {
        for path in ["/api/tickets?limit=25", &ticket] {
            if is_over() {
                return Ok(each);
            }
            let begun = Instant::now();
            session.expect(Method::GET, path, None).await?;
            each.push(begun.elapsed().as_secs_f64() * 1_000.0);
            tokio::time::sleep(THOUGHT).await;
        }
    }
}

/// Answers the tickets in turn, so often a second and so many times.
pub async fn answer_at(caller: &Caller, tickets: &[Arc<str>], rate: u32, count: usize) -> Result<Took> {
    let mut session = caller.open().await?;
    let mut ticks = interval(Duration::from_secs(1) / rate.max(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut each = Vec::new();
    for (number, ticket) in tickets.iter().cycle().take(count).enumerate() {
        ticks.tick().await;
        let begun = Instant::now();
        session.expect(Method::POST, &format!("/api/tickets/{ticket}/comments"), Some(&words(number))).await?;
        each.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(Took::of(each))
}

/// Answers the tickets in turn, by so many at once and so many times in all, as fast as they are taken.
pub async fn answer(caller: &Caller, tickets: &[Arc<str>], at_once: usize, count: usize) -> Result<()> {
    let mut speakers = JoinSet::new();
    for speaker in 0..at_once {
        let mut session = caller.open().await?;
        let tickets = tickets.to_vec();
        speakers.spawn(async move {
            for (number, ticket) in tickets.iter().cycle().take(count).enumerate().skip(speaker).step_by(at_once) {
                session.expect(Method::POST, &format!("/api/tickets/{ticket}/comments"), Some(&words(number))).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(speaker) = speakers.join_next().await {
        speaker??;
    }
    Ok(())
}

fn words(number: usize) -> Value {
    json!({"body": format!("{number}: we have looked at it, found what is wrong, and will come back to you today.")})
}
