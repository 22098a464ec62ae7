//! Jobs as their workers see them, and what else is asked for around them.

mod bell;
mod claim;
mod row;

pub(super) use bell::Bell;

use super::failure::in_read;
use super::rows::{self, DocumentRow, EVENT, EventRow};
use super::source::{Lease, Pg, Source};
use super::up_to;
use async_trait::async_trait;
use row::{AttemptRow, CountRow, HealthRow, JOB, JobRow, MailRecordRow};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use std::fmt::Display;
use ticketing_core::event::Event;
use ticketing_core::ids::{EventId, JobId, TicketId, UserId, WorkerId};
use ticketing_core::model::{Attempt, Job, JobState, MailRecord, WebhookHealth};
use ticketing_core::port::{Claim, JobCount, JobPurge, JobQuery, Queue, StoreResult};
use ticketing_core::setting::Document;
use ticketing_core::time::Time;
use uuid::Uuid;

/// Leases a connection of this kind, calls the function with it and gives it back.
macro_rules! with {
    ($store:ident . $lease:ident, $function:path $(, $argument:expr)*) => {{
        let mut lease = $store.source.$lease().await?;
        let outcome = $function(&mut lease $(, $argument)*).await;
        lease.finish(outcome)
    }};
}

#[async_trait]
impl<S: Source> Queue for Pg<S> {
    async fn claim_jobs(&self, wanted: &Claim) -> StoreResult<Vec<Job>> {
        if wanted.limit == 0 {
            return Ok(Vec::new());
        }
        with!(self.lease_to_write, claim::claim, wanted, S::COMMITS)
    }

    async fn extend_leases(&self, worker: WorkerId, ids: &[JobId], until: Time) -> StoreResult<Vec<JobId>> {
        with!(self.lease_to_write, claim::extend, worker, ids, until, S::COMMITS)
    }

    async fn free_jobs(&self, now: Time, limit: usize) -> StoreResult<u64> {
        with!(self.lease_to_write, claim::free, now, limit)
    }

    async fn job(&self, id: JobId) -> StoreResult<Option<Job>> {
        with!(self.lease, one, id)
    }

    async fn jobs(&self, query: &JobQuery) -> StoreResult<Vec<Job>> {
        with!(self.lease, page, query)
    }

    async fn attempts(&self, ids: &[JobId]) -> StoreResult<Vec<Attempt>> {
        with!(self.lease, attempts, ids)
    }

    async fn job_counts(&self) -> StoreResult<Vec<JobCount>> {
        with!(self.lease, counts)
    }

    async fn purge_jobs(&self, purge: &JobPurge) -> StoreResult<u64> {
        with!(self.lease_to_write, claim::purge, purge)
    }

    async fn ring(&self) -> StoreResult<()> {
        self.source.ring();
        Ok(())
    }

    async fn rung(&self) {
        self.source.rung().await;
    }

    async fn events_by_ids(&self, ids: &[EventId]) -> StoreResult<Vec<Event>> {
        with!(self.lease, events_by_ids, ids)
    }

    async fn webhook_health(&self) -> StoreResult<Vec<WebhookHealth>> {
        with!(self.lease, webhook_health)
    }

    async fn events_by_moment(&self, after: EventId, limit: usize) -> StoreResult<Vec<Event>> {
        with!(self.lease, events_by_moment, after, limit)
    }

    async fn mail_records(&self, keys: &[(String, Option<TicketId>)]) -> StoreResult<Vec<MailRecord>> {
        with!(self.lease, mail_records, keys)
    }

    async fn purge_mail_records(&self, before: Time, limit: usize) -> StoreResult<u64> {
        with!(self.lease_to_write, purge_mail_records, before, limit)
    }

    async fn personal_documents(&self, kind: &str, owners: &[UserId]) -> StoreResult<Vec<Document>> {
        with!(self.lease, personal_documents, kind, owners)
    }
}

pub(super) async fn one(connection: &mut PgConnection, id: JobId) -> StoreResult<Option<Job>> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(JOB).push(" FROM job j WHERE j.id = ").push_bind(id.0);
    let row = sql.build_query_as::<JobRow>().fetch_optional(connection).await.map_err(in_read)?;
    row.map(Job::try_from).transpose()
}

/// The job that has this dedupe key.
pub(super) async fn keyed(connection: &mut PgConnection, key: &str) -> StoreResult<Option<JobId>> {
    let row = sqlx::query_scalar::<_, Uuid>("SELECT id FROM job WHERE dedupe = $1").bind(key);
    Ok(row.fetch_optional(connection).await.map_err(in_read)?.map(JobId))
}

/// States and kinds stand in the text, so that the indexes for some of them alone can be used.
async fn page(connection: &mut PgConnection, query: &JobQuery) -> StoreResult<Vec<Job>> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(JOB).push(" FROM job j WHERE TRUE");
    push_one_of(&mut sql, "j.state", query.states.iter().map(|state| state.rank()));
    push_one_of(&mut sql, "j.kind", query.kinds.iter().map(|kind| kind.rank()));
    if let Some(lane) = &query.lane {
        sql.push(" AND j.lane = ").push_bind(lane.as_str());
    }
    if let Some(ticket_id) = query.ticket_id {
        sql.push(" AND j.ticket_id = ").push_bind(ticket_id.0);
    }
    if let Some(since) = query.since {
        sql.push(" AND j.id >= ").push_bind(EventId::first_at(since).0);
    }
    if let Some(after) = query.after {
        sql.push(" AND j.id < ").push_bind(after.0);
    }
    sql.push(" ORDER BY j.id DESC LIMIT ").push(up_to(query.limit));
    rows::all(sql.build_query_as::<JobRow>().fetch_all(connection).await.map_err(in_read)?)
}

