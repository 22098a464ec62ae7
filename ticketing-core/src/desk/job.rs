//! What the workers have to do, had to do and could not do, for who runs the desk.

use super::recorder::Recorder;
use super::user::page;
use super::work::{MailedTo, recipient};
use super::{AttemptView, Desk};
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::error::Error;
use crate::fold::fold;
use crate::ids::{JobId, TicketId};
use crate::model::{Job, JobCause, JobKind, JobState, Role, Subject};
use crate::port::{JobCount, JobPurge, JobQuery};
use crate::query::{Page, Position};
use crate::time::Time;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// How many jobs are forgotten in one go.
const PURGED: usize = 1_000;

/// A job as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JobView {
    /// Its id.
    pub id: JobId,
    /// What is to be done.
    pub kind: JobKind,
    /// Where it goes.
    pub lane: String,
    /// How far it is.
    pub state: JobState,
    /// The ticket that it is about.
    pub ticket_id: Option<TicketId>,
    /// Why it is there.
    pub cause: JobCause,
    /// Not before this moment.
    pub due_at: Time,
    /// How often it was tried since it was made or asked for again.
    pub attempts: i32,
    /// How many workers were lost over it since then.
    pub lost: i32,
    /// Until when it is a worker's, while it runs.
    pub leased_until: Option<Time>,
    /// Why the last attempt failed, or why it was given up.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it was done or given up.
    pub ended_at: Option<Time>,
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        Self {
            id: job.id,
            kind: job.kind,
            lane: job.lane,
            state: job.state,
            ticket_id: job.ticket_id,
            cause: job.cause,
            due_at: job.due_at,
            attempts: job.attempts,
            lost: job.lost,
            leased_until: job.lease.map(|lease| lease.until),
            last_error: job.last_error,
            created_at: job.created_at,
            ended_at: job.ended_at,
        }
    }
}

/// A job with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WholeJob {
    /// The job.
    #[serde(flatten)]
    pub job: JobView,
    /// What is needed to do it. What must not be read at rest is sealed in it.
    pub payload: Value,
    /// How each attempt went, oldest first.
    pub attempts_made: Vec<AttemptView>,
}

impl Desk {
    /// Jobs, newest first. For administrators.
    pub async fn jobs(&self, call: impl Into<Call>, mut query: JobQuery) -> Result<Page<JobView>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let limit = query.limit;
        query.limit += 1;
        let jobs = self.store.jobs(&query).await?;
        let page = page(jobs, limit, |job| Position::at(0, job.id.0));
        Ok(page.map(JobView::from))
    }

    /// A job and how each attempt went. For administrators.
    pub async fn job(&self, call: impl Into<Call>, id: JobId) -> Result<WholeJob, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let job = self.store.job(id).await?.ok_or(Error::NotFound("job"))?;
        let attempts = self.store.attempts(&[id]).await?;
        let payload = job.payload.clone();
        Ok(WholeJob { job: job.into(), payload, attempts_made: attempts.into_iter().map(Into::into).collect() })
    }

    /// How many jobs there are of each kind that wait, run or were given up. For administrators.
    pub async fn job_counts(&self, call: impl Into<Call>) -> Result<Vec<JobCount>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        Ok(self.store.job_counts().await?)
    }

    /// Does a job again that was done or given up, from the start and at once. A mail is tried again also
    /// where its address was refused before. For administrators.
    pub async fn retry_job(&self, call: impl Into<Call>, id: JobId) -> Result<JobView, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        self.insist(move || self.try_retry(call, id)).await
    }

    async fn try_retry(&self, call: &Call, id: JobId) -> Result<JobView, Error> {
        let job = self.store.job(id).await?.ok_or(Error::NotFound("job"))?;
        if !job.state.has_ended() {
            return Err(Error::conflict("not_ended", "The job is still to be done."));
        }
        let mut recorder = Recorder::begin(self, call).await?;
        let now = recorder.now;
        let address = match recipient(&job) {
            Some(MailedTo::Person(id)) => self.store.user(&Scope::UPKEEP, id).await?.map(|user| user.email),
            Some(MailedTo::Address(address)) => Some(address),
            None => None,
        };
        if let Some(address) = address {
            let known = self.store.mail_records(&[(fold(&address), None)]).await?.pop();
            if let Some(record) = known.filter(|record| record.failure.is_some()) {
                let forgiven = crate::model::MailRecord { failure: None, ..record };
                recorder.write(super::work::next_record(forgiven, now));
            }
        }
        recorder.write(Write::RedoJob { id, at: now });
        recorder.deed("job.retried", Subject::Job(id), &BTreeMap::new());
        let again = Job { state: JobState::Ready, due_at: now, attempts: 0, lost: 0, ended_at: None, ..job };
        let view = JobView::from(again);
        recorder.answer(|| &view)?;
        recorder.commit().await?;
        Ok(view)
    }

    /// Forgets jobs that were done or given up before this moment, and how they went. Answers how many.
    /// For administrators.
    pub async fn purge_jobs(&self, call: impl Into<Call>, states: Vec<JobState>, before: Time) -> Result<u64, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        let words: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
        let changes = &BTreeMap::from([
            ("states".to_owned(), (Value::Null, serde_json::json!(words))),
            ("before".to_owned(), (Value::Null, serde_json::json!(before))),
        ]);
        // First, so that nothing goes of which the log does not tell.
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let subject = Subject::Job(JobId(self.ids().uuid(recorder.now)));
            recorder.deed("job.purged", subject, changes);
            recorder.commit().await
        })
        .await?;
        let purge = JobPurge { states, kinds: Vec::new(), before, limit: PURGED };
        let mut count = 0;
        loop {
            let gone = self.store.purge_jobs(&purge).await?;
            count += gone;
            if gone < PURGED as u64 {
                break;
            }
        }
        Ok(count)
    }
}
