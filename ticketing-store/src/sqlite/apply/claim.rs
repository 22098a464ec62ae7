//! Giving jobs to workers and taking them back. Nobody else writes meanwhile, so what is looked up first is
//! still so when it is written.

use super::super::failure::store_error;
use super::super::job_row;
use super::super::ticket::limit;
use super::execute;
use sqlx::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use std::collections::BTreeMap;
use ticketing_core::ids::{JobId, WorkerId};
use ticketing_core::model::Job;
use ticketing_core::port::{Claim, JobPurge, StoreError, StoreResult};
use ticketing_core::time::Time;
use uuid::Uuid;

/// How many rows are named in one statement at most, far below SQLite's limit on parameters.
const MOST: usize = 500;

/// Takes due jobs of every lane with room, one of each before a second of any.
pub async fn claim(connection: &mut SqliteConnection, claim: &Claim) -> StoreResult<Vec<Job>> {
    let mut query = QueryBuilder::new("");
    push_due(&mut query, claim)?;
    let due: Vec<(String, i64, Uuid)> =
        query.build_query_as().fetch_all(&mut *connection).await.map_err(store_error)?;
    let mut jobs = Vec::new();
    for ids in in_turn(claim, due).chunks(MOST) {
        let mut query = QueryBuilder::new("UPDATE job SET state = 1, worker = ");
        query.push_bind(claim.worker.0).push(", lease_until = ").push_bind(claim.until.timestamp_micros());
        query.push(" WHERE id IN (");
        push_ids(&mut query, ids);
        query.push(") RETURNING ").push(job_row::JOB);
        let rows = query.build().fetch_all(&mut *connection).await.map_err(store_error)?;
        for row in &rows {
            jobs.push(job_row::job(row)?);
        }
    }
    jobs.sort_by_key(|job| (job.due_at, job.id));
    Ok(jobs)
}

/// Due jobs of every lane with room, the earliest first, as many of each as the widest lane may have. The
/// lanes are found by jumping from each to the next along the index, and come in an order by chance.
pub fn push_due(query: &mut QueryBuilder<Sqlite>, claim: &Claim) -> StoreResult<()> {
    let widest = claim.rooms.values().copied().chain([claim.room]).max().unwrap_or_default().min(claim.limit);
    // Whichever are the exceptions: the lanes that are full, or those that are open.
    let is_full = claim.room > 0;
    let named = claim.rooms.iter().filter(|(_, room)| (**room == 0) == is_full);
    let named: Vec<&String> = named.map(|(lane, _)| lane).collect();
    let named = serde_json::to_string(&named).map_err(|error| StoreError::Other(error.into()))?;
    query.push(
        "WITH RECURSIVE lanes (lane) AS (SELECT min(lane) FROM job WHERE state = 0 UNION ALL \
         SELECT (SELECT min(j.lane) FROM job j WHERE j.state = 0 AND j.lane > l.lane) FROM lanes l \
         WHERE l.lane IS NOT NULL), open (lane) AS MATERIALIZED (SELECT l.lane FROM lanes l WHERE l.lane ",
    );
    query.push(if is_full { "NOT IN" } else { "IN" });
    query.push(" (SELECT value FROM json_each(").push_bind(named).push(")) AND EXISTS (SELECT 1 FROM job j ");
    query.push("WHERE j.state = 0 AND j.lane = l.lane AND j.due_at <= ").push_bind(claim.now.timestamp_micros());
    query.push(") ORDER BY random() LIMIT ").push_bind(limit(claim.limit));
    query.push(
        ") SELECT o.lane, j.due_at, j.id FROM open o CROSS JOIN job j ON j.id IN (SELECT i.id FROM job i \
         WHERE i.state = 0 AND i.lane = o.lane AND i.due_at <= ",
    );
    query.push_bind(claim.now.timestamp_micros()).push(" ORDER BY i.due_at, i.id LIMIT ");
    query.push_bind(limit(widest)).push(")");
    Ok(())
}

