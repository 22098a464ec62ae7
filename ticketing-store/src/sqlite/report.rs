//! Counting what reports are made of.

use super::failure::corrupt;
use super::open::SqliteStore;
use super::row::Cells;
use super::ticket::limit;
use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqliteRow};
use ticketing_core::access::Scope;
use ticketing_core::ids::{SlaPolicyId, TeamId, TicketId, UserId};
use ticketing_core::model::{Milestone, MilestoneKind, Priority, SlaMetric, SlaResult};
use ticketing_core::port::{ReportRead, StoreResult};
use ticketing_core::report::{
    MilestoneTally, SPREADS, SlaGroup, SlaGrouping, SlaTally, SlaTallyQuery, Spread, TeamTally, TeamTallyQuery,
};
use ticketing_core::time::Time;
use uuid::Uuid;

#[async_trait]
impl ReportRead for SqliteStore {
    async fn sla_report(&self, scope: &Scope, wanted: &SlaTallyQuery) -> StoreResult<Vec<SlaTally>> {
        if !matches!(scope, Scope::System(_) | Scope::Staff { .. }) {
            return Ok(Vec::new());
        }
        let mut query = QueryBuilder::new("");
        push_counting(&mut query, wanted);
        self.rows(query).await?.iter().map(|row| tally(&wanted.group_by, row)).collect()
    }

    async fn sla_results(&self, scope: &Scope, tickets: &[TicketId]) -> StoreResult<Vec<SlaResult>> {
        if !matches!(scope, Scope::System(_)) || tickets.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = QueryBuilder::new(
            "SELECT ticket_id, metric, started_at, policy_id, target, spent, at, met_at, breached_at, priority, team_id, \
             agent_id FROM sla_result WHERE ticket_id IN (",
        );
        push_ids(&mut query, tickets);
        self.rows(query).await?.iter().map(result).collect()
    }

    async fn milestones(&self, scope: &Scope, tickets: &[TicketId]) -> StoreResult<Vec<Milestone>> {
        if !matches!(scope, Scope::System(_)) || tickets.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = QueryBuilder::new(
            "SELECT ticket_id, kind, at, team_id, agent_id, priority, spent FROM milestone WHERE ticket_id IN (",
        );
        push_ids(&mut query, tickets);
        self.rows(query).await?.iter().map(milestone).collect()
    }

    async fn team_report(&self, scope: &Scope, wanted: &TeamTallyQuery) -> StoreResult<TeamTally> {
        if !matches!(scope, Scope::System(_) | Scope::Staff { .. }) {
            return Ok(TeamTally::default());
        }
        let mut query =
            QueryBuilder::new("SELECT kind, agent_id, count(*), sum(spent) FROM milestone WHERE team_id = ");
        push_stretch(&mut query, wanted);
        query.push(" GROUP BY kind, agent_id");
        let counts = self.rows(query).await?.iter().map(milestone_tally).collect::<StoreResult<Vec<_>>>()?;
        let mut query = QueryBuilder::new(
            "SELECT kind, min(spent) FILTER (WHERE place = (many * 5 + 9) / 10), \
             min(spent) FILTER (WHERE place = (many * 9 + 9) / 10) FROM (SELECT kind, spent, \
             row_number() OVER (PARTITION BY kind ORDER BY spent) AS place, count(*) OVER (PARTITION BY kind) AS many \
             FROM milestone WHERE team_id = ",
        );
        push_stretch(&mut query, wanted);
        query.push(" AND kind IN (");
        let mut list = query.separated(", ");
        for kind in SPREADS {
            list.push_bind(kind.rank());
        }
        query.push(")) GROUP BY kind");
        let spreads = self.rows(query).await?.iter().map(spread).collect::<StoreResult<Vec<_>>>()?;
        let mut query = QueryBuilder::new("SELECT count(*) FROM ticket WHERE team_id = ");
        query.push_bind(wanted.team_id.0).push(" AND status < 4");
        let open = self.row(query).await?.as_ref().map(|row| Cells::of(row).count()).transpose()?;
        Ok(TeamTally { counts, spreads, open: open.unwrap_or_default() })
    }
}

/// Appends a list of ids and its end.
fn push_ids(query: &mut QueryBuilder<Sqlite>, tickets: &[TicketId]) {
    let mut list = query.separated(", ");
    for id in tickets {
        list.push_bind(id.0);
    }
    query.push(")");
}

fn milestone(row: &SqliteRow) -> StoreResult<Milestone> {
    let mut cells = Cells::of(row);
    Ok(Milestone {
        ticket_id: cells.id(TicketId)?,
        kind: cells.word(MilestoneKind::from_rank)?,
        at: cells.time()?,
        team_id: cells.maybe_id(TeamId)?,
        agent_id: cells.maybe_id(UserId)?,
        priority: cells.word(Priority::from_rank)?,
        spent: cells.take()?,
    })
}

