//! The parts of a commit that write what rules did and what people are told.

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
    let into = "notification (user_id, id, ticket_id, title, message, rule_id, rule_version, created_at, read_at)";
    statement.insert_unless(
        "notification_new",
        into,
        &gathered.notifications,
        |x| {
            x.bind("uuid", |told| told.user_id.0)
                .bind("uuid", |told| told.id)
                .bind("uuid", |told| told.ticket_id.map(|id| id.0))
                .bind("text", |told| told.title.as_str())
                .bind("text", |told| told.message.as_str())
                .bind("uuid", |told| told.rule.map(|rule| rule.id.0))
                .bind("int8", |told| told.rule.map(|rule| rule.version))
                .bind("timestamptz", |told| told.created_at)
                .bind("timestamptz", |told| told.read_at);
        },
        " ON CONFLICT DO NOTHING",
    );
}
