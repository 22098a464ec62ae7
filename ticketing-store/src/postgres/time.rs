//! Reading and counting working time.

use super::failure::in_read;
use super::rows;
use super::scope::{push_scope, sees_all};
use super::source::{Lease, Pg, Source};
use super::up_to;
use crate::row::{corrupt, money};
use async_trait::async_trait;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use ticketing_core::model::{Stopwatch, TimeEntry, TimeSpent};
use ticketing_core::port::{StoreError, StoreResult, TimeRead};
use ticketing_core::query::{TimeFilter, TimeQuery};
use ticketing_core::report::{TimeGroup, TimeGrouping, TimeTally, TimeTallyQuery};
use ticketing_core::time::Time;
use ticketing_core::{OrganizationId, Scope, TeamId, TicketId, TimeEntryId, UserId};
use uuid::Uuid;

/// What an [`EntryRow`] is read from: a time entry `e`.
const ENTRY: &str = "e.id, e.ticket_id, e.logged_on, e.user_id, e.hours, e.is_billable, e.description, e.started_at, \
     e.ended_at, e.rate, e.currency, e.customer_id, e.organization_id, e.team_id, e.version, e.created_at, e.updated_at";

#[async_trait]
impl<S: Source> TimeRead for Pg<S> {
    async fn time_entry(&self, scope: &Scope, id: TimeEntryId) -> StoreResult<Option<TimeEntry>> {
        let mut sql = select();
        push_from(&mut sql, scope);
        sql.push(" AND e.id = ").push_bind(id.0);
        let mut lease = self.source.lease().await?;
        let found = entries(&mut lease, sql).await;
        Ok(lease.finish(found)?.pop())
    }

    async fn time_entries(&self, scope: &Scope, query: &TimeQuery) -> StoreResult<Vec<TimeEntry>> {
        let mut sql = select();
        push_from(&mut sql, scope);
        push_filter(&mut sql, &query.filter);
        if let Some((at, id)) = query.before {
            sql.push(" AND (e.at, e.id) < (").push_bind(at).push(", ").push_bind(id.0).push(")");
        }
        sql.push(" ORDER BY e.at DESC, e.id DESC LIMIT ").push(up_to(query.limit));
        let mut lease = self.source.lease().await?;
        let found = entries(&mut lease, sql).await;
        lease.finish(found)
    }

    async fn overlapping_time(
        &self,
        scope: &Scope,
        user_id: UserId,
        (from, to): (Time, Time),
        limit: usize,
    ) -> StoreResult<Vec<TimeEntry>> {
        let mut sql = select();
        push_from(&mut sql, scope);
        sql.push(" AND e.user_id = ").push_bind(user_id.0);
        sql.push(" AND e.at > ").push_bind(from.checked_sub_signed(TimeEntry::LONGEST).unwrap_or(from));
        sql.push(" AND e.at < ").push_bind(to);
        sql.push(" AND e.started_at IS NOT NULL AND e.ended_at > ").push_bind(from);
        sql.push(" ORDER BY e.at, e.id LIMIT ").push(up_to(limit));
        let mut lease = self.source.lease().await?;
        let found = entries(&mut lease, sql).await;
        lease.finish(found)
    }

    async fn time_span(&self, scope: &Scope, filter: &TimeFilter) -> StoreResult<Option<(Time, Time)>> {
        let mut lease = self.source.lease().await?;
        let span = span(&mut lease, scope, filter).await;
        lease.finish(span)
    }

    async fn time_report(&self, scope: &Scope, query: &TimeTallyQuery) -> StoreResult<Vec<TimeTally>> {
        let mut lease = self.source.lease().await?;
        let tallies = tallies(&mut lease, scope, query).await;
        lease.finish(tallies)
    }

    async fn stopwatch(&self, user_id: UserId) -> StoreResult<Option<Stopwatch>> {
        let mut lease = self.source.lease().await?;
        let found = stopwatch(&mut lease, user_id).await;
        lease.finish(found)
    }
}

