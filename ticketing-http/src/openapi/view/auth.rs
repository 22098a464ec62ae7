//! Signing in, and keys of programs.

use super::super::word::KeyScope;
use super::User;
use chrono::{DateTime, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

/// A sign-in.
#[derive(ToSchema)]
pub(crate) struct Session {
    /// The access token.
    token: String,
    /// Always `Bearer`.
    token_type: String,
    /// For how many seconds the access token is good.
    expires_in: i64,
    /// Good for one refresh. Absent where it is a cookie.
    #[schema(required = false)]
    refresh_token: String,
    /// Who signed in.
    user: User,
}

/// A sign-in that is live.
#[derive(ToSchema)]
pub(crate) struct SignIn {
    /// Its id.
    id: Uuid,
    /// When it began.
    created_at: DateTime<Utc>,
    /// When it was last renewed.
    refreshed_at: DateTime<Utc>,
    /// After this it can't be renewed.
    expires_at: DateTime<Utc>,
    /// From where, as the connection said.
    #[schema(required)]
    ip: Option<String>,
    /// With what, as the client said.
    #[schema(required)]
    user_agent: Option<String>,
    /// Whether it is the one that asks.
    is_current: bool,
}

/// A key of a program.
#[derive(ToSchema)]
pub(crate) struct ApiKey {
    /// Its id.
    id: Uuid,
    /// Whose rights it carries.
    user_id: Uuid,
    /// What its owner calls it.
    name: String,
    /// The start of the key.
    prefix: String,
    /// What it may do.
    scopes: Vec<KeyScope>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// After this it is refused.
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to about a minute.
    #[schema(required)]
    last_used_at: Option<DateTime<Utc>>,
}

/// A key that was just made.
#[derive(ToSchema)]
pub(crate) struct MadeApiKey {
    /// The whole key. It is told this once.
    key: String,
    /// Its id.
    id: Uuid,
    /// Whose rights it carries.
    user_id: Uuid,
    /// What its owner calls it.
    name: String,
    /// The start of the key.
    prefix: String,
    /// What it may do.
    scopes: Vec<KeyScope>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// After this it is refused.
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
    /// When it was last used.
    #[schema(required)]
    last_used_at: Option<DateTime<Utc>>,
}
