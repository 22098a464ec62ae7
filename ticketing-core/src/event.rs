//! The event log: what happened to tickets, one fact at a time, in an order that never changes.

use crate::ids::{ChangeId, CommentId, EventId, LinkId, Seq, TeamId, TicketId, UserId};
use crate::model::{EscalationCause, LinkKind, Person, RuleRef, SlaMetric, Status};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Old and new value of each changed field, `{field: [old, new]}` on the wire.
pub type FieldChanges = BTreeMap<String, (Value, Value)>;

/// How one ticket went into another, with all that is needed to undo exactly that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// The ticket that was taken in.
    pub source_id: TicketId,
    /// The ticket that took it in.
    pub target_id: TicketId,
    /// `merged_into`, in the source's own event.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub changes: FieldChanges,
    /// Comments that moved, but those of `hidden_comments`.
    pub moved_comments: Vec<CommentId>,
    /// Comments that moved and became notes, because the customers who see the target are others than
    /// those who saw them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_comments: Vec<CommentId>,
    /// Who listens to the target since then, and did not before.
    pub added_watchers: Vec<UserId>,
    /// Tickets that the source had taken in itself and that the target has now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repointed: Vec<TicketId>,
    /// Whether other customers see the target than saw the source.
    pub other_customers: bool,
    /// Whether this is told on the target, not on the source.
    pub on_target: bool,
    /// Where the source stood before.
    pub before: Stand,
}

/// Where a ticket stands, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// The status.
    pub status: Status,
    /// Since when it is resolved.
    pub resolved_at: Option<Time>,
    /// Since when it is closed.
    pub closed_at: Option<Time>,
    /// When it asks for work again.
    pub wake_at: Option<Time>,
}

/// A fact, and the rule that brought it about, where it was one.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What happened.
    pub fact: Fact,
    /// The rule that did it; none where the caller did.
    pub rule: Option<RuleRef>,
    /// Whether the desk did it by itself, because time has passed or to find an agent, whoever's commit tells it.
    pub by_desk: bool,
}

impl From<Fact> for Told {
    fn from(fact: Fact) -> Self {
        Self { fact, rule: None, by_desk: false }
    }
}

/// What happened. The set is closed and the wire names never change; a changed field stands in
/// exactly one fact of its commit, and once more for each rule that
/// changed it again.
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
        /// Why, where somebody had to say so: `escalation_level` went down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
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
        /// What brought it about.
        #[serde(default)]
        cause: EscalationCause,
    },
    /// A promised time is nearly over.
    #[serde(rename = "sla.warning")]
    SlaWarning(Deadline),
    /// A promised time is over, and what was promised not done.
    #[serde(rename = "sla.breached")]
    SlaBreached(Deadline),
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
    /// One ticket went into another; told on both.
    #[serde(rename = "ticket.merged")]
    TicketMerged(Box<Merge>),
    /// One ticket came out of another again; told on both.
    #[serde(rename = "ticket.unmerged")]
    TicketUnmerged(Box<Merge>),
    /// A comment became a ticket of its own.
    #[serde(rename = "ticket.split")]
    TicketSplit {
        /// The comment, which stays.
        comment_id: CommentId,
        /// The new ticket.
        ticket_id: TicketId,
    },
    /// This ticket was tied to another; told on both.
    #[serde(rename = "link.added")]
    LinkAdded(Tie),
    /// The tie to another ticket is gone; told on both.
    #[serde(rename = "link.removed")]
    LinkRemoved(Tie),
    /// A person's address was refused: nobody gets mail there until it changes.
    #[serde(rename = "mail.failed")]
    MailFailed {
        /// Whose.
        user_id: UserId,
        /// What the mail server said, less the address.
        reason: String,
    },
    /// Mails to a person were held back. Told with the first of several.
    #[serde(rename = "mail.held")]
    MailHeld {
        /// Who did not get them.
        user_id: UserId,
        /// Why.
        reason: String,
    },
}

/// The end of a promised time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// What was promised.
    pub metric: SlaMetric,
    /// Since when.
    pub started_at: Time,
    /// When the time is or was over.
    pub due_at: Time,
}

/// A tie between two tickets, as one of them tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// Which.
    pub link_id: LinkId,
    /// The ticket at the other end.
    pub other_id: TicketId,
    /// What the first ticket is to the second.
    pub kind: LinkKind,
    /// Whether this ticket is the first of the two.
    pub outward: bool,
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
            Self::SlaWarning(_) => "sla.warning",
            Self::SlaBreached(_) => "sla.breached",
            Self::CommentAdded { .. } => "comment.added",
            Self::CommentEdited { .. } => "comment.edited",
            Self::WatcherAdded { .. } => "watcher.added",
            Self::WatcherRemoved { .. } => "watcher.removed",
            Self::TicketMerged(_) => "ticket.merged",
            Self::TicketUnmerged(_) => "ticket.unmerged",
            Self::TicketSplit { .. } => "ticket.split",
            Self::LinkAdded(_) => "link.added",
            Self::LinkRemoved(_) => "link.removed",
            Self::MailFailed { .. } => "mail.failed",
            Self::MailHeld { .. } => "mail.held",
        }
    }

    /// Who may ever hear of it, among those who may see the ticket.
    pub fn audience(&self) -> Audience {
        match self {
            // A tie says that there is another ticket, which customers may not see.
            Self::TicketEscalated { .. }
            | Self::SlaWarning(_)
            | Self::SlaBreached(_)
            | Self::WatcherAdded { .. }
            | Self::WatcherRemoved { .. }
            | Self::TicketSplit { .. }
            | Self::LinkAdded(_)
            | Self::LinkRemoved(_)
            | Self::MailFailed { .. }
            | Self::MailHeld { .. } => Audience::Staff,
            Self::CommentAdded { is_internal, .. } | Self::CommentEdited { is_internal, .. } if *is_internal => {
                Audience::Staff
            }
            // Who sees the target has no business with the tickets of others.
            Self::TicketMerged(merge) | Self::TicketUnmerged(merge) if merge.on_target && merge.other_customers => {
                Audience::Staff
            }
            // That a ticket sleeps, or needs less attention than before, is for staff.
            Self::TicketUpdated { changes, .. }
                if changes.keys().all(|field| matches!(field.as_str(), "wake_at" | "escalation_level")) =>
            {
                Audience::Staff
            }
            _ => Audience::Everyone,
        }
    }

    /// The changed fields.
    pub fn changes(&self) -> Option<&FieldChanges> {
        match self {
            Self::TicketUpdated { changes, .. }
            | Self::TicketAssigned { changes }
            | Self::TicketStatusChanged { changes }
            | Self::TicketEscalated { changes, .. }
            | Self::CommentAdded { changes, .. }
            | Self::CommentEdited { changes, .. } => Some(changes),
            Self::TicketMerged(merge) | Self::TicketUnmerged(merge) => Some(&merge.changes),
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
    /// The rule that did it.
    pub rule: Option<RuleRef>,
    /// When.
    pub at: Time,
    /// The ticket after the commit without long texts, on the first event of the ticket in it.
    pub image: Option<Value>,
}
