//! Working time, summed up.

use super::{TimeSelection, TimeTotals};
use crate::access::{Call, Scope};
use crate::desk::period::{Unit, periods};
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::ids::{TicketId, TicketKey};
use crate::model::{Role, TimeSpent, words};
use crate::query::TimeFilter;
use crate::report::{TimeGroup, TimeGrouping, TimeTally, TimeTallyQuery};
use chrono::TimeDelta;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many groups a summary has at most.
const MOST_GROUPS: usize = 5_000;
/// How many tallies those are of; a group has one for each currency, and one for what earns nothing.
const MOST_TALLIES: usize = 4 * MOST_GROUPS;
/// How many periods lie between the first and the last: eleven years of days.
const MOST_PERIODS: usize = 4_000;
/// How many names are looked up at once.
const LOOKED_UP: usize = 500;

words! {
    /// By what working time is summed up.
    TimeGroupBy {
        /// By ticket.
        Ticket = 0 "ticket",
        /// By who spent it.
        Agent = 1 "agent",
        /// By who asked for the ticket when it was logged.
        Customer = 2 "customer",
        /// By the company of the ticket when it was logged.
        Organization = 3 "organization",
        /// By day.
        Day = 4 "day",
        /// By week, from Monday on.
        Week = 5 "week",
        /// By month.
        Month = 6 "month",
    }
}

/// One group of a summary.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimeSummaryItem {
    /// What it is of: an id, a day (the first of a week), or a month. None for what was for no company.
    pub key: Option<String>,
    /// What people call that.
    pub label: Option<String>,
    /// Its sums.
    #[serde(flatten)]
    pub totals: TimeTotals,
    /// What is on the ticket altogether, whenever it was spent; of tickets alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_hours: Option<TimeSpent>,
}

/// Working time, summed up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimeSummary {
    /// Its groups: the most time first, periods by time.
    pub items: Vec<TimeSummaryItem>,
    /// All of it together.
    pub totals: TimeTotals,
}

