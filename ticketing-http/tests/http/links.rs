//! Merging, splitting, tying and changing many tickets over HTTP.

use crate::support::*;
use serde_json::{Value, json};

fn path(ticket: &Value, rest: &str) -> String {
    format!("/api/tickets/{}{rest}", text(ticket, "id"))
}

#[tokio::test]
async fn a_ticket_goes_into_another_and_comes_out_again() {
    let world = world().await;
    let (source, target) = (world.ticket("Source").await, world.ticket("Target").await);
    assert!(source.get("merged_into").is_none() && source["wake_at"].is_null());
    world.send(post(path(&source, "/comments"), &json!({"body": "hello"})).by(&world.customer)).await.ok(201);
    let merge = json!({"into": target["ticket_number"]});
    world.send(post(path(&source, "/merge"), &merge).by(&world.customer)).await.problem(403, "forbidden");
    world
        .send(post(path(&source, "/merge"), &json!({"in": 1})).by(&world.agent))
        .await
        .fields(&[("into", "required"), ("in", "unknown_field")]);
    let answer = world.send(post(path(&source, "/merge"), &merge).by(&world.agent)).await;
    assert_eq!(answer.ok(200)["id"], target["id"]);
    assert_eq!(answer.header("etag"), "\"2\"");
    let seen = world.send(get(path(&source, "")).by(&world.customer)).await.ok(200);
    assert_eq!((&seen["merged_into"], &seen["status"]), (&target["id"], &json!("closed")));
    assert!(seen.get("wake_at").is_none(), "for staff only");
    let late = world.send(post(path(&source, "/comments"), &json!({"body": "late"})).by(&world.customer)).await.ok(201);
    assert_eq!(late["ticket_id"], target["id"]);
    let refused = world.send(patch(path(&source, ""), &json!({"priority": "high"})).by(&world.agent)).await;
    assert!(text(&refused.problem(409, "ticket_merged"), "detail").contains(text(&target, "id")));
    for (call, code) in [
        (post(path(&source, "/merge"), &merge), "ticket_merged"),
        (post(path(&target, "/unmerge"), &json!({})), "not_merged"),
        (post(path(&world.ticket("Third").await, "/merge"), &json!({"into": source["id"]})), "target_merged"),
    ] {
        world.send(call.by(&world.agent)).await.problem(409, code);
    }
    let timeline = world.send(get(path(&target, "/timeline")).by(&world.agent)).await.text();
    assert!(timeline.contains("ticket.merged"), "{timeline}");
    let back = world.send(call(axum::http::Method::POST, path(&source, "/unmerge")).by(&world.agent)).await.ok(200);
    assert_eq!((&back["id"], &back["status"]), (&source["id"], &json!("open")));
    let words = world.send(get(path(&source, "/comments")).by(&world.customer)).await.ok(200);
    assert_eq!((&words["items"][0]["body"], words["items"].as_array().unwrap().len()), (&json!("hello"), 1));
    let theirs = json!({"subject": "Theirs", "description": "x"});
    let theirs = world.send(post("/api/tickets", &theirs).by(&world.stranger)).await.ok(201);
    let mut other = json!({"into": target["id"]});
    world.send(post(path(&theirs, "/merge"), &other).by(&world.agent)).await.problem(409, "other_customer");
    other["confirm_other_customer"] = json!(true);
    world.send(post(path(&theirs, "/merge"), &other).by(&world.agent)).await.ok(200);
}

/// What was said once is read where it was put, by those who may, wherever it went since.
#[tokio::test]
async fn a_comment_is_read_by_those_who_see_it() {
    let world = world().await;
    let (source, target) = (world.ticket("Source").await, world.ticket("Target").await);
    let say = |body: Value, person| post(path(&source, "/comments"), &body).by(person);
    let hello = world.send(say(json!({"body": "Hello."}), &world.customer)).await;
    let note = world.send(say(json!({"body": "note", "is_internal": true}), &world.agent)).await;
    let (hello, said, note) = (hello.header("location"), hello.ok(201), note.header("location").to_owned());
    for person in [&world.customer, &world.agent, &world.manager] {
        assert_eq!(world.send(get(hello).by(person)).await.ok(200), said);
    }
    assert_eq!(world.send(get(&note).by(&world.agent)).await.ok(200)["body"], "note");
    let hidden = [(&note, &world.customer), (&note, &world.stranger), (&hello.to_owned(), &world.stranger)];
    let never = get("/api/comments/01890000-0000-7000-8000-000000000000").by(&world.customer);
    let never = world.send(never).await.problem(404, "not_found");
    for (place, person) in hidden {
        assert_eq!(world.send(get(place).by(person)).await.problem(404, "not_found")["detail"], never["detail"]);
    }
    world.send(get(hello)).await.problem(401, "unauthenticated");
    world.send(get("/api/comments/nonsense").by(&world.agent)).await.problem(404, "not_found");
    // It goes with its ticket as it is, and whoever holds it is told all the same.
    world.send(post(path(&source, "/merge"), &json!({"into": target["id"]})).by(&world.agent)).await.ok(200);
    let moved = world.send(get(hello).by(&world.agent).with("if-none-match", "\"1\"")).await;
    assert_eq!((&moved.ok(200)["ticket_id"], moved.header("etag")), (&target["id"], "\"1\""));
}

