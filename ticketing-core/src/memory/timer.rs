//! What is due by the clock.

use super::MemoryStore;
use super::staged::{Staged, check_composed};
use crate::changes::Expect;
use crate::ids::{TicketId, WorkflowId};
use crate::model::{Fired, Recurrence, RecurrenceKind};
use crate::port::{LONGEST_HOLD, StoreError, StoreResult, Timers};
use crate::time::Time;
use async_trait::async_trait;
use std::collections::BTreeSet;
use uuid::Uuid;

/// When a ticket is due, and until when a worker holds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wake {
    due_at: Time,
    held_until: Option<Time>,
}

impl Wake {
    fn is_free(self, now: Time) -> bool {
        self.held_until.is_none_or(|until| until <= now || until > now + LONGEST_HOLD)
    }
}

#[async_trait]
impl Timers for MemoryStore {
    async fn claim_wakes(&self, now: Time, until: Time, limit: usize) -> StoreResult<Vec<TicketId>> {
        let mut state = self.state();
        let due = state.wakes_due.keys().take_while(|(due_at, _)| *due_at <= now).map(|(_, id)| *id);
        let free = due.filter(|id| state.wakes.get(id).is_some_and(|wake| wake.is_free(now)));
        let claimed: Vec<TicketId> = free.take(limit).collect();
        for id in &claimed {
            if let Some(wake) = state.wakes.get_mut(id) {
                wake.held_until = Some(until);
            }
        }
        Ok(claimed)
    }

    async fn next_due_at(&self, now: Time) -> StoreResult<Option<Time>> {
        let state = self.state();
        let is_free = |id: &TicketId| state.wakes.get(id).is_some_and(|wake| wake.is_free(now));
        let wake = state.wakes_due.keys().find(|(_, id)| is_free(id)).map(|(due_at, _)| *due_at);
        let recurs = state.schedules.values().map(|recurrence| recurrence.next_at).min();
        Ok(wake.into_iter().chain(recurs).min())
    }

    async fn fired(&self, ticket_ids: &[TicketId]) -> StoreResult<Vec<Fired>> {
        let state = self.state();
        let ids: BTreeSet<TicketId> = ticket_ids.iter().copied().collect();
        Ok(ids.into_iter().flat_map(|id| state.fired.range(of_ticket(id)).map(|(fired, _)| *fired)).collect())
    }

    async fn due_schedules(&self, now: Time, limit: usize) -> StoreResult<Vec<Recurrence>> {
        let state = self.state();
        let mut due: Vec<Recurrence> = state.schedules.values().filter(|row| row.next_at <= now).copied().collect();
        due.sort_by_key(|row| (row.next_at, row.kind, row.id));
        due.truncate(limit);
        Ok(due)
    }

    async fn schedules(&self, kind: RecurrenceKind, ids: &[Uuid]) -> StoreResult<Vec<Recurrence>> {
        let state = self.state();
        let ids: BTreeSet<Uuid> = ids.iter().copied().collect();
        Ok(ids.into_iter().filter_map(|id| state.schedules.get(&(kind, id)).copied()).collect())
    }
}

fn of_ticket(ticket_id: TicketId) -> std::ops::RangeInclusive<Fired> {
    let fired = |rule, anchor_at| Fired { ticket_id, rule_id: WorkflowId(rule), anchor_at };
    fired(Uuid::nil(), Time::MIN_UTC)..=fired(Uuid::max(), Time::MAX_UTC)
}

impl Staged<'_> {
    pub(super) fn ticket_wake(&mut self, ticket_id: TicketId, due_at: Option<Time>) {
        if let Some(wake) = self.state.wakes.get(&ticket_id).copied() {
            self.remove(|state| &mut state.wakes_due, &(wake.due_at, ticket_id));
            self.remove(|state| &mut state.wakes, &ticket_id);
        }
        if let Some(due_at) = due_at {
            self.put(|state| &mut state.wakes_due, (due_at, ticket_id), ticket_id);
            self.put(|state| &mut state.wakes, ticket_id, Wake { due_at, held_until: None });
        }
    }

    pub(super) fn fired(&mut self, fired: Fired) -> StoreResult<()> {
        if self.state.fired.contains_key(&fired) {
            return Err(StoreError::Conflict);
        }
        let earliest = Fired { anchor_at: Time::MIN_UTC, ..fired };
        let earlier: Vec<Fired> = self.state.fired.range(earliest..fired).map(|(fired, _)| *fired).collect();
        for fired in earlier {
            self.remove(|state| &mut state.fired, &fired);
        }
        self.put(|state| &mut state.fired, fired, fired.ticket_id);
        Ok(())
    }

    pub(super) fn schedule(&mut self, recurrence: Recurrence, expect: Expect) -> StoreResult<()> {
        let key = (recurrence.kind, recurrence.id);
        check_composed(expect, self.state.schedules.get(&key).map(|row| row.version))?;
        self.put(|state| &mut state.schedules, key, recurrence);
        Ok(())
    }

    pub(super) fn unschedule(&mut self, kind: RecurrenceKind, id: Uuid, version: i64) -> StoreResult<()> {
        let stored = self.state.schedules.get(&(kind, id)).map(|row| row.version);
        check_composed(Expect::Version(version), stored)?;
        self.remove(|state| &mut state.schedules, &(kind, id));
        Ok(())
    }
}