fn select() -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(ENTRY);
    sql
}

/// Time is found by its own indexes; only whoever does not see every ticket needs the ticket.
fn push_from(sql: &mut QueryBuilder<Postgres>, scope: &Scope) {
    sql.push(" FROM time_entry e");
    if sees_all(scope) {
        sql.push(" WHERE TRUE");
        return;
    }
    sql.push(" JOIN ticket t ON t.id = e.ticket_id WHERE ");
    if scope.sees_internal() {
        push_scope(sql, scope);
    } else {
        sql.push("FALSE");
    }
}

fn push_filter(sql: &mut QueryBuilder<Postgres>, filter: &TimeFilter) {
    if let Some(from) = filter.from {
        sql.push(" AND e.at >= ").push_bind(from);
    }
    if let Some(to) = filter.to {
        sql.push(" AND e.at < ").push_bind(to);
    }
    if let Some(tickets) = &filter.tickets {
        let tickets: Vec<_> = tickets.iter().map(|id| id.0).collect();
        sql.push(" AND e.ticket_id = ANY(").push_bind(tickets).push(")");
    }
    let ids = [
        (" AND e.user_id = ", filter.user_id.map(|id| id.0)),
        (" AND e.customer_id = ", filter.customer_id.map(|id| id.0)),
        (" AND e.organization_id = ", filter.organization_id.map(|id| id.0)),
        (" AND e.team_id = ", filter.team_id.map(|id| id.0)),
    ];
    for (column, id) in ids {
        if let Some(id) = id {
            sql.push(column).push_bind(id);
        }
    }
    if let Some(billable) = filter.billable {
        sql.push(" AND e.is_billable = ").push_bind(billable);
    }
}

#[derive(FromRow)]
struct EntryRow {
    id: Uuid,
    ticket_id: Uuid,
    logged_on: Uuid,
    user_id: Uuid,
    hours: i32,
    is_billable: bool,
    description: Option<String>,
    started_at: Option<Time>,
    ended_at: Option<Time>,
    rate: Option<i64>,
    currency: Option<String>,
    customer_id: Uuid,
    organization_id: Option<Uuid>,
    team_id: Option<Uuid>,
    version: i64,
    created_at: Time,
    updated_at: Time,
}

