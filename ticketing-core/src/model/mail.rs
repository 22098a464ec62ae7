//! What is known about mail to an address.

use crate::ids::TicketId;
use crate::time::Time;

/// Mail to one address, all of it or that about one ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRecord {
    /// The folded address, at most 254 bytes.
    pub address: String,
    /// The ticket; none for all mail to the address. Links that set a password are counted apart from both, under
    /// an id that no ticket has.
    pub ticket_id: Option<TicketId>,
    /// When the last mails were written, oldest first; no more of them than the caps need.
    pub recent: Vec<Time>,
    /// How many mails were held back since the last one that was written.
    pub held: i64,
    /// That the address can't be reached, since when and why. Only where there is no ticket.
    pub failure: Option<MailFailure>,
    /// Grows by one with every change.
    pub version: i64,
    /// When it last changed.
    pub updated_at: Time,
}

/// An address that can't be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFailure {
    /// Since when.
    pub at: Time,
    /// What its server said.
    pub reason: String,
}
