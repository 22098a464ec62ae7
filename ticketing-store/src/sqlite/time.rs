//! Reading and counting working time.

use super::failure::corrupt;
use super::open::SqliteStore;
use super::report::spans;
use super::row::Cells;
use super::scope::push_scope;
use super::ticket::limit;
use crate::row::money;
use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqliteRow};
use ticketing_core::access::Scope;
use ticketing_core::ids::{OrganizationId, TeamId, TicketId, TimeEntryId, UserId};
use ticketing_core::model::{Stopwatch, TimeEntry, TimeSpent};
use ticketing_core::port::{StoreResult, TimeRead};
use ticketing_core::query::{TimeFilter, TimeQuery};
use ticketing_core::report::{TimeGroup, TimeGrouping, TimeTally, TimeTallyQuery};
use ticketing_core::time::Time;
use uuid::Uuid;

/// Columns of [`entry`] from `time_entry e`.
const ENTRY: &str = "e.id, e.ticket_id, e.logged_on, e.user_id, e.hours, e.is_billable, e.description, e.started_at, \
     e.ended_at, e.rate, e.currency, e.customer_id, e.organization_id, e.team_id, e.version, e.created_at, e.updated_at";

#[async_trait]
impl TimeRead for SqliteStore {
    async fn time_entry(&self, scope: &Scope, id: TimeEntryId) -> StoreResult<Option<TimeEntry>> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(ENTRY);
        push_from(&mut query, scope);
        query.push(" AND e.id = ").push_bind(id.0);
        self.row(query).await?.as_ref().map(entry).transpose()
    }

    async fn time_entries(&self, scope: &Scope, wanted: &TimeQuery) -> StoreResult<Vec<TimeEntry>> {
        let mut query = QueryBuilder::new("");
        push_list(&mut query, scope, wanted);
        self.rows(query).await?.iter().map(entry).collect()
    }

    async fn overlapping_time(
        &self,
        scope: &Scope,
        user_id: UserId,
        stretch: (Time, Time),
        many: usize,
    ) -> StoreResult<Vec<TimeEntry>> {
        let mut query = QueryBuilder::new("");
        push_overlapping(&mut query, scope, user_id, stretch, many);
        self.rows(query).await?.iter().map(entry).collect()
    }

    async fn time_span(&self, scope: &Scope, filter: &TimeFilter) -> StoreResult<Option<(Time, Time)>> {
        let mut query = QueryBuilder::new("");
        push_span(&mut query, scope, filter);
        let Some(row) = self.row(query).await? else { return Ok(None) };
        let mut cells = Cells::of(&row);
        Ok(cells.maybe_time()?.zip(cells.maybe_time()?))
    }

    async fn time_report(&self, scope: &Scope, wanted: &TimeTallyQuery) -> StoreResult<Vec<TimeTally>> {
        let mut query = QueryBuilder::new("");
        push_counting(&mut query, scope, wanted);
        self.rows(query).await?.iter().map(|row| tally(&wanted.group_by, row)).collect()
    }

    async fn stopwatch(&self, user_id: UserId) -> StoreResult<Option<Stopwatch>> {
        let mut query = QueryBuilder::new(
            "SELECT ticket_id, started_at, running_since, counted, description, is_billable, version FROM stopwatch \
             WHERE user_id = ",
        );
        query.push_bind(user_id.0);
        let Some(row) = self.row(query).await? else { return Ok(None) };
        let mut cells = Cells::of(&row);
        Ok(Some(Stopwatch {
            user_id,
            ticket_id: cells.id(TicketId)?,
            started_at: cells.time()?,
            running_since: cells.maybe_time()?,
            counted: cells.take()?,
            description: cells.take()?,
            is_billable: cells.take()?,
            version: cells.take()?,
        }))
    }
}

fn entry(row: &SqliteRow) -> StoreResult<TimeEntry> {
    let mut cells = Cells::of(row);
    Ok(TimeEntry {
        id: cells.id(TimeEntryId)?,
        ticket_id: cells.id(TicketId)?,
        logged_on: cells.id(TicketId)?,
        user_id: cells.id(UserId)?,
        hours: TimeSpent::hundredths(cells.take()?),
        is_billable: cells.take()?,
        description: cells.take()?,
        started_at: cells.maybe_time()?,
        ended_at: cells.maybe_time()?,
        rate: money(cells.take()?, cells.take()?)?,
        customer_id: cells.id(UserId)?,
        organization_id: cells.maybe_id(OrganizationId)?,
        team_id: cells.maybe_id(TeamId)?,
        version: cells.take()?,
        created_at: cells.time()?,
        updated_at: cells.time()?,
    })
}

/// Time is found by its own indexes, also where the ticket says whether it is seen.
fn push_from(query: &mut QueryBuilder<Sqlite>, scope: &Scope) {
    query.push(" FROM time_entry e");
    push_seen(query, scope);
}

fn push_seen(query: &mut QueryBuilder<Sqlite>, scope: &Scope) {
    if matches!(scope, Scope::System(_) | Scope::Staff { .. }) {
        query.push(" WHERE TRUE");
        return;
    }
    query.push(" CROSS JOIN ticket t ON t.id = e.ticket_id WHERE ");
    if scope.sees_internal() {
        push_scope(query, scope);
    } else {
        query.push("FALSE");
    }
}