fn push_one_of(sql: &mut QueryBuilder<Postgres>, column: &str, ranks: impl ExactSizeIterator<Item = impl Display>) {
    if ranks.len() == 0 {
        return;
    }
    sql.push(" AND ").push(column).push(" IN (");
    let mut list = sql.separated(", ");
    for rank in ranks {
        list.push(rank);
    }
    sql.push(")");
}

pub(super) async fn attempts(connection: &mut PgConnection, ids: &[JobId]) -> StoreResult<Vec<Attempt>> {
    let rows = sqlx::query_as::<_, AttemptRow>(
        "SELECT job_id, at, duration_ms, status_code, response, error, request FROM job_attempt
         WHERE job_id = ANY($1) ORDER BY job_id, at",
    )
    .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>());
    Ok(rows.fetch_all(connection).await.map_err(in_read)?.into_iter().map(Attempt::from).collect())
}

/// Each state by an index that holds all that is asked for.
async fn counts(connection: &mut PgConnection) -> StoreResult<Vec<JobCount>> {
    let mut sql = QueryBuilder::new("");
    for state in [JobState::Ready, JobState::Running, JobState::Dead] {
        sql.push(if state == JobState::Ready { "SELECT kind, " } else { " UNION ALL SELECT kind, " });
        sql.push(state.rank()).push("::int2 AS state, count(*) AS count, min(due_at) AS oldest_due FROM job ");
        sql.push("WHERE state = ").push(state.rank()).push(" GROUP BY kind");
    }
    rows::all(sql.build_query_as::<CountRow>().fetch_all(connection).await.map_err(in_read)?)
}

async fn events_by_ids(connection: &mut PgConnection, ids: &[EventId]) -> StoreResult<Vec<Event>> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(EVENT).push(" FROM event e LEFT JOIN person p ON p.id = e.actor_id WHERE e.id = ANY(");
    sql.push_bind(ids.iter().map(|id| id.0).collect::<Vec<_>>()).push(") ORDER BY e.seq");
    rows::all(sql.build_query_as::<EventRow>().fetch_all(connection).await.map_err(in_read)?)
}

async fn events_by_moment(connection: &mut PgConnection, after: EventId, limit: usize) -> StoreResult<Vec<Event>> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(EVENT).push(" FROM event e LEFT JOIN person p ON p.id = e.actor_id WHERE e.id > ").push_bind(after.0);
    sql.push(" ORDER BY e.id LIMIT ").push(up_to(limit));
    rows::all(sql.build_query_as::<EventRow>().fetch_all(connection).await.map_err(in_read)?)
}

async fn webhook_health(connection: &mut PgConnection) -> StoreResult<Vec<WebhookHealth>> {
    let rows = sqlx::query_as::<_, HealthRow>("SELECT webhook_id, failing_since, updated_at FROM webhook_health");
    Ok(rows.fetch_all(connection).await.map_err(in_read)?.into_iter().map(WebhookHealth::from).collect())
}

pub(super) async fn mail_records(
    connection: &mut PgConnection,
    keys: &[(String, Option<TicketId>)],
) -> StoreResult<Vec<MailRecord>> {
    let addresses: Vec<&str> = keys.iter().map(|(address, _)| address.as_str()).collect();
    let tickets: Vec<Uuid> = keys.iter().map(|(_, ticket)| ticket.map_or(Uuid::nil(), |id| id.0)).collect();
    let rows = sqlx::query_as::<_, MailRecordRow>(
        "SELECT address, ticket_id, recent, held, failed_at, failure, version, updated_at FROM mail_record
         WHERE (address, ticket_id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))",
    );
    rows::all(rows.bind(addresses).bind(tickets).fetch_all(connection).await.map_err(in_read)?)
}

async fn purge_mail_records(connection: &mut PgConnection, before: Time, limit: usize) -> StoreResult<u64> {
    let mut sql = QueryBuilder::new(
        "WITH gone AS MATERIALIZED (SELECT m.address, m.ticket_id FROM mail_record m WHERE m.failed_at IS NULL \
         AND m.updated_at < ",
    );
    sql.push_bind(before).push(" ORDER BY m.updated_at LIMIT ").push(up_to(limit)).push(" FOR UPDATE SKIP LOCKED)");
    sql.push(" DELETE FROM mail_record m USING gone g WHERE m.address = g.address AND m.ticket_id = g.ticket_id");
    Ok(sql.build().execute(connection).await.map_err(in_read)?.rows_affected())
}

async fn personal_documents(
    connection: &mut PgConnection,
    kind: &str,
    owners: &[UserId],
) -> StoreResult<Vec<Document>> {
    let rows = sqlx::query_as::<_, DocumentRow>(
        "SELECT kind, id, owner, version, saved_at, saved_by, deleted, body FROM setting
         WHERE owner = ANY($1) AND kind = $2 AND NOT deleted",
    )
    .bind(owners.iter().map(|id| id.0).collect::<Vec<_>>())
    .bind(kind);
    rows::all(rows.fetch_all(connection).await.map_err(in_read)?)
}
