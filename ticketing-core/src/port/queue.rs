//! Jobs as the workers see them.

use super::StoreResult;
use crate::event::Event;
use crate::ids::{EventId, JobId, TicketId, UserId, WorkerId};
use crate::model::{Attempt, Job, JobKind, JobState, MailRecord, WebhookHealth};
use crate::setting::Document;
use crate::time::Time;
use async_trait::async_trait;
use std::collections::BTreeMap;

/// What a worker asks for.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Who asks.
    pub worker: WorkerId,
    /// What time it is.
    pub now: Time,
    /// Until when the jobs are the worker's.
    pub until: Time,
    /// How many jobs of one lane it takes at most, where `rooms` says nothing else.
    pub room: usize,
    /// How many more it takes of these lanes.
    pub rooms: BTreeMap<String, usize>,
    /// How many it takes of all lanes together.
    pub limit: usize,
}

/// Which jobs a list shows, newest first (by id).
#[derive(Clone, Debug, Default)]
pub struct JobQuery {
    /// Only of these states; of all where it is empty.
    pub states: Vec<JobState>,
    /// Only of these kinds; of all where it is empty.
    pub kinds: Vec<JobKind>,
    /// Only of this lane.
    pub lane: Option<String>,
    /// Only about this ticket.
    pub ticket_id: Option<TicketId>,
    /// Only those made at this moment or later, by the moment in their ids.
    pub since: Option<Time>,
    /// After this one.
    pub after: Option<JobId>,
    /// How many at most.
    pub limit: usize,
}

/// How many jobs there are of a kind in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobCount {
    /// The kind.
    pub kind: JobKind,
    /// The state.
    pub state: JobState,
    /// How many.
    pub count: u64,
    /// The earliest moment that one of them is or was due.
    pub oldest_due: Option<Time>,
}

/// Which ended jobs are forgotten, with their attempts.
#[derive(Clone, Debug)]
pub struct JobPurge {
    /// Of these states; only ended ones count.
    pub states: Vec<JobState>,
    /// Of these kinds; of all where it is empty.
    pub kinds: Vec<JobKind>,
    /// Those that ended before this moment.
    pub before: Time,
    /// How many at most.
    pub limit: usize,
}

/// Jobs, and what their workers have to remember. For the desk alone: there is no scope.
///
/// Jobs are made, ended and asked for again by [`crate::changes::Write`]s of a commit. What a claim or an
/// extension says is durable when it is answered, as far as other processes go; a crash of the database
/// may undo it, which only means that the job is claimed again.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Takes ready jobs that are due, the earliest due of each lane first, and makes them the worker's. No
    /// job is given to two workers at once. Lanes with room are all served, however long any of them is;
    /// where the limit does not reach for all, lanes take turns from claim to claim or by chance. Costs
    /// what it answers and how many lanes there are, not how many jobs wait.
    async fn claim_jobs(&self, claim: &Claim) -> StoreResult<Vec<Job>>;

    /// Moves the end of the worker's claims on. Answers those that were still the worker's.
    async fn extend_leases(&self, worker: WorkerId, ids: &[JobId], until: Time) -> StoreResult<Vec<JobId>>;

    /// Makes running jobs whose lease has ended by now ready again, at most `limit`, those first that ended
    /// first, and counts each as lost. Answers how many.
    async fn free_jobs(&self, now: Time, limit: usize) -> StoreResult<u64>;

    /// The job.
    async fn job(&self, id: JobId) -> StoreResult<Option<Job>>;

    /// Jobs, newest first (by id).
    async fn jobs(&self, query: &JobQuery) -> StoreResult<Vec<Job>>;

    /// The attempts of these jobs, by job and moment.
    async fn attempts(&self, ids: &[JobId]) -> StoreResult<Vec<Attempt>>;

    /// How many jobs there are of each kind in each state. What there is none of is left out, and so is what
    /// is done: there is no end of that, and nobody waits for it.
    async fn job_counts(&self) -> StoreResult<Vec<JobCount>>;

    /// Forgets ended jobs and answers how many.
    async fn purge_jobs(&self, purge: &JobPurge) -> StoreResult<u64>;

    /// Tells workers in other processes that there is work. A hint: it may be lost or come late.
    async fn ring(&self) -> StoreResult<()>;

    /// Returns when another process may have rung since the last return, or never. A store without such
    /// a bell never returns.
    async fn rung(&self);

    /// Events by their ids, in the order of the log.
    async fn events_by_ids(&self, ids: &[EventId]) -> StoreResult<Vec<Event>>;

    /// How each webhook that was ever called is doing.
    async fn webhook_health(&self) -> StoreResult<Vec<WebhookHealth>>;

    /// Events by their ids, after this one, at most `limit`: the ids of a moment and later begin with
    /// [`EventId::first_at`].
    async fn events_by_moment(&self, after: EventId, limit: usize) -> StoreResult<Vec<Event>>;

    /// What is known about mail to these folded addresses: all mail (no ticket) or that about one ticket. In
    /// any order.
    async fn mail_records(&self, keys: &[(String, Option<TicketId>)]) -> StoreResult<Vec<MailRecord>>;

    /// Forgets what is known of addresses that have not been written to since this moment and of which
    /// nothing bad is known, at most `limit`. Answers how many.
    async fn purge_mail_records(&self, before: Time, limit: usize) -> StoreResult<u64>;

    /// Documents of this kind that belong to these people, in any order; deleted ones left out.
    async fn personal_documents(&self, kind: &str, owners: &[UserId]) -> StoreResult<Vec<Document>>;
}
