//! Calendars over the wire.

use crate::support::*;
use axum::http::Method;
use serde_json::{Value, json};

fn nine_to_five() -> Value {
    json!([{"start": "09:00", "end": "17:00"}])
}

fn office() -> Value {
    json!({
        "name": "Office", "time_zone": "Europe/Berlin",
        "weekly_hours": {"tuesday": nine_to_five(), "monday": [{"start": "13:00", "end": "24:00"}, {"start": "08:00", "end": "12:00"}]},
    })
}

async fn make(world: &World, body: &Value) -> (Value, String) {
    let made = world.send(post("/api/calendars", body).by(&world.admin)).await.ok(201);
    let path = format!("/api/calendars/{}", text(&made, "id"));
    (made, path)
}

#[tokio::test]
async fn calendars_are_made_shown_changed_and_deleted() {
    let world = world().await;
    let answer = world.send(post("/api/calendars", &office()).by(&world.admin)).await;
    let made = answer.ok(201);
    let path = format!("/api/calendars/{}", text(&made, "id"));
    assert_eq!((answer.header("location"), answer.header("etag")), (path.as_str(), "\"1\""));
    let monday = json!([{"start": "08:00", "end": "12:00"}, {"start": "13:00", "end": "24:00"}]);
    assert_eq!(made["weekly_hours"]["monday"], monday, "slots come in their order");
    assert_eq!((&made["weekly_hours"]["sunday"], &made["holidays"]), (&json!([]), &json!([])));
    assert_eq!((&made["is_default"], made.get("earlier")), (&json!(false), None));
    assert_eq!(world.send(get(&path).by(&world.agent)).await.ok(200), made);
    assert_eq!(world.send(get(&path).by(&world.agent).with("if-none-match", "\"1\"")).await.status, 304);
    for person in [&world.manager, &world.agent, &world.customer] {
        world.send(post("/api/calendars", &office()).by(person)).await.problem(403, "forbidden");
        world.send(patch(&path, &json!({"name": "x"})).by(person)).await.problem(403, "forbidden");
        world.send(delete(&path).by(person)).await.problem(403, "forbidden");
    }
    world.send(get(&path).by(&world.customer)).await.problem(403, "forbidden");
    let change = json!({"name": " Night ", "periods": [
        {"from": "2026-07-01", "until": "2026-07-31", "weekly_hours": {"friday": nine_to_five()}}
    ]});
    let changed = world.send(patch(&path, &change).by(&world.admin).with("if-match", "\"1\"")).await.ok(200);
    assert_eq!((text(&changed, "name"), &changed["version"]), ("Night", &json!(2)));
    assert_eq!((&changed["periods"][0]["name"], &changed["weekly_hours"]), (&Value::Null, &made["weekly_hours"]));
    let same = world.send(patch(&path, &change).by(&world.admin)).await.ok(200);
    assert_eq!(same["version"], 2, "what changes nothing is no version");
    world.send(patch(&path, &change).by(&world.admin).with("if-match", "\"1\"")).await.problem(412, "stale_version");
    let stale = json!({"name": "Other", "version": 1});
    world.send(patch(&path, &stale).by(&world.admin)).await.problem(409, "stale_version");
    let fewer = json!({"weekly_hours": {"friday": nine_to_five()}});
    let fewer = world.send(patch(&path, &fewer).by(&world.admin)).await.ok(200);
    assert_eq!(fewer["weekly_hours"]["monday"], json!([]), "the week is replaced as a whole");
    assert_eq!(world.send(delete(&path).by(&world.admin)).await.status, 204);
    world.send(get(&path).by(&world.admin)).await.problem(404, "not_found");
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let world = world().await;
    let send = async |body: Value| world.send(post("/api/calendars", &body).by(&world.admin)).await;
    send(json!({})).await.fields(&[("name", "required"), ("time_zone", "required"), ("weekly_hours", "required")]);
    send(json!({
        "name": "", "time_zone": "Europe/Atlantis",
        "weekly_hours": {
            "monday": [{"start": "9:00", "end": "24:30"}, {"start": "10:00"}],
            "tuesday": [{"start": "17:00", "end": "09:00"}],
            "wednesday": [{"start": "09:00", "end": "12:00"}, {"start": "11:59", "end": "13:00"}, {"start": "13:00", "end": "14:00"}],
            "thursday": (0..11).map(|hour| json!({"start": format!("{hour:02}:00"), "end": format!("{hour:02}:30")})).collect::<Vec<_>>(),
            "funday": [],
        },
        "holidays": [
            {"date": "--12-25", "name": "Christmas"}, {"date": "--12-25", "name": "x".repeat(101)},
        ],
        "periods": [
            {"from": "2026-07-01", "until": "2026-08-31", "weekly_hours": {}},
            {"from": "2026-08-31", "until": "2026-09-01", "weekly_hours": {"monday": [{"start": "12:00", "end": "12:00"}]}},
            {"from": "2027-02-01", "until": "2027-01-31", "weekly_hours": {}},
        ],
        "earlier": [],
    }))
    .await
    .fields(&[
        ("name", "required"),
        ("time_zone", "unknown_value"),
        ("weekly_hours.monday[0].start", "invalid_value"),
        ("weekly_hours.monday[0].end", "invalid_value"),
        ("weekly_hours.monday[1].end", "required"),
        ("weekly_hours.tuesday[0].end", "invalid_value"),
        ("weekly_hours.wednesday[1]", "overlap"),
        ("weekly_hours.thursday", "too_many"),
        ("weekly_hours.funday", "unknown_field"),
        ("holidays[1].date", "duplicate"),
        ("holidays[1].name", "too_long"),
        ("periods[1]", "overlap"),
        ("periods[1].weekly_hours.monday[0].end", "invalid_value"),
        ("periods[2].until", "invalid_value"),
        ("earlier", "unknown_field"),
    ]);
    let day = |date: &str| json!([{"date": date, "name": "x"}]);
    for bad in ["2026-02-29", "--02-30", "12-25", ""] {
        let body =
            json!({"name": "a", "time_zone": "UTC", "weekly_hours": {"monday": nine_to_five()}, "holidays": day(bad)});
        send(body).await.fields(&[("holidays[0].date", "invalid_value")]);
    }
    let many: Vec<_> = (0..1_001).map(|_| json!({"date": "--12-25", "name": "x"})).collect();
    let body = json!({"name": "a", "time_zone": "UTC", "weekly_hours": {"monday": nine_to_five()}, "holidays": many});
    send(body).await.fields(&[("holidays", "too_many")]);
    let period = json!({"from": "2026-07-01", "until": "2026-07-01", "weekly_hours": {}});
    let body = json!({"name": "a", "time_zone": "UTC", "weekly_hours": {}, "periods": [period]});
    send(body).await.fields(&[("weekly_hours", "required")]);
}

