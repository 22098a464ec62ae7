//! Time that was spent, page by page.

use super::{TimeEntryView, TimeTotals};
use crate::access::{Call, Scope};
use crate::desk::Desk;
use crate::desk::period::ReportEdge;
use crate::desk::user::page;
use crate::error::Error;
use crate::ids::{TicketKey, TimeEntryId};
use crate::model::{Role, TimeEntry};
use crate::query::{Page, Position, TimeFilter, TimeQuery};
use crate::report::{TimeGrouping, TimeTallyQuery};
use crate::time::from_micros;
use chrono_tz::Tz;

/// How many currencies a whole is told in at most.
const MOST_CURRENCIES: usize = 1_000;

/// Which time that was spent is meant.
#[derive(Clone, Debug, Default)]
pub struct TimeSelection {
    /// Whose, for whom, and so on; its tickets and its stretch are said by what follows.
    pub filter: TimeFilter,
    /// Only on this ticket; none where the actor does not see it.
    pub ticket: Option<TicketKey>,
    /// From when on; from the first on where nothing is said.
    pub from: Option<ReportEdge>,
    /// Until when; up to the last where nothing is said.
    pub to: Option<ReportEdge>,
    /// The zone of days, weeks and months; UTC where nothing is said.
    pub time_zone: Option<Tz>,
}

impl TimeSelection {
    /// The zone that its days are of.
    pub(super) fn zone(&self) -> Tz {
        self.time_zone.unwrap_or(Tz::UTC)
    }
}

/// A list of time that was spent, latest first.
#[derive(Clone, Debug, Default)]
pub struct TimeList {
    /// Which.
    pub selection: TimeSelection,
    /// After which place.
    pub after: Option<Position>,
    /// At most how many.
    pub limit: usize,
    /// Whether to count them all.
    pub count: bool,
}

impl Desk {
    /// Time that was spent on tickets that the actor sees, by the moment that it counts at, latest first. For staff.
    pub async fn time_entries(&self, call: impl Into<Call>, list: TimeList) -> Result<Page<TimeEntryView>, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Agent)?;
        let scope = self.scope(&call.actor);
        let filter = self.selected(&scope, list.selection).await?;
        let mut found = self.time_page(&scope, filter.clone(), list.after, list.limit).await?;
        if list.count {
            found.total = Some(self.time_totals(&scope, filter).await?.entries);
        }
        Ok(found)
    }

    /// Time that was spent on a ticket, latest first, and what all of it is together. For staff who see it.
    pub async fn ticket_time(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        after: Option<Position>,
        limit: usize,
    ) -> Result<(Page<TimeEntryView>, TimeTotals), Error> {
        let call = &call.into();
        self.staff_change(call, key).await?;
        let ticket = self.seen_ticket(call, key).await?;
        let scope = self.scope(&call.actor);
        let filter = TimeFilter { tickets: Some(vec![ticket.id]), ..TimeFilter::default() };
        let found = self.time_page(&scope, filter.clone(), after, limit).await?;
        Ok((found, self.time_totals(&scope, filter).await?))
    }

    /// What is meant, as a store is asked for it.
    pub(super) async fn selected(&self, scope: &Scope, selection: TimeSelection) -> Result<TimeFilter, Error> {
        let (zone, mut filter) = (selection.zone(), selection.filter);
        filter.from = selection.from.map(|edge| edge.beginning(zone));
        filter.to = selection.to.map(|edge| edge.end(zone).1);
        if filter.from.zip(filter.to).is_some_and(|(from, to)| from >= to) {
            return Err(Error::field("from", "out_of_range", "Must not be after the end."));
        }
        if let Some(key) = &selection.ticket {
            let found = self.store.ticket(scope, key).await?;
            filter.tickets = Some(found.into_iter().map(|ticket| ticket.id).collect());
        }
        Ok(filter)
    }

    async fn time_page(
        &self,
        scope: &Scope,
        filter: TimeFilter,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<TimeEntryView>, Error> {
        let before = after.and_then(|place| Some((from_micros(place.key)?, TimeEntryId(place.id))));
        let found = self.store.time_entries(scope, &TimeQuery { filter, before, limit: limit + 1 }).await?;
        let place = |entry: &TimeEntry| Position::at(entry.at().timestamp_micros(), entry.id.0);
        let Page { items, next, total } = page(found, limit, place);
        let snapshot = self.snapshot().await?;
        Ok(Page { items: self.time_views(&snapshot, items).await?, next, total })
    }

    async fn time_totals(&self, scope: &Scope, filter: TimeFilter) -> Result<TimeTotals, Error> {
        let query = TimeTallyQuery { filter, group_by: TimeGrouping::Whole, limit: MOST_CURRENCIES };
        Ok(TimeTotals::of(&self.store.time_report(scope, &query).await?))
    }
}
