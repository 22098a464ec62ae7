//! A client that writes until nobody answers.

use super::ledger::{Entry, Ledger};
use crate::wire::{Caller, Session};
use anyhow::{Context, Result, bail};
use hyper::Method;
use serde_json::{Value, json};

/// Writes tickets, comments and changes one after another until the server is gone.
///
/// Fails where an answer breaks the contract; that the connection ends is no failure.
pub async fn write_until_killed(caller: Caller, cycle: u32, mut ledger: Ledger) -> Result<Ledger> {
    let Ok(mut session) = caller.open().await else { return Ok(ledger) };
    for number in 0.. {
        let name = format!("kill {cycle}-{}-{number}", ledger.client);
        if !write_one(&mut session, cycle, &name, &mut ledger).await? {
            break;
        }
    }
    Ok(ledger)
}

/// Writes a ticket and what follows on it; false when the server is gone.
async fn write_one(session: &mut Session, cycle: u32, name: &str, ledger: &mut Ledger) -> Result<bool> {
    let new = json!({"subject": name, "description": "Written under fire.", "customer_id": ledger.customer});
    let Some(ticket) = write(session, Method::POST, "/api/tickets", &new, name, ledger).await? else {
        return Ok(false);
    };
    let id = ticket["id"].as_str().context("a ticket without an id")?.to_owned();
    let path = format!("/api/tickets/{id}");
    let entry = Entry { cycle, id, subject: name.to_owned(), comments: Vec::new(), categories: Vec::new() };
    ledger.entries.push(entry);
    for round in 0..2 {
        let text = format!("{name} comment {round}");
        let comments = format!("{path}/comments");
        if write(session, Method::POST, &comments, &json!({"body": text}), &text, ledger).await?.is_none() {
            return Ok(false);
        }
        if let Some(entry) = ledger.entries.last_mut() {
            entry.comments.push(text);
        }
        let text = format!("{name} category {round}");
        if write(session, Method::PATCH, &path, &json!({"category": text}), &text, ledger).await?.is_none() {
            return Ok(false);
        }
        if let Some(entry) = ledger.entries.last_mut() {
            entry.categories.push(text);
        }
    }
    Ok(true)
}

/// Sends one write. It counts as unanswered until its whole answer is there; none when the server
/// is gone.
async fn write(
    session: &mut Session,
    method: Method,
    path: &str,
    body: &Value,
    text: &str,
    ledger: &mut Ledger,
) -> Result<Option<Value>> {
    ledger.unanswered.insert(text.to_owned());
    let Ok((status, answer)) = session.call(method.clone(), path, Some(body)).await else { return Ok(None) };
    if status.is_server_error() {
        // An outage may be answered by a 503; whether the write landed is open then.
        ledger.refused.push(format!("{method} {path}: {status} {answer}"));
        return Ok(None);
    }
    if !status.is_success() {
        bail!("{method} {path} was answered by {status}: {answer}");
    }
    ledger.unanswered.remove(text);
    Ok(Some(answer))
}
