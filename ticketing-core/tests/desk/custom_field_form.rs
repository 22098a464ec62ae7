//! Which tickets a field is asked of, when they must have a value, who gives it, and what values are held to.

use crate::house::{House, key};
use crate::rule::add as add_rule;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use ticketing_core::conformance::field_value::{new_fields, values as all_values};
use ticketing_core::desk::{
    BulkChange, CustomFieldPatch, CustomFieldView, NewCustomField, NewMerge, NewTeam, NewTicket, RunQuery, TicketPatch,
};
use ticketing_core::error::Error;
use ticketing_core::input::Input;
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{Required, Status};
use ticketing_core::{Actor, TicketKey};

async fn add(house: &House, new: Value) -> CustomFieldView {
    let new = NewCustomField::from_json(new).unwrap();
    house.desk.create_custom_field(&house.admin, new).await.unwrap()
}

async fn make(house: &House, actor: &Actor, given: Value) -> Result<TicketView, Error> {
    let mut new = json!({"subject": "Help", "description": "Please"});
    new.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
    house.desk.create_ticket(actor, NewTicket::from_json(new).unwrap()).await
}

async fn change(house: &House, ticket: &TicketView, patch: Value) -> Result<TicketView, Error> {
    let patch = TicketPatch::from_json(patch).unwrap();
    house.desk.update_ticket(&house.admin, &key(ticket), patch, None).await
}

fn failures<T: std::fmt::Debug>(answer: Result<T, Error>) -> Vec<(String, &'static str)> {
    match answer {
        Err(Error::Invalid(errors)) => errors.into_iter().map(|error| (error.field, error.code)).collect(),
        other => panic!("expected an invalid input, got {other:?}"),
    }
}

fn named(key: &str, code: &'static str) -> (String, &'static str) {
    (format!("custom_fields.{key}"), code)
}

#[tokio::test]
async fn each_type_takes_and_refuses_what_the_table_says() {
    let house = House::new().await;
    for new in new_fields() {
        add(&house, new).await;
    }
    for value in all_values() {
        let key = value.field_type.as_str();
        let made = make(&house, &house.agent, json!({"custom_fields": { key: value.given }})).await;
        match value.wanted {
            Ok(kept) => {
                let found = made.unwrap().public().custom_fields.get(key).cloned();
                assert_eq!(found.unwrap_or_default(), kept, "{key} {}", value.given);
            }
            Err(code) => {
                let found: BTreeSet<_> = failures(made).into_iter().map(|(_, code)| code).collect();
                assert!(found.contains(code) && found.len() == 1, "{key} {}: {found:?}, not {code}", value.given);
            }
        }
    }
}

#[tokio::test]
async fn rules_give_what_the_table_says() {
    let house = House::new().await;
    for new in new_fields() {
        add(&house, new).await;
    }
    // A rule that is saved knows its ticket not yet; what is wrong with its values is told then all the same.
    for value in all_values() {
        let key = value.field_type.as_str();
        let rule = json!({"name": "Gives", "trigger_type": "ticket_created", "actions": [
            {"type": "update_ticket", "params": {"custom_fields": { key: value.given }}}]});
        let new = ticketing_core::desk::NewWorkflow::from_json(rule).unwrap();
        match (house.desk.create_workflow(&house.admin, new).await, value.wanted) {
            (Ok(rule), Ok(kept)) => {
                let made = make(&house, &house.agent, json!({})).await.unwrap();
                let found = made.public().custom_fields.get(key).cloned();
                assert_eq!(found.unwrap_or_default(), kept, "{key} {}", value.given);
                house.desk.delete_workflow(&house.admin, rule.id, None).await.unwrap();
            }
            (Err(Error::Invalid(_)), Err(_)) => {}
            (answer, wanted) => panic!("{key} {}: {:?}, not {wanted:?}", value.given, answer.map(|rule| rule.id)),
        }
    }
}

