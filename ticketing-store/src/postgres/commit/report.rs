//! The part of a commit that writes what reports count.

use super::gather::Gathered;
use super::statement::Statement;
use crate::sla::RESULT_KNOWN;

pub(super) fn push(statement: &mut Statement, gathered: &Gathered<'_>) {
    let into = "sla_result AS t (ticket_id, metric, started_at, policy_id, target, spent, at, met_at, \
         breached_at, priority, team_id, agent_id)";
    statement.insert_unless(
        "sla_result_new",
        into,
        &gathered.sla_results,
        |x| {
            x.bind("uuid", |result| result.ticket_id.0)
                .bind("int2", |result| result.metric.rank())
                .bind("timestamptz", |result| result.started_at)
                .bind("uuid", |result| result.policy_id.0)
                .bind("int8", |result| result.target)
                .bind("int8", |result| result.spent)
                .bind("timestamptz", |result| result.at)
                .bind("timestamptz", |result| result.met_at)
                .bind("timestamptz", |result| result.breached_at)
                .bind("int2", |result| result.priority.rank())
                .bind("uuid", |result| result.team_id.map(|id| id.0))
                .bind("uuid", |result| result.agent_id.map(|id| id.0));
        },
        RESULT_KNOWN,
    );
    statement.insert_unless(
        "milestone_new",
        "milestone (ticket_id, kind, at, team_id, agent_id, priority, spent)",
        &gathered.milestones,
        |x| {
            x.bind("uuid", |milestone| milestone.ticket_id.0)
                .bind("int2", |milestone| milestone.kind.rank())
                .bind("timestamptz", |milestone| milestone.at)
                .bind("uuid", |milestone| milestone.team_id.map(|id| id.0))
                .bind("uuid", |milestone| milestone.agent_id.map(|id| id.0))
                .bind("int2", |milestone| milestone.priority.rank())
                .bind("int8", |milestone| milestone.spent);
        },
        " ON CONFLICT DO NOTHING",
    );
}
