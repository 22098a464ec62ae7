//! What a person has read.

use utoipa::ToSchema;

/// Which of one's notifications are read at once; all where it says nothing.
#[derive(ToSchema)]
#[schema(example = json!({}))]
pub(crate) struct ReadAll {
    /// Only those about this ticket: its id or number.
    #[schema(required = false, min_length = 1, max_length = 64)]
    ticket: String,
}
