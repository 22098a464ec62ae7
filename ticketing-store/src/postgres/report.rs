//! Counting what reports are made of.

use super::failure::in_read;
use super::scope::sees_all;
use super::source::{Lease, Pg, Source};
use super::up_to;
use crate::row::{corrupt, word};
use async_trait::async_trait;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use ticketing_core::model::{Milestone, MilestoneKind, Priority, SlaMetric, SlaResult};
use ticketing_core::port::{ReportRead, StoreResult};
use ticketing_core::report::{
    MilestoneTally, SPREADS, SlaGroup, SlaGrouping, SlaTally, SlaTallyQuery, Spread, TeamTally, TeamTallyQuery,
};
use ticketing_core::time::Time;
use ticketing_core::{Scope, SlaPolicyId, TeamId, TicketId, UserId};
use uuid::Uuid;

#[async_trait]
impl<S: Source> ReportRead for Pg<S> {
    async fn sla_report(&self, scope: &Scope, query: &SlaTallyQuery) -> StoreResult<Vec<SlaTally>> {
        if !sees_all(scope) {
            return Ok(Vec::new());
        }
        let mut lease = self.source.lease().await?;
        let tallies = tallies(&mut lease, query).await;
        lease.finish(tallies)
    }

    async fn sla_results(&self, scope: &Scope, tickets: &[TicketId]) -> StoreResult<Vec<SlaResult>> {
        if !matches!(scope, Scope::System(_)) {
            return Ok(Vec::new());
        }
        let mut lease = self.source.lease().await?;
        let results = results(&mut lease, tickets).await;
        lease.finish(results)
    }

    async fn milestones(&self, scope: &Scope, tickets: &[TicketId]) -> StoreResult<Vec<Milestone>> {
        if !matches!(scope, Scope::System(_)) {
            return Ok(Vec::new());
        }
        let mut lease = self.source.lease().await?;
        let moments = moments(&mut lease, tickets).await;
        lease.finish(moments)
    }

    async fn team_report(&self, scope: &Scope, query: &TeamTallyQuery) -> StoreResult<TeamTally> {
        if !sees_all(scope) {
            return Ok(TeamTally::default());
        }
        let mut lease = self.source.lease().await?;
        let tally = team_tally(&mut lease, query).await;
        lease.finish(tally)
    }
}

#[derive(FromRow)]
struct MilestoneRow {
    kind: i16,
    agent_id: Option<Uuid>,
    count: i64,
    spent: i64,
}

#[derive(FromRow)]
struct SpreadRow {
    kind: i16,
    median: i64,
    p90: i64,
}

async fn team_tally(connection: &mut PgConnection, query: &TeamTallyQuery) -> StoreResult<TeamTally> {
    let rows = sqlx::query_as::<_, MilestoneRow>(
        "SELECT kind, agent_id, count(*) AS count, sum(spent)::int8 AS spent FROM milestone
         WHERE team_id = $1 AND at >= $2 AND at < $3 GROUP BY kind, agent_id",
    );
    let rows = rows.bind(query.team_id.0).bind(query.from).bind(query.to);
    let rows = rows.fetch_all(&mut *connection).await.map_err(in_read)?;
    let counts = rows.into_iter().map(|row| {
        Ok(MilestoneTally {
            kind: word("milestone.kind", row.kind, MilestoneKind::from_rank)?,
            agent_id: row.agent_id.map(UserId),
            count: u64::try_from(row.count).unwrap_or_default(),
            spent: row.spent,
        })
    });
    let counts = counts.collect::<StoreResult<Vec<_>>>()?;
    let kinds: Vec<i16> = SPREADS.iter().map(|kind| kind.rank()).collect();
    let rows = sqlx::query_as::<_, SpreadRow>(
        "SELECT kind, min(spent) FILTER (WHERE place = (many * 5 + 9) / 10) AS median,
            min(spent) FILTER (WHERE place = (many * 9 + 9) / 10) AS p90
         FROM (SELECT kind, spent, row_number() OVER (PARTITION BY kind ORDER BY spent) AS place,
                count(*) OVER (PARTITION BY kind) AS many FROM milestone
             WHERE team_id = $1 AND at >= $2 AND at < $3 AND kind = ANY($4)) x
         GROUP BY kind",
    );
    let rows = rows.bind(query.team_id.0).bind(query.from).bind(query.to).bind(kinds);
    let rows = rows.fetch_all(&mut *connection).await.map_err(in_read)?;
    let spread = |row: SpreadRow| {
        let kind = word("milestone.kind", row.kind, MilestoneKind::from_rank)?;
        Ok(Spread { kind, median: row.median, p90: row.p90 })
    };
    let spreads = rows.into_iter().map(spread).collect::<StoreResult<Vec<_>>>()?;
    let open = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM ticket WHERE team_id = $1 AND status < 4");
    let open = open.bind(query.team_id.0).fetch_one(connection).await.map_err(in_read)?;
    Ok(TeamTally { counts, spreads, open: u64::try_from(open).unwrap_or_default() })
}

#[derive(FromRow)]
struct TallyRow {
    id: Option<Uuid>,
    place: i32,
    metric: i16,
    kept: i64,
    broken: i64,
    spent: i64,
}

#[derive(FromRow)]
struct ResultRow {
    ticket_id: Uuid,
    metric: i16,
    started_at: Time,
    policy_id: Uuid,
    target: i64,
    spent: i64,
    at: Time,
    met_at: Option<Time>,
    breached_at: Option<Time>,
    priority: i16,
    team_id: Option<Uuid>,
    agent_id: Option<Uuid>,
}

