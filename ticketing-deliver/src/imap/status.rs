//! How the fetching of mailboxes is going.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use ticketing_core::time::Time;
use uuid::Uuid;

/// How the fetching of one mailbox is going in this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImapStatus {
    /// The mailbox.
    pub mailbox_id: Uuid,
    /// Since when there is a connection that is signed in; none where there is none.
    pub connected_since: Option<Time>,
    /// When the last mail was fetched.
    pub last_fetch_at: Option<Time>,
    /// What went wrong last, until it goes right again.
    pub last_error: Option<String>,
    /// How many mails the desk has got since the process began or the settings changed, copies of known ones too.
    pub fetched: u64,
    /// How many mails the desk does not take, such as those that are too large. They lie in the mailbox and are flagged.
    pub refused: u64,
}

/// How the fetching of all mailboxes is going. All clones show the same.
#[derive(Clone, Debug, Default)]
pub struct ImapStatuses(Arc<Mutex<BTreeMap<Uuid, ImapStatus>>>);

impl ImapStatuses {
    /// All mailboxes that are fetched, by id.
    pub fn all(&self) -> Vec<ImapStatus> {
        self.lock().values().cloned().collect()
    }

    pub(super) fn of(&self, mailbox_id: Uuid) -> StatusOf {
        StatusOf { all: self.clone(), mailbox_id }
    }

    pub(super) fn forget(&self, mailbox_id: Uuid) {
        self.lock().remove(&mailbox_id);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Uuid, ImapStatus>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The status of one mailbox, to be written.
pub(super) struct StatusOf {
    all: ImapStatuses,
    mailbox_id: Uuid,
}

impl StatusOf {
    pub fn change(&self, change: impl FnOnce(&mut ImapStatus)) {
        let new = ImapStatus {
            mailbox_id: self.mailbox_id,
            connected_since: None,
            last_fetch_at: None,
            last_error: None,
            fetched: 0,
            refused: 0,
        };
        change(self.all.lock().entry(self.mailbox_id).or_insert(new));
    }
}
