//! Keys of programs, links that set a password, signing out everywhere.

use crate::support::*;
use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use ticketing_core::Actor;
use ticketing_core::access::SystemReason;
use ticketing_core::model::TokenKind;

async fn make(world: &World, person: &Person, scopes: Value) -> Value {
    let answer = world.send(post("/api/api-keys", &json!({"name": "Robot", "scopes": scopes})).by(person)).await;
    let made = answer.ok(201);
    assert_eq!(answer.header("location"), format!("/api/api-keys/{}", text(&made, "id")));
    made
}

fn by_key(call: Call, key: &Value) -> Call {
    call.with("authorization", format!("Bearer {}", text(key, "key")))
}

#[tokio::test]
async fn a_key_is_shown_once_and_opens_what_its_scopes_say() {
    let world = world().await;
    let ticket = world.ticket("Mine").await;
    let path = format!("/api/tickets/{}", text(&ticket, "id"));
    let reading = make(&world, &world.agent, json!(["tickets:read"])).await;
    assert!(text(&reading, "key").starts_with(text(&reading, "prefix")));
    assert_eq!(reading["scopes"], json!(["tickets:read"]));
    let listed = world.send(get("/api/api-keys?count=true").by(&world.agent)).await;
    assert!(!listed.text().contains(&text(&reading, "key")[20..]), "never again");
    let listed = listed.ok(200);
    assert_eq!((&listed["items"][0]["id"], &listed["total"]), (&reading["id"], &json!(1)));
    world.send(by_key(get(&path), &reading)).await.ok(200);
    assert_eq!(world.send(by_key(get("/api/auth/me"), &reading)).await.ok(200)["email"], "eve@desk.example");
    let comment = || post(format!("{path}/comments"), &json!({"body": "From a program"}));
    world.send(by_key(comment(), &reading)).await.problem(403, "scope");
    let writing = make(&world, &world.agent, json!(["tickets:write"])).await;
    let said = world.send(by_key(comment(), &writing)).await.ok(201);
    assert_eq!(said["author"]["id"], json!(world.agent.id()), "in the owner's name");
    world.send(by_key(get(&path), &writing)).await.problem(403, "scope");
    let whole = make(&world, &world.agent, json!(["admin"])).await;
    world.send(by_key(get(&path), &whole)).await.ok(200);
    world.send(by_key(get("/api/audit"), &whole)).await.problem(403, "forbidden");
}

#[tokio::test]
async fn only_a_whole_key_makes_keys_or_changes_a_password() {
    let world = world().await;
    let small = make(&world, &world.admin, json!(["tickets:read", "tickets:write", "reports:read"])).await;
    let new = json!({"name": "Child", "scopes": ["admin"]});
    for call in [
        post("/api/api-keys", &new),
        get("/api/api-keys"),
        delete(format!("/api/api-keys/{}", text(&small, "id"))),
        patch("/api/auth/me", &json!({"password": "another good one", "current_password": PASSWORD})),
        patch(format!("/api/users/{}", world.agent.id()), &json!({"password": "another good one"})),
        post("/api/users", &json!({"email": "x@x.example", "name": "X", "role": "admin"})),
        call(Method::POST, "/api/auth/logout-all"),
        get("/api/auth/sessions"),
        delete("/api/auth/sessions/01890000-0000-7000-8000-000000000000"),
    ] {
        world.send(by_key(call, &small)).await.problem(403, "scope");
    }
    let whole = make(&world, &world.admin, json!(["admin"])).await;
    world.send(by_key(post("/api/api-keys", &new), &whole)).await.ok(201);
    let sessions = world.send(by_key(get("/api/auth/sessions"), &whole)).await.ok(200);
    assert_eq!(sessions["items"][0]["is_current"], false, "a key is no sign-in");
}

