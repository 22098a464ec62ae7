//! What a person was told.

use crate::openapi::word::{NotificationKind, Role};
use chrono::{DateTime, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

/// Something that one was told on the desk.
#[derive(ToSchema)]
pub(crate) struct Notification {
    /// Its id.
    id: Uuid,
    /// What it is about.
    kind: NotificationKind,
    /// The ticket that it is about.
    #[schema(required)]
    ticket_id: Option<Uuid>,
    /// The ticket's name for people.
    #[schema(required)]
    ticket_number: Option<String>,
    /// One line; of several things the newest.
    title: String,
    /// More of it; of several things the newest.
    message: String,
    /// How many things of this kind about the ticket it stands for: what is told within ten seconds after the last of its
    /// like joins it, as long as it is unread.
    #[schema(minimum = 1)]
    count: i32,
    /// When it was told.
    created_at: DateTime<Utc>,
    /// When something was last added to it.
    updated_at: DateTime<Utc>,
    /// When it was read.
    #[schema(required = false)]
    read_at: DateTime<Utc>,
}

/// How many of one's notifications are unread.
#[derive(ToSchema)]
pub(crate) struct UnreadCount {
    /// How many.
    #[schema(minimum = 0)]
    count: u64,
}

/// Somebody who can be named in a comment.
#[derive(ToSchema)]
pub(crate) struct Mentionable {
    /// Who.
    id: Uuid,
    /// The person's name.
    name: String,
    /// What stands behind the `@`.
    email: String,
    /// The person's role.
    role: Role,
}
