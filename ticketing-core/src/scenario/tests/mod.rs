//! Every thing that can happen and every expectation, met and not.

#![allow(clippy::needless_pass_by_value, reason = "a test writes its JSON where it is used")]

mod read;
mod suite;
mod then;
mod when;

use crate::Desk;
use crate::input::Input;
use crate::scenario::{ScenarioFile, ScenarioReport, Suite, Unmet};
use serde_json::{Value, json};

/// Ids as rules of another desk may name them.
const BILLING: &str = "0198c0de-0000-7000-8000-000000000001";
const ANNA: &str = "0198c0de-0000-7000-8000-000000000002";
const CHAT: &str = "0198c0de-0000-7000-8000-000000000003";

fn given() -> Value {
    json!({
        "now": "2026-03-02T09:00:00Z",
        "organizations": [{"name": "Acme", "domains": ["acme.example"]}],
        "teams": [{"name": "Billing", "id": BILLING}, {"name": "Empty"}],
        "people": [
            {"email": "anna@desk.example", "name": "Anna", "role": "agent", "id": ANNA,
                "teams": [{"name": "Billing", "role": "lead"}]},
            {"email": "ben@desk.example", "role": "manager", "availability": "offline"},
            {"email": "kim@acme.example", "name": "Kim"},
            {"email": "lou@else.example", "organization": "Acme"},
        ],
        "custom_fields": [{"key": "plan", "label": "Plan", "field_type": "text"}],
        "webhooks": [{"name": "Chat", "url": "https://chat.example/hook", "id": CHAT}],
    })
}

fn rule(name: &str, trigger: &str, conditions: Value, actions: Value) -> Value {
    json!({"name": name, "trigger_type": trigger, "trigger_conditions": conditions, "actions": actions})
}

fn field(field: &str, operator: &str, value: impl Into<Value>) -> Value {
    json!({"field": field, "operator": operator, "value": value.into()})
}

fn action(kind: &str, params: Value) -> Value {
    json!({"type": kind, "params": params})
}

fn create(more: Value) -> Value {
    let mut ticket = json!({"as": "kim@acme.example", "subject": "Broken", "description": "It is."});
    for (name, value) in more.as_object().unwrap() {
        ticket[name] = value.clone();
    }
    json!({"create_ticket": ticket})
}

fn suite(rules: &[Value], steps: &[Value]) -> Suite {
    let file = json!({"workflows": rules, "given": given(), "scenarios": [{"name": "One", "steps": steps}]});
    ScenarioFile::from_json(file).unwrap().suite(Vec::new()).unwrap()
}

async fn play(rules: &[Value], steps: &[Value]) -> ScenarioReport {
    suite(rules, steps).play(0, Desk::builder()).await.unwrap()
}

/// Fails unless all came as these steps say.
async fn passes(rules: &[Value], steps: &[Value]) {
    let report = play(rules, steps).await;
    assert!(report.passed && report.broken.is_none() && report.unmet.is_empty(), "{report:#?}");
}

/// What was not met of one step behind a new ticket.
async fn unmet(rules: &[Value], when: Value, then: Value) -> Vec<Unmet> {
    let report = play(rules, &[json!({"when": when, "then": then})]).await;
    assert!(!report.passed && report.broken.is_none(), "{report:#?}");
    report.unmet
}

/// What was not met, each as its place and what is told of it.
fn told(unmet: &[Unmet]) -> Vec<(String, Value, Value)> {
    let at = |unmet: &Unmet| unmet.at.strip_prefix("scenarios[0].steps[0].then.").unwrap().to_owned();
    unmet.iter().map(|unmet| (at(unmet), unmet.expected.clone(), unmet.actual.clone())).collect()
}
