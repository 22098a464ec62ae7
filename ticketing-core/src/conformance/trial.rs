//! A fresh store in a test's hands.

use super::sample::Sample;
use crate::access::{Scope, SystemReason};
use crate::changes::{Changes, Committed, Write};
use crate::condition::Condition;
use crate::event::Event;
use crate::ids::{ChangeId, Seq, TicketId};
use crate::model::{Comment, Ticket};
use crate::port::{Store, StoreResult};
use crate::query::{Sort, TicketQuery};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the desk itself sees: everything.
pub(super) const ALL: Scope = Scope::System(SystemReason::Upkeep);

/// How long the log may wait for a commit that was refused.
const HELD: Duration = Duration::from_secs(5);

/// One test's store, and the source of its rows.
pub struct Trial {
    /// Fresh and empty.
    pub store: Arc<dyn Store>,
    /// Makes rows.
    pub sample: Sample,
    /// How many random cases are wanted.
    pub cases: usize,
}

impl Trial {
    /// A test on this store.
    pub fn new(store: Arc<dyn Store>, cases: usize) -> Self {
        Self { store, sample: Sample::new(1), cases }
    }

    /// A commit of these writes, decided under the settings as they are.
    ///
    /// # Panics
    /// Where the store fails, or breaks a rule of its own answers.
    pub async fn changes(&self, writes: Vec<Write>) -> Changes {
        let settings = self.store.settings_version().await.expect("the settings' version is read");
        Changes {
            id: ChangeId(self.sample.uuid()),
            scope: ALL,
            settings,
            bumps_settings: false,
            writes,
            guards: Vec::new(),
        }
    }

    /// Commits the writes, if the store will.
    pub async fn attempt(&self, writes: Vec<Write>) -> StoreResult<Committed> {
        let changes = self.changes(writes).await;
        self.store.commit(changes).await
    }

    /// Commits the writes, which nothing forbids.
    ///
    /// # Panics
    /// Where the store refuses them.
    pub async fn commit(&self, writes: Vec<Write>) -> Committed {
        self.attempt(writes).await.expect("a commit that nothing forbids is applied")
    }

    /// Commits writes that change settings or directory.
    ///
    /// # Panics
    /// Where the store refuses them.
    pub async fn commit_settings(&self, writes: Vec<Write>) -> Committed {
        let changes = Changes { bumps_settings: true, ..self.changes(writes).await };
        self.store.commit(changes).await.expect("a commit that nothing forbids is applied")
    }

    /// The ticket as the desk itself sees it.
    ///
    /// # Panics
    /// Where the store fails, or breaks a rule of its own answers.
    pub async fn ticket(&self, id: TicketId) -> Option<Ticket> {
        self.store.ticket(&ALL, &id.into()).await.expect("a ticket is read")
    }

    /// All comments of the ticket.
    ///
    /// # Panics
    /// Where the store fails, or breaks a rule of its own answers.
    pub async fn comments(&self, id: TicketId) -> Vec<Comment> {
        self.store.comments(&ALL, id, None, 10_000).await.expect("comments are read")
    }

    /// All events of the log that the scope may hear of, read by pages of this size.
    ///
    /// # Panics
    /// Where the store fails, or breaks a rule of its own answers.
    pub async fn log(&self, scope: &Scope, page: usize) -> Vec<Event> {
        let mut found: Vec<Event> = Vec::new();
        let mut after = Seq(0);
        for pages in 0.. {
            ends(pages);
            let read = self.store.events(scope, after, page).await.expect("events are read");
            assert!(read.events.len() <= page, "a page has at most {page} events");
            assert!(read.next >= after, "the place never goes back");
            let last = read.events.last().map_or(after, |event| event.seq);
            assert!(read.next >= last, "the place is not before what was read");
            if read.events.is_empty() && read.next == after {
                break;
            }
            found.extend(read.events);
            after = read.next;
        }
        found
    }

    /// The whole log, once it tells this many events. A store may answer that a commit is refused before it has let go
    /// of all that the commit held, and nothing is told that came after one which may still be under way.
    ///
    /// # Panics
    /// Where the store fails, breaks a rule of its own answers, or holds events back for too long.
    pub async fn log_of(&self, count: usize) -> Vec<Event> {
        let start = Instant::now();
        loop {
            let found = self.log(&ALL, 100).await;
            if found.len() >= count {
                return found;
            }
            assert!(start.elapsed() < HELD, "the log tells {} of {count} events", found.len());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// Fails a walk that a store sends in circles.
pub(super) fn ends(steps: usize) {
    assert!(steps < 20_000, "a walk comes to an end");
}

/// All tickets that the condition holds for, in this order.
pub(super) fn listed(trial: &Trial, filter: Condition, sort: Sort, limit: usize) -> TicketQuery {
    TicketQuery { filter, sort, after: None, limit, now: trial.sample.now() }
}
