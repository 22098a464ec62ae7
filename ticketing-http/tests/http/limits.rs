//! Who asks too often.

use crate::support::*;
use axum::extract::ConnectInfo;
use http_body_util::BodyExt;
use serde_json::json;
use std::net::SocketAddr;
use ticketing_http::HttpOptions;
use tower::ServiceExt;

fn limited(strangers: &str, people: &str) -> HttpOptions {
    let rate = |text: &str| (text != "off").then(|| text.parse().unwrap());
    HttpOptions {
        rate_limit_anonymous: rate(strangers),
        rate_limit_user: rate(people),
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        ..options()
    }
}

/// Sends it as a neighbour of this address.
async fn from(world: &World, address: &str, call: Call) -> Answer {
    let mut request = call.request();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address.parse().unwrap(), 4711)));
    let (parts, body) = world.app.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, body }
}

fn standing(answer: &Answer) -> (&str, &str, &str) {
    (answer.header("ratelimit-limit"), answer.header("ratelimit-remaining"), answer.header("ratelimit-reset"))
}

#[tokio::test]
async fn a_person_who_asks_too_often_is_told_when_to_come_back() {
    let world = world_with("http://127.0.0.1:5000", limited("off", "3/1h")).await;
    for remaining in ["2", "1", "0"] {
        let answer = world.send(get("/api/auth/me").by(&world.agent)).await;
        answer.ok(200);
        assert_eq!((standing(&answer).0, standing(&answer).1), ("3", remaining));
    }
    let answer = world.send(get("/api/auth/me").by(&world.agent)).await;
    answer.problem(429, "rate_limited");
    assert_eq!(standing(&answer), ("3", "0", "3600"));
    let wait: u32 = answer.header("retry-after").parse().unwrap();
    assert!((1..=1200).contains(&wait), "{wait}");
    let other = world.send(get("/api/auth/me").by(&world.admin)).await;
    assert_eq!((other.status.as_u16(), standing(&other).1), (200, "2"), "others are not concerned");
    // A refusal of any kind says how one stands, too.
    let missing = world.send(get("/api/nowhere").by(&world.admin)).await;
    missing.problem(404, "not_found");
    assert_eq!(standing(&missing).1, "1");
}

#[tokio::test]
async fn strangers_share_the_limit_of_their_address() {
    let world = world_with("http://127.0.0.1:5000", limited("2/1h", "off")).await;
    let ask = || get("/api/tickets");
    for remaining in ["1", "0"] {
        let answer = from(&world, "203.0.113.9", ask()).await;
        answer.problem(401, "unauthenticated");
        assert_eq!(standing(&answer).1, remaining);
    }
    from(&world, "203.0.113.9", ask()).await.problem(429, "rate_limited");
    from(&world, "203.0.113.10", ask()).await.problem(401, "unauthenticated");
    // Who is signed in has a limit of their own, which is off here.
    let known = from(&world, "203.0.113.9", ask().by(&world.agent)).await;
    assert_eq!((known.status.as_u16(), standing(&known).0), (200, ""));
    // A token that is no good makes nobody known.
    let forged = ask().with("authorization", "Bearer nonsense");
    from(&world, "203.0.113.9", forged).await.problem(429, "rate_limited");
    for outside in ["/healthz", "/readyz", "/metrics", "/"] {
        let answer = from(&world, "203.0.113.9", get(outside)).await;
        assert_eq!((answer.status.as_u16(), standing(&answer).0), (200, ""), "{outside}");
    }
}

#[tokio::test]
async fn only_a_trusted_proxy_says_for_whom_it_asks() {
    let world = world_with("http://127.0.0.1:5000", limited("1/1h", "off")).await;
    let ask = |forwarded: &str| get("/api/tickets").with("x-forwarded-for", forwarded);
    from(&world, "10.0.0.1", ask("198.51.100.1")).await.problem(401, "unauthenticated");
    from(&world, "10.0.0.1", ask("198.51.100.2")).await.problem(401, "unauthenticated");
    from(&world, "10.0.0.1", ask("6.6.6.6, 198.51.100.1")).await.problem(429, "rate_limited");
    from(&world, "203.0.113.9", ask("1.1.1.1")).await.problem(401, "unauthenticated");
    from(&world, "203.0.113.9", ask("2.2.2.2")).await.problem(429, "rate_limited");
    from(&world, "2001:db8:1:2::1", get("/api/tickets")).await.problem(401, "unauthenticated");
    from(&world, "2001:db8:1:2::2", get("/api/tickets")).await.problem(429, "rate_limited");
}

#[tokio::test]
async fn an_address_signs_in_so_often_and_locks_nobody_out() {
    let world = world_with("http://127.0.0.1:5000", limited("1000/1h", "off")).await;
    let login = |email: &str, password: &str| post("/api/auth/login", &json!({"email": email, "password": password}));
    for number in 0..30 {
        let guess = login(&format!("p{number}@people.example"), "guess");
        from(&world, "203.0.113.9", guess).await.problem(401, "unauthenticated");
    }
    let refused = from(&world, "203.0.113.9", login("kim@alba.example", PASSWORD)).await;
    refused.problem(429, "rate_limited");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    let elsewhere = from(&world, "203.0.113.10", login("kim@alba.example", PASSWORD)).await;
    elsewhere.ok(200);
    // Many guesses for one account, from as many addresses: its owner waits a moment and is in.
    for number in 0..5 {
        from(&world, &format!("198.51.100.{number}"), login("kim@alba.example", "guess")).await;
    }
    let begun = std::time::Instant::now();
    from(&world, "203.0.113.11", login("kim@alba.example", PASSWORD)).await.ok(200);
    assert!(begun.elapsed() >= std::time::Duration::from_secs(2));
}
