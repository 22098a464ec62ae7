//! What reports count: the moments of tickets, each with team, agent and priority as they were then.

use super::{Priority, words};
use crate::ids::{TeamId, TicketId, UserId};
use crate::time::Time;
use serde::{Deserialize, Serialize};

words! {
    /// What happened.
    MilestoneKind {
        /// It was made.
        Created = 0 "created",
        /// It came to a team after it was made.
        Joined = 1 "joined",
        /// It left a team.
        Left = 2 "left",
        /// Staff answered in public for the first time.
        FirstResponse = 3 "first_response",
        /// It was resolved, or closed without that.
        Resolved = 4 "resolved",
        /// It asked for work again.
        Reopened = 5 "reopened",
    }
}

/// A moment of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// The ticket.
    pub ticket_id: TicketId,
    /// What happened.
    pub kind: MilestoneKind,
    /// When.
    pub at: Time,
    /// The team that it was counted for then: the one that it left, where it left one.
    pub team_id: Option<TeamId>,
    /// Who had it then; who had it until then, where it left a team.
    pub agent_id: Option<UserId>,
    /// How much it mattered.
    pub priority: Priority,
    /// How long that was after it was made, seconds.
    pub spent: i64,
}
