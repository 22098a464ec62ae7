//! Giving jobs to workers and taking them back.

use super::row::{JOB, JobRow};
use crate::postgres::failure::in_read;
use crate::postgres::rows;
use crate::postgres::up_to;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use ticketing_core::ids::{JobId, WorkerId};
use ticketing_core::model::Job;
use ticketing_core::port::{Claim, JobPurge, StoreResult};
use ticketing_core::time::Time;
use uuid::Uuid;

/// A claim that a crash undoes is only made again, so nobody waits for the disk to have it. Said in the
/// statement itself, it holds for the statement's own transaction and no longer.
const IN_MEMORY: &str = "SELECT set_config('synchronous_commit', 'off', true)";

/// Takes due jobs of every lane with room. `is_alone` says that the statement is a transaction of its own.
pub(in crate::postgres) async fn claim(
    connection: &mut PgConnection,
    claim: &Claim,
    is_alone: bool,
) -> StoreResult<Vec<Job>> {
    let rows = claiming(claim, is_alone).build_query_as::<JobRow>().fetch_all(connection).await.map_err(in_read)?;
    let mut jobs: Vec<Job> = rows::all(rows)?;
    jobs.sort_by_key(|job| (job.due_at, job.id));
    Ok(jobs)
}

/// The lanes are found by jumping from each to the next along the index, with the earliest moment that one
/// of their jobs is due; those with nothing due yet cost no more than the jump. As many lanes as the claim
/// may have jobs are looked into, by chance where there are more, and one job of each is given before a
/// second of any.
///
/// Which jobs are locked is up to the inner limits. The one that is a number in the text tells the planner
/// that few rows are wanted, since it would guess a tenth of the lane where a limit is not known; the other
/// one ends the walk at the lane's own room.
fn claiming(claim: &Claim, is_alone: bool) -> QueryBuilder<Postgres> {
    let widest = claim.rooms.values().copied().chain([claim.room]).max().unwrap_or_default().min(claim.limit);
    let lanes: Vec<&str> = claim.rooms.keys().map(String::as_str).collect();
    let rooms: Vec<i64> = claim.rooms.values().map(|room| up_to(*room)).collect();
    let mut sql = QueryBuilder::new(
        "WITH RECURSIVE lane AS (
            (SELECT j.lane, j.due_at FROM job j WHERE j.state = 0 ORDER BY j.lane, j.due_at, j.id LIMIT 1)
            UNION ALL
            SELECT n.lane, n.due_at FROM lane l CROSS JOIN LATERAL (
                SELECT j.lane, j.due_at FROM job j WHERE j.state = 0 AND j.lane > l.lane
                ORDER BY j.lane, j.due_at, j.id LIMIT 1) n
        ), open AS MATERIALIZED (
            SELECT l.lane, coalesce(r.room, ",
    );
    sql.push_bind(up_to(claim.room)).push(") AS room, random() AS turn FROM lane l LEFT JOIN unnest(");
    sql.push_bind(lanes).push("::text[], ").push_bind(rooms).push("::int8[]) AS r (lane, room) ON r.lane = l.lane");
    sql.push(" WHERE l.due_at <= ").push_bind(claim.now).push(" AND coalesce(r.room, ").push_bind(up_to(claim.room));
    sql.push(") > 0 ORDER BY turn LIMIT ").push(up_to(claim.limit));
    sql.push(
        "), held AS MATERIALIZED (
            SELECT d.id, row_number() OVER (PARTITION BY o.lane ORDER BY d.due_at, d.id) AS place, o.turn
            FROM open o CROSS JOIN LATERAL (
                SELECT i.id, i.due_at FROM (
                    SELECT j.id, j.due_at FROM job j WHERE j.state = 0 AND j.lane = o.lane AND j.due_at <= ",
    );
    sql.push_bind(claim.now).push(" ORDER BY j.due_at, j.id LIMIT ").push(up_to(widest.next_power_of_two()));
    sql.push(" FOR UPDATE SKIP LOCKED) i LIMIT least(o.room, ").push(up_to(claim.limit)).push(")) d");
    sql.push("), given AS MATERIALIZED (SELECT id FROM held ORDER BY place, turn LIMIT ").push(up_to(claim.limit));
    sql.push("), relaxed AS MATERIALIZED (").push(if is_alone { IN_MEMORY } else { "SELECT ''" });
    sql.push(") UPDATE job j SET state = 1, worker = ").push_bind(claim.worker.0);
    sql.push(", lease_until = ").push_bind(claim.until);
    sql.push(" FROM given g CROSS JOIN relaxed WHERE j.id = g.id RETURNING ").push(JOB);
    sql
}

/// The rows are locked in one order, so that two of these never wait for one another.
pub(in crate::postgres) async fn extend(
    connection: &mut PgConnection,
    worker: WorkerId,
    ids: &[JobId],
    until: Time,
    is_alone: bool,
) -> StoreResult<Vec<JobId>> {
    let mut sql = QueryBuilder::new("WITH held AS MATERIALIZED (SELECT j.id FROM job j WHERE j.id = ANY(");
    sql.push_bind(ids.iter().map(|id| id.0).collect::<Vec<_>>()).push(") AND j.state = 1 AND j.worker = ");
    sql.push_bind(worker.0).push(" ORDER BY j.id FOR UPDATE SKIP LOCKED), relaxed AS MATERIALIZED (");
    sql.push(if is_alone { IN_MEMORY } else { "SELECT ''" });
    sql.push(") UPDATE job j SET lease_until = ").push_bind(until);
    sql.push(" FROM held h CROSS JOIN relaxed WHERE j.id = h.id RETURNING j.id");
    let held: Vec<Uuid> = sql.build_query_scalar().fetch_all(connection).await.map_err(in_read)?;
    Ok(held.into_iter().map(JobId).collect())
}

/// A job that somebody is just now ending is left to them.
pub(in crate::postgres) async fn free(connection: &mut PgConnection, now: Time, limit: usize) -> StoreResult<u64> {
    let mut sql = QueryBuilder::new("WITH over AS MATERIALIZED (SELECT j.id FROM job j WHERE j.state = 1");
    sql.push(" AND j.lease_until <= ").push_bind(now);
    sql.push(" ORDER BY j.lease_until LIMIT ").push(up_to(limit)).push(" FOR UPDATE SKIP LOCKED)");
    sql.push(
        " UPDATE job j SET state = 0, worker = NULL, lease_until = NULL, lost = j.lost + 1 FROM over o \
         WHERE j.id = o.id",
    );
    Ok(sql.build().execute(connection).await.map_err(in_read)?.rows_affected())
}

pub(in crate::postgres) async fn purge(connection: &mut PgConnection, purge: &JobPurge) -> StoreResult<u64> {
    let states: Vec<i16> = purge.states.iter().map(|state| state.rank()).collect();
    let mut sql = QueryBuilder::new("WITH gone AS MATERIALIZED (SELECT j.id FROM job j WHERE j.state >= 2");
    sql.push(" AND j.state = ANY(").push_bind(states).push(") AND j.ended_at < ").push_bind(purge.before);
    if !purge.kinds.is_empty() {
        let kinds: Vec<i16> = purge.kinds.iter().map(|kind| kind.rank()).collect();
        sql.push(" AND j.kind = ANY(").push_bind(kinds).push(")");
    }
    sql.push(" ORDER BY j.ended_at LIMIT ").push(up_to(purge.limit)).push(" FOR UPDATE SKIP LOCKED)");
    sql.push(", attempts AS (DELETE FROM job_attempt a USING gone g WHERE a.job_id = g.id)");
    sql.push(" DELETE FROM job j USING gone g WHERE j.id = g.id");
    Ok(sql.build().execute(connection).await.map_err(in_read)?.rows_affected())
}
