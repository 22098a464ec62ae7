//! What can be done to a ticket, all pure: which changes are legal, and what follows from each. Use cases do it
//! for people, rules for themselves.

mod assign;
mod escalate;
mod field;
mod input;
mod say;
mod status;
mod update;

pub(crate) use assign::check_assignment;
pub(crate) use escalate::is_known_target;
pub(crate) use field::first_values;
pub use input::{Assignment, Deescalation, Escalation, NewCustomer, NewTicket, Requester, TicketPatch};
pub(crate) use input::{check_subject, read_target, tidy_category, tidy_tags};
pub use status::IllegalTransition;

use crate::calendar::Calendars;
use crate::error::Error;
use crate::event::{Fact, Told};
use crate::model::{CustomFields, Directory, RuleRef, Ticket};
use crate::time::Time;

/// What changes are held against.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// Who works here.
    pub directory: &'a Directory,
    /// The desk's own fields.
    pub custom_fields: &'a CustomFields,
    /// When the desk and its teams work.
    pub calendars: &'a Calendars,
    /// How often a ticket can be escalated.
    pub max_escalation_level: i16,
}

/// A ticket on its way from one version to the next.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The ticket as it is so far.
    pub ticket: Ticket,
    /// When it happens.
    pub now: Time,
    /// What has happened to it so far.
    pub facts: Vec<Told>,
    /// The rule that acts at the moment.
    pub rule: Option<RuleRef>,
    /// Whether what happens at the moment is the desk's own doing: because time has passed, or to find an agent.
    pub by_desk: bool,
}

impl Draft {
    /// A ticket as it was found.
    pub fn of(ticket: Ticket, now: Time) -> Self {
        Self { ticket, now, facts: Vec::new(), rule: None, by_desk: false }
    }

    /// Says what happened.
    pub(crate) fn fact(&mut self, fact: Fact) {
        self.facts.push(Told { fact, rule: self.rule, by_desk: self.by_desk });
    }
}

/// A closed ticket takes nothing but being opened again.
pub(crate) fn closed() -> Error {
    Error::conflict("ticket_closed", "The ticket is closed. Staff may set it back to open; then it can change.")
}
