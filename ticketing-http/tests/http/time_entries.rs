//! Time that staff spend, as clients log, correct and sum it up.

use crate::support::*;
use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

async fn ticket(world: &World) -> String {
    format!("/api/tickets/{}", text(&world.ticket("Slow").await, "id"))
}

async fn log(world: &World, path: &str, body: Value) -> Answer {
    world.send(post(format!("{path}/time-entries"), &body).by(&world.agent)).await
}

#[tokio::test]
async fn time_is_logged_as_the_contract_says() {
    let world = world().await;
    let path = ticket(&world).await;
    let body = json!({
        "hours": 2.5, "description": "Investigated database connection issue", "billable": true,
        "started_at": "2024-01-15T09:00:00Z", "ended_at": "2024-01-15T11:30:00Z",
    });
    let made = log(&world, &path, body).await;
    let entry = made.ok(201);
    let place = format!("/api/time-entries/{}", text(&entry, "id"));
    assert_eq!((made.header("location"), made.header("etag")), (place.as_str(), "\"1\""));
    assert_eq!((&entry["hours"], &entry["billable"]), (&json!(2.5), &json!(true)));
    assert_eq!(entry["user"]["id"], json!(world.agent.id()));
    assert!(entry.get("warnings").is_none(), "{entry}");
    let derived = json!({"started_at": "2024-01-15T12:00:00+01:00", "ended_at": "2024-01-15T12:10:00+01:00"});
    assert_eq!(log(&world, &path, derived).await.ok(201)["hours"], json!(0.17));
    let page = world.send(get(format!("{path}/time-entries?limit=1&count=true")).by(&world.agent)).await;
    assert!(page.header("link").contains("rel=\"next\""));
    let page = page.ok(200);
    assert_eq!((&page["total"], &page["items"][0]["hours"]), (&json!(2), &json!(0.17)), "the latest work first");
    let totals = json!({"hours": 2.67, "billable_hours": 2.5, "entries": 2, "amounts": []});
    assert_eq!(page["totals"], totals);
    let next = format!("{path}/time-entries?limit=1&count=true&cursor={}", text(&page, "next_cursor"));
    let next = world.send(get(next).by(&world.agent)).await.ok(200);
    assert_eq!((&next["items"][0]["hours"], &next["totals"]), (&json!(2.5), &totals));
    assert_eq!(next["next_cursor"], Value::Null);
}

#[tokio::test]
async fn what_is_no_time_is_refused_field_by_field() {
    let world = world().await;
    let path = ticket(&world).await;
    let now = world.desk.now();
    let ahead = |minutes| json!(now + TimeDelta::minutes(minutes));
    let cases: Vec<(Value, &[(&str, &str)])> = vec![
        (json!({}), &[("hours", "required")]),
        (json!({"started_at": "2024-01-15T09:00:00Z"}), &[("hours", "required")]),
        (json!({"hours": 0}), &[("hours", "out_of_range")]),
        (json!({"hours": -1}), &[("hours", "out_of_range")]),
        (json!({"hours": 24.01}), &[("hours", "out_of_range")]),
        (json!({"hours": 0.125}), &[("hours", "too_precise")]),
        (json!({"hours": 0.300_000_000_000_000_04}), &[("hours", "too_precise")]),
        (json!({"hours": "2"}), &[("hours", "type")]),
        (json!({"hours": 1, "customer": 1}), &[("customer", "unknown_field")]),
        (json!({"hours": 1, "ended_at": "2024-01-15T09:00:00Z"}), &[("started_at", "required")]),
        (
            json!({"started_at": "2024-01-15T09:00:00Z", "ended_at": "2024-01-15T09:00:00Z"}),
            &[("ended_at", "out_of_range")],
        ),
        (
            json!({"started_at": "2024-01-15T09:00:00Z", "ended_at": "2024-01-16T09:00:01Z"}),
            &[("ended_at", "out_of_range")],
        ),
        (
            json!({"hours": 2, "started_at": "2024-01-15T09:00:00Z", "ended_at": "2024-01-15T11:30:00Z"}),
            &[("hours", "contradiction")],
        ),
        (json!({"hours": 1, "started_at": ahead(6)}), &[("started_at", "future")]),
        (json!({"started_at": ahead(-60), "ended_at": ahead(6)}), &[("ended_at", "future")]),
        (json!({"hours": 1, "user_id": world.admin.id()}), &[("user_id", "forbidden")]),
        (json!({"hours": 1, "description": "x".repeat(4_001)}), &[("description", "too_long")]),
    ];
    for (body, expected) in cases {
        log(&world, &path, body.clone()).await.fields(expected);
    }
    let page = world.send(get(format!("{path}/time-entries")).by(&world.agent)).await.ok(200);
    assert_eq!(page["totals"]["entries"], 0, "nothing was kept");
    for body in [json!({"hours": 24}), json!({"hours": 0.01}), json!({"hours": 1, "started_at": ahead(4)})] {
        log(&world, &path, body).await.ok(201);
    }
    let body = json!({"hours": 1, "user_id": world.customer.id()});
    let answer = world.send(post(format!("{path}/time-entries"), &body).by(&world.manager)).await;
    answer.fields(&[("user_id", "unknown")]);
    let body = json!({"hours": 1, "user_id": world.agent.id()});
    let made = world.send(post(format!("{path}/time-entries"), &body).by(&world.manager)).await.ok(201);
    assert_eq!(made["user"]["id"], json!(world.agent.id()), "a manager logs the time of others");
}

