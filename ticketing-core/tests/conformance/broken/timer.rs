//! What a hurried adapter gets wrong about the clock.

use super::{Broken, Fault};
use async_trait::async_trait;
use ticketing_core::TicketId;
use ticketing_core::changes::Write;
use ticketing_core::model::{Fired, Recurrence, RecurrenceKind};
use ticketing_core::port::{StoreResult, Timers};
use ticketing_core::time::Time;
use uuid::Uuid;

impl Broken {
    pub(super) async fn damage_timer(&self, write: &mut Write) {
        if let Write::Fired(fired) = write
            && self.has(Fault::FiresAgain)
            && self.inner.fired(&[fired.ticket_id]).await.is_ok_and(|known| known.contains(fired))
        {
            fired.anchor_at += chrono::TimeDelta::microseconds(1);
        }
    }
}

#[async_trait]
impl Timers for Broken {
    async fn claim_wakes(&self, now: Time, until: Time, limit: usize) -> StoreResult<Vec<TicketId>> {
        let until = if self.has(Fault::HoldsNothing) { now } else { until };
        self.inner.claim_wakes(now, until, limit).await
    }

    async fn next_due_at(&self, now: Time) -> StoreResult<Option<Time>> {
        self.inner.next_due_at(now).await
    }

    async fn fired(&self, ticket_ids: &[TicketId]) -> StoreResult<Vec<Fired>> {
        self.inner.fired(ticket_ids).await
    }

    async fn due_schedules(&self, now: Time, limit: usize) -> StoreResult<Vec<Recurrence>> {
        self.inner.due_schedules(now, limit).await
    }

    async fn schedules(&self, kind: RecurrenceKind, ids: &[Uuid]) -> StoreResult<Vec<Recurrence>> {
        self.inner.schedules(kind, ids).await
    }
}
