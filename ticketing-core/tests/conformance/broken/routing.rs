//! What a hurried adapter gets wrong about routing.

use super::{ALL, Broken, Fault};
use async_trait::async_trait;
use ticketing_core::Scope;
use ticketing_core::changes::{Expect, Write};
use ticketing_core::ids::{TeamId, TicketId, UserId};
use ticketing_core::model::{MemberLoad, RoutingDecision, RoutingTurn};
use ticketing_core::port::{RoutingQuery, RoutingRead, StoreResult, TicketRead};

impl Broken {
    pub(super) async fn damage_routing(&self, write: &mut Write) {
        if let Write::RoutingTurn { turn, expect } = write
            && self.has(Fault::TakesTurnsOfOthers)
        {
            let known = self.inner.member_loads(TeamId(turn.id), &[]).await.ok().and_then(|(known, _)| known);
            *expect = known.map_or(Expect::New, |known| Expect::Version(known.version));
            turn.version = known.map_or(1, |known| known.version + 1);
        }
    }
}

#[async_trait]
impl RoutingRead for Broken {
    async fn member_loads(
        &self,
        team_id: TeamId,
        people: &[UserId],
    ) -> StoreResult<(Option<RoutingTurn>, Vec<MemberLoad>)> {
        self.inner.member_loads(team_id, people).await
    }

    async fn waiting_tickets(&self, team_id: TeamId, limit: usize) -> StoreResult<Vec<TicketId>> {
        if !self.has(Fault::RoutesByAge) {
            return self.inner.waiting_tickets(team_id, limit).await;
        }
        let ids = self.inner.waiting_tickets(team_id, usize::MAX).await?;
        let keys: Vec<_> = ids.into_iter().map(Into::into).collect();
        let mut tickets = self.inner.tickets_by_keys(&ALL, &keys).await?;
        tickets.sort_by_key(|ticket| (ticket.created_at, ticket.id));
        Ok(tickets.into_iter().take(limit).map(|ticket| ticket.id).collect())
    }

    async fn routing_decisions(&self, scope: &Scope, query: &RoutingQuery) -> StoreResult<Vec<RoutingDecision>> {
        self.inner.routing_decisions(scope, query).await
    }
}
