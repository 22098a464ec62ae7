//! Views over the wire.

use crate::support::*;
use chrono::TimeDelta;
use serde_json::{Value, json};

/// What a view of somebody's own says.
fn urgent() -> Value {
    json!({
        "name": " Urgent ", "visibility": "private", "sort": "-priority", "columns": ["status", "updated"], "icon": "fire",
        "conditions": [{"field": "priority", "operator": "in", "value": ["high", "critical"]}],
    })
}

async fn make(world: &World, person: &Person, body: &Value) -> (Value, String) {
    let made = world.send(post("/api/views", body).by(person)).await.ok(201);
    let path = format!("/api/views/{}", text(&made, "id"));
    (made, path)
}

/// The names on a list.
fn names(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|view| text(view, "name").to_owned()).collect()
}

#[tokio::test]
async fn views_are_made_shown_changed_and_deleted() {
    let world = world().await;
    let answer = world.send(post("/api/views", &urgent()).by(&world.agent)).await;
    let made = answer.ok(201);
    let path = format!("/api/views/{}", text(&made, "id"));
    assert_eq!((answer.header("location"), answer.header("etag")), (path.as_str(), "\"1\""));
    assert_eq!((text(&made, "name"), text(&made, "sort"), text(&made, "match")), ("Urgent", "-priority", "all"));
    let shared = (&made["visibility"], &made["team_id"], text(&made, "owner_id"));
    assert_eq!(shared, (&json!("private"), &Value::Null, world.agent.id().as_str()));
    assert_eq!((&made["key"], &made["is_hidden"], &made["is_broken"]), (&Value::Null, &json!(false), &json!(false)));
    assert_eq!(world.send(get(&path).by(&world.agent)).await.ok(200), made);
    // Whether it can be used changes without a version of its own, so nothing is left out for who has seen it.
    assert_eq!(world.send(get(&path).by(&world.agent).with("if-none-match", "\"1\"")).await.status, 200);
    for person in [&world.admin, &world.manager] {
        world.send(get(&path).by(person)).await.problem(404, "not_found");
        world.send(patch(&path, &json!({"name": "x"})).by(person)).await.problem(404, "not_found");
        world.send(delete(&path).by(person)).await.problem(404, "not_found");
        world.send(get(format!("{path}/tickets")).by(person)).await.problem(404, "not_found");
    }
    for path in ["/api/views", "/api/views/counts", &path, &format!("{path}/tickets")] {
        world.send(get(path).by(&world.customer)).await.problem(403, "forbidden");
        world.send(get(path)).await.problem(401, "unauthenticated");
    }
    let change = json!({"match": "any", "sort": null, "columns": []});
    let changed = world.send(patch(&path, &change).by(&world.agent).with("if-match", "\"1\"")).await.ok(200);
    assert_eq!((&changed["version"], &changed["sort"], &changed["columns"]), (&json!(2), &Value::Null, &json!([])));
    world.send(patch(&path, &change).by(&world.agent).with("if-match", "\"1\"")).await.problem(412, "stale_version");
    let share = json!({"visibility": "all"});
    world.send(patch(&path, &share).by(&world.agent)).await.problem(403, "forbidden");
    let wrong = json!({"conditions": [{"field": "status", "operator": "equals", "value": "new"}], "sort": "name"});
    world
        .send(patch(&path, &wrong).by(&world.agent))
        .await
        .fields(&[("conditions[0].value", "invalid_value"), ("sort", "unknown_value")]);
    let wrong = json!({"conditions": [[], {"field": "status", "operator": "equals", "value": "new"}]});
    let refused = world.send(patch(&path, &wrong).by(&world.agent)).await;
    refused.fields(&[("conditions[1].value", "invalid_value")]);
    assert_eq!(world.send(delete(&path).by(&world.agent)).await.status, 204);
    world.send(get(&path).by(&world.agent)).await.problem(404, "not_found");
}

