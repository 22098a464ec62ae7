//! Signing in, staying signed in, signing out, signing up.

use crate::support::*;
use chrono::TimeDelta;
use serde_json::json;

fn login(body: &serde_json::Value) -> Call {
    post("/api/auth/login", body)
}

fn credentials() -> serde_json::Value {
    json!({"email": "KIM@alba.example", "password": PASSWORD})
}

#[tokio::test]
async fn signing_in_answers_tokens_and_the_person() {
    let world = world().await;
    let answer = world.send(login(&credentials())).await;
    let session = answer.ok(200);
    assert_eq!(session["token_type"], "Bearer");
    assert_eq!(session["expires_in"], 900);
    assert_eq!(session["user"]["email"], "kim@alba.example");
    assert!(session["refresh_token"].is_string());
    assert!(answer.headers.get("set-cookie").is_none());
    assert!(!answer.text().contains("hash") && !answer.text().contains("password"));
    let me = get("/api/auth/me").with("authorization", format!("bEARER {}", text(&session, "token")));
    assert_eq!(world.send(me).await.ok(200)["email"], "kim@alba.example");
}

#[tokio::test]
async fn every_refused_sign_in_looks_the_same() {
    let world = world().await;
    let wrong = world.send(login(&json!({"email": "kim@alba.example", "password": "wrong"}))).await;
    let unknown = world.send(login(&json!({"email": "nobody@x.example", "password": "wrong"}))).await;
    let (mut first, mut second) = (wrong.problem(401, "unauthenticated"), unknown.problem(401, "unauthenticated"));
    assert!(wrong.header("www-authenticate").starts_with("Bearer"));
    (first["request_id"], second["request_id"]) = (json!(0), json!(0));
    assert_eq!(first, second);
    let body = json!({"email": 1, "cookie": "yes", "role": "admin"});
    let expected = [("email", "type"), ("password", "required"), ("cookie", "type"), ("role", "unknown_field")];
    world.send(login(&body)).await.fields(&expected);
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_its_reuse_ends_the_sign_in() {
    let world = world().await;
    let first = text(&world.send(login(&credentials())).await.ok(200), "refresh_token").to_owned();
    let refresh = |token: &str| post("/api/auth/refresh", &json!({"refresh_token": token}));
    let second = world.send(refresh(&first)).await.ok(200);
    assert_eq!(second["token_type"], "Bearer");
    let second = text(&second, "refresh_token").to_owned();
    assert_ne!(first, second);
    world.send(refresh(&first)).await.problem(401, "unauthenticated");
    world.send(refresh(&second)).await.problem(401, "unauthenticated");
    world.send(refresh("nonsense")).await.problem(401, "unauthenticated");
    world.send(call(axum::http::Method::POST, "/api/auth/refresh")).await.problem(401, "unauthenticated");
    world.send(post("/api/auth/refresh", &json!({"refresh_token": 1}))).await.fields(&[("refresh_token", "type")]);
}

#[tokio::test]
async fn the_cookie_carries_the_refresh_token_where_no_script_reads_it() {
    let world = world_with("https://desk.example/help", options()).await;
    let mut body = credentials();
    body["cookie"] = json!(true);
    let answer = world.send(login(&body)).await;
    assert!(answer.ok(200).get("refresh_token").is_none());
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/help/api/auth", "Max-Age=2592000"] {
        assert!(cookie.split("; ").any(|found| found == part), "{part} is missing in {cookie}");
    }
    let value = cookie.split(';').next().unwrap().to_owned();
    let refresh = || call(axum::http::Method::POST, "/api/auth/refresh");
    let foreign = refresh().with("cookie", &value).with("origin", "https://evil.example");
    world.send(foreign).await.problem(403, "forbidden");
    world.send(refresh().with("cookie", &value).with("origin", "null")).await.problem(403, "forbidden");
    let beside =
        refresh().with("cookie", &value).with("host", "localhost:5000").with("origin", "http://localhost:3000");
    world.send(beside).await.problem(403, "forbidden");
    let own = refresh().with("cookie", format!("a=b; {value}")).with("origin", "https://desk.example");
    let answer = world.send(own).await;
    assert!(answer.ok(200).get("refresh_token").is_none());
    let next = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_ne!(next, value);
    // Whoever came by another name of the same server is at home there too.
    let by_name =
        refresh().with("cookie", &next).with("host", "localhost:5000").with("origin", "http://localhost:5000");
    let answer = world.send(by_name).await;
    answer.ok(200);
    let next = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let logout = || call(axum::http::Method::POST, "/api/auth/logout");
    world.send(logout().with("cookie", &next).with("origin", "https://evil.example")).await.problem(403, "forbidden");
    let answer = world.send(logout().with("cookie", &next)).await;
    answer.ok(204);
    assert!(answer.header("set-cookie").contains("ticketing_refresh=;"));
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    world.send(refresh().with("cookie", &next)).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn without_tls_the_cookie_is_not_marked_secure() {
    let world = world().await;
    let mut body = credentials();
    body["cookie"] = json!(true);
    let answer = world.send(login(&body)).await;
    assert!(!answer.header("set-cookie").contains("Secure"), "a browser would drop it");
    assert!(answer.header("set-cookie").contains("Path=/api/auth;"));
}

#[tokio::test]
async fn signing_out_ends_the_sign_in() {
    let world = world().await;
    let logout = || call(axum::http::Method::POST, "/api/auth/logout");
    world.send(logout()).await.problem(401, "unauthenticated");
    let session = world.send(login(&credentials())).await.ok(200);
    let refresh = json!({"refresh_token": session["refresh_token"]});
    world.send(logout().with("authorization", format!("Bearer {}", text(&session, "token")))).await.ok(204);
    world.send(post("/api/auth/refresh", &refresh)).await.problem(401, "unauthenticated");
    // By the refresh token alone, also when the access token is long gone.
    let session = world.send(login(&credentials())).await.ok(200);
    let refresh = json!({"refresh_token": session["refresh_token"]});
    world.send(post("/api/auth/logout", &refresh).with("authorization", "Bearer expired")).await.ok(204);
    world.send(post("/api/auth/refresh", &refresh)).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn one_sees_and_ends_the_own_sign_ins() {
    let world = world().await;
    let enter = async |agent: &str| world.send(login(&credentials()).with("user-agent", agent)).await.ok(200);
    let laptop = enter("laptop").await;
    world.pass(TimeDelta::minutes(1));
    let phone = enter("phone").await;
    let bearer = |session: &serde_json::Value| format!("Bearer {}", text(session, "token"));
    let list = async |query: &str| {
        let path = format!("/api/auth/sessions{query}");
        world.send(get(path).with("authorization", bearer(&laptop))).await.ok(200)
    };
    let listed = list("").await;
    let told = listed["items"].as_array().unwrap();
    let shown: Vec<_> = told.iter().map(|one| (one["user_agent"].as_str(), one["is_current"] == true)).collect();
    assert_eq!(shown, [(Some("phone"), false), (Some("laptop"), true), (None, false)], "newest first");
    assert_eq!((&listed["next_cursor"], told[0].as_object().unwrap().len()), (&json!(null), 7));
    let first = list("?limit=2").await;
    let rest = list(&format!("?limit=2&cursor={}", text(&first, "next_cursor"))).await;
    assert_eq!(rest["items"][0], told[2]);
    // Nobody ends another's, and what is over is not there.
    let path = |one: &serde_json::Value| format!("/api/auth/sessions/{}", text(one, "id"));
    for person in [&world.stranger, &world.admin] {
        world.send(delete(path(&told[0])).by(person)).await.problem(404, "not_found");
    }
    world.send(delete(path(&told[0]))).await.problem(401, "unauthenticated");
    let end = |one| delete(path(one)).with("authorization", bearer(&laptop));
    world.send(end(&told[0])).await.ok(204);
    world.send(end(&told[0])).await.problem(404, "not_found");
    let refresh =
        |session: &serde_json::Value| post("/api/auth/refresh", &json!({"refresh_token": session["refresh_token"]}));
    world.send(refresh(&phone)).await.problem(401, "unauthenticated");
    let audit = world.send(get("/api/audit?action=session.ended").by(&world.admin)).await.ok(200);
    let line = &audit["items"][0];
    let ended = json!(format!("session:{}", text(&told[0], "id")));
    assert_eq!((&line["subject"], &line["actor"]["id"]), (&ended, &json!(world.customer.id())), "{line}");
    // The own one as well; one that can't be renewed any more is not live.
    world.send(end(&told[1])).await.ok(204);
    world.send(refresh(&laptop)).await.problem(401, "unauthenticated");
    world.pass(TimeDelta::days(31));
    let again = enter("tablet").await;
    let left = world.send(get("/api/auth/sessions").with("authorization", bearer(&again))).await.ok(200);
    assert_eq!(left["items"].as_array().unwrap().len(), 1, "{left}");
}

#[tokio::test]
async fn access_tokens_expire_and_follow_the_persons_rights() {
    let world = world().await;
    world.send(get("/api/auth/me").by(&world.agent)).await.ok(200);
    world.pass(TimeDelta::minutes(16));
    world.send(get("/api/auth/me").by(&world.agent)).await.problem(401, "unauthenticated");
    let session = world.send(login(&json!({"email": "eve@desk.example", "password": PASSWORD}))).await.ok(200);
    let bearer = format!("Bearer {}", text(&session, "token"));
    let admin = world.send(login(&json!({"email": "ada@desk.example", "password": PASSWORD}))).await.ok(200);
    let body = json!({"is_active": false});
    let off = patch(format!("/api/users/{}", world.agent.id()), &body)
        .with("authorization", format!("Bearer {}", text(&admin, "token")));
    world.send(off).await.ok(200);
    world.send(get("/api/auth/me").with("authorization", &bearer)).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn only_one_well_formed_bearer_header_is_read() {
    let world = world().await;
    let token = &world.agent.token;
    for value in ["", "Bearer", "Bearer ", "Basic abc", "Bearer a b", &format!("Bearer  {token}"), token] {
        let answer = world.send(get("/api/auth/me").with("authorization", value)).await;
        answer.problem(401, "unauthenticated");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{value}");
    }
    world.send(get("/api/auth/me").by(&world.agent).by(&world.admin)).await.problem(401, "unauthenticated");
    let answer = world.send(get("/api/auth/me")).await;
    answer.problem(401, "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    world.send(get(format!("/api/auth/me?token={token}"))).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn customers_sign_up_by_themselves() {
    let world = world().await;
    let body = json!({"email": "new@x.example", "name": "Nea", "password": PASSWORD});
    let answer = world.send(post("/api/auth/register", &body)).await;
    let user = answer.ok(201);
    assert_eq!(user["role"], "customer");
    assert_eq!(answer.header("location"), format!("/api/users/{}", text(&user, "id")));
    world.send(post("/api/auth/register", &body)).await.problem(409, "duplicate");
    let greedy = json!({"email": "bad", "name": "", "password": "short", "role": "admin"});
    let expected =
        [("email", "not_an_address"), ("name", "required"), ("password", "too_short"), ("role", "unknown_field")];
    world.send(post("/api/auth/register", &greedy)).await.fields(&expected);
    // How long is too long depends on how the desk hashes, and is told with all the rest.
    let long = json!({"email": "bad", "name": "Nea", "password": "é".repeat(37)});
    let expected = [("email", "not_an_address"), ("password", "too_long")];
    world.send(post("/api/auth/register", &long)).await.fields(&expected);
    let long = json!({"password": "é".repeat(37), "current_password": PASSWORD, "version": "1"});
    let expected = [("password", "too_long"), ("version", "type")];
    world.send(patch("/api/auth/me", &long).by(&world.customer)).await.fields(&expected);
}

#[tokio::test]
async fn people_change_their_own_profile_and_nothing_above_it() {
    let world = world().await;
    let me = |body: serde_json::Value| patch("/api/auth/me", &body).by(&world.customer);
    let changed = world.send(me(json!({"name": "Kim K.", "availability": "away", "locale": "de"}))).await.ok(200);
    assert_eq!((&changed["name"], &changed["availability"]), (&json!("Kim K."), &json!("away")));
    let answer = world.send(me(json!({"role": "admin", "organization_id": null, "password_hash": "x"}))).await;
    let unknown = "unknown_field";
    answer.fields(&[("role", unknown), ("organization_id", unknown), ("password_hash", unknown)]);
    world.send(me(json!({"password": "another good one"}))).await.fields(&[("current_password", "required")]);
    let wrong = json!({"password": "another good one", "current_password": "guess"});
    world.send(me(wrong)).await.fields(&[("current_password", "wrong")]);
    let shown = world.send(get("/api/auth/me").by(&world.customer)).await;
    assert_eq!(shown.header("etag"), format!("\"{}\"", changed["version"]));
    let stale = me(json!({"name": "Kim"})).with("if-match", "\"1\"");
    assert_eq!(world.send(stale).await.problem(412, "stale_version")["current_version"], changed["version"]);
    world.send(me(json!({"name": "Kim", "version": 1}))).await.problem(409, "stale_version");
}
