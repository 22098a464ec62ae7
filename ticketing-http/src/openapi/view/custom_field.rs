//! Fields that a desk adds to its tickets.

use super::super::word::FieldType;
use chrono::{DateTime, Utc};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use uuid::Uuid;

/// What a field may hold: a text, a number, yes or no, or a list of texts.
pub(crate) fn field_value() -> Schema {
    let types = [Type::String, Type::Number, Type::Boolean, Type::Array, Type::Null];
    let text = ObjectBuilder::new().schema_type(Type::String);
    ArrayBuilder::new().schema_type(SchemaType::from_iter(types)).items(text).into()
}

/// A field that the desk has added to its tickets.
#[derive(ToSchema)]
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
    /// Whether a new ticket must have a value.
    is_required: bool,
    /// Whether customers see what it holds and may fill it in.
    visible_to_customer: bool,
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
