#![allow(clippy::needless_pass_by_value, reason = "json! makes values to hand over")]

use super::{WarningCode, lint};
use crate::model::Directory;
use crate::workflow::stage::Stage;
use serde_json::{Value, json};

/// What is said of these rules: the codes, and the places of the rules.
fn codes(sources: &[Value]) -> Vec<(WarningCode, Vec<u128>)> {
    let stage = Stage::new(Directory::default());
    let told = lint(&stage.rules(sources));
    let places = |ids: &[crate::WorkflowId]| ids.iter().map(|id| id.0.as_u128() - 1).collect();
    told.iter().map(|warning| (warning.code, places(&warning.workflow_ids))).collect()
}

fn rule(trigger: &str, conditions: Value, actions: Value) -> Value {
    json!({ "trigger_type": trigger, "trigger_conditions": conditions, "actions": actions })
}

fn is(field: &str, value: impl Into<Value>) -> Value {
    json!({ "field": field, "operator": "equals", "value": value.into() })
}

fn test(field: &str, operator: &str, value: impl Into<Value>) -> Value {
    json!({ "field": field, "operator": operator, "value": value.into() })
}

fn sets(field: &str, value: impl Into<Value>) -> Value {
    json!([{ "type": "update_ticket", "params": { field: value.into() } }])
}

fn note() -> Value {
    json!([{ "type": "add_comment", "params": { "body": "Seen.", "is_internal": true } }])
}

fn mail(to: &str) -> Value {
    json!([{ "type": "send_email", "params": { "to": to, "subject": "Hello", "body": "We are on it." } }])
}

fn with(mut rule: Value, key: &str, value: impl Into<Value>) -> Value {
    rule[key] = value.into();
    rule
}

#[test]
fn conditions_that_can_never_hold() {
    let unreachable = |trigger: &str, conditions: Value| {
        codes(&[rule(trigger, conditions, note())]) == [(WarningCode::Unreachable, vec![0])]
    };
    for conditions in [
        json!([is("status", "open"), is("status", "closed")]),
        json!([is("status", "open"), test("status", "not_equals", "open")]),
        json!([is("status", "open"), test("status", "not_in", json!(["open", "closed"]))]),
        json!([test("status", "in", json!(["open", "pending"])), test("status", "in", json!(["closed", "on_hold"]))]),
        json!([is("category", "Billing"), is("category", Value::Null)]),
        json!([is("category", "Billing"), test("category", "starts_with", "tech")]),
        json!([test("escalation_level", "greater_than", 3), test("escalation_level", "less_than", 2)]),
        json!([is("escalation_level", 1), test("escalation_level", "greater_than", 1)]),
        json!([is("tags", "vip"), test("tags", "not_contains", "VIP")]),
        json!({ "all": [is("status", "open"), { "not": is("status", "open") }] }),
        json!({ "any": [] }),
        json!({ "all": [is("status", "open"), { "any": [
            { "all": [is("priority", "low"), is("priority", "high")] },
            is("status", "closed"),
            { "any": [] },
        ] }] }),
    ] {
        let is_missed = !unreachable("status_change", conditions.clone());
        // What stands within one of several ways is held against nothing outside of it.
        assert_eq!(is_missed, conditions["all"][1]["any"].is_array(), "{conditions}");
    }
    assert!(unreachable("ticket_created", json!([test("status", "changed", Value::Null)])));
    assert!(unreachable("ticket_created", json!([test("status", "changed_to", "open")])));
    assert!(!unreachable("status_change", json!([test("status", "changed_to", "open")])));
    let stays = json!([test("status", "changed_to", "open"), test("status", "changed_from", "open")]);
    assert!(unreachable("status_change", stays));
    for conditions in [
        json!([]),
        json!([is("tags", "vip"), is("tags", "late")]),
        json!([test("status", "in", json!(["open", "pending"])), test("status", "not_equals", "open")]),
        json!({ "any": [is("status", "open"), is("status", "closed")] }),
        json!([test("status", "changed_from", "open"), is("status", "closed")]),
        json!([test("created_at", "older_than", "2d"), test("created_at", "older_than", "1d")]),
        json!([test("subject", "contains", "invoice"), test("subject", "not_contains", "paid")]),
    ] {
        assert!(!unreachable("status_change", conditions.clone()), "{conditions}");
    }
}

