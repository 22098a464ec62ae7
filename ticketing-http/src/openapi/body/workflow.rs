//! Rules.

use super::super::view::{WorkflowAction, conditions, schedule};
use super::super::word::{Matching, RuleMode, Trigger};
use serde_json::Value;
use utoipa::ToSchema;

/// A description of a whole rule, with more fields.
macro_rules! whole {
    ($(#[$about:meta])* $name:ident { $($(#[$more:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        $(#[$about])*
        #[derive(ToSchema)]
        #[schema(example = json!({
            "name": "Tell of critical tickets", "trigger_type": "priority_change",
            "trigger_conditions": [{"field": "priority", "operator": "equals", "value": "critical"}],
            "actions": [{"type": "send_notification", "params": {"user_id": "{{assigned_agent_id}}",
                "title": "Critical ticket", "message": "Ticket {{ticket_number}} has become critical."}}]
        }))]
        pub(crate) struct $name {
            /// What people call it.
            #[schema(min_length = 1, max_length = 200)]
            name: String,
            /// What it is for.
            #[schema(max_length = 4_000)]
            description: Option<String>,
            /// What makes it look at a ticket.
            trigger_type: Trigger,
            /// What must hold; nothing where nothing is said.
            #[schema(required = false, schema_with = conditions)]
            trigger_conditions: Value,
            /// How the conditions of the outermost list belong together; `all` where nothing is said.
            #[schema(required = false)]
            r#match: Matching,
            /// When it is looked at; `when_changed` where nothing is said.
            #[schema(required = false)]
            mode: RuleMode,
            /// Whether no later rule is looked at in the round in which it fires.
            #[schema(required = false)]
            stop: bool,
            /// Its place among the rules, lowest first; behind all others unless said.
            #[schema(required = false, minimum = 0, maximum = 1_000_000_000)]
            position: i64,
            /// Whether it is looked at at all.
            #[schema(required = false)]
            is_active: bool,
            /// When it looks at tickets by itself.
            #[schema(required = false, schema_with = schedule)]
            schedule: Value,
            /// What it does, in order.
            #[schema(min_items = 1, max_items = 20)]
            actions: Vec<WorkflowAction>,
            /// Why this version is saved.
            #[schema(max_length = 1_000)]
            note: Option<String>,
            $($(#[$more])* $field: $kind,)*
        }
    };
}

whole! {
    /// A rule to be made.
    NewWorkflow {}
}

whole! {
    /// What a rule is replaced by. What is not said goes to what it is where nothing is; its place stays.
    WorkflowReplacement {
        /// The version that is to be replaced; else any.
        #[schema(required = false)]
        version: i64,
    }
}

/// What to change of a rule.
#[derive(ToSchema)]
#[schema(example = json!({"is_active": false, "note": "Until the holidays are over."}))]
pub(crate) struct WorkflowPatch {
    /// What people call it.
    #[schema(required = false, min_length = 1, max_length = 200)]
    name: String,
    /// What it is for.
    #[schema(max_length = 4_000)]
    description: Option<String>,
    /// What makes it look at a ticket.
    #[schema(required = false)]
    trigger_type: Trigger,
    /// What must hold.
    #[schema(required = false, schema_with = conditions)]
    trigger_conditions: Value,
    /// How the conditions of the outermost list belong together.
    #[schema(required = false)]
    r#match: Matching,
    /// When it is looked at.
    #[schema(required = false)]
    mode: RuleMode,
    /// Whether no later rule is looked at in the round in which it fires.
    #[schema(required = false)]
    stop: bool,
    /// Its place among the rules, lowest first.
    #[schema(required = false, minimum = 0, maximum = 1_000_000_000)]
    position: i64,
    /// Whether it is looked at at all. Switched on again, it begins anew.
    #[schema(required = false)]
    is_active: bool,
    /// When it looks at tickets by itself.
    #[schema(required = false, schema_with = schedule)]
    schedule: Value,
    /// What it does, in order.
    #[schema(required = false, min_items = 1, max_items = 20)]
    actions: Vec<WorkflowAction>,
    /// Why this version is saved.
    #[schema(max_length = 1_000)]
    note: Option<String>,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// Which version of a rule is to be brought back.
#[derive(ToSchema)]
#[schema(example = json!({"version": 1, "note": "The new one told too many."}))]
pub(crate) struct RestoreWorkflow {
    /// Which.
    version: i64,
    /// Why.
    #[schema(max_length = 1_000)]
    note: Option<String>,
}

/// Rules to be taken in. One that has the name of a rule that is there replaces it.
#[derive(ToSchema)]
#[schema(example = json!({"dry_run": true, "workflows": [{
    "name": "Tag what breaks", "trigger_type": "sla_breach",
    "actions": [{"type": "add_tags", "params": {"tags": ["late"]}}]
}]}))]
pub(crate) struct WorkflowImport {
    /// Which; names are known once.
    workflows: Vec<NewWorkflow>,
    /// Only say what would become of them.
    #[schema(required = false)]
    dry_run: bool,
}
