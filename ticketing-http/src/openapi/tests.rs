//! The description against what is really read.

use super::openapi;
use crate::json;
use crate::routes::{auth, ticket_counts, watchers};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use ticketing_core::desk;
use ticketing_core::error::{Error, FieldError};
use ticketing_core::input::{Input, field_names};

fn schema(name: &str) -> &'static Value {
    let schema = &openapi()["components"]["schemas"][name];
    assert!(schema.is_object(), "{name} is not described");
    schema
}

/// The properties of a body with those of the objects in it, each with whether it must be there and
/// whether it may be null.
fn described(schema: &Value, prefix: &str, found: &mut Vec<(String, bool, bool)>) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let required = schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
        let may_be_null = |all: &Value| all.as_array().is_some_and(|all| all.iter().any(|kind| kind == "null"));
        let one_is_null = |all: &Vec<Value>| all.iter().any(|kind| kind["type"] == "null");
        let nullable = may_be_null(&property["type"]) || property["oneOf"].as_array().is_some_and(one_is_null);
        found.push((format!("{prefix}{name}"), required, nullable));
        if let Some(inner) = property["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            described(self::schema(inner), &format!("{prefix}{name}."), found);
        }
        if let Some(all) = property["allOf"].as_array() {
            for inner in all.iter().filter_map(|part| part["$ref"].as_str()) {
                described(self::schema(inner.rsplit('/').next().unwrap()), &format!("{prefix}{name}."), found);
            }
        }
    }
}

fn failures<T: Input>(body: Value) -> Vec<FieldError> {
    match T::from_json(body) {
        Err(Error::Invalid(errors)) => errors,
        _ => Vec::new(),
    }
}

/// Puts a value in an object, or in an object of it.
fn body(field: &str, value: Value) -> Value {
    let mut whole = Map::new();
    match field.split_once('.') {
        Some((outer, inner)) => whole.insert(outer.to_owned(), body(inner, value)),
        None => whole.insert(field.to_owned(), value),
    };
    whole.into()
}

fn check<T: Input>(name: &str) {
    let mut fields = Vec::new();
    described(schema(name), "", &mut fields);
    // A version is read before the rest.
    let described: BTreeSet<_> = fields.iter().map(|(field, ..)| field.clone()).filter(|f| f != "version").collect();
    let read: BTreeSet<_> = field_names::<T>().into_iter().filter(|field| field != "version").collect();
    assert_eq!(described, read, "{name}");
    assert_eq!(schema(name)["additionalProperties"], false, "{name}");
    for (field, required, nullable) in fields.into_iter().filter(|(field, ..)| field != "version") {
        let failed = |value: Value, code: &str| {
            let errors = failures::<T>(body(&field, value));
            errors.iter().any(|error| error.field == field && error.code == code)
        };
        let optional = failures::<T>(body(&field.replace(|c| c != '.', "x"), Value::Null));
        let is_inner = field.contains('.');
        let missing = optional.iter().any(|error| error.field == field && error.code == "required");
        // Of some fields one has to be there, whichever; an object that is not there lacks nothing.
        let is_either = matches!(name, "Assignment" | "BulkChange" | "WorkflowTrial" | "SlaWhatIf");
        assert!(is_inner || missing == required || is_either, "{name}.{field} is required: {missing}");
        assert_ne!(failed(Value::Null, "type"), nullable, "{name}.{field} may be null");
        // Conditions may be a list; what is in it is for the language of conditions to say.
        let may_be_list = field == "filter" || field.ends_with("conditions");
        let strange = if may_be_list { serde_json::json!(7) } else { serde_json::json!([[]]) };
        assert!(failed(strange, "type"), "{name}.{field} is read as something else");
    }
}

