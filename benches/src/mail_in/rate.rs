//! How many mails a second are taken, read and put on their tickets, beside the API that does the same.

use super::crowd::{Crowd, DOMAIN};
use super::{Door, Letter, Parcel, door, text, wait_until_decided};
use crate::jobs::wait_until_idle;
use crate::place::{Database, Place};
use crate::program::{ADMIN, PASSWORD};
use crate::sample::{median, percentile};
use crate::wire::{Caller, Connection, Prepared, Session};
use anyhow::{Context, Result, bail};
use hyper::Method;
use hyper::body::Bytes;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// How long all may take.
const LIMIT: Duration = Duration::from_mins(15);

/// What is measured.
pub struct Rate {
    /// Where the desk keeps its data.
    pub database: Database,
    /// The program to run; by default the one built beside this.
    pub server: Option<PathBuf>,
    /// How many mails come.
    pub mails: usize,
    /// Over how many connections.
    pub connections: usize,
    /// How often it is measured.
    pub runs: u32,
}

/// What sending gave.
struct Sent {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// What a run gave: the door, how many were decided a second, and the API.
struct Run {
    door: Sent,
    decided_per_second: f64,
    api: Sent,
}

/// Measures and tells.
pub async fn measure(rate: &Rate) -> Result<()> {
    println!(
        "{:?}, {} mails over {} connections, median of {}",
        rate.database, rate.mails, rate.connections, rate.runs
    );
    let alone = door_alone(rate).await?;
    let of = |figure: fn(&Sent) -> f64| median(alone.iter().map(figure));
    println!(
        "nobody works   | taken {:6.0}/s, p50 {:6.2} ms, p99 {:6.2} ms",
        of(|sent| sent.per_second),
        of(|sent| sent.p50_ms),
        of(|sent| sent.p99_ms)
    );
    for rules in [0, 10] {
        let mut runs = Vec::new();
        for _ in 0..rate.runs {
            runs.push(run(rate, rules).await?);
        }
        let of = |figure: fn(&Run) -> f64| median(runs.iter().map(figure));
        let (decided, api) = (of(|run| run.decided_per_second), of(|run| run.api.per_second));
        println!(
            "{rules:2} rules       | taken {:6.0}/s, p50 {:6.2} ms, p99 {:6.2} ms | decided {decided:6.0}/s | \
             by the API {api:6.0}/s, p50 {:6.2} ms, p99 {:6.2} ms | ratio {:.2}",
            of(|run| run.door.per_second),
            of(|run| run.door.p50_ms),
            of(|run| run.door.p99_ms),
            of(|run| run.api.p50_ms),
            of(|run| run.api.p99_ms),
            decided / api
        );
    }
    Ok(())
}

/// The door alone: what comes is kept, and nobody reads it.
async fn door_alone(rate: &Rate) -> Result<Vec<Sent>> {
    let place = Place::new(rate.database)?;
    let program = place.program(rate.server.as_ref())?.with(door::setting()).with([("WORKERS", "0")]);
    let server = program.serve().await?;
    let mut sent = Vec::new();
    for run in 0..rate.runs {
        let letters = (0..rate.mails).map(|number| Letter {
            from: format!("kim{number}@{DOMAIN}"),
            to: "help@desk.example".to_owned(),
            subject: sentence(number),
            message_id: format!("{run}.{number}@{DOMAIN}"),
            text: sentence(number).repeat(6),
            ..Letter::default()
        });
        let requests = mails(&server.address, letters).await?;
        sent.push(send_all(&server.address, requests, rate.connections).await?);
    }
    server.kill().await?;
    Ok(sent)
}

async fn run(rate: &Rate, rules: usize) -> Result<Run> {
    let place = Place::new(rate.database)?;
    let program = place.program(rate.server.as_ref())?.with(door::setting()).with([
        ("SMTP_FROM", "help@desk.example"),
        ("APP_URL", "http://desk.example"),
        ("MAIL_DIGEST_WINDOW", "0s"),
    ]);
    let server = program.serve().await?;
    let caller = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?;
    let mut admin = caller.open().await?;
    let crowd = Crowd::gather(&caller, &place, rate.mails / 2, LIMIT).await?;
    let added = add_rules(&mut admin, rules).await?;

    let letters = (0..rate.mails).filter_map(|number| {
        let writer = crowd.writer(number / 2)?;
        let is_answer = number % 2 == 1;
        Some(Letter {
            from: writer.address.clone(),
            to: if is_answer { writer.reply_to.clone() } else { "help@desk.example".to_owned() },
            subject: sentence(number),
            message_id: format!("{number}@{DOMAIN}"),
            text: sentence(number).repeat(6),
            ..Letter::default()
        })
    });
    let requests = mails(&server.address, letters).await?;
    let begun = Instant::now();
    let door = send_all(&server.address, requests, rate.connections).await?;
    wait_until_decided(&mut admin, LIMIT).await?;
    let decided_per_second = per_second(rate.mails, begun.elapsed());
    check(&mut admin, rate.mails, &added).await?;

    wait_until_idle(&mut admin, LIMIT).await?;
    let requests = (0..rate.mails).map(|number| {
        let (caller, ticket) = crowd.talker(number / 2).context("nobody talks")?;
        let body = sentence(number).repeat(6);
        if number % 2 == 1 {
            let path = format!("/api/tickets/{ticket}/comments");
            return caller.request(Method::POST, &path, Some(&json!({"body": body})));
        }
        let ticket = json!({"subject": sentence(number), "description": body});
        caller.request(Method::POST, "/api/tickets", Some(&ticket))
    });
    let api = send_all(&server.address, requests.collect::<Result<_>>()?, rate.connections).await?;
    server.kill().await?;
    Ok(Run { door, decided_per_second, api })
}

/// Requests that bring these mails, signed before anything is measured.
async fn mails(address: &str, letters: impl Iterator<Item = Letter>) -> Result<Vec<Prepared>> {
    let door = Door::open(address).await?;
    let parcel = |bytes: Bytes| Parcel { from: None, to: None, bytes };
    letters.map(|letter| door.request(&parcel(letter.bytes()))).collect()
}

/// Sends all of them, each connection the next one as soon as it has an answer.
async fn send_all(address: &str, requests: Vec<Prepared>, connections: usize) -> Result<Sent> {
    let all = requests.len();
    let mut lists: Vec<Vec<Prepared>> = (0..connections).map(|_| Vec::new()).collect();
    for (number, request) in requests.into_iter().enumerate() {
        if let Some(list) = lists.get_mut(number % connections) {
            list.push(request);
        }
    }
    let mut clients = JoinSet::new();
    let begun = Instant::now();
    for list in lists {
        let connection = Connection::open(address).await?;
        clients.spawn(send(connection, list));
    }
    let mut took = Vec::with_capacity(all);
    while let Some(client) = clients.join_next().await {
        took.extend(client??);
    }
    let per_second = per_second(all, begun.elapsed());
    took.sort_by(f64::total_cmp);
    Ok(Sent { per_second, p50_ms: percentile(&took, 0.5), p99_ms: percentile(&took, 0.99) })
}

async fn send(mut connection: Connection, requests: Vec<Prepared>) -> Result<Vec<f64>> {
    let mut took = Vec::with_capacity(requests.len());
    for request in requests {
        let sent = Instant::now();
        let (status, body) = connection.send(request).await?;
        took.push(sent.elapsed().as_secs_f64() * 1_000.0);
        if status.as_u16() != 201 {
            bail!("answered by {status}: {}", String::from_utf8_lossy(&body));
        }
    }
    Ok(took)
}

/// Ten rules do something about each new ticket or comment, half of them each.
async fn add_rules(admin: &mut Session, rules: usize) -> Result<Vec<String>> {
    let mut added = Vec::new();
    for number in 0..rules {
        let (trigger, condition) = if number % 2 == 0 {
            ("ticket_created", json!({"field": "subject", "operator": "contains", "value": "printer"}))
        } else {
            ("comment_added", json!({"field": "comment.author_role", "operator": "equals", "value": "customer"}))
        };
        let action = match number / 2 {
            0 => json!({"type": "add_tags", "params": {"tags": [format!("seen{number}")]}}),
            1 => json!({"type": "update_ticket", "params": {"category": format!("Kind {number}")}}),
            2 => json!({"type": "update_ticket", "params": {"priority": if number % 2 == 0 { "high" } else { "low" }}}),
            3 => json!({"type": "add_tags", "params": {"tags": [format!("hot{number}")]}}),
            _ => json!({"type": "add_comment", "params": {"body": "Looked at: {{subject}}", "is_internal": true}}),
        };
        let rule = json!({"name": format!("Rule {number}"), "trigger_type": trigger, "trigger_conditions": [condition],
            "actions": [action]});
        added.push(text(&admin.expect(Method::POST, "/api/workflows", Some(&rule)).await?, "id"));
    }
    Ok(added)
}

/// A measurement of mails that came to nothing, or of rules that did nothing, would say nothing.
async fn check(admin: &mut Session, mails: usize, rules: &[String]) -> Result<()> {
    let arrivals = admin.all("/api/inbound?limit=100").await?;
    let became = |state: &str| arrivals.iter().filter(|arrival| arrival["state"] == state).count();
    let (new, threaded) = (became("new"), became("threaded"));
    if (new, threaded) != (mails - mails / 2, mails / 2) {
        let other = arrivals.iter().find(|arrival| arrival["cause"].is_string()).unwrap_or(&Value::Null);
        bail!("{new} mails made tickets and {threaded} went to tickets, of {mails}; {other:#}");
    }
    for rule in rules {
        let (runs, _) = admin.page(&format!("/api/workflows/{rule}/runs?outcome=fired&limit=1"), None).await?;
        runs.first().with_context(|| format!("the rule {rule} never fired"))?;
    }
    Ok(())
}

fn per_second(count: usize, elapsed: Duration) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a count of mails")]
    let count = count as f64;
    count / elapsed.as_secs_f64()
}

fn sentence(number: usize) -> String {
    format!("The printer {number} on floor three shows a red light when somebody sends more than two pages. ")
}
