//! What the desk promises, over the wire.

use crate::support::*;
use chrono::TimeDelta;
use serde_json::{Value, json};
use ticketing_core::time::Time;

fn gold() -> Value {
    json!({"name": "Gold", "targets": {
        "medium": {"first_response": "1h", "next_response": "2h", "resolution": "1d"},
        "critical": {"first_response": "15m", "resolution": "4h", "working_time": false}},
        "warn_before": "20%"})
}

fn moment(value: &Value) -> Time {
    value.as_str().unwrap().parse().unwrap()
}

async fn promise(world: &World) -> Value {
    world.send(post("/api/sla-policies", &gold()).by(&world.admin)).await.ok(201)
}

#[tokio::test]
async fn policies_are_made_shown_changed_and_deleted() {
    let world = world().await;
    let answer = world.send(post("/api/sla-policies", &gold()).by(&world.admin)).await;
    let made = answer.ok(201);
    let path = format!("/api/sla-policies/{}", text(&made, "id"));
    assert_eq!((answer.header("location"), answer.header("etag")), (path.as_str(), "\"1\""));
    assert_eq!(made["pause_on"], json!(["pending", "on_hold"]));
    assert_eq!((&made["match"], &made["conditions"], &made["is_active"]), (&json!("all"), &json!([]), &json!(true)));
    assert_eq!(made["targets"]["critical"]["first_response"], "15m");
    assert_eq!(world.send(get(&path).by(&world.agent)).await.ok(200), made);
    for person in [&world.manager, &world.agent, &world.customer] {
        world.send(post("/api/sla-policies", &gold()).by(person)).await.problem(403, "forbidden");
        world.send(patch(&path, &json!({"name": "x"})).by(person)).await.problem(403, "forbidden");
        world.send(delete(&path).by(person)).await.problem(403, "forbidden");
    }
    world.send(get(&path).by(&world.customer)).await.problem(403, "forbidden");
    world.send(post("/api/sla-policies", &gold()).by(&world.admin)).await.fields(&[("name", "duplicate")]);
    let change = json!({"warn_before": null, "pause_on": ["on_hold"], "position": 3});
    let changed = world.send(patch(&path, &change).by(&world.admin).with("if-match", "\"1\"")).await.ok(200);
    assert_eq!((&changed["warn_before"], &changed["version"]), (&Value::Null, &json!(2)));
    world.send(patch(&path, &change).by(&world.admin).with("if-match", "\"1\"")).await.problem(412, "stale_version");
    let list = world.send(get("/api/sla-policies?count=true").by(&world.agent)).await.ok(200);
    assert_eq!((&list["items"][0], &list["total"]), (&changed, &json!(1)));
    assert_eq!(world.send(delete(&path).by(&world.admin)).await.status, 204);
    world.send(get(&path).by(&world.admin)).await.problem(404, "not_found");
}

#[tokio::test]
async fn what_is_wrong_with_a_policy_is_named() {
    let world = world().await;
    let bad = json!({"name": " ", "targets": {"medium": {"first_response": "soon", "resolution": "0s"}, "urgent": {}, "low": {}},
        "warn_before": "100%", "pause_on": ["pending", "closed"], "calendar_id": uuid::Uuid::nil(), "position": -1,
        "conditions": [{"field": "subject", "operator": "sounds_like", "value": "x"}]});
    let failures = world.send(post("/api/sla-policies", &bad).by(&world.admin)).await;
    failures.fields(&[
        ("targets.medium.first_response", "invalid_value"),
        ("targets.urgent", "unknown_field"),
        ("warn_before", "invalid_value"),
        ("pause_on[1]", "unknown_value"),
        ("name", "required"),
        ("position", "out_of_range"),
        ("targets.low", "required"),
        ("targets.medium.resolution", "out_of_range"),
    ]);
    let unknown = json!({"name": "x", "targets": {"low": {"resolution": "1h"}}, "calendar_id": uuid::Uuid::nil(),
        "conditions": [{"field": "subject", "operator": "sounds_like", "value": "x"}]});
    let failures = world.send(post("/api/sla-policies", &unknown).by(&world.admin)).await;
    failures.fields(&[("calendar_id", "unknown"), ("conditions[0].operator", "unknown_operator")]);
    world
        .send(post("/api/sla-policies", &json!({})).by(&world.admin))
        .await
        .fields(&[("name", "required"), ("targets", "required")]);
}

