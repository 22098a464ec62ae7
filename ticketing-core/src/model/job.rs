//! Work that a commit has promised and that is done after it.

use super::words;
use crate::ids::{EventId, JobId, TicketId, WorkerId};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

words! {
    /// What is to be done.
    JobKind {
        /// Work out whom a commit concerns: a job for each endpoint, and one that looks who gets mail.
        Dispatch = 0 "dispatch",
        /// Write the mails about what happened to a ticket in the last seconds.
        Notify = 1 "notify",
        /// Hand one mail over.
        Mail = 2 "mail",
        /// Call one endpoint about one event.
        Webhook = 3 "webhook",
        /// Call one endpoint about what happened since a moment, where it was not told of it before.
        Replay = 4 "replay",
        /// Make a link that sets a password, and the mail that it goes in.
        PasswordMail = 5 "password_mail",
        /// Write the mails that a rule asks for.
        RuleMail = 6 "rule_mail",
        /// Look whether a rule that was held back has to be switched off.
        RuleLimit = 8 "rule_limit",
        /// Do what a rule asks of the embedding application.
        RuleAction = 9 "rule_action",
        /// Plan tickets anew by the clock because a setting has changed, a page at a time.
        Replan = 10 "replan",
        /// Let a rule look at all tickets, a page at a time.
        RuleScan = 11 "rule_scan",
        /// Something that a person is told late. It waits to be taken along by the next `late_mail` to that person.
        LateNews = 12 "late_news",
        /// Write the one mail about all that a person is told late.
        LateMail = 13 "late_mail",
        /// Read a mail that came in, and do what it asks for.
        Inbound = 14 "inbound",
        /// Look for agents for what waits in a team.
        Route = 16 "route",
        /// Write options of a custom field on tickets as they are called now, a page at a time.
        RenameOption = 17 "rename_option",
        /// Look a table through that somebody has brought, or take it in.
        Import = 18 "import",
    }
}

words! {
    /// How far a job is.
    JobState {
        /// Waits for its moment and a worker.
        Ready = 0 "ready",
        /// A worker has it.
        Running = 1 "running",
        /// It was done.
        Done = 2 "done",
        /// It was given up; its last error says why.
        Dead = 3 "dead",
    }
}

impl JobState {
    /// Whether nobody works on it any more.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Dead)
    }
}

/// Why there is a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobCause {
    /// The event that it follows from.
    pub event_id: Option<EventId>,
    /// The rule that asked for it.
    pub rule_id: Option<Uuid>,
    /// The version of that rule.
    pub rule_version: Option<i64>,
}

/// A worker's claim on a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Whose.
    pub worker: WorkerId,
    /// Until when. A worker that goes on longer extends it; after it the job is anybody's again.
    pub until: Time,
}

/// One piece of work.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id, the same over all attempts.
    pub id: JobId,
    /// What is to be done.
    pub kind: JobKind,
    /// Where it goes: jobs of one lane share a cap, and none waits for another lane. At most 100 bytes.
    pub lane: String,
    /// Of two jobs with the same key only the first is kept. At most 200 bytes.
    pub dedupe: Option<String>,
    /// The ticket that it is about.
    pub ticket_id: Option<TicketId>,
    /// What is needed to do it.
    pub payload: Value,
    /// Why it is there.
    pub cause: JobCause,
    /// How far it is.
    pub state: JobState,
    /// Not before this moment.
    pub due_at: Time,
    /// How often it was tried since it was made or asked for again, successes and failures.
    pub attempts: i32,
    /// How often a worker has claimed it and not come back with an answer, since the last one.
    pub lost: i32,
    /// Who works on it; only while it runs.
    pub lease: Option<Lease>,
    /// Why the last attempt failed, or why it was given up.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it was done or given up.
    pub ended_at: Option<Time>,
}

/// How one attempt went.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The job.
    pub job_id: JobId,
    /// When it began. No two attempts of a job begin at the same microsecond: the second is not kept.
    pub at: Time,
    /// How long it took, in milliseconds.
    pub duration_ms: i32,
    /// What the other side answered: an HTTP status, an SMTP code.
    pub status_code: Option<i32>,
    /// The beginning of what it said.
    pub response: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// What was sent beside the payload, such as headers, without secrets.
    pub request: Option<Value>,
}

/// What becomes of a job after an attempt.
#[derive(Clone, Debug, PartialEq)]
pub enum JobOutcome {
    /// It is done.
    Done,
    /// It is tried again at this moment.
    Retry {
        /// When.
        due_at: Time,
        /// Why it failed.
        error: String,
    },
    /// It is given up.
    Dead {
        /// Why.
        error: String,
    },
    /// It was not tried; anybody may have it at once.
    Released,
}

/// The end of a worker's claim on a job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobEnd {
    /// The job.
    pub id: JobId,
    /// Who had it.
    pub worker: WorkerId,
    /// When.
    pub at: Time,
    /// What becomes of it. All but [`JobOutcome::Released`] count as an attempt, and end the count of
    /// claims that were lost.
    pub outcome: JobOutcome,
    /// What is kept of the attempt.
    pub attempt: Option<Attempt>,
    /// Whether the commit holds the work itself, and so must not land where somebody else does it by now: the
    /// answer is then [`crate::port::StoreError::Conflict`]. All ends of one commit say the same.
    pub must_hold: bool,
}
