//! What people were told, over HTTP.

use crate::support::*;
use chrono::TimeDelta;
use serde_json::{Value, json};

const PATH: &str = "/api/notifications";

async fn count(world: &World, person: &Person) -> u64 {
    let answer = world.send(get("/api/notifications/unread/count").by(person)).await.ok(200);
    assert_eq!(answer.as_object().unwrap().len(), 1, "{answer}");
    answer["count"].as_u64().unwrap()
}

async fn list(world: &World, person: &Person, query: &str) -> Vec<Value> {
    let page = world.send(get(format!("{PATH}{query}")).by(person)).await.ok(200);
    page["items"].as_array().unwrap().clone()
}

/// Some tickets of the customer's, each told at another moment.
async fn told(world: &World, many: usize) -> Vec<Value> {
    let mut tickets = Vec::new();
    for number in 0..many {
        tickets.push(world.ticket(&format!("Number {number}")).await);
        world.pass(TimeDelta::minutes(1));
    }
    tickets
}

#[tokio::test]
async fn one_sees_what_one_was_told_newest_first_page_by_page() {
    let world = world().await;
    let tickets = told(&world, 5).await;
    let mut path = format!("{PATH}?limit=2&count=true");
    let mut seen = Vec::new();
    loop {
        let page = world.send(get(&path).by(&world.customer)).await.ok(200);
        assert_eq!(page["total"], 5);
        seen.extend(page["items"].as_array().unwrap().iter().map(|told| told["ticket_id"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{PATH}?limit=2&count=true&cursor={cursor}");
    }
    let wanted: Vec<Value> = tickets.iter().rev().map(|ticket| ticket["id"].clone()).collect();
    assert_eq!(seen, wanted);
    let first = list(&world, &world.customer, "?limit=1").await.remove(0);
    let number = text(&tickets[4], "ticket_number");
    assert_eq!(
        (&first["kind"], &first["ticket_number"], &first["count"], first.get("read_at")),
        (&json!("ticket_created"), &json!(number), &json!(1), None)
    );
    assert_eq!(first["title"], format!("{number} · Request opened"));
    assert_eq!(list(&world, &world.stranger, "").await, Vec::<Value>::new());
    world.send(get(PATH)).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_list_is_filtered_and_every_wrong_parameter_is_named() {
    let world = world().await;
    let tickets = told(&world, 3).await;
    let id = text(&list(&world, &world.customer, "").await[0], "id").to_owned();
    world.send(patch(format!("{PATH}/{id}/read"), &json!({})).by(&world.customer)).await.ok(200);
    let comment = json!({"body": "Well."});
    let path = format!("/api/tickets/{}/comments", text(&tickets[0], "id"));
    world.send(post(path, &comment).by(&world.admin)).await.ok(201);
    let number = text(&tickets[0], "ticket_number");
    for (query, wanted) in [
        ("", 4),
        ("?unread=true", 3),
        ("?unread=false", 4),
        ("?kind=comment_added", 1),
        ("?kind=comment_added,ticket_created&unread=true", 3),
        ("?kind=sla_breach", 0),
        (&format!("?ticket={number}"), 2),
        (&format!("?ticket={}&kind=ticket_created", text(&tickets[0], "id")), 1),
        ("?ticket=TKT-222222", 0),
    ] {
        assert_eq!(list(&world, &world.customer, query).await.len(), wanted, "{query}");
    }
    let wrong = format!("{PATH}?unread=maybe&kind=weather&ticket=7&limit=0&colour=red");
    world.send(get(wrong).by(&world.customer)).await.fields(&[
        ("unread", "unknown_value"),
        ("kind", "unknown_value"),
        ("ticket", "unknown_value"),
        ("limit", "out_of_range"),
        ("colour", "unknown_parameter"),
    ]);
}

#[tokio::test]
async fn everybody_reads_and_counts_ones_own() {
    let world = world().await;
    let tickets = told(&world, 4).await;
    assert_eq!(count(&world, &world.customer).await, 4);
    let id = text(&list(&world, &world.customer, "").await[0], "id").to_owned();
    let path = format!("{PATH}/{id}/read");
    for other in [&world.stranger, &world.agent, &world.admin] {
        world.send(call(axum::http::Method::PATCH, &path).by(other)).await.problem(404, "not_found");
    }
    let read = world.send(call(axum::http::Method::PATCH, &path).by(&world.customer)).await.ok(200);
    assert!(read["read_at"].is_string(), "{read}");
    world.pass(TimeDelta::minutes(1));
    assert_eq!(world.send(call(axum::http::Method::PATCH, &path).by(&world.customer)).await.ok(200), read);
    assert_eq!(count(&world, &world.customer).await, 3);

    let all = format!("{PATH}/read-all");
    let one = json!({"ticket": tickets[0]["ticket_number"]});
    assert_eq!(world.send(patch(&all, &one).by(&world.customer)).await.ok(200), json!({"count": 2}));
    world.send(patch(&all, &one).by(&world.stranger)).await.problem(404, "not_found");
    world
        .send(patch(&all, &json!({"ticket": "7", "colour": 1})).by(&world.customer))
        .await
        .fields(&[("ticket", "format"), ("colour", "unknown_field")]);
    assert_eq!(count(&world, &world.customer).await, 2);
    let done = world.send(call(axum::http::Method::PATCH, &all).by(&world.customer)).await.ok(200);
    assert_eq!((done, count(&world, &world.customer).await), (json!({"count": 0}), 0));
    assert_eq!(list(&world, &world.customer, "").await.len(), 4, "they stay listed");
    world.send(patch(format!("{PATH}/{}/read", "7"), &json!({})).by(&world.customer)).await.problem(404, "not_found");
}

#[tokio::test]
async fn whoever_is_named_is_told_and_suggested() {
    let world = world().await;
    let ticket = world.ticket("Lift").await;
    let path = format!("/api/tickets/{}", text(&ticket, "id"));
    let body = json!({"body": "What does @max@desk.example think, or @nobody@desk.example?", "is_internal": true});
    let request = || post(format!("{path}/comments"), &body).by(&world.admin).with("Idempotency-Key", "one");
    let said = world.send(request()).await.ok(201);
    assert_eq!(said["warnings"][0]["code"], "mention_without_access");
    assert_eq!(world.send(request()).await.ok(201), said, "the answer is told again as it was");
    let comment = world.send(get(format!("/api/comments/{}", text(&said, "id"))).by(&world.admin)).await.ok(200);
    assert_eq!(comment.get("warnings"), None);
    let told = list(&world, &world.manager, "?kind=mention").await;
    assert!(text(&told[0], "message").starts_with("Lift · What does @max"), "{told:?}");
    assert_eq!(list(&world, &world.customer, "?kind=comment_added,mention").await, Vec::<Value>::new());

    let own = json!({"body": "@max@desk.example @nobody@desk.example?"});
    let said = world.send(post(format!("{path}/comments"), &own).by(&world.customer)).await.ok(201);
    assert_eq!(said.get("warnings"), None, "customers learn nothing");
    assert_eq!(list(&world, &world.manager, "?kind=mention").await.len(), 1);

    let found = world.send(get(format!("{path}/mentions?q=ma")).by(&world.agent)).await.ok(200);
    let max =
        json!({"id": world.manager.id(), "name": "max@desk.example", "email": "max@desk.example", "role": "manager"});
    assert_eq!(found, json!({"items": [max], "next_cursor": null}));
    let found = world.send(get(format!("{path}/mentions")).by(&world.customer)).await.ok(200);
    assert_eq!(found["items"], json!([]), "nobody has said anything to them");
    world.send(get(format!("{path}/mentions")).by(&world.stranger)).await.problem(404, "not_found");
    let long = format!("{path}/mentions?q={}&x=1", "a".repeat(201));
    let wrong = [("q", "unknown_value"), ("x", "unknown_parameter")];
    world.send(get(long).by(&world.agent)).await.fields(&wrong);
}
