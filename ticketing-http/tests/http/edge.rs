//! What every answer has in common: ids, headers, origins, compression, nesting, probes.

use crate::support::*;
use axum::Router;
use axum::http::Method;
use serde_json::json;
use std::io::Read;
use ticketing_http::HttpOptions;

#[tokio::test]
async fn every_answer_carries_a_request_id() {
    let world = world().await;
    let first = world.send(get("/healthz")).await;
    let second = world.send(get("/nope")).await;
    assert_eq!(first.header("x-request-id").len(), 36);
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    let longest = "x".repeat(128);
    for given in ["a", "trace-1/2;3", &longest] {
        let answer = world.send(get("/nope").with("x-request-id", given)).await;
        assert_eq!(answer.header("x-request-id"), given);
        assert_eq!(answer.json()["request_id"], given);
    }
    for bad in ["", "a b", "ü", &"x".repeat(129), "a\tb", "a\" status=\"200", "a}:{", "<b>", "$(id)", "a\\n", "a%0a"] {
        assert_eq!(
            world.send(get("/healthz").with("x-request-id", bad)).await.header("x-request-id").len(),
            36,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn answers_are_private_inert_and_not_framed() {
    let world = world().await;
    for call in [get("/api/auth/me").by(&world.agent), get("/api/nope"), get("/api/auth/me"), get("/healthz")] {
        let answer = world.send(call).await;
        assert_eq!(answer.header("cache-control"), "no-store".to_owned());
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
        assert_eq!(answer.header("strict-transport-security"), "", "no TLS, no promise of it");
    }
    let secure = world_with("https://desk.example", options()).await;
    let answer = secure.send(get("/healthz")).await;
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn named_origins_may_call_with_credentials() {
    let origins = vec!["https://Portal.example/".to_owned()];
    let world = world_with("https://desk.example", HttpOptions { cors_origins: origins, ..options() }).await;
    let ask = |origin: &str| {
        call(Method::OPTIONS, "/api/tickets")
            .with("origin", origin)
            .with("access-control-request-method", "POST")
            .with("access-control-request-headers", "authorization")
    };
    let answer = world.send(ask("https://portal.example")).await;
    answer.ok(204);
    assert_eq!(answer.header("access-control-allow-origin"), "https://portal.example");
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    assert!(answer.header("access-control-allow-methods").contains("PATCH"));
    for name in ["authorization", "if-match", "idempotency-key", "content-type"] {
        assert!(answer.header("access-control-allow-headers").contains(name), "{name}");
    }
    for origin in ["https://evil.example", "https://portal.example.evil.example", "http://portal.example", "null"] {
        let answer = world.send(ask(origin)).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
    }
    let real = world.send(get("/api/tickets").with("origin", "https://portal.example")).await;
    real.problem(401, "unauthenticated");
    assert_eq!(real.header("access-control-allow-origin"), "https://portal.example");
    assert!(real.header("access-control-expose-headers").contains("etag"));
    assert!(real.headers.get_all("vary").iter().any(|v| v == "origin"));
    let none = crate::support::world().await;
    assert_eq!(
        none.send(get("/healthz").with("origin", "https://a.example")).await.header("access-control-allow-origin"),
        ""
    );
}

#[tokio::test]
async fn any_origin_may_call_without_credentials_where_that_is_set() {
    let options = HttpOptions { cors_origins: vec!["*".to_owned()], ..options() };
    let world = world_with("https://desk.example", options).await;
    let answer = world.send(get("/healthz").with("origin", "https://a.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}

#[tokio::test]
async fn large_answers_are_compressed_for_who_takes_it() {
    let world = world().await;
    for at in 0..10 {
        world.ticket_with(json!({"subject": format!("ticket {at}"), "description": "long ".repeat(100)})).await;
    }
    let plain = world.send(get("/api/tickets").by(&world.agent)).await;
    assert_eq!(plain.header("content-encoding"), "");
    let packed = world.send(get("/api/tickets").by(&world.agent).with("accept-encoding", "br, gzip")).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(packed.header("content-length"), packed.body.len().to_string());
    assert!(packed.body.len() * 4 < plain.body.len());
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(&packed.body[..]).read_to_end(&mut text).unwrap();
    assert_eq!(text, plain.body);
    assert!(packed.headers.get_all("vary").iter().any(|v| v == "accept-encoding"));
    let small = world.send(get("/api/auth/me").by(&world.agent).with("accept-encoding", "gzip")).await;
    assert_eq!(small.header("content-encoding"), "");
    let huge = "x".repeat(99_000);
    for _ in 0..3 {
        world.ticket_with(json!({"subject": "huge", "description": huge})).await;
    }
    let packed = world.send(get("/api/tickets?limit=3").by(&world.agent).with("accept-encoding", "gzip")).await;
    let mut text = String::new();
    flate2::read::GzDecoder::new(&packed.body[..]).read_to_string(&mut text).unwrap();
    assert!(text.len() > 297_000);
}

#[tokio::test]
async fn the_router_works_under_any_path() {
    let world = world().await;
    for (host, base) in [
        (Router::new().nest("/support", world.app.clone()), "/support"),
        (Router::new().nest("/a/{tenant}/b", world.app.clone()), "/a/x%20y/b"),
        (Router::new().nest_service("/svc", world.app.clone()), "/svc"),
    ] {
        let body = json!({"subject": "nested", "description": "x"});
        let made = post(format!("{base}/api/tickets"), &body).by(&world.agent).send(&host).await;
        let ticket = made.ok(201);
        assert_eq!(made.header("location"), format!("{base}/api/tickets/{}", text(&ticket, "id")));
        let shown = get(made.header("location")).by(&world.agent).send(&host).await;
        assert_eq!(shown.ok(200)["id"], ticket["id"]);
        // A nested router answers at the path itself, a nested service also with a slash behind it.
        let slash = (base == "/svc").then(|| format!("{base}/"));
        for page in [Some(base.to_owned()), slash].into_iter().flatten() {
            let answer = get(&page).send(&host).await;
            assert_eq!(answer.status, 200, "{page}");
            assert!(answer.text().contains(&format!("href=\"{base}/")), "{page}");
        }
        get(format!("{base}/nope")).send(&host).await.problem(404, "not_found");
        let login = json!({"email": "eve@desk.example", "password": PASSWORD, "cookie": true});
        let cookie = post(format!("{base}/api/auth/login"), &login).send(&host).await;
        assert!(cookie.header("set-cookie").contains(&format!("Path={base}/api/auth;")));
        assert_eq!(cookie.header("cache-control"), "no-store");
    }
    let metrics = world.send(get("/metrics")).await.text();
    assert!(metrics.contains("route=\"/api/tickets\",method=\"POST\",status=\"201\""), "{metrics}");
    assert!(!metrics.contains("/support") && !metrics.contains("tenant"), "labels are ours wherever it is nested");
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let world = world().await;
    let path = format!("/api/tickets/{}", text(&world.ticket("Head").await, "id"));
    let whole = world.send(get(&path).by(&world.agent)).await;
    let head = world.send(call(Method::HEAD, &path).by(&world.agent)).await;
    assert_eq!(head.status, 200);
    assert!(head.body.is_empty());
    assert_eq!(head.header("etag"), whole.header("etag"));
    assert_eq!(head.header("content-length"), whole.body.len().to_string());
    let refused = world.send(call(Method::HEAD, "/api/tickets")).await;
    assert_eq!(refused.status, 401);
    assert!(refused.body.is_empty());
}

#[tokio::test]
async fn probes_and_metrics_answer() {
    let more: ticketing_http::MoreMetrics = std::sync::Arc::new(|out: &mut String| out.push_str("jobs_waiting 3\n"));
    let world = world_with("http://127.0.0.1:5000", HttpOptions { more_metrics: Some(more), ..options() }).await;
    assert_eq!(world.send(get("/healthz")).await.ok(200), json!({"status": "ok"}));
    assert_eq!(world.send(get("/readyz")).await.ok(200), json!({"status": "ready"}));
    world.send(get("/api/tickets/TKT-234567").by(&world.agent)).await.problem(404, "not_found");
    let answer = world.send(get("/metrics")).await;
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text();
    for line in [
        "ticketing_http_requests_total{route=\"/healthz\",method=\"GET\",status=\"200\"} 1",
        "ticketing_http_requests_total{route=\"/api/tickets/{ticket}\",method=\"GET\",status=\"404\"} 1",
        "ticketing_http_requests_in_flight 1",
        "jobs_waiting 3",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
    }
    assert!(!text.contains("TKT-"), "labels are routes, never addresses");
}
