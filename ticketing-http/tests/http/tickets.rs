//! A ticket's life over HTTP.

use crate::support::*;
use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

#[tokio::test]
async fn a_ticket_lives_from_creation_to_closure() {
    let world = world().await;
    let body = json!({"subject": "Cannot log in 🙃", "description": "Since this morning…", "priority": "high",
        "category": "Access", "tags": ["login", "Straße"]});
    let answer = world.send(post("/api/tickets", &body).by(&world.customer)).await;
    let ticket = answer.ok(201);
    let path = format!("/api/tickets/{}", text(&ticket, "id"));
    assert_eq!(answer.header("location"), path);
    assert_eq!(answer.header("etag"), "\"1\"");
    assert_eq!(ticket["customer_id"], world.customer.id());
    assert_eq!(ticket["url"], format!("http://127.0.0.1:5000/tickets/{}", text(&ticket, "ticket_number")));
    assert!(text(&ticket, "created_at").ends_with('Z'));
    for hidden in ["escalation_level", "sla", "is_sla_breached"] {
        assert!(ticket.get(hidden).is_none(), "{hidden} is not for customers");
    }
    let by_number = format!("/api/tickets/{}", text(&ticket, "ticket_number").to_lowercase());
    assert_eq!(world.send(get(&by_number).by(&world.customer)).await.ok(200)["id"], ticket["id"]);

    let note = json!({"body": "CANARY: looks like a bug", "is_internal": true});
    let comments = format!("{path}/comments");
    world.send(post(&comments, &note).by(&world.agent)).await.ok(201);
    let reply = world.send(post(&comments, &json!({"body": "We look into it."})).by(&world.agent)).await.ok(201);
    assert_eq!(reply["author"]["name"], "eve@desk.example");
    let assigned = json!({"agent_id": world.agent.id()});
    world.send(post(format!("{path}/assign"), &assigned).by(&world.agent)).await.ok(200);
    let escalated = post(format!("{path}/escalate"), &json!({"reason": "VIP"})).by(&world.agent);
    assert_eq!(world.send(escalated).await.ok(200)["escalation_level"], 1);
    for status in ["resolved", "open", "resolved", "closed"] {
        let answer = world.send(patch(&path, &json!({"status": status})).by(&world.agent)).await;
        assert_eq!(answer.ok(200)["status"], status);
    }
    let reopened = patch(&path, &json!({"status": "pending"})).by(&world.agent);
    world.send(reopened).await.problem(409, "illegal_transition");

    for list in [comments, format!("{path}/timeline")] {
        let seen = world.send(get(&list).by(&world.customer)).await;
        assert!(!seen.text().contains("CANARY"), "{}", seen.text());
        assert!(seen.text().contains("We look into it."));
        assert!(world.send(get(&list).by(&world.agent)).await.text().contains("CANARY"));
    }
    assert!(!world.send(get("/api/events?limit=100").by(&world.customer)).await.text().contains("escalat"));
}

#[tokio::test]
async fn all_failures_of_a_new_ticket_come_at_once() {
    let world = world().await;
    let body = json!({"subject": "", "priority": "urgent", "tags": "x", "status": "closed", "id": 1});
    let expected = [
        ("subject", "required"),
        ("description", "required"),
        ("priority", "unknown_value"),
        ("tags", "type"),
        ("status", "unknown_field"),
        ("id", "unknown_field"),
    ];
    world.send(post("/api/tickets", &body).by(&world.agent)).await.fields(&expected);
    let body = json!({"subject": "a\u{0}b", "description": "x", "tags": ["", "a"]});
    let expected = [("subject", "control_character"), ("tags[0]", "required")];
    world.send(post("/api/tickets", &body).by(&world.customer)).await.fields(&expected);
    let body = json!({"subject": "a", "description": "x", "team_id": world.organization.id,
        "customer_id": world.stranger.id()});
    let expected = [("team_id", "forbidden"), ("customer_id", "forbidden")];
    world.send(post("/api/tickets", &body).by(&world.customer)).await.fields(&expected);
    let long = json!({"subject": "x".repeat(1_000_000), "description": "x"});
    world.send(post("/api/tickets", &long).by(&world.agent)).await.fields(&[("subject", "too_long")]);
    for body in [json!([]), json!("x"), json!(null)] {
        world.send(post("/api/tickets", &body).by(&world.agent)).await.fields(&[("", "type")]);
    }
    assert_eq!(world.send(get("/api/tickets?count=true").by(&world.admin)).await.ok(200)["total"], 0);
}