#[tokio::test]
async fn what_is_needed_to_resolve_holds_up_staff_and_rules_but_not_customers() {
    let house = House::new().await;
    let cause =
        add(&house, json!({"key": "cause", "label": "Cause", "field_type": "text", "required": "resolve"})).await;
    assert_eq!((cause.required, cause.is_required), (Required::Resolve, false));
    let ticket = make(&house, &house.customer, json!({})).await.unwrap();
    for status in ["resolved", "closed"] {
        let refused = change(&house, &ticket, json!({ "status": status })).await;
        assert_eq!(failures(refused), [named("cause", "required")], "{status}");
    }
    // With it in the same change, it goes; and then it may not be taken away.
    let solved = json!({"status": "resolved", "custom_fields": {"cause": "worn out"}});
    change(&house, &ticket, solved).await.unwrap();
    let cleared = json!({"custom_fields": {"cause": null}});
    assert_eq!(failures(change(&house, &ticket, cleared.clone()).await), [named("cause", "required")]);
    change(&house, &ticket, json!({"status": "closed"})).await.unwrap();
    change(&house, &ticket, json!({"status": "open"})).await.unwrap();
    change(&house, &ticket, cleared).await.unwrap();
    // Many at once: each on its own.
    let keys: Vec<TicketKey> = vec![key(&ticket)];
    let changes = TicketPatch::from_json(json!({"status": "resolved"})).unwrap();
    let bulk = BulkChange { tickets: keys, changes, ..BulkChange::default() };
    let results = house.desk.update_tickets(&house.agent, bulk).await.unwrap();
    let (_, result) = results.into_iter().next().unwrap();
    assert_eq!(failures(result), [named("cause", "required")]);
    // Whoever asked is not held up, and neither is what is merged.
    house.desk.close_ticket(&house.customer, &key(&ticket), None).await.unwrap();
    let (one, two) =
        (make(&house, &house.agent, json!({})).await.unwrap(), make(&house, &house.agent, json!({})).await);
    let two = two.unwrap();
    let merge = NewMerge::from_json(json!({"into": two.id().to_string()})).unwrap();
    house.desk.merge_ticket(&house.manager, &key(&one), merge).await.unwrap();
}

#[tokio::test]
async fn a_rule_that_may_not_resolve_says_why() {
    let house = House::new().await;
    add(&house, json!({"key": "cause", "label": "Cause", "field_type": "text", "required": "resolve"})).await;
    let rule = json!({"name": "Resolve", "trigger_type": "ticket_created", "actions": [
        {"type": "update_ticket", "params": {"status": "resolved"}},
        {"type": "add_tags", "params": {"tags": ["looked at"]}}]});
    let rule = add_rule(&house, rule).await;
    let ticket = make(&house, &house.agent, json!({})).await.unwrap();
    assert_eq!((ticket.public().status, ticket.public().tags.len()), (Status::Open, 1));
    let run = house.desk.workflow_runs(&house.admin, rule.id, RunQuery::default()).await.unwrap().items.remove(0);
    let why = run.effects[0].reason.as_deref().unwrap_or_default();
    assert!(!run.effects[0].done && why.contains("custom_fields.cause"), "{why}");
}

#[tokio::test]
async fn customers_fill_in_what_is_for_them_to_fill_in() {
    let house = House::new().await;
    let field = json!({"key": "contract", "label": "Contract", "field_type": "text", "required": "create",
        "visible_to_customer": true, "editable_by_customer": false});
    let field = add(&house, field).await;
    assert!(field.is_required && field.visible_to_customer && !field.editable_by_customer);
    let refused = make(&house, &house.customer, json!({"custom_fields": {"contract": "C-1"}})).await;
    assert_eq!(failures(refused), [named("contract", "forbidden")]);
    // What they may not give, they need not give.
    let made = make(&house, &house.customer, json!({})).await.unwrap();
    assert_eq!(failures(make(&house, &house.agent, json!({})).await), [named("contract", "required")]);
    change(&house, &made, json!({"custom_fields": {"contract": "C-2"}})).await.unwrap();
    let seen = house.desk.ticket(&house.customer, &key(&made)).await.unwrap();
    assert_eq!(seen.public().custom_fields["contract"], "C-2");
    // As long as nothing is said, they fill in what they see.
    let floor = json!({"key": "floor", "label": "Floor", "field_type": "number", "visible_to_customer": true});
    let floor = add(&house, floor).await;
    assert!(floor.editable_by_customer);
    let hidden = CustomFieldPatch::from_json(json!({"visible_to_customer": false})).unwrap();
    let hidden = house.desk.update_custom_field(&house.admin, floor.id, hidden, None).await.unwrap();
    assert!(!hidden.editable_by_customer, "nobody fills in what is not there");
}

