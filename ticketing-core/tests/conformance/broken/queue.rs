//! What a hurried adapter gets wrong about jobs.

use super::{Broken, Fault};
use async_trait::async_trait;
use ticketing_core::changes::Write;
use ticketing_core::event::Event;
use ticketing_core::model::{Attempt, Job, JobState, MailRecord, WebhookHealth};
use ticketing_core::port::{Claim, JobCount, JobPurge, JobQuery, Queue, StoreResult};
use ticketing_core::setting::Document;
use ticketing_core::time::Time;
use ticketing_core::{EventId, JobId, TicketId, UserId, WorkerId};

impl Broken {
    pub(super) async fn damage_job(&self, write: &mut Write) {
        match write {
            Write::Job(job) if self.has(Fault::ForgetsKeys) => job.dedupe = None,
            Write::EndJob(end) if self.has(Fault::EndsForAnybody) => {
                let job = self.inner.job(end.id).await.ok().flatten();
                end.worker = job.and_then(|job| job.lease).map_or(end.worker, |lease| lease.worker);
            }
            _ => {}
        }
    }
}

#[async_trait]
impl Queue for Broken {
    async fn claim_jobs(&self, claim: &Claim) -> StoreResult<Vec<Job>> {
        let mut jobs = self.inner.claim_jobs(claim).await?;
        if self.has(Fault::ClaimsWhatOthersHold) {
            let query = JobQuery { states: vec![JobState::Running], limit: claim.limit, ..JobQuery::default() };
            let others = self.inner.jobs(&query).await?.into_iter();
            jobs.extend(others.filter(|job| job.lease.is_some_and(|lease| lease.worker != claim.worker)));
        }
        Ok(jobs)
    }

    async fn extend_leases(&self, worker: WorkerId, ids: &[JobId], until: Time) -> StoreResult<Vec<JobId>> {
        self.inner.extend_leases(worker, ids, until).await
    }

    async fn free_jobs(&self, now: Time, limit: usize) -> StoreResult<u64> {
        self.inner.free_jobs(now, limit).await
    }

    async fn job(&self, id: JobId) -> StoreResult<Option<Job>> {
        self.inner.job(id).await
    }

    async fn jobs(&self, query: &JobQuery) -> StoreResult<Vec<Job>> {
        self.inner.jobs(query).await
    }

    async fn attempts(&self, ids: &[JobId]) -> StoreResult<Vec<Attempt>> {
        self.inner.attempts(ids).await
    }

    async fn job_counts(&self) -> StoreResult<Vec<JobCount>> {
        self.inner.job_counts().await
    }

    async fn purge_jobs(&self, purge: &JobPurge) -> StoreResult<u64> {
        self.inner.purge_jobs(purge).await
    }

    async fn ring(&self) -> StoreResult<()> {
        self.inner.ring().await
    }

    async fn rung(&self) {
        self.inner.rung().await;
    }

    async fn events_by_ids(&self, ids: &[EventId]) -> StoreResult<Vec<Event>> {
        self.inner.events_by_ids(ids).await
    }

    async fn webhook_health(&self) -> StoreResult<Vec<WebhookHealth>> {
        self.inner.webhook_health().await
    }

    async fn events_by_moment(&self, after: EventId, limit: usize) -> StoreResult<Vec<Event>> {
        self.inner.events_by_moment(after, limit).await
    }

    async fn mail_records(&self, keys: &[(String, Option<TicketId>)]) -> StoreResult<Vec<MailRecord>> {
        self.inner.mail_records(keys).await
    }

    async fn purge_mail_records(&self, before: Time, limit: usize) -> StoreResult<u64> {
        self.inner.purge_mail_records(before, limit).await
    }

    async fn personal_documents(&self, kind: &str, owners: &[UserId]) -> StoreResult<Vec<Document>> {
        self.inner.personal_documents(kind, owners).await
    }
}