/// Which of them the worker gets: one of each lane, then a second of each, as far as there is room.
fn in_turn(claim: &Claim, due: Vec<(String, i64, Uuid)>) -> Vec<Uuid> {
    let mut order: Vec<String> = Vec::new();
    let mut lanes: BTreeMap<String, Vec<(i64, Uuid)>> = BTreeMap::new();
    for (lane, due_at, id) in due {
        let jobs = lanes.entry(lane.clone()).or_default();
        if jobs.is_empty() {
            order.push(lane);
        }
        jobs.push((due_at, id));
    }
    for (lane, jobs) in &mut lanes {
        jobs.sort_unstable();
        jobs.truncate(claim.rooms.get(lane).copied().unwrap_or(claim.room));
    }
    let rounds = lanes.values().map(Vec::len).max().unwrap_or_default();
    let jobs = (0..rounds)
        .flat_map(|round| order.iter().filter_map(|lane| lanes.get(lane)).filter_map(move |jobs| jobs.get(round)));
    jobs.map(|(_, id)| *id).take(claim.limit).collect()
}

/// Moves the end of the worker's claims on.
pub async fn extend(
    connection: &mut SqliteConnection,
    worker: WorkerId,
    ids: &[JobId],
    until: Time,
) -> StoreResult<Vec<JobId>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut held = Vec::with_capacity(ids.len());
    for ids in ids.chunks(MOST) {
        let mut query = QueryBuilder::new("UPDATE job SET lease_until = ");
        query.push_bind(until.timestamp_micros()).push(" WHERE state = 1 AND worker = ").push_bind(worker.0);
        query.push(" AND id IN (");
        push_ids(&mut query, ids);
        query.push(") RETURNING id");
        let extended: Vec<Uuid> = query.build_query_scalar().fetch_all(&mut *connection).await.map_err(store_error)?;
        held.extend(extended.into_iter().map(JobId));
    }
    Ok(held)
}

/// Takes jobs from workers whose time is over.
pub async fn free(connection: &mut SqliteConnection, now: Time, many: usize) -> StoreResult<u64> {
    let query = sqlx::query(
        "UPDATE job SET state = 0, worker = NULL, lease_until = NULL, lost = lost + 1 WHERE id IN \
         (SELECT id FROM job WHERE state = 1 AND lease_until <= ? ORDER BY lease_until LIMIT ?)",
    );
    execute(query.bind(now.timestamp_micros()).bind(limit(many)), connection).await
}

/// Forgets ended jobs and their attempts.
pub async fn purge(connection: &mut SqliteConnection, purge: &JobPurge) -> StoreResult<u64> {
    let mut query = QueryBuilder::new("SELECT id FROM job WHERE state >= 2 AND ended_at < ");
    query.push_bind(purge.before.timestamp_micros()).push(" AND state IN (");
    let mut states = query.separated(", ");
    for state in &purge.states {
        states.push_bind(state.rank());
    }
    query.push(")");
    if !purge.kinds.is_empty() {
        query.push(" AND kind IN (");
        let mut kinds = query.separated(", ");
        for kind in &purge.kinds {
            kinds.push_bind(kind.rank());
        }
        query.push(")");
    }
    query.push(" ORDER BY ended_at LIMIT ").push_bind(limit(purge.limit));
    let gone: Vec<Uuid> = query.build_query_scalar().fetch_all(&mut *connection).await.map_err(store_error)?;
    for ids in gone.chunks(MOST) {
        for table in ["DELETE FROM job_attempt WHERE job_id IN (", "DELETE FROM job WHERE id IN ("] {
            let mut query = QueryBuilder::new(table);
            push_ids(&mut query, ids);
            query.push(")");
            query.build().execute(&mut *connection).await.map_err(store_error)?;
        }
    }
    Ok(gone.len() as u64)
}

/// Forgets addresses of which nothing bad is known.
pub async fn purge_mail(connection: &mut SqliteConnection, before: Time, many: usize) -> StoreResult<u64> {
    let query = sqlx::query(
        "DELETE FROM mail_record WHERE rowid IN (SELECT rowid FROM mail_record WHERE failed_at IS NULL \
         AND updated_at < ? ORDER BY updated_at LIMIT ?)",
    );
    execute(query.bind(before.timestamp_micros()).bind(limit(many)), connection).await
}

fn push_ids(query: &mut QueryBuilder<Sqlite>, ids: &[Uuid]) {
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
}