impl TryFrom<EntryRow> for TimeEntry {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> StoreResult<Self> {
        Ok(Self {
            id: TimeEntryId(row.id),
            ticket_id: TicketId(row.ticket_id),
            logged_on: TicketId(row.logged_on),
            user_id: UserId(row.user_id),
            hours: TimeSpent::hundredths(row.hours.into()),
            is_billable: row.is_billable,
            description: row.description,
            started_at: row.started_at,
            ended_at: row.ended_at,
            rate: money(row.rate, row.currency.as_deref())?,
            customer_id: UserId(row.customer_id),
            organization_id: row.organization_id.map(OrganizationId),
            team_id: row.team_id.map(TeamId),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

async fn entries(connection: &mut PgConnection, mut sql: QueryBuilder<Postgres>) -> StoreResult<Vec<TimeEntry>> {
    rows::all(sql.build_query_as::<EntryRow>().fetch_all(connection).await.map_err(in_read)?)
}

async fn span(connection: &mut PgConnection, scope: &Scope, filter: &TimeFilter) -> StoreResult<Option<(Time, Time)>> {
    let mut sql = QueryBuilder::new("SELECT min(e.at), max(e.at)");
    push_from(&mut sql, scope);
    push_filter(&mut sql, filter);
    let (first, last): (Option<Time>, Option<Time>) =
        sql.build_query_as().fetch_one(connection).await.map_err(in_read)?;
    Ok(first.zip(last))
}

#[derive(FromRow)]
struct TallyRow {
    id: Option<Uuid>,
    place: i32,
    currency: Option<String>,
    hours: i64,
    billable: i64,
    entries: i64,
    amount: i64,
}

/// A group is an id or a place; the other is the same in all rows.
fn counting(scope: &Scope, query: &TimeTallyQuery) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT ");
    match &query.group_by {
        TimeGrouping::Whole => sql.push("NULL::uuid AS id, 0"),
        TimeGrouping::Ticket => sql.push("e.ticket_id AS id, 0"),
        TimeGrouping::Agent => sql.push("e.user_id AS id, 0"),
        TimeGrouping::Customer => sql.push("e.customer_id AS id, 0"),
        TimeGrouping::Organization => sql.push("e.organization_id AS id, 0"),
        TimeGrouping::Periods(starts) => {
            sql.push("NULL::uuid AS id, width_bucket(e.at, ").push_bind(starts.clone()).push("::timestamptz[]) - 1")
        }
    };
    sql.push(
        " AS place, CASE WHEN e.amount IS NOT NULL THEN e.currency END AS currency, sum(e.hours)::int8 AS hours, \
         coalesce(sum(e.hours) FILTER (WHERE e.is_billable), 0)::int8 AS billable, count(*) AS entries, \
         coalesce(sum(e.amount), 0)::int8 AS amount",
    );
    push_from(&mut sql, scope);
    push_filter(&mut sql, &query.filter);
    sql.push(" GROUP BY 1, 2, 3 LIMIT ").push(up_to(query.limit));
    sql
}

async fn tallies(connection: &mut PgConnection, scope: &Scope, query: &TimeTallyQuery) -> StoreResult<Vec<TimeTally>> {
    let mut sql = counting(scope, query);
    let rows: Vec<TallyRow> = sql.build_query_as().fetch_all(connection).await.map_err(in_read)?;
    rows.iter().map(|row| tally(&query.group_by, row)).collect()
}

fn tally(group_by: &TimeGrouping, row: &TallyRow) -> StoreResult<TimeTally> {
    let id = || row.id.ok_or_else(|| corrupt("time_entry", "of nobody"));
    let currency = row.currency.as_deref().map(str::parse).transpose();
    Ok(TimeTally {
        group: match group_by {
            TimeGrouping::Whole => TimeGroup::Whole,
            TimeGrouping::Ticket => TimeGroup::Ticket(TicketId(id()?)),
            TimeGrouping::Agent => TimeGroup::Agent(UserId(id()?)),
            TimeGrouping::Customer => TimeGroup::Customer(UserId(id()?)),
            TimeGrouping::Organization => TimeGroup::Organization(row.id.map(OrganizationId)),
            TimeGrouping::Periods(_) => TimeGroup::Period(usize::try_from(row.place).unwrap_or_default()),
        },
        currency: currency.map_err(|_| corrupt("time_entry.currency", row.currency.as_deref().unwrap_or_default()))?,
        hours: TimeSpent::hundredths(row.hours),
        billable_hours: TimeSpent::hundredths(row.billable),
        entries: u64::try_from(row.entries).unwrap_or_default(),
        amount_minor: row.amount,
    })
}

#[derive(FromRow)]
struct StopwatchRow {
    user_id: Uuid,
    ticket_id: Uuid,
    started_at: Time,
    running_since: Option<Time>,
    counted: i64,
    description: Option<String>,
    is_billable: Option<bool>,
    version: i64,
}

/// A person's stopwatch.
pub(super) async fn stopwatch(connection: &mut PgConnection, user_id: UserId) -> StoreResult<Option<Stopwatch>> {
    let found = sqlx::query_as::<_, StopwatchRow>("SELECT * FROM stopwatch WHERE user_id = $1").bind(user_id.0);
    let found = found.fetch_optional(connection).await.map_err(in_read)?;
    Ok(found.map(|row| Stopwatch {
        user_id: UserId(row.user_id),
        ticket_id: TicketId(row.ticket_id),
        started_at: row.started_at,
        running_since: row.running_since,
        counted: row.counted,
        description: row.description,
        is_billable: row.is_billable,
        version: row.version,
    }))
}
