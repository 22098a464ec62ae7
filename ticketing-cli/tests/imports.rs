//! Tables that come in over the API of the running program: killed in between, called off, and on both databases.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod server;

use reqwest::Method;
use serde_json::{Value, json};
use server::client::{Client, text};
use server::{ADMIN, PASSWORD, Place, Server};
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// More than are in before anybody looks.
const ROWS: usize = 8_000;

/// How long is waited for what has to come.
const PATIENCE: Duration = Duration::from_mins(3);

fn place(place: Place) -> Place {
    // The next worker has what a dead one held within a second.
    place.with("JOB_LEASE", "1s")
}

async fn admin_at(server: &Server) -> Client {
    Client::signed_in(server.url(), ADMIN, PASSWORD).await
}

fn table() -> String {
    let mut text = "subject,description,customer_email\n".to_owned();
    for number in 0..ROWS {
        writeln!(text, "Ticket {number},Text,c{}@mail.example", number % 40).expect("a text grows");
    }
    text
}

async fn bring(admin: &Client, query: &str, table: String) -> String {
    let path = format!("/api/imports?kind=tickets&name=old.csv{query}");
    let send = admin.send(Method::POST, &path, |request| request.header("content-type", "text/csv").body(table));
    format!("/api/imports/{}", text(&send.await.expect(201)["id"]))
}

/// Waits until this holds of a table.
async fn until(admin: &Client, path: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let import = admin.get(path).await.expect(200);
        if holds(&import) {
            return import;
        }
        assert!(begun.elapsed() < PATIENCE, "it never comes: {import}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn tickets(admin: &Client) -> Value {
    admin.get("/api/tickets?count=true&limit=1").await.expect(200)["total"].clone()
}

async fn a_killed_worker_is_followed_by_another(at: Place) {
    let at = place(at);
    let mut server = at.serve().await;
    let admin = admin_at(&server).await;
    let path = bring(&admin, "", table()).await;
    let begun = until(&admin, &path, |import| import["done"].as_u64() > Some(0)).await;
    assert_eq!(begun["state"], "running");
    server.signal("KILL").await;
    server.ended(Duration::from_secs(10)).await;
    let server = at.serve().await;
    let admin = admin_at(&server).await;
    let before = tickets(&admin).await.as_u64().expect("a count");
    assert!(0 < before && before < ROWS as u64, "{before} were in when it was killed");
    let done = until(&admin, &path, |import| import["state"] != "running").await;
    assert_eq!((&done["state"], &done["rows"], &done["wrong_rows"]), (&"done".into(), &ROWS.into(), &0.into()));
    let (made, known) = (done["made"].as_u64().expect("a count"), done["known"].as_u64().expect("a count"));
    assert_eq!(made + known, ROWS as u64, "{done}");
    assert_eq!(tickets(&admin).await, ROWS, "each is there once");
    let people = admin.get("/api/users?role=customer&count=true&limit=1").await.expect(200);
    assert_eq!(people["total"], 40);
    // Nobody is told of any of it.
    let jobs = admin.all("/api/jobs").await;
    assert!(jobs.iter().all(|job| job["kind"] == "import"), "{jobs:?}");
    assert_eq!(files(&at.folder().join("files")), 0, "the table is forgotten");
}

/// How many files there are in a folder, at whatever depth.
fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let kept = entries.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    kept.map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_worker_is_followed_by_another_on_sqlite() {
    a_killed_worker_is_followed_by_another(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_worker_is_followed_by_another_on_postgres() {
    a_killed_worker_is_followed_by_another(Place::postgres()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_called_off_stops() {
    let at = place(Place::sqlite());
    let server = at.serve().await;
    let admin = admin_at(&server).await;
    let path = bring(&admin, "", table()).await;
    until(&admin, &path, |import| import["done"].as_u64() > Some(0)).await;
    let cancelled = admin.send(Method::DELETE, &path, |request| request).await.expect(200);
    assert_eq!(cancelled["state"], "cancelled");
    // The worker is free again, for what is brought next.
    let next = bring(&admin, "&dry_run=true", table()).await;
    let looked = until(&admin, &next, |import| import["state"] == "done").await;
    // What was on its way when it was called off is in, and nothing after it.
    let stopped = tickets(&admin).await;
    assert!(
        looked["known"].as_u64() <= stopped.as_u64() && stopped.as_u64() < Some(ROWS as u64),
        "{looked}, {stopped}"
    );
    assert_eq!(admin.get(&path).await.expect(200)["state"], "cancelled");
    // What was left is taken in by the same table.
    admin.post(&format!("{next}/run"), json!({})).await.expect(200);
    until(&admin, &next, |import| import["dry_run"] == false && import["state"] == "done").await;
    assert_eq!(tickets(&admin).await, ROWS);
}
