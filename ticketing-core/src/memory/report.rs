//! What became of promises, counted.

use super::MemoryStore;
use super::staged::Staged;
use crate::access::Scope;
use crate::ids::TicketId;
use crate::model::{Milestone, MilestoneKind, SlaResult};
use crate::port::{ReportRead, StoreResult};
use crate::report::{
    MilestoneTally, SPREADS, SlaGroup, SlaGrouping, SlaTally, SlaTallyQuery, Spread, TeamTally, TeamTallyQuery,
};
use async_trait::async_trait;
use std::collections::BTreeMap;

#[async_trait]
impl ReportRead for MemoryStore {
    async fn sla_report(&self, scope: &Scope, query: &SlaTallyQuery) -> StoreResult<Vec<SlaTally>> {
        if !matches!(scope, Scope::System(_) | Scope::Staff { .. }) {
            return Ok(Vec::new());
        }
        let state = self.state();
        let wanted = |result: &&SlaResult| {
            (query.from..query.to).contains(&result.at)
                && (query.metrics.is_empty() || query.metrics.contains(&result.metric))
                && query.team_id.is_none_or(|id| result.team_id == Some(id))
        };
        let mut tallies = BTreeMap::new();
        for result in state.sla_results.values().filter(wanted) {
            let group = group(&query.group_by, result);
            let none = SlaTally { group, metric: result.metric, kept: 0, broken: 0, spent: 0 };
            let tally = tallies.entry((group, result.metric)).or_insert(none);
            tally.kept += u64::from(result.breached_at.is_none());
            tally.broken += u64::from(result.breached_at.is_some());
            tally.spent += result.spent;
        }
        Ok(tallies.into_values().take(query.limit).collect())
    }

    async fn sla_results(&self, scope: &Scope, tickets: &[TicketId]) -> StoreResult<Vec<SlaResult>> {
        if !matches!(scope, Scope::System(_)) {
            return Ok(Vec::new());
        }
        let state = self.state();
        let of_these = |result: &&SlaResult| tickets.contains(&result.ticket_id);
        Ok(state.sla_results.values().filter(of_these).cloned().collect())
    }

    async fn milestones(&self, scope: &Scope, tickets: &[TicketId]) -> StoreResult<Vec<Milestone>> {
        if !matches!(scope, Scope::System(_)) {
            return Ok(Vec::new());
        }
        let state = self.state();
        let of_these = |milestone: &&Milestone| tickets.contains(&milestone.ticket_id);
        Ok(state.milestones.values().filter(of_these).cloned().collect())
    }

    async fn team_report(&self, scope: &Scope, query: &TeamTallyQuery) -> StoreResult<TeamTally> {
        if !matches!(scope, Scope::System(_) | Scope::Staff { .. }) {
            return Ok(TeamTally::default());
        }
        let state = self.state();
        let of_team = |milestone: &&Milestone| milestone.team_id == Some(query.team_id);
        let in_time = |milestone: &&Milestone| (query.from..query.to).contains(&milestone.at);
        let found: Vec<&Milestone> = state.milestones.values().filter(of_team).filter(in_time).collect();
        let mut counts = BTreeMap::new();
        for milestone in &found {
            let (kind, agent_id) = (milestone.kind, milestone.agent_id);
            let none = MilestoneTally { kind, agent_id, count: 0, spent: 0 };
            let tally = counts.entry((kind, agent_id)).or_insert(none);
            tally.count += 1;
            tally.spent += milestone.spent;
        }
        let spread = |kind: MilestoneKind| {
            let of_kind = found.iter().filter(|milestone| milestone.kind == kind);
            let mut spent: Vec<i64> = of_kind.map(|milestone| milestone.spent).collect();
            spent.sort_unstable();
            let place = |tenths: usize| spent.get((spent.len() * tenths).div_ceil(10).checked_sub(1)?).copied();
            Some(Spread { kind, median: place(5)?, p90: place(9)? })
        };
        let spreads = SPREADS.into_iter().filter_map(spread).collect();
        let open = state.tickets.values().filter(|ticket| ticket.is_open() && ticket.team_id == Some(query.team_id));
        Ok(TeamTally { counts: counts.into_values().collect(), spreads, open: open.count() as u64 })
    }
}

fn group(group_by: &SlaGrouping, result: &SlaResult) -> SlaGroup {
    match group_by {
        SlaGrouping::Whole => SlaGroup::Whole,
        SlaGrouping::Priority => SlaGroup::Priority(result.priority),
        SlaGrouping::Team => SlaGroup::Team(result.team_id),
        SlaGrouping::Agent => SlaGroup::Agent(result.agent_id),
        SlaGrouping::Policy => SlaGroup::Policy(result.policy_id),
        SlaGrouping::Periods(starts) => {
            SlaGroup::Period(starts.partition_point(|start| *start <= result.at).saturating_sub(1))
        }
    }
}

impl Staged<'_> {
    pub(super) fn sla_result(&mut self, result: SlaResult) {
        let key = (result.ticket_id, result.metric, result.started_at);
        let known = self.state.sla_results.get(&key).filter(|known| known.breached_at.is_some());
        let result = match known {
            Some(known) => SlaResult { met_at: result.met_at, spent: result.spent, ..known.clone() },
            None => result,
        };
        self.put(|state| &mut state.sla_results, key, result);
    }

    pub(super) fn milestone(&mut self, milestone: Milestone) {
        let key = (milestone.ticket_id, milestone.kind, milestone.at);
        if !self.state.milestones.contains_key(&key) {
            self.put(|state| &mut state.milestones, key, milestone);
        }
    }
}
