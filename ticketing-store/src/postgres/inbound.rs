//! Reading mail that came in.

use super::failure::in_read;
use super::rows;
use super::source::{Lease, Pg, Source};
use super::up_to;
use crate::row::{bytes, corrupt, word};
use async_trait::async_trait;
use serde_json::Value;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use std::collections::BTreeSet;
use ticketing_core::model::{Arrival, ArrivalCause, ArrivalDetail, ArrivalDoor, ArrivalState};
use ticketing_core::port::{ArrivalCount, ArrivalQuery, InboundRead, StoreError, StoreResult};
use ticketing_core::time::Time;
use ticketing_core::{ArrivalId, CommentId, TicketId};
use uuid::Uuid;

/// What an [`ArrivalRow`] is read from: an arrival `a`.
const ARRIVAL: &str = "a.id, a.key, a.digest, a.size, a.door, a.mailbox_id, a.state, a.cause, a.sender, a.ticket_id, \
    a.comment_id, a.detail, a.received_at, a.version";

#[async_trait]
impl<S: Source> InboundRead for Pg<S> {
    async fn arrival(&self, id: ArrivalId) -> StoreResult<Option<Arrival>> {
        let mut sql = select();
        sql.push(" WHERE a.id = ").push_bind(id.0);
        Ok(self.found(sql).await?.pop())
    }

    async fn arrival_by_key(&self, key: &str) -> StoreResult<Option<Arrival>> {
        let mut sql = select();
        sql.push(" WHERE a.key = ").push_bind(key.to_owned());
        Ok(self.found(sql).await?.pop())
    }

    async fn arrivals(&self, query: &ArrivalQuery) -> StoreResult<Vec<Arrival>> {
        self.found(list(query)).await
    }

    async fn arrivals_since(&self, sender: &str, since: Time, limit: usize) -> StoreResult<(u64, u64)> {
        let mut sql = QueryBuilder::new("SELECT ");
        for (place, state) in [ArrivalState::Threaded, ArrivalState::New].into_iter().enumerate() {
            sql.push(if place == 0 { "" } else { ", " });
            sql.push("(SELECT count(*) FROM (SELECT 1 FROM arrival a WHERE a.state = ").push(state.rank());
            sql.push(" AND a.sender = ").push_bind(sender.to_owned());
            sql.push(" AND a.received_at >= ").push_bind(since);
            sql.push(" LIMIT ").push(up_to(limit)).push(") x)");
        }
        let mut lease = self.source.lease().await?;
        let counts = sql.build_query_as::<(i64, i64)>().fetch_one(&mut *lease).await.map_err(in_read);
        let (threaded, new) = lease.finish(counts)?;
        Ok((u64::try_from(threaded).unwrap_or_default(), u64::try_from(new).unwrap_or_default()))
    }

    async fn ticket_arrivals_since(&self, ticket_id: TicketId, since: Time, limit: usize) -> StoreResult<u64> {
        let mut sql = QueryBuilder::new("SELECT count(*) FROM (SELECT 1 FROM arrival a WHERE a.state = ");
        sql.push(ArrivalState::Threaded.rank()).push(" AND a.ticket_id = ").push_bind(ticket_id.0);
        sql.push(" AND a.received_at >= ").push_bind(since).push(" LIMIT ").push(up_to(limit)).push(") x");
        let mut lease = self.source.lease().await?;
        let count = sql.build_query_scalar::<i64>().fetch_one(&mut *lease).await.map_err(in_read);
        Ok(u64::try_from(lease.finish(count)?).unwrap_or_default())
    }

    async fn arrival_counts(&self) -> StoreResult<Vec<ArrivalCount>> {
        let mut lease = self.source.lease().await?;
        let counts = counts(&mut lease).await;
        lease.finish(counts)
    }
}

impl<S: Source> Pg<S> {
    async fn found(&self, mut sql: QueryBuilder<Postgres>) -> StoreResult<Vec<Arrival>> {
        let mut lease = self.source.lease().await?;
        let found = sql.build_query_as::<ArrivalRow>().fetch_all(&mut *lease).await.map_err(in_read);
        rows::all(lease.finish(found)?)
    }
}

fn select() -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(ARRIVAL).push(" FROM arrival a");
    sql
}

