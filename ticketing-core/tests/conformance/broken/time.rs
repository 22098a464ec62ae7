//! What a hurried adapter gets wrong about working time.

use super::{ALL, Broken, Fault};
use async_trait::async_trait;
use ticketing_core::changes::{Expect, Write};
use ticketing_core::model::{Stopwatch, TimeEntry, TimeSpent};
use ticketing_core::port::{StoreResult, TimeRead};
use ticketing_core::query::{TimeFilter, TimeQuery};
use ticketing_core::report::{TimeTally, TimeTallyQuery};
use ticketing_core::time::Time;
use ticketing_core::{Scope, TimeEntryId, UserId};

impl Broken {
    pub(super) async fn damage_time(&self, write: &mut Write) {
        match write {
            Write::MoveTime { logged_on, .. } if self.has(Fault::MovesAllTime) => *logged_on = None,
            Write::Stopwatch { stopwatch, expect } if self.has(Fault::KeepsManyStopwatches) => {
                let known = self.inner.stopwatch(stopwatch.user_id).await.ok().flatten();
                *expect = known.map_or(Expect::New, |known| Expect::Version(known.version));
            }
            _ => {}
        }
    }
}

#[async_trait]
impl TimeRead for Broken {
    async fn time_entry(&self, scope: &Scope, id: TimeEntryId) -> StoreResult<Option<TimeEntry>> {
        self.inner.time_entry(scope, id).await
    }

    async fn time_entries(&self, scope: &Scope, query: &TimeQuery) -> StoreResult<Vec<TimeEntry>> {
        self.inner.time_entries(scope, query).await
    }

    async fn overlapping_time(
        &self,
        scope: &Scope,
        user_id: UserId,
        stretch: (Time, Time),
        limit: usize,
    ) -> StoreResult<Vec<TimeEntry>> {
        self.inner.overlapping_time(scope, user_id, stretch, limit).await
    }

    async fn time_span(&self, scope: &Scope, filter: &TimeFilter) -> StoreResult<Option<(Time, Time)>> {
        self.inner.time_span(scope, filter).await
    }

    async fn time_report(&self, scope: &Scope, query: &TimeTallyQuery) -> StoreResult<Vec<TimeTally>> {
        let scope = if self.has(Fault::CountsHiddenTime) { &ALL } else { scope };
        let mut tallies = self.inner.time_report(scope, query).await?;
        if self.has(Fault::LosesHundredths) {
            for tally in &mut tallies {
                tally.hours = TimeSpent::hundredths(tally.hours.as_hundredths() / 10 * 10);
            }
        }
        Ok(tallies)
    }

    async fn stopwatch(&self, user_id: UserId) -> StoreResult<Option<Stopwatch>> {
        self.inner.stopwatch(user_id).await
    }
}
