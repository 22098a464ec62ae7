//! What rules did, as a commit writes it.

use super::super::script::Script;
use super::super::ticket::limit;
use super::execute;
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use ticketing_core::model::WorkflowRun;
use ticketing_core::port::StoreResult;
use ticketing_core::time::Time;

/// Adds what rules were found to do.
pub async fn runs(script: &mut Script<'_>, runs: &[&WorkflowRun]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO workflow_run (id, workflow_id, workflow_version, ticket_id, event_id, at, trigger_type, \
         round, outcome, trace) ";
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, run: &&WorkflowRun| {
        row.push_bind(run.id.0)
            .push_bind(run.rule.id.0)
            .push_bind(run.rule.version)
            .push_bind(run.ticket_id.0)
            .push_bind(run.event_id.map(|id| id.0))
            .push_bind(run.at.timestamp_micros())
            .push_bind(run.trigger.rank())
            .push_bind(run.round)
            .push_bind(run.outcome.rank())
            .push_bind(run.trace.to_string());
    };
    script.insert(head, "", runs, bind).await
}

/// Forgets what rules did before this moment.
pub async fn purge(connection: &mut SqliteConnection, before: Time, many: usize) -> StoreResult<u64> {
    let query = sqlx::query(
        "DELETE FROM workflow_run WHERE rowid IN (SELECT rowid FROM workflow_run WHERE at < ? ORDER BY at LIMIT ?)",
    );
    execute(query.bind(before.timestamp_micros()).bind(limit(many)), connection).await
}
