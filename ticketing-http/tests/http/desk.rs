//! What the desk calls itself and how it behaves.

use crate::support::{get, patch, text, world};
use serde_json::{Value, json};
use std::sync::Arc;
use ticketing_core::access::SystemReason;
use ticketing_core::desk::{DeskOptions, NewUser};
use ticketing_core::memory::MemoryStore;
use ticketing_core::model::Role;
use ticketing_core::{Actor, Desk};
use ticketing_http::HttpOptions;

#[tokio::test]
async fn the_desks_own_settings_are_changed_by_administrators() {
    let world = world().await;
    let before = world.send(get("/api/desk").by(&world.admin)).await;
    assert_eq!(before.header("etag"), "\"0\"");
    let before = before.ok(200);
    assert_eq!((text(&before, "name"), &before["max_escalation_level"]), ("Help desk", &json!(5)));
    assert_eq!((&before["auto_close_after"], &before["updated_at"]), (&Value::Null, &Value::Null));
    let change = json!({"name": " Acme Support ", "auto_close_after": "14d"});
    let answer = world.send(patch("/api/desk", &change).by(&world.admin).with("if-match", "\"0\"")).await;
    assert_eq!(answer.header("etag"), "\"1\"");
    let after = answer.ok(200);
    assert_eq!((text(&after, "name"), text(&after, "auto_close_after")), ("Acme Support", "14d"));
    assert_eq!(after["max_escalation_level"], 5, "what is not named stays");
    assert_eq!(world.send(get("/api/desk").by(&world.admin).with("if-none-match", "\"1\"")).await.status, 304);
    assert_eq!(world.send(get("/api/desk").by(&world.admin)).await.ok(200), after);
    let stale = patch("/api/desk", &change).by(&world.admin).with("if-match", "\"0\"");
    world.send(stale).await.problem(412, "stale_version");
    let never = json!({"auto_close_after": null, "max_escalation_level": 3, "version": 1});
    let last = world.send(patch("/api/desk", &never).by(&world.admin)).await.ok(200);
    assert_eq!((&last["auto_close_after"], &last["max_escalation_level"]), (&Value::Null, &json!(3)));
    assert_eq!(world.send(get("/api/welcome")).await.ok(200)["name"], "Acme Support");
}

#[tokio::test]
async fn wrong_settings_are_named_all_at_once() {
    let world = world().await;
    let wrong = json!({"name": " ", "max_escalation_level": 0, "auto_close_after": "59s", "colour": "red"});
    let expected = [
        ("name", "required"),
        ("max_escalation_level", "out_of_range"),
        ("auto_close_after", "out_of_range"),
        ("colour", "unknown_field"),
    ];
    world.send(patch("/api/desk", &wrong).by(&world.admin)).await.fields(&expected);
    for (field, value, code) in [
        ("max_escalation_level", json!(101), "out_of_range"),
        ("max_escalation_level", json!(70_000), "out_of_range"),
        ("auto_close_after", json!("soon"), "invalid_value"),
    ] {
        world.send(patch("/api/desk", &json!({field: value})).by(&world.admin)).await.fields(&[(field, code)]);
    }
    for person in [&world.manager, &world.agent, &world.customer] {
        world.send(get("/api/desk").by(person)).await.problem(403, "forbidden");
        world.send(patch("/api/desk", &json!({"name": "Mine"})).by(person)).await.problem(403, "forbidden");
    }
}

#[tokio::test]
async fn anybody_is_told_what_a_page_for_signing_in_needs() {
    let world = world().await;
    let answer = world.send(get("/api/welcome")).await;
    let wanted = json!({
        "name": "Help desk", "logo_url": null, "colour": "#1f4f8f", "registration": true, "needs_setup": false,
    });
    assert_eq!(answer.ok(200), wanted);
    assert_eq!(answer.header("cache-control"), "public, max-age=10");
    let brand = json!({"name": "Alba helps", "colour": "#AA0000", "logo_url": "https://alba.example/logo.png"});
    world.send(patch("/api/brand", &brand).by(&world.admin)).await.ok(200);
    let answer = world.send(get("/api/welcome").with("authorization", "Bearer nonsense")).await;
    let shown = answer.ok(200);
    assert_eq!((text(&shown, "name"), text(&shown, "colour")), ("Alba helps", "#aa0000"));
    assert_eq!(text(&shown, "logo_url"), "https://alba.example/logo.png");
    assert_eq!(world.send(get("/api/desk")).await.header("cache-control"), "no-store", "all else is kept nowhere");
}

#[tokio::test]
async fn a_desk_without_an_administrator_says_so() {
    let options = DeskOptions { registration_open: false, ..DeskOptions::default() };
    let desk = Desk::builder().store(Arc::new(MemoryStore::new())).options(options).build().unwrap();
    let app = ticketing_http::router(desk.clone(), HttpOptions::default());
    let shown = async || get("/api/welcome").send(&app).await.ok(200);
    let before = shown().await;
    assert_eq!((&before["needs_setup"], &before["registration"]), (&json!(true), &json!(false)));
    let operator = &Actor::system(SystemReason::Operator);
    let first = NewUser { role: Role::Admin, ..NewUser::new("ada@desk.example", "Ada") };
    desk.create_user(operator, first).await.unwrap();
    assert_eq!(shown().await["needs_setup"], false);
}