fn push_filter(query: &mut QueryBuilder<Sqlite>, filter: &TimeFilter) {
    if let Some(from) = filter.from {
        query.push(" AND e.at >= ").push_bind(from.timestamp_micros());
    }
    if let Some(to) = filter.to {
        query.push(" AND e.at < ").push_bind(to.timestamp_micros());
    }
    match filter.tickets.as_deref() {
        Some([ticket]) => {
            query.push(" AND e.ticket_id = ").push_bind(ticket.0);
        }
        Some(tickets) => {
            query.push(" AND e.ticket_id IN (");
            let mut list = query.separated(", ");
            for id in tickets {
                list.push_bind(id.0);
            }
            query.push(")");
        }
        None => {}
    }
    let ids = [
        (" AND e.user_id = ", filter.user_id.map(|id| id.0)),
        (" AND e.customer_id = ", filter.customer_id.map(|id| id.0)),
        (" AND e.organization_id = ", filter.organization_id.map(|id| id.0)),
        (" AND e.team_id = ", filter.team_id.map(|id| id.0)),
    ];
    for (column, id) in ids {
        if let Some(id) = id {
            query.push(column).push_bind(id);
        }
    }
    if let Some(billable) = filter.billable {
        query.push(" AND e.is_billable = ").push_bind(billable);
    }
}

/// Appends a page, latest first.
pub(super) fn push_list(query: &mut QueryBuilder<Sqlite>, scope: &Scope, wanted: &TimeQuery) {
    query.push("SELECT ").push(ENTRY);
    push_from(query, scope);
    push_filter(query, &wanted.filter);
    if let Some((at, id)) = wanted.before {
        query.push(" AND (e.at, e.id) < (").push_bind(at.timestamp_micros()).push(", ").push_bind(id.0).push(")");
    }
    query.push(" ORDER BY e.at DESC, e.id DESC LIMIT ").push_bind(limit(wanted.limit));
}

/// Appends what has time in common with a stretch.
pub(super) fn push_overlapping(
    query: &mut QueryBuilder<Sqlite>,
    scope: &Scope,
    user_id: UserId,
    (from, to): (Time, Time),
    many: usize,
) {
    let earliest = from.checked_sub_signed(TimeEntry::LONGEST).unwrap_or(from);
    query.push("SELECT ").push(ENTRY);
    push_from(query, scope);
    query.push(" AND e.user_id = ").push_bind(user_id.0);
    query.push(" AND e.at > ").push_bind(earliest.timestamp_micros());
    query.push(" AND e.at < ").push_bind(to.timestamp_micros());
    query.push(" AND e.started_at IS NOT NULL AND e.ended_at > ").push_bind(from.timestamp_micros());
    query.push(" ORDER BY e.at, e.id LIMIT ").push_bind(limit(many));
}

/// Appends the first and the last moment. Each is a look of its own, so that it is one step along an index.
pub(super) fn push_span(query: &mut QueryBuilder<Sqlite>, scope: &Scope, filter: &TimeFilter) {
    for (place, edge) in ["SELECT (SELECT min(e.at)", ", (SELECT max(e.at)"].into_iter().enumerate() {
        query.push(edge);
        push_from(query, scope);
        push_filter(query, filter);
        query.push(if place == 0 { ")" } else { ") " });
    }
}

/// Appends what counts time by group. A group is an id or a place; the other is the same in all rows. Periods are walked one
/// by one along an index by moment.
pub(super) fn push_counting(query: &mut QueryBuilder<Sqlite>, scope: &Scope, wanted: &TimeTallyQuery) {
    query.push("SELECT ").push(match wanted.group_by {
        TimeGrouping::Whole => "NULL, 0",
        TimeGrouping::Ticket => "e.ticket_id, 0",
        TimeGrouping::Agent => "e.user_id, 0",
        TimeGrouping::Customer => "e.customer_id, 0",
        TimeGrouping::Organization => "e.organization_id, 0",
        TimeGrouping::Periods(_) => "NULL, p.key",
    });
    query.push(
        ", CASE WHEN e.amount IS NOT NULL THEN e.currency END, sum(e.hours), \
         coalesce(sum(e.hours) FILTER (WHERE e.is_billable), 0), count(*), coalesce(sum(e.amount), 0)",
    );
    if let TimeGrouping::Periods(starts) = &wanted.group_by {
        let end = wanted.filter.to.unwrap_or(Time::MAX_UTC);
        let spans = serde_json::json!(spans(starts, end)).to_string();
        query.push(" FROM json_each(").push_bind(spans).push(") p CROSS JOIN time_entry e");
        push_seen(query, scope);
        query.push(" AND e.at >= p.value ->> 0 AND e.at < p.value ->> 1");
    } else {
        push_from(query, scope);
    }
    push_filter(query, &wanted.filter);
    query.push(" GROUP BY 1, 2, 3 LIMIT ").push_bind(limit(wanted.limit));
}

fn tally(group_by: &TimeGrouping, row: &SqliteRow) -> StoreResult<TimeTally> {
    let mut cells = Cells::of(row);
    let (id, place): (Option<Uuid>, i64) = (cells.take()?, cells.take()?);
    let known = || id.ok_or_else(|| corrupt("time of nobody"));
    let currency: Option<&str> = cells.take()?;
    Ok(TimeTally {
        group: match group_by {
            TimeGrouping::Whole => TimeGroup::Whole,
            TimeGrouping::Ticket => TimeGroup::Ticket(TicketId(known()?)),
            TimeGrouping::Agent => TimeGroup::Agent(UserId(known()?)),
            TimeGrouping::Customer => TimeGroup::Customer(UserId(known()?)),
            TimeGrouping::Organization => TimeGroup::Organization(id.map(OrganizationId)),
            TimeGrouping::Periods(_) => TimeGroup::Period(usize::try_from(place).map_err(corrupt)?),
        },
        currency: currency.map(str::parse).transpose().map_err(|_| corrupt("no currency"))?,
        hours: TimeSpent::hundredths(cells.take()?),
        billable_hours: TimeSpent::hundredths(cells.take()?),
        entries: cells.count()?,
        amount_minor: cells.take()?,
    })
}
