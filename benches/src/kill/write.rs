//! A client that writes until nobody answers, and then asks again for what was not answered.

use super::ledger::{Entry, Ledger, Post};
use crate::wire::{Caller, Session};
use anyhow::{Context, Result, bail};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

/// Writes tickets, comments and changes one after another until the server is gone. What the last
/// server left unanswered comes first.
///
/// Fails where an answer breaks the contract; that the connection ends is no failure.
pub async fn write_until_killed(caller: Caller, cycle: u32, mut ledger: Ledger) -> Result<Ledger> {
    let Ok(mut session) = caller.open().await else { return Ok(ledger) };
    if !repeat_unanswered(&mut session, &mut ledger).await? {
        return Ok(ledger);
    }
    for number in 0.. {
        let name = format!("kill {cycle}-{}-{number}", ledger.client);
        if !write_one(&mut session, cycle, &name, &mut ledger).await? {
            break;
        }
    }
    Ok(ledger)
}

/// Sends the creation again that was not answered, under the key that it had; false when the server is
/// gone. Whether it had happened or not, it must have happened once afterwards.
pub async fn repeat_unanswered(session: &mut Session, ledger: &mut Ledger) -> Result<bool> {
    let Some(post) = ledger.pending.take() else { return Ok(true) };
    ledger.repeated += 1;
    create(session, post, ledger).await
}

/// Writes a ticket and what follows on it; false when the server is gone.
async fn write_one(session: &mut Session, cycle: u32, name: &str, ledger: &mut Ledger) -> Result<bool> {
    let body = json!({"subject": name, "description": "Written under fire.", "customer_id": ledger.customer});
    let (path, text) = ("/api/tickets".to_owned(), name.to_owned());
    if !create(session, Post { cycle, path, body, text, ticket: None }, ledger).await? {
        return Ok(false);
    }
    let id = ledger.entries.last().context("the ticket was noted")?.id.clone();
    for round in 0..2 {
        let text = format!("{name} comment {round}");
        let (path, body) = (format!("/api/tickets/{id}/comments"), json!({"body": text}));
        if !create(session, Post { cycle, path, body, text, ticket: Some(id.clone()) }, ledger).await? {
            return Ok(false);
        }
        let text = format!("{name} category {round}");
        ledger.unanswered.insert(text.clone());
        let (path, body) = (format!("/api/tickets/{id}"), json!({"category": text}));
        let answer = session.call(Method::PATCH, &path, Some(&body)).await;
        if judge(&format!("PATCH {path}"), answer, &text, ledger)?.is_none() {
            return Ok(false);
        }
        if let Some(entry) = ledger.entries.last_mut() {
            entry.categories.push(text);
        }
    }
    Ok(true)
}

/// Makes a ticket or a comment and notes it; false when the server is gone.
pub async fn create(session: &mut Session, post: Post, ledger: &mut Ledger) -> Result<bool> {
    ledger.unanswered.insert(post.text.clone());
    ledger.pending = Some(post.clone());
    let answer = session.post_once(&post.path, &post.body, &post.text.replace(' ', "_")).await;
    let Some(made) = judge(&format!("POST {}", post.path), answer, &post.text, ledger)? else { return Ok(false) };
    ledger.pending = None;
    let id = made["id"].as_str().context("something new without an id")?.to_owned();
    match post.ticket {
        None => {
            let (comments, categories) = (Vec::new(), Vec::new());
            ledger.entries.push(Entry { cycle: post.cycle, id, subject: post.text, comments, categories });
        }
        Some(ticket) => {
            let entry = ledger.entries.iter_mut().rev().find(|entry| entry.id == ticket);
            entry.context("a comment on a ticket of its own")?.comments.push(post.text);
        }
    }
    Ok(true)
}

/// What a write was answered. It counts as unanswered until its whole answer is there; none when the
/// server is gone.
fn judge(request: &str, answer: Result<(StatusCode, Value)>, text: &str, ledger: &mut Ledger) -> Result<Option<Value>> {
    let Ok((status, answer)) = answer else { return Ok(None) };
    if status.is_server_error() {
        // An outage may be answered by a 503; whether the write landed is open then.
        ledger.refused.push(format!("{request}: {status} {answer}"));
        return Ok(None);
    }
    if !status.is_success() {
        bail!("{request} was answered by {status}: {answer}");
    }
    ledger.unanswered.remove(text);
    Ok(Some(answer))
}
