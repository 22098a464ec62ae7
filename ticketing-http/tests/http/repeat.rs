//! Requests that come again: done once, answered the same.

use crate::support::*;
use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use ticketing_core::desk::work::WorkOptions;

/// A POST of each route: the route, the address, the body, and what it is answered.
async fn posts(world: &World) -> Vec<(&'static str, String, Value, u16)> {
    let ticket = text(&world.ticket("Again").await, "id").to_owned();
    let team = world.send(post("/api/teams", &json!({"name": "T", "routing": "manual"})).by(&world.admin)).await;
    let team = text(&team.ok(201), "id").to_owned();
    let on = |what: &str| format!("/api/tickets/{ticket}/{what}");
    let other = text(&world.ticket("Another").await, "id").to_owned();
    let said =
        world.send(post(on("comments"), &json!({"body": "A matter of its own."})).by(&world.admin)).await.ok(201);
    let (webhook, told) = (hook(world).await, hook(world).await);
    let to = |what: &str| format!("/api/webhooks/{webhook}/{what}");
    let [first, second] = [given_up(world, &told).await, given_up(world, &told).await];
    let rule = world.send(post("/api/workflows", &rule_body()).by(&world.admin)).await.ok(201);
    let rule = text(&rule, "id").to_owned();
    world.send(patch(format!("/api/workflows/{rule}"), &json!({"stop": true})).by(&world.admin)).await.ok(200);
    let quick = world.send(post("/api/macros", &macro_body()).by(&world.admin)).await.ok(201);
    let quick = text(&quick, "id").to_owned();
    let unreadable = [world.receive("no mail").await, world.receive("no mail either").await];
    let review = |mail: &Value, deed: &str| format!("/api/inbound/{}/{deed}", text(mail, "id"));
    // Only whoever asked closes a ticket and opens it again.
    let own =
        world.send(post("/api/tickets", &json!({"subject": "Own", "description": "Mine"})).by(&world.admin)).await;
    let own = format!("/api/tickets/{}", text(&own.ok(201), "id"));
    world.send(patch(&own, &json!({"status": "resolved"})).by(&world.admin)).await.ok(200);
    let person = json!({"email": "new@alba.example", "name": "New", "role": "customer"});
    vec![
        ("/api/users", "/api/users".into(), person, 201),
        ("/api/organizations", "/api/organizations".into(), json!({"name": "Brix"}), 201),
        ("/api/teams", "/api/teams".into(), json!({"name": "Second", "routing": "manual"}), 201),
        (
            "/api/teams/{id}/members",
            format!("/api/teams/{team}/members"),
            json!({"user_id": world.agent.id(), "role": "lead"}),
            201,
        ),
        ("/api/calendars", "/api/calendars".into(), office(), 201),
        (
            "/api/sla-policies",
            "/api/sla-policies".into(),
            json!({"name": "Gold", "targets": {"low": {"resolution": "3d"}}}),
            201,
        ),
        (
            "/api/custom-fields",
            "/api/custom-fields".into(),
            json!({"key": "plan", "label": "Plan", "field_type": "text"}),
            201,
        ),
        ("/api/views", "/api/views".into(), json!({"name": "All", "visibility": "private", "conditions": []}), 201),
        ("/api/mailboxes", "/api/mailboxes".into(), json!({"name": "Help", "address": "help@desk.example"}), 201),
        ("/api/inbound/{id}/release", review(&unreadable[0], "release"), json!({}), 200),
        ("/api/inbound/{id}/drop", review(&unreadable[1], "drop"), json!({}), 200),
        ("/api/webhooks", "/api/webhooks".into(), webhook_body(), 201),
        ("/api/webhooks/{id}/test", to("test"), json!({}), 201),
        ("/api/webhooks/{id}/replay", to("replay"), json!({"since": world.desk.now()}), 201),
        (
            "/api/webhook-deliveries/{id}/redeliver",
            format!("/api/webhook-deliveries/{first}/redeliver"),
            json!({}),
            200,
        ),
        ("/api/jobs/{id}/retry", format!("/api/jobs/{second}/retry"), json!({}), 200),
        ("/api/macros", "/api/macros".into(), macro_body(), 201),
        ("/api/tickets/{ticket}/macros/{id}", on(&format!("macros/{quick}")), json!({}), 200),
        (
            "/api/canned-responses",
            "/api/canned-responses".into(),
            json!({"title": "Hello", "content": "Hello {{customer_name}}", "is_public": true}),
            201,
        ),
        (
            "/api/canned-responses/import",
            "/api/canned-responses/import".into(),
            json!({"canned_responses": [{"title": "Taken in", "content": "Hello"}]}),
            200,
        ),
        ("/api/workflows", "/api/workflows".into(), rule_body(), 201),
        (
            "/api/workflows/import",
            "/api/workflows/import".into(),
            json!({"workflows": [{"name": "Taken in", "trigger_type": "sla_breach", "actions": rule_body()["actions"]}]}),
            200,
        ),
        ("/api/workflows/{id}/restore", format!("/api/workflows/{rule}/restore"), json!({"version": 1}), 200),
        (
            "/api/tickets",
            "/api/tickets".into(),
            json!({"subject": "Once", "description": "Grüße", "customer_id": world.customer.id()}),
            201,
        ),
        ("/api/tickets/{ticket}/assign", on("assign"), json!({"agent_id": world.agent.id()}), 200),
        ("/api/tickets/{ticket}/escalate", on("escalate"), json!({"reason": "hot"}), 200),
        ("/api/tickets/{ticket}/deescalate", on("deescalate"), json!({"reason": "cooler"}), 200),
        ("/api/tickets/{ticket}/comments", on("comments"), json!({"body": "Once."}), 201),
        ("/api/tickets/{ticket}/time-entries", on("time-entries"), json!({"hours": 1.25}), 201),
        ("/api/timer/start", "/api/timer/start".into(), json!({"ticket": ticket}), 201),
        ("/api/timer/pause", "/api/timer/pause".into(), json!({}), 200),
        ("/api/timer/resume", "/api/timer/resume".into(), json!({}), 200),
        ("/api/timer/stop", "/api/timer/stop".into(), json!({}), 201),
        ("/api/tickets/{ticket}/watchers", on("watchers"), json!({"user_id": world.agent.id()}), 201),
        (
            "/api/tickets/{ticket}/split",
            on("split"),
            json!({"comment_id": said["id"], "subject": "A matter of its own"}),
            201,
        ),
        ("/api/tickets/{ticket}/links", on("links"), json!({"ticket": other, "type": "blocks"}), 201),
        (
            "/api/tickets/bulk",
            "/api/tickets/bulk".into(),
            json!({"tickets": [ticket, other], "changes": {"tags": ["a"]}}),
            200,
        ),
        ("/api/tickets/{ticket}/merge", on("merge"), json!({"into": other}), 200),
        ("/api/tickets/{ticket}/unmerge", on("unmerge"), json!({}), 200),
        ("/api/tickets/{ticket}/reopen", format!("{own}/reopen"), json!({}), 200),
        ("/api/tickets/{ticket}/close", format!("{own}/close"), json!({}), 200),
    ]
}

