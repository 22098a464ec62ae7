//! What a person is told of.

use ticketing_core::model::{NoticeChannel, NoticeKind, Relation};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// What one is told of, and by what, all of it said.
pub(crate) struct NotificationPreferences;

impl PartialSchema for NotificationPreferences {
    fn schema() -> RefOr<Schema> {
        let about = "What one is told of, and by what: for each kind, for tickets of each relation, the channels.";
        preferences(true).description(Some(about)).into()
    }
}

impl ToSchema for NotificationPreferences {}

/// Channels by relation by kind, told from the core's own lists.
pub(crate) fn preferences(is_whole: bool) -> ObjectBuilder {
    let channels = NoticeChannel::ALL.iter().map(|channel| channel.as_str());
    let channel = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(channels));
    let channels = ArrayBuilder::new().items(channel).build();
    let closed = || {
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .additional_properties(Some(AdditionalProperties::FreeForm(false)))
    };
    let mut kind = closed();
    for relation in Relation::ALL {
        kind = kind.property(relation.as_str(), channels.clone());
        if is_whole {
            kind = kind.required(relation.as_str());
        }
    }
    let kind = kind.build();
    let mut all = closed();
    for name in NoticeKind::ALL {
        all = all.property(name.as_str(), kind.clone());
        if is_whole {
            all = all.required(name.as_str());
        }
    }
    all
}
