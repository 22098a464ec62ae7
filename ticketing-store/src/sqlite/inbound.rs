//! Reading mail that came in.

use super::open::SqliteStore;
use super::row::Cells;
use super::ticket::limit;
use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqliteRow};
use std::collections::BTreeSet;
use ticketing_core::ids::{ArrivalId, CommentId, TicketId};
use ticketing_core::model::{Arrival, ArrivalCause, ArrivalDoor, ArrivalState};
use ticketing_core::port::{ArrivalCount, ArrivalQuery, InboundRead, StoreResult};
use ticketing_core::time::Time;

/// Columns of [`arrival`] from `arrival a`.
const ARRIVAL: &str = "a.id, a.key, a.digest, a.size, a.door, a.mailbox_id, a.state, a.cause, a.sender, a.ticket_id, \
     a.comment_id, a.detail, a.received_at, a.version";

#[async_trait]
impl InboundRead for SqliteStore {
    async fn arrival(&self, id: ArrivalId) -> StoreResult<Option<Arrival>> {
        let mut query = select();
        query.push(" WHERE a.id = ").push_bind(id.0);
        self.row(query).await?.as_ref().map(arrival).transpose()
    }

    async fn arrival_by_key(&self, key: &str) -> StoreResult<Option<Arrival>> {
        let mut query = select();
        query.push(" WHERE a.key = ").push_bind(key.to_owned());
        self.row(query).await?.as_ref().map(arrival).transpose()
    }

    async fn arrivals(&self, wanted: &ArrivalQuery) -> StoreResult<Vec<Arrival>> {
        let mut query = QueryBuilder::new("");
        push_list(&mut query, wanted);
        self.rows(query).await?.iter().map(arrival).collect()
    }

    async fn arrivals_since(&self, sender: &str, since: Time, many: usize) -> StoreResult<(u64, u64)> {
        let mut query = QueryBuilder::new("");
        push_of_sender(&mut query, sender, since, many);
        let Some(row) = self.row(query).await? else { return Ok((0, 0)) };
        let mut cells = Cells::of(&row);
        Ok((cells.count()?, cells.count()?))
    }

    async fn ticket_arrivals_since(&self, ticket_id: TicketId, since: Time, many: usize) -> StoreResult<u64> {
        let mut query = QueryBuilder::new("");
        push_of_ticket(&mut query, ticket_id, since, many);
        self.row(query).await?.map_or(Ok(0), |row| Cells::of(&row).count())
    }

    async fn arrival_counts(&self) -> StoreResult<Vec<ArrivalCount>> {
        let mut query = QueryBuilder::new("");
        push_counts(&mut query);
        let counted = |row: &SqliteRow| {
            let mut cells = Cells::of(row);
            Ok(ArrivalCount {
                state: cells.word(ArrivalState::from_rank)?,
                cause: cells.maybe_word(ArrivalCause::from_rank)?,
                count: cells.count()?,
                oldest: cells.maybe_time()?,
            })
        };
        self.rows(query).await?.iter().map(counted).collect()
    }
}

fn arrival(row: &SqliteRow) -> StoreResult<Arrival> {
    let mut cells = Cells::of(row);
    Ok(Arrival {
        id: cells.id(ArrivalId)?,
        key: cells.take()?,
        digest: cells.bytes()?,
        size: cells.take()?,
        door: cells.word(ArrivalDoor::from_rank)?,
        mailbox_id: cells.take()?,
        state: cells.word(ArrivalState::from_rank)?,
        cause: cells.maybe_word(ArrivalCause::from_rank)?,
        sender: cells.take()?,
        ticket_id: cells.maybe_id(TicketId)?,
        comment_id: cells.maybe_id(CommentId)?,
        detail: cells.json()?,
        received_at: cells.time()?,
        version: cells.take()?,
    })
}

fn select() -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT ");
    query.push(ARRIVAL).push(" FROM arrival a");
    query
}

