//! A desk with many people, for sockets to be opened at.

use super::tale::Tale;
use super::{Seat, Setting, make_room};
use crate::place::Place;
use crate::program::{ADMIN, PASSWORD, Program, Running};
use crate::wire::{Caller, Session};
use anyhow::{Context, Result};
use hyper::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Sockets of one person; the server lets each have 64.
const SOCKETS_EACH: usize = 40;
/// Of so many people one works at the desk. The others are customers of a company that shares its tickets.
const ONE_OF: usize = 4;
/// People who are made at once.
const AT_ONCE: usize = 4;

/// A desk whose server runs.
pub struct Hall {
    // The server goes before the place that it runs at.
    server: Running,
    program: Program,
    /// The administrator.
    pub admin: Caller,
    people: Vec<(Caller, bool)>,
    /// What there is to look on at; everybody sees all of it.
    pub tickets: Vec<Arc<str>>,
    _place: Place,
}

impl Hall {
    /// A desk with people for so many sockets and with so many tickets.
    pub async fn open(setting: &Setting, sockets: usize, tickets: usize) -> Result<Self> {
        make_room(sockets)?;
        let place = Place::new(setting.database)?;
        // Who comes back after a restart looks at the same port. What is told by mail has its own proof.
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let program = place.program(setting.server.as_ref())?.with([("PORT", port), ("WORKERS", 0)]);
        // All of them come from one address, and at once.
        let program = program.with([("RATE_LIMIT_SOCKETS", "off"), ("MAX_SOCKETS", "1000000")]);
        let server = program.serve().await?;
        let admin = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?;
        let mut session = admin.open().await?;
        let company = json!({"name": "Acme", "shares_tickets": true});
        let company = id(&session.expect(Method::POST, "/api/organizations", Some(&company)).await?)?;
        let people = people(&admin, &company, sockets.div_ceil(SOCKETS_EACH).max(ONE_OF)).await?;
        let mut made = Vec::new();
        for number in 0..tickets {
            let customer = json!({"email": "kim1@customer.example", "name": "Kim"});
            let ticket =
                json!({"subject": format!("Ticket {number}"), "description": "Many look on.", "customer": customer});
            made.push(id(&session.expect(Method::POST, "/api/tickets", Some(&ticket)).await?)?.into());
        }
        Ok(Self { server, program, admin, people, tickets: made, _place: place })
    }

    /// So many seats, people in turn; each looks on at one of the tickets, in turn.
    pub fn seats(&self, count: usize) -> Vec<Seat> {
        let people = self.people.iter().map(|(person, is_staff)| (Arc::<str>::from(person.token()), *is_staff));
        let people: Vec<_> = people.collect();
        people
            .into_iter()
            .cycle()
            .zip(self.tickets.iter().cycle())
            .take(count)
            .map(|((token, is_staff), ticket)| Seat { token, ticket: Arc::clone(ticket), is_staff })
            .collect()
    }

    /// `HOST:PORT`.
    pub fn address(&self) -> &str {
        &self.server.address
    }

    /// The server's process.
    pub fn process(&self) -> u32 {
        self.server.process
    }

    /// Asks the server to end and waits until it has.
    pub async fn stop(&mut self) -> Result<()> {
        self.server.stop().await
    }

    /// Starts it again, at the same address.
    pub async fn start(&mut self) -> Result<()> {
        self.server = self.program.serve().await?;
        Ok(())
    }

    /// The log as staff and as customers read it, from its end on.
    pub async fn log(&self) -> Result<Log> {
        let one = |wanted: bool| self.people.iter().find(|(_, is_staff)| *is_staff == wanted).context("nobody");
        let (staff, customer) = (one(true)?.0.clone(), one(false)?.0.clone());
        let mut log = Log { readers: [(staff, None), (customer, None)] };
        log.read_on().await?;
        Ok(log)
    }
}

/// The event log, read on by somebody of the staff and by a customer.
pub struct Log {
    readers: [(Caller, Option<String>); 2],
}

impl Log {
    /// What has happened since the last time, as staff and as customers may know of it.
    pub async fn read_on(&mut self) -> Result<(Tale, Tale)> {
        let [staff, customer] = &mut self.readers;
        Ok((read_on(staff).await?, read_on(customer).await?))
    }
}

async fn read_on((reader, place): &mut (Caller, Option<String>)) -> Result<Tale> {
    let (mut session, mut tale) = (reader.open().await?, Tale::default());
    loop {
        let after = place.as_ref().map(|place| format!("&after={place}")).unwrap_or_default();
        let (events, next) = session.page(&format!("/api/events?limit=100{after}"), None).await?;
        *place = next;
        for event in &events {
            tale.tell(event["event_id"].as_str().context("an event without an id")?.as_bytes());
        }
        if events.is_empty() {
            return Ok(tale);
        }
    }
}

/// Makes people and signs them in; one of a few works at the desk.
async fn people(admin: &Caller, company: &str, count: usize) -> Result<Vec<(Caller, bool)>> {
    let mut makers = JoinSet::new();
    for maker in 0..AT_ONCE {
        let (admin, company) = (admin.clone(), company.to_owned());
        makers.spawn(async move {
            let mut session = admin.open().await?;
            let mut made = Vec::new();
            for number in (maker..count).step_by(AT_ONCE) {
                made.push((number, person(&admin, &mut session, &company, number).await?));
            }
            anyhow::Ok(made)
        });
    }
    let mut made = Vec::new();
    while let Some(some) = makers.join_next().await {
        made.extend(some??);
    }
    made.sort_by_key(|(number, _)| *number);
    Ok(made.into_iter().map(|(_, person)| person).collect())
}

async fn person(admin: &Caller, session: &mut Session, company: &str, number: usize) -> Result<(Caller, bool)> {
    let is_staff = number.is_multiple_of(ONE_OF);
    let new = if is_staff {
        json!({"email": format!("ann{number}@desk.example"), "name": "Ann", "role": "agent", "password": PASSWORD})
    } else {
        json!({"email": format!("kim{number}@customer.example"), "name": "Kim", "role": "customer",
            "organization_id": company, "password": PASSWORD})
    };
    let made = session.expect(Method::POST, "/api/users", Some(&new)).await?;
    let email = made["email"].as_str().context("somebody without an address")?;
    Ok((Caller::sign_in(&admin.address, email, PASSWORD).await?, is_staff))
}

fn id(made: &Value) -> Result<String> {
    Ok(made["id"].as_str().context("something without an id")?.to_owned())
}
