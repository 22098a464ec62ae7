//! A desk in a circle of desks and programs that answer its mail.

use super::manner::{DOMAIN, Manner};
use super::{Door, Letter, Parcel, door, text, wait_until_decided};
use crate::jobs::wait_until_idle;
use crate::place::{Database, Place};
use crate::proc::cpu_ms;
use crate::program::{ADMIN, PASSWORD, Running};
use crate::sink::{Sink, Taken};
use crate::wire::{Caller, Session};
use anyhow::Result;
use hyper::Method;
use serde_json::json;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// How often to look for mail; programs that answer each other do not wait longer.
const POLL: Duration = Duration::from_millis(1);

/// How often somebody writes by hand, so that nothing comes to rest: rarely enough that rules are not taken to loop.
const NUDGE: Duration = Duration::from_secs(4);

/// Over how many connections somebody sends very much, and how many mails over each.
const FLOOD: (usize, usize) = (8, 12);

/// How long a desk may take to come to rest.
const REST: Duration = Duration::from_mins(3);

/// A desk, its mail server, and who answers it.
pub struct Side {
    /// The domain of this desk.
    pub domain: &'static str,
    /// Where its mails go.
    pub sink: Sink,
    /// Who answers its mails.
    pub manner: Manner,
    /// Its customers, each with a ticket.
    customers: Vec<(String, String)>,
    admin: Caller,
    server: Running,
    _place: Place,
}

/// The address of a desk.
pub fn help(domain: &str) -> String {
    format!("help@{domain}")
}

impl Side {
    /// A desk with these customers, of whom each has a ticket, and a rule that mails and comments at each comment.
    pub async fn start(
        domain: &'static str,
        manner: Manner,
        customers: &[String],
        (database, server): (Database, Option<&PathBuf>),
    ) -> Result<Self> {
        let place = Place::new(database)?;
        let sink = Sink::keeping_bytes().await?;
        let program = place.program(server)?.with(sink.settings(&format!("{domain} <{}>", help(domain))));
        let program = program.with(door::setting());
        let program = program.with([("MAIL_DIGEST_WINDOW", "0s".to_owned()), ("APP_URL", format!("http://{domain}"))]);
        let server = program.serve().await?;
        let admin = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?;
        let mut session = admin.open().await?;
        let mailbox = json!({"name": "Help", "address": help(domain)});
        session.expect(Method::POST, "/api/mailboxes", Some(&mailbox)).await?;
        let rule = json!({
            "name": "Answer everything", "trigger_type": "comment_added", "trigger_conditions": [],
            "actions": [
                {"type": "send_email", "params": {
                    "to": "requester", "subject": "{{ticket_number}}: we read it", "body": "We have read what was said."}},
                {"type": "add_comment", "params": {"body": "The customer was told.", "is_internal": false}},
            ],
        });
        session.expect(Method::POST, "/api/workflows", Some(&rule)).await?;
        let mut side = Self { domain, sink, manner, customers: Vec::new(), admin, server, _place: place };
        for address in customers {
            let new = json!({"subject": "Who are you?", "description": "I would like to know.",
                "customer": {"email": address, "name": "Somebody"}});
            let ticket = session.expect(Method::POST, "/api/tickets", Some(&new)).await?;
            side.customers.push((address.clone(), text(&ticket, "id")));
        }
        Ok(side)
    }

    /// Somebody who sees everything on this desk.
    pub async fn admin(&self) -> Result<Session> {
        self.admin.open().await
    }

    /// CPU time that its server has used, ms.
    pub fn cpu_ms(&self) -> Result<f64> {
        cpu_ms(self.server.process)
    }

    /// Waits until nothing is to be done any more.
    pub async fn rest(&self) -> Result<()> {
        let mut admin = self.admin().await?;
        wait_until_decided(&mut admin, REST).await?;
        wait_until_idle(&mut admin, REST).await
    }

    /// Ends it.
    pub async fn end(self) -> Result<()> {
        self.server.kill().await
    }

    /// Has everything that it mails answered, at this desk or another one, until then. Answers how many mails were brought.
    pub async fn run(&self, into: &Self, end: Instant) -> Result<usize> {
        let mut door = Door::open(&into.server.address).await?;
        let mut admin = self.admin().await?;
        let (mut seen, mut brought) = (0, 0);
        let mut nudged: Option<Instant> = None;
        while Instant::now() < end {
            let mails: Vec<Taken> = self.sink.mails().get(seen..).unwrap_or_default().to_vec();
            for mail in &mails {
                seen += 1;
                for parcel in self.manner.answers(mail, seen) {
                    door.bring(&parcel).await?;
                    brought += 1;
                }
            }
            if nudged.is_none_or(|at| at.elapsed() >= NUDGE) {
                nudged = Some(Instant::now());
                for (address, ticket) in &self.customers {
                    let path = format!("/api/tickets/{ticket}/comments");
                    admin.expect(Method::POST, &path, Some(&json!({"body": "Is anybody there?"}))).await?;
                    brought += 1;
                    door.bring(&self.by_hand(into, address, brought)).await?;
                }
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(brought)
    }

    /// Somebody sends very much at once, over many connections: what is counted must hold for mails that are read side by
    /// side, too.
    pub async fn flood(&self) -> Result<()> {
        let mut senders = JoinSet::new();
        for sender in 0..FLOOD.0 {
            let mut door = Door::open(&self.server.address).await?;
            let address = format!("flood@{DOMAIN}");
            let parcels: Vec<Parcel> = (0..FLOOD.1)
                .map(|number| self.by_hand(self, &address, 1_000_000 + sender * FLOOD.1 + number))
                .collect();
            senders.spawn(async move {
                for parcel in &parcels {
                    door.bring(parcel).await?;
                }
                anyhow::Ok(())
            });
        }
        while let Some(sent) = senders.join_next().await {
            sent??;
        }
        Ok(())
    }

    /// A person writes something new: at the other desk as this one, at this one as a customer.
    fn by_hand(&self, into: &Self, address: &str, number: usize) -> Parcel {
        let from = if self.domain == into.domain { address.to_owned() } else { help(self.domain) };
        let letter = Letter {
            to: help(into.domain),
            subject: "Is anybody there?".to_owned(),
            message_id: format!("{number}.by.hand@{}", self.domain),
            text: "I would like to know.".to_owned(),
            from: from.clone(),
            ..Letter::default()
        };
        Parcel { to: Some(letter.to.clone()), bytes: letter.bytes(), from: Some(from) }
    }
}