#[tokio::test]
async fn time_is_corrected_under_its_version() {
    let world = world().await;
    let path = ticket(&world).await;
    let made = log(&world, &path, json!({"hours": 1, "billable": true})).await.ok(201);
    let place = format!("/api/time-entries/{}", text(&made, "id"));
    let stale = patch(&place, &json!({"hours": 2})).by(&world.agent).with("if-match", "\"7\"");
    world.send(stale).await.problem(412, "stale_version");
    let change = patch(&place, &json!({"hours": 2, "version": 1})).by(&world.agent);
    let changed = world.send(change).await;
    assert_eq!((changed.header("etag"), &changed.ok(200)["hours"]), ("\"2\"", &json!(2)));
    world.send(patch(&place, &json!({"hours": null})).by(&world.agent)).await.fields(&[("hours", "type")]);
    let other = json!({"started_at": "2026-01-01T10:00:00Z", "ended_at": "2026-01-01T10:45:00Z"});
    let measured = world.send(patch(&place, &other).by(&world.agent)).await.ok(200);
    assert_eq!(measured["hours"], json!(0.75), "measured anew");
    world.send(patch(&place, &json!({"hours": 3})).by(&world.agent)).await.fields(&[("hours", "contradiction")]);
    let open = world.send(patch(&place, &json!({"hours": 3, "ended_at": null})).by(&world.agent)).await.ok(200);
    assert_eq!((&open["hours"], &open["ended_at"]), (&json!(3), &Value::Null));
    world.send(patch(&place, &json!({"started_at": null})).by(&world.manager)).await.ok(200);
    world.send(delete(&place).by(&world.agent)).await.ok(204);
    world.send(get(&place).by(&world.agent)).await.problem(404, "not_found");
    let audit = world.send(get("/api/audit?action=time_entry.deleted").by(&world.admin)).await.ok(200);
    let line = &audit["items"][0];
    assert_eq!(line["subject"], format!("time_entry:{}", text(&made, "id")));
    assert_eq!(line["changes"]["hours"], json!([3, null]), "what was deleted is known");
}

#[tokio::test]
async fn customers_see_nothing_of_it() {
    let world = world().await;
    let path = ticket(&world).await;
    let made = log(&world, &path, json!({"hours": 1})).await.ok(201);
    let place = format!("/api/time-entries/{}", text(&made, "id"));
    for call in [
        get(format!("{path}/time-entries")),
        post(format!("{path}/time-entries"), &json!({"hours": 1})),
        get(&place),
        patch(&place, &json!({"hours": 1})),
        delete(&place),
        get("/api/time-entries"),
        get("/api/time-entries/summary?group_by=ticket"),
        get("/api/timer"),
        post("/api/timer/start", &json!({"ticket": "TKT-222222"})),
        get("/api/time-tracking"),
    ] {
        world.send(call.by(&world.customer)).await.problem(403, "forbidden");
    }
    world
        .send(patch("/api/time-tracking", &json!({"round_to_minutes": 5})).by(&world.manager))
        .await
        .problem(403, "forbidden");
    let timeline = world.send(get(format!("{path}/timeline")).by(&world.customer)).await;
    assert!(!timeline.text().contains("time"), "{}", timeline.text());
}