#[tokio::test]
async fn unicode_comes_back_as_it_was_sent() {
    let world = world().await;
    for subject in ["👩‍👩‍👧‍👦 family", "مرحبا بالعالم", "e\u{301}tude", "\u{202e}txet", "𝔘𝔫𝔦"]
    {
        let ticket = world.ticket(subject).await;
        let shown = world.send(get(format!("/api/tickets/{}", text(&ticket, "id"))).by(&world.customer)).await.ok(200);
        assert_eq!(shown["subject"], subject);
    }
}

#[tokio::test]
async fn what_one_may_not_see_is_not_there() {
    let world = world().await;
    let path = format!("/api/tickets/{}", text(&world.ticket("Mine").await, "id"));
    let absent = "/api/tickets/01890000-0000-7000-8000-000000000000";
    let mut foreign = world.send(get(&path).by(&world.stranger)).await.problem(404, "not_found");
    let mut missing = world.send(get(absent).by(&world.stranger)).await.problem(404, "not_found");
    (foreign["request_id"], missing["request_id"]) = (json!(0), json!(0));
    assert_eq!(foreign, missing, "the same words for both");
    let comment = json!({"body": "hello"});
    for (call, what) in [
        (post(format!("{path}/comments"), &comment), "comment"),
        (get(format!("{path}/comments")), "comments"),
        (get(format!("{path}/timeline")), "timeline"),
    ] {
        assert_eq!(world.send(call.by(&world.stranger)).await.status, 404, "{what}");
    }
    let list = world.send(get("/api/tickets?count=true").by(&world.stranger)).await.ok(200);
    assert_eq!(list, json!({"items": [], "next_cursor": null, "total": 0}));
    let shown = world.send(get(&path).by(&world.customer)).await.ok(200);
    assert_eq!((&shown["subject"], &shown["version"]), (&json!("Mine"), &json!(1)), "nothing changed");
}

#[tokio::test]
async fn comments_are_corrected_by_their_author_for_a_while() {
    let world = world().await;
    let path = format!("/api/tickets/{}/comments", text(&world.ticket("Typo").await, "id"));
    let answer = world.send(post(&path, &json!({"body": "helo"})).by(&world.customer)).await;
    let comment = answer.ok(201);
    let own = answer.header("location").to_owned();
    assert_eq!(own, format!("/api/comments/{}", text(&comment, "id")));
    let edit = |body: &Value| patch(&own, body);
    world.send(edit(&json!({"body": "x"})).by(&world.agent)).await.problem(403, "forbidden");
    world.send(edit(&json!({"body": "x"})).by(&world.stranger)).await.problem(404, "not_found");
    let first = edit(&json!({"body": "hello"})).by(&world.customer).with("if-match", answer.header("etag"));
    let changed = world.send(first).await;
    assert_eq!(changed.ok(200)["body"], "hello");
    assert_eq!(changed.header("etag"), "\"2\"");
    assert!(changed.json()["edited_at"].is_string());
    let stale = edit(&json!({"body": "hi"})).by(&world.customer).with("if-match", "\"1\"");
    world.send(stale).await.problem(412, "stale_version");
    world.send(edit(&json!({"body": ""})).by(&world.customer)).await.fields(&[("body", "required")]);
    world
        .send(edit(&json!({"body": "x", "is_internal": true})).by(&world.customer))
        .await
        .fields(&[("is_internal", "unknown_field")]);
    world.pass(TimeDelta::minutes(15) + TimeDelta::seconds(1));
    let again = post("/api/auth/login", &json!({"email": "kim@alba.example", "password": PASSWORD}));
    let token = world.send(again).await.ok(200);
    let late = edit(&json!({"body": "late"})).with("authorization", format!("Bearer {}", text(&token, "token")));
    world.send(late).await.problem(403, "forbidden");
}

