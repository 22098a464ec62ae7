//! What routing has to know.

use super::open::SqliteStore;
use super::row::Cells;
use super::scope::push_scope;
use super::ticket::limit;
use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqliteRow};
use ticketing_core::access::Scope;
use ticketing_core::ids::{RoutingDecisionId, TeamId, TicketId, UserId};
use ticketing_core::model::{Availability, MemberLoad, RoutingDecision, RoutingTurn};
use ticketing_core::port::{RoutingQuery, RoutingRead, StoreResult};
use uuid::Uuid;

#[async_trait]
impl RoutingRead for SqliteStore {
    async fn member_loads(
        &self,
        team_id: TeamId,
        people: &[UserId],
    ) -> StoreResult<(Option<RoutingTurn>, Vec<MemberLoad>)> {
        let mut query = QueryBuilder::new("");
        push_loads(&mut query, team_id, people);
        let rows = self.rows(query).await?;
        let round = rows.first().map(|row| round(row, team_id)).transpose()?.flatten();
        let loads = rows.iter().map(load).collect::<StoreResult<Vec<_>>>()?;
        Ok((round, loads.into_iter().flatten().collect()))
    }

    async fn waiting_tickets(&self, team_id: TeamId, limit: usize) -> StoreResult<Vec<TicketId>> {
        let mut query = QueryBuilder::new("");
        push_waiting(&mut query, team_id, limit);
        self.rows(query).await?.iter().map(|row| Cells::of(row).id(TicketId)).collect()
    }

    async fn routing_decisions(&self, scope: &Scope, wanted: &RoutingQuery) -> StoreResult<Vec<RoutingDecision>> {
        if !scope.sees_internal() {
            return Ok(Vec::new());
        }
        let mut query = QueryBuilder::new("");
        push_decisions(&mut query, scope, wanted);
        self.rows(query).await?.iter().map(decision).collect()
    }
}

/// Appends the round and what is known of each person. The round is told with each, and alone where there is none.
pub(super) fn push_loads(query: &mut QueryBuilder<Sqlite>, team_id: TeamId, people: &[UserId]) {
    query.push(
        "SELECT round.version, round.last_agent_id, p.id, p.availability, p.availability_since, p.version, \
         coalesce(own.version, 0), (SELECT count(*) FROM ticket t WHERE t.assigned_agent_id = p.id AND t.status < 4) \
         FROM (SELECT 1) LEFT JOIN routing_turn round ON round.id = ",
    );
    query.push_bind(team_id.0).push(" LEFT JOIN person p ON p.id IN (");
    let mut list = query.separated(", ");
    for id in people {
        list.push_bind(id.0);
    }
    query.push(") LEFT JOIN routing_turn own ON own.id = p.id");
}

fn round(row: &SqliteRow, team_id: TeamId) -> StoreResult<Option<RoutingTurn>> {
    let mut cells = Cells::of(row);
    let (version, last) = (cells.take::<Option<i64>>()?, cells.maybe_id(UserId)?);
    Ok(version.map(|version| RoutingTurn { id: team_id.0, last, version }))
}

fn load(row: &SqliteRow) -> StoreResult<Option<MemberLoad>> {
    let mut cells = Cells::of(row);
    // The round comes first.
    cells.take::<Option<i64>>()?;
    cells.take::<Option<Uuid>>()?;
    let Some(user_id) = cells.maybe_id(UserId)? else { return Ok(None) };
    Ok(Some(MemberLoad {
        user_id,
        availability: cells.word(Availability::from_rank)?,
        availability_since: cells.time()?,
        version: cells.take()?,
        turn: cells.take()?,
        open: cells.take()?,
    }))
}

/// Appends what waits in a team. The statuses stand in the text, so that the index for it can be used.
pub(super) fn push_waiting(query: &mut QueryBuilder<Sqlite>, team_id: TeamId, many: usize) {
    query.push("SELECT t.id FROM ticket t WHERE t.team_id = ").push_bind(team_id.0);
    query.push(" AND t.status < 4 AND t.assigned_agent_id IS NULL ORDER BY t.priority DESC, t.created_at, t.id LIMIT ");
    query.push_bind(limit(many));
}

fn push_decisions(query: &mut QueryBuilder<Sqlite>, scope: &Scope, wanted: &RoutingQuery) {
    query.push("SELECT d.id, d.ticket_id, d.team_id, d.at, d.agent_id, d.detail FROM routing_decision d");
    if !matches!(scope, Scope::System(_) | Scope::Staff { .. }) {
        // CROSS keeps the decisions the outer ones, so that they are walked in their order.
        query.push(" CROSS JOIN ticket t ON t.id = d.ticket_id");
    }
    query.push(" WHERE ");
    push_scope(query, scope);
    if let Some(ticket_id) = wanted.ticket_id {
        query.push(" AND d.ticket_id = ").push_bind(ticket_id.0);
    }
    if let Some(team_id) = wanted.team_id {
        query.push(" AND d.team_id = ").push_bind(team_id.0);
    }
    if let Some(before) = wanted.before {
        query.push(" AND d.id < ").push_bind(before.0);
    }
    query.push(" ORDER BY d.id DESC LIMIT ").push_bind(limit(wanted.limit));
}

fn decision(row: &SqliteRow) -> StoreResult<RoutingDecision> {
    let mut cells = Cells::of(row);
    Ok(RoutingDecision {
        id: cells.id(RoutingDecisionId)?,
        ticket_id: cells.id(TicketId)?,
        team_id: cells.id(TeamId)?,
        at: cells.time()?,
        agent_id: cells.maybe_id(UserId)?,
        detail: cells.json()?,
    })
}
