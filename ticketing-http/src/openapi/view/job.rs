//! What the workers have to do.

use super::super::word::{JobKind, JobState};
use chrono::{DateTime, Utc};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A piece of work.
#[derive(ToSchema)]
pub(crate) struct Job {
    /// Its id.
    id: Uuid,
    /// What is to be done.
    kind: JobKind,
    /// Where it goes: jobs of one lane share a cap, and none waits for another lane.
    lane: String,
    /// How far it is.
    state: JobState,
    /// The ticket that it is about.
    #[schema(required)]
    ticket_id: Option<Uuid>,
    /// Why it is there.
    cause: JobCause,
    /// Not before this moment.
    due_at: DateTime<Utc>,
    /// How often it was tried since it was made or asked for again.
    #[schema(minimum = 0)]
    attempts: i32,
    /// How many workers were lost over it since then.
    #[schema(minimum = 0)]
    lost: i32,
    /// Until when it is a worker's, while it runs.
    #[schema(required)]
    leased_until: Option<DateTime<Utc>>,
    /// Why the last attempt failed, or why it was given up.
    #[schema(required)]
    last_error: Option<String>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was done or given up.
    #[schema(required)]
    ended_at: Option<DateTime<Utc>>,
}

/// A piece of work with all that is known of it.
#[derive(ToSchema)]
pub(crate) struct WholeJob {
    /// Its id.
    id: Uuid,
    /// What is to be done.
    kind: JobKind,
    /// Where it goes.
    lane: String,
    /// How far it is.
    state: JobState,
    /// The ticket that it is about.
    #[schema(required)]
    ticket_id: Option<Uuid>,
    /// Why it is there.
    cause: JobCause,
    /// Not before this moment.
    due_at: DateTime<Utc>,
    /// How often it was tried since it was made or asked for again.
    #[schema(minimum = 0)]
    attempts: i32,
    /// How many workers were lost over it since then.
    #[schema(minimum = 0)]
    lost: i32,
    /// Until when it is a worker's, while it runs.
    #[schema(required)]
    leased_until: Option<DateTime<Utc>>,
    /// Why the last attempt failed, or why it was given up.
    #[schema(required)]
    last_error: Option<String>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was done or given up.
    #[schema(required)]
    ended_at: Option<DateTime<Utc>>,
    /// What is needed to do it. What must not be read at rest is sealed in it.
    payload: Value,
    /// How each attempt went, oldest first.
    attempts_made: Vec<Attempt>,
}

/// Why there is a job.
#[derive(ToSchema)]
pub(crate) struct JobCause {
    /// The event that it follows from.
    #[schema(required)]
    event_id: Option<Uuid>,
    /// The rule that asked for it.
    #[schema(required)]
    rule_id: Option<Uuid>,
    /// The version of that rule.
    #[schema(required)]
    rule_version: Option<i64>,
}

/// How one attempt went.
#[derive(ToSchema)]
pub(crate) struct Attempt {
    /// When it began.
    at: DateTime<Utc>,
    /// What the other side answered: an HTTP status, an SMTP code.
    #[schema(required = false)]
    status_code: i32,
    /// How long it took, in milliseconds.
    #[schema(minimum = 0)]
    duration_ms: i32,
    /// The beginning of what it said.
    #[schema(required = false)]
    response: String,
    /// Why it failed.
    #[schema(required = false)]
    error: String,
    /// What was sent beside the payload, without secrets.
    #[schema(required = false)]
    request: Value,
}

/// How many jobs were forgotten.
#[derive(ToSchema)]
pub(crate) struct Purged {
    /// How many.
    #[schema(minimum = 0)]
    purged: u64,
}
