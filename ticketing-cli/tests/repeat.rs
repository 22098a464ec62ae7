//! Many at once through real servers: one effect a key, one winner a version.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod server;

use reqwest::Method;
use serde_json::{Value, json};
use server::client::{Client, text};
use server::{ADMIN, PASSWORD, Place};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::task::JoinSet;

const PARALLEL: usize = 50;

#[tokio::test(flavor = "multi_thread")]
async fn fifty_posts_of_one_key_have_one_effect_on_sqlite() {
    one_effect(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_posts_of_one_key_have_one_effect_on_postgres() {
    one_effect(Place::postgres()).await;
}

async fn one_effect(place: Place) {
    let server = place.serve().await;
    let admin = Arc::new(server.sign_in(ADMIN).await);
    let customer = json!({"email": "cy@customer.example", "name": "Cy", "role": "customer", "password": PASSWORD});
    let customer = text(&admin.post("/api/users", customer).await.expect(201)["id"]);
    let new = json!({"subject": "Once", "description": "And not again.", "customer_id": customer});
    let ticket = same(&admin, "/api/tickets", &new, 201).await;
    assert_eq!(admin.all("/api/tickets").await.len(), 1, "one ticket");
    let path = format!("/api/tickets/{}", text(&ticket["id"]));
    same(&admin, &format!("{path}/comments"), &json!({"body": "Once."}), 201).await;
    assert_eq!(admin.all(&format!("{path}/comments")).await.len(), 1, "one comment");
    same(&admin, &format!("{path}/escalate"), &json!({"reason": "Once."}), 200).await;
    assert_eq!(admin.get(&path).await.expect(200)["escalation_level"], 1, "one level up");
    // The address is unique, so a twin could also be refused for that.
    let person = json!({"email": "dee@customer.example", "name": "Dee", "role": "customer", "password": PASSWORD});
    same(&admin, "/api/users", &person, 201).await;

    // What was answered is told again by a server that was killed and came back.
    drop(server);
    let server = place.serve().await;
    let admin = Arc::new(admin.at(server.url()));
    assert_eq!(same(&admin, "/api/tickets", &new, 201).await, ticket);
    assert_eq!(admin.all("/api/tickets").await.len(), 1, "still one ticket");
    server.stop().await;
}

/// Sends the same request many times at once; every answer must be the same. Gives it.
async fn same(client: &Arc<Client>, path: &str, body: &Value, status: u16) -> Value {
    let mut senders = JoinSet::new();
    for _ in 0..PARALLEL {
        let (client, path, body) = (Arc::clone(client), path.to_owned(), body.clone());
        senders.spawn(async move {
            client.send(Method::POST, &path, |request| request.header("Idempotency-Key", "the-one").json(&body)).await
        });
    }
    let answers = senders.join_all().await;
    for answer in &answers {
        answer.expect(status);
    }
    let texts: BTreeSet<_> = answers.iter().map(|answer| answer.text.as_str()).collect();
    assert_eq!(texts.len(), 1, "{path} has {} different answers", texts.len());
    answers[0].json()
}

const STALE: usize = 500;
const WRITERS: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn no_stale_patch_overwrites_anything_on_sqlite() {
    no_overwrite(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_stale_patch_overwrites_anything_on_postgres() {
    no_overwrite(Place::postgres()).await;
}

/// Writers that all decided on the same version: one of each round wins, the others are told.
async fn no_overwrite(place: Place) {
    let server = place.serve().await;
    let admin = Arc::new(server.sign_in(ADMIN).await);
    let customer = json!({"email": "cy@customer.example", "name": "Cy", "role": "customer", "password": PASSWORD});
    let customer = text(&admin.post("/api/users", customer).await.expect(201)["id"]);
    let new = json!({"subject": "Wanted", "description": "By many.", "customer_id": customer});
    let ticket = admin.post("/api/tickets", new).await.expect(201);
    let path = format!("/api/tickets/{}", text(&ticket["id"]));
    for round in 0..STALE / WRITERS {
        let version = i64::try_from(round).expect("it fits") + 1;
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let (admin, path) = (Arc::clone(&admin), path.clone());
            writers.spawn(async move {
                let category = format!("round {round} writer {writer}");
                let body = json!({"category": category});
                let tag = format!("\"{version}\"");
                let answer = admin.send(Method::PATCH, &path, |r| r.header("If-Match", tag).json(&body)).await;
                (category, answer)
            });
        }
        let mut winners = Vec::new();
        for (category, answer) in writers.join_all().await {
            if answer.status == 200 {
                assert_eq!(answer.json()["version"], version + 1);
                winners.push(category);
            } else {
                assert_eq!(answer.problem(412)["current_version"], version + 1);
            }
        }
        assert_eq!(winners.len(), 1, "round {round}: {winners:?}");
        let stored = admin.get(&path).await.expect(200);
        assert_eq!((&stored["category"], &stored["version"]), (&json!(winners[0]), &json!(version + 1)));
    }
    server.stop().await;
}
