//! What is due by the clock: as a commit plans it, and as workers claim it.

use super::super::failure::store_error;
use super::super::script::Script;
use super::super::ticket::limit;
use super::{execute, execute_one};
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use ticketing_core::changes::Expect;
use ticketing_core::ids::TicketId;
use ticketing_core::model::{Fired, Recurrence, RecurrenceKind};
use ticketing_core::port::{LONGEST_HOLD, StoreError, StoreResult};
use ticketing_core::time::Time;
use uuid::Uuid;

/// Plans when tickets are next due.
pub async fn wakes(script: &mut Script<'_>, wakes: &[(TicketId, Time)]) -> Result<(), sqlx::Error> {
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, (id, due_at): &(TicketId, Time)| {
        row.push_bind(id.0).push_bind(due_at.timestamp_micros());
    };
    let planned = " ON CONFLICT (ticket_id) DO UPDATE SET due_at = excluded.due_at, held_until = NULL";
    script.insert("INSERT INTO ticket_wake (ticket_id, due_at) ", planned, wakes, bind).await
}

/// A ticket asks for nothing by the clock any more.
pub async fn sleep(connection: &mut SqliteConnection, ticket_id: TicketId) -> StoreResult<()> {
    let query = sqlx::query("DELETE FROM ticket_wake WHERE ticket_id = ?").bind(ticket_id.0);
    execute(query, connection).await.map(drop)
}

/// Remembers what rules have looked at tickets for.
pub async fn fired(script: &mut Script<'_>, fired: &[&Fired]) -> Result<(), sqlx::Error> {
    for fired in fired {
        let statement = script.statement();
        statement.push("DELETE FROM fired WHERE ticket_id = ").push_bind(fired.ticket_id.0);
        statement.push(" AND rule_id = ").push_bind(fired.rule_id.0);
        statement.push(" AND anchor_at < ").push_bind(fired.anchor_at.timestamp_micros());
    }
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, fired: &&Fired| {
        row.push_bind(fired.ticket_id.0).push_bind(fired.rule_id.0).push_bind(fired.anchor_at.timestamp_micros());
    };
    script.insert("INSERT INTO fired (ticket_id, rule_id, anchor_at) ", "", fired, bind).await
}

/// Plans when something next recurs.
pub async fn schedule(connection: &mut SqliteConnection, row: &Recurrence, expect: Expect) -> StoreResult<()> {
    let query = match expect {
        Expect::New => {
            sqlx::query("INSERT INTO schedule (next_at, version, kind, id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
        }
        Expect::Version(_) => {
            sqlx::query("UPDATE schedule SET next_at = ?, version = ? WHERE kind = ? AND id = ? AND version = ?")
        }
    };
    let query = query.bind(row.next_at.timestamp_micros()).bind(row.version).bind(row.kind.rank()).bind(row.id);
    match expect {
        Expect::New => execute_one(query, connection).await,
        Expect::Version(version) => execute_one(query.bind(version), connection).await,
    }
}

/// Something no longer recurs.
pub async fn unschedule(
    connection: &mut SqliteConnection,
    kind: RecurrenceKind,
    id: Uuid,
    version: i64,
) -> StoreResult<()> {
    let query = sqlx::query("DELETE FROM schedule WHERE kind = ? AND id = ? AND version = ?");
    execute_one(query.bind(kind.rank()).bind(id).bind(version), connection).await
}

/// Which tickets are due and held by nobody, along the index.
pub const DUE: &str = "SELECT ticket_id FROM ticket_wake WHERE due_at <= ?1 \
     AND (held_until IS NULL OR held_until <= ?1 OR held_until > ?3) ORDER BY due_at, ticket_id LIMIT ?2";

/// Gives due tickets to a worker until this moment.
pub async fn claim(
    connection: &mut SqliteConnection,
    now: Time,
    until: Time,
    many: usize,
) -> StoreResult<Vec<TicketId>> {
    let due = sqlx::query_scalar(DUE).bind(now.timestamp_micros()).bind(limit(many));
    let due = due.bind((now + LONGEST_HOLD).timestamp_micros());
    let due: Vec<Uuid> = due.fetch_all(&mut *connection).await.map_err(store_error)?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let ids = serde_json::to_string(&due.iter().map(|id| id.simple().to_string()).collect::<Vec<_>>());
    let query =
        sqlx::query("UPDATE ticket_wake SET held_until = ? WHERE ticket_id IN (SELECT unhex(value) FROM json_each(?))");
    let ids = ids.map_err(|error| StoreError::Other(error.into()))?;
    execute(query.bind(until.timestamp_micros()).bind(ids), connection).await?;
    Ok(due.into_iter().map(TicketId).collect())
}
