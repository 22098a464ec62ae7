//! What happens by the clock, through real servers.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod server;

use serde_json::{Value, json};
use server::client::{Client, text};
use server::{ADMIN, Place};
use std::time::{Duration, Instant};
use ticketing_core::port::{Clock, SystemClock};
use ticketing_core::time::Time;

/// How long a test waits for what must come.
const LIMIT: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn tickets_wake_on_sqlite() {
    tickets_wake(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_wake_on_postgres() {
    tickets_wake(Place::postgres()).await;
}

async fn tickets_wake(place: Place) {
    let server = place.serve().await;
    let admin = server.sign_in(ADMIN).await;
    let (ticket, wake_at) = sleeping(&admin, 1_500).await;
    let awake = woken(&admin, &ticket).await;
    assert!(awake >= wake_at, "{awake} is not before {wake_at}");
    // One that is due while nothing runs, after a power cut.
    let (missed, wake_at) = sleeping(&admin, 800).await;
    drop(server);
    while SystemClock.now() < wake_at {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let server = place.serve().await;
    let admin = admin.at(server.url());
    assert!(woken(&admin, &missed).await >= wake_at);
    assert_eq!(wakings(&admin, &ticket).await.len(), 1, "once, over the restart too");
    server.stop().await;
}

/// A ticket that is put off for so many milliseconds, and until when.
async fn sleeping(admin: &Client, milliseconds: i64) -> (String, Time) {
    let customer = json!({"email": "cy@customer.example", "name": "Cy"});
    let new = json!({"subject": "Later", "description": "Not now.", "customer": customer});
    let path = format!("/api/tickets/{}", text(&admin.post("/api/tickets", new).await.expect(201)["id"]));
    let wake_at = SystemClock.now() + chrono::TimeDelta::milliseconds(milliseconds);
    let slept = admin.patch(&path, json!({"wake_at": wake_at})).await.expect(200);
    assert_eq!(slept["status"], "pending");
    (path, wake_at)
}

/// When the ticket woke.
async fn woken(admin: &Client, path: &str) -> Time {
    let deadline = Instant::now() + LIMIT;
    while !admin.get(path).await.expect(200)["wake_at"].is_null() {
        assert!(Instant::now() < deadline, "it wakes");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let told = wakings(admin, path).await.pop().expect("it is told");
    assert_eq!(told["actor"]["id"], Value::Null, "nobody woke it");
    text(&told["at"]).parse().expect("a moment")
}

/// What is told of the ends of the ticket's sleep.
async fn wakings(admin: &Client, path: &str) -> Vec<Value> {
    let timeline = admin.all(&format!("{path}/timeline")).await;
    let is_end = |event: &Value| event["data"]["changes"].get("wake_at").is_some_and(|change| change[1].is_null());
    timeline.into_iter().filter(is_end).collect()
}
