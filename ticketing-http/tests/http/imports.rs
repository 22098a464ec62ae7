//! Tables that come in over the API.

use crate::support::*;
use axum::http::Method;
use serde_json::{Value, json};

/// Columns that any table of tickets has.
const HEADER: &str = "subject,description,customer_email";

fn table(query: &str, text: impl Into<String>) -> Call {
    call(Method::POST, format!("/api/imports?{query}")).raw("text/csv", text.into())
}

/// What is known of a table once no worker has anything to do.
async fn ended(world: &World, query: &str, text: impl Into<String>) -> Value {
    let begun = world.send(table(query, text).by(&world.admin)).await;
    let made = begun.ok(201);
    assert_eq!(made["state"], "waiting");
    assert!(begun.header("location").ends_with(&format!("/api/imports/{}", id(&made))));
    world.work().await;
    known(world, &made).await
}

async fn known(world: &World, import: &Value) -> Value {
    world.send(get(format!("/api/imports/{}", id(import))).by(&world.admin)).await.ok(200)
}

fn id(import: &Value) -> &str {
    text(import, "id")
}

async fn tickets(world: &World) -> Value {
    world.send(get("/api/tickets?count=true&limit=1").by(&world.admin)).await.ok(200)["total"].clone()
}

#[tokio::test]
async fn a_table_is_looked_through_and_then_taken_in() {
    let world = world().await;
    let before = tickets(&world).await;
    let text = format!("{HEADER}\nA,B,c@mail.example\n,B,c@mail.example\nA,B,nobody\nC,D,d@mail.example\n");
    let looked = ended(&world, "kind=tickets&dry_run=true&name=old.csv", &text).await;
    assert_eq!((&looked["state"], &looked["rows"], &looked["checked"]), (&json!("done"), &json!(4), &json!(4)));
    assert_eq!((&looked["made"], &looked["new_customers"], &looked["wrong_rows"]), (&json!(2), &json!(2), &json!(2)));
    let wrong: Vec<_> =
        looked["wrong"].as_array().unwrap().iter().map(|w| (&w["line"], &w["field"], &w["code"])).collect();
    assert_eq!(wrong[0], (&json!(3), &json!("subject"), &json!("required")));
    assert_eq!(wrong[1], (&json!(4), &json!("customer_email"), &json!("not_an_address")));
    assert_eq!(tickets(&world).await, before, "nothing went in");
    let run = |query: &str| call(Method::POST, format!("/api/imports/{}/run{query}", id(&looked))).by(&world.admin);
    world.send(run("")).await.problem(409, "wrong_lines");
    assert_eq!(world.send(run("?skip_bad=true")).await.ok(200)["state"], "waiting");
    world.work().await;
    let done = known(&world, &looked).await;
    assert_eq!((&done["state"], &done["made"], &done["wrong_rows"]), (&json!("done"), &json!(2), &json!(2)));
    assert_eq!((&done["dry_run"], &done["can_run"]), (&json!(false), &json!(false)));
    world.send(run("")).await.problem(409, "not_looked_through");
    // The same lines are here already, and where any is wrong none goes in.
    let again = ended(&world, "kind=tickets&name=old.csv&skip_bad=true", &text).await;
    assert_eq!((&again["made"], &again["known"]), (&json!(0), &json!(2)));
    let refused = ended(&world, "kind=tickets&name=new.csv", &text).await;
    assert_eq!((&refused["state"], &refused["made"], &refused["done"]), (&json!("refused"), &json!(0), &json!(0)));
    assert_eq!(refused["wrong_by_code"], json!({"not_an_address": 1, "required": 1}));
    let list = world.send(get("/api/imports?limit=2&count=true").by(&world.admin)).await.ok(200);
    assert_eq!(list["total"], 3);
    let rest = format!("/api/imports?limit=2&cursor={}", list["next_cursor"].as_str().unwrap());
    let rest = world.send(get(rest).by(&world.admin)).await.ok(200);
    let all: Vec<&Value> = [&list, &rest].iter().flat_map(|page| page["items"].as_array().unwrap()).collect();
    assert!(all.len() == 3 && all.iter().any(|import| import["id"] == refused["id"]));
    assert!(list["items"][0].get("wrong").is_none() && !list["next_cursor"].is_null());
}