#[tokio::test]
async fn a_key_that_was_taken_back_or_has_expired_is_refused() {
    let world = world().await;
    let key = make(&world, &world.customer, json!(["tickets:read"])).await;
    let path = format!("/api/api-keys/{}", text(&key, "id"));
    world.send(by_key(get("/api/tickets"), &key)).await.ok(200);
    world.send(delete(&path).by(&world.stranger)).await.problem(404, "not_found");
    world.send(delete(&path).by(&world.manager)).await.problem(404, "not_found");
    let others = format!("/api/api-keys?user_id={}", world.customer.id());
    world.send(get(&others).by(&world.manager)).await.problem(403, "forbidden");
    assert_eq!(world.send(get(&others).by(&world.admin)).await.ok(200)["items"][0]["id"], key["id"]);
    world.send(delete(&path).by(&world.admin)).await.ok(204);
    world.send(by_key(get("/api/tickets"), &key)).await.problem(401, "unauthenticated");
    world.send(delete(&path).by(&world.customer)).await.problem(404, "not_found");
    let expires_at = (world.desk.now() + TimeDelta::minutes(5)).to_rfc3339();
    let body = json!({"name": "Short", "scopes": ["tickets:read"], "expires_at": expires_at});
    let key = world.send(post("/api/api-keys", &body).by(&world.customer)).await.ok(201);
    world.send(by_key(get("/api/tickets"), &key)).await.ok(200);
    world.pass(TimeDelta::minutes(6));
    world.send(by_key(get("/api/tickets"), &key)).await.problem(401, "unauthenticated");
    for token in ["tk_", "tk_x", "tk_0011223344556677_AAAA"] {
        let call = get("/api/tickets").with("authorization", format!("Bearer {token}"));
        world.send(call).await.problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn the_use_of_a_key_shows_in_the_list() {
    let world = world().await;
    let key = make(&world, &world.agent, json!(["tickets:read"])).await;
    world.send(by_key(get("/api/tickets"), &key)).await.ok(200);
    for _ in 0..200 {
        let listed = world.send(get("/api/api-keys").by(&world.agent)).await.ok(200);
        if listed["items"][0]["last_used_at"].is_string() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the use of the key was never noted");
}

#[tokio::test]
async fn a_forgotten_password_is_answered_alike_and_set_by_a_link() {
    let world = world().await;
    let forgot = |email: &str| post("/api/auth/password/forgot", &json!({ "email": email }));
    let known = world.send(forgot("eve@desk.example")).await;
    let unknown = world.send(forgot("nobody@desk.example")).await;
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    known.ok(202);
    world.send(post("/api/auth/password/forgot", &json!({}))).await.fields(&[("email", "required")]);
    let operator = &Actor::system(SystemReason::Operator);
    let link = world.desk.create_password_token(operator, world.agent.user.id, TokenKind::Reset).await.unwrap();
    let body = json!({"token": link, "password": "another good one"});
    let reset = |body: &Value| post("/api/auth/password/reset", body);
    world.send(reset(&json!({"token": "guess", "password": "another good one"}))).await.fields(&[("token", "invalid")]);
    world.send(reset(&json!({"token": link, "password": "short"}))).await.fields(&[("password", "too_short")]);
    world.send(reset(&body)).await.ok(204);
    world.send(reset(&body)).await.fields(&[("token", "invalid")]);
    world.send(get("/api/auth/me").by(&world.agent)).await.problem(401, "unauthenticated");
    let login = json!({"email": "eve@desk.example", "password": "another good one"});
    world.send(post("/api/auth/login", &login)).await.ok(200);
}

#[tokio::test]
async fn whoever_is_added_without_a_password_comes_in_by_an_invitation() {
    let world = world().await;
    let body = json!({"email": "new@desk.example", "name": "Nea", "role": "agent"});
    let user = world.send(post("/api/users", &body).by(&world.admin)).await.ok(201);
    let login = |password: &str| post("/api/auth/login", &json!({"email": "new@desk.example", "password": password}));
    world.send(login("")).await.problem(401, "unauthenticated");
    let operator = &Actor::system(SystemReason::Operator);
    let id = text(&user, "id").parse().unwrap();
    let link = world.desk.create_password_token(operator, id, TokenKind::Invitation).await.unwrap();
    world.pass(TimeDelta::days(6));
    world.send(post("/api/auth/password/reset", &json!({"token": link, "password": PASSWORD}))).await.ok(204);
    world.send(login(PASSWORD)).await.ok(200);
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_token_but_keys() {
    let world = world().await;
    let key = make(&world, &world.customer, json!(["tickets:read"])).await;
    let login = json!({"email": "kim@alba.example", "password": PASSWORD, "cookie": true});
    let other = world.send(post("/api/auth/login", &login)).await;
    let cookie = other.header("set-cookie").split(';').next().unwrap().to_owned();
    let everywhere = || call(Method::POST, "/api/auth/logout-all");
    world.send(everywhere()).await.problem(401, "unauthenticated");
    let answer = world.send(everywhere().by(&world.customer).with("cookie", &cookie)).await;
    answer.ok(204);
    assert!(answer.header("set-cookie").contains("Max-Age=0"), "the browser's cookie goes too");
    world.send(get("/api/auth/me").by(&world.customer)).await.problem(401, "unauthenticated");
    let refresh = call(Method::POST, "/api/auth/refresh").with("cookie", &cookie);
    world.send(refresh).await.problem(401, "unauthenticated");
    world.send(by_key(get("/api/tickets"), &key)).await.ok(200);
    world.send(get("/api/auth/me").by(&world.stranger)).await.ok(200);
}

#[tokio::test]
async fn a_set_up_link_is_refused_where_there_is_an_administrator() {
    let world = world().await;
    let body = json!({"token": "A".repeat(43), "email": "x@x.example", "name": "X", "password": PASSWORD});
    world.send(post("/api/auth/setup", &body)).await.fields(&[("token", "invalid")]);
    let poor = json!({"email": "x", "role": "admin"});
    let missing = [
        ("token", "required"),
        ("name", "required"),
        ("password", "required"),
        ("email", "not_an_address"),
        ("role", "unknown_field"),
    ];
    world.send(post("/api/auth/setup", &poor)).await.fields(&missing);
}