impl Desk {
    /// How much time was spent on tickets that the actor sees. For staff. An entry counts as a whole at the moment when it
    /// began, or was logged where that was not said; so each counts once whatever it is summed up by.
    pub async fn time_summary(
        &self,
        call: impl Into<Call>,
        group_by: TimeGroupBy,
        selection: TimeSelection,
    ) -> Result<TimeSummary, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Agent)?;
        let (zone, scope) = (selection.zone(), self.scope(&call.actor));
        let mut filter = self.selected(&scope, selection).await?;
        let unit = unit(group_by);
        let mut known = Vec::new();
        if let Some(unit) = unit {
            let Some((first, last)) = self.store.time_span(&scope, &filter).await? else {
                return Ok(TimeSummary { items: Vec::new(), totals: TimeTotals::default() });
            };
            // What is logged meanwhile is not counted, or it could count in a period that is not its own.
            let end = last.checked_add_signed(TimeDelta::microseconds(1)).unwrap_or(last);
            (filter.from, filter.to) = (Some(first), Some(end));
            known = periods(unit, zone, (first, end), MOST_PERIODS).ok_or_else(too_many_periods)?;
        }
        let group_by = match group_by {
            TimeGroupBy::Ticket => TimeGrouping::Ticket,
            TimeGroupBy::Agent => TimeGrouping::Agent,
            TimeGroupBy::Customer => TimeGrouping::Customer,
            TimeGroupBy::Organization => TimeGrouping::Organization,
            TimeGroupBy::Day | TimeGroupBy::Week | TimeGroupBy::Month => {
                TimeGrouping::Periods(known.iter().map(|period| period.start).collect())
            }
        };
        // One more than there may be says that there are too many.
        let asked = TimeTallyQuery { filter, group_by, limit: MOST_TALLIES + 1 };
        let tallies = self.store.time_report(&scope, &asked).await?;
        let totals = TimeTotals::of(&tallies);
        let mut groups: BTreeMap<TimeGroup, Vec<&TimeTally>> = BTreeMap::new();
        for tally in &tallies {
            groups.entry(tally.group).or_default().push(tally);
        }
        if groups.len() > MOST_GROUPS || tallies.len() > MOST_TALLIES {
            let message = format!("There are more than {MOST_GROUPS}; name a shorter stretch of time, or one person.");
            return Err(Error::field("group_by", "too_many", message));
        }
        let snapshot = self.snapshot().await?;
        let labels = self.labels(&snapshot, &scope, groups.keys().copied()).await?;
        let whole = self.whole_hours(&scope, &asked, groups.keys().copied()).await?;
        let item = |(group, tallies): (TimeGroup, Vec<&TimeTally>)| {
            let totals = TimeTotals::of(tallies);
            let total_hours = match group {
                TimeGroup::Ticket(id) => Some(whole.get(&id).copied().unwrap_or(totals.hours)),
                _ => None,
            };
            let key = match (group, unit) {
                (TimeGroup::Period(place), Some(unit)) => known.get(place).map(|period| unit.name(*period)),
                _ => key(group),
            };
            let label = labels.get(&group).cloned().or_else(|| key.clone().filter(|_| unit.is_some()));
            TimeSummaryItem { key, label, totals, total_hours }
        };
        let mut items: Vec<TimeSummaryItem> = groups.into_iter().map(item).collect();
        if unit.is_none() {
            items.sort_by(|one, other| (other.totals.hours, &one.key).cmp(&(one.totals.hours, &other.key)));
        }
        Ok(TimeSummary { items, totals })
    }

    /// What is on these tickets altogether, by the same filter but for its stretch.
    async fn whole_hours(
        &self,
        scope: &Scope,
        asked: &TimeTallyQuery,
        groups: impl Iterator<Item = TimeGroup>,
    ) -> Result<BTreeMap<TicketId, TimeSpent>, Error> {
        let mut whole = BTreeMap::new();
        if asked.filter.from.is_none() && asked.filter.to.is_none() {
            return Ok(whole);
        }
        let ticket = |group| match group {
            TimeGroup::Ticket(id) => Some(id),
            _ => None,
        };
        let tickets: Vec<TicketId> = groups.filter_map(ticket).collect();
        for some in tickets.chunks(LOOKED_UP) {
            let filter = TimeFilter { from: None, to: None, tickets: Some(some.to_vec()), ..asked.filter.clone() };
            let tallies = self.store.time_report(scope, &TimeTallyQuery { filter, ..asked.clone() }).await?;
            for tally in tallies {
                if let TimeGroup::Ticket(id) = tally.group {
                    *whole.entry(id).or_default() += tally.hours;
                }
            }
        }
        Ok(whole)
    }

    /// What people call these groups, as far as they have names.
    async fn labels(
        &self,
        snapshot: &Snapshot,
        scope: &Scope,
        groups: impl Iterator<Item = TimeGroup>,
    ) -> Result<BTreeMap<TimeGroup, String>, Error> {
        let (mut tickets, mut people, mut companies) = (Vec::new(), Vec::new(), Vec::new());
        for group in groups {
            match group {
                TimeGroup::Ticket(id) => tickets.push(TicketKey::Id(id)),
                TimeGroup::Agent(id) | TimeGroup::Customer(id) => people.push((group, id)),
                TimeGroup::Organization(Some(id)) => companies.push(id),
                TimeGroup::Whole | TimeGroup::Organization(None) | TimeGroup::Period(_) => {}
            }
        }
        let mut labels = BTreeMap::new();
        for some in tickets.chunks(LOOKED_UP) {
            let found = self.store.tickets_by_keys(scope, some).await?;
            let label = |ticket: crate::model::Ticket| format!("{} {}", ticket.number, ticket.subject);
            labels.extend(found.into_iter().map(|ticket| (TimeGroup::Ticket(ticket.id), label(ticket))));
        }
        let known = self.people_of(snapshot, people.iter().map(|(_, id)| *id)).await?;
        let named = people.into_iter().filter_map(|(group, id)| Some((group, known.get(&id)?.name.clone())));
        labels.extend(named);
        for id in companies {
            if let Some(company) = self.store.organization(&Scope::UPKEEP, id).await? {
                labels.insert(TimeGroup::Organization(Some(id)), company.name);
            }
        }
        Ok(labels)
    }
}

fn too_many_periods() -> Error {
    let message = format!("From the first to the last there are more than {MOST_PERIODS}; say from when on.");
    Error::field("group_by", "too_many", message)
}

fn unit(group_by: TimeGroupBy) -> Option<Unit> {
    match group_by {
        TimeGroupBy::Day => Some(Unit::Day),
        TimeGroupBy::Week => Some(Unit::Week),
        TimeGroupBy::Month => Some(Unit::Month),
        TimeGroupBy::Ticket | TimeGroupBy::Agent | TimeGroupBy::Customer | TimeGroupBy::Organization => None,
    }
}

fn key(group: TimeGroup) -> Option<String> {
    match group {
        TimeGroup::Ticket(id) => Some(id.to_string()),
        TimeGroup::Agent(id) | TimeGroup::Customer(id) => Some(id.to_string()),
        TimeGroup::Organization(id) => id.map(|id| id.to_string()),
        TimeGroup::Whole | TimeGroup::Period(_) => None,
    }
}