#[tokio::test]
async fn sums_are_told_by_each_group() {
    let world = world().await;
    let path = ticket(&world).await;
    let number = text(&world.send(get(&path).by(&world.agent)).await.ok(200), "ticket_number").to_owned();
    let rule = json!({
        "default_rate": {"amount_minor": 100, "currency": "USD"},
        "rates": [{"organization_id": world.organization.id, "amount_minor": 9_000, "currency": "EUR"}],
    });
    world.send(patch("/api/time-tracking", &rule).by(&world.admin)).await.ok(200);
    // The last minutes of January in Berlin are February's first in no zone east of it.
    for (at, hours, billable) in [
        ("2026-01-10T12:00:00Z", 1.5, true),
        ("2026-01-31T22:30:00Z", 0.25, false),
        ("2026-01-31T23:30:00Z", 0.1, true),
    ] {
        log(&world, &path, json!({"started_at": at, "hours": hours, "billable": billable})).await.ok(201);
    }
    let ask = async |query: &str| {
        world.send(get(format!("/api/time-entries/summary?{query}")).by(&world.manager)).await.ok(200)
    };
    let euros = |amount_minor: i64| json!([{"amount_minor": amount_minor, "currency": "EUR"}]);
    let month = |key: &str, hours: f64, billable: f64, entries: u64, amounts: Value| json!({"key": key, "label": key, "hours": hours, "billable_hours": billable, "entries": entries, "amounts": amounts});
    let told = ask("group_by=month&time_zone=Europe/Berlin").await;
    let expected = [month("2026-01", 1.75, 1.5, 2, euros(13_500)), month("2026-02", 0.1, 0.1, 1, euros(900))];
    assert_eq!(told["items"], json!(expected));
    let totals = json!({"hours": 1.85, "billable_hours": 1.6, "entries": 3, "amounts": euros(14_400)});
    assert_eq!(told["totals"], totals);
    assert_eq!(ask("group_by=month").await["items"], json!([month("2026-01", 1.85, 1.6, 3, euros(14_400))]));
    let days = ask("group_by=day&from=2026-01-31&to=2026-02-01&time_zone=Europe/Berlin").await;
    let keys: Vec<&Value> = days["items"].as_array().unwrap().iter().map(|item| &item["key"]).collect();
    assert_eq!(keys, ["2026-01-31", "2026-02-01"]);
    assert_eq!(ask("group_by=week").await["items"][1]["key"], "2026-01-26");
    let tickets = ask("group_by=ticket&from=2026-02-01&time_zone=Europe/Berlin").await;
    let item = &tickets["items"][0];
    assert_eq!(item["label"], format!("{number} Slow"));
    assert_eq!((&item["hours"], &item["total_hours"]), (&json!(0.1), &json!(1.85)), "of the month, and of the ticket");
    for (group_by, key, label) in [
        ("agent", world.agent.id(), world.agent.user.name.clone()),
        ("customer", world.customer.id(), world.customer.user.name.clone()),
        ("organization", world.organization.id.to_string(), world.organization.name.clone()),
    ] {
        let told = ask(&format!("group_by={group_by}")).await;
        let item = &told["items"][0];
        assert_eq!((&item["key"], &item["label"]), (&json!(key), &json!(label)));
        assert_eq!(told["totals"], totals, "{group_by}");
    }
    assert_eq!(ask("group_by=agent&billable=false").await["totals"]["hours"], json!(0.25));
    assert_eq!(ask(&format!("group_by=agent&user_id={}", world.admin.id())).await["items"], json!([]));
    assert_eq!(ask(&format!("group_by=day&ticket={number}&user_id=me")).await["items"], json!([]));
    let empty = world.send(get("/api/time-entries/summary").by(&world.manager)).await;
    empty.fields(&[("group_by", "required")]);
    let bad = "group_by=colour&billable=perhaps&from=soon&time_zone=Mars&user_id=x&team_id=y&ticket=z";
    let bad = world.send(get(format!("/api/time-entries/summary?{bad}")).by(&world.manager)).await;
    assert_eq!(bad.problem(422, "invalid")["errors"].as_array().unwrap().len(), 7);
    let early = "group_by=day&from=2026-02-01&to=2026-01-01";
    let early = world.send(get(format!("/api/time-entries/summary?{early}")).by(&world.manager)).await;
    early.fields(&[("from", "out_of_range")]);
    log(&world, &path, json!({"started_at": "1999-01-01T00:00:00Z", "hours": 1})).await.ok(201);
    let far = world.send(get("/api/time-entries/summary?group_by=day").by(&world.manager)).await;
    far.fields(&[("group_by", "too_many")]);
}