#[tokio::test]
async fn a_field_is_asked_of_the_tickets_it_is_for() {
    let house = House::new().await;
    let team = house.desk.create_team(&house.admin, NewTeam::new("Bikes")).await.unwrap().id;
    let bike = json!({"key": "bike", "label": "Bike", "field_type": "text", "required": "create",
        "when": {"categories": [" Repair", "Theft", "repair"], "team_ids": []}});
    let field = add(&house, bike).await;
    assert_eq!(field.when.categories, ["Repair", "Theft"]);
    add(
        &house,
        json!({"key": "frame", "label": "Frame", "field_type": "text", "default": "steel",
        "when": {"team_ids": [team]}}),
    )
    .await;
    add(
        &house,
        json!({"key": "both", "label": "Both", "field_type": "text", "required": "resolve",
        "when": {"categories": ["repair"], "team_ids": [team]}}),
    )
    .await;
    let values = |ticket: &TicketView| Value::Object(ticket.public().custom_fields.clone());
    let plain = make(&house, &house.agent, json!({})).await.unwrap();
    assert_eq!(values(&plain), json!({}), "neither needed nor given a default");
    let refused = make(&house, &house.agent, json!({"category": "REPAIR"})).await;
    assert_eq!(failures(refused), [named("bike", "required")]);
    // What it is not asked for may be given all the same.
    let given = make(&house, &house.agent, json!({"custom_fields": {"bike": "B-1"}, "team_id": team})).await.unwrap();
    assert_eq!(values(&given), json!({"bike": "B-1", "frame": "steel"}));
    let cleared = json!({"custom_fields": {"bike": null}});
    assert_eq!(values(&change(&house, &given, cleared.clone()).await.unwrap()), json!({"frame": "steel"}));
    let repair = json!({"category": "Repair", "custom_fields": {"bike": "B-2"}});
    change(&house, &given, repair).await.unwrap();
    assert_eq!(failures(change(&house, &given, cleared).await), [named("bike", "required")]);
    assert_eq!(failures(change(&house, &given, json!({"status": "resolved"})).await), [named("both", "required")]);
    // In one change with another category it is not asked for any more.
    change(&house, &given, json!({"category": null, "custom_fields": {"bike": null}, "status": "resolved"}))
        .await
        .unwrap();
}

#[tokio::test]
async fn values_are_held_to_limits_and_what_was_there_before_stays() {
    let house = House::new().await;
    let fields = [
        json!({"key": "seats", "label": "Seats", "field_type": "number", "min": 1, "max": 10.5}),
        json!({"key": "due", "label": "Due", "field_type": "date", "min": "2026-01-01", "max": "2026-12-31"}),
        json!({"key": "code", "label": "Code", "field_type": "text", "max_length": 4, "pattern": "[A-Z]+|[0-9]+"}),
    ];
    let mut ids = Vec::new();
    for field in fields {
        ids.push(add(&house, field).await.id);
    }
    for (key, value, wanted) in [
        ("seats", json!(1), None),
        ("seats", json!(10.5), None),
        ("seats", json!(0.9999), Some("out_of_range")),
        ("seats", json!(10.6), Some("out_of_range")),
        ("due", json!("2026-01-01"), None),
        ("due", json!("2025-12-31"), Some("out_of_range")),
        ("due", json!("2027-01-01"), Some("out_of_range")),
        ("code", json!("ABCD"), None),
        ("code", json!("1234"), None),
        ("code", json!("AB12"), Some("invalid_value")),
        ("code", json!("xABC"), Some("invalid_value")),
        ("code", json!("ABCDE"), Some("too_long")),
        ("code", json!(""), None),
    ] {
        let made = make(&house, &house.agent, json!({"custom_fields": { key: value }})).await;
        match wanted {
            None => drop(made.unwrap_or_else(|error| panic!("{key} {value}: {error:?}"))),
            Some(code) => assert_eq!(failures(made), [named(key, code)], "{key} {value}"),
        }
    }
    let ticket = make(&house, &house.agent, json!({"custom_fields": {"seats": 8}})).await.unwrap();
    let fewer = CustomFieldPatch::from_json(json!({"max": 4, "min": null})).unwrap();
    let fewer = house.desk.update_custom_field(&house.admin, ids[0], fewer, None).await.unwrap();
    assert_eq!((fewer.limits.min, fewer.limits.max), (None, Some(json!(4))));
    change(&house, &ticket, json!({"priority": "high", "custom_fields": {"seats": 8}})).await.unwrap();
    assert_eq!(
        failures(change(&house, &ticket, json!({"custom_fields": {"seats": 7}})).await),
        [named("seats", "out_of_range")]
    );
}