fn office() -> Value {
    json!({
        "name": "Office", "time_zone": "UTC", "weekly_hours": {"monday": [{"start": "09:00", "end": "17:00"}]},
    })
}

fn rule_body() -> Value {
    json!({
        "name": "Tag it", "trigger_type": "escalation", "is_active": false,
        "actions": [{"type": "add_tags", "params": {"tags": ["hot"]}}],
    })
}

fn macro_body() -> Value {
    json!({
        "name": "Look", "visibility": "private",
        "actions": [{"type": "add_comment", "params": {"body": "{{agent_name}} looks."}}],
    })
}

fn webhook_body() -> Value {
    json!({"name": "Chat", "url": "https://hooks.example/", "event_types": ["ticket.closed"], "retry_count": 0})
}

async fn hook(world: &World) -> String {
    let made = world.send(post("/api/webhooks", &webhook_body()).by(&world.admin)).await.ok(201);
    text(&made, "id").to_owned()
}

/// A delivery that was given up: nobody calls endpoints here.
async fn given_up(world: &World, webhook: &str) -> String {
    let test = call(Method::POST, format!("/api/webhooks/{webhook}/test")).by(&world.admin);
    let made = world.send(test).await.ok(201);
    world.desk.workers(WorkOptions::default()).run_due(100).await.unwrap();
    text(&made, "id").to_owned()
}

