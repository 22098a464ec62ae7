//! In which order rules run, and how often.

use super::house::{House, fired, leaf, of_outcome};
use crate::event::Fact;
use crate::ids::WorkflowId;
use crate::model::RunOutcome;
use crate::workflow::facts::People;
use crate::workflow::rule::Rules;
use crate::workflow::trace::RunTrace;
use serde_json::{Value, json};

/// A rule that answers one word of a field of the desk with another.
fn answer(from: &str, to: &str) -> Value {
    json!({
        "trigger_conditions": [leaf("custom_fields.text", "equals", json!(from))],
        "actions": [{ "type": "update_ticket", "params": { "custom_fields": { "text": to } } }],
    })
}

fn say(house: &House, word: &str) -> crate::workflow::engine::Occurrence {
    house.change(json!({ "custom_fields": { "text": word } }))
}

#[test]
fn rules_are_looked_at_by_position_and_see_what_earlier_ones_did() {
    let house = House::new();
    let rules = house.rules(&[
        json!({ "position": 5, "trigger_conditions": [leaf("tags", "contains", json!("rule 2"))], "mode": "always" }),
        json!({ "position": 9, "trigger_conditions": [leaf("tags", "contains", json!("rule 0"))], "mode": "always" }),
        json!({ "position": 1 }),
        // Of the same position, the older one is first.
        json!({ "position": 5, "trigger_conditions": [leaf("tags", "contains", json!("rule 0"))], "mode": "always" }),
    ]);
    let settled = house.settle(&rules, house.change(json!({ "priority": "low" })));
    assert_eq!(fired(&settled), [(2, 1), (0, 1), (3, 1), (1, 1)]);
    assert_eq!(settled.draft.ticket.tags, ["printer", "rule 0", "rule 1", "rule 2", "rule 3", "VIP"]);
}

#[test]
fn a_rule_that_stops_ends_the_round_and_not_the_next() {
    let house = House::new();
    let rules = house.rules(&[
        json!({ "trigger_conditions": [leaf("priority", "not_equals", json!("low"))], "stop": true }),
        json!({ "stop": true, "trigger_conditions": [leaf("priority", "equals", json!("low"))] }),
        json!({ "mode": "always" }),
    ]);
    let settled = house.settle(&rules, house.change(json!({ "priority": "low" })));
    // The first did not match, so it stopped nothing.
    assert_eq!(fired(&settled), [(1, 1), (2, 2)]);
    assert_eq!(of_outcome(&settled, RunOutcome::NotMatched), [(0, 1)]);
}

#[test]
fn what_rules_did_makes_others_look_round_after_round() {
    let house = House::new();
    let rules = house.rules(&[answer("c", "d"), answer("b", "c"), answer("a", "b")]);
    let settled = house.settle(&rules, say(&house, "a"));
    assert_eq!(fired(&settled), [(2, 1), (1, 2), (0, 3)]);
    assert_eq!(settled.draft.ticket.custom_fields["text"], "d");
    let told = settled.draft.facts.iter().map(|told| told.rule.map(|rule| rule.id)).collect::<Vec<_>>();
    let by = |n: u128| Some(super::house::rule_id(n));
    assert_eq!(told, [None, by(2), by(1), by(0)]);
}

#[test]
fn no_rule_fires_twice_about_a_change() {
    let house = House::new();
    for (what, rules, last, rounds) in [
        ("two that answer each other", vec![answer("a", "b"), answer("b", "a")], "a", vec![(0, 1), (1, 1)]),
        (
            "three in a circle",
            vec![answer("c", "a"), answer("b", "c"), answer("a", "b")],
            "a",
            vec![(2, 1), (1, 2), (0, 3)],
        ),
        ("one that answers itself", vec![answer("a", "a a")], "a a", vec![(0, 1)]),
    ] {
        let settled = house.settle(&house.rules(&rules), say(&house, "a"));
        assert_eq!(fired(&settled), rounds, "{what}");
        assert_eq!(settled.draft.ticket.custom_fields["text"], last, "{what}");
    }
    let itself = json!({
        "mode": "always", "actions": [{ "type": "update_ticket", "params": { "subject": "{{subject}}!" } }],
    });
    let settled = house.settle(&house.rules(&[itself]), say(&house, "a"));
    assert_eq!(settled.draft.ticket.subject, "The printer is on fire!");
}

#[test]
fn what_comes_to_nothing_makes_nobody_look() {
    let house = House::new();
    let rules = house.rules(&[
        answer("a", "b"),
        answer("b", "a"),
        json!({ "trigger_conditions": [leaf("custom_fields.text", "changed_to", json!("b"))] }),
        json!({ "mode": "always", "actions": [{ "type": "add_tags", "params": { "tags": ["vip"] } }] }),
    ]);
    let settled = house.settle(&rules, say(&house, "a"));
    // The third would look in the second round, but there is none: the word is what it was.
    assert_eq!(fired(&settled), [(0, 1), (1, 1), (3, 1)]);
    assert!(settled.looked.iter().all(|looked| looked.round == 1));
}