#[tokio::test]
async fn lists_of_views_are_paged_and_tell_what_is_hidden_on_demand() {
    let world = world().await;
    let all = json!({"name": "First", "visibility": "all", "conditions": [], "position": 0});
    make(&world, &world.manager, &all).await;
    make(&world, &world.agent, &urgent()).await;
    let whole = world.send(get("/api/views").by(&world.agent)).await.ok(200);
    let wanted = [
        "First",
        "Mine",
        "Unassigned",
        "Breaching soon",
        "Waiting on customer",
        "All open",
        "Recently updated",
        "Urgent",
    ];
    assert_eq!(names(&whole), wanted);
    assert_eq!((&whole["items"][1]["key"], &whole["items"][1]["version"]), (&json!("mine"), &json!(0)));
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = world.send(get(format!("/api/views?limit=3&count=true{cursor}")).by(&world.agent)).await.ok(200);
        assert_eq!(page["total"], 8);
        found.extend(names(&page));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found, wanted);
    let waiting = format!("/api/views/{}", text(&whole["items"][4], "id"));
    world.send(delete(&waiting).by(&world.agent)).await.problem(403, "forbidden");
    let gone = delete(&waiting).by(&world.manager).with("if-match", "\"0\"");
    assert_eq!(world.send(gone).await.status, 204);
    for (person, query, many) in [
        (&world.agent, "", 7),
        (&world.agent, "?hidden=true", 7),
        (&world.manager, "", 6),
        (&world.manager, "?hidden=true", 7),
    ] {
        let page = world.send(get(format!("/api/views{query}")).by(person)).await.ok(200);
        assert_eq!(names(&page).len(), many, "{query}");
    }
    world.send(get(&waiting).by(&world.agent)).await.problem(404, "not_found");
    world.send(patch(&waiting, &json!({"is_hidden": false})).by(&world.manager)).await.ok(200);
    assert_eq!(world.send(get(&waiting).by(&world.agent)).await.ok(200)["version"], 2);
    world.send(get("/api/views?hidden=1").by(&world.agent)).await.fields(&[("hidden", "unknown_value")]);
}

#[tokio::test]
async fn a_views_tickets_are_listed_narrowed_and_walked() {
    let world = world().await;
    for (subject, priority) in [("one", "high"), ("two", "low"), ("three", "critical"), ("four", "high")] {
        world.ticket_with(json!({"subject": subject, "description": "x", "priority": priority})).await;
    }
    let (_, path) = make(&world, &world.agent, &urgent()).await;
    let list = async |query: &str| world.send(get(format!("{path}/tickets{query}")).by(&world.agent)).await.ok(200);
    assert_eq!(subjects(&list("").await), ["three", "four", "one"], "by its own sort");
    assert_eq!(subjects(&list("?sort=created_at&priority=high").await), ["one", "four"], "narrowed, otherwise sorted");
    let counted = list("?count=true&limit=1").await;
    assert_eq!((&counted["total"], subjects(&counted)), (&json!(3), vec!["three".to_owned()]));
    let cursor = text(&counted, "next_cursor").to_owned();
    let rest = list(&format!("?count=true&limit=5&cursor={cursor}")).await;
    assert_eq!(subjects(&rest), ["four", "one"]);
    // A view that has changed is another list.
    world.send(patch(&path, &json!({"sort": "created_at"})).by(&world.agent)).await.ok(200);
    let stale = world.send(get(format!("{path}/tickets?cursor={cursor}")).by(&world.agent)).await;
    stale.fields(&[("cursor", "invalid_cursor")]);
    world
        .send(get(format!("{path}/tickets?colour=red")).by(&world.agent))
        .await
        .fields(&[("colour", "unknown_parameter")]);
}

#[tokio::test]
async fn counts_have_a_weak_tag_and_are_each_readers_own() {
    let world = world().await;
    let (made, _) = make(&world, &world.agent, &urgent()).await;
    let ask = || get("/api/views/counts").by(&world.agent);
    let answer = world.send(ask()).await;
    let tag = answer.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let counts = answer.ok(200);
    let items = counts["items"].as_array().unwrap();
    assert_eq!(items.len(), 7);
    assert_eq!(items[6], json!({"view_id": made["id"], "count": 0, "is_capped": false}));
    assert_eq!(
        world.send(get("/api/views/counts").by(&world.admin)).await.ok(200)["items"].as_array().unwrap().len(),
        6
    );
    let same = world.send(ask().with("if-none-match", &tag)).await;
    assert_eq!((same.status.as_u16(), same.header("etag"), same.body.len()), (304, tag.as_str(), 0));
    world.ticket_with(json!({"subject": "hot", "description": "x", "priority": "high"})).await;
    world.pass(TimeDelta::seconds(5));
    let other = world.send(ask().with("if-none-match", &tag)).await;
    assert_eq!(other.ok(200)["items"][6]["count"], 1);
    assert_ne!(other.header("etag"), tag);
}
