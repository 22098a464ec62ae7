//! Reading what rules did.

use super::failure::in_read;
use super::rows;
use super::scope::{push_scope, sees_all};
use super::up_to;
use crate::row::word;
use serde_json::Value;
use sqlx::{FromRow, PgConnection, QueryBuilder};
use ticketing_core::model::{RuleRef, RunOutcome, Trigger, WorkflowRun};
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::query::WorkflowRunQuery;
use ticketing_core::time::Time;
use ticketing_core::{EventId, Scope, TicketId, WorkflowId, WorkflowRunId};
use uuid::Uuid;

/// What a [`RunRow`] is read from: a run `r`.
const RUN: &str = "r.id, r.workflow_id, r.workflow_version, r.ticket_id, r.event_id, r.at, r.trigger_type, r.round, \
    r.outcome, r.trace";

#[derive(FromRow)]
struct RunRow {
    id: Uuid,
    workflow_id: Uuid,
    workflow_version: i64,
    ticket_id: Uuid,
    event_id: Option<Uuid>,
    at: Time,
    trigger_type: i16,
    round: i16,
    outcome: i16,
    trace: Value,
}

impl TryFrom<RunRow> for WorkflowRun {
    type Error = StoreError;

    fn try_from(row: RunRow) -> StoreResult<Self> {
        Ok(Self {
            id: WorkflowRunId(row.id),
            rule: RuleRef { id: WorkflowId(row.workflow_id), version: row.workflow_version },
            ticket_id: TicketId(row.ticket_id),
            event_id: row.event_id.map(EventId),
            at: row.at,
            trigger: word("workflow_run.trigger_type", row.trigger_type, Trigger::from_rank)?,
            round: row.round,
            outcome: word("workflow_run.outcome", row.outcome, RunOutcome::from_rank)?,
            trace: row.trace,
        })
    }
}

/// Whoever sees every ticket is also told about those that are no longer there.
pub(super) async fn runs(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &WorkflowRunQuery,
) -> StoreResult<Vec<WorkflowRun>> {
    if !scope.sees_internal() {
        return Ok(Vec::new());
    }
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(RUN).push(" FROM workflow_run r");
    if !sees_all(scope) {
        sql.push(" JOIN ticket t ON t.id = r.ticket_id");
    }
    sql.push(" WHERE ");
    push_scope(&mut sql, scope);
    if let Some(ticket_id) = query.ticket_id {
        sql.push(" AND r.ticket_id = ").push_bind(ticket_id.0);
    }
    if let Some(workflow_id) = query.workflow_id {
        sql.push(" AND r.workflow_id = ").push_bind(workflow_id.0);
    }
    if !query.outcomes.is_empty() {
        let outcomes: Vec<i16> = query.outcomes.iter().map(|outcome| outcome.rank()).collect();
        sql.push(" AND r.outcome = ANY(").push_bind(outcomes).push(")");
    }
    if let Some(before) = query.before {
        sql.push(" AND r.id < ").push_bind(before.0);
    }
    sql.push(" ORDER BY r.id DESC LIMIT ").push(up_to(query.limit));
    rows::all(sql.build_query_as::<RunRow>().fetch_all(connection).await.map_err(in_read)?)
}

/// Whether this run is kept.
pub(super) async fn has_run(connection: &mut PgConnection, id: WorkflowRunId) -> StoreResult<bool> {
    let row = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM workflow_run WHERE id = $1)").bind(id.0);
    row.fetch_one(connection).await.map_err(in_read)
}

/// The outcome stands in the text, so that the index for it alone can be used.
pub(super) async fn suppressed(
    connection: &mut PgConnection,
    rule: WorkflowId,
    since: Time,
    limit: usize,
) -> StoreResult<u64> {
    let mut sql = QueryBuilder::new("SELECT count(*) FROM (SELECT 1 FROM workflow_run WHERE outcome = ");
    sql.push(RunOutcome::Suppressed.rank()).push(" AND workflow_id = ").push_bind(rule.0);
    sql.push(" AND at >= ").push_bind(since).push(" LIMIT ").push(up_to(limit)).push(") r");
    let count = sql.build_query_scalar::<i64>().fetch_one(connection).await.map_err(in_read)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

pub(super) async fn purge(connection: &mut PgConnection, before: Time, limit: usize) -> StoreResult<u64> {
    let mut sql = QueryBuilder::new("WITH gone AS MATERIALIZED (SELECT r.id FROM workflow_run r WHERE r.at < ");
    sql.push_bind(before).push(" ORDER BY r.at LIMIT ").push(up_to(limit)).push(" FOR UPDATE SKIP LOCKED)");
    sql.push(" DELETE FROM workflow_run r USING gone g WHERE r.id = g.id");
    Ok(sql.build().execute(connection).await.map_err(in_read)?.rows_affected())
}
