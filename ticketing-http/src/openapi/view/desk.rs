//! The desk's own settings.

use chrono::{DateTime, Utc};
use utoipa::ToSchema;

/// What the desk calls itself and how it behaves.
#[derive(ToSchema)]
pub(crate) struct Desk {
    /// The name that customers know.
    name: String,
    /// How often a ticket can be escalated before nobody is left to ask.
    max_escalation_level: i16,
    /// How long after it was resolved a ticket is closed; never where it is null.
    #[schema(required, example = "14d")]
    auto_close_after: Option<String>,
    /// How long an agent may be offline before what the agent holds goes to somebody else; never where it is null.
    #[schema(required, example = "30m")]
    reroute_after: Option<String>,
    /// Grows by one with every change; the entity tag. 0 while nobody has changed it.
    version: i64,
    /// When it last changed.
    #[schema(required)]
    updated_at: Option<DateTime<Utc>>,
}

/// What a page for signing in needs to know.
#[derive(ToSchema)]
pub(crate) struct Welcome {
    /// What the desk is called.
    name: String,
    /// Its picture, by `https`.
    #[schema(required)]
    logo_url: Option<String>,
    /// Its colour, such as `#1d4ed8`.
    colour: String,
    /// Whether customers can sign up by themselves.
    registration: bool,
    /// Whether there is no administrator yet: the first one is made by the link that the server printed.
    needs_setup: bool,
}
