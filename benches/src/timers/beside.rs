//! What people's calls take meanwhile.

use crate::program::{ADMIN, PASSWORD};
use crate::sample::percentile;
use crate::wire::{Caller, Session};
use anyhow::{Context, Result};
use hyper::Method;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// How many people work at once, and how long each thinks between two calls.
const PEOPLE: usize = 4;
const THOUGHT: Duration = Duration::from_millis(25);

/// People who read and answer tickets.
pub struct People {
    caller: Caller,
    tickets: Vec<String>,
}

impl People {
    /// On a desk that has some tickets.
    pub async fn at(address: &str) -> Result<Self> {
        let caller = Caller::sign_in(address, ADMIN, PASSWORD).await?;
        let (found, _) = caller.open().await?.page("/api/tickets?limit=100&sort=created_at", None).await?;
        let id = |ticket: &serde_json::Value| ticket["id"].as_str().map(str::to_owned);
        let tickets: Option<Vec<String>> = found.iter().map(id).collect();
        Ok(Self { caller, tickets: tickets.context("a ticket without an id")? })
    }

    /// The p99 of their calls over this time, in ms, and how many they were.
    pub async fn p99(&self, time: Duration) -> Result<(f64, usize)> {
        let until = Instant::now() + time;
        let mut people = JoinSet::new();
        for place in 0..PEOPLE {
            let tickets = self.tickets.iter().skip(place).step_by(PEOPLE).cloned().collect();
            people.spawn(work(self.caller.open().await?, tickets, until));
        }
        let mut took = Vec::new();
        while let Some(person) = people.join_next().await {
            took.extend(person??);
        }
        took.sort_by(f64::total_cmp);
        Ok((percentile(&took, 0.99), took.len()))
    }
}

/// Looks at the list, opens a ticket, answers it; in turn. Gives how long each took, in ms.
async fn work(mut session: Session, tickets: Vec<String>, until: Instant) -> Result<Vec<f64>> {
    let mut took = Vec::new();
    for id in tickets.iter().cycle() {
        let ticket = format!("/api/tickets/{id}");
        let answer = json!({"body": "We have looked at it and will come back to you.", "is_internal": true});
        for (method, path, body) in [
            (Method::GET, "/api/tickets?limit=25".to_owned(), None),
            (Method::GET, ticket.clone(), None),
            (Method::POST, format!("{ticket}/comments"), Some(&answer)),
        ] {
            if Instant::now() >= until {
                return Ok(took);
            }
            let begun = Instant::now();
            session.expect(method, &path, body).await?;
            took.push(begun.elapsed().as_secs_f64() * 1_000.0);
            tokio::time::sleep(THOUGHT).await;
        }
    }
    Ok(took)
}
