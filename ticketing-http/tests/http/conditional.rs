//! Conditional requests on every single resource.

use crate::support::*;
use serde_json::{Value, json};

/// A resource of each kind with a change that is always one.
async fn resources(world: &World) -> Vec<(String, Value)> {
    let ticket = world.ticket("Conditional").await;
    let team = world.send(post("/api/teams", &json!({"name": "T", "routing": "manual"})).by(&world.admin)).await;
    let comments = format!("/api/tickets/{}/comments", text(&ticket, "id"));
    let comment = world.send(post(comments, &json!({"body": "First"})).by(&world.admin)).await;
    vec![
        (format!("/api/tickets/{}", text(&ticket, "id")), json!({"subject": "changed"})),
        (format!("/api/users/{}", world.customer.id()), json!({"name": "changed"})),
        (format!("/api/organizations/{}", world.organization.id), json!({"name": "changed"})),
        (team.header("location").to_owned(), json!({"name": "changed"})),
        (comment.header("location").to_owned(), json!({"body": "changed"})),
    ]
}

#[tokio::test]
async fn a_change_can_insist_on_the_version_it_was_made_for() {
    let world = world().await;
    for (path, body) in resources(&world).await {
        let change = |with: &str| patch(&path, &body).by(&world.admin).with("if-match", with);
        let shown = world.send(get(&path).by(&world.admin)).await;
        let version = shown.ok(200)["version"].as_i64().unwrap();
        assert_eq!(shown.header("etag"), format!("\"{version}\""));
        for stale in ["\"77\"", "\"77\", \"78\"", "W/\"1\"", "\"other\"", ""] {
            let problem = world.send(change(stale)).await.problem(412, "stale_version");
            assert_eq!(problem["current_version"], version, "{path} {stale}");
        }
        for malformed in ["1", "\"1", "*, \"1\""] {
            world.send(change(malformed)).await.problem(400, "malformed");
        }
        let both = json!({"version": version + 1, "name": "x", "subject": "x"});
        let both = patch(&path, &both).by(&world.admin).with("if-match", shown.header("etag"));
        assert_eq!(world.send(both).await.status, 422, "{path}: two different versions");
        let right = world.send(change(&format!("\"77\", {}", shown.header("etag")))).await;
        assert_eq!(right.ok(200)["version"], version + 1, "{path}");
        assert_eq!(right.header("etag"), format!("\"{}\"", version + 1));
        world.send(change("*")).await.ok(200);
        let mut stale = body.clone();
        stale["version"] = json!(version);
        let answer = world.send(patch(&path, &stale).by(&world.admin)).await;
        assert_eq!(answer.problem(409, "stale_version")["current_version"], version + 1, "{path}");
        stale["version"] = json!("1");
        world.send(patch(&path, &stale).by(&world.admin)).await.fields(&[("version", "type")]);
    }
}

/// What has a version too, and is not read at an address with an id of its own.
#[tokio::test]
async fn members_and_oneself_can_be_changed_under_a_condition_too() {
    let world = world().await;
    let team = world.send(post("/api/teams", &json!({"name": "T", "routing": "manual"})).by(&world.admin)).await;
    let members = format!("{}/members", team.header("location"));
    let member = json!({"user_id": world.agent.id(), "role": "member"});
    let member = world.send(post(members, &member).by(&world.admin)).await;
    let me = world.send(get("/api/auth/me").by(&world.admin)).await;
    let cases = [
        (member.header("location"), &member, json!({"role": "lead"})),
        ("/api/auth/me", &me, json!({"name": "Ada L."})),
    ];
    for (path, first, body) in cases {
        let change = |tag: &str| patch(path, &body).by(&world.admin).with("if-match", tag);
        assert_eq!(first.header("etag"), "\"1\"", "{path}");
        let stale = world.send(change("\"7\"")).await;
        assert_eq!(stale.problem(412, "stale_version")["current_version"], 1, "{path}");
        let changed = world.send(change("\"1\"")).await;
        assert_eq!((changed.ok(200)["version"].clone(), changed.header("etag")), (json!(2), "\"2\""), "{path}");
        world.send(change("\"1\"")).await.problem(412, "stale_version");
    }
    let gone = delete(member.header("location")).by(&world.admin);
    world.send(gone.with("if-match", "\"1\"")).await.problem(412, "stale_version");
}

#[tokio::test]
async fn assigning_and_escalating_can_insist_too() {
    let world = world().await;
    let path = format!("/api/tickets/{}", text(&world.ticket("Conditional").await, "id"));
    let assign = || post(format!("{path}/assign"), &json!({"agent_id": world.agent.id()})).by(&world.agent);
    world.send(assign().with("if-match", "\"2\"")).await.problem(412, "stale_version");
    assert_eq!(world.send(assign().with("if-match", "\"1\"")).await.ok(200)["version"], 2);
    let escalate =
        |version: i64| post(format!("{path}/escalate"), &json!({"reason": "hot", "version": version})).by(&world.agent);
    world.send(escalate(1)).await.problem(409, "stale_version");
    assert_eq!(world.send(escalate(2)).await.ok(200)["version"], 3);
}

#[tokio::test]
async fn what_the_client_holds_is_not_sent_again() {
    let world = world().await;
    let resources = resources(&world).await;
    // Merging moves a comment without a new version, so that one is always sent.
    for (path, body) in resources.into_iter().filter(|(path, _)| !path.contains("/comments/")) {
        let held = |with: &str| get(&path).by(&world.admin).with("if-none-match", with);
        let tag = world.send(get(&path).by(&world.admin)).await.header("etag").to_owned();
        for same in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let answer = world.send(held(&same)).await;
            assert_eq!(answer.status, 304, "{path} {same}");
            assert!(answer.body.is_empty());
            assert_eq!(answer.header("etag"), tag);
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        world.send(held("nonsense")).await.problem(400, "malformed");
        world.send(patch(&path, &body).by(&world.admin)).await.ok(200);
        world.send(held(&tag)).await.ok(200);
    }
}
