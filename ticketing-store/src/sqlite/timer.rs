//! What is due by the clock, as the workers see it.

use super::open::SqliteStore;
use super::order::{Done, Order};
use super::row::Cells;
use super::ticket::limit;
use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqliteRow};
use ticketing_core::ids::{TicketId, WorkflowId};
use ticketing_core::model::{Fired, Recurrence, RecurrenceKind};
use ticketing_core::port::{LONGEST_HOLD, StoreResult, Timers};
use ticketing_core::time::Time;
use uuid::Uuid;

#[async_trait]
impl Timers for SqliteStore {
    async fn claim_wakes(&self, now: Time, until: Time, limit: usize) -> StoreResult<Vec<TicketId>> {
        self.writer.order(Order::ClaimWakes { now, until, limit }).await.and_then(Done::wakes)
    }

    async fn next_due_at(&self, now: Time) -> StoreResult<Option<Time>> {
        let mut query = QueryBuilder::new("");
        push_next_due(&mut query, now);
        let row = self.row(query).await?;
        row.as_ref().map(|row| Cells::of(row).maybe_time()).transpose().map(Option::flatten)
    }

    async fn fired(&self, ticket_ids: &[TicketId]) -> StoreResult<Vec<Fired>> {
        let mut query = QueryBuilder::new("SELECT ticket_id, rule_id, anchor_at FROM fired WHERE ticket_id IN (");
        push_ids(&mut query, ticket_ids.iter().map(|id| id.0));
        self.rows(query).await?.iter().map(fired).collect()
    }

    async fn due_schedules(&self, now: Time, many: usize) -> StoreResult<Vec<Recurrence>> {
        let mut query = QueryBuilder::new("SELECT kind, id, next_at, version FROM schedule WHERE next_at <= ");
        query.push_bind(now.timestamp_micros()).push(" ORDER BY next_at, kind, id LIMIT ").push_bind(limit(many));
        self.rows(query).await?.iter().map(recurrence).collect()
    }

    async fn schedules(&self, kind: RecurrenceKind, ids: &[Uuid]) -> StoreResult<Vec<Recurrence>> {
        let mut query = QueryBuilder::new("SELECT kind, id, next_at, version FROM schedule WHERE kind = ");
        query.push_bind(kind.rank()).push(" AND id IN (");
        push_ids(&mut query, ids.iter().copied());
        self.rows(query).await?.iter().map(recurrence).collect()
    }
}

/// Appends the earliest of what is due; the walk passes by only what is held at its beginning.
pub(super) fn push_next_due(query: &mut QueryBuilder<Sqlite>, now: Time) {
    query
        .push("SELECT min(at) FROM (SELECT (SELECT due_at FROM ticket_wake WHERE held_until IS NULL OR held_until <= ");
    query.push_bind(now.timestamp_micros());
    query.push(" OR held_until > ").push_bind((now + LONGEST_HOLD).timestamp_micros());
    query.push(" ORDER BY due_at, ticket_id LIMIT 1) AS at UNION ALL SELECT (SELECT min(next_at) FROM schedule))");
}

fn fired(row: &SqliteRow) -> StoreResult<Fired> {
    let mut cells = Cells::of(row);
    Ok(Fired { ticket_id: cells.id(TicketId)?, rule_id: cells.id(WorkflowId)?, anchor_at: cells.time()? })
}

fn recurrence(row: &SqliteRow) -> StoreResult<Recurrence> {
    let mut cells = Cells::of(row);
    Ok(Recurrence {
        kind: cells.word(RecurrenceKind::from_rank)?,
        id: cells.take()?,
        next_at: cells.time()?,
        version: cells.take()?,
    })
}

fn push_ids(query: &mut QueryBuilder<Sqlite>, ids: impl Iterator<Item = Uuid>) {
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(id);
    }
    query.push(")");
}