#[test]
fn only_the_rule_whose_moment_it_is_looks_at_first() {
    let house = House::new();
    let schedule = json!({ "every": "15m" });
    let timed = |tag: &str| {
        json!({
            "trigger_type": "time_based", "schedule": schedule,
            "actions": [{ "type": "add_tags", "params": { "tags": [tag] } }],
        })
    };
    let rules = house.rules(&[timed("a"), timed("b"), json!({})]);
    let settled = house.settle(&rules, house.moment(crate::model::Trigger::TimeBased, 1));
    assert_eq!(fired(&settled), [(1, 1), (2, 2)]);
    let unknown = house.moment(crate::model::Trigger::TimeBased, 99);
    assert_eq!(house.settle(&rules, unknown).looked, []);
}

#[test]
fn only_some_runs_without_effect_are_kept() {
    let mut house = House::new();
    house.not_matched = 3;
    let never = json!({ "trigger_conditions": [leaf("subject", "contains", json!("water"))], "mode": "always" });
    let rules = house.rules(&vec![never; 5]);
    let settled = house.settle(&rules, house.change(json!({ "priority": "low" })));
    assert_eq!(of_outcome(&settled, RunOutcome::NotMatched), [(0, 1), (1, 1), (2, 1)]);
    assert!(settled.looked.iter().all(|looked| looked.trace.effects.is_empty() && looked.trace.leaves.len() == 1));
}

#[test]
fn a_run_without_effect_is_kept_without_looking_anything_up() {
    let house = House { people: People::default(), ..House::new() };
    let any = json!({ "any": [
        leaf("organization.name", "equals", json!("acme")),
        leaf("priority", "equals", json!("low")),
    ] });
    let rules = house.rules(&[json!({ "mode": "always", "trigger_conditions": [
        leaf("subject", "contains", json!("water")),
        leaf("customer.email", "contains", json!("@example.com")),
        any.clone(),
        { "not": [leaf("customer.role", "equals", json!("customer")), any] },
    ] })]);
    let settled = house.settle(&rules, house.change(json!({ "priority": "low" })));
    let [looked] = &*settled.looked else { panic!("{:?}", settled.looked) };
    assert_eq!(looked.outcome, RunOutcome::NotMatched);
    let told = rules.active()[0].tree.told(&looked.trace.leaves);
    assert_eq!(told["result"], json!(false));
    let results: Vec<&Value> = told["all"].as_array().unwrap().iter().map(|part| &part["result"]).collect();
    // The second is not known; the third holds whatever the company is; of the last only a part is known.
    assert_eq!(results, [&json!(false), &json!(null), &json!(true), &json!(null)]);
    assert_eq!((&told["all"][2]["any"][1]["actual"], &told["all"][1]["actual"]), (&json!("low"), &json!(null)));
    let kept = serde_json::to_value(&looked.trace).unwrap();
    assert_eq!(kept["leaves"][1], json!([null, null]));
    assert_eq!(serde_json::from_value::<RunTrace>(kept).unwrap(), looked.trace);
}

#[test]
fn rules_can_be_run_by_themselves() {
    let house = House::new();
    let all = house.rules(&[json!({}), json!({ "is_active": false, "mode": "always" })]);
    let one = all.by_id(super::house::rule_id(1).0).unwrap().rule.clone().unwrap();
    let settled = house.settle(&Rules::only(vec![one]), house.change(json!({ "priority": "low" })));
    assert_eq!(fired(&settled), [(1, 1)]);
    assert_eq!(all.by_id(WorkflowId(super::house::id(0)).0).map(|entry| entry.stored.id), None);
}

#[test]
fn every_fact_of_a_rule_says_whose_it_is() {
    let house = House::new();
    let rules = house.rules(&[json!({ "actions": [
        { "type": "update_ticket", "params": { "status": "resolved", "subject": "Done" } },
        { "type": "assign_ticket", "params": { "agent_id": null } },
        { "type": "add_comment", "params": { "body": "Done." } },
        { "type": "add_watchers", "params": { "user_id": "requester" } },
    ] })]);
    let settled = house.settle(&rules, house.change(json!({ "priority": "low" })));
    let own = settled.draft.facts.iter().filter(|told| told.rule.is_some_and(|rule| rule.version == 1));
    let names: Vec<_> = own.map(|told| serde_json::to_value(&told.fact).unwrap()["type"].clone()).collect();
    let wanted = [
        "ticket.updated",
        "ticket.status_changed",
        "ticket.resolved",
        "ticket.assigned",
        "comment.added",
        "watcher.added",
    ];
    assert_eq!(names, wanted);
    assert!(settled.draft.rule.is_none());
    assert!(matches!(settled.draft.facts[0].fact, Fact::TicketUpdated { .. }));
    assert!(settled.draft.facts[0].rule.is_none());
    // A rule's word is no first answer.
    assert_eq!(settled.draft.ticket.first_responded_at, house.ticket.first_responded_at);
}
