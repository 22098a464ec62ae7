//! Rules over HTTP.

use crate::support::*;
use serde_json::{Value, json};

fn action() -> Value {
    json!({"type": "add_tags", "params": {"tags": ["hot"]}})
}

fn rule(more: &Value) -> Value {
    let mut body = json!({"name": "Tag it", "trigger_type": "priority_change", "actions": [action()]});
    for (field, value) in more.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

async fn make(world: &World, more: Value) -> Value {
    world.send(post("/api/workflows", &rule(&more)).by(&world.admin)).await.ok(201)
}

fn path(rule: &Value) -> String {
    format!("/api/workflows/{}", text(rule, "id"))
}

/// The example of the document that the desk was made by.
fn example() -> Value {
    json!({
        "name": "Auto-escalate critical tickets",
        "trigger_type": "priority_change",
        "trigger_conditions": [{"field": "priority", "operator": "equals", "value": "critical"}],
        "actions": [
            {"type": "send_notification", "params": {"user_id": "{{assigned_agent_id}}",
                "title": "Critical Ticket Alert", "message": "Ticket {{ticket_number}} escalated to critical"}},
            {"type": "send_email", "params": {"to": "manager@company.com",
                "subject": "Critical Ticket: {{ticket_number}}", "body": "Immediate attention required"}}
        ]
    })
}

#[tokio::test]
async fn the_example_is_saved_as_it_is_and_tells_what_it_did() {
    let world = world().await;
    let answer = world.send(post("/api/workflows", &example()).by(&world.admin)).await;
    let made = answer.ok(201);
    assert_eq!((answer.header("location"), answer.header("etag")), (&*path(&made), "\"1\""));
    for (field, value) in example().as_object().unwrap() {
        assert_eq!(&made[field], value);
    }
    let unsaid = json!({"description": null, "match": "all", "mode": "when_changed", "stop": false, "position": 10,
        "is_active": true, "schedule": null, "note": null, "disabled": null, "problems": [], "warnings": [],
        "owner_id": world.admin.id(), "version": 1});
    for (field, value) in unsaid.as_object().unwrap() {
        assert_eq!(&made[field], value, "{field}");
    }
    assert_eq!(world.send(get(path(&made)).by(&world.admin)).await.ok(200), made);

    let ticket = world.ticket("It burns").await;
    let ticket = format!("/api/tickets/{}", text(&ticket, "id"));
    world.send(patch(&ticket, &json!({"assigned_agent_id": world.agent.id()})).by(&world.admin)).await.ok(200);
    let changed = world.send(patch(&ticket, &json!({"priority": "critical"})).by(&world.admin)).await.ok(200);
    let runs = world.send(get(format!("{ticket}/workflow-runs")).by(&world.agent)).await.ok(200);
    let run = &runs["items"][0];
    assert_eq!(
        run["conditions"],
        json!([{"field": "priority", "operator": "equals", "value": "critical",
        "actual": "critical", "result": true}])
    );
    for (field, value) in [
        ("workflow_id", &made["id"]),
        ("workflow_name", &made["name"]),
        ("workflow_version", &json!(1)),
        ("ticket_id", &changed["id"]),
        ("trigger", &json!("priority_change")),
        ("outcome", &json!("fired")),
        ("round", &json!(1)),
    ] {
        assert_eq!(&run[field], value, "{field}");
    }
    let effects: Vec<_> = run["effects"].as_array().unwrap().iter().map(|effect| &effect["type"]).collect();
    assert_eq!(effects, ["send_notification", "send_email"]);
    let number = text(&changed, "ticket_number");
    let told = run["effects"].to_string();
    assert!(told.contains(&format!("Critical Ticket: {number}")), "{told}");
    let of_rule = world.send(get(format!("{}/runs?outcome=fired", path(&made))).by(&world.admin)).await.ok(200);
    assert_eq!(of_rule, runs);
    let none = world.send(get(format!("{}/runs?outcome=suppressed", path(&made))).by(&world.admin)).await.ok(200);
    assert_eq!(none, json!({"items": [], "next_cursor": null}));
    world
        .send(get(format!("{}/runs?outcome=lost", path(&made))).by(&world.admin))
        .await
        .fields(&[("outcome", "unknown_value")]);
    world.send(get(format!("{ticket}/workflow-runs")).by(&world.customer)).await.problem(403, "forbidden");
    world.send(get("/api/tickets/TKT-222222/workflow-runs").by(&world.agent)).await.problem(404, "not_found");
}

#[tokio::test]
async fn what_cannot_be_run_is_refused_by_its_fields() {
    let world = world().await;
    let nobody = "01890000-0000-7000-8000-000000000000";
    let test = |field: &str, operator: &str, value: Value| json!({"trigger_conditions": [{"field": field, "operator": operator, "value": value}]});
    let does = |kind: &str, params: Value| json!({"actions": [{"type": kind, "params": params}]});
    let mail = |to: &str, subject: &str| does("send_email", json!({"to": to, "subject": subject, "body": "b"}));
    let cases: Vec<(Value, &[(&str, &str)])> = vec![
        (json!({"name": " "}), &[("name", "required")]),
        (json!({"name": "n".repeat(201)}), &[("name", "too_long")]),
        (json!({"name": 7}), &[("name", "type")]),
        (json!({"trigger_type": "full_moon"}), &[("trigger_type", "unknown_value")]),
        (json!({"match": "most"}), &[("match", "unknown_value")]),
        (json!({"mode": "never"}), &[("mode", "unknown_value")]),
        (json!({"position": -1}), &[("position", "out_of_range")]),
        (json!({"is_active": null}), &[("is_active", "type")]),
        (json!({"owner_id": nobody}), &[("owner_id", "unknown_field")]),
        (json!({"trigger_conditions": 7}), &[("trigger_conditions", "type")]),
        (test("mood", "equals", json!("bad")), &[("trigger_conditions[0].field", "unknown_field")]),
        (test("priority", "resembles", json!("high")), &[("trigger_conditions[0].operator", "unknown_operator")]),
        (test("priority", "contains", json!("h")), &[("trigger_conditions[0].operator", "operator_does_not_fit")]),
        (test("priority", "equals", json!("huge")), &[("trigger_conditions[0].value", "invalid_value")]),
        (test("team_id", "equals", json!(nobody)), &[("trigger_conditions[0].value", "unknown_value")]),
        (json!({"actions": []}), &[("actions", "invalid_value")]),
        (json!({"actions": vec![action(); 21]}), &[("actions", "invalid_value")]),
        (json!({"actions": ["add_tags"]}), &[("actions", "type")]),
        (json!({"actions": [{}]}), &[("actions[0].type", "required")]),
        (
            json!({"actions": [{"type": "add_tags", "params": {"tags": ["a"]}, "why": 1}]}),
            &[("actions[0].why", "unknown_field")],
        ),
        (json!({"actions": [action(), {"type": "sing"}]}), &[("actions[1].type", "unknown_action")]),
        (does("add_tags", json!({})), &[("actions[0].params.tags", "required")]),
        (does("add_tags", json!({"tags": ["a"], "loud": true})), &[("actions[0].params.loud", "unknown_param")]),
        (mail("nobody", "s"), &[("actions[0].params.to", "unknown_recipient")]),
        (mail(nobody, "s"), &[("actions[0].params.to", "unknown")]),
        (mail("a@b.example", "{{moon}}"), &[("actions[0].params.subject", "unknown_variable")]),
        (does("assign_ticket", json!({"team_id": nobody})), &[("actions[0].params.team_id", "unknown")]),
        (does("assign_ticket", json!({"agent_id": nobody})), &[("actions[0].params.agent_id", "unknown")]),
        (does("update_ticket", json!({"mood": "bad"})), &[("actions[0].params.mood", "unknown_field")]),
        (does("update_ticket", json!({"priority": "huge"})), &[("actions[0].params.priority", "unknown_value")]),
        (does("trigger_webhook", json!({"webhook_id": nobody})), &[("actions[0].params.webhook_id", "unknown")]),
        (json!({"schedule": {"every": "1h"}}), &[("schedule", "not_allowed")]),
        (json!({"trigger_type": "time_based"}), &[("schedule", "required")]),
        (json!({"schedule": {}}), &[("schedule", "required")]),
        (json!({"schedule": 7}), &[("schedule", "type")]),
        (json!({"schedule": {"every": "1h", "cron": "* * * * *"}}), &[("schedule.cron", "unknown_field")]),
        (json!({"schedule": {"after": "1h"}}), &[("schedule.since", "required")]),
        (json!({"schedule": {"after": "1h", "since": "birth"}}), &[("schedule.since", "unknown_value")]),
        (json!({"trigger_type": "time_based", "schedule": {"every": "1s"}}), &[("schedule.every", "out_of_range")]),
        (json!({"trigger_type": "time_based", "schedule": {"cron": "daily"}}), &[("schedule.cron", "invalid_value")]),
        (
            json!({"trigger_type": "time_based", "schedule": {"cron": "0 8 * * *", "time_zone": "Moon"}}),
            &[("schedule.time_zone", "unknown_value")],
        ),
        (
            json!({"trigger_conditions": [{"field": "mood", "operator": "equals", "value": 1}], "actions": [{"type": "sing"}]}),
            &[("actions[0].type", "unknown_action"), ("trigger_conditions[0].field", "unknown_field")],
        ),
    ];
    let kept = make(&world, json!({})).await;
    for (more, expected) in cases {
        world.send(post("/api/workflows", &rule(&more)).by(&world.admin)).await.fields(expected);
        world.send(put(path(&kept), &rule(&more)).by(&world.admin)).await.fields(expected);
        world.send(patch(path(&kept), &more).by(&world.admin)).await.fields(expected);
        let import = json!({"workflows": [rule(&json!({"name": "Good"})), rule(&more)]});
        let below: Vec<_> = expected.iter().map(|(field, code)| (format!("workflows[1].{field}"), *code)).collect();
        let below: Vec<_> = below.iter().map(|(field, code)| (field.as_str(), *code)).collect();
        world.send(post("/api/workflows/import", &import).by(&world.admin)).await.fields(&below);
    }
    world.send(post("/api/workflows", &json!({})).by(&world.admin)).await.fields(&[
        ("actions", "required"),
        ("name", "required"),
        ("trigger_type", "required"),
    ]);
    world.send(post("/api/workflows/import", &json!({})).by(&world.admin)).await.fields(&[("workflows", "required")]);
    let all = world.send(get("/api/workflows?count=true").by(&world.admin)).await.ok(200);
    assert_eq!((all["total"].clone(), all["items"][0].clone()), (json!(1), kept));
}

#[tokio::test]
async fn rules_are_listed_by_position_page_by_page() {
    let world = world().await;
    for (name, position) in [("c", 30), ("a", 10), ("b", 20)] {
        make(&world, json!({"name": name, "position": position})).await;
    }
    assert_eq!(make(&world, json!({"name": "d"})).await["position"], 40);
    let first = world.send(get("/api/workflows?limit=3&count=true").by(&world.admin)).await.ok(200);
    assert_eq!(first["total"], 4);
    let cursor = text(&first, "next_cursor");
    let second = world.send(get(format!("/api/workflows?limit=3&cursor={cursor}")).by(&world.admin)).await.ok(200);
    let items = first["items"].as_array().unwrap().iter().chain(second["items"].as_array().unwrap());
    assert_eq!(items.map(|rule| text(rule, "name")).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
    assert_eq!(second["next_cursor"], Value::Null);
}

#[tokio::test]
async fn changes_insist_on_versions_in_every_way() {
    let world = world().await;
    let kept = make(&world, json!({"position": 7})).await;
    let at = path(&kept);
    let answer = world.send(patch(&at, &json!({"stop": true, "version": 1})).by(&world.admin)).await;
    assert_eq!((answer.ok(200)["version"].clone(), answer.header("etag")), (json!(2), "\"2\""));
    let stale = world.send(patch(&at, &json!({"stop": false, "version": 1})).by(&world.admin)).await;
    assert_eq!(stale.problem(409, "stale_version")["current_version"], 2);
    let change = |call: Call, tag: &str| call.by(&world.admin).with("if-match", tag);
    let replacement = rule(&json!({"name": "Other"}));
    world.send(change(patch(&at, &json!({"stop": false})), "\"1\"")).await.problem(412, "stale_version");
    world.send(change(put(&at, &replacement), "\"1\"")).await.problem(412, "stale_version");
    world.send(change(delete(&at), "\"1\"")).await.problem(412, "stale_version");
    let restore = post(format!("{at}/restore"), &json!({"version": 1}));
    world.send(change(restore, "\"1\"")).await.problem(412, "stale_version");
    let replaced = world.send(change(put(&at, &replacement), "\"2\"")).await.ok(200);
    assert_eq!((&replaced["stop"], &replaced["position"], &replaced["version"]), (&json!(false), &json!(7), &json!(3)));
    let mut versioned = replacement.clone();
    versioned["version"] = json!(2);
    world.send(put(&at, &versioned).by(&world.admin)).await.problem(409, "stale_version");
    assert_eq!(world.send(change(delete(&at), "\"3\"")).await.status, 204);
    world.send(get(&at).by(&world.admin)).await.problem(404, "not_found");
    world.send(put(&at, &replacement).by(&world.admin)).await.problem(404, "not_found");
}

#[tokio::test]
async fn versions_are_told_compared_and_brought_back() {
    let world = world().await;
    let kept = make(&world, json!({"note": "At first."})).await;
    let at = path(&kept);
    world.send(patch(&at, &json!({"name": "Two", "note": "Better."})).by(&world.admin)).await.ok(200);
    world.send(patch(&at, &json!({"actions": [{"type": "sing"}]})).by(&world.admin)).await.problem(422, "invalid");
    world.send(patch(&at, &json!({"is_active": false})).by(&world.admin)).await.ok(200);
    let list = world.send(get(format!("{at}/versions?limit=2")).by(&world.admin)).await.ok(200);
    assert_eq!(list["items"][1]["note"], "Better.");
    let cursor = text(&list, "next_cursor");
    let rest = world.send(get(format!("{at}/versions?limit=2&cursor={cursor}")).by(&world.admin)).await.ok(200);
    let first = &rest["items"][0];
    assert_eq!((&first["version"], &first["name"], &first["note"]), (&json!(1), &json!("Tag it"), &json!("At first.")));
    assert_eq!((&first["saved_by"], &first["saved_at"]), (&json!(world.admin.id()), &kept["created_at"]));
    let whole = world.send(get(format!("{at}/versions/1")).by(&world.admin)).await;
    assert_eq!((whole.ok(200)["actions"].clone(), whole.header("etag")), (kept["actions"].clone(), "\"1\""));
    for unknown in ["0", "4", "x", "-1"] {
        world.send(get(format!("{at}/versions/{unknown}")).by(&world.admin)).await.problem(404, "not_found");
    }
    let diff = world.send(get(format!("{at}/diff?from=1&to=3")).by(&world.admin)).await.ok(200);
    let changes = json!({"name": ["Tag it", "Two"], "is_active": [true, false]});
    assert_eq!(diff, json!({"from": 1, "to": 3, "changes": changes}));
    world.send(get(format!("{at}/diff?from=1&to=9")).by(&world.admin)).await.problem(404, "not_found");
    world
        .send(get(format!("{at}/diff?to=x")).by(&world.admin))
        .await
        .fields(&[("from", "required"), ("to", "unknown_value")]);
    let restore = |body: &Value| post(format!("{at}/restore"), body).by(&world.admin);
    let back = world.send(restore(&json!({"version": 1, "note": "Back."}))).await;
    let back = back.ok(200);
    assert_eq!((&back["version"], &back["name"], &back["note"]), (&json!(4), &json!("Tag it"), &json!("Back.")));
    assert_eq!(back["is_active"], true);
    world.send(restore(&json!({"version": 9}))).await.fields(&[("version", "unknown")]);
    world.send(restore(&json!({}))).await.fields(&[("version", "required")]);
    let log = world.send(get("/api/audit?action=workflow.restored").by(&world.admin)).await.ok(200);
    assert_eq!(log["items"][0]["changes"]["name"], json!(["Two", "Tag it"]));
}

#[tokio::test]
async fn what_is_exported_can_be_taken_in_elsewhere() {
    let (here, there) = (world().await, world().await);
    here.send(post("/api/workflows", &example()).by(&here.admin)).await.ok(201);
    make(
        &here,
        json!({"name": "Late", "trigger_type": "time_based", "match": "any", "mode": "always",
        "schedule": {"after": "4h", "since": "last_customer_reply", "working_time": true}, "description": "So late."}),
    )
    .await;
    let export = here.send(get("/api/workflows/export").by(&here.admin)).await.ok(200);
    assert!(!export.to_string().contains(&here.admin.id()), "{export}");
    let import = async |body: &Value| there.send(post("/api/workflows/import", body).by(&there.admin)).await.ok(200);
    let mut tried = export.clone();
    tried["dry_run"] = json!(true);
    let told = import(&tried).await;
    assert_eq!(told["created"][1], json!({"id": null, "name": "Late", "version": 1}));
    let told = import(&export).await;
    assert_eq!(told["created"].as_array().unwrap().len(), 2);
    let again = there.send(get("/api/workflows/export").by(&there.admin)).await.ok(200);
    assert_eq!(again, export);
    let told = import(&export).await;
    assert_eq!((&told["created"], &told["updated"]), (&json!([]), &json!([])));
    assert_eq!(told["unchanged"].as_array().unwrap().len(), 2);
    let mut changed = export.clone();
    changed["workflows"][0]["stop"] = json!(true);
    assert_eq!(import(&changed).await["updated"][0]["version"], 2);
}

#[tokio::test]
async fn only_administrators_come_in() {
    let world = world().await;
    let kept = make(&world, json!({})).await;
    let at = path(&kept);
    let calls = || {
        vec![
            get("/api/workflows"),
            post("/api/workflows", &rule(&json!({}))),
            get(&at),
            patch(&at, &json!({"stop": true})),
            put(&at, &rule(&json!({}))),
            delete(&at),
            get(format!("{at}/versions")),
            get(format!("{at}/versions/1")),
            get(format!("{at}/diff?from=1&to=1")),
            post(format!("{at}/restore"), &json!({"version": 1})),
            get(format!("{at}/runs")),
            get("/api/workflows/export"),
            post("/api/workflows/import", &json!({"workflows": []})),
        ]
    };
    for person in [&world.manager, &world.agent, &world.customer] {
        for call in calls() {
            world.send(call.by(person)).await.problem(403, "forbidden");
        }
    }
    for call in calls() {
        world.send(call).await.problem(401, "unauthenticated");
    }
    assert_eq!(world.send(get(&at).by(&world.admin)).await.ok(200), kept);
}

#[tokio::test]
async fn warnings_stand_by_the_rules_that_they_are_about() {
    let world = world().await;
    let loud = make(&world, json!({"name": "Loud", "trigger_type": "ticket_updated"})).await;
    assert_eq!(loud["warnings"][0]["code"], "no_conditions");
    assert_eq!(loud["warnings"][0]["workflow_ids"], json!([loud["id"]]));
    let calm = make(&world, json!({"name": "Calm"})).await;
    assert_eq!(calm["warnings"], json!([]));
    let list = world.send(get("/api/workflows").by(&world.admin)).await.ok(200);
    assert_eq!((&list["items"][0], &list["items"][1]), (&loud, &calm));
    let off = world.send(patch(path(&loud), &json!({"is_active": false})).by(&world.admin)).await.ok(200);
    assert_eq!(off["warnings"], json!([]));
}
