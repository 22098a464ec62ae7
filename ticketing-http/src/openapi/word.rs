//! The closed sets of words, told from the core's own lists.

use ticketing_core::workflow::lint;
use ticketing_core::{desk, field_code, mail, model};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! words {
    ($($place:ident { $($name:ident: $about:literal),+ $(,)? })+) => {$($(
        #[doc = $about]
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = $place::$name::ALL.iter().map(|word| word.as_str());
                let text = ObjectBuilder::new().schema_type(Type::String).description(Some($about));
                text.enum_values(Some(words)).into()
            }
        }

        impl ToSchema for $name {}
    )+)+};
}

words! {
    model {
        Status: "Where a ticket stands. A closed one only goes back to `open`.",
        Priority: "How much a ticket matters.",
        Channel: "How something came in.",
        Role: "What a person may do.",
        Availability: "Whether a person takes new work.",
        TeamRole: "What a person is in a team.",
        Routing: "How a team's tickets find their agent.",
        Standing: "What was found about a member when a ticket looked for its agent.",
        Visibility: "Who sees something that somebody else than an administrator has made: whoever made it, a team, or everybody who works here.",
        LinkKind: "What one ticket is to another.",
        KeyScope: "What a key opens.",
        FieldType: "What a custom field holds.",
        Required: "When a ticket must have a value of a custom field: never, from the beginning on, or once it is resolved.",
        SlaMetric: "What a time is promised for.",
        SlaGroupBy: "By what a report of promises is parted.",
        EventType: "What a webhook can be told of.",
        RetrySchedule: "How long is waited between attempts.",
        PayloadKind: "What a webhook is sent.",
        DisableReason: "Why the desk no longer calls a webhook.",
        JobKind: "What a job does.",
        ArrivalState: "How far a mail that came in is.",
        ArrivalCause: "Why a mail did not become what its sender wanted.",
        ArrivalDoor: "By which way a mail came.",
        NotificationKind: "What a notification is about.",
        Rounding: "To which side measured time is rounded.",
        JobState: "How far a job is.",
        ImportKind: "What the lines of a table are.",
        ImportState: "How far a table is that was brought.",
        Trigger: "What makes a rule look at a ticket.",
        RuleMode: "When a rule that was triggered is looked at: a `ticket_updated` rule with `when_changed` only where a field changed that its conditions name.",
        BuiltInView: "A view that every desk begins with.",
        Matching: "How the conditions of a list belong together.",
        RuleDisableReason: "Why the desk switched a rule off.",
        RunOutcome: "What became of a rule that was looked at.",
    }
    lint {
        WarningCode: "What a warning about rules is about.",
    }
    desk {
        DeliveryStatus: "How far a delivery is.",
        TimeGroupBy: "By what working time is summed up.",
    }
    field_code {
        FieldCode: "What is wrong with a field.",
    }
    mail {
        MailType: "A mail that can be reworded.",
    }
}
