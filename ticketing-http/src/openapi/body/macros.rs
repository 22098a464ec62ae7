//! Macros.

use super::super::view::WorkflowAction;
use super::super::word::Visibility;
use utoipa::ToSchema;
use uuid::Uuid;

/// A macro to be made.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Take it", "visibility": "private", "actions": [
    {"type": "assign_ticket", "params": {"agent_id": "me"}},
    {"type": "update_ticket", "params": {"status": "in_progress"}},
    {"type": "add_comment", "params": {"body": "Hello {{customer_name}}, this is {{agent_name}}. I am looking into it."}}
]}))]
pub(crate) struct NewMacro {
    /// What people call it.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What it is for.
    #[schema(max_length = 4_000)]
    description: Option<String>,
    /// What it does, in order: those of rules that one does by hand, which are `update_ticket`, `assign_ticket`, `add_comment`,
    /// `escalate_ticket`, `add_tags`, `remove_tags`, `add_watchers`, `remove_watchers` and `snooze`. `me` is whoever uses it. Texts may ask
    /// for what canned responses may.
    #[schema(min_items = 1, max_items = 20)]
    actions: Vec<WorkflowAction>,
    /// Its place among the macros, lowest first.
    #[schema(required = false, minimum = 0, maximum = 1_000_000_000)]
    position: i64,
    /// What whoever knows it types: one word.
    #[schema(min_length = 1, max_length = 50)]
    shortcut: Option<String>,
    /// Who has it.
    visibility: Visibility,
    /// The team, exactly where it is a team's.
    team_id: Option<Uuid>,
}

/// What to change of a macro.
#[derive(ToSchema)]
#[schema(example = json!({"description": "For what only I can answer."}))]
pub(crate) struct MacroPatch {
    /// What people call it.
    #[schema(required = false, min_length = 1, max_length = 200)]
    name: String,
    /// What it is for.
    #[schema(max_length = 4_000)]
    description: Option<String>,
    /// What it does, in order; all of it.
    #[schema(required = false, min_items = 1, max_items = 20)]
    actions: Vec<WorkflowAction>,
    /// Its place among the macros, lowest first.
    #[schema(required = false, minimum = 0, maximum = 1_000_000_000)]
    position: i64,
    /// What whoever knows it types: one word.
    #[schema(min_length = 1, max_length = 50)]
    shortcut: Option<String>,
    /// Who has it.
    #[schema(required = false)]
    visibility: Visibility,
    /// The team, exactly where it is a team's.
    team_id: Option<Uuid>,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// How a macro is done to a ticket: an empty object, or no body at all, means as it is.
#[derive(ToSchema)]
#[schema(example = json!({"allow_missing": true}))]
pub(crate) struct MacroUse {
    /// Whether it is done also where its texts ask for what the ticket has not.
    #[schema(required = false)]
    allow_missing: bool,
    /// The ticket's version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}
