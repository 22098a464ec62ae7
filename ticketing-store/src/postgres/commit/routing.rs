//! The parts of a commit that write how tickets found their agents.

use super::gather::{Gathered, Rows, Written};
use super::statement::{Statement, Update};
use ticketing_core::model::{RoutingDecision, RoutingTurn};

/// What a commit writes about routing.
#[derive(Default)]
pub(super) struct Routed<'a> {
    pub turns: Rows<&'a RoutingTurn>,
    pub decisions: Vec<Written<&'a RoutingDecision>>,
}

pub(super) fn push(statement: &mut Statement, gathered: &Gathered<'_>) {
    let Routed { turns, decisions } = &gathered.routed;
    let keys = &["id", "expect"];
    let columns = &["last_agent_id", "version"];
    let update = Update { part: "routing_turn_set", table: "routing_turn", keys, columns, after: None };
    statement.update(&update, &turns.set, |x| {
        x.bind("uuid", |(turn, _)| turn.id)
            .bind("int8", |(_, expect)| *expect)
            .bind("uuid", |(turn, _)| turn.last.map(|id| id.0))
            .bind("int8", |(turn, _)| turn.version);
    });
    statement.insert("routing_turn_new", "routing_turn (id, last_agent_id, version)", &turns.new, |x| {
        x.bind("uuid", |turn| turn.id).bind("uuid", |turn| turn.last.map(|id| id.0)).bind("int8", |turn| turn.version);
    });
    let into = "routing_decision (id, ticket_id, team_id, at, agent_id, detail)";
    statement.insert("routing_decision_new", into, decisions, |x| {
        x.bind("uuid", |decision| decision.row.id.0)
            .bind("uuid", |decision| decision.row.ticket_id.0)
            .bind("uuid", |decision| decision.row.team_id.0)
            .bind("timestamptz", |decision| decision.row.at)
            .bind("uuid", |decision| decision.row.agent_id.map(|id| id.0))
            .bind("json", |decision| decision.json.as_str());
    });
}
