//! The closed sets of words, told from the core's own lists.

use ticketing_core::model;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! words {
    ($($name:ident: $about:literal),+ $(,)?) => {$(
        #[doc = $about]
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = model::$name::ALL.iter().map(|word| word.as_str());
                let text = ObjectBuilder::new().schema_type(Type::String).description(Some($about));
                text.enum_values(Some(words)).into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

words! {
    Status: "Where a ticket stands. A closed one only goes back to `open`.",
    Priority: "How much a ticket matters.",
    Channel: "How something came in.",
    Role: "What a person may do.",
    Availability: "Whether a person takes new work.",
    TeamRole: "What a person is in a team.",
    Routing: "How a team's tickets find their agent.",
    LinkKind: "What one ticket is to another.",
    KeyScope: "What a key opens.",
    FieldType: "What a custom field holds.",
}