#[tokio::test]
async fn a_ticket_says_how_it_stands_to_what_was_promised() {
    let world = world().await;
    let policy = promise(&world).await;
    let new = json!({"subject": "Lift", "description": "It is stuck."});
    let own = world.send(post("/api/tickets", &new).by(&world.customer)).await.ok(201);
    for hidden in ["sla", "is_sla_breached"] {
        assert!(own.get(hidden).is_none(), "customers do not see {hidden}");
    }
    let path = format!("/api/tickets/{}", text(&own, "id"));
    let ticket = world.send(get(&path).by(&world.admin)).await.ok(200);
    let sla = &ticket["sla"];
    assert_eq!((&sla["policy_id"], &ticket["is_sla_breached"]), (&policy["id"], &json!(false)));
    let hours = |from: &Value, to: &Value| (moment(to) - moment(from)).num_minutes();
    assert_eq!(hours(&ticket["created_at"], &sla["first_response_due_at"]), 60);
    assert_eq!(hours(&ticket["created_at"], &sla["resolution_due_at"]), 24 * 60);
    assert_eq!((&sla["next_response_due_at"], &sla["paused_since"]), (&Value::Null, &Value::Null));
    assert_eq!(sla["first_response_breached"], false);
    world.pass(TimeDelta::minutes(5));
    // Pending gives time back: nothing is due while it waits.
    let waits = world.send(patch(&path, &json!({"status": "pending"})).by(&world.admin)).await.ok(200);
    assert_eq!(
        (&waits["sla"]["resolution_due_at"], &waits["sla"]["paused_since"]),
        (&Value::Null, &waits["updated_at"])
    );
    world.pass(TimeDelta::minutes(4));
    let goes_on = world.send(patch(&path, &json!({"status": "open"})).by(&world.admin)).await.ok(200);
    assert!(moment(&goes_on["sla"]["resolution_due_at"]) > moment(&sla["resolution_due_at"]));
    // A raised priority shortens it, a public answer meets it.
    let raised = world.send(patch(&path, &json!({"priority": "critical"})).by(&world.admin)).await.ok(200);
    assert!(moment(&raised["sla"]["resolution_due_at"]) < moment(&sla["resolution_due_at"]));
    world.pass(TimeDelta::minutes(2));
    let said = json!({"body": "We are on our way."});
    world.send(post(format!("{path}/comments"), &said).by(&world.admin)).await.ok(201);
    let story = world.send(get(format!("{path}/sla")).by(&world.admin)).await.ok(200);
    assert_eq!(story["policy"]["name"], "Gold");
    let first = &story["clocks"][0];
    assert_eq!((&first["metric"], &first["state"]), (&json!("first_response"), &json!("met")));
    let reasons: Vec<&str> = first["stretches"].as_array().unwrap().iter().map(|one| text(one, "reason")).collect();
    assert_eq!(reasons, ["counted", "paused", "counted"]);
    world.send(get(format!("{path}/sla")).by(&world.customer)).await.problem(403, "forbidden");
}

