//! What routing has to know.

use super::failure::in_read;
use super::rows;
use super::scope::{push_scope, sees_all};
use super::source::{Lease, Pg, Source};
use super::up_to;
use crate::row::word;
use async_trait::async_trait;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use ticketing_core::model::{Availability, MemberLoad, RoutingDecision, RoutingDetail, RoutingTurn};
use ticketing_core::port::{RoutingQuery, RoutingRead, StoreError, StoreResult};
use ticketing_core::time::Time;
use ticketing_core::{RoutingDecisionId, Scope, TeamId, TicketId, UserId};
use uuid::Uuid;

#[async_trait]
impl<S: Source> RoutingRead for Pg<S> {
    async fn member_loads(
        &self,
        team_id: TeamId,
        people: &[UserId],
    ) -> StoreResult<(Option<RoutingTurn>, Vec<MemberLoad>)> {
        let mut lease = self.source.lease().await?;
        let loads = loads(&mut lease, team_id, people).await;
        lease.finish(loads)
    }

    async fn waiting_tickets(&self, team_id: TeamId, limit: usize) -> StoreResult<Vec<TicketId>> {
        let mut lease = self.source.lease().await?;
        let mut sql = waiting(team_id, limit);
        let ids = sql.build_query_scalar::<Uuid>().fetch_all(&mut *lease).await.map_err(in_read);
        lease.finish(ids.map(|ids| ids.into_iter().map(TicketId).collect()))
    }

    async fn routing_decisions(&self, scope: &Scope, query: &RoutingQuery) -> StoreResult<Vec<RoutingDecision>> {
        if !scope.sees_internal() {
            return Ok(Vec::new());
        }
        let mut lease = self.source.lease().await?;
        let decisions = decisions(&mut lease, scope, query).await;
        lease.finish(decisions)
    }
}

#[derive(FromRow)]
struct LoadRow {
    id: Option<Uuid>,
    availability: Option<i16>,
    availability_since: Option<Time>,
    version: Option<i64>,
    turn: i64,
    open: i64,
    round: Option<i64>,
    last: Option<Uuid>,
}

/// One statement sees one moment. The round is told with each person, and alone where there is none.
async fn loads(
    connection: &mut PgConnection,
    team_id: TeamId,
    people: &[UserId],
) -> StoreResult<(Option<RoutingTurn>, Vec<MemberLoad>)> {
    let ids: Vec<Uuid> = people.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as::<_, LoadRow>(
        "SELECT p.id, p.availability, p.availability_since, p.version, coalesce(own.version, 0) AS turn,
            (SELECT count(*) FROM ticket t WHERE t.assigned_agent_id = p.id AND t.status < 4) AS open,
            round.version AS round, round.last_agent_id AS last
         FROM (VALUES (1)) one LEFT JOIN routing_turn round ON round.id = $1
            LEFT JOIN person p ON p.id = ANY($2) LEFT JOIN routing_turn own ON own.id = p.id",
    )
    .bind(team_id.0)
    .bind(ids)
    .fetch_all(connection)
    .await
    .map_err(in_read)?;
    let round = rows.first().and_then(|row| Some((row.round?, row.last)));
    let round = round.map(|(version, last)| RoutingTurn { id: team_id.0, last: last.map(UserId), version });
    let mut loads = Vec::with_capacity(rows.len());
    for row in rows {
        if let (Some(id), Some(rank), Some(availability_since), Some(version)) =
            (row.id, row.availability, row.availability_since, row.version)
        {
            let availability = word("person.availability", rank, Availability::from_rank)?;
            let (user_id, turn, open) = (UserId(id), row.turn, row.open);
            loads.push(MemberLoad { user_id, availability, availability_since, version, turn, open });
        }
    }
    Ok((round, loads))
}

/// The statuses stand in the text, so that the index for what waits can be used.
fn waiting(team_id: TeamId, limit: usize) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT t.id FROM ticket t WHERE t.team_id = ");
    sql.push_bind(team_id.0).push(" AND t.status < 4 AND t.assigned_agent_id IS NULL");
    sql.push(" ORDER BY t.priority DESC, t.created_at, t.id LIMIT ").push(up_to(limit));
    sql
}

#[derive(FromRow)]
struct DecisionRow {
    id: Uuid,
    ticket_id: Uuid,
    team_id: Uuid,
    at: Time,
    agent_id: Option<Uuid>,
    detail: Json<RoutingDetail>,
}

impl TryFrom<DecisionRow> for RoutingDecision {
    type Error = StoreError;

    fn try_from(row: DecisionRow) -> StoreResult<Self> {
        Ok(Self {
            id: RoutingDecisionId(row.id),
            ticket_id: TicketId(row.ticket_id),
            team_id: TeamId(row.team_id),
            at: row.at,
            agent_id: row.agent_id.map(UserId),
            detail: row.detail.0,
        })
    }
}

async fn decisions(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &RoutingQuery,
) -> StoreResult<Vec<RoutingDecision>> {
    let mut sql =
        QueryBuilder::new("SELECT d.id, d.ticket_id, d.team_id, d.at, d.agent_id, d.detail FROM routing_decision d");
    if !sees_all(scope) {
        sql.push(" JOIN ticket t ON t.id = d.ticket_id");
    }
    sql.push(" WHERE ");
    push_scope(&mut sql, scope);
    if let Some(ticket_id) = query.ticket_id {
        sql.push(" AND d.ticket_id = ").push_bind(ticket_id.0);
    }
    if let Some(team_id) = query.team_id {
        sql.push(" AND d.team_id = ").push_bind(team_id.0);
    }
    if let Some(before) = query.before {
        sql.push(" AND d.id < ").push_bind(before.0);
    }
    sql.push(" ORDER BY d.id DESC LIMIT ").push(up_to(query.limit));
    rows::all(sql.build_query_as::<DecisionRow>().fetch_all(connection).await.map_err(in_read)?)
}