#[tokio::test]
async fn limits_and_forms_that_make_no_sense_are_refused() {
    let house = House::new().await;
    for (rest, at, code) in [
        (json!({"field_type": "text", "min": 1}), "min", "not_for_type"),
        (json!({"field_type": "number", "pattern": "x"}), "pattern", "not_for_type"),
        (json!({"field_type": "number", "min": "1"}), "min", "invalid_value"),
        (json!({"field_type": "date", "max": 7}), "max", "invalid_value"),
        (json!({"field_type": "number", "min": 2, "max": 1}), "max", "contradiction"),
        (json!({"field_type": "date", "min": "2026-02-01", "max": "2026-01-01"}), "max", "contradiction"),
        (json!({"field_type": "text", "max_length": 1_001}), "max_length", "out_of_range"),
        (json!({"field_type": "text", "max_length": 0}), "max_length", "out_of_range"),
        (json!({"field_type": "text", "pattern": "(a"}), "pattern", "invalid_value"),
        (json!({"field_type": "text", "pattern": "a)|(b"}), "pattern", "invalid_value"),
        (json!({"field_type": "text", "pattern": "(a{1000}){1000}"}), "pattern", "invalid_value"),
        (json!({"field_type": "text", "pattern": "a", "default": "b"}), "default", "invalid_value"),
        (json!({"field_type": "text", "when": {"team_ids": [uuid::Uuid::nil()]}}), "when.team_ids[0]", "unknown"),
    ] {
        let mut new = json!({"key": "x", "label": "X"});
        new.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        let made = house.desk.create_custom_field(&house.admin, NewCustomField::from_json(new).unwrap()).await;
        assert_eq!(failures(made), [(at.to_owned(), code)], "{rest}");
    }
    for (rest, at, code) in [
        (json!({"required": "always"}), "required", "unknown_value"),
        (json!({"required": "resolve", "is_required": true}), "is_required", "contradiction"),
        (json!({"required": "create", "is_required": false}), "is_required", "contradiction"),
        (json!({"when": {"categories": [""]}}), "when.categories[0]", "required"),
        (json!({"when": {"team_ids": ["x"]}}), "when.team_ids[0]", "type"),
        (json!({"when": null}), "when", "type"),
        (json!({"when": {"status": []}}), "when.status", "unknown_field"),
    ] {
        let mut new = json!({"key": "x", "label": "X", "field_type": "text"});
        new.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        assert_eq!(failures(NewCustomField::from_json(new)), [(at.to_owned(), code)], "{rest}");
    }
}

#[tokio::test]
async fn who_knows_yes_and_no_alone_does_not_take_away_what_is_needed_later() {
    let house = House::new().await;
    let field = add(&house, json!({"key": "a", "label": "A", "field_type": "text", "required": "resolve"})).await;
    let patch = async |change: Value| {
        let patch = CustomFieldPatch::from_json(change).unwrap();
        house.desk.update_custom_field(&house.admin, field.id, patch, None).await.unwrap().required
    };
    assert_eq!(patch(json!({"label": "B", "is_required": false})).await, Required::Resolve);
    assert_eq!(patch(json!({"is_required": true})).await, Required::Create);
    assert_eq!(patch(json!({"is_required": false})).await, Required::Never);
    // A field as it was kept before there was more to say than yes and no.
    let old: Map<String, Value> = json!({"key": "old", "label": "Old", "field_type": "text", "options": [],
        "is_required": true, "visible_to_customer": true, "default": null, "position": 0, "is_active": true,
        "created_at": "2026-01-01T00:00:00Z"})
    .as_object()
    .unwrap()
    .clone();
    let old: ticketing_core::model::CustomField = serde_json::from_value(Value::Object(old)).unwrap();
    assert!(old.required == Required::Create && old.is_editable_by_customer() && old.when.is_always());
}
