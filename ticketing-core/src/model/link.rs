//! How tickets hang together.

use super::words;
use crate::ids::{LinkId, TicketId, UserId};
use crate::time::Time;
use serde::{Deserialize, Serialize};

words! {
    /// What one ticket is to another.
    LinkKind {
        /// They have to do with one another; the same from both sides.
        Relates = 0 "relates",
        /// The other can't be done before this one is.
        Blocks = 1 "blocks",
        /// This one asks for the same as the other.
        Duplicates = 2 "duplicates",
        /// The other is a part of this one.
        Parent = 3 "parent",
    }
}

/// A ticket's tie to another: `ticket_id` relates to, blocks, duplicates or is the parent of `other_id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketLink {
    /// Its id.
    pub id: LinkId,
    /// The ticket that it starts from.
    pub ticket_id: TicketId,
    /// The ticket that it leads to.
    pub other_id: TicketId,
    /// What the first is to the second.
    pub kind: LinkKind,
    /// Who tied them; nobody where the desk itself did.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Time,
}

impl TicketLink {
    /// The ticket at the other end, seen from this one.
    pub fn far_end(&self, from: TicketId) -> TicketId {
        if self.ticket_id == from { self.other_id } else { self.ticket_id }
    }
}
