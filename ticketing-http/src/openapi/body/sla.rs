//! What a desk promises.

use super::super::view::{OnBreach, SlaTargets, conditions};
use super::super::word::{Matching, Priority, Status};
use super::NewCalendar;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// An SLA policy to be made.
#[derive(ToSchema)]
#[schema(example = json!({
    "name": "Gold", "conditions": [{"field": "tags", "operator": "contains", "value": "gold"}],
    "targets": {"critical": {"first_response": "15m", "resolution": "4h", "working_time": false},
        "medium": {"first_response": "4h", "next_response": "8h", "resolution": "3d"}},
    "warn_before": "20%"
}))]
pub(crate) struct NewSlaPolicy {
    /// What people call it. No other policy has this name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it is for.
    #[schema(max_length = 4000)]
    description: Option<String>,
    /// Its place among the policies, lowest first; behind all others where nothing is said.
    #[schema(required = false, minimum = 0, maximum = 1_000_000)]
    position: i64,
    /// Which tickets it is for; all where nothing is said.
    #[schema(required = false, schema_with = conditions)]
    conditions: Value,
    /// How the conditions of the outermost list belong together; `all` where nothing is said.
    #[schema(required = false)]
    r#match: Matching,
    /// The calendar that working time is counted by; else the ticket's team's, else the default one, else all time
    /// counts.
    calendar_id: Option<Uuid>,
    /// What is promised, by priority. To what is not named nothing is promised.
    targets: BTreeMap<Priority, SlaTargets>,
    /// In which states of a ticket nothing counts: of `open`, `in_progress`, `pending` and `on_hold`. The last two
    /// where nothing is said.
    #[schema(required = false)]
    pause_on: Vec<Status>,
    /// How long before the end somebody is warned: a duration, or a part of the promised time of 1% to 99%. Nobody is
    /// where nothing is said.
    #[schema(example = "20%")]
    warn_before: Option<String>,
    /// What is done with a ticket where a promise was broken, beside telling it. Nothing where nothing is said.
    on_breach: Option<OnBreach>,
    /// Whether it counts; true where nothing is said.
    #[schema(required = false)]
    is_active: bool,
}

/// What to change of an SLA policy. What has counted stays counted.
#[derive(ToSchema)]
#[schema(example = json!({"warn_before": "30m", "pause_on": ["pending"]}))]
pub(crate) struct SlaPolicyPatch {
    /// What people call it.
    #[schema(required = false, min_length = 1, max_length = 100)]
    name: String,
    /// What it is for.
    #[schema(max_length = 4000)]
    description: Option<String>,
    /// Its place among the policies, lowest first.
    #[schema(required = false, minimum = 0, maximum = 1_000_000)]
    position: i64,
    /// Which tickets it is for.
    #[schema(required = false, schema_with = conditions)]
    conditions: Value,
    /// How the conditions of the outermost list belong together.
    #[schema(required = false)]
    r#match: Matching,
    /// The calendar that working time is counted by.
    calendar_id: Option<Uuid>,
    /// What is promised, by priority; all of it.
    #[schema(required = false)]
    targets: BTreeMap<Priority, SlaTargets>,
    /// In which states of a ticket nothing counts.
    #[schema(required = false)]
    pause_on: Vec<Status>,
    /// How long before the end somebody is warned.
    warn_before: Option<String>,
    /// What is done with a ticket where a promise was broken, beside telling it. Nothing where nothing is said.
    on_breach: Option<OnBreach>,
    /// Whether it counts.
    #[schema(required = false)]
    is_active: bool,
    /// The version that it must still have.
    #[schema(required = false)]
    version: i64,
}

/// A policy or a calendar as it might be.
#[derive(ToSchema)]
#[schema(example = json!({
    "policy": {"name": "Gold", "targets": {"medium": {"first_response": "4h", "resolution": "3d"}}}
}))]
pub(crate) struct SlaWhatIf {
    /// The policy. Goes without a calendar.
    #[schema(required = false)]
    policy: NewSlaPolicy,
    /// The calendar. Goes without a policy.
    #[schema(required = false)]
    calendar: NewCalendar,
    /// The policy or the calendar that it would be instead of. A policy would be a further one where nothing is said;
    /// with a calendar it must be.
    replaces: Option<Uuid>,
}
