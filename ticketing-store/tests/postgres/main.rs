//! The PostgreSQL store: every rule that the core asks of a store, and what is PostgreSQL's own.
#![cfg(feature = "postgres")]
// What a test sets up must work; a test that can't be set up has failed.
#![allow(clippy::expect_used)]

mod abort;
mod audit;
mod away;
mod bus;
#[path = "../clock/mod.rs"]
mod clock;
mod conformance;
mod connect;
#[path = "../damage/mod.rs"]
mod damage;
mod database;
mod field;
mod inbound;
mod joined;
mod lost;
mod merge;
mod migrate;
mod notification;
mod order;
mod plan;
mod queue;
mod settings;
mod timer;
#[path = "../told/mod.rs"]
mod told;
mod wire;

use database::Database;
use ticketing_core::Scope;
use ticketing_core::access::SystemReason;
use ticketing_core::changes::{Changes, Write};
use ticketing_core::conformance::sample::{Sample, add, tell};
use ticketing_core::event::Fact;
use ticketing_core::ids::ChangeId;
use ticketing_core::model::{Role, Ticket, User};
use ticketing_core::port::Commit;

/// The desk itself, which may see everything.
const ALL: Scope = Scope::System(SystemReason::Demo);

/// A change under the settings that a new desk starts with.
fn changes(sample: &Sample, writes: Vec<Write>) -> Changes {
    Changes { id: ChangeId(sample.uuid()), scope: ALL, settings: 1, bumps_settings: false, writes, guards: Vec::new() }
}

/// A customer who is in the store already.
async fn customer(store: &impl Commit, sample: &Sample) -> User {
    let customer = sample.user("Ines Sample", Role::Customer);
    store.commit(changes(sample, vec![add(&customer)])).await.expect("the customer is stored");
    customer
}

/// The writes that make a ticket: its rows and the event that tells of it.
fn creation(sample: &Sample, customer: &User) -> (Ticket, Vec<Write>) {
    let ticket = sample.ticket(customer);
    let event = sample.event(&ticket, Fact::TicketCreated {}, customer);
    let writes = vec![add(&ticket), tell(&event)];
    (ticket, writes)
}
