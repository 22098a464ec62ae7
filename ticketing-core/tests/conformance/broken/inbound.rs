//! What a hurried adapter gets wrong about mail that came in.

use super::{Broken, Fault};
use async_trait::async_trait;
use ticketing_core::changes::{Expect, Write};
use ticketing_core::model::Arrival;
use ticketing_core::port::{ArrivalCount, ArrivalQuery, InboundRead, StoreResult};
use ticketing_core::time::Time;
use ticketing_core::{ArrivalId, TicketId};

impl Broken {
    pub(super) async fn damage_inbound(&self, write: &mut Write) {
        if let Write::Arrival { arrival, expect: Expect::New } = write
            && self.has(Fault::TakesInTwice)
            && self.inner.arrival_by_key(&arrival.key).await.is_ok_and(|known| known.is_some())
        {
            arrival.key = format!("{} of {}", arrival.key, arrival.id);
        }
    }
}

#[async_trait]
impl InboundRead for Broken {
    async fn arrival(&self, id: ArrivalId) -> StoreResult<Option<Arrival>> {
        self.inner.arrival(id).await
    }

    async fn arrival_by_key(&self, key: &str) -> StoreResult<Option<Arrival>> {
        self.inner.arrival_by_key(key).await
    }

    async fn arrivals(&self, query: &ArrivalQuery) -> StoreResult<Vec<Arrival>> {
        self.inner.arrivals(query).await
    }

    async fn arrivals_since(&self, sender: &str, since: Time, limit: usize) -> StoreResult<(u64, u64)> {
        if self.has(Fault::CountsEveryMail) {
            let query = ArrivalQuery { sender: Some(sender.to_owned()), limit: usize::MAX, ..ArrivalQuery::default() };
            let all = self.inner.arrivals(&query).await?;
            let count = all.iter().filter(|arrival| arrival.received_at >= since).take(limit).count() as u64;
            return Ok((count, count));
        }
        self.inner.arrivals_since(sender, since, limit).await
    }

    async fn ticket_arrivals_since(&self, ticket_id: TicketId, since: Time, limit: usize) -> StoreResult<u64> {
        self.inner.ticket_arrivals_since(ticket_id, since, limit).await
    }

    async fn arrival_counts(&self) -> StoreResult<Vec<ArrivalCount>> {
        self.inner.arrival_counts().await
    }
}
