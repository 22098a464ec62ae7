//! A client whose every write promises something: a call, a mail, or both.

use super::address;
use crate::kill::{Ledger, Post, create, repeat_unanswered};
use crate::trap::{Moment, Trap};
use crate::wire::{Caller, Session};
use anyhow::{Context, Result};
use serde_json::json;
use std::time::Duration;

/// How often a ticket is commented.
const COMMENTS: usize = 2;

/// Writes tickets and comments with this pause between two until the server is gone. What the last server left unanswered
/// comes first.
pub async fn write_until_killed(
    caller: Caller,
    cycle: u32,
    mut ledger: Ledger,
    trap: Trap,
    pause: Duration,
) -> Result<Ledger> {
    let Ok(mut session) = caller.open().await else { return Ok(ledger) };
    if !repeat_unanswered(&mut session, &mut ledger).await? {
        return Ok(ledger);
    }
    for number in 0.. {
        let name = format!("promise {cycle}-{}-{number}", ledger.client);
        if !write_one(&mut session, cycle, &name, &mut ledger, (&trap, pause)).await? {
            break;
        }
    }
    Ok(ledger)
}

/// Makes a ticket for a customer of its own and comments it; false when the server is gone.
async fn write_one(
    session: &mut Session,
    cycle: u32,
    name: &str,
    ledger: &mut Ledger,
    (trap, pause): (&Trap, Duration),
) -> Result<bool> {
    let body = json!({"subject": name, "description": "Written under fire.",
        "customer": {"email": address(name), "name": "Kim"}});
    let (path, text) = ("/api/tickets".to_owned(), name.to_owned());
    let mut posts = vec![Post { cycle, path, body, text, ticket: None }];
    for round in 0..=COMMENTS {
        let Some(post) = posts.pop() else { break };
        if !create(session, post, ledger).await? {
            return Ok(false);
        }
        trap.step(Moment::Committed);
        tokio::time::sleep(pause).await;
        if round < COMMENTS {
            let id = ledger.entries.last().context("the ticket was noted")?.id.clone();
            let text = format!("{name} comment {round}");
            let (path, body) = (format!("/api/tickets/{id}/comments"), json!({"body": text}));
            posts.push(Post { cycle, path, body, text, ticket: Some(id) });
        }
    }
    Ok(true)
}
