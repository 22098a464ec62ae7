//! Every port in memory: for unit tests, examples and trying things out.
//!
//! [`MemoryStore`] keeps the same promises as a database (all of [`crate::conformance`] runs on it)
//! except that it forgets when the process ends. It is written to be read, not to be fast, but no
//! list walks more rows than it needs to. [`TestClock`] and [`SeededIds`] make time and ids
//! foreseeable; [`MemoryMailer`] keeps mails where a test can look at them.

mod activity;
mod apply;
mod attachment;
mod blob;
mod canned;
mod clock;
mod forget;
mod ids;
mod inbound;
mod job;
mod mailer;
mod notification;
mod people;
mod queue;
mod report;
mod routing;
mod seal;
mod staged;
mod state;
mod ticket;
mod tie;
mod time;
mod timer;

pub use blob::MemoryBlobs;
pub use clock::TestClock;
pub use ids::SeededIds;
pub use mailer::MemoryMailer;

use crate::access::Scope;
use crate::changes::{Changes, Committed};
use crate::ids::Seq;
use crate::port::{ActivityRead, Commit, PeopleRead, Store, StoreResult, TicketRead};
use crate::query::{AuditQuery, Countable, OrganizationQuery, UserQuery};
use async_trait::async_trait;
use state::State;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A whole desk's data in this process, gone when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

impl MemoryStore {
    /// A desk without tickets, people or settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// The data, for as long as the guard lives; nobody may await while holding it.
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics between a change and its undoing, so data behind a poisoned lock is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Commit for MemoryStore {
    async fn commit_all(&self, batch: Vec<Changes>) -> Vec<StoreResult<Committed>> {
        // There is no await in here: the first poll does everything, so a dropped future has either
        // not begun or is done.
        let mut state = self.state();
        batch.into_iter().map(|changes| apply::apply(&mut state, changes)).collect()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn ping(&self) -> StoreResult<()> {
        Ok(())
    }

    async fn count(&self, scope: &Scope, list: Countable<'_>) -> StoreResult<u64> {
        let (first, limit) = (Seq(0), usize::MAX);
        let rows = match list {
            Countable::Users(query) => {
                self.users(scope, &UserQuery { after: None, limit, ..query.clone() }).await?.len()
            }
            Countable::Organizations(query) => {
                self.organizations(scope, &OrganizationQuery { after: None, limit, ..query.clone() }).await?.len()
            }
            Countable::Comments(id) => self.comments(scope, id, None, limit).await?.len(),
            Countable::Watchers(id) => self.watchers(scope, id, None, limit).await?.len(),
            Countable::TicketEvents(id) => self.ticket_events(scope, id, first, limit).await?.len(),
            Countable::Audit(query) => {
                self.audit(scope, &AuditQuery { before: None, limit, ..query.clone() }).await?.len()
            }
        };
        Ok(rows as u64)
    }
}