#[test]
fn rules_that_write_the_same_field() {
    let pair = |one: Value, other: Value| codes(&[one, other]);
    let high = || rule("ticket_created", json!([is("channel", "email")]), sets("priority", "high"));
    let low = |conditions: Value| rule("ticket_created", conditions, sets("priority", "low"));
    assert_eq!(pair(high(), low(json!([is("tags", "vip")]))), [(WarningCode::SameField, vec![0, 1])]);
    // They exclude each other, want the same, are of different triggers, or the first stops the second.
    assert_eq!(pair(high(), low(json!([is("channel", "web")]))), []);
    assert_eq!(pair(high(), high()), []);
    assert_eq!(pair(high(), with(low(json!([is("tags", "vip")])), "trigger_type", "assignment")), []);
    assert_eq!(pair(with(high(), "stop", true), low(json!([is("tags", "vip")]))), []);
    let tag = |kind: &str, tag: &str| {
        rule("ticket_created", json!([is("channel", "email")]), json!([{ "type": kind, "params": { "tags": [tag] } }]))
    };
    assert_eq!(pair(tag("add_tags", "a"), tag("add_tags", "b")), []);
    assert_eq!(pair(tag("add_tags", "a"), tag("remove_tags", "a")), [(WarningCode::SameField, vec![0, 1])]);
}

#[test]
fn rules_that_never_come_to_rest() {
    let moves = |from: &str, to: &str| rule("status_change", json!([is("status", from)]), sets("status", to));
    assert_eq!(codes(&[moves("open", "pending"), moves("pending", "open")]), [(WarningCode::PingPong, vec![0, 1])]);
    let three = [moves("open", "pending"), moves("pending", "on_hold"), moves("on_hold", "open")];
    assert_eq!(codes(&three), [(WarningCode::PingPong, vec![0, 1, 2])]);
    assert_eq!(codes(&three[..2]), []);
    // One that only sets off itself.
    let answers = rule("comment_added", json!([]), note());
    assert_eq!(codes(&[answers]), [(WarningCode::PingPong, vec![0])]);
    let answers = rule("comment_added", json!([is("comment.author_role", "customer")]), note());
    assert_eq!(codes(&[answers]), []);
    let escalates = json!([{ "type": "escalate_ticket", "params": { "reason": "Again." } }]);
    assert_eq!(codes(&[rule("escalation", json!([]), escalates)]), [(WarningCode::PingPong, vec![0])]);
    // They set each other off once, and then there is nothing left to change.
    let one = rule("status_change", json!([]), sets("priority", "high"));
    let other = rule("priority_change", json!([]), sets("status", "open"));
    assert_eq!(codes(&[one, other]), []);
    let tag = |kind: &str, when: &str| {
        let act = json!([{ "type": kind, "params": { "tags": ["hot"] } }]);
        rule("ticket_updated", json!([test("tags", when, "hot")]), act)
    };
    let told = codes(&[tag("add_tags", "not_contains"), tag("remove_tags", "contains")]);
    assert_eq!(told, [(WarningCode::PingPong, vec![0, 1])]);
}

#[test]
fn mail_that_answers_mail() {
    let warns = |trigger: &str, conditions: Value, to: &str| {
        codes(&[rule(trigger, conditions, mail(to))]) == [(WarningCode::AutoResponder, vec![0])]
    };
    assert!(warns("comment_added", json!([]), "requester"));
    assert!(warns("comment_added", json!([is("status", "open")]), "{{customer_email}}"));
    assert!(!warns("comment_added", json!([is("comment.author_role", "agent")]), "requester"));
    assert!(!warns("comment_added", json!([is("comment.channel", "web")]), "requester"));
    assert!(!warns("comment_added", json!([]), "assignee"));
    assert!(!warns("ticket_created", json!([]), "requester"));
}

#[test]
fn rules_that_come_again_for_ever() {
    let timed = |conditions: Value, actions: Value, schedule: Value| {
        codes(&[with(rule("time_based", conditions, actions), "schedule", schedule)])
    };
    let every = || json!({ "every": "1h" });
    let endless = [(WarningCode::Endless, vec![0])];
    let pending = || json!([is("status", "pending")]);
    assert_eq!(timed(pending(), mail("assignee"), every()), endless);
    assert_eq!(timed(pending(), mail("assignee"), json!({ "cron": "0 8 * * 1-5" })), endless);
    assert_eq!(timed(pending(), sets("priority", "high"), every()), endless);
    assert_eq!(timed(pending(), sets("status", "pending"), every()), endless);
    assert_eq!(timed(pending(), sets("status", "open"), every()), []);
    let after = json!({ "after": "4h", "since": "created_at" });
    assert_eq!(timed(pending(), mail("assignee"), after), []);
    let tags = json!([{ "type": "add_tags", "params": { "tags": ["reminded"] } }]);
    assert_eq!(timed(json!([test("tags", "not_contains", "reminded")]), tags.clone(), every()), []);
    assert_eq!(timed(json!([test("tags", "not_contains", "late")]), tags, every()), endless);
    let quiet = json!([test("hours_since.updated_at", "greater_than", 24)]);
    assert_eq!(timed(quiet.clone(), note(), every()), []);
    assert_eq!(timed(quiet, mail("assignee"), every()), endless);
    let escalates = json!([{ "type": "escalate_ticket", "params": { "reason": "Still there." } }]);
    assert_eq!(timed(json!([test("escalation_level", "less_than", 2)]), escalates, every()), []);
}

