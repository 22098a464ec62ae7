//! What people are told on the desk, and who might be.

use super::StoreResult;
use crate::ids::{ChangeId, NotificationId, OrganizationId, TicketId, UserId};
use crate::model::{Notification, User};
use crate::query::NotificationQuery;
use crate::time::Time;
use async_trait::async_trait;
use serde_json::Value;

/// Whom news of a ticket may reach.
#[derive(Clone, Debug)]
pub struct HearerQuery {
    /// The ticket. A commit that makes one asks before it is there; nobody listens to it then.
    pub ticket_id: TicketId,
    /// Its company.
    pub organization_id: Option<OrganizationId>,
    /// People that are asked for, listening or not.
    pub people: Vec<UserId>,
    /// How many of those who listen, the first by id.
    pub watchers: usize,
}

/// One person whom news of a ticket may reach.
#[derive(Clone, Debug)]
pub struct Hearer {
    /// The person.
    pub user: User,
    /// Whether the person listens to the ticket.
    pub is_watching: bool,
    /// The body of the person's [`crate::model::NoticePreferences`], where there is one that is not deleted.
    pub preferences: Option<Value>,
}

/// Everybody whom news of a ticket may reach.
#[derive(Clone, Debug, Default)]
pub struct Hearers {
    /// The people, each once, in any order; those who are not there are left out.
    pub people: Vec<Hearer>,
    /// Whether the company shares its tickets. Says nothing where there are no people.
    pub shares_tickets: bool,
}

/// What people are told on the desk. Each call names whose it asks for.
#[async_trait]
pub trait NotificationRead: Send + Sync {
    /// What a person was told, newest first (by id).
    async fn notifications(&self, query: &NotificationQuery) -> StoreResult<Vec<Notification>>;

    /// How many there are on all pages of the list; `before` and `limit` do not matter. Exact.
    async fn notification_count(&self, query: &NotificationQuery) -> StoreResult<u64>;

    /// How many each of these people has not read, exactly, in any order; those who have read all are left out. The
    /// caller asks for at most [`READERS`] at once.
    async fn unread_counts(&self, users: &[UserId]) -> StoreResult<Vec<(UserId, u64)>>;

    /// One of a person's.
    async fn notification(&self, user_id: UserId, id: NotificationId) -> StoreResult<Option<Notification>>;

    /// Everybody's that were told by these commits and by none since, in the order of person and id, at most `limit`.
    /// The caller asks for at most [`CHANGES`] at once.
    async fn notifications_of_changes(&self, changes: &[ChangeId], limit: usize) -> StoreResult<Vec<Notification>>;

    /// Forgets what was read before this moment, the oldest first, at most `limit`. What is unread stays. Answers how
    /// many.
    async fn purge_notifications(&self, before: Time, limit: usize) -> StoreResult<u64>;

    /// Forgets what was told last before this moment as far as joining goes, at most `limit`: what is told afterwards
    /// stands for itself. Answers how many.
    async fn purge_joined(&self, before: Time, limit: usize) -> StoreResult<u64>;

    /// Whom news of a ticket may reach, in one look: whoever is asked for, and who listens.
    async fn hearers(&self, query: &HearerQuery) -> StoreResult<Hearers>;

    /// Who has said something on a ticket that its customers see, by id, at most `limit`.
    async fn commenters(&self, ticket_id: TicketId, limit: usize) -> StoreResult<Vec<UserId>>;
}

/// How many commits [`NotificationRead::notifications_of_changes`] is asked about at once.
pub const CHANGES: usize = 500;
/// How many people [`NotificationRead::unread_counts`] is asked about at once.
pub const READERS: usize = 500;
