//! What rules did and what people are told, as a commit writes them.

use super::super::script::Script;
use super::super::ticket::limit;
use super::execute;
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use ticketing_core::model::{Notification, WorkflowRun};
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

/// Tells people what they were not told before.
pub async fn notifications(script: &mut Script<'_>, told: &[&Notification]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO notification (user_id, id, ticket_id, title, message, rule_id, rule_version, created_at, \
         read_at) ";
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, told: &&Notification| {
        row.push_bind(told.user_id.0)
            .push_bind(told.id)
            .push_bind(told.ticket_id.map(|id| id.0))
            .push_bind(told.title.as_str())
            .push_bind(told.message.as_str())
            .push_bind(told.rule.map(|rule| rule.id.0))
            .push_bind(told.rule.map(|rule| rule.version))
            .push_bind(told.created_at.timestamp_micros())
            .push_bind(told.read_at.map(|at| at.timestamp_micros()));
    };
    script.insert(head, " ON CONFLICT DO NOTHING", told, bind).await
}

/// Forgets what rules did before this moment.
pub async fn purge(connection: &mut SqliteConnection, before: Time, many: usize) -> StoreResult<u64> {
    let query = sqlx::query(
        "DELETE FROM workflow_run WHERE rowid IN (SELECT rowid FROM workflow_run WHERE at < ? ORDER BY at LIMIT ?)",
    );
    execute(query.bind(before.timestamp_micros()).bind(limit(many)), connection).await
}
