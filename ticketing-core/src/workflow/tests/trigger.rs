//! What makes rules look.

use super::house::{BILLING, CLEO, House, fired, leaf};
use crate::model::Trigger;
use crate::workflow::engine::Occurrence;
use serde_json::{Value, json};

/// One rule for each trigger, in the order of the triggers, none of which changes the ticket.
fn one_of_each() -> Vec<Value> {
    let one = |trigger: &Trigger| {
        let mut rule = json!({
            "trigger_type": trigger, "actions": [{ "type": "trigger_webhook", "params": { "url": "https://a.example/" } }],
        });
        if *trigger == Trigger::TimeBased {
            rule["schedule"] = json!({ "every": "15m" });
        }
        rule
    };
    Trigger::ALL.iter().map(one).collect()
}

fn of(house: &House, occurrence: Occurrence) -> Vec<Trigger> {
    let settled = house.settle(&house.rules(&one_of_each()), occurrence);
    assert!(settled.looked.iter().all(|looked| looked.round == 1));
    settled.looked.iter().map(|looked| looked.trigger).collect()
}

#[test]
fn each_makes_its_own_rules_look_and_no_others() {
    use Trigger::{
        Assignment, CommentAdded, Escalation, PriorityChange, SlaBreach, StatusChange, TicketCreated, TicketUpdated,
        TimeBased,
    };
    let house = House::new();
    for (what, occurrence, triggers) in [
        ("made, and given to somebody", house.created(), vec![TicketCreated, Assignment]),
        ("a text", house.change(json!({ "subject": "Water" })), vec![TicketUpdated]),
        ("a field of the desk", house.change(json!({ "custom_fields": { "number": 8 } })), vec![TicketUpdated]),
        ("a status", house.change(json!({ "status": "pending" })), vec![TicketUpdated, StatusChange]),
        ("a priority", house.change(json!({ "priority": "low" })), vec![TicketUpdated, PriorityChange]),
        ("an agent", house.change(json!({ "assigned_agent_id": CLEO })), vec![TicketUpdated, Assignment]),
        ("nobody", house.change(json!({ "assigned_agent_id": null })), vec![TicketUpdated, Assignment]),
        ("a team", house.change(json!({ "team_id": BILLING })), vec![TicketUpdated, Assignment]),
        ("an escalation", house.escalated(), vec![TicketUpdated, Escalation]),
        ("a comment", house.said("Hello?"), vec![CommentAdded]),
        ("nothing", house.occurrence(), vec![]),
        ("no change", house.change(json!({ "status": "open", "tags": ["VIP", "printer"] })), vec![]),
        ("a deadline", Occurrence { moment: Some(SlaBreach), ..house.occurrence() }, vec![SlaBreach]),
        ("a moment of another rule", house.moment(TimeBased, 3), vec![]),
        ("a moment", house.moment(TimeBased, 8), vec![TimeBased]),
    ] {
        assert_eq!(of(&house, occurrence), triggers, "{what}");
    }
    let unassigned = {
        let mut house = House::new();
        (house.ticket.assigned_agent_id, house.ticket.team_id) = (None, None);
        house
    };
    assert_eq!(of(&unassigned, unassigned.created()), [TicketCreated]);
}

#[test]
fn a_rule_that_is_off_is_not_looked_at() {
    let house = House::new();
    let rules = house.rules(&[json!({ "is_active": false }), json!({})]);
    assert_eq!(fired(&house.settle(&rules, house.change(json!({ "priority": "low" })))), [(1, 1)]);
}

#[test]
fn an_update_concerns_rules_that_name_what_changed_unless_they_say_always() {
    let house = House::new();
    let category = leaf("category", "equals", json!("hardware"));
    let rules = house.rules(&[
        json!({ "trigger_conditions": [category] }),
        json!({ "trigger_conditions": [category], "mode": "always" }),
        json!({ "trigger_conditions": [category, leaf("priority", "is_not_empty", json!(null))] }),
        json!({ "trigger_conditions": [leaf("team.name", "equals", json!("support"))] }),
        json!({ "trigger_conditions": [leaf("custom_fields.select", "equals", json!("red"))] }),
        json!({ "trigger_conditions": [leaf("subject", "contains", json!("printer"))] }),
        // Any other trigger says itself what it takes.
        json!({ "trigger_conditions": [category], "trigger_type": "priority_change" }),
    ]);
    let actions = |occurrence| {
        let settled = house.settle(&rules, occurrence);
        fired(&settled).into_iter().filter(|(_, round)| *round == 1).map(|(rule, _)| rule).collect::<Vec<_>>()
    };
    assert_eq!(actions(house.change(json!({ "priority": "low" }))), [1, 2, 3, 6]);
    assert_eq!(actions(house.change(json!({ "subject": "A printer" }))), [1, 3, 5]);
    assert_eq!(actions(house.change(json!({ "custom_fields": { "select": "red", "text": "" } }))), [1, 3]);
}

#[test]
fn a_ticket_is_made_once() {
    let house = House::new();
    let rules = house.rules(&[
        json!({ "trigger_type": "ticket_created", "trigger_conditions": [leaf("tags", "contains", json!("again"))] }),
        json!({ "trigger_type": "ticket_created", "actions": [
            { "type": "add_tags", "params": { "tags": ["again"] } },
        ] }),
        json!({ "mode": "always", "actions": [{ "type": "add_tags", "params": { "tags": ["later"] } }] }),
        json!({ "trigger_type": "ticket_created", "trigger_conditions": [leaf("tags", "contains", json!("later"))] }),
    ]);
    let settled = house.settle(&rules, house.created());
    assert_eq!(fired(&settled), [(1, 1), (2, 2)]);
}

#[test]
fn what_a_rule_says_makes_others_look() {
    let house = House::new();
    let rules = house.rules(&[
        json!({ "trigger_type": "priority_change", "actions": [
            { "type": "add_comment", "params": { "body": "Is {{priority}} now", "is_internal": true } },
        ] }),
        json!({ "trigger_type": "comment_added", "trigger_conditions": [
            leaf("comment.body", "equals", json!("is LOW now")),
            leaf("comment.is_internal", "equals", json!(true)),
            leaf("comment.author_role", "equals", json!("system")),
            leaf("comment.author_id", "is_empty", json!(null)),
            leaf("actor.role", "equals", json!("system")),
            leaf("actor.id", "is_empty", json!(null)),
        ] }),
    ]);
    let settled = house.settle(&rules, house.change(json!({ "priority": "low" })));
    assert_eq!(fired(&settled), [(0, 1), (1, 2)]);
}
