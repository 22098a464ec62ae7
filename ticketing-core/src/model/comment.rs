//! What is said on a ticket, and who listens.

use super::{Channel, Person};
use crate::ids::{CommentId, TicketId};
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// One message to the customer, or one note among staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The ticket it belongs to.
    pub ticket_id: TicketId,
    /// Who said it. Stores keep the id and fill in name and role when they read.
    pub author: Person,
    /// What was said.
    pub body: String,
    /// True for a note that no customer may ever see.
    pub is_internal: bool,
    /// How it came in.
    pub channel: Channel,
    /// Grows by one with every edit.
    pub version: i64,
    /// When it was said.
    pub created_at: Time,
    /// When it was last edited.
    pub edited_at: Option<Time>,
}

/// Somebody who wants to hear about a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watcher {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The person. Stores keep the id and fill in name and role when they read.
    pub user: Person,
    /// Since when.
    pub created_at: Time,
}
