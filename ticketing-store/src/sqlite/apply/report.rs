//! What reports count.

use super::super::script::Script;
use crate::sla::RESULT_KNOWN;
use sqlx::query_builder::Separated;
use sqlx::sqlite::Sqlite;
use ticketing_core::model::{Milestone, SlaResult};

/// What became of promises.
pub async fn sla_results(script: &mut Script<'_>, results: &[&SlaResult]) -> Result<(), sqlx::Error> {
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, result: &&SlaResult| {
        row.push_bind(result.ticket_id.0)
            .push_bind(result.metric.rank())
            .push_bind(result.started_at.timestamp_micros())
            .push_bind(result.policy_id.0)
            .push_bind(result.target)
            .push_bind(result.spent)
            .push_bind(result.at.timestamp_micros())
            .push_bind(result.met_at.map(|at| at.timestamp_micros()))
            .push_bind(result.breached_at.map(|at| at.timestamp_micros()))
            .push_bind(result.priority.rank())
            .push_bind(result.team_id.map(|id| id.0))
            .push_bind(result.agent_id.map(|id| id.0));
    };
    let head = "INSERT INTO sla_result AS t (ticket_id, metric, started_at, policy_id, target, spent, at, met_at, \
         breached_at, priority, team_id, agent_id) ";
    script.insert(head, RESULT_KNOWN, results, bind).await
}

/// The moments of tickets.
pub async fn milestones(script: &mut Script<'_>, milestones: &[&Milestone]) -> Result<(), sqlx::Error> {
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, milestone: &&Milestone| {
        row.push_bind(milestone.ticket_id.0)
            .push_bind(milestone.kind.rank())
            .push_bind(milestone.at.timestamp_micros())
            .push_bind(milestone.team_id.map(|id| id.0))
            .push_bind(milestone.agent_id.map(|id| id.0))
            .push_bind(milestone.priority.rank())
            .push_bind(milestone.spent);
    };
    let head = "INSERT INTO milestone (ticket_id, kind, at, team_id, agent_id, priority, spent) ";
    script.insert(head, " ON CONFLICT DO NOTHING", milestones, bind).await
}
