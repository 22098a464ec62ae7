//! Bringing the tables up to date.

use super::failure::{in_read, unavailable};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Error, PgConnection};
use ticketing_core::port::{StoreError, StoreResult};

/// Tables, from the first version to the last. A migration that was released is never changed.
const MIGRATIONS: &[(i32, &str, &str)] = &[
    (1, "desk", include_str!("../../migrations/postgres/0001_desk.sql")),
    (2, "ticket_links", include_str!("../../migrations/postgres/0002_ticket_links.sql")),
    (3, "identity", include_str!("../../migrations/postgres/0003_identity.sql")),
    (4, "answer", include_str!("../../migrations/postgres/0004_answer.sql")),
    (5, "audit_seal", include_str!("../../migrations/postgres/0005_audit_seal.sql")),
    (6, "custom_field", include_str!("../../migrations/postgres/0006_custom_field.sql")),
    (7, "person", include_str!("../../migrations/postgres/0007_person.sql")),
    (8, "job", include_str!("../../migrations/postgres/0008_job.sql")),
    (9, "workflow", include_str!("../../migrations/postgres/0009_workflow.sql")),
    (10, "calendar", include_str!("../../migrations/postgres/0010_calendar.sql")),
    (11, "timer", include_str!("../../migrations/postgres/0011_timer.sql")),
    (12, "sla", include_str!("../../migrations/postgres/0012_sla.sql")),
    (13, "sla_result", include_str!("../../migrations/postgres/0013_sla_result.sql")),
    (14, "notification", include_str!("../../migrations/postgres/0014_notification.sql")),
    (15, "inbound", include_str!("../../migrations/postgres/0015_inbound.sql")),
    (16, "routing", include_str!("../../migrations/postgres/0016_routing.sql")),
    (17, "milestone", include_str!("../../migrations/postgres/0017_milestone.sql")),
    (18, "canned", include_str!("../../migrations/postgres/0018_canned.sql")),
    (19, "time_entry", include_str!("../../migrations/postgres/0019_time_entry.sql")),
    (20, "field_order", include_str!("../../migrations/postgres/0020_field_order.sql")),
];

/// Held by the one server that migrates, while the others wait. The upper half tells it apart from
/// the locks of the event log and of the embedding application.
const LOCK: i64 = 0x544D_4947_0000_0001;

/// Applies what is missing, each migration whole or not at all. The connection is made for this:
/// waiting for another server may take longer than any statement of the desk may run, and closing it
/// is what gives the lock back even where the caller went away.
pub(super) async fn migrate(connect: &PgConnectOptions) -> StoreResult<()> {
    let mut connection = PgConnection::connect_with(connect).await.map_err(unavailable)?;
    let outcome = run(&mut connection).await;
    connection.close().await.ok();
    outcome
}

/// What is missing.
pub(super) async fn pending(connection: &mut PgConnection) -> StoreResult<Vec<String>> {
    let known: bool = sqlx::query_scalar("SELECT to_regclass('desk_migration') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await
        .map_err(in_read)?;
    let taken: Vec<i32> = if known {
        sqlx::query_scalar("SELECT version FROM desk_migration").fetch_all(connection).await.map_err(in_read)?
    } else {
        Vec::new()
    };
    let missing = MIGRATIONS.iter().filter(|(version, ..)| !taken.contains(version));
    Ok(missing.map(|(version, name, _)| format!("{version:04}_{name}")).collect())
}

async fn run(connection: &mut PgConnection) -> StoreResult<()> {
    sqlx::query("SELECT pg_advisory_lock($1)").bind(LOCK).execute(&mut *connection).await.map_err(in_read)?;
    sqlx::raw_sql(
        "CREATE TABLE IF NOT EXISTS desk_migration (
            version integer NOT NULL PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        )",
    )
    .execute(&mut *connection)
    .await
    .map_err(in_read)?;
    refuse_newer(connection).await?;
    for (version, name, sql) in MIGRATIONS {
        step(connection, *version, name, sql).await?;
    }
    Ok(())
}

/// Refuses a database that a newer program has migrated: this one does not know what its tables mean.
/// A server that was running by then goes on, so a migration must leave it able to.
pub(super) async fn refuse_newer(connection: &mut PgConnection) -> StoreResult<()> {
    let known: Vec<i32> = MIGRATIONS.iter().map(|(version, ..)| *version).collect();
    let unknown = sqlx::query_scalar("SELECT max(version) FROM desk_migration WHERE version <> ALL($1)")
        .bind(&known)
        .fetch_one(connection)
        .await;
    match unknown {
        Ok(None::<i32>) => Ok(()),
        Ok(Some(version)) => {
            let last = known.last().copied().unwrap_or_default();
            let message = format!(
                "the database has migration {version} of a newer program, and this one knows them up to {last}: \
                 start a program of that version or newer"
            );
            Err(StoreError::Other(message.into()))
        }
        // There is no such table: nothing was migrated yet.
        Err(Error::Database(refusal)) if refusal.code().as_deref() == Some("42P01") => Ok(()),
        Err(error) => Err(in_read(error)),
    }
}

async fn step(connection: &mut PgConnection, version: i32, name: &str, sql: &'static str) -> StoreResult<()> {
    let unchanged: Option<bool> = sqlx::query_scalar(
        "SELECT checksum = encode(sha256(convert_to($2, 'UTF8')), 'hex') FROM desk_migration WHERE version = $1",
    )
    .bind(version)
    .bind(sql)
    .fetch_optional(&mut *connection)
    .await
    .map_err(in_read)?;
    match unchanged {
        Some(true) => return Ok(()),
        Some(false) => {
            let message = format!("migration {version} ({name}) was applied in another form than this program knows");
            return Err(StoreError::Other(message.into()));
        }
        None => {}
    }
    let mut transaction = connection.begin().await.map_err(in_read)?;
    sqlx::raw_sql(sql).execute(&mut *transaction).await.map_err(in_read)?;
    sqlx::query(
        "INSERT INTO desk_migration (version, name, checksum)
         VALUES ($1, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'))",
    )
    .bind(version)
    .bind(name)
    .bind(sql)
    .execute(&mut *transaction)
    .await
    .map_err(in_read)?;
    transaction.commit().await.map_err(in_read)?;
    tracing::info!(version, name, "migrated");
    Ok(())
}
