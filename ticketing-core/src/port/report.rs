//! What reports are made of.

use super::StoreResult;
use crate::access::Scope;
use crate::ids::TicketId;
use crate::model::{Milestone, SlaResult};
use crate::report::{SlaTally, SlaTallyQuery, TeamTally, TeamTallyQuery};
use async_trait::async_trait;

/// Counting what happened, done where the rows are.
#[async_trait]
pub trait ReportRead: Send + Sync {
    /// What became of promises, a tally for each group and metric that has any, in any order. A promise that was broken
    /// counts as broken, also where it was done later. Only for [`Scope::System`] and [`Scope::Staff`].
    async fn sla_report(&self, scope: &Scope, query: &SlaTallyQuery) -> StoreResult<Vec<SlaTally>>;

    /// What became of the promises of these tickets, row by row and in any order: for whoever carries a desk elsewhere. None in
    /// any other scope than [`Scope::System`].
    async fn sla_results(&self, scope: &Scope, tickets: &[TicketId]) -> StoreResult<Vec<SlaResult>>;

    /// The moments of these tickets, row by row and in any order. As above for whoever carries a desk elsewhere, and for nobody else.
    async fn milestones(&self, scope: &Scope, tickets: &[TicketId]) -> StoreResult<Vec<Milestone>>;

    /// What happened in a team in a stretch of time, with the team as it was then. Only for [`Scope::System`] and
    /// [`Scope::Staff`]; for others it is empty.
    async fn team_report(&self, scope: &Scope, query: &TeamTallyQuery) -> StoreResult<TeamTally>;
}