#[test]
fn bodies_are_described_as_they_are_read() {
    check::<auth::Login>("Login");
    check::<auth::Renewal>("Renewal");
    check::<desk::Register>("Register");
    check::<desk::MePatch>("MePatch");
    check::<desk::Forgotten>("Forgotten");
    check::<desk::PasswordReset>("PasswordReset");
    check::<desk::Setup>("Setup");
    check::<desk::NewApiKey>("NewApiKey");
    check::<desk::NewUser>("NewUser");
    check::<desk::UserPatch>("UserPatch");
    check::<desk::NewOrganization>("NewOrganization");
    check::<desk::OrganizationPatch>("OrganizationPatch");
    check::<desk::NewCalendar>("NewCalendar");
    check::<desk::CalendarPatch>("CalendarPatch");
    check::<desk::NewTeam>("NewTeam");
    check::<desk::TeamPatch>("TeamPatch");
    check::<desk::NewMember>("NewMember");
    check::<desk::MemberPatch>("MemberPatch");
    check::<desk::NewCustomField>("NewCustomField");
    check::<desk::CustomFieldPatch>("CustomFieldPatch");
    check::<desk::NewSlaPolicy>("NewSlaPolicy");
    check::<desk::SlaPolicyPatch>("SlaPolicyPatch");
    check::<desk::SlaWhatIf>("SlaWhatIf");
    check::<desk::NewSavedView>("NewView");
    check::<desk::SavedViewPatch>("ViewPatch");
    check::<desk::NewTicket>("NewTicket");
    check::<desk::TicketPatch>("TicketPatch");
    check::<desk::Assignment>("Assignment");
    check::<desk::Escalation>("Escalation");
    check::<desk::Deescalation>("Deescalation");
    check::<desk::BulkChange>("BulkChange");
    check::<ticket_counts::TicketCounts>("TicketCounts");
    check::<desk::NewMerge>("NewMerge");
    check::<desk::NewSplit>("NewSplit");
    check::<desk::NewLink>("NewLink");
    check::<desk::NewComment>("NewComment");
    check::<desk::CommentEdit>("CommentEdit");
    check::<desk::ReadAll>("ReadAll");
    check::<watchers::NewWatcher>("NewWatcher");
    check::<json::Nothing>("Nothing");
    check::<json::Nothing>("OfVersion");
    check::<desk::NewWebhook>("NewWebhook");
    check::<desk::WebhookPatch>("WebhookPatch");
    check::<desk::NewReplay>("NewReplay");
    check::<desk::NewMacro>("NewMacro");
    check::<desk::MacroPatch>("MacroPatch");
    check::<desk::MacroUse>("MacroUse");
    check::<desk::NewCannedResponse>("NewCannedResponse");
    check::<desk::NewCannedResponse>("CannedResponseReplacement");
    check::<desk::CannedResponseImport>("CannedResponseImport");
    check::<desk::NewWorkflow>("NewWorkflow");
    check::<desk::NewWorkflow>("WorkflowReplacement");
    check::<desk::WorkflowPatch>("WorkflowPatch");
    check::<desk::RestoreWorkflow>("RestoreWorkflow");
    check::<desk::WorkflowImport>("WorkflowImport");
    check::<desk::TrialTicket>("TrialTicket");
    check::<desk::WorkflowTrial>("WorkflowTrial");
    check::<desk::LintRequest>("LintRequest");
    check::<desk::NewEmailTemplate>("NewEmailTemplate");
    check::<desk::MailPreview>("MailPreview");
    check::<desk::BrandPatch>("BrandPatch");
    check::<desk::NewInboundMailbox>("NewInboundMailbox");
    check::<desk::InboundMailboxPatch>("InboundMailboxPatch");
    check::<desk::InboundPolicyPatch>("InboundPolicyPatch");
    check::<desk::DeskPatch>("DeskPatch");
    check::<desk::NewTimeEntry>("NewTimeEntry");
    check::<desk::TimeEntryPatch>("TimeEntryPatch");
    check::<desk::StopwatchStart>("TimerStart");
    check::<desk::StopwatchStop>("TimerStop");
    check::<desk::TimeTrackingPatch>("TimeTrackingPatch");
}

/// The desk reads these by its own lists of words.
#[test]
fn preferences_are_described_as_they_are_read() {
    use ticketing_core::model::{NoticeKind, Relation};
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let (body, answer) = (schema("NewNotificationPreferences"), schema("NotificationPreferences"));
    let kinds: BTreeSet<_> = NoticeKind::ALL.iter().map(ToString::to_string).collect();
    let relations: BTreeSet<_> = Relation::ALL.iter().map(ToString::to_string).collect();
    for described in [body, answer] {
        assert_eq!(names(&described["properties"]), kinds);
        assert_eq!(described["additionalProperties"], false);
        for kind in described["properties"].as_object().unwrap().values() {
            assert_eq!((names(&kind["properties"]), &kind["additionalProperties"]), (relations.clone(), &false.into()));
        }
    }
    assert_eq!(body.get("required"), None);
    assert_eq!(answer["required"].as_array().unwrap().len(), kinds.len());
}

/// Every body that the description knows is one of those above.
#[test]
fn no_body_is_left_out() {
    let source = include_str!("tests.rs");
    for (path, item) in openapi()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(body) = operation.get("requestBody") else { continue };
            let content = body["content"].as_object().unwrap();
            if ["text/calendar", "message/rfc822", "text/csv"].iter().any(|file| content.contains_key(*file)) {
                // A file, which has no fields.
                assert_eq!(content.len(), 1, "{method} {path}");
                continue;
            }
            let schema = content["application/json"]["schema"].to_string();
            let name = schema.rsplit("/schemas/").next().unwrap().split('"').next().unwrap();
            assert!(source.contains(&format!("(\"{name}\")")), "{method} {path}: {schema}");
        }
    }
}

/// Names that clients' types are generated from.
#[test]
fn operations_have_names_of_their_own() {
    let mut names = BTreeSet::new();
    for item in openapi()["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name), "{name}");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
        }
    }
    assert!(names.len() > 50, "{}", names.len());
}

/// What is referred to is there.
#[test]
fn references_lead_somewhere() {
    fn walk(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|inner| walk(inner, found));
            }
            Value::Array(all) => all.iter().for_each(|inner| walk(inner, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(openapi(), &mut found);
    assert!(found.len() > 100);
    for path in found {
        assert!(openapi().pointer(path.trim_start_matches('#')).is_some(), "{path}");
    }
}
