//! Fields that a desk adds to its tickets.

use super::super::view::field_value;
use super::super::word::{FieldType, Required};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Which tickets a field is asked of: those of one of these categories in the queue of one of these teams. An empty list
/// leaves all.
#[derive(ToSchema)]
pub(crate) struct AskedWhen {
    /// The categories, in any case.
    #[schema(required = false, max_items = 50)]
    categories: Vec<String>,
    /// The teams.
    #[schema(required = false, max_items = 50)]
    team_ids: Vec<Uuid>,
}

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
    /// When a ticket that the field is asked of must have a value. Customers need only give what they may fill in.
    #[schema(required = false)]
    required: Required,
    /// The same as yes and no: true where `required` is `create`.
    #[schema(required = false)]
    is_required: bool,
    /// Whether customers see what it holds.
    #[schema(required = false)]
    visible_to_customer: bool,
    /// Whether customers who see it may fill it in; they may where nothing is said.
    #[schema(required = false)]
    editable_by_customer: bool,
    /// Which tickets it is asked of; all where nothing is said.
    #[schema(required = false)]
    when: AskedWhen,
    /// The least number or the first day, for `number` and `date`.
    #[schema(required = false, schema_with = field_value)]
    min: Value,
    /// The greatest number or the last day, for `number` and `date`.
    #[schema(required = false, schema_with = field_value)]
    max: Value,
    /// How many characters a text may have, for `text` (at most 1,000) and `textarea` (at most 10,000).
    #[schema(minimum = 1, maximum = 10_000)]
    max_length: Option<i32>,
    /// A regular expression that a whole text must match, for `text` and `textarea`.
    #[schema(min_length = 1, max_length = 500)]
    pattern: Option<String>,
    /// The value of a new ticket that is made without one.
    #[schema(required = false, schema_with = field_value)]
    default: Value,
    /// Where it stands, lowest first; behind all others where nothing is said.
    #[schema(minimum = 0, maximum = 1_000_000)]
    position: Option<i64>,
}

/// What to change of a field. What tickets hold already stays.
#[derive(ToSchema)]
#[schema(example = json!({"renamed_options": {"Gold": "Platinum"}, "required": "resolve"}))]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct CustomFieldPatch {
    /// Its name for people.
    #[schema(required = false, min_length = 1, max_length = 100)]
    label: String,
    /// What can be chosen from.
    #[schema(required = false, max_items = 200)]
    options: Vec<String>,
    /// Options that are called something else from now on, on tickets too: names of now, and the next ones. Former names go
    /// on being understood. They are renamed before `options` is looked at.
    #[schema(required = false)]
    renamed_options: BTreeMap<String, String>,
    /// When a ticket that the field is asked of must have a value. Customers need only give what they may fill in.
    #[schema(required = false)]
    required: Required,
    /// The same as yes and no: true where `required` is `create`.
    #[schema(required = false)]
    is_required: bool,
    /// Whether customers see what it holds.
    #[schema(required = false)]
    visible_to_customer: bool,
    /// Whether customers who see it may fill it in; they may where nothing is said.
    #[schema(required = false)]
    editable_by_customer: bool,
    /// Which tickets it is asked of; all where nothing is said.
    #[schema(required = false)]
    when: AskedWhen,
    /// The least number or the first day, for `number` and `date`.
    #[schema(required = false, schema_with = field_value)]
    min: Value,
    /// The greatest number or the last day, for `number` and `date`.
    #[schema(required = false, schema_with = field_value)]
    max: Value,
    /// How many characters a text may have, for `text` (at most 1,000) and `textarea` (at most 10,000).
    #[schema(minimum = 1, maximum = 10_000)]
    max_length: Option<i32>,
    /// A regular expression that a whole text must match, for `text` and `textarea`.
    #[schema(min_length = 1, max_length = 500)]
    pattern: Option<String>,
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
