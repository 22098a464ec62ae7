//! Working time.

use super::super::view::{Money, OrganizationRate};
use super::super::word::Rounding;
use chrono::{DateTime, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

/// Time that was spent on a ticket.
#[derive(ToSchema)]
#[schema(example = json!({"hours": 0.5, "description": "Investigated the database connection.", "billable": true,
    "started_at": "2024-01-15T09:00:00Z", "ended_at": "2024-01-15T09:30:00Z"}))]
pub(crate) struct NewTimeEntry {
    /// How much, with at most two decimals. May be left out where both ends are there, and must agree with them.
    #[schema(minimum = 0.01, maximum = 24, multiple_of = 0.01)]
    hours: Option<f64>,
    /// What was done.
    #[schema(max_length = 4_000)]
    description: Option<String>,
    /// Whether somebody pays for it; `default_billable` of the desk where nothing is said.
    #[schema(required = false)]
    billable: bool,
    /// When it began, at most five minutes in the future. It counts at this moment; else at that of logging it.
    started_at: Option<DateTime<Utc>>,
    /// When it ended, at most 24 hours later.
    ended_at: Option<DateTime<Utc>>,
    /// Who has spent it; oneself where nothing is said. Managers may name another.
    user_id: Option<Uuid>,
}

/// What to change of time that was logged. Null takes a description, a beginning or an end away.
#[derive(ToSchema)]
#[schema(example = json!({"description": "Mended the database connection.", "billable": false}))]
pub(crate) struct TimeEntryPatch {
    /// How much, with at most two decimals. Must agree with both ends where these are there.
    #[schema(required = false, minimum = 0.01, maximum = 24, multiple_of = 0.01)]
    hours: f64,
    /// What was done.
    #[schema(max_length = 4_000)]
    description: Option<String>,
    /// Whether somebody pays for it.
    #[schema(required = false)]
    billable: bool,
    /// When it began.
    started_at: Option<DateTime<Utc>>,
    /// When it ended.
    ended_at: Option<DateTime<Utc>>,
    /// The version that it must still have.
    #[schema(required = false)]
    version: i64,
}

/// What a timer is started for.
#[derive(ToSchema)]
#[schema(example = json!({"ticket": "TKT-7KQ2M9XD", "description": "Looking for the cause.", "switch": true}))]
pub(crate) struct TimerStart {
    /// The ticket: its id or number.
    #[schema(min_length = 1, max_length = 64, example = "TKT-7KQ2M9XD")]
    ticket: String,
    /// What is being done.
    #[schema(max_length = 4_000)]
    description: Option<String>,
    /// Whether somebody pays for it; `default_billable` of the desk where nothing is said.
    #[schema(required = false)]
    billable: bool,
    /// Whether a timer that is there is stopped for it, and logged; not where nothing is said.
    #[schema(required = false)]
    switch: bool,
}

/// What is said of the time that a timer has counted.
#[derive(ToSchema)]
#[schema(example = json!({"description": "Looked for the cause."}))]
pub(crate) struct TimerStop {
    /// What was done; what was said at the start where nothing is.
    #[schema(max_length = 4_000)]
    description: Option<String>,
    /// Whether somebody pays for it; the same.
    #[schema(required = false)]
    billable: bool,
}

/// What to change of how working time is counted.
#[derive(ToSchema)]
#[schema(example = json!({"round_to_minutes": 15, "round": "up", "default_rate": {"amount_minor": 9_000, "currency": "EUR"}}))]
pub(crate) struct TimeTrackingPatch {
    /// The step that measured time is rounded to, minutes; none where it is 0.
    #[schema(required = false, minimum = 0, maximum = 60)]
    round_to_minutes: i64,
    /// To which side.
    #[schema(required = false)]
    round: Rounding,
    /// Whether somebody pays for time of which nothing is said.
    #[schema(required = false)]
    default_billable: bool,
    /// What an hour costs whoever has no price of their own.
    default_rate: Option<Money>,
    /// What it costs companies that have one; all of them.
    #[schema(required = false, max_items = 500)]
    rates: Vec<OrganizationRate>,
    /// The version that it must still have.
    #[schema(required = false)]
    version: i64,
}
