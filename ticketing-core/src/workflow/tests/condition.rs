//! What conditions hold for which change: every operator, groups, and what was before.

use super::house::{ACME, ADA, BEN, House, SUPPORT, fired, leaf};
use crate::condition::Operator;
use crate::workflow::engine::Occurrence;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every operator with a field that it fits, a value for which it holds, and one for which it does not. The change
/// sets the status from open to pending, the priority from medium to high, the tags from printer and VIP to VIP alone
/// and the text field from `Straße 7` to `Ring 3`.
fn table() -> Vec<(&'static str, &'static str, Value, Value)> {
    let unknown = "019bb000-0000-7000-8000-00000000ffff";
    vec![
        ("equals", "category", json!("HARDWARE"), json!("Software")),
        ("equals", "custom_fields.select", json!("RED"), json!("blue")),
        ("equals", "custom_fields.number", json!(7.5), json!(7)),
        ("equals", "custom_fields.date", json!("2026-01-13"), json!("2026-01-14")),
        ("equals", "custom_fields.checkbox", json!(true), json!(false)),
        ("equals", "channel", json!("email"), json!("web")),
        ("equals", "wake_at", json!(null), json!("2026-01-15T12:00:00Z")),
        ("equals", "created_at", json!("2026-01-13"), json!("2026-01-14")),
        ("not_equals", "category", json!("Software"), json!("hardware")),
        ("not_equals", "wake_at", json!("2026-01-15T12:00:00Z"), json!(null)),
        ("in", "team_id", json!([null, SUPPORT]), json!([null])),
        ("in", "tags", json!(["vip", "x"]), json!(["x", "y"])),
        ("in", "custom_fields.multiselect", json!(["BLUE"]), json!([null])),
        ("not_in", "assigned_agent_id", json!([ADA]), json!([ADA, BEN])),
        ("contains", "description", json!("i\u{307}stanbul"), json!("ankara")),
        ("contains", "tag", json!("vip"), json!("vi")),
        ("contains", "custom_fields.textarea", json!("E\nTW"), json!("three")),
        ("not_contains", "subject", json!("water"), json!("FIRE")),
        ("starts_with", "subject", json!("the printer"), json!("printer")),
        ("starts_with", "tags", json!("vi"), json!("ip")),
        ("starts_with", "custom_fields.text", json!("ring"), json!("strasse")),
        ("greater_than", "escalation_level", json!(0), json!(1)),
        ("greater_than", "priority", json!("medium"), json!("high")),
        ("greater_than", "custom_fields.number", json!(7.4999), json!(7.5)),
        ("greater_than", "custom_fields.date", json!("2026-01-12"), json!("2026-01-13")),
        ("less_than", "created_at", json!("2026-01-14"), json!("2026-01-13")),
        ("less_than", "status", json!("resolved"), json!("open")),
        ("between", "escalation_level", json!([1, 3]), json!([2, 3])),
        ("between", "custom_fields.number", json!([7.5, 8]), json!([8, 9])),
        ("is_empty", "resolved_at", json!(null), json!(null)),
        ("is_not_empty", "first_responded_at", json!(null), json!(null)),
        ("older_than", "created_at", json!("47h"), json!("48h")),
        ("older_than", "custom_fields.date", json!("2d"), json!("3d")),
        ("matches", "subject", json!("^The .+ fire$"), json!("^the")),
        ("matches", "ticket_number", json!("^TKT-"), json!("^$")),
        ("changed", "status", json!(null), json!(null)),
        ("changed", "custom_fields.text", json!(true), json!(true)),
        ("changed_from", "status", json!("open"), json!("pending")),
        ("changed_from", "tags", json!("printer"), json!("water")),
        ("changed_from", "custom_fields.text", json!("STRASSE 7"), json!("ring 3")),
        ("changed_to", "priority", json!("high"), json!("medium")),
        ("changed_to", "tags", json!("vip"), json!("printer")),
        ("changed_to", "custom_fields.text", json!("ring 3"), json!("straße 7")),
        ("in", "organization_id", json!([ACME]), json!([unknown])),
    ]
}

fn changed(house: &House) -> Occurrence {
    house.change(json!({
        "status": "pending", "priority": "high", "tags": ["VIP"], "custom_fields": { "text": "Ring 3" },
    }))
}

#[test]
fn every_operator_holds_for_what_it_says_and_for_nothing_else() {
    let house = House::new();
    let mut seen = BTreeSet::new();
    for (operator, field, holds, fails) in table() {
        seen.insert(operator);
        assert!(house.holds(&leaf(field, operator, holds.clone()), changed(&house)), "{field} {operator} {holds}");
        // Of these the field decides, not a value.
        let opposite = match operator {
            "is_empty" => leaf("category", operator, json!(null)),
            "is_not_empty" => leaf("closed_at", operator, json!(null)),
            "changed" => leaf("category", operator, json!(null)),
            _ => leaf(field, operator, fails),
        };
        assert!(!house.holds(&opposite, changed(&house)), "{opposite}");
        // A negation is the opposite of all of it.
        assert!(house.holds(&json!({ "not": opposite }), changed(&house)), "not {opposite}");
    }
    assert_eq!(seen, Operator::ALL.iter().map(|operator| operator.as_str()).collect());
}