#[tokio::test]
async fn no_two_have_one_name_and_one_at_most_is_the_default() {
    let world = world().await;
    let (_, first) = make(&world, &office()).await;
    let mut twin = office();
    twin["name"] = json!("OFFICE");
    world.send(post("/api/calendars", &twin).by(&world.admin)).await.fields(&[("name", "duplicate")]);
    twin["name"] = json!("Other");
    twin["is_default"] = json!(true);
    let (_, second) = make(&world, &twin).await;
    world.send(patch(&second, &json!({"name": "office "})).by(&world.admin)).await.fields(&[("name", "duplicate")]);
    let changed = world.send(patch(&first, &json!({"is_default": true})).by(&world.admin)).await.ok(200);
    assert_eq!(changed["is_default"], true);
    let other = world.send(get(&second).by(&world.agent)).await.ok(200);
    assert_eq!((&other["is_default"], &other["version"]), (&json!(false), &json!(2)));
    let page = world.send(get("/api/calendars?limit=1&count=true").by(&world.agent)).await.ok(200);
    assert_eq!((&page["total"], text(&page["items"][0], "name")), (&json!(2), "Office"));
    assert!(page["next_cursor"].is_string());
}

#[tokio::test]
async fn a_team_works_by_a_calendar_that_then_stays() {
    let world = world().await;
    let (calendar, path) = make(&world, &office()).await;
    let nowhere = json!("01890000-0000-7000-8000-000000000000");
    let team = |id: &Value| json!({"name": "Network", "calendar_id": id});
    let send = async |body: Value| world.send(post("/api/teams", &body).by(&world.admin)).await;
    send(team(&nowhere)).await.fields(&[("calendar_id", "unknown")]);
    send(team(&json!("x"))).await.fields(&[("calendar_id", "type")]);
    let made = send(team(&calendar["id"])).await.ok(201);
    assert_eq!(made["calendar_id"], calendar["id"]);
    let of_team = format!("/api/teams/{}", text(&made, "id"));
    let change = async |id: Value| world.send(patch(&of_team, &json!({"calendar_id": id})).by(&world.admin)).await;
    change(nowhere).await.fields(&[("calendar_id", "unknown")]);
    let used = world.send(delete(&path).by(&world.admin)).await.problem(409, "in_use");
    assert!(text(&used, "detail").contains("Network"), "{used}");
    assert_eq!(change(Value::Null).await.ok(200)["calendar_id"], Value::Null);
    assert_eq!(world.send(delete(&path).by(&world.admin)).await.status, 204);
}

fn file(events: &[&str]) -> String {
    let event = |lines: &&str| format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n", lines.replace('\n', "\r\n"));
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.iter().map(event).collect::<String>())
}

