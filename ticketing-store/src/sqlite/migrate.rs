//! The tables, step by step.

use super::failure::store_error;
use super::open::{SqliteStore, WriteAccess};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Executor, QueryBuilder};
use ticketing_core::port::{StoreError, StoreResult};

/// One step. A step that was released never changes; a new one follows it.
struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "desk", sql: include_str!("../../migrations/sqlite/0001_desk.sql") },
    Migration { version: 2, name: "ticket_links", sql: include_str!("../../migrations/sqlite/0002_ticket_links.sql") },
    Migration { version: 3, name: "identity", sql: include_str!("../../migrations/sqlite/0003_identity.sql") },
    Migration { version: 4, name: "answer", sql: include_str!("../../migrations/sqlite/0004_answer.sql") },
    Migration { version: 5, name: "audit_seal", sql: include_str!("../../migrations/sqlite/0005_audit_seal.sql") },
    Migration { version: 6, name: "custom_field", sql: include_str!("../../migrations/sqlite/0006_custom_field.sql") },
    Migration { version: 7, name: "person", sql: include_str!("../../migrations/sqlite/0007_person.sql") },
    Migration { version: 8, name: "job", sql: include_str!("../../migrations/sqlite/0008_job.sql") },
    Migration { version: 9, name: "workflow", sql: include_str!("../../migrations/sqlite/0009_workflow.sql") },
    Migration { version: 10, name: "calendar", sql: include_str!("../../migrations/sqlite/0010_calendar.sql") },
    Migration { version: 11, name: "timer", sql: include_str!("../../migrations/sqlite/0011_timer.sql") },
    Migration { version: 12, name: "sla", sql: include_str!("../../migrations/sqlite/0012_sla.sql") },
    Migration { version: 13, name: "sla_result", sql: include_str!("../../migrations/sqlite/0013_sla_result.sql") },
    Migration { version: 14, name: "notification", sql: include_str!("../../migrations/sqlite/0014_notification.sql") },
    Migration { version: 15, name: "inbound", sql: include_str!("../../migrations/sqlite/0015_inbound.sql") },
    Migration { version: 16, name: "routing", sql: include_str!("../../migrations/sqlite/0016_routing.sql") },
    Migration { version: 17, name: "milestone", sql: include_str!("../../migrations/sqlite/0017_milestone.sql") },
    Migration { version: 18, name: "canned", sql: include_str!("../../migrations/sqlite/0018_canned.sql") },
    Migration { version: 19, name: "time_entry", sql: include_str!("../../migrations/sqlite/0019_time_entry.sql") },
    Migration { version: 20, name: "field_order", sql: include_str!("../../migrations/sqlite/0020_field_order.sql") },
];

/// Takes every step that the file has not taken yet, all of them or none.
pub async fn run(write: &WriteAccess, connection: &mut SqliteConnection) -> StoreResult<()> {
    // The write lock is held from the first look on, so of several processes one finds work to do.
    write.begin(connection).await.map_err(store_error)?;
    let outcome = take_steps(connection).await;
    let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
    let ended = sqlx::query(end).execute(connection).await.map_err(store_error);
    outcome.and(ended.map(drop))
}

/// The steps that the file has not taken yet.
pub async fn pending(store: &SqliteStore) -> StoreResult<Vec<String>> {
    let known = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'schema_migration')";
    let taken: Option<i64> = if store.value(QueryBuilder::new(known)).await? {
        store.value(QueryBuilder::new("SELECT max(version) FROM schema_migration")).await?
    } else {
        None
    };
    if let Some(version) = taken
        && MIGRATIONS.iter().all(|migration| migration.version != version)
    {
        return Err(newer(version));
    }
    let missing = MIGRATIONS.iter().filter(|migration| Some(migration.version) > taken);
    Ok(missing.map(|migration| format!("{:04}_{}", migration.version, migration.name)).collect())
}

async fn take_steps(connection: &mut SqliteConnection) -> StoreResult<()> {
    let table = "CREATE TABLE IF NOT EXISTS schema_migration \
         (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, sql TEXT NOT NULL) STRICT";
    sqlx::query(table).execute(&mut *connection).await.map_err(store_error)?;
    let taken: Vec<(i64, String)> = sqlx::query_as("SELECT version, sql FROM schema_migration ORDER BY version")
        .fetch_all(&mut *connection)
        .await
        .map_err(store_error)?;
    for (version, sql) in &taken {
        let known = MIGRATIONS.iter().find(|migration| migration.version == *version);
        let known = known.ok_or_else(|| newer(*version))?;
        if known.sql != sql {
            return Err(refused(format!("step {version} ({}) is not the one that made this file", known.name)));
        }
    }
    for migration in &MIGRATIONS[taken.len().min(MIGRATIONS.len())..] {
        connection.execute(sqlx::raw_sql(migration.sql)).await.map_err(store_error)?;
        sqlx::query("INSERT INTO schema_migration (version, name, sql) VALUES (?, ?, ?)")
            .bind(migration.version)
            .bind(migration.name)
            .bind(migration.sql)
            .execute(&mut *connection)
            .await
            .map_err(store_error)?;
        tracing::info!(version = migration.version, name = migration.name, "took a step of the SQLite schema");
    }
    connection.clear_cached_statements().await.map_err(store_error)
}

fn newer(version: i64) -> StoreError {
    refused(format!("the file was made by a newer program (step {version})"))
}

fn refused(why: String) -> StoreError {
    StoreError::Other(why.into())
}
