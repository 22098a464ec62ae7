//! What the program says of the link among its processes, and that it works without one.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod server;

use server::{ADMIN, Place, Server, client};
use std::time::{Duration, Instant};

const LINKED: &str = "ticketing_bus_linked";
/// Nobody listens there.
const AWAY: &str = "redis://:canary@127.0.0.1:1";

async fn metrics(server: &Server) -> String {
    let answer = client::http().get(format!("{}/metrics", server.url())).send().await.expect("it answers");
    answer.text().await.expect("it is text")
}

async fn says(server: &Server, line: &str) {
    let begun = Instant::now();
    loop {
        let said = metrics(server).await;
        if said.lines().any(|said| said == line) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{line} is not among\n{said}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_on_postgres_are_linked_without_more() {
    let place = Place::postgres();
    let (one, two) = (place.serve().await, place.serve().await);
    for server in [&one, &two] {
        says(server, &format!("{LINKED} 1")).await;
    }
    // A verb links, tells what it did and ends.
    place.run(&["user", "set-role", ADMIN, "admin"]).await;
    one.stop().await;
    says(&two, &format!("{LINKED} 1")).await;
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_alone_has_nobody_to_reach() {
    let server = Place::sqlite().serve().await;
    assert!(!metrics(&server).await.contains(LINKED));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_is_away_keeps_nobody_from_working() {
    let place = Place::sqlite().with("REDIS_URL", AWAY);
    let server = place.serve().await;
    says(&server, &format!("{LINKED} 0")).await;
    server.sign_in(ADMIN).await.get("/api/tickets").await.expect(200);
    let begun = Instant::now();
    place.person("amy@desk.example", "Amy", "agent").await;
    assert!(begun.elapsed() < Duration::from_secs(20), "a verb took {:?}", begun.elapsed());
    let doctor = place.program(["doctor"]).output().await.expect("the program runs");
    let said = String::from_utf8_lossy(&doctor.stdout) + String::from_utf8_lossy(&doctor.stderr);
    assert_eq!(doctor.status.code(), Some(1), "{said}");
    assert!(said.contains("fail redis — Redis does not answer: "), "{said}");
    let log = server.log();
    assert!(log.contains("no link to other processes by Redis"), "{log}");
    assert!(!said.contains("canary") && !log.contains("canary"), "{said}{log}");
    server.stop().await;
}
