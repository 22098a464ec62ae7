//! Macros, and what they would do.

use super::super::word::Visibility;
use super::{FieldError, WorkflowAction};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Several things that staff do to a ticket by one press.
#[derive(ToSchema)]
pub(crate) struct Macro {
    /// Its id.
    id: Uuid,
    /// What people call it.
    name: String,
    /// What it is for.
    #[schema(required)]
    description: Option<String>,
    /// What it does, in order.
    actions: Vec<WorkflowAction>,
    /// Its place among the macros, lowest first.
    #[schema(minimum = 0)]
    position: i32,
    /// What whoever knows it types.
    #[schema(required)]
    shortcut: Option<String>,
    /// Who has it.
    visibility: Visibility,
    /// The team, where it is a team's.
    #[schema(required)]
    team_id: Option<Uuid>,
    /// Whose it is, where it is one person's own.
    #[schema(required)]
    owner_id: Option<Uuid>,
    /// What it names that is not there any more.
    problems: Vec<FieldError>,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

/// What a macro would do to a ticket.
#[derive(ToSchema)]
pub(crate) struct MacroPreview {
    /// Each action, in order.
    actions: Vec<MacroStep>,
    /// What would be said.
    comments: Vec<PreviewedComment>,
    /// The fields that all of it together would change, as `{field: [old, new]}`.
    changes: BTreeMap<String, Vec<Value>>,
    /// What its texts ask for and the ticket has not, each once.
    missing: Vec<String>,
    /// Whether it would be done as it is: nothing is missing, and nothing refused.
    is_possible: bool,
}

/// One action of a macro, and what would come of it.
#[derive(ToSchema)]
pub(crate) struct MacroStep {
    /// Which.
    r#type: String,
    /// With what, texts filled in.
    params: Map<String, Value>,
    /// The fields that it would change, as `{field: [old, new]}`.
    changes: BTreeMap<String, Vec<Value>>,
    /// What its texts ask for and the ticket has not, each once.
    missing: Vec<String>,
    /// Why it can't be done; null where it can.
    #[schema(required)]
    refused: Option<MacroRefusal>,
}

/// Why an action can't be done.
#[derive(ToSchema)]
pub(crate) struct MacroRefusal {
    /// For programs.
    code: String,
    /// For people.
    message: String,
}

/// Something that would be said.
#[derive(ToSchema)]
pub(crate) struct PreviewedComment {
    /// What.
    body: String,
    /// Whether to staff alone.
    is_internal: bool,
}
