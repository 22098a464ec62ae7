//! Mail that came in.

use super::MemoryStore;
use super::staged::{Staged, check};
use super::state::State;
use crate::changes::Expect;
use crate::ids::{ArrivalId, TicketId};
use crate::model::{Arrival, ArrivalCause, ArrivalState};
use crate::port::{ArrivalCount, ArrivalQuery, InboundRead, StoreResult, Unique};
use crate::time::Time;
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::ops::Bound;
use uuid::Uuid;

#[async_trait]
impl InboundRead for MemoryStore {
    async fn arrival(&self, id: ArrivalId) -> StoreResult<Option<Arrival>> {
        Ok(self.state().arrivals.get(&id).cloned())
    }

    async fn arrival_by_key(&self, key: &str) -> StoreResult<Option<Arrival>> {
        let state = self.state();
        Ok(state.arrival_keys.get(key).and_then(|id| state.arrivals.get(id)).cloned())
    }

    async fn arrivals(&self, query: &ArrivalQuery) -> StoreResult<Vec<Arrival>> {
        let state = self.state();
        let earlier = (Bound::Unbounded, query.after.map_or(Bound::Unbounded, Bound::Excluded));
        let found = state.arrivals.range(earlier).rev().map(|(_, arrival)| arrival);
        Ok(found.filter(|arrival| fits(query, arrival)).take(query.limit).cloned().collect())
    }

    async fn arrivals_since(&self, sender: &str, since: Time, limit: usize) -> StoreResult<(u64, u64)> {
        let state = self.state();
        let count = |wanted| {
            let first = (sender.to_owned(), since, ArrivalId(Uuid::nil()));
            let later = state.arrivals_of_senders.range(first..).take_while(|((of, ..), _)| of == sender);
            let states = later.filter_map(|(_, id)| state.state_of(*id));
            states.filter(|state| *state == wanted).take(limit).count() as u64
        };
        Ok((count(ArrivalState::Threaded), count(ArrivalState::New)))
    }

    async fn ticket_arrivals_since(&self, ticket_id: TicketId, since: Time, limit: usize) -> StoreResult<u64> {
        let state = self.state();
        let first = (ticket_id, since, ArrivalId(Uuid::nil()));
        let last = (ticket_id, Time::MAX_UTC, ArrivalId(Uuid::max()));
        let states = state.arrivals_of_tickets.range(first..=last).filter_map(|(_, id)| state.state_of(*id));
        Ok(states.filter(|state| *state == ArrivalState::Threaded).take(limit).count() as u64)
    }

    async fn arrival_counts(&self) -> StoreResult<Vec<ArrivalCount>> {
        let mut counts: BTreeMap<(ArrivalState, Option<ArrivalCause>), ArrivalCount> = BTreeMap::new();
        let state = self.state();
        for arrival in state.arrivals.values().filter(|row| row.state.waits()) {
            let (state, cause) = (arrival.state, arrival.cause);
            let none = ArrivalCount { state, cause, count: 0, oldest: None };
            let counted = counts.entry((state, cause)).or_insert(none);
            counted.count += 1;
            counted.oldest = counted.oldest.into_iter().chain([arrival.received_at]).min();
        }
        Ok(counts.into_values().collect())
    }
}

fn fits(query: &ArrivalQuery, arrival: &Arrival) -> bool {
    (query.states.is_empty() || query.states.contains(&arrival.state))
        && query.cause.is_none_or(|cause| arrival.cause == Some(cause))
        && query.mailbox_id.is_none_or(|id| arrival.mailbox_id == Some(id))
        && query.sender.as_ref().is_none_or(|sender| arrival.sender.as_ref() == Some(sender))
        && query.ticket_id.is_none_or(|id| arrival.ticket_id == Some(id))
}

impl State {
    fn state_of(&self, id: ArrivalId) -> Option<ArrivalState> {
        self.arrivals.get(&id).map(|arrival| arrival.state)
    }
}

impl Staged<'_> {
    pub(super) fn arrival(&mut self, arrival: Arrival, expect: Expect) -> StoreResult<()> {
        let before = self.state.arrivals.get(&arrival.id).cloned();
        check(expect, before.as_ref().map(|row| row.version))?;
        let (id, at) = (arrival.id, arrival.received_at);
        if let Some(before) = before {
            self.remove(|state| &mut state.arrival_keys, &before.key);
            if let Some(sender) = before.sender {
                self.remove(|state| &mut state.arrivals_of_senders, &(sender, before.received_at, id));
            }
            if let Some(ticket_id) = before.ticket_id {
                self.remove(|state| &mut state.arrivals_of_tickets, &(ticket_id, before.received_at, id));
            }
        }
        self.claim(|state| &mut state.arrival_keys, arrival.key.clone(), id, Unique::Arrival)?;
        if let Some(sender) = &arrival.sender {
            self.put(|state| &mut state.arrivals_of_senders, (sender.clone(), at, id), id);
        }
        if let Some(ticket_id) = arrival.ticket_id {
            self.put(|state| &mut state.arrivals_of_tickets, (ticket_id, at, id), id);
        }
        self.put(|state| &mut state.arrivals, id, arrival);
        Ok(())
    }
}
