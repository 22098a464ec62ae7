//! Fields that a desk adds to its tickets.

use super::super::view::field_value;
use super::super::word::FieldType;
use serde_json::Value;
use utoipa::ToSchema;

/// A field to be added to the desk's tickets.
#[derive(ToSchema)]
#[schema(example = json!({
    "key": "plan", "label": "Plan", "field_type": "select", "options": ["Free", "Gold"], "visible_to_customer": true,
    "default": "Free"
}))]
pub(crate) struct NewCustomField {
    /// Its name for programs, for good. No other field has it.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_]*$")]
    key: String,
    /// Its name for people.
    #[schema(min_length = 1, max_length = 100)]
    label: String,
    /// What it holds, for good.
    field_type: FieldType,
    /// What can be chosen from, for `select` and `multiselect`: 1 to 200 texts of at most 100 characters.
    #[schema(required = false, max_items = 200)]
    options: Vec<String>,
    /// Whether a new ticket must have a value. A customer need only give what customers see.
    #[schema(required = false)]
    is_required: bool,
    /// Whether customers see what it holds and may fill it in.
    #[schema(required = false)]
    visible_to_customer: bool,
    /// The value of a new ticket that is made without one.
    #[schema(required = false, schema_with = field_value)]
    default: Value,
    /// Where it stands, lowest first; behind all others where nothing is said.
    #[schema(minimum = 0, maximum = 1_000_000)]
    position: Option<i64>,
}

/// What to change of a field. What tickets hold already stays.
#[derive(ToSchema)]
#[schema(example = json!({"options": ["Free", "Silver", "Gold"], "is_required": true}))]
pub(crate) struct CustomFieldPatch {
    /// Its name for people.
    #[schema(required = false, min_length = 1, max_length = 100)]
    label: String,
    /// What can be chosen from.
    #[schema(required = false, max_items = 200)]
    options: Vec<String>,
    /// Whether a new ticket must have a value.
    #[schema(required = false)]
    is_required: bool,
    /// Whether customers see what it holds and may fill it in.
    #[schema(required = false)]
    visible_to_customer: bool,
    /// The value of a new ticket that is made without one.
    #[schema(required = false, schema_with = field_value)]
    default: Value,
    /// Where it stands, lowest first.
    #[schema(required = false, minimum = 0, maximum = 1_000_000)]
    position: i64,
    /// Whether it can be filled in.
    #[schema(required = false)]
    is_active: bool,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}
