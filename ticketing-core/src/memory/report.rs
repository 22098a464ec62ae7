//! What became of promises, counted.

use super::MemoryStore;
use super::staged::Staged;
use crate::access::Scope;
use crate::ids::TicketId;
use crate::model::SlaResult;
use crate::port::{ReportRead, StoreResult};
use crate::report::{SlaGroup, SlaGrouping, SlaTally, SlaTallyQuery};
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
}
