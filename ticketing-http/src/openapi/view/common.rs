//! What many routes answer.

use super::super::word::FieldCode;
use utoipa::ToSchema;

/// A page of a list.
#[derive(ToSchema)]
pub(crate) struct Page<T: ToSchema> {
    /// What is on this page.
    items: Vec<T>,
    /// Where the next page starts: the `cursor` to ask for; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
    /// How many there are in all, where `count=true` asked for it.
    #[schema(required = false, minimum = 0)]
    total: u64,
}

/// A failure (RFC 9457).
#[derive(ToSchema)]
#[schema(example = json!({"type": "/problems/invalid", "title": "Some fields can't be accepted", "status": 422,
    "detail": "1 field can't be accepted.", "request_id": "0199d2a4-c7b0-7e0c-8a3f-5b1d2e4f6a70",
    "errors": [{"field": "subject", "code": "required", "message": "May not be empty."}]}))]
pub(crate) struct Problem {
    /// What kind of failure, for programs. Never changes its meaning.
    r#type: String,
    /// The kind, for people.
    title: String,
    /// The status it was answered with.
    status: u16,
    /// What went wrong this time, for people.
    detail: String,
    /// The name of the request in the desk's logs.
    request_id: String,
    /// All that is wrong with the input.
    #[schema(required = false)]
    errors: Vec<FieldError>,
    /// The stored version, where another was expected.
    #[schema(required = false)]
    current_version: i64,
}

/// Something wrong with one field.
#[derive(ToSchema)]
pub(crate) struct FieldError {
    /// Which, such as `subject` or `tags[3]`; empty for the whole body.
    field: String,
    /// What, for programs.
    code: FieldCode,
    /// What, for people.
    message: String,
}

/// Whether something runs.
#[derive(ToSchema)]
pub(crate) struct Health {
    /// `ok` or `ready`.
    status: String,
}