#[tokio::test]
async fn tickets_are_tied() {
    let world = world().await;
    let (one, two) = (world.ticket("One").await, world.ticket("Two").await);
    let theirs = json!({"subject": "Theirs", "description": "x"});
    let theirs = world.send(post("/api/tickets", &theirs).by(&world.stranger)).await.ok(201);
    let tie = |ticket: &Value, kind: &str| json!({"ticket": ticket["id"], "type": kind});
    let answer = world.send(post(path(&one, "/links"), &tie(&two, "blocks")).by(&world.agent)).await;
    let link = answer.ok(201);
    assert_eq!((&link["type"], &link["direction"]), (&json!("blocks"), &json!("outward")));
    assert_eq!(link["ticket"]["ticket_number"], two["ticket_number"]);
    assert_eq!(answer.header("location"), path(&one, &format!("/links/{}", text(&link, "id"))));
    world.send(post(path(&one, "/links"), &tie(&two, "blocks")).by(&world.agent)).await.problem(409, "duplicate");
    world.send(post(path(&one, "/links"), &tie(&one, "blocks")).by(&world.agent)).await.fields(&[("ticket", "same")]);
    let wrong = json!({"ticket": "nothing", "type": "hates"});
    let expected = [("ticket", "unknown"), ("type", "unknown_value")];
    world.send(post(path(&one, "/links"), &wrong).by(&world.agent)).await.fields(&expected);
    world.send(post(path(&one, "/links"), &tie(&two, "relates")).by(&world.customer)).await.problem(403, "forbidden");
    world.send(post(path(&one, "/links"), &tie(&theirs, "relates")).by(&world.agent)).await.ok(201);
    world.send(post(path(&one, "/links"), &tie(&two, "parent")).by(&world.agent)).await.ok(201);
    world.send(post(path(&two, "/links"), &tie(&one, "parent")).by(&world.agent)).await.problem(409, "parent_cycle");
    world.send(post(path(&theirs, "/links"), &tie(&two, "parent")).by(&world.agent)).await.problem(409, "has_parent");
    let seen = world.send(get(path(&one, "/links?count=true")).by(&world.agent)).await.ok(200);
    assert_eq!((&seen["total"], &seen["next_cursor"]), (&json!(3), &Value::Null));
    let seen = world.send(get(path(&one, "/links")).by(&world.customer)).await;
    assert_eq!(seen.ok(200)["items"].as_array().unwrap().len(), 2, "customers see ties to what they see");
    assert!(!seen.text().contains("Theirs") && !seen.text().contains("created_by"));
    let inward = world.send(get(path(&two, "/links?limit=1")).by(&world.customer)).await.ok(200);
    assert_eq!((&inward["items"][0]["direction"], inward["next_cursor"].is_string()), (&json!("inward"), true));

    let resolve = json!({"status": "resolved"});
    let blocked = world.send(patch(path(&two, ""), &resolve).by(&world.agent)).await.problem(409, "open_blockers");
    assert!(text(&blocked, "detail").contains(text(&one, "ticket_number")), "{blocked}");
    let anyway = json!({"status": "resolved", "ignore_blockers": true});
    world.send(patch(path(&two, ""), &anyway).by(&world.agent)).await.ok(200);
    let own = path(&two, &format!("/links/{}", text(&link, "id")));
    world.send(delete(&own).by(&world.customer)).await.problem(403, "forbidden");
    world.send(delete(&own).by(&world.agent)).await.ok(204);
    world.send(delete(&own).by(&world.agent)).await.problem(404, "not_found");
    world.send(patch(path(&two, ""), &json!({"status": "open"})).by(&world.agent)).await.ok(200);
    world.send(patch(path(&two, ""), &resolve).by(&world.agent)).await.ok(200);
}