#[tokio::test]
async fn every_post_is_done_once_and_answered_the_same() {
    let world = world().await;
    for (route, path, body, status) in posts(&world).await {
        let call = |body: &Value| post(&path, body).by(&world.admin).with("idempotency-key", "the-key");
        let first = world.send(call(&body)).await;
        first.ok(status);
        assert_eq!(first.header("idempotency-replayed"), "", "{route}");
        let audit = audit(&world).await;
        for quoted in ["the-key", "\"the-key\""] {
            let again = post(&path, &body).by(&world.admin).with("idempotency-key", quoted);
            let again = world.send(again).await;
            assert_eq!(again.header("idempotency-replayed"), "true", "{route}: {}", again.text());
            assert_eq!((again.status, &again.body), (first.status, &first.body), "{route}");
            for name in ["etag", "location", "content-type", "cache-control"] {
                assert_eq!(again.header(name), first.header(name), "{route}: {name}");
            }
        }
        let mut other = body.clone();
        other["more"] = json!(1);
        world.send(call(&other)).await.fields(&[("Idempotency-Key", "reused")]);
        assert_eq!(self::audit(&world).await, audit, "{route}: nothing was done again");
        let location = first.header("location");
        if status == 201
            && !route.contains("comments")
            && !route.contains("members")
            && !route.contains("watchers")
            && !route.contains("links")
        {
            world.send(get(location).by(&world.admin)).await.ok(200);
        }
    }
}

/// How many lines the audit log has.
async fn audit(world: &World) -> Value {
    world.send(get("/api/audit?count=true&limit=1").by(&world.admin)).await.ok(200)["total"].clone()
}

