//! What a client may send by mistake or on purpose: the contract's errors, all fields at once,
//! and nothing written.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod server;

use reqwest::Method;
use serde_json::{Value, json};
use server::client::{Client, text};
use server::{ADMIN, PASSWORD, Place};

const NOBODY: &str = "0197a2b0-0000-7000-8000-00000000beef";

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_on_sqlite() {
    bad_input(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_on_postgres() {
    bad_input(Place::postgres()).await;
}

async fn bad_input(place: Place) {
    let server = place.serve().await;
    let admin = server.sign_in(ADMIN).await;
    let new = json!({"email": "cy@customer.example", "name": "Cy", "role": "customer", "password": PASSWORD});
    let customer_id = text(&admin.post("/api/users", new).await.expect(201)["id"]);
    let customer = server.sign_in("cy@customer.example").await;
    let ticket = customer.post("/api/tickets", json!({"subject": "First", "description": "Words"})).await.expect(201);
    let path = format!("/api/tickets/{}", text(&ticket["id"]));
    let before = State::of(&admin, &path).await;

    wrong_tickets(&admin, &customer).await;
    wrong_edits(&admin, &path).await;
    wrong_people(&admin, &customer_id).await;
    wrong_transport(&admin, &path).await;
    wrong_ids(&admin, &path).await;

    assert_eq!(State::of(&admin, &path).await, before, "a refused request wrote something");
    server.stop().await;
}

/// Everything that a refused request must leave as it was.
#[derive(Debug, PartialEq)]
struct State {
    lists: Vec<Vec<Value>>,
    events: Value,
    ticket: Value,
}

impl State {
    async fn of(admin: &Client, path: &str) -> Self {
        let mut lists = Vec::new();
        for list in ["/api/tickets", "/api/users", "/api/teams", "/api/organizations", "/api/audit"] {
            lists.push(admin.all(list).await);
        }
        for part in ["comments", "timeline", "watchers"] {
            lists.push(admin.all(&format!("{path}/{part}")).await);
        }
        Self {
            lists,
            events: admin.get("/api/events?limit=100").await.expect(200),
            ticket: admin.get(path).await.expect(200),
        }
    }
}

async fn wrong_tickets(admin: &Client, customer: &Client) {
    let fields = async |body: Value| customer.post("/api/tickets", body).await.wrong_fields();
    assert_eq!(fields(json!({})).await, ["description", "subject"]);
    assert_eq!(fields(json!({"subject": "", "description": " \n\t"})).await, ["description", "subject"]);
    assert_eq!(
        fields(json!({
            "subject": 7, "description": ["Words"], "priority": "burning", "tags": "printer", "custom_fields": [],
            "colour": "red", "category": {},
        }))
        .await,
        ["category", "colour", "custom_fields", "description", "priority", "subject", "tags"],
        "all failures at once"
    );
    assert_eq!(fields(json!({"subject": null, "description": "Words"})).await, ["subject"]);
    assert_eq!(fields(json!({"subject": "a\0b", "description": "c\0d"})).await, ["description", "subject"]);
    assert_eq!(fields(json!({"subject": "x".repeat(1 << 20), "description": "Words"})).await, ["subject"]);
    for server_side in ["id", "ticket_number", "version", "created_at", "escalation_level", "channel", "status"] {
        let body = json!({"subject": "First", "description": "Words", server_side: 1});
        assert_eq!(fields(body).await, [server_side]);
    }

    let on_behalf = json!({"subject": "First", "description": "Words", "customer_id": NOBODY});
    assert_eq!(admin.post("/api/tickets", on_behalf.clone()).await.wrong_fields(), ["customer_id"]);
    let refused = customer.post("/api/tickets", on_behalf).await;
    assert!([403, 422].contains(&refused.status), "{}", refused.text);
    let foreign = json!({"subject": "First", "description": "Words", "customer_id": customer.id(), "team_id": NOBODY,
        "assigned_agent_id": customer.id()});
    assert_eq!(admin.post("/api/tickets", foreign).await.wrong_fields(), ["assigned_agent_id", "team_id"]);
}

async fn wrong_edits(admin: &Client, path: &str) {
    let fields = async |body: Value| admin.patch(path, body).await.wrong_fields();
    assert_eq!(fields(json!({"colour": 1, "size": 2})).await, ["colour", "size"]);
    assert_eq!(
        fields(json!({"subject": null, "status": "burning", "version": "one"})).await,
        ["status", "subject", "version"]
    );
    assert_eq!(fields(json!({"tags": ["ok", 7]})).await.len(), 1);
    admin.patch(path, json!({"subject": "Second", "version": 99})).await.problem(409);
    let stale = admin.send(Method::PATCH, path, |r| r.header("If-Match", "\"99\"").json(&json!({"subject": "Second"})));
    stale.await.problem(412);

    let comments = format!("{path}/comments");
    assert_eq!(admin.post(&comments, json!({})).await.wrong_fields(), ["body"]);
    assert_eq!(
        admin.post(&comments, json!({"body": "", "is_internal": "yes"})).await.wrong_fields(),
        ["body", "is_internal"]
    );
    assert_eq!(admin.post(&comments, json!({"body": "a\0b", "colour": 1})).await.wrong_fields(), ["body", "colour"]);
    let assign = format!("{path}/assign");
    assert_eq!(
        admin.post(&assign, json!({"agent_id": NOBODY, "team_id": NOBODY})).await.wrong_fields(),
        ["agent_id", "team_id"]
    );
    assert_eq!(admin.post(&format!("{path}/escalate"), json!({"reason": ""})).await.wrong_fields(), ["reason"]);
    assert_eq!(admin.post(&format!("{path}/watchers"), json!({"user_id": NOBODY})).await.wrong_fields(), ["user_id"]);
}

async fn wrong_people(admin: &Client, customer_id: &str) {
    let fields = async |path: &str, body: Value| admin.post(path, body).await.wrong_fields();
    assert_eq!(fields("/api/users", json!({})).await, ["email", "name", "role"]);
    assert_eq!(
        fields("/api/users", json!({"email": "no address", "name": "", "role": "king", "password": "p".repeat(73)}))
            .await,
        ["email", "name", "password", "role"]
    );
    let twin = json!({"email": "CY@customer.example", "name": "Cy again", "role": "customer", "password": PASSWORD});
    admin.post("/api/users", twin).await.problem(409);
    let path = format!("/api/users/{customer_id}");
    assert_eq!(
        admin.patch(&path, json!({"role": "king", "password_hash": "x"})).await.wrong_fields(),
        ["password_hash", "role"]
    );
    assert_eq!(fields("/api/teams", json!({"name": "", "routing": "by_dice"})).await, ["name", "routing"]);
    assert_eq!(fields("/api/organizations", json!({"name": "\0", "colour": 1})).await, ["colour", "name"]);
    let own = admin.patch("/api/auth/me", json!({"role": "admin", "availability": "asleep"})).await;
    assert_eq!(own.wrong_fields(), ["availability", "role"]);
}

/// Faults below the meaning of a body: its syntax, type and size, and requests to nowhere.
async fn wrong_transport(admin: &Client, path: &str) {
    let tickets = "/api/tickets";
    let raw = async |content_type: &'static str, body: Vec<u8>| {
        admin.send(Method::POST, tickets, |r| r.header("Content-Type", content_type).body(body)).await
    };
    for malformed in ["", "{", "{\"subject\": \"x\",}", "{\"subject\": \"\\ud800\"}", "[1,2", "nul"] {
        raw("application/json", malformed.into()).await.problem(400);
    }
    raw("application/json", b"{\"subject\": \"\xff\xfe\"}".to_vec()).await.problem(400);
    for no_object in ["[]", "7", "\"subject\"", "null"] {
        let answer = raw("application/json", no_object.into()).await;
        assert!([400, 422].contains(&answer.status), "{no_object}: {}", answer.text);
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    raw("application/json", deep.into()).await.problem(400);
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        raw(content_type, b"{}".to_vec()).await.problem(415);
    }
    admin.send(Method::POST, tickets, |r| r.body("{}")).await.problem(415);
    raw("application/json", vec![b' '; 3 << 20]).await.problem(413);
    let announced = admin.announce(tickets, 1 << 40).await;
    assert!(announced.starts_with("HTTP/1.1 413 "), "{announced}");

    let wrong_method = admin.delete(tickets).await;
    wrong_method.problem(405);
    let allowed = wrong_method.header("allow").to_owned();
    assert!(allowed.contains("GET") && allowed.contains("POST"), "{allowed}");
    admin.send(Method::PUT, path, |r| r.json(&json!({}))).await.problem(405);
    for nowhere in ["/api/nowhere", "/api", "/api/tickets/", "/nowhere", "/api/tickets/x/y/z", "/api/%00"] {
        admin.get(nowhere).await.problem(404);
    }
    admin.get("/api/tickets/%ff").await.problem(400);
    let odd = admin.send(Method::GET, path, |r| r.header("Authorization", "Basic Zm9v")).await;
    odd.problem(401);
}

async fn wrong_ids(admin: &Client, path: &str) {
    for id in [NOBODY, "TKT-ZZZZZZZZ", "tkt", "1", "%27%20OR%201=1", "..%2f..%2fetc%2fpasswd", "🔥"] {
        admin.get(&format!("/api/tickets/{id}")).await.problem(404);
        admin.patch(&format!("/api/tickets/{id}"), json!({"subject": "Second"})).await.problem(404);
        admin.post(&format!("/api/tickets/{id}/comments"), json!({"body": "Words"})).await.problem(404);
        admin.get(&format!("/api/users/{id}")).await.problem(404);
        admin.get(&format!("/api/teams/{id}")).await.problem(404);
    }
    for list in ["/api/tickets", "/api/users", "/api/audit", "/api/organizations", &format!("{path}/comments")] {
        for cursor in ["x", "AAAA", "eyJrZXkiOjF9", "%00", &"A".repeat(4000)] {
            let answer = admin.get(&format!("{list}?cursor={cursor}")).await;
            assert_eq!(answer.wrong_fields(), ["cursor"], "{list}");
        }
    }
}
