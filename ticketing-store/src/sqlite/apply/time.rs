//! Working time, as a commit writes it.

use super::super::failure::store_error;
use super::super::script::Script;
use super::execute_one;
use sqlx::QueryBuilder;
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use ticketing_core::ids::{TicketId, TimeEntryId, UserId};
use ticketing_core::model::{Stopwatch, TimeEntry};
use ticketing_core::port::StoreResult;

/// Adds entries.
pub async fn entries(script: &mut Script<'_>, entries: &[&TimeEntry]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO time_entry (id, ticket_id, logged_on, user_id, hours, is_billable, description, started_at, \
         ended_at, at, rate, currency, amount, customer_id, organization_id, team_id, version, created_at, updated_at) ";
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, entry: &&TimeEntry| {
        row.push_bind(entry.id.0)
            .push_bind(entry.ticket_id.0)
            .push_bind(entry.logged_on.0)
            .push_bind(entry.user_id.0)
            .push_bind(entry.hours.as_hundredths())
            .push_bind(entry.is_billable)
            .push_bind(entry.description.clone())
            .push_bind(entry.started_at.map(|at| at.timestamp_micros()))
            .push_bind(entry.ended_at.map(|at| at.timestamp_micros()))
            .push_bind(entry.at().timestamp_micros())
            .push_bind(entry.rate.map(|rate| rate.amount_minor))
            .push_bind(entry.rate.map(|rate| rate.currency.to_string()))
            .push_bind(entry.amount().map(|amount| amount.amount_minor))
            .push_bind(entry.customer_id.0)
            .push_bind(entry.organization_id.map(|id| id.0))
            .push_bind(entry.team_id.map(|id| id.0))
            .push_bind(entry.version)
            .push_bind(entry.created_at.timestamp_micros())
            .push_bind(entry.updated_at.timestamp_micros());
    };
    script.insert(head, "", entries, bind).await
}

/// Changes what people may change of an entry.
pub async fn update(connection: &mut SqliteConnection, entry: &TimeEntry, version: i64) -> StoreResult<()> {
    let query = sqlx::query(
        "UPDATE time_entry SET hours = ?, is_billable = ?, description = ?, started_at = ?, ended_at = ?, at = ?, \
         rate = ?, currency = ?, amount = ?, version = ?, updated_at = ? WHERE id = ? AND version = ?",
    );
    let query = query
        .bind(entry.hours.as_hundredths())
        .bind(entry.is_billable)
        .bind(entry.description.clone())
        .bind(entry.started_at.map(|at| at.timestamp_micros()))
        .bind(entry.ended_at.map(|at| at.timestamp_micros()))
        .bind(entry.at().timestamp_micros())
        .bind(entry.rate.map(|rate| rate.amount_minor))
        .bind(entry.rate.map(|rate| rate.currency.to_string()))
        .bind(entry.amount().map(|amount| amount.amount_minor))
        .bind(entry.version)
        .bind(entry.updated_at.timestamp_micros())
        .bind(entry.id.0)
        .bind(version);
    execute_one(query, connection).await
}

/// Takes an entry away.
pub async fn delete(connection: &mut SqliteConnection, id: TimeEntryId, version: i64) -> StoreResult<()> {
    let query = sqlx::query("DELETE FROM time_entry WHERE id = ? AND version = ?").bind(id.0).bind(version);
    execute_one(query, connection).await
}

/// Moves time from one ticket to another.
pub async fn go(
    connection: &mut SqliteConnection,
    (from, to): (TicketId, TicketId),
    logged_on: Option<&[TicketId]>,
) -> StoreResult<()> {
    let mut query = QueryBuilder::new("UPDATE time_entry SET ticket_id = ");
    query.push_bind(to.0).push(" WHERE ticket_id = ").push_bind(from.0);
    if let Some(tickets) = logged_on {
        query.push(" AND logged_on IN (");
        let mut list = query.separated(", ");
        for id in tickets {
            list.push_bind(id.0);
        }
        query.push(")");
    }
    query.build().execute(&mut *connection).await.map_err(store_error).map(drop)
}

/// Adds stopwatches.
pub async fn stopwatches(script: &mut Script<'_>, rows: &[&Stopwatch]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO stopwatch (user_id, ticket_id, started_at, running_since, counted, description, is_billable, \
         version) ";
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, stopwatch: &&Stopwatch| {
        row.push_bind(stopwatch.user_id.0)
            .push_bind(stopwatch.ticket_id.0)
            .push_bind(stopwatch.started_at.timestamp_micros())
            .push_bind(stopwatch.running_since.map(|at| at.timestamp_micros()))
            .push_bind(stopwatch.counted)
            .push_bind(stopwatch.description.clone())
            .push_bind(stopwatch.is_billable)
            .push_bind(stopwatch.version);
    };
    script.insert(head, "", rows, bind).await
}

/// Changes a person's stopwatch.
pub async fn turn(connection: &mut SqliteConnection, row: &Stopwatch, version: i64) -> StoreResult<()> {
    let query = sqlx::query(
        "UPDATE stopwatch SET ticket_id = ?, started_at = ?, running_since = ?, counted = ?, description = ?, \
         is_billable = ?, version = ? WHERE user_id = ? AND version = ?",
    );
    let query = query
        .bind(row.ticket_id.0)
        .bind(row.started_at.timestamp_micros())
        .bind(row.running_since.map(|at| at.timestamp_micros()))
        .bind(row.counted)
        .bind(row.description.clone())
        .bind(row.is_billable)
        .bind(row.version)
        .bind(row.user_id.0)
        .bind(version);
    execute_one(query, connection).await
}

/// Puts a person's stopwatch away.
pub async fn put_away(connection: &mut SqliteConnection, user_id: UserId, version: i64) -> StoreResult<()> {
    let query = sqlx::query("DELETE FROM stopwatch WHERE user_id = ? AND version = ?").bind(user_id.0).bind(version);
    execute_one(query, connection).await
}
