//! Webhooks over the wire: made, changed, tested, looked at, and never telling their secrets.

use crate::support::*;
use async_trait::async_trait;
use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use ticketing_core::desk::work::{WorkOptions, Workers};
use ticketing_core::memory::MemoryStore;
use ticketing_core::port::{WebhookAnswer, WebhookError, WebhookRequest, WebhookSender};

const SECRET: &str = "canary-secret-of-the-hook";
const HEADER: &str = "canary-value-of-the-header";

/// Endpoints that all answer the same status.
struct Endpoints(AtomicU16);

#[async_trait]
impl WebhookSender for Endpoints {
    async fn send(&self, request: &WebhookRequest) -> Result<WebhookAnswer, WebhookError> {
        // What is kept of a call must not hold these, so they have to be in it.
        assert_eq!(request.secrets, [SECRET]);
        assert!(request.headers.iter().any(|(_, value)| value == HEADER));
        let sent = vec![("content-type".to_owned(), "application/json".to_owned())];
        let status = self.0.load(Ordering::SeqCst);
        Ok(WebhookAnswer { status, retry_after: None, body: "seen".to_owned(), sent })
    }

    async fn check(&self, url: &str) -> Result<(), WebhookError> {
        if url.contains("inside") { Err(WebhookError::NotAllowed) } else { Ok(()) }
    }
}

async fn world_with_endpoints() -> (World, Arc<Endpoints>, Workers) {
    let endpoints = Arc::new(Endpoints(AtomicU16::new(200)));
    let sender = Arc::clone(&endpoints) as Arc<dyn WebhookSender>;
    let world =
        world_of(Arc::new(MemoryStore::new()), "http://127.0.0.1:5000", options(), |desk| desk.webhook_sender(sender))
            .await;
    let workers = world.desk.workers(WorkOptions::default());
    (world, endpoints, workers)
}

fn new() -> Value {
    json!({
        "name": "Chat", "url": "https://hooks.example/desk", "event_types": ["ticket.created"], "secret_key": SECRET,
        "headers": {"X-Token": HEADER}, "retry_count": 0,
    })
}

async fn add(world: &World) -> (String, Value) {
    let made = world.send(post("/api/webhooks", &new()).by(&world.admin)).await.ok(201);
    (format!("/api/webhooks/{}", text(&made, "id")), made)
}

