//! What workers ask a store for: jobs, what is due by the clock, mail that came in; and working time.

use super::Counting;
use async_trait::async_trait;
use ticketing_core::event::Event;
use ticketing_core::model::{
    Arrival, Attempt, Fired, Job, MailRecord, Recurrence, RecurrenceKind, Stopwatch, TimeEntry, WebhookHealth,
};
use ticketing_core::port::{
    ArrivalCount, ArrivalQuery, Claim, InboundRead, JobCount, JobPurge, JobQuery, Queue, Store, StoreResult, TimeRead,
    Timers,
};
use ticketing_core::query::{TimeFilter, TimeQuery};
use ticketing_core::report::{TimeTally, TimeTallyQuery};
use ticketing_core::setting::Document;
use ticketing_core::time::Time;
use ticketing_core::{ArrivalId, EventId, JobId, Scope, TicketId, TimeEntryId, UserId, WorkerId};

#[async_trait]
impl<S: Store> Queue for Counting<S> {
    async fn claim_jobs(&self, claim: &Claim) -> StoreResult<Vec<Job>> {
        self.read().claim_jobs(claim).await
    }

    async fn extend_leases(&self, worker: WorkerId, ids: &[JobId], until: Time) -> StoreResult<Vec<JobId>> {
        self.read().extend_leases(worker, ids, until).await
    }

    async fn free_jobs(&self, now: Time, limit: usize) -> StoreResult<u64> {
        self.read().free_jobs(now, limit).await
    }

    async fn job(&self, id: JobId) -> StoreResult<Option<Job>> {
        self.read().job(id).await
    }

    async fn jobs(&self, query: &JobQuery) -> StoreResult<Vec<Job>> {
        self.read().jobs(query).await
    }

    async fn attempts(&self, ids: &[JobId]) -> StoreResult<Vec<Attempt>> {
        self.read().attempts(ids).await
    }

    async fn job_counts(&self) -> StoreResult<Vec<JobCount>> {
        self.read().job_counts().await
    }

    async fn purge_jobs(&self, purge: &JobPurge) -> StoreResult<u64> {
        self.read().purge_jobs(purge).await
    }

    async fn ring(&self) -> StoreResult<()> {
        self.read().ring().await
    }

    async fn rung(&self) {
        self.store.rung().await;
    }

    async fn events_by_ids(&self, ids: &[EventId]) -> StoreResult<Vec<Event>> {
        self.read().events_by_ids(ids).await
    }

    async fn webhook_health(&self) -> StoreResult<Vec<WebhookHealth>> {
        self.read().webhook_health().await
    }

    async fn events_by_moment(&self, after: EventId, limit: usize) -> StoreResult<Vec<Event>> {
        self.read().events_by_moment(after, limit).await
    }

    async fn mail_records(&self, keys: &[(String, Option<TicketId>)]) -> StoreResult<Vec<MailRecord>> {
        self.read().mail_records(keys).await
    }

    async fn purge_mail_records(&self, before: Time, limit: usize) -> StoreResult<u64> {
        self.read().purge_mail_records(before, limit).await
    }

    async fn personal_documents(&self, kind: &str, owners: &[UserId]) -> StoreResult<Vec<Document>> {
        self.read().personal_documents(kind, owners).await
    }
}

#[async_trait]
impl<S: Store> Timers for Counting<S> {
    async fn claim_wakes(&self, now: Time, until: Time, limit: usize) -> StoreResult<Vec<TicketId>> {
        self.read().claim_wakes(now, until, limit).await
    }

    async fn next_due_at(&self, now: Time) -> StoreResult<Option<Time>> {
        self.read().next_due_at(now).await
    }

    async fn fired(&self, ticket_ids: &[TicketId]) -> StoreResult<Vec<Fired>> {
        self.read().fired(ticket_ids).await
    }

    async fn due_schedules(&self, now: Time, limit: usize) -> StoreResult<Vec<Recurrence>> {
        self.read().due_schedules(now, limit).await
    }

    async fn schedules(&self, kind: RecurrenceKind, ids: &[uuid::Uuid]) -> StoreResult<Vec<Recurrence>> {
        self.read().schedules(kind, ids).await
    }
}

#[async_trait]
impl<S: Store> TimeRead for Counting<S> {
    async fn time_entry(&self, scope: &Scope, id: TimeEntryId) -> StoreResult<Option<TimeEntry>> {
        self.read().time_entry(scope, id).await
    }

    async fn time_entries(&self, scope: &Scope, query: &TimeQuery) -> StoreResult<Vec<TimeEntry>> {
        self.read().time_entries(scope, query).await
    }

    async fn overlapping_time(
        &self,
        scope: &Scope,
        user_id: UserId,
        stretch: (Time, Time),
        limit: usize,
    ) -> StoreResult<Vec<TimeEntry>> {
        self.read().overlapping_time(scope, user_id, stretch, limit).await
    }

    async fn time_span(&self, scope: &Scope, filter: &TimeFilter) -> StoreResult<Option<(Time, Time)>> {
        self.read().time_span(scope, filter).await
    }

    async fn time_report(&self, scope: &Scope, query: &TimeTallyQuery) -> StoreResult<Vec<TimeTally>> {
        self.read().time_report(scope, query).await
    }

    async fn stopwatch(&self, user_id: UserId) -> StoreResult<Option<Stopwatch>> {
        self.read().stopwatch(user_id).await
    }
}

#[async_trait]
impl<S: Store> InboundRead for Counting<S> {
    async fn arrival(&self, id: ArrivalId) -> StoreResult<Option<Arrival>> {
        self.read().arrival(id).await
    }

    async fn arrival_by_key(&self, key: &str) -> StoreResult<Option<Arrival>> {
        self.read().arrival_by_key(key).await
    }

    async fn arrivals(&self, query: &ArrivalQuery) -> StoreResult<Vec<Arrival>> {
        self.read().arrivals(query).await
    }

    async fn arrivals_since(&self, sender: &str, since: Time, limit: usize) -> StoreResult<(u64, u64)> {
        self.read().arrivals_since(sender, since, limit).await
    }

    async fn ticket_arrivals_since(&self, ticket_id: TicketId, since: Time, limit: usize) -> StoreResult<u64> {
        self.read().ticket_arrivals_since(ticket_id, since, limit).await
    }

    async fn arrival_counts(&self) -> StoreResult<Vec<ArrivalCount>> {
        self.read().arrival_counts().await
    }
}