#[test]
fn what_changed_is_asked_of_the_change_and_not_of_rules_before() {
    let house = House::new();
    let rules = house.rules(&[
        json!({ "trigger_type": "status_change", "actions": [{ "type": "update_ticket", "params": {
            "priority": "critical", "status": "on_hold",
        } }] }),
        json!({ "trigger_conditions": [leaf("priority", "changed", json!(null))] }),
        json!({ "trigger_conditions": [leaf("status", "changed_to", json!("pending"))] }),
        json!({ "trigger_conditions": [leaf("status", "equals", json!("on_hold"))] }),
    ]);
    let settled = house.settle(&rules, house.change(json!({ "status": "pending" })));
    // In the first round the status became pending and the priority did not change, whatever the first rule did.
    assert_eq!(fired(&settled), [(0, 1), (2, 1), (3, 1), (1, 2)]);
}

#[test]
fn a_change_back_is_no_change() {
    let house = House::new();
    for field in ["status", "last_status_change_at", "priority"] {
        let mut occurrence = house.change(json!({ "status": "pending", "priority": "high", "subject": "Water" }));
        let back = house.change(json!({ "status": "open", "priority": "medium" })).draft.ticket;
        occurrence.draft.ticket.status = back.status;
        occurrence.draft.ticket.priority = back.priority;
        assert!(!house.holds(&leaf(field, "changed", json!(null)), occurrence), "{field}");
    }
}

#[test]
fn nothing_has_changed_of_a_new_ticket() {
    let house = House::new();
    for (operator, value) in [("changed", json!(null)), ("changed_from", json!(null)), ("changed_to", json!("open"))] {
        let rules = house.rules(&[json!({
            "trigger_type": "ticket_created", "trigger_conditions": [leaf("status", operator, value)],
        })]);
        assert_eq!(fired(&house.settle(&rules, house.created())), [], "{operator}");
    }
}

#[test]
fn groups_belong_together_as_they_say() {
    let house = House::new();
    let (yes, no) = (leaf("category", "equals", json!("hardware")), leaf("category", "is_empty", json!(null)));
    for (conditions, holds) in [
        (json!([]), true),
        (json!({ "all": [] }), true),
        (json!({ "any": [] }), false),
        (json!({ "not": { "any": [] } }), true),
        (json!([yes, yes]), true),
        (json!([yes, no]), false),
        (json!({ "any": [no, yes] }), true),
        (json!({ "any": [no, no] }), false),
        (json!({ "not": no }), true),
        (json!({ "not": [yes, no] }), true),
        (json!({ "all": [{ "any": [no, { "not": no }] }, { "not": { "all": [yes, no] } }, yes] }), true),
        (json!({ "any": [{ "all": [yes, { "any": [no] }] }, { "not": yes }] }), false),
    ] {
        assert_eq!(house.holds(&conditions, changed(&house)), holds, "{conditions}");
    }
}

#[test]
fn one_of_a_list_is_enough_where_the_rule_says_any() {
    let house = House::new();
    let (yes, no) = (leaf("category", "equals", json!("hardware")), leaf("category", "is_empty", json!(null)));
    for (conditions, all, any) in [
        (json!([yes, no]), false, true),
        (json!([no, no]), false, false),
        // Nothing to hold is no reason not to act.
        (json!([]), true, true),
        // Only the outermost list is meant.
        (json!([[yes, no]]), false, false),
        (json!({ "all": [yes, no] }), false, false),
    ] {
        for (matching, holds) in [("all", all), ("any", any)] {
            let rules = house.rules(&[json!({
                "mode": "always", "match": matching, "trigger_conditions": conditions,
            })]);
            let settled = house.settle(&rules, changed(&house));
            assert_eq!(fired(&settled) == [(0, 1)], holds, "{matching} {conditions}");
        }
    }
}

#[test]
fn a_regular_expression_takes_no_longer_for_a_text_that_nearly_matches() {
    let mut house = House::new();
    house.ticket.subject = format!("{}!", "a".repeat(250));
    house.ticket.description = format!("{}!", "a".repeat(99_000));
    let hostile = json!([leaf("description", "matches", json!("^(a+)+(a+)+(a|a)*$"))]);
    let start = std::time::Instant::now();
    assert!(!house.holds(&hostile, changed(&house)));
    // Backtracking would need longer than the world has been there.
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn what_was_found_is_told_beside_each_test() {
    let house = House::new();
    let rules = house.rules(&[json!({
        "trigger_conditions": [
            { "any": [leaf("priority", "equals", json!("low")), leaf("status", "changed_to", json!("pending"))] },
            { "not": leaf("hours_since.created_at", "less_than", json!(24)) },
            leaf("customer.email", "contains", json!("@example.com")),
            leaf("tags", "contains", json!("vip")),
        ],
    })]);
    let settled = house.settle(&rules, changed(&house));
    let told = rules.active()[0].tree.told(&settled.looked[0].trace.leaves);
    assert_eq!(
        told,
        json!({ "result": true, "all": [
            { "result": true, "any": [
                { "field": "priority", "operator": "equals", "value": "low", "actual": "high", "result": false },
                {
                    "field": "status", "operator": "changed_to", "value": "pending", "result": true,
                    "actual": "pending",
                },
            ] },
            { "result": true, "not": {
                "field": "hours_since.created_at", "operator": "less_than", "value": 24, "actual": 48, "result": false,
            } },
            {
                "field": "customer.email", "operator": "contains", "value": "@example.com",
                "actual": "eve@example.com", "result": true,
            },
            { "field": "tags", "operator": "contains", "value": "vip", "actual": ["VIP"], "result": true },
        ] })
    );
}