#[derive(FromRow)]
struct MomentRow {
    ticket_id: Uuid,
    kind: i16,
    at: Time,
    team_id: Option<Uuid>,
    agent_id: Option<Uuid>,
    priority: i16,
    spent: i64,
}

async fn moments(connection: &mut PgConnection, tickets: &[TicketId]) -> StoreResult<Vec<Milestone>> {
    let ids: Vec<Uuid> = tickets.iter().map(|id| id.0).collect();
    let rows: Vec<MomentRow> = sqlx::query_as(
        "SELECT ticket_id, kind, at, team_id, agent_id, priority, spent::int8 AS spent FROM milestone
         WHERE ticket_id = ANY($1)",
    )
    .bind(ids)
    .fetch_all(connection)
    .await
    .map_err(in_read)?;
    let moment = |row: MomentRow| {
        Ok(Milestone {
            ticket_id: TicketId(row.ticket_id),
            kind: word("milestone.kind", row.kind, MilestoneKind::from_rank)?,
            at: row.at,
            team_id: row.team_id.map(TeamId),
            agent_id: row.agent_id.map(UserId),
            priority: word("milestone.priority", row.priority, Priority::from_rank)?,
            spent: row.spent,
        })
    };
    rows.into_iter().map(moment).collect()
}

async fn results(connection: &mut PgConnection, tickets: &[TicketId]) -> StoreResult<Vec<SlaResult>> {
    let ids: Vec<Uuid> = tickets.iter().map(|id| id.0).collect();
    let rows: Vec<ResultRow> = sqlx::query_as(
        "SELECT ticket_id, metric, started_at, policy_id, target::int8 AS target, spent::int8 AS spent, at, met_at, \
         breached_at, priority, team_id, agent_id FROM sla_result WHERE ticket_id = ANY($1)",
    )
    .bind(ids)
    .fetch_all(connection)
    .await
    .map_err(in_read)?;
    rows.iter().map(result).collect()
}

fn result(row: &ResultRow) -> StoreResult<SlaResult> {
    Ok(SlaResult {
        ticket_id: TicketId(row.ticket_id),
        metric: word("sla_result.metric", row.metric, SlaMetric::from_rank)?,
        started_at: row.started_at,
        policy_id: SlaPolicyId(row.policy_id),
        target: row.target,
        spent: row.spent,
        at: row.at,
        met_at: row.met_at,
        breached_at: row.breached_at,
        priority: word("sla_result.priority", row.priority, Priority::from_rank)?,
        team_id: row.team_id.map(TeamId),
        agent_id: row.agent_id.map(UserId),
    })
}

async fn tallies(connection: &mut PgConnection, query: &SlaTallyQuery) -> StoreResult<Vec<SlaTally>> {
    let mut sql = counting(query);
    let rows: Vec<TallyRow> = sql.build_query_as().fetch_all(connection).await.map_err(in_read)?;
    rows.iter().map(|row| tally(&query.group_by, row)).collect()
}

/// A group is an id or a place; the other is the same in all rows.
fn counting(query: &SlaTallyQuery) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT ");
    match &query.group_by {
        SlaGrouping::Whole => sql.push("NULL::uuid AS id, 0"),
        SlaGrouping::Priority => sql.push("NULL::uuid AS id, r.priority::int4"),
        SlaGrouping::Team => sql.push("r.team_id AS id, 0"),
        SlaGrouping::Agent => sql.push("r.agent_id AS id, 0"),
        SlaGrouping::Policy => sql.push("r.policy_id AS id, 0"),
        SlaGrouping::Periods(starts) => {
            sql.push("NULL::uuid AS id, width_bucket(r.at, ").push_bind(starts.clone()).push("::timestamptz[]) - 1")
        }
    };
    sql.push(
        " AS place, r.metric, count(*) FILTER (WHERE r.breached_at IS NULL) AS kept, \
         count(r.breached_at) AS broken, sum(r.spent)::int8 AS spent FROM sla_result r WHERE r.at >= ",
    );
    sql.push_bind(query.from).push(" AND r.at < ").push_bind(query.to);
    if !query.metrics.is_empty() {
        let metrics: Vec<i16> = query.metrics.iter().map(|metric| metric.rank()).collect();
        sql.push(" AND r.metric = ANY(").push_bind(metrics).push(")");
    }
    if let Some(team_id) = query.team_id {
        sql.push(" AND r.team_id = ").push_bind(team_id.0);
    }
    sql.push(" GROUP BY 1, 2, 3 LIMIT ").push(up_to(query.limit));
    sql
}

fn tally(group_by: &SlaGrouping, row: &TallyRow) -> StoreResult<SlaTally> {
    let rank = || i16::try_from(row.place).map_err(|_| corrupt("sla_result.priority", row.place));
    let group = match group_by {
        SlaGrouping::Whole => SlaGroup::Whole,
        SlaGrouping::Priority => SlaGroup::Priority(word("sla_result.priority", rank()?, Priority::from_rank)?),
        SlaGrouping::Team => SlaGroup::Team(row.id.map(TeamId)),
        SlaGrouping::Agent => SlaGroup::Agent(row.id.map(UserId)),
        SlaGrouping::Policy => SlaGroup::Policy(SlaPolicyId(row.id.unwrap_or_default())),
        SlaGrouping::Periods(_) => SlaGroup::Period(usize::try_from(row.place).unwrap_or_default()),
    };
    Ok(SlaTally {
        group,
        metric: word("sla_result.metric", row.metric, SlaMetric::from_rank)?,
        kept: u64::try_from(row.kept).unwrap_or_default(),
        broken: u64::try_from(row.broken).unwrap_or_default(),
        spent: row.spent,
    })
}
