//! The demo's own checks: that it is the same each time, and that what it tells could have happened.

mod history;
mod house;
mod promise;
mod shape;
mod store;

use super::{DemoOptions, batches};
use crate::changes::{Changes, Write};
use crate::desk::AuditKey;
use crate::event::Event;
use crate::ids::TicketId;
use crate::model::{AuditEntry, Comment, Subject, Ticket, User};
use crate::time::{Time, from_micros};
use std::collections::HashMap;

/// A Thursday, a quarter past two in the afternoon.
fn now() -> Time {
    from_micros(1_773_324_900_123_456).unwrap()
}

fn options(tickets: u64) -> DemoOptions {
    DemoOptions { seed: 7, ..DemoOptions::new(tickets, now(), "$2b$10$demo", AuditKey::new("k1", [7; 32])) }
}

/// A ticket with all that was written about it, in order.
#[derive(Default)]
struct Told {
    ticket: Option<Ticket>,
    comments: Vec<Comment>,
    events: Vec<Event>,
    audit: Vec<AuditEntry>,
}

/// All that a desk's commits hold, sorted by what it is about.
#[derive(Default)]
struct Everything {
    users: Vec<User>,
    tickets: HashMap<TicketId, Told>,
    order: Vec<TicketId>,
    /// Rows that are about no ticket, as text.
    others: Vec<String>,
}

fn everything(options: &DemoOptions) -> Everything {
    let mut all = Everything::default();
    for write in batches(options, 1).flat_map(|changes| changes.writes) {
        match write {
            Write::Ticket { ticket, .. } => {
                all.order.push(ticket.id);
                let told = all.tickets.entry(ticket.id).or_default();
                told.ticket = Some(*ticket);
            }
            Write::Comment { comment, .. } => {
                all.tickets.entry(comment.ticket_id).or_default().comments.push(comment);
            }
            Write::Event(event) => all.tickets.entry(event.ticket_id).or_default().events.push(*event),
            Write::Audit(entry) => match entry.subject {
                Subject::Ticket(id) => all.tickets.entry(id).or_default().audit.push(*entry),
                _ => all.others.push(format!("{entry:?}")),
            },
            Write::User { user, .. } => all.users.push(user),
            Write::Watch { .. } | Write::RoutingDecision(_) => {}
            other => all.others.push(format!("{other:?}")),
        }
    }
    all
}

fn as_text(changes: &[Changes]) -> String {
    format!("{changes:?}")
}
