//! Reading what happened.

use super::MemoryStore;
use super::state::{State, unique};
use crate::access::Scope;
use crate::event::{Audience, Event};
use crate::ids::{AuditId, Seq, TicketId, WorkflowId, WorkflowRunId};
use crate::model::{Answer, AuditEntry, IdempotencyKey, RunOutcome, WorkflowRun};
use crate::port::{ActivityRead, EventPage, StoreResult};
use crate::query::{AuditQuery, WorkflowRunQuery};
use crate::time::Time;
use async_trait::async_trait;
use std::ops::Bound;
use uuid::Uuid;

#[async_trait]
impl ActivityRead for MemoryStore {
    async fn events(&self, scope: &Scope, after: Seq, limit: usize) -> StoreResult<EventPage> {
        let state = self.state();
        let later = state.events.range((Bound::Excluded(after), Bound::Unbounded));
        let told = later.map(|(_, event)| event).filter(|event| state.tells(scope, event));
        let events: Vec<Event> = told.take(limit).map(|event| state.named(event)).collect();
        // A full page may have more behind it; a page that is not full was read to the end.
        let next = match events.last() {
            Some(last) if events.len() == limit => last.seq,
            None if limit == 0 => after,
            _ => state.last_seq.max(after),
        };
        Ok(EventPage { events, next })
    }

    async fn log_end(&self) -> StoreResult<Seq> {
        Ok(self.state().last_seq)
    }

    async fn ticket_events(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Seq,
        limit: usize,
    ) -> StoreResult<Vec<Event>> {
        let state = self.state();
        let places = (Bound::Excluded((ticket_id, after)), Bound::Included((ticket_id, Seq(i64::MAX))));
        let later = state.ticket_events.range(places).filter_map(|((_, seq), _)| state.events.get(seq));
        let told = later.filter(|event| state.tells(scope, event));
        Ok(told.take(limit).map(|event| state.named(event)).collect())
    }

    async fn ticket_events_from_end(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        before: Option<Seq>,
        limit: usize,
    ) -> StoreResult<Vec<Event>> {
        let state = self.state();
        let end = before.map_or(Bound::Included((ticket_id, Seq(i64::MAX))), |seq| Bound::Excluded((ticket_id, seq)));
        let places = (Bound::Included((ticket_id, Seq(i64::MIN))), end);
        let earlier = state.ticket_events.range(places).rev().filter_map(|((_, seq), _)| state.events.get(seq));
        let told = earlier.filter(|event| state.tells(scope, event));
        Ok(told.take(limit).map(|event| state.named(event)).collect())
    }

    async fn last_ticket_event(&self, scope: &Scope, ticket_id: TicketId, name: &str) -> StoreResult<Option<Event>> {
        let state = self.state();
        let places = (ticket_id, Seq(i64::MIN))..=(ticket_id, Seq(i64::MAX));
        let mut newest_first =
            state.ticket_events.range(places).rev().filter_map(|((_, seq), _)| state.events.get(seq));
        let found = newest_first.find(|event| event.fact.name() == name && state.tells(scope, event));
        Ok(found.map(|event| state.named(event)))
    }

    async fn audit(&self, scope: &Scope, query: &AuditQuery) -> StoreResult<Vec<AuditEntry>> {
        if !matches!(scope, Scope::System(_) | Scope::Staff { .. }) {
            return Ok(Vec::new());
        }
        let state = self.state();
        let newest_first = state.audit.range((Bound::Unbounded, end_of(query))).rev().map(|(_, entry)| entry);
        let since = newest_first.take_while(|entry| query.from.is_none_or(|from| entry.at >= from));
        let page = since.filter(|entry| fits(query, entry)).take(query.limit);
        Ok(page.map(|entry| AuditEntry { actor: state.person(&entry.actor), ..entry.clone() }).collect())
    }

    async fn workflow_runs(&self, scope: &Scope, query: &WorkflowRunQuery) -> StoreResult<Vec<WorkflowRun>> {
        let state = self.state();
        let older = state.workflow_runs.range(..query.before.unwrap_or(WorkflowRunId(Uuid::max()))).rev();
        let wanted = |run: &&WorkflowRun| {
            query.ticket_id.is_none_or(|id| run.ticket_id == id)
                && query.workflow_id.is_none_or(|id| run.rule.id == id)
                && (query.outcomes.is_empty() || query.outcomes.contains(&run.outcome))
                && scope.sees_internal()
                && state.sees_history(scope, run.ticket_id)
        };
        Ok(older.map(|(_, run)| run).filter(wanted).take(query.limit).cloned().collect())
    }

    async fn suppressed_runs(&self, rule: WorkflowId, since: Time, limit: usize) -> StoreResult<u64> {
        let state = self.state();
        let held = state
            .workflow_runs
            .values()
            .filter(|run| run.rule.id == rule && run.at >= since && run.outcome == RunOutcome::Suppressed);
        Ok(held.take(limit).count() as u64)
    }

    async fn purge_workflow_runs(&self, before: Time, limit: usize) -> StoreResult<u64> {
        let mut state = self.state();
        let past = state.workflow_runs.values().filter(|run| run.at < before);
        let mut old: Vec<_> = past.map(|run| (run.at, run.id)).collect();
        old.sort_unstable();
        old.truncate(limit);
        for (_, id) in &old {
            state.workflow_runs.remove(id);
        }
        Ok(old.len() as u64)
    }

    async fn answer(&self, scope: &Scope, key: &IdempotencyKey) -> StoreResult<Option<Answer>> {
        Ok(self.state().answers.get(&unique(key)).filter(|_| matches!(scope, Scope::System(_))).cloned())
    }
}

impl State {
    /// Whether the scope may hear of the event.
    fn tells(&self, scope: &Scope, event: &Event) -> bool {
        if !scope.sees_internal() && event.audience == Audience::Staff {
            return false;
        }
        self.sees_history(scope, event.ticket_id)
    }

    /// A desk that may see everything also hears of tickets that are no longer there.
    pub(super) fn sees_history(&self, scope: &Scope, ticket_id: TicketId) -> bool {
        matches!(scope, Scope::System(_) | Scope::Staff { .. }) || self.sees_ticket(scope, ticket_id)
    }

    /// The event with its actor's name of now.
    pub(super) fn named(&self, event: &Event) -> Event {
        Event { actor: self.person(&event.actor), ..event.clone() }
    }
}

/// Where the walk back in time ends: whichever of `to` and `before` comes first.
fn end_of(query: &AuditQuery) -> Bound<(Time, AuditId)> {
    let to = query.to.map(|to| (to, AuditId(Uuid::nil())));
    let first = [to, query.before].into_iter().flatten().min();
    first.map_or(Bound::Unbounded, Bound::Excluded)
}

fn fits(query: &AuditQuery, entry: &AuditEntry) -> bool {
    query.actor.is_none_or(|actor| entry.actor.id == Some(actor))
        && query.subject.is_none_or(|subject| entry.subject == subject)
        && query.action.as_ref().is_none_or(|action| entry.action == *action)
}
