//! Two desks that answer each other's mail, as two programs do that nobody looks after.
//!
//! What desk A mails to an address of B's domain is at once put into desk B by a customer of A's domain, and the other way
//! round. There are two circles. In one, each desk has a ticket whose customer and agent both sit in the other domain, and
//! every mail is a new comment on it: this is for the caps of one ticket. In the other every mail makes a new ticket, as
//! with a program that keeps no threads: this is for the caps of an address.

use crate::jobs::wait_until_idle;
use crate::place::{Database, Place};
use crate::proc::cpu_ms;
use crate::program::{ADMIN, PASSWORD, Running};
use crate::sink::{Sink, Taken};
use crate::trap::Trap;
use crate::wire::{Caller, Session};
use anyhow::{Context, Result};
use hyper::Method;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// After so long without a mail somebody writes again by hand, so that the desks never come to rest.
const NUDGE: Duration = Duration::from_millis(200);

/// How often to look for mail; two programs that answer each other do not wait longer.
const POLL: Duration = Duration::from_millis(1);

/// How much of a mail is put into the other desk.
const KEPT: usize = 1_000;

/// How long a desk may take to come to rest.
const REST: Duration = Duration::from_mins(2);

/// The people of a desk by the first part of their addresses.
const DESK: &str = "desk";
const AGENT: &str = "agent";
const FORMS: &str = "forms";

/// One desk, its mail server, and the other domain's people on it.
pub struct Side {
    /// The domain of this desk.
    pub domain: &'static str,
    /// Where its mails go.
    pub sink: Sink,
    /// The ticket of the first circle.
    pub ticket: String,
    admin: Caller,
    desk: Caller,
    forms: Caller,
    server: Running,
    _place: Place,
}

/// What was put into the desks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traffic {
    /// Mails that were put into the other desk.
    pub echoed: usize,
    /// Times that somebody wrote by hand.
    pub nudges: usize,
}

impl Side {
    /// A desk of this domain with people of the other one.
    pub async fn start(
        (domain, other): (&'static str, &'static str),
        database: Database,
        server: Option<&PathBuf>,
    ) -> Result<Self> {
        let place = Place::new(database)?;
        let sink = Sink::start(Trap::default()).await?;
        let program = place.program(server)?.with(sink.settings(&format!("{domain} <{DESK}@{domain}>")));
        let program = program.with([("MAIL_DIGEST_WINDOW", "0s".to_owned()), ("APP_URL", format!("http://{domain}"))]);
        let server = program.serve().await?;
        let admin = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?;
        let mut session = admin.open().await?;
        let mut ids = Vec::new();
        for (name, role) in [(DESK, "customer"), (FORMS, "customer"), (AGENT, "agent")] {
            let new = json!({"email": format!("{name}@{other}"), "name": name, "role": role, "password": PASSWORD});
            ids.push(id(&session.expect(Method::POST, "/api/users", Some(&new)).await?)?);
        }
        let sign_in = async |name: &str| {
            let email = format!("{name}@{other}");
            Caller::sign_in(&server.address, &email, PASSWORD).await
        };
        let (desk, forms) = (sign_in(DESK).await?, sign_in(FORMS).await?);
        let new = json!({"subject": "Who are you?", "description": "We are a desk."});
        let ticket = id(&desk.open().await?.expect(Method::POST, "/api/tickets", Some(&new)).await?)?;
        let path = format!("/api/tickets/{ticket}/assign");
        session.expect(Method::POST, &path, Some(&json!({"agent_id": ids.last()}))).await?;
        Ok(Self { domain, sink, ticket, admin, desk, forms, server, _place: place })
    }

    /// Somebody who sees everything on this desk.
    pub async fn admin(&self) -> Result<Session> {
        self.admin.open().await
    }

    /// Waits until nothing is to be done any more.
    pub async fn rest(&self) -> Result<()> {
        wait_until_idle(&mut self.admin().await?, REST).await
    }

    /// CPU time that its server has used, ms.
    pub fn cpu_ms(&self) -> Result<f64> {
        cpu_ms(self.server.process)
    }

    /// Ends it.
    pub async fn end(self) -> Result<()> {
        self.server.kill().await
    }

    /// The tickets that the second circle has made, newest first.
    pub async fn forms(&self) -> Result<Vec<String>> {
        let mut session = self.forms.open().await?;
        session.all("/api/tickets?limit=100").await?.iter().map(id).collect()
    }

    /// The kinds of what happened to a ticket.
    pub async fn timeline(&self, admin: &mut Session, ticket: &str) -> Result<Vec<String>> {
        let events = admin.all(&format!("/api/tickets/{ticket}/timeline?limit=100")).await?;
        Ok(events.iter().filter_map(|event| event["type"].as_str()).map(str::to_owned).collect())
    }
}

/// Whom of this desk's people a mail goes to, whatever the domain.
pub fn name_of(address: &str) -> &str {
    address.split('@').next().unwrap_or_default()
}

/// Whether mails to this name are for somebody who works at a desk.
pub fn is_staff(name: &str) -> bool {
    name == AGENT
}

/// Puts every mail of one desk into the other at once, both ways, for so long.
pub async fn run(first: &Side, second: &Side, duration: Duration) -> Result<Traffic> {
    let end = Instant::now() + duration;
    let (there, back) = tokio::try_join!(echo(first, second, end), echo(second, first, end))?;
    Ok(Traffic { echoed: there.echoed + back.echoed, nudges: there.nudges + back.nudges })
}

/// One way.
async fn echo(from: &Side, into: &Side, end: Instant) -> Result<Traffic> {
    let (mut desk, mut forms) = (into.desk.open().await?, into.forms.open().await?);
    let mut traffic = Traffic::default();
    let mut last = Instant::now();
    while Instant::now() < end {
        let mails: Vec<Taken> = from.sink.mails().get(traffic.echoed..).unwrap_or_default().to_vec();
        for mail in &mails {
            let text: String = mail.text.chars().take(KEPT).collect();
            if name_of(&mail.to) == FORMS {
                open(&mut forms, &text).await?;
            } else {
                comment(&mut desk, &into.ticket, &text).await?;
            }
            traffic.echoed += 1;
            last = Instant::now();
        }
        if last.elapsed() >= NUDGE {
            open(&mut forms, "Is anybody there?").await?;
            comment(&mut desk, &into.ticket, "Is anybody there?").await?;
            traffic.nudges += 1;
            last = Instant::now();
        }
        tokio::time::sleep(POLL).await;
    }
    Ok(traffic)
}

async fn open(customer: &mut Session, text: &str) -> Result<()> {
    let new = json!({"subject": "Re: your mail", "description": text});
    customer.expect(Method::POST, "/api/tickets", Some(&new)).await.map(drop)
}

async fn comment(customer: &mut Session, ticket: &str, text: &str) -> Result<()> {
    let path = format!("/api/tickets/{ticket}/comments");
    customer.expect(Method::POST, &path, Some(&json!({"body": text}))).await.map(drop)
}

fn id(made: &Value) -> Result<String> {
    Ok(made["id"].as_str().context("something without an id")?.to_owned())
}