/// Appends team and stretch behind `team_id = `.
fn push_stretch(query: &mut QueryBuilder<Sqlite>, wanted: &TeamTallyQuery) {
    query.push_bind(wanted.team_id.0).push(" AND at >= ").push_bind(wanted.from.timestamp_micros());
    query.push(" AND at < ").push_bind(wanted.to.timestamp_micros());
}

fn milestone_tally(row: &SqliteRow) -> StoreResult<MilestoneTally> {
    let mut cells = Cells::of(row);
    Ok(MilestoneTally {
        kind: cells.word(MilestoneKind::from_rank)?,
        agent_id: cells.maybe_id(UserId)?,
        count: cells.count()?,
        spent: cells.take()?,
    })
}

fn spread(row: &SqliteRow) -> StoreResult<Spread> {
    let mut cells = Cells::of(row);
    Ok(Spread { kind: cells.word(MilestoneKind::from_rank)?, median: cells.take()?, p90: cells.take()? })
}

/// Appends what counts promises by group. A group is an id or a place; the other is the same in all rows. Periods are
/// walked one by one along the index by moment.
pub(super) fn push_counting(query: &mut QueryBuilder<Sqlite>, wanted: &SlaTallyQuery) {
    query.push("SELECT ").push(match wanted.group_by {
        SlaGrouping::Whole => "NULL, 0",
        SlaGrouping::Priority => "NULL, r.priority",
        SlaGrouping::Team => "r.team_id, 0",
        SlaGrouping::Agent => "r.agent_id, 0",
        SlaGrouping::Policy => "r.policy_id, 0",
        SlaGrouping::Periods(_) => "NULL, p.key",
    });
    query.push(", r.metric, sum(r.breached_at IS NULL), count(r.breached_at), sum(r.spent) FROM ");
    if let SlaGrouping::Periods(starts) = &wanted.group_by {
        let spans = serde_json::json!(spans(starts, wanted.to)).to_string();
        query.push("json_each(").push_bind(spans).push(") p CROSS JOIN sla_result r WHERE ");
        query.push("r.at >= p.value ->> 0 AND r.at < p.value ->> 1");
    } else {
        query.push("sla_result r WHERE r.at >= ").push_bind(wanted.from.timestamp_micros());
        query.push(" AND r.at < ").push_bind(wanted.to.timestamp_micros());
    }
    if !wanted.metrics.is_empty() {
        query.push(" AND r.metric IN (");
        let mut list = query.separated(", ");
        for metric in &wanted.metrics {
            list.push_bind(metric.rank());
        }
        query.push(")");
    }
    if let Some(team_id) = wanted.team_id {
        query.push(" AND r.team_id = ").push_bind(team_id.0);
    }
    query.push(" GROUP BY 1, 2, 3 LIMIT ").push_bind(limit(wanted.limit));
}

/// From each period's beginning to its end, microseconds.
pub(super) fn spans(starts: &[Time], end: Time) -> Vec<(i64, i64)> {
    let ends = starts.iter().skip(1).chain([&end]);
    starts.iter().zip(ends).map(|(start, end)| (start.timestamp_micros(), end.timestamp_micros())).collect()
}

fn result(row: &SqliteRow) -> StoreResult<SlaResult> {
    let mut cells = Cells::of(row);
    Ok(SlaResult {
        ticket_id: cells.id(TicketId)?,
        metric: cells.word(SlaMetric::from_rank)?,
        started_at: cells.time()?,
        policy_id: cells.id(SlaPolicyId)?,
        target: cells.take()?,
        spent: cells.take()?,
        at: cells.time()?,
        met_at: cells.maybe_time()?,
        breached_at: cells.maybe_time()?,
        priority: cells.word(Priority::from_rank)?,
        team_id: cells.maybe_id(TeamId)?,
        agent_id: cells.maybe_id(UserId)?,
    })
}

fn tally(group_by: &SlaGrouping, row: &SqliteRow) -> StoreResult<SlaTally> {
    let mut cells = Cells::of(row);
    let (id, place): (Option<Uuid>, i64) = (cells.take()?, cells.take()?);
    let count = |count: i64| u64::try_from(count).map_err(corrupt);
    let priority = || {
        let known = i16::try_from(place).ok().and_then(Priority::from_rank);
        known.ok_or_else(|| corrupt(format_args!("{place} is no priority")))
    };
    let group = match group_by {
        SlaGrouping::Whole => SlaGroup::Whole,
        SlaGrouping::Priority => SlaGroup::Priority(priority()?),
        SlaGrouping::Team => SlaGroup::Team(id.map(TeamId)),
        SlaGrouping::Agent => SlaGroup::Agent(id.map(UserId)),
        SlaGrouping::Policy => SlaGroup::Policy(SlaPolicyId(id.unwrap_or_default())),
        SlaGrouping::Periods(_) => SlaGroup::Period(usize::try_from(place).map_err(corrupt)?),
    };
    let metric = cells.word(SlaMetric::from_rank)?;
    Ok(SlaTally { group, metric, kept: count(cells.take()?)?, broken: count(cells.take()?)?, spent: cells.take()? })
}
