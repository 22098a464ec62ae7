//! Lists that are counted many at once.

use crate::support::*;
use serde_json::{Map, Value, json};
use ticketing_core::desk::{NewTicket, Requester};

fn ask(lists: &Value) -> Call {
    post("/api/tickets/counts", &json!({ "lists": lists }))
}

#[tokio::test]
async fn lists_are_counted_as_their_pages_are_filtered() {
    let world = world().await;
    for (subject, priority) in [("one", "low"), ("two", "high"), ("three", "high")] {
        let new =
            json!({"subject": subject, "description": "x", "priority": priority, "customer_id": world.customer.id()});
        world.send(post("/api/tickets", &new).by(&world.admin)).await.ok(201);
    }
    let page = world.send(get("/api/tickets?priority=low").by(&world.admin)).await.ok(200);
    let path = format!("/api/tickets/{}/assign", text(&page["items"][0], "id"));
    world.send(post(path, &json!({"agent_id": world.agent.id()})).by(&world.admin)).await.ok(200);
    let lists = json!({
        "all": "", "mine": "assigned_agent_id=me&status=open", "hot": "priority=high,critical", "none-1": "status=closed",
        "free_2": "assigned_agent_id=none",
    });
    let counts = async |person: &Person| world.send(ask(&lists).by(person)).await.ok(200)["counts"].clone();
    let one = |count: u64| json!({"count": count, "is_capped": false});
    let by_agent = counts(&world.agent).await;
    let wanted = [("all", 3), ("mine", 1), ("hot", 2), ("none-1", 0), ("free_2", 2)];
    let wanted: Map<String, Value> = wanted.into_iter().map(|(name, count)| (name.to_owned(), one(count))).collect();
    assert_eq!(by_agent, Value::from(wanted));
    assert_eq!(counts(&world.admin).await["mine"], one(0), "`me` is whoever asks");
    assert_eq!(counts(&world.customer).await["all"], one(3));
    // What one does not see is not counted either.
    assert_eq!(counts(&world.stranger).await["all"], one(0));
    world.send(ask(&lists)).await.problem(401, "unauthenticated");
    for name in ["is_sla_breached", "sla_due_to"] {
        let late = json!({"late": format!("{name}=x")});
        let refused = world.send(ask(&late).by(&world.customer)).await;
        assert!(refused.text().contains("There is no such parameter here."), "{}", refused.text());
    }
}

#[tokio::test]
async fn counting_stops_at_a_thousand() {
    let world = world().await;
    let actor = world.desk.actor_of(world.admin.user.id, None).await.unwrap();
    let add = async |many: usize| {
        for _ in 0..many {
            let new = NewTicket { requester: Requester::User(world.customer.user.id), ..NewTicket::new("Again", "x") };
            world.desk.create_ticket(&actor, new).await.unwrap();
        }
    };
    let counted = async || world.send(ask(&json!({"all": ""})).by(&world.admin)).await.ok(200)["counts"]["all"].clone();
    add(1_000).await;
    assert_eq!(counted().await, json!({"count": 1_000, "is_capped": false}));
    add(1).await;
    assert_eq!(counted().await, json!({"count": 1_000, "is_capped": true}));
}

#[tokio::test]
async fn what_is_wrong_with_a_list_is_told_of_that_list() {
    let world = world().await;
    let refused = async |lists: &Value| world.send(ask(lists).by(&world.admin)).await;
    let lists = json!({
        "good": "status=open", "bad": "status=opened", "paged": "status=open&limit=5", "sorted": "sort=-priority",
        "broken": "q=%ff", "number": 7, "long": "x".repeat(2_001), "twice": "tag=a&tag=b",
    });
    let answer = refused(&lists).await;
    answer.fields(&[("lists.number", "type"), ("lists.long", "too_long")]);
    let mut lists = lists;
    lists.as_object_mut().unwrap().retain(|name, _| name != "number" && name != "long");
    let answer = refused(&lists).await;
    answer.fields(&[
        ("lists.bad", "unknown_value"),
        ("lists.broken", "malformed"),
        ("lists.paged", "unknown_parameter"),
        ("lists.sorted", "unknown_parameter"),
        ("lists.twice", "repeated"),
    ]);
    assert!(answer.text().contains("status: Must be of open, "), "{}", answer.text());
    let many: Map<String, Value> = (0..21).map(|n| (format!("list{n}"), json!(""))).collect();
    for bad in [json!({}), Value::from(many)] {
        refused(&bad).await.fields(&[("lists", "out_of_range")]);
    }
    for name in ["", "Mine", "a b", "é", &"n".repeat(41)] {
        refused(&json!({ name: "" })).await.fields(&[("lists", "bad_name")]);
    }
    for bad in [json!([]), json!("status=open"), json!(null)] {
        refused(&bad).await.fields(&[("lists", "type")]);
    }
    let empty = post("/api/tickets/counts", &json!({})).by(&world.admin);
    world.send(empty).await.fields(&[("lists", "required")]);
    world.send(get("/api/tickets/counts").by(&world.admin)).await.problem(405, "method_not_allowed");
}

#[tokio::test]
async fn counting_is_open_to_keys_that_read_and_answered_anew() {
    let world = world().await;
    let made = post("/api/api-keys", &json!({"name": "Panel", "scopes": ["tickets:read"]}));
    let key = world.send(made.by(&world.admin)).await.ok(201);
    let bearer = format!("Bearer {}", text(&key, "key"));
    for many in 0..2 {
        let call = ask(&json!({"all": ""})).with("authorization", &bearer).with("idempotency-key", "k");
        let answer = world.send(call).await;
        assert_eq!(answer.ok(200)["counts"]["all"]["count"], many);
        assert_eq!(answer.header("idempotency-replayed"), "");
        world.ticket("Another").await;
    }
}
