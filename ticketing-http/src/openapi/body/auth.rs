//! Signing in, and what one does about oneself.

use super::super::word::{Availability, KeyScope};
use chrono::{DateTime, Utc};
use utoipa::ToSchema;

/// A sign-in.
#[derive(ToSchema)]
#[schema(example = json!({"email": "ada@desk.example", "password": "correct horse battery"}))]
pub(crate) struct Login {
    /// The address, in any case.
    #[schema(min_length = 1, max_length = 1000)]
    email: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
    /// Whether the refresh token is to be a cookie that no script can read, instead of a part of the answer.
    #[schema(required = false)]
    cookie: bool,
}

/// A refresh token. Without a body, the one of the cookie is meant.
#[derive(ToSchema)]
#[schema(example = json!({"refresh_token": "0199d2a4c7b07e0c8a3f5b1d2e4f6a70.q3v…"}))]
pub(crate) struct Renewal {
    /// What the last sign-in or refresh answered.
    #[schema(required = false, min_length = 1)]
    refresh_token: String,
}

/// A customer who signs up.
#[derive(ToSchema)]
#[schema(example = json!({"email": "mia@home.example", "name": "Mia Berg", "password": "correct horse battery"}))]
pub(crate) struct Register {
    /// The address. Nobody else may have it, in any case.
    #[schema(min_length = 1, max_length = 254, format = Email)]
    email: String,
    /// How to address the person.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// At least 8 characters.
    #[schema(min_length = 8, format = Password)]
    password: String,
}

/// What to change of oneself.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Ada L.", "availability": "away", "time_zone": "Europe/Berlin"}))]
pub(crate) struct MePatch {
    /// How to address the person.
    #[schema(required = false, min_length = 1, max_length = 200)]
    name: String,
    /// Whether new work is taken.
    #[schema(required = false)]
    availability: Availability,
    /// IANA time zone, such as `Europe/Berlin`.
    time_zone: Option<String>,
    /// BCP 47 language, such as `de` or `pt-BR`.
    #[schema(max_length = 35)]
    locale: Option<String>,
    /// A new password of at least 8 characters; needs `current_password`.
    #[schema(required = false, min_length = 8, format = Password)]
    password: String,
    /// The password until now.
    #[schema(required = false, format = Password)]
    current_password: String,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// The address of somebody who forgot the password.
#[derive(ToSchema)]
#[schema(example = json!({"email": "mia@home.example"}))]
pub(crate) struct Forgotten {
    /// The address, in any case.
    #[schema(min_length = 1, max_length = 1000)]
    email: String,
}

/// A new password, by the link of an invitation or a reset.
#[derive(ToSchema)]
#[schema(example = json!({"token": "reset_3kq9…", "password": "correct horse battery"}))]
pub(crate) struct PasswordReset {
    /// What the link carries.
    token: String,
    /// At least 8 characters.
    #[schema(min_length = 8, format = Password)]
    password: String,
}

/// The first administrator.
#[derive(ToSchema)]
#[schema(example = json!({"token": "setup_3kq9…", "email": "ada@desk.example", "name": "Ada Lindt",
    "password": "correct horse battery"}))]
pub(crate) struct Setup {
    /// What the link carries that the server printed.
    token: String,
    /// The address.
    #[schema(min_length = 1, max_length = 254, format = Email)]
    email: String,
    /// How to address the person.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// At least 8 characters.
    #[schema(min_length = 8, format = Password)]
    password: String,
}

/// A key for a program.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Nightly report", "scopes": ["tickets:read"]}))]
pub(crate) struct NewApiKey {
    /// What its owner calls it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may do.
    #[schema(min_items = 1)]
    scopes: Vec<KeyScope>,
    /// After this it is refused. Without, it holds until it is revoked.
    expires_at: Option<DateTime<Utc>>,
}
