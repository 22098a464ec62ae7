//! What happens to the process and its neighbours: a signal under load, a database that is away,
//! and many servers that start at once.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod server;

use reqwest::Method;
use serde_json::json;
use server::client::{Client, text};
use server::database::Cluster;
use server::{ADMIN, Place, Server};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const CLIENTS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_under_load_drains_on_sqlite() {
    sigterm_under_load_drains(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_under_load_drains_on_postgres() {
    sigterm_under_load_drains(Place::postgres()).await;
}

/// Every request that was taken is answered, every answered write is there afterwards, and the
/// process says by its exit code that all is well.
async fn sigterm_under_load_drains(place: Place) {
    let mut server = place.serve().await;
    let admin = server.sign_in(ADMIN).await;
    let customer = customer(&admin).await;
    let mut writers = JoinSet::new();
    for number in 0..CLIENTS {
        writers.spawn(write_until_refused(admin.at(server.url()), customer.clone(), number));
    }
    tokio::time::sleep(Duration::from_millis(700)).await;
    server.signal("TERM").await;
    let status = server.ended(Duration::from_secs(35)).await;
    assert_eq!(status.code(), Some(0), "{}", server.log());
    let answered: Vec<_> = writers.join_all().await.into_iter().flatten().collect();
    assert!(answered.len() >= CLIENTS, "the clients hardly wrote: {answered:?}");

    let server = place.serve().await;
    let mut stored = BTreeMap::new();
    for ticket in admin.at(server.url()).all("/api/tickets").await {
        *stored.entry(text(&ticket["subject"])).or_insert(0) += 1;
    }
    for subject in &answered {
        assert_eq!(stored.get(subject), Some(&1), "{subject} was answered");
    }
    assert!(stored.len() <= answered.len() + CLIENTS, "each client has one request at a time");
    server.stop().await;
}

async fn customer(admin: &Client) -> String {
    let new = json!({"email": "cy@customer.example", "name": "Cy", "role": "customer", "password": server::PASSWORD});
    text(&admin.post("/api/users", new).await.expect(201)["id"])
}

/// Creates tickets until the server takes no more, and gives the subjects that were answered.
async fn write_until_refused(client: Client, customer: String, writer: usize) -> Vec<String> {
    let mut answered = Vec::new();
    for number in 0.. {
        let subject = format!("writer {writer} ticket {number}");
        let new = json!({"subject": subject, "description": "Words", "customer_id": customer});
        match client.try_send(Method::POST, "/api/tickets", |r| r.json(&new)).await {
            Ok(answer) => {
                answer.expect(201);
                answered.push(subject);
            }
            Err(_) => break,
        }
    }
    answered
}

/// The process lives through an outage, says so to its clients, and needs no help to recover.
#[tokio::test(flavor = "multi_thread")]
async fn database_away_is_a_503_until_it_is_back() {
    let cluster = Cluster::start();
    let place = Place::on(cluster.database());
    let server = place.serve().await;
    let admin = server.sign_in(ADMIN).await;
    let customer = customer(&admin).await;
    let new = |subject: &str| json!({"subject": subject, "description": "Words", "customer_id": customer});
    let kept = admin.post("/api/tickets", new("Before")).await.expect(201);
    let path = format!("/api/tickets/{}", text(&kept["id"]));

    cluster.halt();
    let begun = Instant::now();
    for answer in [
        admin.get("/api/tickets").await,
        admin.get(&path).await,
        admin.post("/api/tickets", new("During")).await,
        admin.patch(&path, json!({"category": "during"})).await,
        server.stranger().post("/api/auth/login", json!({"email": ADMIN, "password": server::PASSWORD})).await,
    ] {
        answer.problem(503);
        assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0), "{:?}", answer.headers);
    }
    assert!(begun.elapsed() < Duration::from_secs(30), "five refusals took {:?}", begun.elapsed());
    assert_eq!(server.stranger().get("/healthz").await.status, 200, "the process is alive");
    assert_eq!(server.stranger().get("/readyz").await.status, 503, "but not ready");

    cluster.resume();
    let back = Instant::now();
    server.ready().await;
    assert_eq!(admin.get(&path).await.expect(200)["category"], kept["category"]);
    admin.post("/api/tickets", new("After")).await.expect(201);
    assert!(back.elapsed() < Duration::from_secs(10), "recovery took {:?}", back.elapsed());
    let subjects: Vec<_> = admin.all("/api/tickets").await.iter().map(|ticket| text(&ticket["subject"])).collect();
    assert_eq!(subjects, ["After", "Before"], "what was refused is not there");
    server.stop().await;
    drop(place);
}

/// Five servers on one empty database: one of them migrates, the others wait for it.
#[tokio::test(flavor = "multi_thread")]
async fn five_servers_start_at_once_and_migrate_once() {
    let place = Place::postgres();
    let servers: [Server; 5] =
        tokio::join!(place.serve(), place.serve(), place.serve(), place.serve(), place.serve()).into();
    let migrations = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../ticketing-store/migrations/postgres"));
    let expected = migrations.expect("migrations").count();
    let applied = place.database().query("SELECT count(*) FROM desk_migration");
    assert_eq!(applied, expected.to_string());
    let migrated: usize = servers.iter().map(|server| server.log().matches("migrated version=").count()).sum();
    assert_eq!(migrated, expected, "each migration is the work of one server");

    let admin = servers[0].sign_in(ADMIN).await;
    let customer = customer(&admin).await;
    let new = json!({"subject": "By one", "description": "Words", "customer_id": customer});
    let made = admin.post("/api/tickets", new).await.expect(201);
    for server in &servers {
        let read = admin.at(server.url()).get(&format!("/api/tickets/{}", text(&made["id"]))).await.expect(200);
        assert_eq!(read, made, "a ticket of one server is known to all");
    }
    let admins = admin.all("/api/users").await.iter().filter(|user| user["role"] == "admin").count();
    assert_eq!(admins, 1, "the first admin is made once");
    for server in servers {
        server.stop().await;
    }
}

/// A bad setting stops the start with one line that names it.
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_setting_is_named_in_one_line() {
    for (name, value) in [
        ("PORT", "harbour"),
        ("DATABASE_URL", "mysql://localhost/desk"),
        ("JWT_EXPIRES_IN", "soon"),
        ("TICKETING_ENV", "production"),
        ("PASSWORD_HASH", "md5"),
    ] {
        let place = Place::sqlite().with(name, value);
        let output = place.program(["serve"]).output().await.expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code().is_some_and(|code| code == 1 || code == 2), "{name}={value}: {}", output.status);
        let named = if name == "TICKETING_ENV" { "JWT_SECRET" } else { name };
        assert!(said.contains(named) && said.trim().lines().count() == 1, "{name}={value}: {said}");
    }
}
