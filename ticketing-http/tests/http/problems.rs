//! Every failure is a problem document, whatever is wrong with the request.

use crate::support::*;
use axum::http::Method;
use serde_json::json;

#[tokio::test]
async fn unknown_addresses_and_methods() {
    let world = world().await;
    for path in
        ["/nope", "/api", "/api/", "/api/nope", "/api/tickets/", "/setup", "/api/tickets/x/y/z", "//api/tickets"]
    {
        world.send(get(path)).await.problem(404, "not_found");
    }
    for (method, path, allow) in [
        (Method::DELETE, "/api/tickets", "GET,HEAD,POST"),
        (Method::PUT, "/api/auth/me", "GET,HEAD,PATCH"),
        (Method::GET, "/api/auth/login", "POST"),
        (Method::POST, "/", "GET,HEAD"),
        (Method::from_bytes(b"BREW").unwrap(), "/healthz", "GET,HEAD"),
    ] {
        let answer = world.send(call(method, path)).await;
        answer.problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), allow, "{path}");
    }
    let answer = world.send(call(Method::OPTIONS, "/api/tickets")).await;
    answer.ok(204);
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
    world.send(call(Method::OPTIONS, "/nope")).await.problem(404, "not_found");
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let world = world().await;
    let send = async |call: Call| world.send(call.by(&world.agent)).await;
    let post = || call(Method::POST, "/api/tickets");
    for media in
        ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "", "application/json; charset=latin1"]
    {
        send(post().raw(media, "{}")).await.problem(415, "unsupported_media_type");
    }
    let compressed = post().raw("application/json", "{}").with("content-encoding", "gzip");
    send(compressed).await.problem(415, "unsupported_media_type");
    for media in ["application/json", "APPLICATION/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""] {
        assert_eq!(send(post().raw(media, "{}")).await.status, 422, "{media}");
    }
    send(post()).await.problem(400, "malformed");
    send(post().with("content-type", "application/json")).await.problem(400, "malformed");
    let nested = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let broken: [&[u8]; 9] = [
        b"{",
        b"{\"subject\": }",
        b"{} {}",
        b"nul",
        b"\xff\xfe",
        b"{\"subject\": \"\xc3\x28\"}",
        b"\"\\ud800\"",
        b"[1e999]",
        nested.as_bytes(),
    ];
    for body in broken {
        let answer = send(post().raw("application/json", body)).await;
        let problem = answer.problem(400, "malformed");
        let detail = text(&problem, "detail");
        assert!(detail.contains("line ") && !detail.contains("expected"), "no parser's own words: {detail}");
    }
    let twice = r#"{"subject": "a", "subject": "b", "description": "x"}"#;
    assert_eq!(send(post().raw("application/json", twice)).await.ok(201)["subject"], "b");
}

#[tokio::test]
async fn bodies_that_are_too_large() {
    let world =
        world_with("http://127.0.0.1:5000", ticketing_http::HttpOptions { body_limit: 1000, ..options() }).await;
    let sized = |size: usize| {
        let padding = "x".repeat(size - 32);
        let body = format!("{{\"subject\":\"s\",\"description\":\"{padding}\"}}");
        assert_eq!(body.len(), size);
        call(Method::POST, "/api/tickets").raw("application/json", body).by(&world.agent)
    };
    world.send(sized(1000)).await.ok(201);
    world.send(sized(1001)).await.problem(413, "too_large");
    world.send(sized(100_000)).await.problem(413, "too_large");
}

#[tokio::test]
async fn bodies_about_signing_in_are_small() {
    let world = world().await;
    let sized = |path: &str, size: usize| {
        let whole = json!({"email": "x", "password": ""}).to_string();
        let padding = "x".repeat(size - whole.len());
        call(Method::POST, path).raw("application/json", whole.replace("\"x\"", &format!("\"x{padding}\"")))
    };
    for path in ["/api/auth/login", "/api/auth/refresh", "/api/auth/logout", "/api/auth/register"] {
        assert_ne!(world.send(sized(path, 16 * 1024)).await.status, 413, "{path}");
        world.send(sized(path, 16 * 1024 + 1)).await.problem(413, "too_large");
    }
    let nested = axum::Router::new().nest("/support", world.app.clone());
    sized("/support/api/auth/login", 20_000).send(&nested).await.problem(413, "too_large");
    world.ticket_with(json!({"subject": "long", "description": "x".repeat(20_000)})).await;
}

#[tokio::test]
async fn addresses_that_cannot_be_read() {
    let world = world().await;
    for path in [
        "/api/tickets/%",
        "/api/tickets/%zz",
        "/api/tickets/%ff",
        "/api/tickets?status=%",
        "/api/tickets?status=%e0%80%80",
        "/nope%c3%28",
        "/api/tickets?%ff=1",
    ] {
        world.send(get(path).by(&world.agent)).await.problem(400, "malformed");
    }
    for id in ["x", "1", "TKT-", "TKT-0OIL01", "..%2f..%2fetc%2fpasswd", "%00", "'%20or%201=1", "%F0%9F%99%83"] {
        for path in ["tickets", "users", "organizations", "teams"] {
            let answer = world.send(get(format!("/api/{path}/{id}")).by(&world.admin)).await;
            answer.problem(404, "not_found");
        }
        let answer = world.send(patch(format!("/api/comments/{id}"), &json!({"body": "x"})).by(&world.admin)).await;
        answer.problem(404, "not_found");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_learns_nothing_else() {
    let world = world().await;
    let path = format!("/api/tickets/{}", text(&world.ticket("Hidden").await, "id"));
    for call in [
        get(&path),
        get("/api/tickets?limit=0"),
        get("/api/tickets/nonsense"),
        call(Method::POST, "/api/tickets").raw("text/plain", "x"),
        patch("/api/users/x", &json!({})),
        delete("/api/teams/x"),
        get("/api/audit"),
        get("/api/events"),
    ] {
        world.send(call).await.problem(401, "unauthenticated");
    }
}
