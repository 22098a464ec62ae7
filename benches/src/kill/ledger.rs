//! What one writing client knows: what was answered, and what may or may not have happened.

use serde_json::Value;
use std::collections::BTreeSet;

/// A ticket whose creation was answered.
#[derive(Debug)]
pub struct Entry {
    /// The cycle in which it was made.
    pub cycle: u32,
    /// Its id.
    pub id: String,
    /// Its subject, which no other ticket has.
    pub subject: String,
    /// Comments whose creation was answered.
    pub comments: Vec<String>,
    /// Categories that were set and answered, in order.
    pub categories: Vec<String>,
}

/// A creation that was sent. It is sent again, as the same, until it is answered.
#[derive(Clone, Debug)]
pub struct Post {
    /// The cycle in which it was sent first.
    pub cycle: u32,
    /// Where it was sent.
    pub path: String,
    /// What was sent.
    pub body: Value,
    /// Its own text, by which it is also known to the server.
    pub text: String,
    /// The ticket that it comments; none where it makes one.
    pub ticket: Option<String>,
}

/// What one client wrote. Every text in it is used once in the whole run.
#[derive(Debug)]
pub struct Ledger {
    /// The customer whose tickets are this client's alone.
    pub customer: String,
    /// The client's number.
    pub client: usize,
    /// Tickets whose creation was answered, oldest first.
    pub entries: Vec<Entry>,
    /// Texts that were sent and not answered: each may be there once or not at all.
    pub unanswered: BTreeSet<String>,
    /// The creation that was not answered, if the last write was one.
    pub pending: Option<Post>,
    /// How many creations were sent again.
    pub repeated: usize,
    /// Answers that refused a write which the contract allows.
    pub refused: Vec<String>,
}

impl Ledger {
    /// An empty one.
    pub fn new(client: usize, customer: String) -> Self {
        let (entries, unanswered, refused) = (Vec::new(), BTreeSet::new(), Vec::new());
        Self { customer, client, entries, unanswered, pending: None, repeated: 0, refused }
    }

    /// How many writes were answered.
    pub fn answered(&self) -> usize {
        self.entries.iter().map(|entry| 1 + entry.comments.len() + entry.categories.len()).sum()
    }
}
