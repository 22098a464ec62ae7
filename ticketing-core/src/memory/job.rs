//! Writing jobs, and what their workers have to remember.

use super::staged::{Staged, check, check_composed};
use crate::changes::Expect;
use crate::ids::{JobId, WebhookId, WorkerId};
use crate::model::{Attempt, Job, JobEnd, JobOutcome, JobState, Lease, MailRecord, WebhookHealth};
use crate::port::{StoreError, StoreResult};
use crate::time::Time;

impl Staged<'_> {
    pub(super) fn job(&mut self, job: Job) -> StoreResult<()> {
        if job.dedupe.as_ref().is_some_and(|key| self.state.job_keys.contains_key(key)) {
            return Ok(());
        }
        check(Expect::New, self.state.jobs.get(&job.id).map(|_| 0))?;
        self.set_job(job);
        Ok(())
    }

    /// Keeps the job, and finds it in every order from now on.
    pub(super) fn set_job(&mut self, job: Job) {
        self.unlist_job(job.id);
        if let Some(key) = &job.dedupe {
            self.put(|state| &mut state.job_keys, key.clone(), job.id);
        }
        match (&job.lease, job.ended_at) {
            (Some(lease), _) => self.put(|state| &mut state.job_leases, (lease.until, job.id), job.id),
            (None, Some(ended_at)) => self.put(|state| &mut state.ended_jobs, (ended_at, job.id), job.id),
            (None, None) => {
                let place = (job.lane.clone(), job.due_at, job.id);
                self.put(|state| &mut state.ready_jobs, place, job.id);
            }
        }
        self.put(|state| &mut state.jobs, job.id, job);
    }

    /// Takes the job out of every order.
    fn unlist_job(&mut self, id: JobId) {
        let Some(job) = self.state.jobs.get(&id).cloned() else { return };
        if let Some(key) = &job.dedupe {
            self.remove(|state| &mut state.job_keys, key);
        }
        if let Some(lease) = job.lease {
            self.remove(|state| &mut state.job_leases, &(lease.until, id));
        }
        if let Some(ended_at) = job.ended_at {
            self.remove(|state| &mut state.ended_jobs, &(ended_at, id));
        }
        self.remove(|state| &mut state.ready_jobs, &(job.lane, job.due_at, id));
    }

    pub(super) fn forget_job(&mut self, id: JobId) {
        self.unlist_job(id);
        let attempts = (id, Time::MIN_UTC)..=(id, Time::MAX_UTC);
        let attempts: Vec<_> = self.state.job_attempts.range(attempts).map(|(key, _)| *key).collect();
        for key in attempts {
            self.remove(|state| &mut state.job_attempts, &key);
        }
        self.remove(|state| &mut state.jobs, &id);
    }

    pub(super) fn end_job(&mut self, end: JobEnd) -> StoreResult<()> {
        let Some(mut job) = self.state.job_of(end.worker, end.id).cloned() else {
            return if end.must_hold { Err(StoreError::Conflict) } else { Ok(()) };
        };
        job.lease = None;
        job.state = JobState::Ready;
        if end.outcome != JobOutcome::Released {
            job.attempts += 1;
            job.lost = 0;
            job.last_error = None;
        }
        match end.outcome {
            JobOutcome::Done => (job.state, job.ended_at) = (JobState::Done, Some(end.at)),
            JobOutcome::Retry { due_at, error } => (job.due_at, job.last_error) = (due_at, Some(error)),
            JobOutcome::Dead { error } => {
                (job.state, job.ended_at, job.last_error) = (JobState::Dead, Some(end.at), Some(error));
            }
            JobOutcome::Released => {}
        }
        self.set_job(job);
        if let Some(attempt) = end.attempt {
            let key = (end.id, attempt.at);
            if !self.state.job_attempts.contains_key(&key) {
                self.put(|state| &mut state.job_attempts, key, Attempt { job_id: end.id, ..attempt });
            }
        }
        Ok(())
    }

    pub(super) fn take_job(&mut self, id: JobId, at: Time) -> StoreResult<()> {
        let ready = self.state.jobs.get(&id).filter(|job| job.state == JobState::Ready);
        let job = ready.cloned().ok_or(StoreError::Conflict)?;
        self.set_job(Job { state: JobState::Done, ended_at: Some(at), ..job });
        Ok(())
    }

    pub(super) fn redo_job(&mut self, id: JobId, at: Time) -> StoreResult<()> {
        let ended = self.state.jobs.get(&id).filter(|job| job.state.has_ended());
        let job = ended.cloned().ok_or(StoreError::Conflict)?;
        self.set_job(Job {
            state: JobState::Ready,
            due_at: at,
            attempts: 0,
            lost: 0,
            last_error: None,
            ended_at: None,
            ..job
        });
        Ok(())
    }

    /// Makes the job the worker's.
    pub(super) fn lend_job(&mut self, id: JobId, lease: Lease) -> Option<Job> {
        let job = self.state.jobs.get(&id).cloned()?;
        let job = Job { state: JobState::Running, lease: Some(lease), ..job };
        self.set_job(job.clone());
        Some(job)
    }

    pub(super) fn mail_record(&mut self, record: MailRecord, expect: Expect) -> StoreResult<()> {
        let key = (record.address.clone(), record.ticket_id);
        check_composed(expect, self.state.mail_records.get(&key).map(|row| row.version))?;
        self.put(|state| &mut state.mail_records, key, record);
        Ok(())
    }

    pub(super) fn webhook_called(&mut self, webhook_id: WebhookId, at: Time, is_good: bool) {
        let known = self.state.webhook_health.get(&webhook_id).map(|health| health.failing_since.is_none());
        if known == Some(is_good) {
            return;
        }
        let failing_since = (!is_good).then_some(at);
        let health = WebhookHealth { webhook_id, failing_since, updated_at: at };
        self.put(|state| &mut state.webhook_health, webhook_id, health);
    }
}

impl super::state::State {
    /// The job, where it is this worker's.
    pub(super) fn job_of(&self, worker: WorkerId, id: JobId) -> Option<&Job> {
        self.jobs.get(&id).filter(|job| job.lease.is_some_and(|lease| lease.worker == worker))
    }
}