#[tokio::test]
async fn holidays_come_in_from_a_file() {
    let world = world().await;
    let mut body = office();
    body["holidays"] = json!([{"date": "--12-25", "name": "Mine"}, {"date": "2026-05-01", "name": "Mine, too"}]);
    let (_, path) = make(&world, &body).await;
    let send = async |query: &str, file: String| {
        let call = call(Method::POST, format!("{path}/holidays{query}")).raw("text/calendar; charset=utf-8", file);
        world.send(call.by(&world.admin)).await
    };
    let source = file(&[
        "SUMMARY:Christmas\nDTSTART;VALUE=DATE:20261225",
        "SUMMARY:Labour Day\nDTSTART:20260501",
        "SUMMARY:New Year\nDTSTART:20260101\nRRULE:FREQ=YEARLY",
        "SUMMARY:New Year\nDTSTART:20270101",
        "SUMMARY:Stand-up\nDTSTART:20260105\nRRULE:FREQ=WEEKLY",
    ]);
    let tried = send("?dry_run=true", source.clone()).await.ok(200);
    assert_eq!(tried["added"], json!([{"date": "--01-01", "name": "New Year"}]));
    let skipped: Vec<_> = tried["skipped"].as_array().unwrap().iter().map(|one| text(one, "summary")).collect();
    assert_eq!(skipped, ["Stand-up", "Christmas", "Labour Day", "New Year"]);
    assert!(text(&tried["skipped"][0], "reason").contains("repeats"));
    let before = world.send(get(&path).by(&world.agent)).await.ok(200);
    assert_eq!((&before["version"], &before["holidays"]), (&json!(1), &body["holidays"]), "nothing was done");
    assert_eq!(send("", source.clone()).await.ok(200), tried);
    let after = world.send(get(&path).by(&world.agent)).await.ok(200);
    assert_eq!((after["holidays"].as_array().unwrap().len(), &after["version"]), (3, &json!(2)));
    assert_eq!(send("", source).await.ok(200)["added"], json!([]));
    assert_eq!(world.send(get(&path).by(&world.agent)).await.ok(200), after, "what adds nothing is no version");

    send("", "hello".to_owned()).await.fields(&[("file", "invalid_value")]);
    send("?dry_run=perhaps", file(&[])).await.fields(&[("dry_run", "unknown_value")]);
    send("?force=true", file(&[])).await.fields(&[("force", "unknown_parameter")]);
    let long: Vec<_> = (0..3).map(|year| format!("DTSTART:{}0101\nDURATION:P365D", 2030 + year)).collect();
    let long: Vec<_> = long.iter().map(String::as_str).collect();
    send("", file(&long)).await.fields(&[("file", "too_many")]);
    send("", " ".repeat(1024 * 1024 + 1)).await.problem(413, "too_large");
    let call = |kind: &str, body: Vec<u8>| call(Method::POST, format!("{path}/holidays")).raw(kind, body);
    world.send(call("application/json", b"{}".to_vec()).by(&world.admin)).await.problem(415, "unsupported_media_type");
    world.send(call("text/calendar", vec![0xff]).by(&world.admin)).await.problem(400, "malformed");
    world.send(call("text/calendar", Vec::new()).by(&world.manager)).await.problem(403, "forbidden");
}

#[tokio::test]
async fn the_audit_log_has_who_changed_what() {
    let world = world().await;
    let (_, path) = make(&world, &office()).await;
    world.send(patch(&path, &json!({"time_zone": "UTC"})).by(&world.admin)).await.ok(200);
    world.send(delete(&path).by(&world.admin)).await.ok(204);
    let lines = world.send(get("/api/audit?limit=3").by(&world.admin)).await.ok(200);
    let line = |action: &str| {
        let lines = lines["items"].as_array().unwrap();
        lines.iter().find(|line| line["action"] == action).unwrap_or_else(|| panic!("{action} in {lines:?}")).clone()
    };
    assert_eq!(line("calendar.updated")["changes"], json!({"time_zone": ["Europe/Berlin", "UTC"]}));
    assert_eq!(line("calendar.created")["changes"]["name"], json!([null, "Office"]));
    line("calendar.deleted");
}

#[tokio::test]
async fn the_calendar_of_the_page_is_taken_as_it_is_written() {
    let page = include_str!("../../../docs/SLA.md");
    let source = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let body: Value = serde_json::from_str(source).unwrap();
    let (made, _) = make(&world().await, &body).await;
    for (field, value) in body.as_object().unwrap().iter().filter(|(_, value)| !value.is_object()) {
        let is_same = &made[field] == value || field == "periods";
        assert!(is_same, "{field}: {made}");
    }
    assert_eq!(made["weekly_hours"]["monday"], body["weekly_hours"]["monday"]);
}