#[tokio::test]
async fn webhooks_are_added_shown_changed_and_taken_away() {
    let (world, ..) = world_with_endpoints().await;
    let answer = world.send(post("/api/webhooks", &new()).by(&world.admin)).await;
    let made = answer.ok(201);
    let path = format!("/api/webhooks/{}", text(&made, "id"));
    assert_eq!((answer.header("location"), answer.header("etag")), (path.as_str(), "\"1\""));
    assert_eq!((&made["has_secret"], &made["header_names"]), (&json!(true), &json!(["X-Token"])));
    assert_eq!(world.send(get(&path).by(&world.admin)).await.ok(200), made);
    let change = json!({"is_active": false, "event_types": ["comment.added"], "headers": {"x-token": null}});
    let changed = world.send(patch(&path, &change).by(&world.admin).with("if-match", "\"1\"")).await;
    assert_eq!(changed.header("etag"), "\"2\"");
    let changed = changed.ok(200);
    assert_eq!((&changed["is_active"], &changed["header_names"]), (&json!(false), &json!([])));
    world.send(patch(&path, &change).by(&world.admin).with("if-match", "\"1\"")).await.problem(412, "stale_version");
    let stale = json!({"name": "Other", "version": 1});
    world.send(patch(&path, &stale).by(&world.admin)).await.problem(409, "stale_version");
    world.send(delete(&path).by(&world.admin).with("if-match", "\"1\"")).await.problem(412, "stale_version");
    assert_eq!(world.send(delete(&path).by(&world.admin)).await.status, 204);
    for call in [get(&path), delete(&path), patch(&path, &json!({"name": "x"})), get(format!("{path}/deliveries"))] {
        world.send(call.by(&world.admin)).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_named() {
    let (world, ..) = world_with_endpoints().await;
    let (path, _) = add(&world).await;
    let missing = [("name", "required"), ("url", "required"), ("event_types", "required")];
    world.send(post("/api/webhooks", &json!({})).by(&world.admin)).await.fields(&missing);
    let wrong = json!({
        "name": "", "url": "nowhere", "event_types": ["ticket.sung"], "secret_key": "a b", "retry_count": 11,
        "timeout_ms": 1, "retry_schedule": "never", "payload": "pigeon", "colour": "red",
    });
    let expected = [
        ("name", "required"),
        ("url", "invalid_value"),
        ("event_types[0]", "unknown_value"),
        ("secret_key", "invalid_value"),
        ("retry_count", "out_of_range"),
        ("timeout_ms", "out_of_range"),
        ("retry_schedule", "unknown_value"),
        ("payload", "unknown_value"),
        ("colour", "unknown_field"),
    ];
    world.send(patch(&path, &wrong).by(&world.admin)).await.fields(&expected);
    let inside = json!({"url": "https://inside.example/"});
    world.send(patch(&path, &inside).by(&world.admin)).await.fields(&[("url", "not_allowed")]);
    let filter = json!({"filter": {"field": "mood", "operator": "equals", "value": "glad"}});
    let problem = world.send(patch(&path, &filter).by(&world.admin)).await.problem(422, "invalid");
    assert!(text(&problem["errors"][0], "field").starts_with("filter"), "{problem}");
    let template = json!({"payload": "template", "payload_template": "{\"x\": \"{{nobody.knows}}\"}"});
    let expected = [("payload_template", "unknown_variable")];
    world.send(patch(&path, &template).by(&world.admin)).await.fields(&expected);
    world.send(post(format!("{path}/replay"), &json!({})).by(&world.admin)).await.fields(&[("since", "required")]);
    let late = json!({"since": "2999-01-01T00:00:00Z"});
    world.send(post(format!("{path}/replay"), &late).by(&world.admin)).await.fields(&[("since", "future")]);
    let strange = get(format!("{path}/deliveries?status=lost&count=true"));
    let expected = [("status", "unknown_value"), ("count", "unknown_parameter")];
    world.send(strange.by(&world.admin)).await.fields(&expected);
    let body = post(format!("{path}/test"), &json!({"event": "x"}));
    world.send(body.by(&world.admin)).await.fields(&[("event", "unknown_field")]);
}

#[tokio::test]
async fn webhooks_are_for_administrators() {
    let (world, ..) = world_with_endpoints().await;
    let (path, _) = add(&world).await;
    let tested = world.send(call(Method::POST, format!("{path}/test")).by(&world.admin)).await.ok(201);
    let delivery = format!("/api/webhook-deliveries/{}", text(&tested, "id"));
    for person in [&world.manager, &world.agent, &world.customer] {
        let calls = [
            get("/api/webhooks"),
            post("/api/webhooks", &new()),
            get(&path),
            patch(&path, &json!({"name": "Mine"})),
            delete(&path),
            call(Method::POST, format!("{path}/test")),
            post(format!("{path}/replay"), &json!({"since": "2026-01-01T00:00:00Z"})),
            get(format!("{path}/deliveries")),
            get(&delivery),
            call(Method::POST, format!("{delivery}/redeliver")),
        ];
        for call in calls {
            world.send(call.by(person)).await.problem(403, "forbidden");
        }
    }
    world.send(get("/api/webhooks")).await.problem(401, "unauthenticated");
    for id in ["01890000-0000-7000-8000-000000000000", "nonsense"] {
        for path in [format!("/api/webhooks/{id}"), format!("/api/webhook-deliveries/{id}")] {
            world.send(get(path).by(&world.admin)).await.problem(404, "not_found");
        }
        for path in [format!("/api/webhooks/{id}/test"), format!("/api/webhook-deliveries/{id}/redeliver")] {
            world.send(call(Method::POST, path).by(&world.admin)).await.problem(404, "not_found");
        }
    }
    // A mail is a job, and no delivery.
    let invited = world.send(get("/api/jobs?kind=mail,password_mail,notify").by(&world.admin)).await.ok(200);
    for job in invited["items"].as_array().unwrap() {
        let path = format!("/api/webhook-deliveries/{}", text(job, "id"));
        world.send(get(path).by(&world.admin)).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_test_is_sent_seen_and_sent_again_under_its_id() {
    let (world, endpoints, workers) = world_with_endpoints().await;
    let (path, _) = add(&world).await;
    let answer = world.send(call(Method::POST, format!("{path}/test")).by(&world.admin)).await;
    let tested = answer.ok(201);
    let delivery = format!("/api/webhook-deliveries/{}", text(&tested, "id"));
    assert_eq!(answer.header("location"), delivery);
    assert_eq!((text(&tested, "event_type"), text(&tested, "status")), ("webhook.test", "pending"));
    let early = world.send(call(Method::POST, format!("{delivery}/redeliver")).by(&world.admin)).await;
    early.problem(409, "not_ended");
    workers.run_due(10).await.unwrap();
    let seen = world.send(get(&delivery).by(&world.admin)).await.ok(200);
    assert_eq!(text(&seen, "status"), "done", "{seen}");
    let attempt = &seen["attempts"][0];
    assert_eq!((&attempt["status_code"], &attempt["response"]), (&json!(200), &json!("seen")));
    endpoints.0.store(500, Ordering::SeqCst);
    let again = world.send(call(Method::POST, format!("{delivery}/redeliver")).by(&world.admin)).await.ok(200);
    assert_eq!((&again["id"], text(&again, "status")), (&tested["id"], "pending"));
    world.pass(TimeDelta::seconds(1));
    workers.run_due(10).await.unwrap();
    let page = world.send(get(format!("{path}/deliveries?status=dead")).by(&world.admin)).await.ok(200);
    let dead = &page["items"][0];
    assert_eq!((&dead["id"], dead["attempts"].as_array().unwrap().len()), (&tested["id"], 2));
    let off = json!({"is_active": false});
    world.send(patch(&path, &off).by(&world.admin)).await.ok(200);
    let refused = world.send(call(Method::POST, format!("{delivery}/redeliver")).by(&world.admin)).await;
    refused.problem(409, "inactive");
}

#[tokio::test]
async fn deliveries_come_newest_first_page_by_page() {
    let (world, _, workers) = world_with_endpoints().await;
    let (path, _) = add(&world).await;
    let mut made = Vec::new();
    for _ in 0..3 {
        let tested = world.send(call(Method::POST, format!("{path}/test")).by(&world.admin)).await.ok(201);
        made.insert(0, text(&tested, "id").to_owned());
        world.pass(TimeDelta::milliseconds(2));
    }
    let (mut found, mut place) = (Vec::new(), String::new());
    loop {
        let page = world.send(get(format!("{path}/deliveries?limit=1{place}")).by(&world.admin)).await;
        let linked = page.header("link").contains("rel=\"next\"");
        let page = page.ok(200);
        found.extend(page["items"].as_array().unwrap().iter().map(|one| text(one, "id").to_owned()));
        assert_eq!(linked, page["next_cursor"].is_string());
        let Some(next) = page["next_cursor"].as_str() else { break };
        place = format!("&cursor={next}");
    }
    assert_eq!(found, made);
    workers.run_due(10).await.unwrap();
    for (status, count) in [("pending", 0), ("done", 3), ("dead", 0)] {
        let page = world.send(get(format!("{path}/deliveries?status={status}")).by(&world.admin)).await.ok(200);
        assert_eq!(page["items"].as_array().unwrap().len(), count, "{status}");
    }
}

#[tokio::test]
async fn a_replay_is_a_job_and_one_is_enough() {
    let (world, ..) = world_with_endpoints().await;
    let (path, _) = add(&world).await;
    let since = json!({"since": world.desk.now() - TimeDelta::hours(1)});
    let answer = world.send(post(format!("{path}/replay"), &since).by(&world.admin)).await;
    let replay = answer.ok(201);
    assert_eq!(answer.header("location"), format!("/api/jobs/{}", text(&replay, "id")));
    let job = world.send(get(answer.header("location")).by(&world.admin)).await.ok(200);
    assert_eq!((text(&job, "kind"), &job["payload"]["webhook_id"]), ("replay", &replay["webhook_id"]));
    world.send(post(format!("{path}/replay"), &since).by(&world.admin)).await.problem(409, "not_ended");
}

#[tokio::test]
async fn webhooks_are_listed_page_by_page_and_counted() {
    let (world, ..) = world_with_endpoints().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(text(&add(&world).await.1, "id").to_owned());
        world.pass(TimeDelta::milliseconds(2));
    }
    let (mut found, mut place) = (Vec::new(), String::new());
    loop {
        let page = get(format!("/api/webhooks?limit=2&count=true{place}")).by(&world.admin);
        let page = world.send(page).await.ok(200);
        assert_eq!(page["total"], 3);
        found.extend(page["items"].as_array().unwrap().iter().map(|one| text(one, "id").to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        place = format!("&cursor={next}");
    }
    assert_eq!(found, made);
}

/// Neither a secret nor a header's value stands in any answer, whoever asks for what.
#[tokio::test]
async fn secrets_are_in_no_answer() {
    let (world, endpoints, workers) = world_with_endpoints().await;
    let key = |call: Call| call.by(&world.admin).with("idempotency-key", "k");
    let mut answers = vec![world.send(key(post("/api/webhooks", &new()))).await];
    answers.push(world.send(key(post("/api/webhooks", &new()))).await);
    let made = answers[0].ok(201);
    let path = format!("/api/webhooks/{}", text(&made, "id"));
    endpoints.0.store(500, Ordering::SeqCst);
    world.ticket("Tell of it").await;
    let tested = world.send(call(Method::POST, format!("{path}/test")).by(&world.admin)).await;
    let tested_id = text(&tested.ok(201), "id").to_owned();
    answers.push(tested);
    // The first round finds whom the ticket concerns, the second tells them.
    for _ in 0..3 {
        workers.run_due(50).await.unwrap();
        world.pass(TimeDelta::seconds(1));
    }
    let told = world.send(get(format!("{path}/deliveries")).by(&world.admin)).await.ok(200);
    assert!(told.to_string().contains("ticket.created"), "the ticket was told of: {told}");
    assert!(told["items"].as_array().unwrap().iter().all(|one| one["attempts"][0]["status_code"] == 500), "{told}");
    let longer = json!({"secret_key": format!("{SECRET}-2"), "headers": {"X-More": HEADER}});
    answers.push(world.send(patch(&path, &longer).by(&world.admin)).await);
    let bad = json!({"secret_key": format!("whsec_{SECRET}"), "headers": {"X Bad": HEADER}});
    answers.push(world.send(patch(&path, &bad).by(&world.admin)).await);
    let jobs = world.send(get("/api/jobs?limit=100").by(&world.admin)).await.ok(200);
    let mut paths = vec![
        path.clone(),
        "/api/webhooks".to_owned(),
        format!("{path}/deliveries"),
        format!("/api/webhook-deliveries/{tested_id}"),
        "/api/jobs?limit=100".to_owned(),
        "/api/audit?limit=100".to_owned(),
        "/api/events?limit=100".to_owned(),
        "/metrics".to_owned(),
    ];
    paths.extend(jobs["items"].as_array().unwrap().iter().map(|job| format!("/api/jobs/{}", text(job, "id"))));
    for path in paths {
        let answer = world.send(get(&path).by(&world.admin)).await;
        answer.ok_text(200);
        answers.push(answer);
    }
    for answer in answers {
        let heard = format!("{:?}{}", answer.headers, answer.text());
        assert!(!heard.contains("canary"), "{heard}");
    }
}
