//! The event log: what happened to tickets, one fact at a time, in an order that never changes.

use crate::ids::{ChangeId, CommentId, EventId, Seq, TeamId, TicketId, UserId};
use crate::model::Person;
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Old and new value of each changed field, `{field: [old, new]}` on the wire.
pub type FieldChanges = BTreeMap<String, (Value, Value)>;

/// What happened. The set is closed and the wire names never change; a changed field stands in
/// exactly one fact of its commit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum Fact {
    /// A ticket was made; the event's image is its first state.
    #[serde(rename = "ticket.created")]
    TicketCreated {},
    /// Fields changed that have no fact of their own.
    #[serde(rename = "ticket.updated")]
    TicketUpdated {
        /// The fields.
        changes: FieldChanges,
    },
    /// Agent or team changed.
    #[serde(rename = "ticket.assigned")]
    TicketAssigned {
        /// `assigned_agent_id`, `team_id`.
        changes: FieldChanges,
    },
    /// The status changed.
    #[serde(rename = "ticket.status_changed")]
    TicketStatusChanged {
        /// `status`, and the moments that follow from it.
        changes: FieldChanges,
    },
    /// Follows a change of status to `resolved`.
    #[serde(rename = "ticket.resolved")]
    TicketResolved {},
    /// Follows a change of status from `resolved` or `closed` to an open one.
    #[serde(rename = "ticket.reopened")]
    TicketReopened {},
    /// Follows a change of status to `closed`.
    #[serde(rename = "ticket.closed")]
    TicketClosed {},
    /// Somebody asked for more attention.
    #[serde(rename = "ticket.escalated")]
    TicketEscalated {
        /// `escalation_level`. Whom it went to stands in a `ticket.assigned` beside it.
        changes: FieldChanges,
        /// The level now.
        level: i16,
        /// Why.
        reason: String,
    },
    /// Something was said.
    #[serde(rename = "comment.added")]
    CommentAdded {
        /// Which comment.
        comment_id: CommentId,
        /// Whether it is a note among staff.
        is_internal: bool,
        /// `first_responded_at` where this was the first response.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        changes: FieldChanges,
    },
    /// A comment was corrected by its author.
    #[serde(rename = "comment.edited")]
    CommentEdited {
        /// Which comment.
        comment_id: CommentId,
        /// Whether it is a note among staff.
        is_internal: bool,
        /// `body`.
        changes: FieldChanges,
    },
    /// Somebody listens from now on.
    #[serde(rename = "watcher.added")]
    WatcherAdded {
        /// Who.
        user_id: UserId,
    },
    /// Somebody no longer listens.
    #[serde(rename = "watcher.removed")]
    WatcherRemoved {
        /// Who.
        user_id: UserId,
    },
}

impl Fact {
    /// The wire name, such as `ticket.created`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TicketCreated {} => "ticket.created",
            Self::TicketUpdated { .. } => "ticket.updated",
            Self::TicketAssigned { .. } => "ticket.assigned",
            Self::TicketStatusChanged { .. } => "ticket.status_changed",
            Self::TicketResolved {} => "ticket.resolved",
            Self::TicketReopened {} => "ticket.reopened",
            Self::TicketClosed {} => "ticket.closed",
            Self::TicketEscalated { .. } => "ticket.escalated",
            Self::CommentAdded { .. } => "comment.added",
            Self::CommentEdited { .. } => "comment.edited",
            Self::WatcherAdded { .. } => "watcher.added",
            Self::WatcherRemoved { .. } => "watcher.removed",
        }
    }

    /// Who may ever hear of it, among those who may see the ticket.
    pub fn audience(&self) -> Audience {
        match self {
            Self::TicketEscalated { .. } | Self::WatcherAdded { .. } | Self::WatcherRemoved { .. } => Audience::Staff,
            Self::CommentAdded { is_internal, .. } | Self::CommentEdited { is_internal, .. } if *is_internal => {
                Audience::Staff
            }
            _ => Audience::Everyone,
        }
    }

    /// The changed fields.
    pub fn changes(&self) -> Option<&FieldChanges> {
        match self {
            Self::TicketUpdated { changes }
            | Self::TicketAssigned { changes }
            | Self::TicketStatusChanged { changes }
            | Self::TicketEscalated { changes, .. }
            | Self::CommentAdded { changes, .. }
            | Self::CommentEdited { changes, .. } => Some(changes),
            _ => None,
        }
    }

    /// The comment it speaks of.
    pub fn comment_id(&self) -> Option<CommentId> {
        match self {
            Self::CommentAdded { comment_id, .. } | Self::CommentEdited { comment_id, .. } => Some(*comment_id),
            _ => None,
        }
    }
}

crate::model::words! {
    /// Who may hear of an event, among those who may see its ticket.
    Audience {
        /// The customer too.
        Everyone = 0 "everyone",
        /// Staff only.
        Staff = 1 "staff",
    }
}

/// One fact with all that is needed to tell it later: to whom, about what, why, and the ticket as
/// it was then.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its place in the log. Stores give it; it is zero in a change that is yet to be committed.
    pub seq: Seq,
    /// Its id, made here, so that a commit of unknown outcome can be looked for.
    pub id: EventId,
    /// The commit it belongs to.
    pub change_id: ChangeId,
    /// What happened.
    pub fact: Fact,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The ticket's version after the commit.
    pub ticket_version: i64,
    /// The ticket's team after the commit.
    pub team_id: Option<TeamId>,
    /// The ticket's agent after the commit.
    pub assignee_id: Option<UserId>,
    /// Who may hear of it.
    pub audience: Audience,
    /// Who did it. Stores keep the id and fill in name and role when they read.
    pub actor: Person,
    /// The event that caused this one.
    pub cause: Option<EventId>,
    /// When.
    pub at: Time,
    /// The ticket after the commit without long texts, on the first event of the ticket in it.
    pub image: Option<Value>,
}
