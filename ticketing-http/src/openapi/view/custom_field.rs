//! Fields that a desk adds to its tickets.

use super::super::word::{FieldType, Required};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use uuid::Uuid;

/// What a field may hold: a text, a number, yes or no, or a list of texts.
pub(crate) fn field_value() -> Schema {
    let types = [Type::String, Type::Number, Type::Boolean, Type::Array, Type::Null];
    let text = ObjectBuilder::new().schema_type(Type::String);
    ArrayBuilder::new().schema_type(SchemaType::from_iter(types)).items(text).into()
}

/// Which tickets a field is asked of: those of one of these categories in the queue of one of these teams. An empty list
/// leaves all.
#[derive(ToSchema)]
pub(crate) struct FieldAskedWhen {
    /// The categories, in any case.
    categories: Vec<String>,
    /// The teams.
    team_ids: Vec<Uuid>,
}

/// A field that the desk has added to its tickets.
#[derive(ToSchema)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct CustomField {
    /// Its id.
    id: Uuid,
    /// Its name in `custom_fields` of tickets and in filters.
    key: String,
    /// Its name for people.
    label: String,
    /// What it holds.
    field_type: FieldType,
    /// What can be chosen from, for `select` and `multiselect`.
    options: Vec<String>,
    /// Folded names that options had before, and what each is called now. Both mean the same wherever a value is given or
    /// asked for.
    former_options: BTreeMap<String, String>,
    /// When a ticket that the field is asked of must have a value.
    required: Required,
    /// Whether a new ticket must have a value: where `required` is `create`.
    is_required: bool,
    /// Whether customers see what it holds.
    visible_to_customer: bool,
    /// Whether customers may fill it in.
    editable_by_customer: bool,
    /// Which tickets it is asked of.
    when: FieldAskedWhen,
    /// The least number or the first day.
    #[schema(required, schema_with = field_value)]
    min: Value,
    /// The greatest number or the last day.
    #[schema(required, schema_with = field_value)]
    max: Value,
    /// How many characters a text may have.
    #[schema(required)]
    max_length: Option<i32>,
    /// A regular expression that a whole text matches.
    #[schema(required)]
    pattern: Option<String>,
    /// The value of a new ticket that is made without one.
    #[schema(required, schema_with = field_value)]
    default: Value,
    /// Where it stands, lowest first.
    position: i32,
    /// False once it was deleted while tickets still had values of it.
    is_active: bool,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}
