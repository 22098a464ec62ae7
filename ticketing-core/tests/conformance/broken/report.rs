//! What a hurried adapter gets wrong about reports.

use super::{Broken, Fault};
use async_trait::async_trait;
use ticketing_core::changes::Write;
use ticketing_core::model::{Milestone, SlaResult};
use ticketing_core::port::{ReportRead, StoreResult};
use ticketing_core::report::{SlaTally, SlaTallyQuery, TeamTally, TeamTallyQuery};
use ticketing_core::{Scope, TicketId};

impl Broken {
    pub(super) fn damage_report(&self, write: &mut Write) {
        if let Write::SlaResult(result) = write
            && self.has(Fault::CountsLateAsKept)
            && result.met_at.is_some()
        {
            result.breached_at = None;
        }
    }
}

#[async_trait]
impl ReportRead for Broken {
    async fn sla_report(&self, scope: &Scope, query: &SlaTallyQuery) -> StoreResult<Vec<SlaTally>> {
        let mut query = query.clone();
        if self.has(Fault::CountsTheEnd) {
            query.to += chrono::TimeDelta::microseconds(1);
        }
        self.inner.sla_report(scope, &query).await
    }

    async fn sla_results(&self, scope: &Scope, tickets: &[TicketId]) -> StoreResult<Vec<SlaResult>> {
        let wide = if self.has(Fault::TellsResultsToAll) { &Scope::UPKEEP } else { scope };
        self.inner.sla_results(wide, tickets).await
    }

    async fn milestones(&self, scope: &Scope, tickets: &[TicketId]) -> StoreResult<Vec<Milestone>> {
        let wide = if self.has(Fault::TellsMilestonesToAll) { &Scope::UPKEEP } else { scope };
        self.inner.milestones(wide, tickets).await
    }

    async fn team_report(&self, scope: &Scope, query: &TeamTallyQuery) -> StoreResult<TeamTally> {
        let mut query = *query;
        if self.has(Fault::CountsTheEnd) {
            query.to += chrono::TimeDelta::microseconds(1);
        }
        self.inner.team_report(scope, &query).await
    }
}
