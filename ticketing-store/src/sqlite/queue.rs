//! Jobs as their workers see them, and what else is asked for around them.

use super::job_row;
use super::open::SqliteStore;
use super::order::{Done, Order};
use super::row;
use super::ticket::limit;
use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::sqlite::Sqlite;
use std::fmt::Display;
use ticketing_core::event::Event;
use ticketing_core::ids::{EventId, JobId, TicketId, UserId, WorkerId};
use ticketing_core::model::{Attempt, Job, JobState, MailRecord, WebhookHealth};
use ticketing_core::port::{Claim, JobCount, JobPurge, JobQuery, Queue, StoreResult};
use ticketing_core::setting::Document;
use ticketing_core::time::Time;
use uuid::Uuid;

#[async_trait]
impl Queue for SqliteStore {
    async fn claim_jobs(&self, claim: &Claim) -> StoreResult<Vec<Job>> {
        self.writer.order(Order::Claim(claim.clone())).await.and_then(Done::jobs)
    }

    async fn extend_leases(&self, worker: WorkerId, ids: &[JobId], until: Time) -> StoreResult<Vec<JobId>> {
        self.writer.order(Order::Extend { worker, ids: ids.to_vec(), until }).await.and_then(Done::held)
    }

    async fn free_jobs(&self, now: Time, limit: usize) -> StoreResult<u64> {
        self.writer.order(Order::Free { now, limit }).await.and_then(Done::count)
    }

    async fn job(&self, id: JobId) -> StoreResult<Option<Job>> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(job_row::JOB).push(" FROM job WHERE id = ").push_bind(id.0);
        self.row(query).await?.as_ref().map(job_row::job).transpose()
    }

    async fn jobs(&self, wanted: &JobQuery) -> StoreResult<Vec<Job>> {
        let mut query = QueryBuilder::new("");
        push_jobs(&mut query, wanted);
        self.rows(query).await?.iter().map(job_row::job).collect()
    }

    async fn attempts(&self, ids: &[JobId]) -> StoreResult<Vec<Attempt>> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(job_row::ATTEMPT).push(" FROM job_attempt WHERE job_id IN (");
        push_ids(&mut query, ids.iter().map(|id| id.0));
        query.push(") ORDER BY job_id, at");
        self.rows(query).await?.iter().map(job_row::attempt).collect()
    }

    async fn job_counts(&self) -> StoreResult<Vec<JobCount>> {
        let mut query = QueryBuilder::new("");
        push_counts(&mut query);
        self.rows(query).await?.iter().map(job_row::count).collect()
    }

    async fn purge_jobs(&self, purge: &JobPurge) -> StoreResult<u64> {
        self.writer.order(Order::Purge(purge.clone())).await.and_then(Done::count)
    }

    /// No other process can hear it.
    async fn ring(&self) -> StoreResult<()> {
        Ok(())
    }

    async fn rung(&self) {
        std::future::pending::<()>().await;
    }

    async fn events_by_ids(&self, ids: &[EventId]) -> StoreResult<Vec<Event>> {
        let mut query = select_events();
        query.push("e.id IN (");
        push_ids(&mut query, ids.iter().map(|id| id.0));
        query.push(") ORDER BY e.seq");
        self.rows(query).await?.iter().map(row::event).collect()
    }

    async fn webhook_health(&self) -> StoreResult<Vec<WebhookHealth>> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(job_row::HEALTH).push(" FROM webhook_health");
        self.rows(query).await?.iter().map(job_row::health).collect()
    }

    async fn events_by_moment(&self, after: EventId, many: usize) -> StoreResult<Vec<Event>> {
        let mut query = select_events();
        query.push("e.id > ").push_bind(after.0).push(" ORDER BY e.id LIMIT ").push_bind(limit(many));
        self.rows(query).await?.iter().map(row::event).collect()
    }

    async fn mail_records(&self, keys: &[(String, Option<TicketId>)]) -> StoreResult<Vec<MailRecord>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = QueryBuilder::new("SELECT ");
        query.push(job_row::MAIL_RECORD).push(" FROM mail_record WHERE (address, ticket_id) IN (");
        query.push_values(keys, |mut row, (address, ticket_id)| {
            row.push_bind(address.as_str()).push_bind(ticket_id.map_or(Uuid::nil(), |id| id.0));
        });
        query.push(")");
        self.rows(query).await?.iter().map(job_row::mail_record).collect()
    }

    async fn purge_mail_records(&self, before: Time, limit: usize) -> StoreResult<u64> {
        self.writer.order(Order::PurgeMail { before, limit }).await.and_then(Done::count)
    }

    async fn personal_documents(&self, kind: &str, owners: &[UserId]) -> StoreResult<Vec<Document>> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(row::DOCUMENT).push(" FROM setting WHERE kind = ").push_bind(kind).push(" AND owner IN (");
        push_ids(&mut query, owners.iter().map(|id| id.0));
        query.push(") AND deleted = 0");
        self.rows(query).await?.iter().map(row::document).collect()
    }
}

/// States and kinds stand in the text, so that the indexes for some of them alone can be used.
pub(super) fn push_jobs(query: &mut QueryBuilder<Sqlite>, wanted: &JobQuery) {
    query.push("SELECT ").push(job_row::JOB).push(" FROM job WHERE TRUE");
    push_one_of(query, "state", wanted.states.iter().map(|state| state.rank()));
    push_one_of(query, "kind", wanted.kinds.iter().map(|kind| kind.rank()));
    if let Some(lane) = &wanted.lane {
        query.push(" AND lane = ").push_bind(lane.as_str());
    }
    if let Some(ticket_id) = wanted.ticket_id {
        query.push(" AND ticket_id = ").push_bind(ticket_id.0);
    }
    if let Some(since) = wanted.since {
        query.push(" AND id >= ").push_bind(EventId::first_at(since).0);
    }
    if let Some(after) = wanted.after {
        query.push(" AND id < ").push_bind(after.0);
    }
    query.push(" ORDER BY id DESC LIMIT ").push_bind(limit(wanted.limit));
}

/// Each state by an index that holds all that is asked for.
pub(super) fn push_counts(query: &mut QueryBuilder<Sqlite>) {
    for state in [JobState::Ready, JobState::Running, JobState::Dead] {
        query.push(if state == JobState::Ready { "SELECT kind, " } else { " UNION ALL SELECT kind, " });
        query.push(state.rank()).push(", count(*), min(due_at) FROM job WHERE state = ").push(state.rank());
        query.push(" GROUP BY kind");
    }
}

/// One value is said with an equals sign: SQLite takes an index for some rows alone only where the text
/// says the same.
fn push_one_of(query: &mut QueryBuilder<Sqlite>, column: &str, ranks: impl ExactSizeIterator<Item = impl Display>) {
    if ranks.len() == 0 {
        return;
    }
    query.push(" AND ").push(column).push(if ranks.len() == 1 { " = " } else { " IN (" });
    let is_list = ranks.len() > 1;
    let mut list = query.separated(", ");
    for rank in ranks {
        list.push(rank);
    }
    if is_list {
        query.push(")");
    }
}

fn select_events() -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT ");
    query.push(row::EVENT).push(" FROM event e LEFT JOIN person p ON p.id = e.actor_id WHERE ");
    query
}

fn push_ids(query: &mut QueryBuilder<Sqlite>, ids: impl Iterator<Item = Uuid>) {
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(id);
    }
}
