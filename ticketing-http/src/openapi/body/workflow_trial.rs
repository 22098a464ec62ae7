//! Rules to be tried.

use super::NewWorkflow;
use chrono::{DateTime, Utc};
use utoipa::ToSchema;

/// The ticket that a rule is tried on.
#[derive(ToSchema)]
#[schema(example = json!({"ticket": "TKT-7K3M9QX2"}))]
pub(crate) struct TrialTicket {
    /// By its id or number.
    ticket: String,
}

/// A draft, and what it is tried on: either a ticket or a stretch of time.
#[derive(ToSchema)]
#[schema(example = json!({
    "workflow": {
        "name": "Tag what is urgent", "trigger_type": "ticket_created",
        "trigger_conditions": [{"field": "subject", "operator": "contains", "value": "urgent"}],
        "actions": [{"type": "add_tags", "params": {"tags": ["urgent"]}}]
    },
    "history": {"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}
}))]
pub(crate) struct WorkflowTrial {
    /// The draft. One that has the name of a rule takes its place.
    workflow: NewWorkflow,
    /// A ticket by its id or number.
    #[schema(required = false)]
    ticket: String,
    /// What happened before.
    #[schema(required = false)]
    history: Stretch,
}

/// A stretch of time; both ends belong to it.
#[derive(ToSchema)]
pub(crate) struct Stretch {
    /// Its beginning.
    from: DateTime<Utc>,
    /// Its end.
    to: DateTime<Utc>,
}

/// A draft to be looked at among the rules that are switched on; without one, these alone.
#[derive(ToSchema)]
#[schema(example = json!({"workflow": {
    "name": "Tag what is urgent", "trigger_type": "ticket_created",
    "trigger_conditions": [{"field": "subject", "operator": "contains", "value": "urgent"}],
    "actions": [{"type": "add_tags", "params": {"tags": ["urgent"]}}]
}}))]
pub(crate) struct LintRequest {
    /// The draft.
    #[schema(required = false)]
    workflow: NewWorkflow,
}
