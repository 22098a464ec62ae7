//! How tickets of teams find their agents.

use super::MemoryStore;
use super::staged::{Staged, check_composed};
use crate::access::Scope;
use crate::changes::Expect;
use crate::ids::{RoutingDecisionId, TeamId, TicketId, UserId};
use crate::model::{MemberLoad, RoutingDecision, RoutingTurn, Ticket};
use crate::port::{RoutingQuery, RoutingRead, StoreError, StoreResult, Unique};
use async_trait::async_trait;
use std::cmp::Reverse;
use std::collections::HashMap;
use uuid::Uuid;

#[async_trait]
impl RoutingRead for MemoryStore {
    async fn member_loads(
        &self,
        team_id: TeamId,
        people: &[UserId],
    ) -> StoreResult<(Option<RoutingTurn>, Vec<MemberLoad>)> {
        let state = self.state();
        let mut open: HashMap<UserId, i64> = HashMap::new();
        for agent in state.tickets.values().filter(|ticket| ticket.is_open()).filter_map(|t| t.assigned_agent_id) {
            *open.entry(agent).or_default() += 1;
        }
        let load = |id: &UserId| {
            let user = state.users.get(id)?;
            Some(MemberLoad {
                user_id: user.id,
                availability: user.availability,
                availability_since: user.availability_since,
                version: user.version,
                turn: state.routing_turns.get(&id.0).map_or(0, |turn| turn.version),
                open: open.get(id).copied().unwrap_or_default(),
            })
        };
        Ok((state.routing_turns.get(&team_id.0).copied(), people.iter().filter_map(load).collect()))
    }

    async fn waiting_tickets(&self, team_id: TeamId, limit: usize) -> StoreResult<Vec<TicketId>> {
        let state = self.state();
        let waits = |ticket: &&Ticket| {
            ticket.team_id == Some(team_id) && ticket.assigned_agent_id.is_none() && ticket.is_open()
        };
        let mut waiting: Vec<&Ticket> = state.tickets.values().filter(waits).collect();
        waiting.sort_by_key(|ticket| (Reverse(ticket.priority), ticket.created_at, ticket.id));
        Ok(waiting.into_iter().take(limit).map(|ticket| ticket.id).collect())
    }

    async fn routing_decisions(&self, scope: &Scope, query: &RoutingQuery) -> StoreResult<Vec<RoutingDecision>> {
        let state = self.state();
        let older = state.routing_decisions.range(..query.before.unwrap_or(RoutingDecisionId(Uuid::max()))).rev();
        let wanted = |decision: &&RoutingDecision| {
            query.ticket_id.is_none_or(|id| decision.ticket_id == id)
                && query.team_id.is_none_or(|id| decision.team_id == id)
                && scope.sees_internal()
                && state.sees_history(scope, decision.ticket_id)
        };
        Ok(older.map(|(_, decision)| decision).filter(wanted).take(query.limit).cloned().collect())
    }
}

impl Staged<'_> {
    pub(super) fn routing_turn(&mut self, turn: RoutingTurn, expect: Expect) -> StoreResult<()> {
        check_composed(expect, self.state.routing_turns.get(&turn.id).map(|known| known.version))?;
        self.put(|state| &mut state.routing_turns, turn.id, turn);
        Ok(())
    }

    pub(super) fn routing_decision(&mut self, decision: RoutingDecision) -> StoreResult<()> {
        if self.state.routing_decisions.contains_key(&decision.id) {
            return Err(StoreError::Duplicate(Unique::Id));
        }
        self.put(|state| &mut state.routing_decisions, decision.id, decision);
        Ok(())
    }
}
