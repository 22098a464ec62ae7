//! Time that was spent on tickets.

use super::MemoryStore;
use super::staged::{Staged, check, check_composed};
use super::state::State;
use crate::access::Scope;
use crate::changes::Expect;
use crate::ids::{TicketId, TimeEntryId, UserId};
use crate::model::{Stopwatch, TimeEntry, TimeSpent};
use crate::port::{StoreResult, TimeRead};
use crate::query::{TimeFilter, TimeQuery};
use crate::report::{TimeGroup, TimeGrouping, TimeTally, TimeTallyQuery};
use crate::time::Time;
use async_trait::async_trait;
use std::collections::BTreeMap;
use uuid::Uuid;

const FIRST: TimeEntryId = TimeEntryId(Uuid::nil());
const LAST: TimeEntryId = TimeEntryId(Uuid::max());

#[async_trait]
impl TimeRead for MemoryStore {
    async fn time_entry(&self, scope: &Scope, id: TimeEntryId) -> StoreResult<Option<TimeEntry>> {
        let state = self.state();
        Ok(state.time_entries.get(&id).filter(|entry| state.sees_time(scope, entry)).cloned())
    }

    async fn time_entries(&self, scope: &Scope, query: &TimeQuery) -> StoreResult<Vec<TimeEntry>> {
        let state = self.state();
        let before = query.before.unwrap_or((Time::MAX_UTC, LAST));
        let place = |entry: &&TimeEntry| (entry.at(), entry.id) < before;
        let mut found: Vec<&TimeEntry> = state.time(scope, &query.filter).filter(place).collect();
        found.sort_by_key(|entry| std::cmp::Reverse((entry.at(), entry.id)));
        Ok(found.into_iter().take(query.limit).cloned().collect())
    }

    async fn overlapping_time(
        &self,
        scope: &Scope,
        user_id: UserId,
        (from, to): (Time, Time),
        limit: usize,
    ) -> StoreResult<Vec<TimeEntry>> {
        let state = self.state();
        let earliest = from.checked_sub_signed(TimeEntry::LONGEST).unwrap_or(Time::MIN_UTC);
        let filter = TimeFilter { from: Some(earliest), to: Some(to), user_id: Some(user_id), ..TimeFilter::default() };
        let in_common = |entry: &&TimeEntry| entry.started_at.is_some() && entry.ended_at.is_some_and(|end| end > from);
        let mut found: Vec<TimeEntry> = state.time(scope, &filter).filter(in_common).cloned().collect();
        found.sort_by_key(|entry| (entry.at(), entry.id));
        found.truncate(limit);
        Ok(found)
    }

    async fn time_span(&self, scope: &Scope, filter: &TimeFilter) -> StoreResult<Option<(Time, Time)>> {
        let state = self.state();
        let moments = || state.time(scope, filter).map(TimeEntry::at);
        Ok(moments().min().zip(moments().max()))
    }

    async fn time_report(&self, scope: &Scope, query: &TimeTallyQuery) -> StoreResult<Vec<TimeTally>> {
        let state = self.state();
        let mut tallies = BTreeMap::new();
        for entry in state.time(scope, &query.filter) {
            let (group, amount) = (group(&query.group_by, entry), entry.amount());
            let currency = amount.map(|money| money.currency);
            let none = TimeTally {
                group,
                currency,
                hours: TimeSpent::default(),
                billable_hours: TimeSpent::default(),
                entries: 0,
                amount_minor: 0,
            };
            let tally = tallies.entry((group, currency)).or_insert(none);
            tally.hours += entry.hours;
            if entry.is_billable {
                tally.billable_hours += entry.hours;
            }
            tally.entries += 1;
            tally.amount_minor += amount.map_or(0, |money| money.amount_minor);
        }
        Ok(tallies.into_values().take(query.limit).collect())
    }

    async fn stopwatch(&self, user_id: UserId) -> StoreResult<Option<Stopwatch>> {
        Ok(self.state().stopwatches.get(&user_id).cloned())
    }
}

fn group(group_by: &TimeGrouping, entry: &TimeEntry) -> TimeGroup {
    match group_by {
        TimeGrouping::Whole => TimeGroup::Whole,
        TimeGrouping::Ticket => TimeGroup::Ticket(entry.ticket_id),
        TimeGrouping::Agent => TimeGroup::Agent(entry.user_id),
        TimeGrouping::Customer => TimeGroup::Customer(entry.customer_id),
        TimeGrouping::Organization => TimeGroup::Organization(entry.organization_id),
        TimeGrouping::Periods(starts) => {
            TimeGroup::Period(starts.partition_point(|start| *start <= entry.at()).saturating_sub(1))
        }
    }
}

impl State {
    fn sees_time(&self, scope: &Scope, entry: &TimeEntry) -> bool {
        scope.sees_internal() && self.sees_ticket(scope, entry.ticket_id)
    }