#[tokio::test]
async fn what_changes_nothing_is_answered_the_same_too() {
    let world = world().await;
    let ticket = text(&world.ticket("Same").await, "id").to_owned();
    let assign = |agent: Value| post(format!("/api/tickets/{ticket}/assign"), &json!({"agent_id": agent}));
    world.send(assign(json!(world.agent.id())).by(&world.admin)).await.ok(200);
    let same = || assign(json!(world.agent.id())).by(&world.admin).with("idempotency-key", "k");
    assert_eq!(world.send(same()).await.ok(200)["version"], 2);
    world.send(assign(Value::Null).by(&world.admin)).await.ok(200);
    let again = world.send(same()).await;
    assert_eq!((again.ok(200)["version"].clone(), again.header("etag")), (json!(2), "\"2\""));
    let stored = world.send(get(format!("/api/tickets/{ticket}")).by(&world.admin)).await.ok(200);
    assert_eq!(stored["assigned_agent_id"], Value::Null, "it was not assigned again");
    let watch = || {
        let call = post(format!("/api/tickets/{ticket}/watchers"), &json!({"user_id": world.agent.id()}));
        call.by(&world.admin)
    };
    let first = world.send(watch()).await;
    let known = world.send(watch().with("idempotency-key", "k")).await;
    let again = world.send(watch().with("idempotency-key", "k")).await;
    assert_eq!((&known.body, &again.body), (&first.body, &first.body));
    assert_eq!(again.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn answers_with_secrets_are_not_told_twice() {
    let world = world().await;
    let login = |key: &str| {
        let body = json!({"email": "kim@alba.example", "password": PASSWORD});
        post("/api/auth/login", &body).with("idempotency-key", key)
    };
    let session = world.send(login("k")).await.ok(200);
    let problem = world.send(login("k")).await;
    problem.problem(409, "not_repeatable");
    assert!(!problem.text().contains(text(&session, "refresh_token")));
    world.send(login("other")).await.ok(200);
    let refresh = || {
        let body = json!({"refresh_token": session["refresh_token"]});
        post("/api/auth/refresh", &body).with("idempotency-key", "k")
    };
    let next = world.send(refresh()).await.ok(200);
    world.send(refresh()).await.problem(409, "not_repeatable");
    let next = json!({"refresh_token": next["refresh_token"]});
    world.send(post("/api/auth/refresh", &next)).await.ok(200);
    // Signing out is the same as often as it is done.
    for _ in 0..2 {
        let out = post("/api/auth/logout", &next).with("idempotency-key", "k");
        assert_eq!(world.send(out).await.status, 204);
    }
}

/// The route is "/api/calendars/{id}/holidays". Its files are told apart by what is in them.
#[tokio::test]
async fn holidays_come_in_once() {
    let world = world().await;
    let made = world.send(post("/api/calendars", &office()).by(&world.admin)).await.ok(201);
    let path = format!("/api/calendars/{}/holidays", text(&made, "id"));
    let file = |day: &str| format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:{day}\nEND:VEVENT\nEND:VCALENDAR\n");
    let send = async |day: &str| {
        let call = call(Method::POST, &path).raw("text/calendar", file(day)).by(&world.admin);
        world.send(call.with("idempotency-key", "k")).await
    };
    let first = send("20261225").await;
    assert_eq!(first.ok(200)["added"][0]["date"], "2026-12-25");
    let again = send("20261225").await;
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
    send("20261226").await.fields(&[("Idempotency-Key", "reused")]);
}

#[tokio::test]
async fn a_key_of_a_program_is_shown_once() {
    let world = world().await;
    let body = json!({"name": "Robot", "scopes": ["tickets:read"]});
    let call = || post("/api/api-keys", &body).by(&world.agent).with("idempotency-key", "k");
    let made = world.send(call()).await.ok(201);
    let again = world.send(call()).await;
    again.problem(409, "not_repeatable");
    assert!(!again.text().contains(text(&made, "key")));
}

#[tokio::test]
async fn what_can_be_done_as_often_as_one_likes_needs_no_key() {
    let world = world().await;
    // The route is "/api/email-templates/{type}/preview": it keeps nothing and sends nothing. Neither do
    // "/api/workflows/dry-run", "/api/workflows/{id}/dry-run" and "/api/workflows/lint" (see workflow_trials.rs), or
    // "/api/sla-policies/what-if" (see sla.rs) "/api/tickets/counts" (see ticket_counts.rs), "/api/canned-responses/{id}/render" (see canned.rs), "/api/tickets/{ticket}/macros/{id}/preview" (see macros.rs) and "/api/inbound/preview" (see inbound_review.rs). A mail that comes by
    // "/api/inbound/email" is known by its own id (see inbound.rs). Tables, "/api/imports" and "/api/imports/{id}/run", are tried
    // in imports.rs.
    for _ in 0..2 {
        let preview = post("/api/email-templates/invitation/preview", &json!({"subject": "Welcome"}));
        let preview = world.send(preview.by(&world.admin).with("idempotency-key", "k")).await.ok(200);
        assert_eq!(text(&preview, "subject"), "Welcome");
        let forgot = post("/api/auth/password/forgot", &json!({"email": "kim@alba.example"}));
        assert_eq!(world.send(forgot.with("idempotency-key", "k")).await.status, 202);
        let session = post("/api/auth/login", &json!({"email": "kim@alba.example", "password": PASSWORD}));
        let token = world.send(session).await.ok(200)["token"].clone();
        let out = post("/api/auth/logout-all", &json!({})).with("idempotency-key", "k");
        let out = out.with("authorization", format!("Bearer {}", token.as_str().unwrap()));
        assert_eq!(world.send(out).await.status, 204);
    }
}

#[tokio::test]
async fn a_link_is_spent_once() {
    let world = world().await;
    for route in ["/api/auth/password/reset", "/api/auth/setup"] {
        let body = json!({"token": "x", "email": "a@b.example", "name": "A", "password": PASSWORD});
        let body = if route.ends_with("reset") { json!({"token": "x", "password": PASSWORD}) } else { body };
        for _ in 0..2 {
            let call = post(route, &body).with("idempotency-key", "k");
            world.send(call).await.fields(&[("token", "invalid")]);
        }
    }
}

#[tokio::test]
async fn signing_up_twice_is_signing_up_once() {
    let world = world().await;
    let body = json!({"email": "neo@people.example", "name": "Neo", "password": PASSWORD});
    let call = || post("/api/auth/register", &body).with("idempotency-key", "k");
    let first = world.send(call()).await;
    first.ok(201);
    let again = world.send(call()).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!((again.header("location"), again.header("etag")), (first.header("location"), first.header("etag")));
    world.send(post("/api/auth/register", &body)).await.problem(409, "duplicate");
}

#[tokio::test]
async fn failures_are_not_kept() {
    let world = world().await;
    let wrong = json!({"email": "kim@alba.example", "password": "wrong"});
    let right = json!({"email": "kim@alba.example", "password": PASSWORD});
    world.send(post("/api/auth/login", &wrong).with("idempotency-key", "k")).await.problem(401, "unauthenticated");
    world.send(post("/api/auth/login", &right).with("idempotency-key", "k")).await.ok(200);
    let create = |body: &Value| post("/api/tickets", body).by(&world.customer).with("idempotency-key", "k");
    world.send(create(&json!({"subject": "No text"}))).await.problem(422, "invalid");
    world.send(create(&json!({"subject": "Text", "description": "It is there."}))).await.ok(201);
}

#[tokio::test]
async fn a_key_is_its_owners_and_good_for_a_day() {
    let world = world().await;
    let body = json!({"subject": "Mine", "description": "Not yours."});
    let create = |by: &Person| post("/api/tickets", &body).by(by).with("idempotency-key", "k");
    let mine = world.send(create(&world.customer)).await.ok(201);
    let theirs = world.send(create(&world.stranger)).await.ok(201);
    assert_ne!(mine["id"], theirs["id"]);
    assert_eq!(world.send(create(&world.customer)).await.ok(201)["id"], mine["id"]);
    world.pass(TimeDelta::hours(24));
    let login = post("/api/auth/login", &json!({"email": "kim@alba.example", "password": PASSWORD}));
    let token = world.send(login).await.ok(200)["token"].clone();
    let late = post("/api/tickets", &body)
        .with("authorization", format!("Bearer {}", token.as_str().unwrap()))
        .with("idempotency-key", "k");
    let late = world.send(late).await;
    assert_eq!(late.header("idempotency-replayed"), "");
    assert_ne!(late.ok(201)["id"], mine["id"]);
}

#[tokio::test]
async fn what_is_no_key_is_malformed_and_other_methods_need_none() {
    let world = world().await;
    let body = json!({"subject": "S", "description": "D"});
    for bad in ["", "a b", "\"open", &"k".repeat(256)] {
        let call = post("/api/tickets", &body).by(&world.customer).with("idempotency-key", bad);
        world.send(call).await.problem(400, "malformed");
    }
    world.send(get("/api/tickets").by(&world.customer).with("idempotency-key", "a b")).await.ok(200);
    // Nobody reads what strangers send before they are known.
    let unknown = call(Method::POST, "/api/tickets").raw("application/json", "{").with("idempotency-key", "k");
    world.send(unknown).await.problem(401, "unauthenticated");
    let broken = call(Method::POST, "/api/tickets").raw("application/json", "{").with("idempotency-key", "k");
    world.send(broken.by(&world.customer)).await.problem(400, "malformed");
}

#[tokio::test]
async fn a_customer_is_told_what_the_customer_was_told() {
    let world = world().await;
    let body = json!({"subject": "Mine", "description": "Text."});
    let create = || post("/api/tickets", &body).by(&world.customer).with("idempotency-key", "k");
    let first = world.send(create()).await;
    let again = world.send(create()).await;
    assert_eq!(again.body, first.body);
    assert!(again.ok(201).get("escalation_level").is_none());
}