#[test]
fn rules_that_an_earlier_one_stops() {
    let stops = |conditions: Value| with(rule("ticket_created", conditions, note()), "stop", true);
    let later = |conditions: Value| rule("ticket_created", conditions, note());
    let (mail, vip) = (is("channel", "email"), is("tags", "vip"));
    let shadowed = [(WarningCode::Shadowed, vec![0, 1])];
    assert_eq!(codes(&[stops(json!([mail])), later(json!([vip, mail]))]), shadowed);
    assert_eq!(codes(&[stops(json!([mail])), later(json!({ "all": [mail] }))]), shadowed);
    assert_eq!(codes(&[stops(json!([])), later(json!([vip]))]), shadowed);
    assert_eq!(codes(&[stops(json!([mail, vip])), later(json!([mail]))]), []);
    assert_eq!(codes(&[later(json!([mail])), stops(json!([mail]))]), []);
    assert_eq!(codes(&[stops(json!([mail])), with(later(json!([mail])), "trigger_type", "assignment")]), []);
    // A rule for changes is looked at only where a field changed that it names.
    let updated = |rule: Value| with(rule, "trigger_type", "ticket_updated");
    let pair = [updated(stops(json!([mail]))), updated(later(json!([mail, vip])))];
    assert_eq!(codes(&pair), []);
    let pair = [updated(with(stops(json!([mail])), "mode", "always")), updated(later(json!([mail, vip])))];
    assert_eq!(codes(&pair), shadowed);
}

#[test]
fn rules_that_ask_for_nothing() {
    assert_eq!(codes(&[rule("ticket_updated", json!([]), note())]), [(WarningCode::NoConditions, vec![0])]);
    assert_eq!(codes(&[rule("ticket_created", json!([]), note())]), []);
    assert_eq!(codes(&[rule("ticket_updated", json!([is("tags", "vip")]), note())]), []);
}

#[test]
fn ten_thousand_rules_are_looked_through_in_bounded_time() {
    let stage = Stage::new(Directory::default());
    let apart = |n: usize| {
        let conditions = json!([is("channel", "email"), is("category", format!("kind {n}"))]);
        rule("ticket_created", conditions, sets("subject", format!("subject {n}")))
    };
    let sources: Vec<Value> = (0..10_000).map(apart).collect();
    let start = std::time::Instant::now();
    // Those that ask for different values are not compared at all.
    let told = lint(&stage.rules(&sources));
    assert!(told.is_empty(), "{:?}", told.first());
    let alike = |n: usize| rule("ticket_updated", json!([is("tags", "vip")]), sets("subject", format!("subject {n}")));
    let sources: Vec<Value> = (0..10_000).map(alike).collect();
    let told = lint(&stage.rules(&sources));
    assert!(told.len() <= 300, "{}", told.len());
    let incomplete = told.iter().filter(|warning| warning.code == WarningCode::Incomplete);
    assert!(incomplete.count() >= 1);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn tickets_that_go_to_whoever_asks() {
    let told = |conditions: Value, kind: &str, param: &str, to: Value| {
        let mut params = json!({ param: to });
        if kind == "escalate_ticket" {
            params["reason"] = json!("It waits.");
        }
        codes(&[rule("comment_added", conditions, json!([{ "type": kind, "params": params }]))])
    };
    let not_staff = [(WarningCode::NotStaff, vec![0])];
    for (kind, param) in [("assign_ticket", "agent_id"), ("escalate_ticket", "to")] {
        for to in ["requester", "{{customer_id}}", "{{ ticket.customer_id }}", "{{customer.id}}"] {
            assert_eq!(told(json!([]), kind, param, json!(to)), not_staff, "{kind} {to}");
        }
        for to in ["assignee", "actor", "{{assigned_agent_id}}"] {
            assert_eq!(told(json!([]), kind, param, json!(to)), [], "{kind} {to}");
        }
        // Staff may ask, too, and such a rule knows it.
        assert_eq!(told(json!([is("customer.role", "agent")]), kind, param, json!("requester")), []);
    }
    assert_eq!(told(json!([]), "escalate_ticket", "to", json!(["customer"])), not_staff);
}
