//! Texts that staff answer with again and again.

use crate::support::*;
use serde_json::json;

#[tokio::test]
async fn the_example_of_the_product_is_made_found_filled_in_and_counted() {
    let world = world().await;
    let example = json!({
        "title": "Password Reset Instructions",
        "category": "Account Access",
        "content": "Hello {{customer_name}},\n\nTo reset your password, please click: {{reset_link}}\n\nBest regards,\n{{agent_name}}",
        "is_public": true,
    });
    world.send(post("/api/canned-responses", &example).by(&world.agent)).await.problem(403, "forbidden");
    world.send(post("/api/canned-responses", &example).by(&world.customer)).await.problem(403, "forbidden");
    let answer = world.send(post("/api/canned-responses", &example).by(&world.manager)).await;
    let made = answer.ok(201);
    let path = format!("/api/canned-responses/{}", text(&made, "id"));
    assert!(answer.header("location").ends_with(&path));
    assert_eq!(answer.header("etag"), "\"1\"");
    for (field, wanted) in [
        ("visibility", json!("all")),
        ("is_public", json!(true)),
        ("unknown_variables", json!(["reset_link"])),
        ("uses", json!(0)),
    ] {
        assert_eq!(made[field], wanted, "{field}");
    }
    let ticket = world.ticket("Locked out").await;
    let render = post(format!("{path}/render"), &json!({"ticket": ticket["ticket_number"]}));
    let filled = world.send(render.by(&world.agent)).await.ok(200);
    assert_eq!(filled["missing"], json!(["reset_link"]));
    assert!(text(&filled, "content").starts_with("Hello kim@"), "{filled}");
    assert_eq!(text(&filled, "content"), text(&filled, "marked").replace("{{reset_link}}", ""));
    let comment = json!({"body": filled["content"], "canned_response_id": made["id"]});
    let comments = format!("/api/tickets/{}/comments", text(&ticket, "id"));
    world.send(post(&comments, &comment).by(&world.agent)).await.ok(201);
    world.send(post(&comments, &comment).by(&world.customer)).await.fields(&[("canned_response_id", "forbidden")]);
    let list = get("/api/canned-responses?q=PASWORD&limit=1&count=true").by(&world.agent);
    let found = world.send(list).await.ok(200);
    assert_eq!(
        (&found["total"], &found["items"][0]["uses"], &found["items"][0]["own_uses"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(found["items"][0].get("rendered"), None);
    let nowhere = get("/api/canned-responses?ticket=TKT-222222").by(&world.agent);
    world.send(nowhere).await.fields(&[("ticket", "unknown")]);
    world
        .send(get("/api/canned-responses?visibility=shared").by(&world.agent))
        .await
        .fields(&[("visibility", "unknown_value")]);
}

#[tokio::test]
async fn a_replacement_insists_on_its_version_and_says_all() {
    let world = world().await;
    let new = json!({"title": "Hello", "content": "Hello", "category": "General", "shortcut": "hi"});
    let made = world.send(post("/api/canned-responses", &new).by(&world.agent)).await.ok(201);
    let path = format!("/api/canned-responses/{}", text(&made, "id"));
    let other = json!({"title": "Goodbye", "content": "Bye"});
    let stale = put(&path, &other).by(&world.agent).with("if-match", "\"7\"");
    world.send(stale).await.problem(412, "stale_version");
    let answer = world.send(put(&path, &other).by(&world.agent).with("if-match", "\"1\"")).await;
    let changed = answer.ok(200);
    assert_eq!(
        (&changed["category"], &changed["shortcut"], &changed["version"]),
        (&json!(null), &json!(null), &json!(2))
    );
    world.send(get(&path).by(&world.manager)).await.problem(404, "not_found");
    world.send(get(&path).by(&world.customer)).await.problem(403, "forbidden");
    let gone = call(axum::http::Method::DELETE, &path).by(&world.agent);
    assert_eq!(world.send(gone).await.status, 204);
    world.send(get(&path).by(&world.agent)).await.problem(404, "not_found");
}
