//! How tickets found their agents, as a commit writes it.

use super::super::script::Script;
use super::execute_one;
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use ticketing_core::changes::Expect;
use ticketing_core::model::{RoutingDecision, RoutingTurn};
use ticketing_core::port::StoreResult;

/// Moves a team's round on, or notes that a person was given something.
pub async fn turn(connection: &mut SqliteConnection, turn: &RoutingTurn, expect: Expect) -> StoreResult<()> {
    let query = match expect {
        Expect::New => {
            sqlx::query("INSERT INTO routing_turn (last_agent_id, version, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        }
        Expect::Version(_) => {
            sqlx::query("UPDATE routing_turn SET last_agent_id = ?, version = ? WHERE id = ? AND version = ?")
        }
    };
    let query = query.bind(turn.last.map(|id| id.0)).bind(turn.version).bind(turn.id);
    match expect {
        Expect::New => execute_one(query, connection).await,
        Expect::Version(version) => execute_one(query.bind(version), connection).await,
    }
}

/// Adds how tickets looked for their agents.
pub async fn decisions(script: &mut Script<'_>, decisions: &[&RoutingDecision]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO routing_decision (id, ticket_id, team_id, at, agent_id, detail) ";
    let encode = |error: serde_json::Error| sqlx::Error::Encode(error.into());
    let details =
        decisions.iter().map(|decision| serde_json::to_string(&decision.detail)).collect::<Result<Vec<_>, _>>();
    let rows: Vec<_> = decisions.iter().zip(details.map_err(encode)?).collect();
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, (decision, detail): &(&&RoutingDecision, String)| {
        row.push_bind(decision.id.0)
            .push_bind(decision.ticket_id.0)
            .push_bind(decision.team_id.0)
            .push_bind(decision.at.timestamp_micros())
            .push_bind(decision.agent_id.map(|id| id.0))
            .push_bind(detail.clone());
    };
    script.insert(head, "", &rows, bind).await
}
