//! The desk's own settings.

use utoipa::ToSchema;

/// What to change of the desk's own settings.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Acme Support", "auto_close_after": "14d"}))]
pub(crate) struct DeskPatch {
    /// The name that customers know.
    #[schema(required = false, min_length = 1, max_length = 100)]
    name: String,
    /// How often a ticket can be escalated before nobody is left to ask.
    #[schema(required = false, minimum = 1, maximum = 100)]
    max_escalation_level: i64,
    /// How long after it was resolved a ticket is closed: a duration of a minute or more. Null for never.
    #[schema(example = "14d")]
    auto_close_after: Option<String>,
    /// How long an agent may be offline before what the agent holds and waits for staff goes to somebody else of a team
    /// that routes: a duration of a minute or more. Null for never.
    #[schema(example = "30m")]
    reroute_after: Option<String>,
    /// The version that is to be changed; else any. 0 is what was never changed.
    #[schema(required = false)]
    version: i64,
}
