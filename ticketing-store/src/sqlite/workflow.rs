//! Reading what rules did.

use super::row::Cells;
use super::scope::push_scope;
use super::ticket::limit;
use sqlx::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqliteRow};
use ticketing_core::access::Scope;
use ticketing_core::ids::{EventId, TicketId, WorkflowId, WorkflowRunId};
use ticketing_core::model::{RuleRef, RunOutcome, Trigger, WorkflowRun};
use ticketing_core::port::StoreResult;
use ticketing_core::query::WorkflowRunQuery;
use ticketing_core::time::Time;

/// Columns of [`run`] from `workflow_run r`.
const RUN: &str = "r.id, r.workflow_id, r.workflow_version, r.ticket_id, r.event_id, r.at, r.trigger_type, r.round, \
     r.outcome, r.trace";

/// What a rule was found to do.
pub fn run(row: &SqliteRow) -> StoreResult<WorkflowRun> {
    let mut cells = Cells::of(row);
    Ok(WorkflowRun {
        id: cells.id(WorkflowRunId)?,
        rule: RuleRef { id: cells.id(WorkflowId)?, version: cells.take()? },
        ticket_id: cells.id(TicketId)?,
        event_id: cells.maybe_id(EventId)?,
        at: cells.time()?,
        trigger: cells.word(Trigger::from_rank)?,
        round: cells.take()?,
        outcome: cells.word(RunOutcome::from_rank)?,
        trace: cells.json()?,
    })
}

/// Appends a page of what rules did, newest first. Whoever sees every ticket is also told about those that
/// are no longer there.
pub fn push_runs(query: &mut QueryBuilder<Sqlite>, scope: &Scope, wanted: &WorkflowRunQuery) {
    query.push("SELECT ").push(RUN).push(" FROM workflow_run r");
    if !matches!(scope, Scope::System(_) | Scope::Staff { .. }) {
        // CROSS keeps the runs the outer ones, so that they are walked in their order.
        query.push(" CROSS JOIN ticket t ON t.id = r.ticket_id");
    }
    query.push(" WHERE ");
    push_scope(query, scope);
    if let Some(ticket_id) = wanted.ticket_id {
        query.push(" AND r.ticket_id = ").push_bind(ticket_id.0);
    }
    if let Some(workflow_id) = wanted.workflow_id {
        query.push(" AND r.workflow_id = ").push_bind(workflow_id.0);
    }
    if !wanted.outcomes.is_empty() {
        // The sign keeps SQLite from sorting what an index for one outcome would find.
        query.push(" AND +r.outcome IN (");
        let mut list = query.separated(", ");
        for outcome in &wanted.outcomes {
            list.push_bind(outcome.rank());
        }
        query.push(")");
    }
    if let Some(before) = wanted.before {
        query.push(" AND r.id < ").push_bind(before.0);
    }
    query.push(" ORDER BY r.id DESC LIMIT ").push_bind(limit(wanted.limit));
}

/// Appends how often a rule was held back. The outcome stands in the text, so that the index for it alone can
/// be used.
pub fn push_suppressed(query: &mut QueryBuilder<Sqlite>, rule: WorkflowId, since: Time, many: usize) {
    query.push("SELECT count(*) FROM (SELECT 1 FROM workflow_run WHERE outcome = ");
    query.push(RunOutcome::Suppressed.rank()).push(" AND workflow_id = ").push_bind(rule.0);
    query.push(" AND at >= ").push_bind(since.timestamp_micros()).push(" LIMIT ").push_bind(limit(many)).push(")");
}
