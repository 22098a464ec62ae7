//! Jobs, and what their workers have to remember, as a commit writes them.

use super::super::script::Script;
use super::{execute, execute_one};
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use ticketing_core::changes::{Changes, Expect};
use ticketing_core::ids::JobId;
use ticketing_core::model::{Attempt, Job, JobEnd, JobOutcome, JobState, MailRecord};
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::time::Time;
use uuid::Uuid;

/// Adds jobs; of those with one dedupe key the first.
pub async fn jobs(script: &mut Script<'_>, jobs: &[&Job]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO job (id, kind, lane, dedupe, ticket_id, payload, cause_event, cause_rule, \
         cause_rule_version, state, due_at, attempts, lost, worker, lease_until, last_error, created_at, ended_at) ";
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, job: &&Job| {
        row.push_bind(job.id.0)
            .push_bind(job.kind.rank())
            .push_bind(job.lane.as_str())
            .push_bind(job.dedupe.as_deref())
            .push_bind(job.ticket_id.map(|id| id.0))
            .push_bind(job.payload.to_string())
            .push_bind(job.cause.event_id.map(|id| id.0))
            .push_bind(job.cause.rule_id)
            .push_bind(job.cause.rule_version)
            .push_bind(job.state.rank())
            .push_bind(job.due_at.timestamp_micros())
            .push_bind(job.attempts)
            .push_bind(job.lost)
            .push_bind(job.lease.map(|lease| lease.worker.0))
            .push_bind(job.lease.map(|lease| lease.until.timestamp_micros()))
            .push_bind(job.last_error.as_deref())
            .push_bind(job.created_at.timestamp_micros())
            .push_bind(job.ended_at.map(|at| at.timestamp_micros()));
    };
    script.insert(head, " ON CONFLICT (dedupe) WHERE dedupe IS NOT NULL DO NOTHING", jobs, bind).await
}

/// Ends a worker's claim, where it still is the worker's. Where it is not, that may be a conflict.
pub async fn end(connection: &mut SqliteConnection, end: &JobEnd) -> StoreResult<()> {
    let (state, due_at, error) = match &end.outcome {
        JobOutcome::Done => (JobState::Done, None, None),
        JobOutcome::Retry { due_at, error } => (JobState::Ready, Some(due_at.timestamp_micros()), Some(error.clone())),
        JobOutcome::Dead { error } => (JobState::Dead, None, Some(error.clone())),
        JobOutcome::Released => (JobState::Ready, None, None),
    };
    let query = sqlx::query(
        "UPDATE job SET state = ?1, due_at = coalesce(?2, due_at), attempts = attempts + ?3, \
         lost = iif(?3 = 0, lost, 0), last_error = iif(?3 = 0, last_error, ?4), worker = NULL, lease_until = NULL, \
         ended_at = ?5 WHERE id = ?6 AND worker = ?7 AND state = 1",
    )
    .bind(state.rank())
    .bind(due_at)
    .bind(i32::from(end.outcome != JobOutcome::Released))
    .bind(error)
    .bind(state.has_ended().then(|| end.at.timestamp_micros()))
    .bind(end.id.0)
    .bind(end.worker.0);
    if execute(query, connection).await? == 0 {
        return if end.must_hold { Err(StoreError::Conflict) } else { Ok(()) };
    }
    match &end.attempt {
        Some(kept) => attempt(connection, end.id, kept).await,
        None => Ok(()),
    }
}

async fn attempt(connection: &mut SqliteConnection, id: JobId, attempt: &Attempt) -> StoreResult<()> {
    let query = sqlx::query(
        "INSERT INTO job_attempt (job_id, at, duration_ms, status_code, response, error, request) \
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(id.0)
    .bind(attempt.at.timestamp_micros())
    .bind(attempt.duration_ms)
    .bind(attempt.status_code)
    .bind(attempt.response.clone())
    .bind(attempt.error.clone())
    .bind(attempt.request.as_ref().map(ToString::to_string));
    execute(query, connection).await.map(drop)
}

/// Ends a job that waits.
pub async fn take(connection: &mut SqliteConnection, id: JobId, at: Time) -> StoreResult<()> {
    let query = sqlx::query("UPDATE job SET state = 2, ended_at = ? WHERE id = ? AND state = 0");
    execute_one(query.bind(at.timestamp_micros()).bind(id.0), connection).await
}

/// Makes a job that has ended wait again.
pub async fn redo(connection: &mut SqliteConnection, id: JobId, at: Time) -> StoreResult<()> {
    let query = sqlx::query(
        "UPDATE job SET state = 0, due_at = ?, attempts = 0, lost = 0, last_error = NULL, ended_at = NULL \
         WHERE id = ? AND state >= 2",
    );
    execute_one(query.bind(at.timestamp_micros()).bind(id.0), connection).await
}

/// Writes what is known about mail to an address.
pub async fn mail_record(connection: &mut SqliteConnection, record: &MailRecord, expect: Expect) -> StoreResult<()> {
    let query = match expect {
        Expect::New => sqlx::query(
            "INSERT INTO mail_record (recent, held, failed_at, failure, version, updated_at, address, ticket_id) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ),
        Expect::Version(_) => sqlx::query(
            "UPDATE mail_record SET recent = ?, held = ?, failed_at = ?, failure = ?, version = ?, updated_at = ? \
             WHERE address = ? AND ticket_id = ? AND version = ?",
        ),
    };
    let recent: Vec<i64> = record.recent.iter().map(Time::timestamp_micros).collect();
    let recent = serde_json::to_string(&recent).map_err(|error| StoreError::Other(error.into()))?;
    let query = query
        .bind(recent)
        .bind(record.held)
        .bind(record.failure.as_ref().map(|failure| failure.at.timestamp_micros()))
        .bind(record.failure.as_ref().map(|failure| failure.reason.clone()))
        .bind(record.version)
        .bind(record.updated_at.timestamp_micros())
        .bind(record.address.clone())
        .bind(record.ticket_id.map_or(Uuid::nil(), |id| id.0));
    let query = if let Expect::Version(version) = expect { query.bind(version) } else { query };
    execute_one(query, connection).await
}

/// Notes how calls of webhooks went, where that is news.
pub async fn webhooks_called(connection: &mut SqliteConnection, changes: &Changes) -> StoreResult<()> {
    for (id, (at, is_good)) in changes.webhooks_called() {
        let at = at.timestamp_micros();
        let query = sqlx::query(
            "INSERT INTO webhook_health AS t (webhook_id, failing_since, updated_at) VALUES (?, ?, ?) \
             ON CONFLICT (webhook_id) DO UPDATE SET failing_since = excluded.failing_since, \
             updated_at = excluded.updated_at WHERE (t.failing_since IS NULL) <> (excluded.failing_since IS NULL)",
        );
        execute(query.bind(id.0).bind((!is_good).then_some(at)).bind(at), connection).await?;
    }
    Ok(())
}
