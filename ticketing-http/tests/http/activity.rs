//! Timeline, events and the audit log.

use crate::support::*;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use ticketing_core::model::AuditHead;
use ticketing_http::HttpOptions;

fn kinds(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|event| text(event, "type").to_owned()).collect()
}

#[tokio::test]
async fn a_timeline_tells_everything_in_order() {
    let world = world().await;
    let path = format!("/api/tickets/{}", text(&world.ticket("Printer").await, "id"));
    world.send(patch(&path, &json!({"status": "in_progress"})).by(&world.agent)).await.ok(200);
    world.send(post(format!("{path}/comments"), &json!({"body": "On it"})).by(&world.agent)).await.ok(201);
    world.send(post(format!("{path}/escalate"), &json!({"reason": "hot"})).by(&world.agent)).await.ok(200);
    let whole = world.send(get(format!("{path}/timeline")).by(&world.agent)).await.ok(200);
    assert_eq!(kinds(&whole), ["ticket.created", "ticket.status_changed", "comment.added", "ticket.escalated"]);
    assert_eq!(whole["items"][1]["data"]["changes"]["status"], json!(["open", "in_progress"]));
    assert_eq!(whole["items"][2]["data"]["comment"]["body"], "On it");
    assert_eq!(whole["items"][2]["actor"]["id"], world.agent.id());
    for field in ["event_id", "at", "actor", "ticket_id", "data"] {
        assert!(whole["items"][0].get(field).is_some(), "{field}");
    }
    let first = world.send(get(format!("{path}/timeline?limit=3")).by(&world.agent)).await.ok(200);
    let next = format!("{path}/timeline?limit=3&cursor={}", text(&first, "next_cursor"));
    assert_eq!(kinds(&world.send(get(next).by(&world.agent)).await.ok(200)), ["ticket.escalated"]);
    let seen = world.send(get(format!("{path}/timeline")).by(&world.customer)).await.ok(200);
    assert_eq!(kinds(&seen), ["ticket.created", "ticket.status_changed", "comment.added"]);
}

#[tokio::test]
async fn events_are_read_from_where_one_stopped() {
    let world = world().await;
    let empty = world.send(get("/api/events").by(&world.agent)).await.ok(200);
    assert_eq!(empty["items"], json!([]));
    let start = text(&empty, "next_cursor").to_owned();
    for subject in ["a", "b", "c"] {
        world.ticket(subject).await;
    }
    let first = world.send(get(format!("/api/events?after={start}&limit=2")).by(&world.agent)).await.ok(200);
    assert_eq!(kinds(&first), ["ticket.created", "ticket.created"]);
    let second = format!("/api/events?after={}", text(&first, "next_cursor"));
    let second = world.send(get(second).by(&world.agent)).await.ok(200);
    assert_eq!(kinds(&second), ["ticket.created"]);
    let end = text(&second, "next_cursor").to_owned();
    let end = world.send(get(format!("/api/events?after={end}")).by(&world.agent)).await.ok(200);
    assert_eq!(end["items"], json!([]));
    assert!(end["next_cursor"].is_string(), "never null: it is where to go on");
    let hidden = world.send(get("/api/events").by(&world.stranger)).await.ok(200);
    assert_eq!(hidden["items"], json!([]));
    world.send(get("/api/events?after=12").by(&world.agent)).await.fields(&[("after", "invalid_cursor")]);
    world.send(get("/api/events")).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_audit_log_says_who_did_what_from_where() {
    let world = world().await;
    let ticket = world.ticket("Audited").await;
    let path = format!("/api/tickets/{}", text(&ticket, "id"));
    let change = patch(&path, &json!({"priority": "critical"}))
        .by(&world.agent)
        .with("x-request-id", "req-4711")
        .with("user-agent", "tests/1 <b>");
    world.send(change).await.ok(200);
    let audit = async |query: &str| world.send(get(format!("/api/audit?{query}")).by(&world.admin)).await.ok(200);
    let subject = format!("ticket:{}", text(&ticket, "id"));
    let lines = audit(&format!("subject={subject}&actor={}", world.agent.id())).await;
    assert_eq!(lines["items"].as_array().unwrap().len(), 1);
    let line = &lines["items"][0];
    assert_eq!(line["request_id"], "req-4711");
    assert_eq!(line["user_agent"], "tests/1 <b>");
    assert_eq!(line["actor"]["id"], world.agent.id());
    assert_eq!(line["subject"], subject);
    assert!(line["changes"].to_string().contains("critical"), "{line}");
    for secret in ["mac", "salt", "detail_digest", "key_id"] {
        assert!(line.get(secret).is_none(), "{secret}");
    }
    let action = text(line, "action").to_owned();
    assert_eq!(audit(&format!("action={action}&actor={}", world.agent.id())).await["items"][0]["id"], line["id"]);
    assert_eq!(audit("action=no.such").await["items"], json!([]));
    assert_eq!(audit("to=2020-01-01").await["items"], json!([]));
    let at = text(line, "at");
    assert!(!audit(&format!("from={at}&to={at}")).await["items"].as_array().unwrap().is_empty());
    let mut seen = Vec::new();
    let mut next = String::new();
    loop {
        let page = audit(&format!("limit=2{next}")).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|line| text(line, "id").to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    let whole = audit("limit=100").await;
    let ids: Vec<String> = whole["items"].as_array().unwrap().iter().map(|l| text(l, "id").to_owned()).collect();
    assert_eq!(seen, ids);
    let bad = "actor=x&subject=ticket&action=&from=now&to=2026-13-01";
    let unknown = "unknown_value";
    let fields = [("actor", unknown), ("subject", unknown), ("action", unknown), ("from", unknown), ("to", unknown)];
    world.send(get(format!("/api/audit?{bad}")).by(&world.admin)).await.fields(&fields);
    for person in [&world.manager, &world.agent, &world.customer] {
        world.send(get("/api/audit").by(person)).await.problem(403, "forbidden");
    }
}

#[tokio::test]
async fn an_administrator_has_the_audit_log_proved() {
    let kept: Arc<Mutex<Option<AuditHead>>> = Arc::default();
    let source = Arc::clone(&kept);
    let read = Arc::new(move || match &*source.lock().unwrap() {
        Some(head) if head.no < 0 => Err("canary: the disk is away".into()),
        head => Ok(head.clone()),
    });
    let world = world_with("http://127.0.0.1:5000", HttpOptions { audit_head: Some(read), ..options() }).await;
    let verify = async || world.send(get("/api/audit/verify").by(&world.admin)).await;
    let before = verify().await.ok(200);
    assert_eq!((&before["ok"], before.get("first_bad")), (&json!(true), None));
    assert!(before["checked"].as_u64().unwrap() > 5, "{before}");
    let mut head = world.desk.seal_audit().await.unwrap().unwrap().head();
    *kept.lock().unwrap() = Some(head.clone());
    assert_eq!(verify().await.ok(200), before, "looking leaves no line, and all is whole");
    head.no = 2;
    *kept.lock().unwrap() = Some(head.clone());
    let cut = verify().await.ok(200);
    assert_eq!((&cut["ok"], &cut["first_bad"]), (&json!(false), &json!({"kind": "cut", "seal": 2})));
    head.no = -1;
    *kept.lock().unwrap() = Some(head);
    let failed = verify().await;
    failed.problem(500, "internal");
    assert!(!failed.text().contains("canary"), "{}", failed.text());
    world.send(get("/api/audit/verify?deep=1").by(&world.admin)).await.fields(&[("deep", "unknown_parameter")]);
}
