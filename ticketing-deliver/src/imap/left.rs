//! What the desk has and what is still in its mailbox, since the server did not let it be marked, moved or deleted.

use super::ImapOptions;
use std::collections::{HashSet, VecDeque};
use std::time::Duration;
use tokio::time::Instant;

/// How many are remembered. The mailbox waits while there are so many.
const MOST: usize = 100_000;

/// Messages to put away, the one that was tried longest ago first.
#[derive(Default)]
pub(super) struct Left {
    uids: VecDeque<u32>,
    /// Those of which a copy is where they should be.
    copied: HashSet<u32>,
    /// When to try again; at once where this is not said.
    due: Option<Instant>,
    pause: Option<Duration>,
    why: Option<String>,
}

impl Left {
    /// What the server said last, until nothing is left.
    pub fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }

    pub fn is_full(&self) -> bool {
        self.uids.len() >= MOST
    }

    pub fn uids(&self) -> impl Iterator<Item = u32> + use<'_> {
        self.uids.iter().copied()
    }

    /// How long until it is time to try again; never where nothing is left.
    pub fn wait(&self) -> Option<Duration> {
        let due = || self.due.map_or(Duration::ZERO, |due| due.saturating_duration_since(Instant::now()));
        (!self.uids.is_empty()).then(due)
    }

    /// Those to be tried now, at most so many.
    pub fn due(&mut self, at_most: usize) -> Vec<u32> {
        if self.wait() != Some(Duration::ZERO) {
            return Vec::new();
        }
        self.due = None;
        self.uids.iter().copied().take(at_most).collect()
    }

    /// One is tried, as the last one from now on.
    pub fn begin(&mut self, uid: u32) {
        if self.uids.front() == Some(&uid) {
            self.uids.pop_front();
        }
        self.uids.push_back(uid);
    }

    pub fn is_copied(&self, uid: u32) -> bool {
        self.copied.contains(&uid)
    }

    pub fn copied(&mut self, uid: u32) {
        self.copied.insert(uid);
    }

    /// The one that was begun last is out of the way.
    pub fn done(&mut self) {
        if let Some(uid) = self.uids.pop_back() {
            self.copied.remove(&uid);
        }
        if self.uids.is_empty() {
            *self = Self::default();
        }
    }

    /// It is not. Each time that it is tried in vain doubles the pause until the next.
    pub fn failed(&mut self, why: String, options: &ImapOptions) {
        self.why = Some(why);
        if self.due.is_none() {
            let pause = self.pause.unwrap_or(options.first_pause);
            self.due = Some(Instant::now() + pause);
            self.pause = Some((pause * 2).min(options.longest_pause));
        }
    }
}
