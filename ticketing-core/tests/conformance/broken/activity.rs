//! What a hurried adapter gets wrong about what happened.

use super::{ALL, Broken, Fault};
use async_trait::async_trait;
use std::sync::atomic::Ordering;
use ticketing_core::event::Event;
use ticketing_core::model::{Answer, AuditEntry, IdempotencyKey, WorkflowRun};
use ticketing_core::port::{ActivityRead, EventPage, StoreResult};
use ticketing_core::query::{AuditQuery, WorkflowRunQuery};
use ticketing_core::time::Time;
use ticketing_core::{Scope, Seq, TicketId, WorkflowId};

#[async_trait]
impl ActivityRead for Broken {
    async fn events(&self, scope: &Scope, after: Seq, limit: usize) -> StoreResult<EventPage> {
        let mut page = self.inner.events(scope, after, limit).await?;
        let reads = self.reads.fetch_add(1, Ordering::Relaxed);
        // Now and then an event is not yet committed when those around it are read.
        if self.has(Fault::LogRunsAhead) && reads % 3 == 2 && page.events.len() > 2 {
            page.events.remove(1);
        }
        Ok(page)
    }

    async fn log_end(&self) -> StoreResult<Seq> {
        let end = self.inner.log_end().await?;
        Ok(if self.has(Fault::EndRunsAhead) { Seq(end.0 + 1) } else { end })
    }

    async fn ticket_events(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Seq,
        limit: usize,
    ) -> StoreResult<Vec<Event>> {
        self.inner.ticket_events(scope, ticket_id, after, limit).await
    }

    async fn ticket_events_from_end(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        before: Option<Seq>,
        limit: usize,
    ) -> StoreResult<Vec<Event>> {
        self.inner.ticket_events_from_end(scope, ticket_id, before, limit).await
    }

    async fn last_ticket_event(&self, scope: &Scope, ticket_id: TicketId, name: &str) -> StoreResult<Option<Event>> {
        self.inner.last_ticket_event(scope, ticket_id, name).await
    }

    async fn workflow_runs(&self, scope: &Scope, query: &WorkflowRunQuery) -> StoreResult<Vec<WorkflowRun>> {
        let is_wide = self.has(Fault::ShowsEveryRun) && scope.sees_internal();
        self.inner.workflow_runs(if is_wide { &ALL } else { scope }, query).await
    }

    async fn suppressed_runs(&self, rule: WorkflowId, since: Time, limit: usize) -> StoreResult<u64> {
        self.count_suppressed(rule, since, limit).await
    }

    async fn purge_workflow_runs(&self, before: Time, limit: usize) -> StoreResult<u64> {
        self.inner.purge_workflow_runs(before, limit).await
    }

    async fn audit(&self, scope: &Scope, query: &AuditQuery) -> StoreResult<Vec<AuditEntry>> {
        self.inner.audit(scope, query).await
    }

    async fn answer(&self, scope: &Scope, key: &IdempotencyKey) -> StoreResult<Option<Answer>> {
        self.inner.answer(scope, key).await
    }
}
