//! Rules: what they say, what they said before, and what they did.

use super::super::word::{Matching, RuleDisableReason, RuleMode, RunOutcome, Trigger};
use super::FieldError;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use uuid::Uuid;

/// What must hold for a rule to act.
pub(crate) fn conditions() -> Schema {
    let about = "A list of tests `{field, operator, value}` and of `{\"all\": […]}`, `{\"any\": […]}` and `{\"not\": …}`, or one of them. Of \
        a list `match` says whether all must hold; an empty one always holds.";
    ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::Array, Type::Object])).description(Some(about)).into()
}

/// When a rule looks at tickets by itself.
pub(crate) fn schedule() -> Schema {
    let about = "When a `time_based` rule looks at tickets: `{\"every\": \"15m\"}`, `{\"cron\": \"0 8 * * 1-5\", \"time_zone\": \
        \"Europe/Berlin\"}`, or `{\"after\": \"4h\", \"since\": …, \"working_time\": false}`, where `since` is `created_at`, `updated_at`, \
        `last_customer_reply` or `last_status_change`. Null for any other rule.";
    ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::Object, Type::Null])).description(Some(about)).into()
}

/// One thing that a rule does.
#[derive(ToSchema)]
pub(crate) struct WorkflowAction {
    /// Which, such as `send_email`, `send_notification`, `update_ticket` or `assign_ticket`.
    #[schema(example = "send_email")]
    r#type: String,
    /// With what. Texts may ask for variables such as `{{ticket_number}}`.
    #[schema(required = false)]
    params: Map<String, Value>,
}