#[tokio::test]
async fn columns_may_be_called_otherwise_and_headers_are_told() {
    let world = world().await;
    let text = "Firma;Nummer\nBrass;7\n";
    let refused = ended(&world, "kind=organizations", text).await;
    assert_eq!(refused["state"], "refused");
    let fields: Vec<&Value> = refused["wrong"].as_array().unwrap().iter().map(|wrong| &wrong["field"]).collect();
    assert_eq!(fields, ["name", "firma", "nummer"]);
    assert!(refused["wrong"].as_array().unwrap().iter().all(|wrong| wrong["line"] == 1));
    let done = ended(&world, "kind=organizations&map=Firma=name,Nummer=", text).await;
    assert_eq!((&done["state"], &done["made"]), (&json!("done"), &json!(1)));
    let broken = ended(&world, "kind=organizations", format!("name\n\"{}", "x".repeat(1_100_000))).await;
    assert_eq!((&broken["state"], &broken["wrong"][0]["field"]), (&json!("refused"), &json!("line")));
}

#[tokio::test]
async fn what_is_no_table_is_refused() {
    let world = world().await;
    let send = |request: Call| world.send(request.by(&world.admin));
    send(table("kind=tickets", "")).await.fields(&[("body", "required")]);
    send(table("", HEADER)).await.fields(&[("kind", "required")]);
    let bad = send(table("kind=robots&dry_run=perhaps&map=name", HEADER)).await;
    bad.fields(&[("kind", "unknown_value"), ("dry_run", "unknown_value"), ("map", "malformed")]);
    send(call(Method::POST, "/api/imports?kind=tickets").json(&json!({}))).await.problem(415, "unsupported_media_type");
    let most = world.desk.options().max_import_size;
    send(table("kind=tickets", "x".repeat(most + 1))).await.problem(413, "too_large");
    for person in [&world.manager, &world.agent, &world.customer] {
        world.send(table("kind=tickets", HEADER).by(person)).await.problem(403, "forbidden");
        world.send(get("/api/imports").by(person)).await.problem(403, "forbidden");
    }
    let none = "/api/imports/01890000-0000-7000-8000-000000000000";
    send(get(none)).await.problem(404, "not_found");
    send(call(Method::DELETE, none)).await.problem(404, "not_found");
}

#[tokio::test]
async fn what_is_called_off_does_not_begin() {
    let world = world().await;
    let before = tickets(&world).await;
    let made = world.send(table("kind=tickets", format!("{HEADER}\nA,B,c@mail.example\n")).by(&world.admin)).await;
    let made = made.ok(201);
    let cancel = || call(Method::DELETE, format!("/api/imports/{}", id(&made))).by(&world.admin);
    for _ in 0..2 {
        let cancelled = world.send(cancel()).await.ok(200);
        assert_eq!((&cancelled["state"], &cancelled["can_run"]), (&json!("cancelled"), &json!(false)));
    }
    world.work().await;
    assert_eq!(tickets(&world).await, before);
    assert_eq!(known(&world, &made).await["state"], "cancelled");
    // One that was looked through is forgotten.
    let looked = ended(&world, "kind=tickets&dry_run=true", format!("{HEADER}\nA,B,c@mail.example\n")).await;
    assert_eq!(looked["can_run"], true);
    let path = format!("/api/imports/{}", id(&looked));
    let forgotten = world.send(call(Method::DELETE, &path).by(&world.admin)).await.ok(200);
    assert_eq!((&forgotten["state"], &forgotten["can_run"]), (&json!("done"), &json!(false)));
    let run = call(Method::POST, format!("{path}/run")).by(&world.admin);
    world.send(run).await.problem(409, "not_looked_through");
}

/// The routes are "/api/imports" and "/api/imports/{id}/run".
#[tokio::test]
async fn a_table_that_is_sent_again_comes_in_once() {
    let world = world().await;
    let send = async || {
        let text = format!("{HEADER}\nA,B,c@mail.example\n");
        world.send(table("kind=tickets&dry_run=true", text).by(&world.admin).with("idempotency-key", "k")).await
    };
    let first = send().await;
    let again = send().await;
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
    assert_eq!((again.status, again.header("location")), (first.status, first.header("location")));
    world.work().await;
    let path = format!("/api/imports/{}/run", id(&first.ok(201)));
    let run = || call(Method::POST, &path).by(&world.admin).with("idempotency-key", "r");
    let first = world.send(run()).await;
    let again = world.send(run()).await;
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
    world.send(call(Method::POST, &path).by(&world.admin)).await.problem(409, "not_looked_through");
    world.work().await;
    assert_eq!(world.send(get("/api/imports").by(&world.admin)).await.ok(200)["items"][0]["made"], 1);
}
