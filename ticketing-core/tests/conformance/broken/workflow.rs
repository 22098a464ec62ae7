//! What a hurried adapter gets wrong about rules.

use super::{ALL, Broken, Fault};
use ticketing_core::WorkflowId;
use ticketing_core::changes::Write;
use ticketing_core::port::{ActivityRead, StoreResult};
use ticketing_core::query::WorkflowRunQuery;
use ticketing_core::time::Time;

impl Broken {
    pub(super) fn damage_workflow(&self, write: &mut Write) {
        match write {
            Write::Ticket { ticket, .. } if self.has(Fault::ForgetsRules) => {
                (ticket.last_customer_reply_at, ticket.last_status_change_at) = (None, None);
                ticket.rule_spend = None;
            }
            Write::Event(event) if self.has(Fault::ForgetsRules) => event.rule = None,
            _ => {}
        }
    }

    pub(super) async fn count_suppressed(&self, rule: WorkflowId, since: Time, limit: usize) -> StoreResult<u64> {
        if self.has(Fault::CountsEveryRun) {
            let query = WorkflowRunQuery { workflow_id: Some(rule), limit: usize::MAX, ..WorkflowRunQuery::default() };
            let runs = self.inner.workflow_runs(&ALL, &query).await?;
            return Ok(runs.iter().filter(|run| run.at >= since).take(limit).count() as u64);
        }
        self.inner.suppressed_runs(rule, since, limit).await
    }
}
