//! Time that was spent, as staff see it.

use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::ids::{OrganizationId, TicketId, TimeEntryId, UserId};
use crate::model::{Money, Person, TimeEntry, TimeSpent};
use crate::report::TimeTally;
use crate::time::Time;
use serde::Serialize;
use std::collections::BTreeMap;

/// Time that was spent on a ticket.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimeEntryView {
    /// Its id.
    pub id: TimeEntryId,
    /// The ticket that it is with.
    pub ticket_id: TicketId,
    /// Who has spent it.
    pub user: Person,
    /// How much.
    pub hours: TimeSpent,
    /// What was done.
    pub description: Option<String>,
    /// Whether somebody pays for it.
    pub billable: bool,
    /// When it began, where that was said.
    pub started_at: Option<Time>,
    /// When it ended, where that was said.
    pub ended_at: Option<Time>,
    /// The price of an hour when it was logged.
    pub rate: Option<Money>,
    /// What it earns.
    pub amount: Option<Money>,
    /// Who asked for the ticket then.
    pub customer_id: UserId,
    /// The company of the ticket then.
    pub organization_id: Option<OrganizationId>,
    /// For conditional changes.
    pub version: i64,
    /// When it was logged.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// What may be a mistake; only in the answer to whoever has just logged or changed it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<TimeWarning>,
}

/// What may be a mistake about time that was logged. It is kept all the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimeWarning {
    /// `overlap`: the same person has logged other time for a part of the stretch. `capped`: a stopwatch had run for more
    /// than a day, and a day of it was kept.
    pub code: &'static str,
    /// For people.
    pub message: String,
    /// What it overlaps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<OverlappingTime>,
}

/// Enough of an entry to find it by.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverlappingTime {
    /// Its id.
    pub id: TimeEntryId,
    /// The ticket that it is with.
    pub ticket_id: TicketId,
    /// When it began.
    pub started_at: Option<Time>,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// How much it is.
    pub hours: TimeSpent,
}

impl From<&TimeEntry> for OverlappingTime {
    fn from(entry: &TimeEntry) -> Self {
        Self {
            id: entry.id,
            ticket_id: entry.ticket_id,
            started_at: entry.started_at,
            ended_at: entry.ended_at,
            hours: entry.hours,
        }
    }
}

/// Working time together.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TimeTotals {
    /// All of it.
    pub hours: TimeSpent,
    /// What somebody pays for.
    pub billable_hours: TimeSpent,
    /// How many entries it is of.
    pub entries: u64,
    /// What it earns, by currency.
    pub amounts: Vec<Money>,
}

impl TimeTotals {
    /// The sum of these tallies.
    pub(super) fn of<'a>(tallies: impl IntoIterator<Item = &'a TimeTally>) -> Self {
        let (mut totals, mut amounts) = (Self::default(), BTreeMap::new());
        for tally in tallies {
            totals.hours += tally.hours;
            totals.billable_hours += tally.billable_hours;
            totals.entries += tally.entries;
            if let Some(currency) = tally.currency {
                *amounts.entry(currency).or_default() += tally.amount_minor;
            }
        }
        totals.amounts = amounts.into_iter().map(|(currency, amount_minor)| Money { amount_minor, currency }).collect();
        totals
    }
}

impl Desk {
    /// Entries with the names of those whose they are.
    pub(super) async fn time_views(
        &self,
        snapshot: &Snapshot,
        entries: Vec<TimeEntry>,
    ) -> Result<Vec<TimeEntryView>, Error> {
        let people = self.people_of(snapshot, entries.iter().map(|entry| entry.user_id)).await?;
        let view = |entry: TimeEntry| {
            let nameless = Person { id: Some(entry.user_id), name: String::new(), role: String::new() };
            TimeEntryView {
                amount: entry.amount(),
                id: entry.id,
                ticket_id: entry.ticket_id,
                user: people.get(&entry.user_id).cloned().unwrap_or(nameless),
                hours: entry.hours,
                description: entry.description,
                billable: entry.is_billable,
                started_at: entry.started_at,
                ended_at: entry.ended_at,
                rate: entry.rate,
                customer_id: entry.customer_id,
                organization_id: entry.organization_id,
                version: entry.version,
                created_at: entry.created_at,
                updated_at: entry.updated_at,
                warnings: Vec::new(),
            }
        };
        Ok(entries.into_iter().map(view).collect())
    }

    /// The same of one.
    pub(super) async fn time_view(&self, snapshot: &Snapshot, entry: TimeEntry) -> Result<TimeEntryView, Error> {
        self.time_views(snapshot, vec![entry]).await?.pop().ok_or(Error::NotFound("time entry"))
    }
}
