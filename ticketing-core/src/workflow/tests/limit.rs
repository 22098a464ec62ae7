//! How much rules may do: rounds, effects of one change, and effects on one ticket in a minute.

use super::house::{House, fired, leaf, of_outcome};
use crate::model::{RuleSpend, RunOutcome};
use crate::workflow::engine::limit;
use chrono::TimeDelta;
use serde_json::{Value, json};

/// Twelve rules of which each makes the next look, the last first by position.
fn chain() -> Vec<Value> {
    let link = |n: i32| {
        json!({
            "position": 20 - n,
            "trigger_conditions": [leaf("custom_fields.number", "equals", json!(n))],
            "actions": [{ "type": "update_ticket", "params": { "custom_fields.number": n + 1 } }],
        })
    };
    (1..=12).map(link).collect()
}

#[test]
fn a_chain_ends_after_so_many_rounds_and_says_so() {
    let house = House::new();
    let settled = house.settle(&house.rules(&chain()), house.change(json!({ "custom_fields": { "number": 1 } })));
    let did: Vec<_> = (0..8).map(|n| (n, i16::try_from(n).unwrap() + 1)).collect();
    assert_eq!(fired(&settled), did);
    // The ninth would go on, and is kept from it; of those behind it nobody has heard.
    assert_eq!(of_outcome(&settled, RunOutcome::Suppressed), [(8, limit::ROUNDS + 1)]);
    let held = &settled.looked.iter().find(|looked| looked.outcome == RunOutcome::Suppressed).unwrap().trace;
    assert_eq!(held.leaves.len(), 1);
    assert!(!held.effects[0].done);
    assert_eq!(held.effects[0].reason.as_deref(), Some("rules have followed one another for 8 rounds"));
    assert_eq!(settled.draft.ticket.custom_fields["number"], json!(9));
}

/// Rules that each do as many things as a rule may.
fn busy(rules: usize) -> Vec<Value> {
    let actions: Vec<_> = (0..20)
        .map(|n| json!({ "type": "update_ticket", "params": { "subject": format!("{{{{rule.name}}}} {n}") } }))
        .collect();
    vec![json!({ "trigger_type": "priority_change", "actions": actions }); rules]
}

#[test]
fn so_much_is_done_to_a_ticket_in_a_minute_and_no_more() {
    let mut house = House::new();
    house.ticket.rule_spend = Some(RuleSpend { since: house.now, effects: limit::MINUTE - 40 });
    let rules = house.rules(&busy(5));
    let settled = house.settle(&rules, house.change(json!({ "priority": "high" })));
    assert_eq!(fired(&settled), [(0, 1), (1, 1)]);
    assert_eq!(of_outcome(&settled, RunOutcome::Suppressed), [(2, 1), (3, 1), (4, 1)]);
    let spent = RuleSpend { since: house.now, effects: limit::MINUTE };
    assert_eq!(settled.draft.ticket.rule_spend, Some(spent));
    let reason = settled.looked[2].trace.effects[0].reason.clone().unwrap();
    assert_eq!(reason, "rules have done 60 things to this ticket in a minute");

    // The next change finds it spent, and one a minute after the first does not.
    house.ticket = settled.draft.ticket;
    house.now += TimeDelta::seconds(59);
    let settled = house.settle(&rules, house.change(json!({ "priority": "low" })));
    assert_eq!(fired(&settled), []);
    assert_eq!(settled.draft.ticket.rule_spend, Some(spent));
    assert_eq!(settled.draft.ticket.subject, "rule 1 19");
    house.now += TimeDelta::seconds(1);
    let settled = house.settle(&rules, house.change(json!({ "priority": "low" })));
    assert_eq!(fired(&settled).len(), 3);
    assert_eq!(settled.draft.ticket.rule_spend, Some(RuleSpend { since: house.now, effects: limit::CHAIN }));
}

#[test]
fn a_rule_that_still_did_something_is_not_held_back() {
    let mut house = House::new();
    house.ticket.rule_spend = Some(RuleSpend { since: house.now, effects: limit::MINUTE - 5 });
    let settled = house.settle(&house.rules(&busy(2)), house.change(json!({ "priority": "high" })));
    assert_eq!(fired(&settled), [(0, 1)]);
    assert_eq!(of_outcome(&settled, RunOutcome::Suppressed), [(1, 1)]);
    let done = settled.looked[0].trace.effects.iter().filter(|effect| effect.done).count();
    assert_eq!(done, 5);
}

#[test]
fn what_changes_nothing_costs_nothing() {
    let house = House::new();
    let rules = house.rules(&[json!({ "actions": vec![
        json!({ "type": "add_tags", "params": { "tags": ["vip"] } }); 20
    ] })]);
    let settled = house.settle(&rules, house.change(json!({ "priority": "high" })));
    assert_eq!(fired(&settled), [(0, 1)]);
    assert_eq!(settled.draft.ticket.rule_spend, None);
}

#[test]
fn so_much_is_done_about_a_change_and_no_more() {
    let house = House::new();
    let settled = house.settle(&house.rules(&busy(10)), house.change(json!({ "priority": "high" })));
    let done = settled.looked.iter().flat_map(|looked| &looked.trace.effects).filter(|effect| effect.done).count();
    assert_eq!(i32::try_from(done).unwrap(), limit::CHAIN);
}
