//! What is due by the clock, as the workers see it.

use super::failure::in_read;
use super::rows;
use super::source::{Lease, Pg, Source};
use super::up_to;
use crate::row::word;
use async_trait::async_trait;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use ticketing_core::model::{Fired, Recurrence, RecurrenceKind};
use ticketing_core::port::{LONGEST_HOLD, StoreError, StoreResult, Timers};
use ticketing_core::time::Time;
use ticketing_core::{TicketId, WorkflowId};
use uuid::Uuid;

#[async_trait]
impl<S: Source> Timers for Pg<S> {
    async fn claim_wakes(&self, now: Time, until: Time, limit: usize) -> StoreResult<Vec<TicketId>> {
        let mut lease = self.source.lease_to_write().await?;
        let claimed = claim(&mut lease, (now, until), limit, S::COMMITS).await;
        lease.finish(claimed)
    }

    async fn next_due_at(&self, now: Time) -> StoreResult<Option<Time>> {
        let mut lease = self.source.lease().await?;
        let next = next_due_at(&mut lease, now).await;
        lease.finish(next)
    }

    async fn fired(&self, ticket_ids: &[TicketId]) -> StoreResult<Vec<Fired>> {
        let mut lease = self.source.lease().await?;
        let found = fired(&mut lease, ticket_ids).await;
        lease.finish(found)
    }

    async fn due_schedules(&self, now: Time, limit: usize) -> StoreResult<Vec<Recurrence>> {
        let mut lease = self.source.lease().await?;
        let due = due_schedules(&mut lease, now, limit).await;
        lease.finish(due)
    }

    async fn schedules(&self, kind: RecurrenceKind, ids: &[Uuid]) -> StoreResult<Vec<Recurrence>> {
        let mut lease = self.source.lease().await?;
        let found = schedules(&mut lease, kind, ids).await;
        lease.finish(found)
    }
}

/// The walk along the index ends at the limit, and passes by only what is held at its beginning. The rows are then found
/// by an array of their keys, for which the planner takes the index whatever it knows of the table. A claim that a crash
/// undoes is only made again, so nobody waits for the disk to have it.
fn claiming((now, until): (Time, Time), limit: usize, is_alone: bool) -> QueryBuilder<Postgres> {
    let relaxed = if is_alone { "SELECT set_config('synchronous_commit', 'off', true)" } else { "SELECT ''" };
    let mut sql =
        QueryBuilder::new("WITH due AS MATERIALIZED (SELECT w.ticket_id FROM ticket_wake w WHERE w.due_at <= ");
    sql.push_bind(now).push(" AND (w.held_until IS NULL OR w.held_until <= ").push_bind(now);
    sql.push(" OR w.held_until > ").push_bind(now + LONGEST_HOLD);
    sql.push(") ORDER BY w.due_at, w.ticket_id LIMIT ").push(up_to(limit)).push(" FOR UPDATE SKIP LOCKED), ");
    sql.push("relaxed AS MATERIALIZED (").push(relaxed).push("), held AS (UPDATE ticket_wake w SET held_until = ");
    sql.push_bind(until).push(
        " FROM relaxed WHERE w.ticket_id = ANY(ARRAY(SELECT ticket_id FROM due)) RETURNING w.ticket_id, w.due_at) \
         SELECT h.ticket_id FROM held h ORDER BY h.due_at, h.ticket_id",
    );
    sql
}

async fn claim(
    connection: &mut PgConnection,
    span: (Time, Time),
    limit: usize,
    is_alone: bool,
) -> StoreResult<Vec<TicketId>> {
    let mut sql = claiming(span, limit, is_alone);
    // A plan that was kept from when few tickets waited would read all of them once many do.
    let query = sql.build_query_scalar::<Uuid>().persistent(false);
    let ids = query.fetch_all(connection).await.map_err(in_read)?;
    Ok(ids.into_iter().map(TicketId).collect())
}

async fn next_due_at(connection: &mut PgConnection, now: Time) -> StoreResult<Option<Time>> {
    let query = sqlx::query_scalar(
        "SELECT least((SELECT w.due_at FROM ticket_wake w
                       WHERE w.held_until IS NULL OR w.held_until <= $1 OR w.held_until > $2
                       ORDER BY w.due_at, w.ticket_id LIMIT 1),
                      (SELECT min(s.next_at) FROM schedule s))",
    );
    query.bind(now).bind(now + LONGEST_HOLD).fetch_one(connection).await.map_err(in_read)
}

pub(super) async fn fired(connection: &mut PgConnection, ticket_ids: &[TicketId]) -> StoreResult<Vec<Fired>> {
    let rows = sqlx::query_as("SELECT ticket_id, rule_id, anchor_at FROM fired WHERE ticket_id = ANY($1)");
    let ids: Vec<Uuid> = ticket_ids.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid, Uuid, Time)> = rows.bind(ids).fetch_all(connection).await.map_err(in_read)?;
    let fired = |(ticket, rule, anchor_at)| Fired { ticket_id: TicketId(ticket), rule_id: WorkflowId(rule), anchor_at };
    Ok(rows.into_iter().map(fired).collect())
}

#[derive(FromRow)]
struct ScheduleRow {
    kind: i16,
    id: Uuid,
    next_at: Time,
    version: i64,
}

impl TryFrom<ScheduleRow> for Recurrence {
    type Error = StoreError;

    fn try_from(row: ScheduleRow) -> StoreResult<Self> {
        let kind = word("schedule.kind", row.kind, RecurrenceKind::from_rank)?;
        Ok(Self { kind, id: row.id, next_at: row.next_at, version: row.version })
    }
}

async fn due_schedules(connection: &mut PgConnection, now: Time, limit: usize) -> StoreResult<Vec<Recurrence>> {
    let rows = sqlx::query_as::<_, ScheduleRow>(
        "SELECT kind, id, next_at, version FROM schedule WHERE next_at <= $1 ORDER BY next_at, kind, id LIMIT $2",
    );
    rows::all(rows.bind(now).bind(up_to(limit)).fetch_all(connection).await.map_err(in_read)?)
}

pub(super) async fn schedules(
    connection: &mut PgConnection,
    kind: RecurrenceKind,
    ids: &[Uuid],
) -> StoreResult<Vec<Recurrence>> {
    let rows = sqlx::query_as::<_, ScheduleRow>(
        "SELECT kind, id, next_at, version FROM schedule WHERE kind = $1 AND id = ANY($2)",
    );
    rows::all(rows.bind(kind.rank()).bind(ids).fetch_all(connection).await.map_err(in_read)?)
}
