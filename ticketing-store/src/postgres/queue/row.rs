//! From rows to jobs and what is known around them.

use crate::row::{corrupt, word};
use serde_json::Value;
use sqlx::FromRow;
use ticketing_core::ids::{EventId, JobId, TicketId, WebhookId, WorkerId};
use ticketing_core::model::{Attempt, Job, JobCause, JobKind, JobState, Lease, MailFailure, MailRecord, WebhookHealth};
use ticketing_core::port::{JobCount, StoreError, StoreResult};
use ticketing_core::time::{Time, from_micros};
use uuid::Uuid;

/// What a [`JobRow`] is read from: a job `j`.
pub(super) const JOB: &str = "j.id, j.kind, j.lane, j.dedupe, j.ticket_id, j.payload, j.cause_event, j.cause_rule, \
    j.cause_rule_version, j.state, j.due_at, j.attempts, j.lost, j.worker, j.lease_until, j.last_error, j.created_at, \
    j.ended_at";

#[derive(FromRow)]
pub(super) struct JobRow {
    id: Uuid,
    kind: i16,
    lane: String,
    dedupe: Option<String>,
    ticket_id: Option<Uuid>,
    payload: Value,
    cause_event: Option<Uuid>,
    cause_rule: Option<Uuid>,
    cause_rule_version: Option<i64>,
    state: i16,
    due_at: Time,
    attempts: i32,
    lost: i32,
    worker: Option<Uuid>,
    lease_until: Option<Time>,
    last_error: Option<String>,
    created_at: Time,
    ended_at: Option<Time>,
}

impl TryFrom<JobRow> for Job {
    type Error = StoreError;

    fn try_from(row: JobRow) -> StoreResult<Self> {
        let lease = row.worker.zip(row.lease_until).map(|(worker, until)| Lease { worker: WorkerId(worker), until });
        Ok(Self {
            id: JobId(row.id),
            kind: word("job.kind", row.kind, JobKind::from_rank)?,
            lane: row.lane,
            dedupe: row.dedupe,
            ticket_id: row.ticket_id.map(TicketId),
            payload: row.payload,
            cause: JobCause {
                event_id: row.cause_event.map(EventId),
                rule_id: row.cause_rule,
                rule_version: row.cause_rule_version,
            },
            state: word("job.state", row.state, JobState::from_rank)?,
            due_at: row.due_at,
            attempts: row.attempts,
            lost: row.lost,
            lease,
            last_error: row.last_error,
            created_at: row.created_at,
            ended_at: row.ended_at,
        })
    }
}

#[derive(FromRow)]
pub(super) struct AttemptRow {
    job_id: Uuid,
    at: Time,
    duration_ms: i32,
    status_code: Option<i32>,
    response: Option<String>,
    error: Option<String>,
    request: Option<Value>,
}

impl From<AttemptRow> for Attempt {
    fn from(row: AttemptRow) -> Self {
        Self {
            job_id: JobId(row.job_id),
            at: row.at,
            duration_ms: row.duration_ms,
            status_code: row.status_code,
            response: row.response,
            error: row.error,
            request: row.request,
        }
    }
}

#[derive(FromRow)]
pub(super) struct CountRow {
    kind: i16,
    state: i16,
    count: i64,
    oldest_due: Option<Time>,
}

impl TryFrom<CountRow> for JobCount {
    type Error = StoreError;

    fn try_from(row: CountRow) -> StoreResult<Self> {
        Ok(Self {
            kind: word("job.kind", row.kind, JobKind::from_rank)?,
            state: word("job.state", row.state, JobState::from_rank)?,
            count: u64::try_from(row.count).unwrap_or_default(),
            oldest_due: row.oldest_due,
        })
    }
}

#[derive(FromRow)]
pub(super) struct HealthRow {
    webhook_id: Uuid,
    failing_since: Option<Time>,
    updated_at: Time,
}

impl From<HealthRow> for WebhookHealth {
    fn from(row: HealthRow) -> Self {
        let webhook_id = WebhookId(row.webhook_id);
        Self { webhook_id, failing_since: row.failing_since, updated_at: row.updated_at }
    }
}

#[derive(FromRow)]
pub(super) struct MailRecordRow {
    address: String,
    ticket_id: Uuid,
    recent: sqlx::types::Json<Vec<i64>>,
    held: i64,
    failed_at: Option<Time>,
    failure: Option<String>,
    version: i64,
    updated_at: Time,
}

impl TryFrom<MailRecordRow> for MailRecord {
    type Error = StoreError;

    fn try_from(row: MailRecordRow) -> StoreResult<Self> {
        let moment = |micros: i64| from_micros(micros).ok_or_else(|| corrupt("mail_record.recent", micros));
        Ok(Self {
            address: row.address,
            ticket_id: (!row.ticket_id.is_nil()).then_some(TicketId(row.ticket_id)),
            recent: row.recent.0.into_iter().map(moment).collect::<StoreResult<_>>()?,
            held: row.held,
            failure: row.failed_at.zip(row.failure).map(|(at, reason)| MailFailure { at, reason }),
            version: row.version,
            updated_at: row.updated_at,
        })
    }
}
