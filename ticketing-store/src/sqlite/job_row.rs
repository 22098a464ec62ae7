//! From rows to jobs and what is known around them.

use super::failure::corrupt;
use super::row::Cells;
use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use ticketing_core::ids::{EventId, JobId, TicketId, WebhookId, WorkerId};
use ticketing_core::model::{Attempt, Job, JobCause, JobKind, JobState, Lease, MailFailure, MailRecord, WebhookHealth};
use ticketing_core::port::{JobCount, StoreResult};
use ticketing_core::time::from_micros;
use uuid::Uuid;

/// Columns of [`job`] from `job`.
pub const JOB: &str = "id, kind, lane, dedupe, ticket_id, payload, cause_event, cause_rule, cause_rule_version, state, \
     due_at, attempts, lost, worker, lease_until, last_error, created_at, ended_at";

/// A job.
pub fn job(row: &SqliteRow) -> StoreResult<Job> {
    let mut cells = Cells::of(row);
    Ok(Job {
        id: cells.id(JobId)?,
        kind: cells.word(JobKind::from_rank)?,
        lane: cells.take()?,
        dedupe: cells.take()?,
        ticket_id: cells.maybe_id(TicketId)?,
        payload: cells.json()?,
        cause: JobCause { event_id: cells.maybe_id(EventId)?, rule_id: cells.take()?, rule_version: cells.take()? },
        state: cells.word(JobState::from_rank)?,
        due_at: cells.time()?,
        attempts: cells.take()?,
        lost: cells.take()?,
        lease: cells.maybe_id(WorkerId)?.zip(cells.maybe_time()?).map(|(worker, until)| Lease { worker, until }),
        last_error: cells.take()?,
        created_at: cells.time()?,
        ended_at: cells.maybe_time()?,
    })
}

/// Columns of [`attempt`] from `job_attempt`.
pub const ATTEMPT: &str = "job_id, at, duration_ms, status_code, response, error, request";

/// How one attempt went.
pub fn attempt(row: &SqliteRow) -> StoreResult<Attempt> {
    let mut cells = Cells::of(row);
    Ok(Attempt {
        job_id: cells.id(JobId)?,
        at: cells.time()?,
        duration_ms: cells.take()?,
        status_code: cells.take()?,
        response: cells.take()?,
        error: cells.take()?,
        request: cells.take::<Option<&str>>()?.map(serde_json::from_str::<Value>).transpose().map_err(corrupt)?,
    })
}

/// How many jobs of a kind in a state, and when the first of them is due.
pub fn count(row: &SqliteRow) -> StoreResult<JobCount> {
    let mut cells = Cells::of(row);
    Ok(JobCount {
        kind: cells.word(JobKind::from_rank)?,
        state: cells.word(JobState::from_rank)?,
        count: u64::try_from(cells.take::<i64>()?).unwrap_or_default(),
        oldest_due: cells.maybe_time()?,
    })
}

/// Columns of [`health`] from `webhook_health`.
pub const HEALTH: &str = "webhook_id, failing_since, updated_at";

/// How a webhook is doing.
pub fn health(row: &SqliteRow) -> StoreResult<WebhookHealth> {
    let mut cells = Cells::of(row);
    Ok(WebhookHealth {
        webhook_id: cells.id(WebhookId)?,
        failing_since: cells.maybe_time()?,
        updated_at: cells.time()?,
    })
}

/// Columns of [`mail_record`] from `mail_record`.
pub const MAIL_RECORD: &str = "address, ticket_id, recent, held, failed_at, failure, version, updated_at";

/// What is known about mail to an address.
pub fn mail_record(row: &SqliteRow) -> StoreResult<MailRecord> {
    let mut cells = Cells::of(row);
    let (address, ticket_id) = (cells.take()?, cells.take::<Uuid>()?);
    let moment = |micros: i64| from_micros(micros).ok_or_else(|| corrupt(format_args!("{micros} is no moment")));
    Ok(MailRecord {
        address,
        ticket_id: (!ticket_id.is_nil()).then_some(TicketId(ticket_id)),
        recent: cells.json::<Vec<i64>>()?.into_iter().map(moment).collect::<StoreResult<_>>()?,
        held: cells.take()?,
        failure: cells.maybe_time()?.zip(cells.take()?).map(|(at, reason)| MailFailure { at, reason }),
        version: cells.take()?,
        updated_at: cells.time()?,
    })
}