    /// The time that is asked for, in no order: of the tickets that are named, else of the stretch.
    fn time<'a>(&'a self, scope: &'a Scope, filter: &'a TimeFilter) -> impl Iterator<Item = &'a TimeEntry> {
        let (from, to) = (filter.from.unwrap_or(Time::MIN_UTC), filter.to.unwrap_or(Time::MAX_UTC));
        let of_tickets = filter.tickets.iter().flatten().collect::<std::collections::BTreeSet<_>>();
        let of_tickets = of_tickets.into_iter().flat_map(move |id| {
            self.time_of_tickets.range((*id, from, FIRST)..=(*id, to.max(from), LAST)).map(|(_, id)| id)
        });
        let whole = filter.tickets.is_none().then(|| self.time_by_moment.range((from, FIRST)..=(to.max(from), LAST)));
        let whole = whole.into_iter().flatten().map(|(_, id)| id);
        let entries = of_tickets.chain(whole).filter_map(|id| self.time_entries.get(id));
        entries.filter(move |entry| {
            let is = |wanted: Option<Uuid>, id: Option<Uuid>| wanted.is_none() || wanted == id;
            entry.at() < to
                && is(filter.user_id.map(|id| id.0), Some(entry.user_id.0))
                && is(filter.customer_id.map(|id| id.0), Some(entry.customer_id.0))
                && is(filter.organization_id.map(|id| id.0), entry.organization_id.map(|id| id.0))
                && is(filter.team_id.map(|id| id.0), entry.team_id.map(|id| id.0))
                && filter.billable.is_none_or(|billable| entry.is_billable == billable)
                && self.sees_time(scope, entry)
        })
    }
}

impl Staged<'_> {
    pub(super) fn time_entry(&mut self, mut entry: TimeEntry, expect: Expect) -> StoreResult<()> {
        let before = self.state.time_entries.get(&entry.id).cloned();
        check(expect, before.as_ref().map(|row| row.version))?;
        if let Some(before) = before {
            self.lift_time(&before);
            entry.ticket_id = before.ticket_id;
            entry.logged_on = before.logged_on;
            entry.user_id = before.user_id;
            entry.customer_id = before.customer_id;
            entry.organization_id = before.organization_id;
            entry.team_id = before.team_id;
            entry.created_at = before.created_at;
        }
        self.lay_time(entry);
        Ok(())
    }

    pub(super) fn delete_time_entry(&mut self, id: TimeEntryId, version: i64) -> StoreResult<()> {
        let before = self.state.time_entries.get(&id).cloned();
        check(Expect::Version(version), before.as_ref().map(|row| row.version))?;
        if let Some(before) = before {
            self.lift_time(&before);
        }
        Ok(())
    }

    pub(super) fn move_time(&mut self, from: TicketId, to: TicketId, logged_on: Option<&[TicketId]>) {
        let all = (from, Time::MIN_UTC, FIRST)..=(from, Time::MAX_UTC, LAST);
        let ids: Vec<TimeEntryId> = self.state.time_of_tickets.range(all).map(|(_, id)| *id).collect();
        for id in ids {
            let Some(entry) = self.state.time_entries.get(&id).cloned() else { continue };
            if logged_on.is_none_or(|tickets| tickets.contains(&entry.logged_on)) {
                self.lift_time(&entry);
                self.lay_time(TimeEntry { ticket_id: to, ..entry });
            }
        }
    }

    fn lay_time(&mut self, entry: TimeEntry) {
        let (id, at) = (entry.id, entry.at());
        self.put(|state| &mut state.time_by_moment, (at, id), id);
        self.put(|state| &mut state.time_of_tickets, (entry.ticket_id, at, id), id);
        self.put(|state| &mut state.time_entries, id, entry);
    }

    fn lift_time(&mut self, entry: &TimeEntry) {
        let (id, at) = (entry.id, entry.at());
        self.remove(|state| &mut state.time_by_moment, &(at, id));
        self.remove(|state| &mut state.time_of_tickets, &(entry.ticket_id, at, id));
        self.remove(|state| &mut state.time_entries, &id);
    }

    pub(super) fn stopwatch(&mut self, stopwatch: Stopwatch, expect: Expect) -> StoreResult<()> {
        let stored = self.state.stopwatches.get(&stopwatch.user_id).map(|row| row.version);
        check_composed(expect, stored)?;
        self.put(|state| &mut state.stopwatches, stopwatch.user_id, stopwatch);
        Ok(())
    }

    pub(super) fn delete_stopwatch(&mut self, user_id: UserId, version: i64) -> StoreResult<()> {
        let stored = self.state.stopwatches.get(&user_id).map(|row| row.version);
        check_composed(Expect::Version(version), stored)?;
        self.remove(|state| &mut state.stopwatches, &user_id);
        Ok(())
    }
}
