//! Every trigger, every operator and every action of rules, each saved and brought about over HTTP.

use crate::support::*;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use ticketing_core::condition::Operator;
use ticketing_core::desk::work::WorkOptions;
use ticketing_core::model::Trigger;
use ticketing_core::workflow::action::ActionKind;

async fn add(world: &World, rule: Value) {
    world.send(post("/api/workflows", &rule).by(&world.admin)).await.ok(201);
}

fn tagging(name: &str) -> Value {
    json!([{"type": "add_tags", "params": {"tags": [name]}}])
}

/// Lets time go on, and the workers do what is due.
async fn pass(world: &World, time: TimeDelta) {
    world.pass(time);
    let workers = world.desk.workers(WorkOptions::default());
    while workers.run_due(100).await.unwrap() > 0 {}
}

async fn seen(world: &World, path: &str) -> Value {
    world.send(get(path).by(&world.admin)).await.ok(200)
}

fn tags(ticket: &Value) -> BTreeSet<String> {
    ticket["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_trigger_makes_its_rule_look() {
    let world = world().await;
    let promise = json!({"name": "Soon", "targets": {"medium": {"resolution": "2m"}, "high": {"resolution": "2m"}}});
    world.send(post("/api/sla-policies", &promise).by(&world.admin)).await.ok(201);
    for trigger in Trigger::ALL {
        let name = trigger.as_str();
        let mut rule = json!({"name": name, "trigger_type": name, "actions": tagging(name), "mode": "always"});
        if *trigger == Trigger::TimeBased {
            rule["schedule"] = json!({"after": "3m", "since": "created_at"});
        }
        add(&world, rule).await;
    }
    let path = format!("/api/tickets/{}", text(&world.ticket("Lift").await, "id"));
    let mut known = BTreeSet::new();
    let mut expect = async |what: &[&str]| {
        known.extend(what.iter().map(|name| (*name).to_owned()));
        assert_eq!(tags(&seen(&world, &path).await), known, "after {what:?}");
    };
    // What the first rule did is an update of its own.
    expect(&["ticket_created", "ticket_updated"]).await;
    world.send(patch(&path, &json!({"status": "in_progress"})).by(&world.admin)).await.ok(200);
    expect(&["status_change"]).await;
    world.send(patch(&path, &json!({"priority": "high"})).by(&world.admin)).await.ok(200);
    expect(&["priority_change"]).await;
    world.send(patch(&path, &json!({"assigned_agent_id": world.agent.id()})).by(&world.admin)).await.ok(200);
    expect(&["assignment"]).await;
    let hot = json!({"reason": "It is hot."});
    world.send(post(format!("{path}/escalate"), &hot).by(&world.admin)).await.ok(200);
    expect(&["escalation"]).await;
    let said = json!({"body": "And now?"});
    world.send(post(format!("{path}/comments"), &said).by(&world.customer)).await.ok(201);
    expect(&["comment_added"]).await;
    pass(&world, TimeDelta::minutes(2)).await;
    expect(&["sla_breach"]).await;
    pass(&world, TimeDelta::minutes(1)).await;
    expect(&["time_based"]).await;
    assert_eq!(known, Trigger::ALL.iter().map(|trigger| trigger.as_str().to_owned()).collect());
}

#[tokio::test]
async fn every_operator_is_asked() {
    let world = world().await;
    let held = [
        ("equals", json!({"field": "priority", "value": "high"})),
        ("not_equals", json!({"field": "priority", "value": "low"})),
        ("in", json!({"field": "priority", "value": ["high", "critical"]})),
        ("not_in", json!({"field": "priority", "value": ["low", "medium"]})),
        ("contains", json!({"field": "subject", "value": "LIFT"})),
        ("not_contains", json!({"field": "subject", "value": "stairs"})),
        ("starts_with", json!({"field": "subject", "value": "the"})),
        ("greater_than", json!({"field": "priority", "value": "medium"})),
        ("less_than", json!({"field": "priority", "value": "critical"})),
        ("between", json!({"field": "escalation_level", "value": [0, 1]})),
        ("is_empty", json!({"field": "category"})),
        ("is_not_empty", json!({"field": "subject"})),
        ("older_than", json!({"field": "created_at", "value": "1m"})),
        ("matches", json!({"field": "subject", "value": "^The li[ef]t$"})),
        ("changed", json!({"field": "priority", "value": true})),
        ("changed_from", json!({"field": "priority", "value": "medium"})),
        ("changed_to", json!({"field": "priority", "value": "high"})),
    ];
    let all: Vec<&str> = Operator::ALL.iter().map(|operator| operator.as_str()).collect();
    assert_eq!(held.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>(), all.iter().copied().collect());
    for (name, condition) in &held {
        let mut condition = condition.clone();
        condition["operator"] = json!(name);
        let rule = |name: &str, conditions: Value| {
            json!({"name": name, "trigger_type": "priority_change", "trigger_conditions": conditions, "mode": "always",
                "actions": tagging(name)})
        };
        add(&world, rule(name, json!([condition]))).await;
        add(&world, rule(&format!("no {name}"), json!({"not": condition}))).await;
    }
    let path = format!("/api/tickets/{}", text(&world.ticket("The lift").await, "id"));
    world.pass(TimeDelta::minutes(2));
    let changed = world.send(patch(&path, &json!({"priority": "high"})).by(&world.admin)).await.ok(200);
    assert_eq!(tags(&changed), all.iter().map(|name| (*name).to_owned()).collect());
    // Each says why.
    let runs = seen(&world, &format!("{path}/workflow-runs?outcome=fired&limit=100")).await;
    let told: BTreeSet<String> = runs["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| {
            let condition = &run["conditions"][0];
            assert_eq!(condition["result"], true, "{run}");
            text(condition, "operator").to_owned()
        })
        .collect();
    assert_eq!(told, all.iter().map(|name| (*name).to_owned()).collect());
}

