//! What is to happen by the clock, and what has happened so already.

use super::words;
use crate::ids::{TicketId, WorkflowId};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// That a rule has looked at a ticket for one moment that it counts from; it does so once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fired {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The rule.
    pub rule_id: WorkflowId,
    /// The moment.
    pub anchor_at: Time,
}

words! {
    /// What recurs.
    RecurrenceKind {
        /// A rule looks at all tickets.
        Workflow = 0 "workflow",
        /// A team looks whether somebody is free for what waits in it.
        Routing = 1 "routing",
    }
}

/// When something next happens that happens again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// What.
    pub kind: RecurrenceKind,
    /// Which of its kind.
    pub id: Uuid,
    /// When next.
    pub next_at: Time,
    /// Grows by one with every change.
    pub version: i64,
}
