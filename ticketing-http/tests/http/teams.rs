//! Teams and members.

use crate::support::*;
use serde_json::{Value, json};

#[tokio::test]
async fn teams_are_made_changed_and_deleted() {
    let world = world().await;
    let body = json!({"name": "Network", "description": "Cables", "routing": "manual", "capacity": 20});
    let answer = world.send(post("/api/teams", &body).by(&world.manager)).await;
    let team = answer.ok(201);
    let path = answer.header("location").to_owned();
    let shown = world.send(get(&path).by(&world.agent)).await;
    assert_eq!(shown.ok(200), team);
    let change = patch(&path, &json!({"capacity": null})).by(&world.manager).with("if-match", shown.header("etag"));
    assert_eq!(world.send(change).await.ok(200)["capacity"], Value::Null);
    world
        .send(patch(&path, &json!({"name": "x", "version": 1})).by(&world.manager))
        .await
        .problem(409, "stale_version");
    let page = world.send(get("/api/teams?count=true").by(&world.agent)).await.ok(200);
    assert_eq!((page["items"].as_array().unwrap().len(), &page["total"]), (1, &json!(1)));
    world.send(delete(&path).by(&world.agent)).await.problem(403, "forbidden");
    world.send(delete(&path).by(&world.manager)).await.ok(204);
    world.send(get(&path).by(&world.agent)).await.problem(404, "not_found");
    let bad = json!({"name": "", "routing": "magic", "capacity": -1, "boss": "x"});
    let expected =
        [("name", "required"), ("routing", "unknown_value"), ("capacity", "out_of_range"), ("boss", "unknown_field")];
    world.send(post("/api/teams", &bad).by(&world.manager)).await.fields(&expected);
}

#[tokio::test]
async fn members_join_change_and_leave() {
    let world = world().await;
    let made =
        world.send(post("/api/teams", &json!({"name": "Network", "routing": "manual"})).by(&world.manager)).await;
    let members = format!("{}/members", made.header("location"));
    let join = |person: &Person| post(&members, &json!({"user_id": person.id(), "role": "lead"})).by(&world.manager);
    let answer = world.send(join(&world.agent)).await;
    let member = answer.ok(201);
    assert_eq!((&member["user_id"], &member["role"]), (&json!(world.agent.id()), &json!("lead")));
    let one = answer.header("location").to_owned();
    assert_eq!(one, format!("{members}/{}", world.agent.id()));
    world.send(join(&world.agent)).await.problem(409, "duplicate");
    world.send(join(&world.customer)).await.fields(&[("user_id", "unknown")]);
    let change = patch(&one, &json!({"capacity": 5})).by(&world.manager).with("if-match", answer.header("etag"));
    let changed = world.send(change).await;
    assert_eq!(changed.ok(200)["capacity"], 5);
    let own = async |person: &Person| world.send(get("/api/auth/me/teams").by(person)).await.ok(200)["items"].clone();
    assert_eq!(own(&world.agent).await, json!([changed.ok(200)]));
    assert_eq!(own(&world.manager).await, json!([]));
    world.send(get("/api/auth/me/teams").by(&world.customer)).await.problem(403, "forbidden");
    let stale = patch(&one, &json!({"capacity": 6})).by(&world.manager).with("if-match", "\"1\"");
    world.send(stale).await.problem(412, "stale_version");
    world.send(join(&world.admin)).await.ok(201);
    let first = world.send(get(format!("{members}?limit=1&count=true")).by(&world.agent)).await.ok(200);
    assert_eq!((&first["total"], first["items"].as_array().unwrap().len()), (&json!(2), 1));
    let rest = format!("{members}?limit=1&count=true&cursor={}", text(&first, "next_cursor"));
    let rest = world.send(get(rest).by(&world.agent)).await.ok(200);
    assert_ne!(rest["items"][0]["user_id"], first["items"][0]["user_id"]);
    assert_eq!(rest["next_cursor"], Value::Null);
    world.send(delete(&one).by(&world.agent)).await.problem(403, "forbidden");
    world.send(delete(&one).by(&world.manager)).await.ok(204);
    world.send(delete(&one).by(&world.manager)).await.problem(404, "not_found");
    world.send(patch(&one, &json!({"capacity": 1})).by(&world.manager)).await.problem(404, "not_found");
    let foreign = "/api/teams/01890000-0000-7000-8000-000000000000/members";
    world.send(get(foreign).by(&world.agent)).await.problem(404, "not_found");
}
