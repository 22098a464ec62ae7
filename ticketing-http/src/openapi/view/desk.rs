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
    /// Grows by one with every change; the entity tag. 0 while nobody has changed it.
    version: i64,
    /// When it last changed.
    #[schema(required)]
    updated_at: Option<DateTime<Utc>>,
}