#[tokio::test]
async fn a_timer_says_where_it_is_and_becomes_time() {
    let world = world().await;
    let path = ticket(&world).await;
    let (first, second) = (path.rsplit('/').next().unwrap().to_owned(), world.ticket("Other").await);
    let none = json!({"timer": null});
    assert_eq!(world.send(get("/api/timer").by(&world.agent)).await.ok(200), none);
    for deed in ["pause", "resume", "stop"] {
        let call = call(Method::POST, format!("/api/timer/{deed}")).by(&world.agent);
        world.send(call).await.problem(404, "not_found");
    }
    let start = |ticket: &str| json!({"ticket": ticket, "description": "Looking"});
    let started = world.send(post("/api/timer/start", &start(&first)).by(&world.agent)).await;
    assert_eq!((started.header("location"), started.ok(201)["is_running"].clone()), ("/api/timer", json!(true)));
    // A token lives a quarter of an hour.
    world.pass(TimeDelta::minutes(6));
    let running = world.send(get("/api/timer").by(&world.agent)).await.ok(200);
    assert_eq!(running["timer"]["elapsed_seconds"], 360);
    assert_eq!(world.send(get("/api/timer").by(&world.manager)).await.ok(200), none, "everybody has one's own");
    let other = text(&second, "id");
    let refused = world.send(post("/api/timer/start", &start(other)).by(&world.agent)).await;
    let number = text(&running["timer"]["ticket"], "ticket_number");
    assert!(text(&refused.problem(409, "timer_running"), "detail").contains(number), "{}", refused.text());
    let switched = json!({"ticket": other, "switch": true});
    let switched = world.send(post("/api/timer/start", &switched).by(&world.agent)).await.ok(201);
    assert_eq!((&switched["logged"]["hours"], &switched["logged"]["ticket_id"]), (&json!(0.1), &json!(first)));
    assert_eq!(switched["logged"]["description"], "Looking");
    world.pass(TimeDelta::minutes(6));
    let stopped = world.send(post("/api/timer/stop", &json!({"billable": true})).by(&world.agent)).await;
    let entry = stopped.ok(201);
    assert_eq!((&entry["hours"], &entry["billable"], &entry["ticket_id"]), (&json!(0.1), &json!(true), &second["id"]));
    world.send(get(stopped.header("location")).by(&world.agent)).await.ok(200);
    assert_eq!(world.send(get("/api/timer").by(&world.agent)).await.ok(200), none);
    world.send(delete("/api/timer").by(&world.agent)).await.ok(204);
    world.send(post("/api/timer/start", &start("TKT-222222")).by(&world.agent)).await.fields(&[("ticket", "unknown")]);
}

#[tokio::test]
async fn the_rule_is_an_administrators_and_prices_are_whole_numbers() {
    let world = world().await;
    let shown = world.send(get("/api/time-tracking").by(&world.agent)).await;
    assert_eq!(shown.header("etag"), "\"0\"");
    let expected = json!({
        "round_to_minutes": 0, "round": "nearest", "default_billable": false, "default_rate": null, "rates": [],
        "version": 0, "updated_at": null,
    });
    assert_eq!(shown.ok(200), expected);
    let rate = |organization: &str, amount: Value| json!({"organization_id": organization, "amount_minor": amount, "currency": "EUR"});
    let company = world.organization.id.to_string();
    let unknown = "01890000-0000-7000-8000-000000000000";
    let cases: Vec<(Value, &[(&str, &str)])> = vec![
        (json!({"round_to_minutes": 7}), &[("round_to_minutes", "unknown_value")]),
        (json!({"round": "sideways"}), &[("round", "unknown_value")]),
        (json!({"default_rate": {"amount_minor": 1}}), &[("default_rate.currency", "required")]),
        (json!({"default_rate": {"amount_minor": 1.5, "currency": "EUR"}}), &[("default_rate.amount_minor", "type")]),
        (
            json!({"default_rate": {"amount_minor": -1, "currency": "EUR"}}),
            &[("default_rate.amount_minor", "out_of_range")],
        ),
        (
            json!({"default_rate": {"amount_minor": 1, "currency": "euro"}}),
            &[("default_rate.currency", "invalid_value")],
        ),
        (json!({"rates": [rate(unknown, json!(1))]}), &[("rates[0].organization_id", "unknown")]),
        (
            json!({"rates": [rate(&company, json!(1)), rate(&company, json!(2))]}),
            &[("rates[1].organization_id", "repeated")],
        ),
    ];
    for (body, expected) in cases {
        world.send(patch("/api/time-tracking", &body).by(&world.admin)).await.fields(expected);
    }
    let body = json!({"round_to_minutes": 15, "round": "up", "rates": [rate(&company, json!(12_050))], "version": 0});
    let changed = world.send(patch("/api/time-tracking", &body).by(&world.admin)).await.ok(200);
    assert_eq!((&changed["version"], &changed["rates"][0]["amount_minor"]), (&json!(1), &json!(12_050)));
    world.send(patch("/api/time-tracking", &body).by(&world.admin)).await.problem(409, "stale_version");
    let path = ticket(&world).await;
    let measured = json!({"started_at": "2026-01-05T09:00:00Z", "ended_at": "2026-01-05T09:01:00Z", "billable": true});
    let entry = log(&world, &path, measured).await.ok(201);
    assert_eq!((&entry["hours"], &entry["amount"]["amount_minor"]), (&json!(0.25), &json!(3_013)));
}
