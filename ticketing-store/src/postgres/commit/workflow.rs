//! The part of a commit that writes what rules did.

use super::gather::Gathered;
use super::statement::Statement;

pub(super) fn push(statement: &mut Statement, gathered: &Gathered<'_>) {
    let into = "workflow_run (id, workflow_id, workflow_version, ticket_id, event_id, at, trigger_type, round, outcome, \
         trace)";
    statement.insert("workflow_run_new", into, &gathered.runs, |x| {
        x.bind("uuid", |run| run.row.id.0)
            .bind("uuid", |run| run.row.rule.id.0)
            .bind("int8", |run| run.row.rule.version)
            .bind("uuid", |run| run.row.ticket_id.0)
            .bind("uuid", |run| run.row.event_id.map(|id| id.0))
            .bind("timestamptz", |run| run.row.at)
            .bind("int2", |run| run.row.trigger.rank())
            .bind("int2", |run| run.row.round)
            .bind("int2", |run| run.row.outcome.rank())
            .bind("json", |run| run.json.as_str());
    });
}