#[tokio::test]
async fn lists_are_filtered_by_breach_and_sorted_by_what_is_due_next() {
    let world = world().await;
    promise(&world).await;
    let mut made = Vec::new();
    for priority in ["low", "medium", "critical"] {
        let new =
            json!({"subject": priority, "description": "x", "priority": priority, "customer_id": world.customer.id()});
        made.push(world.send(post("/api/tickets", &new).by(&world.admin)).await.ok(201));
    }
    let subjects = async |path: &str| {
        let page = world.send(get(path).by(&world.admin)).await.ok(200);
        let items = page["items"].as_array().unwrap().clone();
        items.iter().map(|ticket| text(ticket, "subject").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(subjects("/api/tickets?sort=sla_due_at").await, ["critical", "medium", "low"]);
    assert_eq!(subjects("/api/tickets?is_sla_breached=true").await, Vec::<String>::new());
    assert_eq!(subjects("/api/tickets?is_sla_breached=false&sort=-sla_due_at").await, ["low", "medium", "critical"]);
    world
        .send(get("/api/tickets?is_sla_breached=maybe").by(&world.admin))
        .await
        .fields(&[("is_sla_breached", "unknown_value")]);
    world
        .send(get("/api/tickets?is_sla_breached=true").by(&world.customer))
        .await
        .fields(&[("is_sla_breached", "unknown_parameter")]);
    world.send(get("/api/tickets?sort=sla_due_at").by(&world.customer)).await.fields(&[("sort", "unknown_value")]);
}

#[tokio::test]
async fn a_report_tells_how_promises_were_kept() {
    let world = world().await;
    promise(&world).await;
    let ticket = world.ticket("Lift").await;
    world.pass(TimeDelta::minutes(10));
    let said = json!({"body": "We are on our way."});
    let path = format!("/api/tickets/{}", text(&ticket, "id"));
    world.send(post(format!("{path}/comments"), &said).by(&world.agent)).await.ok(201);
    let told =
        async |query: &str| world.send(get(format!("/api/analytics/sla{query}")).by(&world.manager)).await.ok(200);
    let report = told("").await;
    let kept = json!({"kept": 1, "broken": 0, "attainment": 1.0, "mean_seconds": 600});
    let none = json!({"kept": 0, "broken": 0, "attainment": null, "mean_seconds": null});
    assert_eq!(report["metrics"], json!({"first_response": kept, "next_response": none, "resolution": none}));
    assert_eq!(report["groups"], json!([{"key": "first_response", "metrics": {"first_response": kept}}]));
    assert_eq!((&report["group_by"], moment(&report["to"])), (&json!("metric"), world.desk.now()));
    assert_eq!(moment(&report["from"]), world.desk.now() - TimeDelta::days(30));
    let teams = told("?group_by=team&metric=first_response,resolution").await;
    let group = json!([{"key": null, "metrics": {"first_response": kept, "resolution": none}}]);
    assert_eq!(teams["groups"], group);
    let today = world.desk.now().date_naive();
    let days = told(&format!("?group_by=day&from={today}&to={today}&metric=first_response")).await;
    let group = json!([{"key": today, "metrics": {"first_response": kept}}]);
    assert_eq!((&days["groups"], moment(&days["to"]) - moment(&days["from"])), (&group, TimeDelta::days(1)));
    let zone = told(&format!("?from={today}&to={today}&time_zone=Asia/Kolkata")).await;
    assert_eq!(moment(&days["from"]) - moment(&zone["from"]), TimeDelta::minutes(330));
    for (person, status) in [(&world.admin, 200), (&world.agent, 403), (&world.customer, 403)] {
        assert_eq!(world.send(get("/api/analytics/sla").by(person)).await.status, status);
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_query_of_a_report_is_named() {
    let world = world().await;
    let ask = async |query: &str| world.send(get(format!("/api/analytics/sla?{query}")).by(&world.manager)).await;
    ask("group_by=mood&metric=joy&team_id=x&time_zone=Mars/Base&from=soon&limit=3").await.fields(&[
        ("from", "unknown_value"),
        ("group_by", "unknown_value"),
        ("metric", "unknown_value"),
        ("team_id", "unknown_value"),
        ("time_zone", "unknown_value"),
        ("limit", "unknown_parameter"),
    ]);
    ask("group_by=day&from=2020-01-01&to=2026-01-01").await.fields(&[("group_by", "too_many")]);
    ask("from=2026-01-02&to=2026-01-01").await.fields(&[("from", "out_of_range")]);
}
