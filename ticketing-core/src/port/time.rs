//! Time that was spent on tickets.

use super::StoreResult;
use crate::access::Scope;
use crate::ids::{TimeEntryId, UserId};
use crate::model::{Stopwatch, TimeEntry};
use crate::query::{TimeFilter, TimeQuery};
use crate::report::{TimeTally, TimeTallyQuery};
use crate::time::Time;
use async_trait::async_trait;

/// Reading and counting working time. Entries of tickets out of scope are absent, and all of them are for scopes that do not
/// see what is internal.
#[async_trait]
pub trait TimeRead: Send + Sync {
    /// One entry.
    async fn time_entry(&self, scope: &Scope, id: TimeEntryId) -> StoreResult<Option<TimeEntry>>;

    /// Entries by the moment that they count at ([`TimeEntry::at`]), latest first, ties by id in the same direction.
    async fn time_entries(&self, scope: &Scope, query: &TimeQuery) -> StoreResult<Vec<TimeEntry>>;

    /// Entries of a person with a beginning and an end that have time in common with this stretch, by when they began, at
    /// most `limit`. What ends as another begins has none in common with it. No entry is longer than a day.
    async fn overlapping_time(
        &self,
        scope: &Scope,
        user_id: UserId,
        stretch: (Time, Time),
        limit: usize,
    ) -> StoreResult<Vec<TimeEntry>>;

    /// The first and the last moment that any of these entries counts at.
    async fn time_span(&self, scope: &Scope, filter: &TimeFilter) -> StoreResult<Option<(Time, Time)>>;

    /// Working time, counted where the rows are: a tally for each group and currency that has any, in any order.
    async fn time_report(&self, scope: &Scope, query: &TimeTallyQuery) -> StoreResult<Vec<TimeTally>>;

    /// A person's stopwatch; nobody's scope cuts it.
    async fn stopwatch(&self, user_id: UserId) -> StoreResult<Option<Stopwatch>>;
}