/// A description of what a rule says, with more fields.
macro_rules! saying {
    ($(#[$about:meta])* $name:ident { $($(#[$more:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        $(#[$about])*
        #[derive(ToSchema)]
        pub(crate) struct $name {
            /// What people call it.
            name: String,
            /// What makes it look at a ticket.
            trigger_type: Trigger,
            /// What must hold.
            #[schema(schema_with = conditions)]
            trigger_conditions: Value,
            /// How the conditions of the outermost list belong together.
            r#match: Matching,
            /// When it is looked at.
            mode: RuleMode,
            /// Whether no later rule is looked at in the round in which it fires.
            stop: bool,
            /// Its place among the rules, lowest first.
            #[schema(minimum = 0)]
            position: i32,
            /// Whether it is looked at at all.
            is_active: bool,
            /// What it does, in order.
            actions: Vec<WorkflowAction>,
            $($(#[$more])* $field: $kind,)*
        }
    };
}

saying! {
    /// What is to happen by itself.
    Workflow {
        /// Its id.
        id: Uuid,
        /// What it is for.
        #[schema(required)]
        description: Option<String>,
        /// When it looks at tickets by itself.
        #[schema(required, schema_with = schedule)]
        schedule: Value,
        /// Why this version was saved.
        #[schema(required)]
        note: Option<String>,
        /// That the desk switched it off; null where it did not.
        #[schema(required)]
        disabled: Option<WorkflowDisabled>,
        /// Who made it.
        #[schema(required)]
        owner_id: Option<Uuid>,
        /// What it names that is not there any more.
        problems: Vec<FieldError>,
        /// What is likely to be wrong with it, alone or among the others.
        warnings: Vec<WorkflowWarning>,
        /// Grows by one with every change; the entity tag.
        version: i64,
        /// When it was made.
        created_at: DateTime<Utc>,
        /// When it last changed.
        updated_at: DateTime<Utc>,
    }
}

saying! {
    /// A rule as it was in one version.
    WorkflowAtVersion {
        /// The rule's id.
        id: Uuid,
        /// What it was for.
        #[schema(required)]
        description: Option<String>,
        /// When it looked at tickets by itself.
        #[schema(required, schema_with = schedule)]
        schedule: Value,
        /// Why this version was saved.
        #[schema(required)]
        note: Option<String>,
        /// That the desk had switched it off; null where it had not.
        #[schema(required)]
        disabled: Option<WorkflowDisabled>,
        /// Who made the rule.
        #[schema(required)]
        owner_id: Option<Uuid>,
        /// Always empty: a version is told as it was saved.
        problems: Vec<FieldError>,
        /// Always empty, too.
        warnings: Vec<WorkflowWarning>,
        /// Which version; the entity tag.
        version: i64,
        /// When the rule was made.
        created_at: DateTime<Utc>,
        /// When this version was saved.
        updated_at: DateTime<Utc>,
        /// By whom it was saved; null for the desk itself.
        #[schema(required)]
        saved_by: Option<Uuid>,
        /// Whether the rule was taken away with it.
        deleted: bool,
    }
}

saying! {
    /// A rule without what belongs to one desk, as an import takes it.
    ExportedWorkflow {
        /// What it is for.
        #[schema(required = false)]
        description: String,
        /// When it looks at tickets by itself.
        #[schema(required = false, schema_with = schedule)]
        schedule: Value,
    }
}

/// That the desk itself has switched a rule off.
#[derive(ToSchema)]
pub(crate) struct WorkflowDisabled {
    /// When.
    at: DateTime<Utc>,
    /// Why.
    reason: RuleDisableReason,
}

/// Something that is likely to be wrong with rules.
#[derive(ToSchema)]
pub(crate) struct WorkflowWarning {
    /// What, for programs, such as `unreachable` or `ping_pong`.
    code: String,
    /// The rules that it is about.
    workflow_ids: Vec<Uuid>,
    /// What it means, for people.
    message: String,
}

/// All rules, as an import takes them.
#[derive(ToSchema)]
pub(crate) struct WorkflowExport {
    /// The rules, lowest first.
    workflows: Vec<ExportedWorkflow>,
}

/// One rule that was taken in.
#[derive(ToSchema)]
pub(crate) struct ImportedWorkflow {
    /// Its id; null where it would be made.
    #[schema(required)]
    id: Option<Uuid>,
    /// What people call it.
    name: String,
    /// The version that it has now, or would have.
    version: i64,
}

/// What became of rules that were taken in.
#[derive(ToSchema)]
pub(crate) struct ImportedWorkflows {
    /// Those that there were none of.
    created: Vec<ImportedWorkflow>,
    /// Those that are another version of one that was there.
    updated: Vec<ImportedWorkflow>,
    /// Those that were there already.
    unchanged: Vec<ImportedWorkflow>,
}

/// One version of a rule, by name.
#[derive(ToSchema)]
pub(crate) struct WorkflowVersion {
    /// Which.
    version: i64,
    /// What the rule was called.
    name: String,
    /// Why it was saved.
    #[schema(required)]
    note: Option<String>,
    /// When.
    saved_at: DateTime<Utc>,
    /// By whom; null for the desk itself.
    #[schema(required)]
    saved_by: Option<Uuid>,
    /// Whether the rule was taken away with it.
    deleted: bool,
}

/// In what two versions of a rule differ.
#[derive(ToSchema)]
pub(crate) struct WorkflowDiff {
    /// The one version.
    from: i64,
    /// The other.
    to: i64,
    /// Each field that differs, as `[in the one, in the other]`.
    changes: BTreeMap<String, Vec<Value>>,
}

/// What a rule was found to do about one change of a ticket.
#[derive(ToSchema)]
pub(crate) struct WorkflowRun {
    /// Its id.
    id: Uuid,
    /// The rule.
    workflow_id: Uuid,
    /// What it was called then.
    workflow_name: String,
    /// Its version then.
    workflow_version: i64,
    /// The ticket.
    ticket_id: Uuid,
    /// The first event of the change; null for a moment that has come.
    #[schema(required)]
    event_id: Option<Uuid>,
    /// When.
    at: DateTime<Utc>,
    /// What made it look.
    trigger: Trigger,
    /// In which round of the change, counted from 1.
    round: i16,
    /// What became of it.
    outcome: RunOutcome,
    /// The conditions as they were written, each test with the value that was found (`actual`) and whether it held
    /// (`result`): null where it had to be looked up and was of no consequence, as where the rule did not match anyway.
    conditions: Vec<Map<String, Value>>,
    /// What was done, or was not and why.
    effects: Vec<WorkflowEffect>,
}

/// How one action of a rule went.
#[derive(ToSchema)]
pub(crate) struct WorkflowEffect {
    /// What was to be done.
    #[schema(example = "send_email")]
    r#type: String,
    /// With what, variables filled in.
    #[schema(required = false)]
    params: Map<String, Value>,
    /// Whether it was done, or promised in the same commit.
    done: bool,
    /// Why it was not, or that it changed nothing.
    #[schema(required = false)]
    reason: String,
}