#[tokio::test]
async fn staff_listen_to_tickets() {
    let world = world().await;
    let path = format!("/api/tickets/{}/watchers", text(&world.ticket("Watched").await, "id"));
    let answer = world.send(post(&path, &json!({"user_id": world.manager.id()})).by(&world.agent)).await;
    let watcher = answer.ok(201);
    assert_eq!(watcher["user_id"], world.manager.id());
    assert_eq!(answer.header("location"), format!("{path}/{}", world.manager.id()));
    let list = world.send(get(&path).by(&world.agent)).await.ok(200);
    assert_eq!(list["items"][0]["user_id"], world.manager.id());
    assert_eq!(list["next_cursor"], Value::Null);
    world.send(get(&path).by(&world.customer)).await.problem(403, "forbidden");
    world.send(post(&path, &json!({})).by(&world.agent)).await.fields(&[("user_id", "required")]);
    let stranger = json!({"user_id": world.stranger.id()});
    world.send(post(&path, &stranger).by(&world.agent)).await.fields(&[("user_id", "may_not_see")]);
    let one = format!("{path}/{}", world.manager.id());
    assert!(world.send(delete(&one).by(&world.agent)).await.ok(204).is_null());
    world.send(delete(&one).by(&world.agent)).await.problem(404, "not_found");
    world.send(delete(format!("{path}/nobody")).by(&world.agent)).await.problem(404, "not_found");
}

#[tokio::test]
async fn whoever_asked_closes_a_ticket_and_opens_it_again() {
    let world = world().await;
    let ticket = world.ticket("Cannot print").await;
    let path = format!("/api/tickets/{}", text(&ticket, "id"));
    let go = |way: &str| call(Method::POST, format!("{path}/{way}"));
    for way in ["close", "reopen"] {
        world.send(go(way).by(&world.stranger)).await.problem(404, "not_found");
        let refused = world.send(go(way).by(&world.agent)).await.problem(403, "forbidden");
        assert!(text(&refused, "detail").contains("Staff set the status"), "{refused}");
    }
    world.send(go("reopen").by(&world.customer)).await.problem(409, "not_resolved");
    world.send(patch(&path, &json!({"status": "resolved"})).by(&world.agent)).await.ok(200);
    let reopen = || go("reopen").by(&world.customer);
    world.send(reopen().with("if-match", "\"1\"")).await.problem(412, "stale_version");
    world.send(reopen().json(&json!({"version": 1}))).await.problem(409, "stale_version");
    world.send(reopen().json(&json!({"status": "open"}))).await.fields(&[("status", "unknown_field")]);
    let opened = world.send(reopen().with("if-match", "\"2\"")).await;
    assert_eq!((&opened.ok(200)["status"], opened.header("etag")), (&json!("open"), "\"3\""));
    assert!(opened.json().get("escalation_level").is_none(), "{}", opened.text());
    let close = || go("close").by(&world.customer);
    assert_eq!(world.send(close().json(&json!({}))).await.ok(200)["status"], "closed");
    assert_eq!(world.send(close()).await.header("etag"), "\"4\"", "it is closed already");
    world.send(reopen()).await.problem(409, "ticket_closed");
    let events = world.send(get("/api/events?limit=100").by(&world.agent)).await.ok(200);
    let last = events["items"].as_array().unwrap().iter().rfind(|one| one["type"] == "ticket.status_changed").unwrap();
    assert_eq!(last["actor"]["id"], world.customer.id());
}

#[tokio::test]
async fn labels_of_many_tickets_come_and_go_whatever_else_is_on_them() {
    let world = world().await;
    let mut ids = Vec::new();
    for tags in [json!(["old"]), json!(["old", "print"]), json!([])] {
        let body = json!({"subject": "Paper", "description": "Jam", "tags": tags});
        ids.push(text(&world.ticket_with(body).await, "id").to_owned());
    }
    let body = json!({"tickets": ids, "changes": {"add_tags": ["vip"], "remove_tags": ["OLD"]}});
    let outcome = world.send(post("/api/tickets/bulk", &body).by(&world.agent)).await.ok(200);
    assert!(outcome["items"].as_array().unwrap().iter().all(|one| one["ok"] == true), "{outcome}");
    for (id, tags) in ids.iter().zip([json!(["vip"]), json!(["print", "vip"]), json!(["vip"])]) {
        assert_eq!(world.send(get(format!("/api/tickets/{id}")).by(&world.agent)).await.ok(200)["tags"], tags);
    }
    let both = json!({"tickets": ids, "changes": {"tags": [], "add_tags": ["vip"]}});
    let both = world.send(post("/api/tickets/bulk", &both).by(&world.agent)).await;
    both.fields(&[("changes.add_tags", "contradiction")]);
}
