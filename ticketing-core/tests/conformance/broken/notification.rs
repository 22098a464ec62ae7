//! What a hurried adapter gets wrong about what people are told.

use super::{Broken, Fault};
use async_trait::async_trait;
use ticketing_core::changes::Write;
use ticketing_core::model::{Notification, Reading};
use ticketing_core::port::{HearerQuery, Hearers, NotificationRead, StoreResult};
use ticketing_core::query::NotificationQuery;
use ticketing_core::time::Time;
use ticketing_core::{ChangeId, NotificationId, TicketId, UserId};
use uuid::Uuid;

impl Broken {
    pub(super) async fn damage_notification(&self, write: &mut Write) {
        match write {
            Write::Notification(told) if self.has(Fault::TellsTwice) => {
                let known = self.inner.notification(told.user_id, told.id).await;
                if known.is_ok_and(|known| known.is_some()) {
                    told.id = NotificationId(Uuid::from_u128(told.id.0.as_u128() + 1));
                }
            }
            Write::Notification(_) if self.has(Fault::JoinsNothing) => {
                drop(self.inner.purge_joined(Time::MAX_UTC, usize::MAX).await);
            }
            Write::ReadNotifications { reading, .. } if self.has(Fault::ReadsEverybodys) => {
                if let Reading::PersonOnTicket(_, ticket_id) = *reading {
                    *reading = Reading::Ticket(ticket_id);
                }
            }
            _ => {}
        }
    }
}

#[async_trait]
impl NotificationRead for Broken {
    async fn notifications(&self, query: &NotificationQuery) -> StoreResult<Vec<Notification>> {
        self.inner.notifications(query).await
    }

    async fn notification_count(&self, query: &NotificationQuery) -> StoreResult<u64> {
        let mut query = query.clone();
        if self.has(Fault::CountsWhatIsRead) {
            query.unread = false;
        }
        self.inner.notification_count(&query).await
    }

    async fn unread_counts(&self, users: &[UserId]) -> StoreResult<Vec<(UserId, u64)>> {
        self.inner.unread_counts(users).await
    }

    async fn notification(&self, user_id: UserId, id: NotificationId) -> StoreResult<Option<Notification>> {
        self.inner.notification(user_id, id).await
    }

    async fn notifications_of_changes(&self, changes: &[ChangeId], limit: usize) -> StoreResult<Vec<Notification>> {
        self.inner.notifications_of_changes(changes, limit).await
    }

    async fn purge_notifications(&self, before: Time, limit: usize) -> StoreResult<u64> {
        self.inner.purge_notifications(before, limit).await
    }

    async fn purge_joined(&self, before: Time, limit: usize) -> StoreResult<u64> {
        self.inner.purge_joined(before, limit).await
    }

    async fn hearers(&self, query: &HearerQuery) -> StoreResult<Hearers> {
        self.inner.hearers(query).await
    }

    async fn commenters(&self, ticket_id: TicketId, limit: usize) -> StoreResult<Vec<UserId>> {
        self.inner.commenters(ticket_id, limit).await
    }
}
