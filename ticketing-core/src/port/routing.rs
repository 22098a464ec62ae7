//! What routing has to know.

use super::StoreResult;
use crate::access::Scope;
use crate::ids::{RoutingDecisionId, TeamId, TicketId, UserId};
use crate::model::{MemberLoad, RoutingDecision, RoutingTurn};
use async_trait::async_trait;

/// Which decisions to read, newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoutingQuery {
    /// Only of this ticket.
    pub ticket_id: Option<TicketId>,
    /// Only of this team.
    pub team_id: Option<TeamId>,
    /// Only before this one.
    pub before: Option<RoutingDecisionId>,
    /// At most so many.
    pub limit: usize,
}

/// How tickets of teams find their agents.
#[async_trait]
pub trait RoutingRead: Send + Sync {
    /// What is to be known of these people, and where the team's round is, in one consistent look: a person in any
    /// order, those who are not there left out. Costs the same however many tickets are resolved or closed.
    async fn member_loads(
        &self,
        team_id: TeamId,
        people: &[UserId],
    ) -> StoreResult<(Option<RoutingTurn>, Vec<MemberLoad>)>;

    /// Tickets of a team that nobody has and that are neither resolved nor closed, the most urgent first, of these the
    /// oldest, at most `limit`. Costs what it answers.
    async fn waiting_tickets(&self, team_id: TeamId, limit: usize) -> StoreResult<Vec<TicketId>>;

    /// How tickets in scope looked for their agents, newest first. Only for those who see what is internal.
    async fn routing_decisions(&self, scope: &Scope, query: &RoutingQuery) -> StoreResult<Vec<RoutingDecision>>;
}