#[tokio::test]
async fn every_action_is_done() {
    let world = world().await;
    let agent = world.agent.id();
    let actions = [
        ("send_email", json!({"to": "requester", "subject": "We see it", "body": "Soon."})),
        ("send_notification", json!({"user_id": agent, "title": "Look", "message": "At {{ticket_number}}"})),
        ("update_ticket", json!({"category": "Lifts"})),
        ("assign_ticket", json!({"agent_id": agent})),
        ("add_comment", json!({"body": "Noted.", "is_internal": true})),
        ("trigger_webhook", json!({"url": "https://chat.example.com/hook"})),
        ("escalate_ticket", json!({"reason": "It is hot."})),
        ("add_tags", json!({"tags": ["seen"]})),
        ("remove_tags", json!({"tags": ["new"]})),
        ("add_watchers", json!({"user_id": world.manager.id()})),
        ("remove_watchers", json!({"user_id": world.admin.id()})),
        ("snooze", json!({"for": "1h"})),
    ];
    let all: BTreeSet<&str> = ActionKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(actions.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>(), all);
    let list: Vec<Value> = actions.iter().map(|(name, params)| json!({"type": name, "params": params})).collect();
    add(&world, json!({"name": "All", "trigger_type": "priority_change", "actions": list})).await;

    let ticket = world.ticket_with(json!({"subject": "Lift", "description": "It is stuck.", "tags": ["new"]})).await;
    let path = format!("/api/tickets/{}", text(&ticket, "id"));
    let watch = json!({"user_id": world.admin.id()});
    world.send(post(format!("{path}/watchers"), &watch).by(&world.admin)).await.ok(201);
    world.send(patch(&path, &json!({"priority": "high"})).by(&world.admin)).await.ok(200);
    let runs = seen(&world, &format!("{path}/workflow-runs?outcome=fired")).await;
    let effects = runs["items"][0]["effects"].as_array().unwrap();
    for effect in effects {
        assert_eq!((&effect["done"], effect.get("reason")), (&json!(true), None), "{effect}");
    }
    assert_eq!(effects.iter().map(|effect| text(effect, "type")).collect::<BTreeSet<_>>(), all);

    let after = seen(&world, &path).await;
    assert_eq!(
        (&after["category"], &after["assigned_agent_id"], &after["escalation_level"]),
        (&json!("Lifts"), &json!(agent), &json!(1))
    );
    assert_eq!((&after["status"], tags(&after)), (&json!("pending"), BTreeSet::from(["seen".to_owned()])));
    assert!(!after["wake_at"].is_null());
    let comments = seen(&world, &format!("{path}/comments")).await;
    assert_eq!((&comments["items"][0]["body"], &comments["items"][0]["is_internal"]), (&json!("Noted."), &json!(true)));
    let watchers = seen(&world, &format!("{path}/watchers")).await;
    let watchers: Vec<String> = watchers["items"].as_array().unwrap().iter().map(Value::to_string).collect();
    assert!(watchers.iter().any(|one| one.contains(&world.manager.id())), "{watchers:?}");
    assert!(!watchers.iter().any(|one| one.contains(&world.admin.id())), "{watchers:?}");
    // What leaves the desk is a job of the commit, with the rule as its cause.
    let jobs = seen(&world, "/api/jobs?limit=100").await;
    let kinds: BTreeSet<&str> = jobs["items"].as_array().unwrap().iter().map(|job| text(job, "kind")).collect();
    for kind in ["rule_mail", "webhook"] {
        assert!(kinds.contains(kind), "{kind} is none of {kinds:?}");
    }
}
