//! Several things that staff do to a ticket by one press.

use crate::support::*;
use serde_json::{Value, json};

fn take_it() -> Value {
    json!({
        "name": "Take it", "visibility": "private", "shortcut": "take", "position": 2,
        "actions": [
            {"type": "assign_ticket", "params": {"agent_id": "me"}},
            {"type": "update_ticket", "params": {"status": "in_progress"}},
            {"type": "add_comment", "params": {"body": "Hello {{customer_name}}, this is {{agent_name}}. ({{category}})"}},
        ],
    })
}

#[tokio::test]
async fn one_press_does_all_of_it_at_the_version_that_was_seen() {
    let world = world().await;
    let answer = world.send(post("/api/macros", &take_it()).by(&world.agent)).await;
    let made = answer.ok(201);
    assert!(answer.header("location").ends_with(&format!("/api/macros/{}", text(&made, "id"))));
    let ticket = world.ticket("Locked out").await;
    let on = format!("/api/tickets/{}/macros/{}", text(&ticket, "ticket_number"), text(&made, "id"));
    let preview = world.send(post(format!("{on}/preview"), &json!({})).by(&world.agent)).await.ok(200);
    assert_eq!(preview["changes"]["status"], json!(["open", "in_progress"]));
    assert_eq!((&preview["missing"], &preview["is_possible"]), (&json!(["category"]), &json!(false)));
    world.send(post(&on, &json!({})).by(&world.agent)).await.fields(&[("actions[2]", "missing_variable")]);
    let anyway = json!({"allow_missing": true});
    world.send(post(&on, &anyway).by(&world.agent).with("if-match", "\"7\"")).await.problem(412, "stale_version");
    let stale = json!({"allow_missing": true, "version": 7});
    world.send(post(&on, &stale).by(&world.agent)).await.problem(409, "stale_version");
    let answer = world.send(post(&on, &anyway).by(&world.agent).with("if-match", "\"1\"")).await;
    let done = answer.ok(200);
    assert_eq!((&done["status"], &done["version"], answer.header("etag")), (&json!("in_progress"), &json!(2), "\"2\""));
    assert_eq!(done["assigned_agent_id"], json!(world.agent.id()));
    world.send(post(&on, &anyway).by(&world.customer)).await.problem(403, "forbidden");
    world.send(post(&on, &anyway).by(&world.manager)).await.problem(404, "not_found");
    world.send(post(&on, &json!({"loud": true})).by(&world.agent)).await.fields(&[("loud", "unknown_field")]);
}

#[tokio::test]
async fn what_can_t_be_done_is_told_by_the_place_of_the_action() {
    let world = world().await;
    let mut body = take_it();
    body["actions"] = json!([
        {"type": "update_ticket", "params": {"status": "closed"}},
        {"type": "add_comment", "params": {"body": "Goodbye"}},
    ]);
    let made = world.send(post("/api/macros", &body).by(&world.agent)).await.ok(201);
    let ticket = world.ticket("Locked out").await;
    let path = format!("/api/tickets/{}", text(&ticket, "id"));
    let on = format!("{path}/macros/{}", text(&made, "id"));
    let problem = world.send(post(&on, &json!({})).by(&world.agent)).await.problem(409, "ticket_closed");
    assert!(text(&problem, "detail").starts_with("actions[1] (add_comment): "), "{problem}");
    assert_eq!(world.send(get(&path).by(&world.agent)).await.ok(200), ticket, "nothing was changed");
    let many = json!({"tickets": [ticket["id"]], "macro_id": made["id"]});
    let results = world.send(post("/api/tickets/bulk", &many).by(&world.agent)).await.ok(200);
    assert_eq!(results["items"][0]["ok"], json!(false), "{results}");
    body["actions"][1] = json!({"type": "send_email", "params": {"to": "requester", "subject": "x", "body": "x"}});
    world.send(post("/api/macros", &body).by(&world.agent)).await.fields(&[("actions[1].type", "unknown_action")]);
}