/// Appends a page, newest first. SQLite merges the states, each walked along its own part of the index; where one
/// sender or ticket is asked for, that says more than any state.
pub(super) fn push_list(query: &mut QueryBuilder<Sqlite>, wanted: &ArrivalQuery) {
    let states: BTreeSet<ArrivalState> = wanted.states.iter().copied().collect();
    if let Some(index) = narrow(wanted) {
        push_part(query, index, wanted);
        if !states.is_empty() {
            // The sign keeps SQLite from looking for another index.
            query.push(" AND +a.state IN (");
            let mut list = query.separated(", ");
            for state in states {
                list.push(state.rank());
            }
            query.push(")");
        }
    } else if states.is_empty() {
        push_part(query, whole(wanted), wanted);
    } else {
        for (place, state) in states.into_iter().enumerate() {
            query.push(if place == 0 { "" } else { " UNION ALL " });
            push_part(query, of_state(state, wanted), wanted);
            // The state stands in the text: the index holds for some states alone.
            query.push(" AND a.state = ").push(state.rank());
        }
    }
    query.push(" ORDER BY 1 DESC LIMIT ").push_bind(limit(wanted.limit));
}

fn narrow(wanted: &ArrivalQuery) -> Option<&'static str> {
    let of_ticket = wanted.ticket_id.map(|_| "arrival_by_ticket");
    of_ticket.or_else(|| wanted.sender.as_ref().map(|_| "arrival_by_sender"))
}

/// The index for all states.
fn whole(wanted: &ArrivalQuery) -> &'static str {
    match wanted {
        ArrivalQuery { cause: Some(_), .. } => "arrival_by_cause",
        ArrivalQuery { mailbox_id: Some(_), .. } => "arrival_by_mailbox",
        _ => "sqlite_autoindex_arrival_1",
    }
}

/// The index for one state. Those in which nearly all mails are have none of their own.
fn of_state(state: ArrivalState, wanted: &ArrivalQuery) -> &'static str {
    match state {
        ArrivalState::Threaded | ArrivalState::New => whole(wanted),
        _ => "arrival_apart",
    }
}

fn push_part(query: &mut QueryBuilder<Sqlite>, index: &'static str, wanted: &ArrivalQuery) {
    query.push("SELECT ").push(ARRIVAL).push(" FROM arrival a INDEXED BY ").push(index).push(" WHERE TRUE");
    if let Some(ticket_id) = wanted.ticket_id {
        query.push(" AND a.ticket_id = ").push_bind(ticket_id.0);
    }
    if let Some(sender) = &wanted.sender {
        query.push(" AND a.sender = ").push_bind(sender.clone());
    }
    if let Some(cause) = wanted.cause {
        query.push(" AND a.cause = ").push_bind(cause.rank());
    }
    if let Some(mailbox_id) = wanted.mailbox_id {
        query.push(" AND a.mailbox_id = ").push_bind(mailbox_id);
    }
    if let Some(after) = wanted.after {
        query.push(" AND a.id < ").push_bind(after.0);
    }
}

/// Appends how many mails of a sender went to tickets, and how many made one.
pub(super) fn push_of_sender(query: &mut QueryBuilder<Sqlite>, sender: &str, since: Time, many: usize) {
    query.push("SELECT ");
    for (place, state) in [ArrivalState::Threaded, ArrivalState::New].into_iter().enumerate() {
        query.push(if place == 0 { "" } else { ", " });
        query.push("(SELECT count(*) FROM (SELECT 1 FROM arrival a WHERE a.state = ").push(state.rank());
        query.push(" AND a.sender = ").push_bind(sender.to_owned());
        query.push(" AND a.received_at >= ").push_bind(since.timestamp_micros());
        query.push(" LIMIT ").push_bind(limit(many)).push("))");
    }
}

/// Appends how many mails went to a ticket.
pub(super) fn push_of_ticket(query: &mut QueryBuilder<Sqlite>, ticket_id: TicketId, since: Time, many: usize) {
    query.push("SELECT count(*) FROM (SELECT 1 FROM arrival a WHERE a.state = ").push(ArrivalState::Threaded.rank());
    query.push(" AND a.ticket_id = ").push_bind(ticket_id.0);
    query.push(" AND a.received_at >= ").push_bind(since.timestamp_micros());
    query.push(" LIMIT ").push_bind(limit(many)).push(")");
}

/// Appends how many wait. The states stand in the text, so that the index for them can be used.
pub(super) fn push_counts(query: &mut QueryBuilder<Sqlite>) {
    for (place, state) in ArrivalState::ALL.iter().filter(|state| state.waits()).enumerate() {
        query.push(if place == 0 { "" } else { " UNION ALL " });
        query.push("SELECT ").push(state.rank()).push(", a.cause, count(*), min(a.received_at)");
        query.push(" FROM arrival a INDEXED BY arrival_apart WHERE a.state = ").push(state.rank());
        query.push(" GROUP BY a.cause");
    }
}
