//! What a person wants to be told of.

use super::super::view::preferences;
use serde_json::json;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

/// What one wants to be told of, and by what.
pub(crate) struct NewNotificationPreferences;

impl PartialSchema for NewNotificationPreferences {
    // Where the derived descriptions have theirs too.
    #[allow(deprecated)]
    fn schema() -> RefOr<Schema> {
        let about =
            "What one wants to be told of, and by what. What is left out is as for somebody who has said nothing.";
        let example = json!({"comment_added": {"own": ["in_app", "email"], "watched": ["in_app"], "team": []}});
        preferences(false).description(Some(about)).example(Some(example)).into()
    }
}

impl ToSchema for NewNotificationPreferences {}
