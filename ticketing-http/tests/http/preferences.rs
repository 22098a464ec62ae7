//! What people are told of, as they say it themselves.

use crate::support::*;
use serde_json::json;

const PATH: &str = "/api/notifications/preferences";

#[tokio::test]
async fn everybody_says_what_they_are_told_of_for_themselves() {
    let world = world().await;
    for person in [&world.customer, &world.agent, &world.manager, &world.admin] {
        let whole = world.send(get(PATH).by(person)).await.ok(200);
        assert_eq!(whole.as_object().unwrap().len(), 8, "{whole}");
        assert_eq!(whole["comment_added"]["own"], json!(["in_app", "email"]));
        assert_eq!(whole["comment_added"]["team"], json!(["in_app"]));
    }
    let said = json!({"comment_added": {"own": ["email"], "watched": []}, "mention": {}});
    let answer = world.send(put(PATH, &said).by(&world.customer)).await.ok(200);
    assert_eq!(answer["comment_added"], json!({"own": ["email"], "team": ["in_app"], "watched": []}));
    assert_eq!(answer["sla_breach"]["team"], json!(["in_app", "email"]), "what is not said is as it was");
    assert_eq!(world.send(get(PATH).by(&world.customer)).await.ok(200), answer);
    assert_eq!(world.send(put(PATH, &answer).by(&world.customer)).await.ok(200), answer);
    let others = world.send(get(PATH).by(&world.stranger)).await.ok(200);
    assert_eq!(others["comment_added"]["own"], json!(["in_app", "email"]));
    let anew = world.send(put(PATH, &json!({})).by(&world.customer)).await.ok(200);
    assert_eq!(anew, others, "what is left out is as for somebody who has said nothing");
    world.send(get(PATH)).await.problem(401, "unauthenticated");
    world.send(put(PATH, &said)).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn all_that_is_wrong_is_named() {
    let world = world().await;
    let wrong = json!({
        "comment_added": {"own": ["email", "pigeon", 7], "other": ["email"], "team": "email"},
        "weather": {"own": []}, "mention": ["email"],
    });
    let expected = [
        ("comment_added.own[1]", "unknown_value"),
        ("comment_added.own[2]", "type"),
        ("comment_added.other", "unknown_field"),
        ("comment_added.team", "type"),
        ("weather", "unknown_field"),
        ("mention", "type"),
    ];
    world.send(put(PATH, &wrong).by(&world.customer)).await.fields(&expected);
    world.send(put(PATH, &json!([])).by(&world.customer)).await.fields(&[("", "type")]);
    let many = json!({"mention": {"own": vec!["email"; 11]}});
    world.send(put(PATH, &many).by(&world.customer)).await.fields(&[("mention.own", "too_many")]);
}

#[tokio::test]
async fn a_key_reads_them_and_only_one_that_may_do_everything_changes_them() {
    let world = world().await;
    let key = async |scope: &str| {
        let new = json!({"name": scope, "scopes": [scope]});
        let made = world.send(post("/api/api-keys", &new).by(&world.agent)).await.ok(201);
        format!("Bearer {}", text(&made, "key"))
    };
    let (reading, writing, whole) = (key("reports:read").await, key("tickets:write").await, key("admin").await);
    let said = json!({"mention": {"own": ["email"]}});
    for token in [&reading, &writing, &whole] {
        world.send(get(PATH).with("authorization", token)).await.ok(200);
    }
    for token in [&reading, &writing] {
        world.send(put(PATH, &said).with("authorization", token)).await.problem(403, "scope");
    }
    world.send(put(PATH, &said).with("authorization", &whole)).await.ok(200);
}