#[tokio::test]
async fn a_comment_becomes_a_ticket() {
    let world = world().await;
    let ticket = world.ticket_with(json!({"subject": "Two things", "description": "x", "priority": "high"})).await;
    let said = json!({"body": "By the way, the door squeaks."});
    let comment = world.send(post(path(&ticket, "/comments"), &said).by(&world.customer)).await.ok(201);
    let split = json!({"comment_id": comment["id"], "subject": "The door"});
    world.send(post(path(&ticket, "/split"), &split).by(&world.customer)).await.problem(403, "forbidden");
    let answer = world.send(post(path(&ticket, "/split"), &split).by(&world.agent)).await;
    let new = answer.ok(201);
    assert_eq!(answer.header("location"), path(&new, ""));
    assert_eq!((&new["subject"], &new["description"]), (&json!("The door"), &said["body"]));
    assert_eq!((&new["customer_id"], &new["priority"]), (&json!(world.customer.id()), &json!("high")));
    let links = world.send(get(path(&ticket, "/links")).by(&world.agent)).await.ok(200);
    assert_eq!((&links["items"][0]["ticket"]["id"], &links["items"][0]["type"]), (&new["id"], &json!("relates")));
    let words = world.send(get(path(&ticket, "/comments")).by(&world.agent)).await.ok(200);
    assert_eq!(words["items"][0]["id"], comment["id"], "the comment stays");
    assert!(world.send(get(path(&ticket, "/timeline")).by(&world.agent)).await.text().contains("ticket.split"));
    let foreign = post(path(&new, "/split"), &split).by(&world.agent);
    world.send(foreign).await.fields(&[("comment_id", "unknown")]);
    let nothing = post(path(&ticket, "/split"), &json!({"subject": ""})).by(&world.agent);
    world.send(nothing).await.fields(&[("comment_id", "required"), ("subject", "required")]);
}

#[tokio::test]
async fn many_tickets_change_each_on_its_own() {
    let world = world().await;
    let (one, two, closed) = (world.ticket("One").await, world.ticket("Two").await, world.ticket("Closed").await);
    world.send(patch(path(&closed, ""), &json!({"status": "closed"})).by(&world.agent)).await.ok(200);
    let absent = "01890000-0000-7000-8000-000000000000";
    let body = json!({"tickets": [one["id"], closed["id"], absent, two["ticket_number"]],
        "changes": {"priority": "critical", "assigned_agent_id": world.agent.id()}});
    world.send(post("/api/tickets/bulk", &body).by(&world.customer)).await.problem(403, "forbidden");
    let bulk = post("/api/tickets/bulk", &body).by(&world.agent).with("x-request-id", "bulk-1");
    let items = world.send(bulk).await.ok(200)["items"].clone();
    assert_eq!(items[0], json!({"ticket": one["id"], "ok": true}));
    assert_eq!((&items[1]["ok"], &items[1]["error"]["type"]), (&json!(false), &json!("/problems/ticket_closed")));
    assert_eq!((&items[2]["ticket"], &items[2]["error"]["status"]), (&json!(absent), &json!(404)));
    assert_eq!(items[3], json!({"ticket": two["ticket_number"], "ok": true}));
    for ticket in [&one, &two] {
        let seen = world.send(get(path(ticket, "")).by(&world.agent)).await.ok(200);
        assert_eq!((&seen["priority"], &seen["version"]), (&json!("critical"), &json!(2)));
    }
    let lines = world.send(get("/api/audit?limit=100").by(&world.admin)).await.ok(200);
    let tied = lines["items"].as_array().unwrap().iter().filter(|line| line["request_id"] == "bulk-1").count();
    assert_eq!(tied, 2, "one request id ties the lines");
    let send = async |body: Value| world.send(post("/api/tickets/bulk", &body).by(&world.agent)).await;
    let both = json!({"tickets": [one["id"], one["ticket_number"]], "changes": {"priority": "low"}});
    send(both).await.fields(&[("tickets[1]", "duplicate")]);
    let same = json!({"tickets": [one["id"], one["id"], "x"], "changes": {"priority": "no", "color": 1}});
    let expected = [
        ("tickets[1]", "duplicate"),
        ("tickets[2]", "unknown"),
        ("changes.priority", "unknown_value"),
        ("changes.color", "unknown_field"),
    ];
    send(same).await.fields(&expected);
    send(json!({"tickets": []})).await.fields(&[("tickets", "required"), ("changes", "required")]);
    let many: Vec<String> = (0..101).map(|place| format!("01890000-0000-7000-8000-{place:012}")).collect();
    send(json!({"tickets": many, "changes": {}})).await.fields(&[("tickets", "too_many")]);
}

#[tokio::test]
async fn a_ticket_is_put_off() {
    let world = world().await;
    let ticket = world.ticket("Later").await;
    let send = async |body: Value| world.send(patch(path(&ticket, ""), &body).by(&world.agent)).await;
    let wake = (world.desk.now() + chrono::TimeDelta::days(1)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let seen = send(json!({"wake_at": wake})).await.ok(200);
    assert_eq!((&seen["status"], seen["wake_at"].as_str().map(|at| &at[..19])), (&json!("pending"), Some(&wake[..19])));
    send(json!({"wake_at": "tomorrow"})).await.fields(&[("wake_at", "type")]);
    send(json!({"wake_at": "2020-01-01T00:00:00Z"})).await.fields(&[("wake_at", "past")]);
    assert_eq!(send(json!({"status": "in_progress"})).await.ok(200)["wake_at"], Value::Null);
}
