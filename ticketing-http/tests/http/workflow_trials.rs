//! Rules tried over HTTP.

use crate::support::*;
use serde_json::{Value, json};

fn draft() -> Value {
    json!({"name": "Tag what is new", "trigger_type": "ticket_created",
        "trigger_conditions": [{"field": "subject", "operator": "contains", "value": "lift"}],
        "actions": [{"type": "add_tags", "params": {"tags": ["new"]}}]})
}

fn history() -> Value {
    json!({"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"})
}

#[tokio::test]
async fn a_rule_is_tried_on_a_ticket() {
    let world = world().await;
    let ticket = world.ticket("The lift hums").await;
    let named = |name: &str| json!({"workflow": draft(), "ticket": text(&ticket, name)});
    for name in ["id", "ticket_number"] {
        let asked = post("/api/workflows/dry-run", &named(name)).by(&world.admin);
        let answer = world.send(asked).await.ok(200);
        assert_eq!((&answer["would_fire"], &answer["trigger"]), (&json!(true), &json!("ticket_created")));
        assert_eq!(answer["basis"]["kind"], "event");
        let test = json!({"field": "subject", "operator": "contains", "value": "lift",
            "actual": "The lift hums", "result": true});
        assert_eq!(answer["conditions"], json!([test]));
        assert_eq!(answer["effects"][0]["type"], "add_tags");
    }
    let kept = world.send(post("/api/workflows", &draft()).by(&world.admin)).await.ok(201);
    let path = format!("/api/workflows/{}/dry-run", text(&kept, "id"));
    let body = json!({"ticket": ticket["id"]});
    for _ in 0..2 {
        let asked = post(&path, &body).by(&world.admin).with("idempotency-key", "k");
        assert_eq!(world.send(asked).await.ok(200)["would_fire"], true);
    }
    for person in [&world.agent, &world.customer] {
        assert_eq!(world.send(post(&path, &body).by(person)).await.status, 403);
    }
    world.send(post(&path, &json!({"ticket": "no ticket"})).by(&world.admin)).await.problem(422, "invalid");
    let unknown = json!({"ticket": "01890000-0000-7000-8000-000000000000"});
    world.send(post(&path, &unknown).by(&world.admin)).await.problem(404, "not_found");
    // Nothing was done.
    let stored = world.send(get(format!("/api/tickets/{}", text(&ticket, "id"))).by(&world.admin)).await.ok(200);
    assert_eq!(stored["version"], 1);
}

#[tokio::test]
async fn a_draft_is_tried_on_what_happened() {
    let world = world().await;
    for subject in ["The lift hums", "The door squeaks", "Another lift"] {
        world.ticket(subject).await;
    }
    let body = json!({"workflow": draft(), "history": history()});
    let asked = post("/api/workflows/dry-run", &body).by(&world.admin).with("idempotency-key", "k");
    let report = world.send(asked).await.ok(200);
    assert_eq!((&report["matched"], &report["effects"]), (&json!(2), &json!({"add_tags": 2})));
    assert_eq!(report["tickets"].as_array().unwrap().len(), 2);
    assert_eq!(report["differs_from_current"].as_array().unwrap().len(), 2);
    // The same by lines: how far it is, and the result as the last one.
    let asked = post("/api/workflows/dry-run", &body).by(&world.admin).with("accept", "application/x-ndjson");
    let answer = world.send(asked).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/x-ndjson"));
    let lines: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (last, progress) = lines.split_last().unwrap();
    assert_eq!(*last, report);
    assert!(!progress.is_empty() && progress.iter().all(|line| line["progress"]["events"].is_u64()), "{lines:?}");
    // What is wrong is answered as ever.
    let mut wrong = body.clone();
    wrong["workflow"]["actions"][0]["params"]["tags"][0] = json!("{{nothing}}");
    let asked = post("/api/workflows/dry-run", &wrong).by(&world.admin).with("accept", "application/x-ndjson");
    let problem = world.send(asked).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "workflow.actions[0].params.tags[0]");
    let neither = post("/api/workflows/dry-run", &json!({"workflow": draft()})).by(&world.admin);
    world.send(neither).await.problem(422, "invalid");
}

#[tokio::test]
async fn rules_are_looked_through() {
    let world = world().await;
    let lint = |body: &Value| post("/api/workflows/lint", body).by(&world.admin).with("idempotency-key", "k");
    assert_eq!(world.send(lint(&json!({}))).await.ok(200), json!({"warnings": []}));
    let mut never = draft();
    never["trigger_conditions"] = json!([{"field": "status", "operator": "changed"}]);
    let told = world.send(lint(&json!({"workflow": never}))).await.ok(200);
    assert_eq!(told["warnings"][0]["code"], "unreachable");
    let asked = post("/api/workflows/lint", &json!({})).by(&world.agent);
    assert_eq!(world.send(asked).await.status, 403);
}