/// Each state is walked along its own part of the index. Where one sender or ticket is asked for, that says more than
/// any state.
fn list(query: &ArrivalQuery) -> QueryBuilder<Postgres> {
    let states: BTreeSet<i16> = query.states.iter().map(|state| state.rank()).collect();
    let is_narrow = query.sender.is_some() || query.ticket_id.is_some();
    if states.is_empty() || is_narrow {
        let mut sql = select();
        sql.push(" WHERE TRUE");
        if !states.is_empty() {
            sql.push(" AND a.state = ANY(").push_bind(states.into_iter().collect::<Vec<_>>()).push(")");
        }
        push_rest(&mut sql, query);
        return sql;
    }
    let mut sql = QueryBuilder::new("SELECT * FROM (");
    for (place, state) in states.into_iter().enumerate() {
        // The state stands in the text: the index holds for some states alone.
        sql.push(if place == 0 { "(" } else { " UNION ALL (" }).push("SELECT ").push(ARRIVAL);
        sql.push(" FROM arrival a WHERE a.state = ").push(state);
        push_rest(&mut sql, query);
        sql.push(")");
    }
    sql.push(") x ORDER BY id DESC LIMIT ").push(up_to(query.limit));
    sql
}

fn push_rest(sql: &mut QueryBuilder<Postgres>, query: &ArrivalQuery) {
    if let Some(cause) = query.cause {
        sql.push(" AND a.cause = ").push_bind(cause.rank());
    }
    if let Some(mailbox_id) = query.mailbox_id {
        sql.push(" AND a.mailbox_id = ").push_bind(mailbox_id);
    }
    if let Some(sender) = &query.sender {
        sql.push(" AND a.sender = ").push_bind(sender.clone());
    }
    if let Some(ticket_id) = query.ticket_id {
        sql.push(" AND a.ticket_id = ").push_bind(ticket_id.0);
    }
    if let Some(after) = query.after {
        sql.push(" AND a.id < ").push_bind(after.0);
    }
    sql.push(" ORDER BY a.id DESC LIMIT ").push(up_to(query.limit));
}

async fn counts(connection: &mut PgConnection) -> StoreResult<Vec<ArrivalCount>> {
    let mut sql =
        QueryBuilder::new("SELECT a.state, a.cause, count(*), min(a.received_at) FROM arrival a WHERE a.state IN (");
    let mut waiting = sql.separated(", ");
    for state in ArrivalState::ALL.iter().filter(|state| state.waits()) {
        waiting.push(state.rank());
    }
    sql.push(") GROUP BY a.state, a.cause");
    let rows = sql.build_query_as::<(i16, Option<i16>, i64, Option<Time>)>().fetch_all(connection).await;
    let rows = rows.map_err(in_read)?;
    let counted = rows.into_iter().map(|(state, cause, count, oldest)| {
        Ok(ArrivalCount {
            state: word("arrival.state", state, ArrivalState::from_rank)?,
            cause: cause.map(|cause| word("arrival.cause", cause, ArrivalCause::from_rank)).transpose()?,
            count: u64::try_from(count).unwrap_or_default(),
            oldest,
        })
    });
    counted.collect()
}

#[derive(FromRow)]
struct ArrivalRow {
    id: Uuid,
    key: String,
    digest: Vec<u8>,
    size: i64,
    door: i16,
    mailbox_id: Option<Uuid>,
    state: i16,
    cause: Option<i16>,
    sender: Option<String>,
    ticket_id: Option<Uuid>,
    comment_id: Option<Uuid>,
    detail: Value,
    received_at: Time,
    version: i64,
}

impl TryFrom<ArrivalRow> for Arrival {
    type Error = StoreError;

    fn try_from(row: ArrivalRow) -> StoreResult<Self> {
        let detail = serde_json::from_value::<ArrivalDetail>(row.detail);
        Ok(Self {
            id: ArrivalId(row.id),
            key: row.key,
            digest: bytes("arrival.digest", &row.digest)?,
            size: row.size,
            door: word("arrival.door", row.door, ArrivalDoor::from_rank)?,
            mailbox_id: row.mailbox_id,
            state: word("arrival.state", row.state, ArrivalState::from_rank)?,
            cause: row.cause.map(|cause| word("arrival.cause", cause, ArrivalCause::from_rank)).transpose()?,
            sender: row.sender,
            ticket_id: row.ticket_id.map(TicketId),
            comment_id: row.comment_id.map(CommentId),
            detail: detail.map_err(|error| corrupt("arrival.detail", error))?,
            received_at: row.received_at,
            version: row.version,
        })
    }
}
