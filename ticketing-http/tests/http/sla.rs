//! What the desk promises, over the wire.

use crate::support::*;
use chrono::TimeDelta;
use serde_json::{Value, json};
use ticketing_core::desk::work::{WorkOptions, Workers};
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
    let due = |ticket: &Value| {
        let ends = ["first_response_due_at", "resolution_due_at"].map(|name| ticket["sla"][name].as_str());
        ends.into_iter().flatten().min().expect("a promise").to_owned()
    };
    let [low, medium, critical] = &made[..] else { panic!("three were made") };
    let none =
        json!({"subject": "done", "description": "x", "priority": "critical", "customer_id": world.customer.id()});
    let done = world.send(post("/api/tickets", &none).by(&world.admin)).await.ok(201);
    let path = format!("/api/tickets/{}", text(&done, "id"));
    world.send(patch(&path, &json!({"status": "resolved"})).by(&world.admin)).await.ok(200);
    for (query, wanted) in [
        (format!("sla_due_to={}", due(critical)), vec!["critical"]),
        (
            format!("sla_due_from={}&sla_due_to={}&sort=-sla_due_at", due(critical), due(medium)),
            vec!["medium", "critical"],
        ),
        (format!("sla_due_from={}&sort=sla_due_at", due(medium)), vec!["medium"]),
        (format!("sla_due_from={}&priority=critical,low", due(critical)), vec!["critical"]),
        ("sla_due_to=9999-12-31&sort=sla_due_at".to_owned(), vec!["critical", "medium"]),
        ("sla_due_from=9999-12-31T23:59:59.999999Z".to_owned(), vec![]),
    ] {
        assert_eq!(
            subjects(&format!("/api/tickets?{query}")).await,
            wanted,
            "{query}; what was promised nothing is in none: {low}"
        );
    }
    let first =
        world.send(get("/api/tickets?sla_due_to=9999-12-31&sort=sla_due_at&limit=1").by(&world.admin)).await.ok(200);
    let next =
        format!("/api/tickets?sla_due_to=9999-12-31&sort=sla_due_at&limit=1&cursor={}", text(&first, "next_cursor"));
    assert_eq!(subjects(&next).await, ["medium"], "the second page");
    for name in ["sla_due_from", "sla_due_to"] {
        let path = format!("/api/tickets?{name}=2026-01-01");
        world.send(get(path).by(&world.customer)).await.fields(&[(name, "unknown_parameter")]);
    }
    world.send(get("/api/tickets?sort=sla_due_at").by(&world.customer)).await.fields(&[("sort", "unknown_value")]);
}

/// A desk in Berlin, its clock, and workers that do what is due whenever it goes on.
struct Story {
    world: World,
    workers: Workers,
    ticket: String,
}

impl Story {
    /// Lets the clock go on to a moment, minute by minute where something is due in between.
    async fn until(&mut self, moment: &str) {
        let moment: Time = moment.parse().unwrap();
        loop {
            let now = self.world.desk.now();
            let due = self.world.desk.store().next_due_at(now).await.unwrap();
            let next = due.filter(|due| *due > now).map_or(moment, |due| due.min(moment));
            self.world.pass(next - now);
            while self.workers.run_due(100).await.unwrap() > 0 {}
            if next == moment {
                break;
            }
        }
        // The keys of sign-ins are over by now.
        self.world.sign_in_again().await;
    }

    async fn ticket(&self) -> Value {
        self.world.send(get(&self.ticket).by(&self.world.admin)).await.ok(200)
    }

    async fn due(&self, metric: &str) -> Value {
        self.ticket().await["sla"][format!("{metric}_due_at")].clone()
    }

    async fn change(&self, change: Value) -> Value {
        self.world.send(patch(&self.ticket, &change).by(&self.world.admin)).await.ok(200)
    }

    /// The types of what was told of promised times so far.
    async fn told(&self) -> Vec<String> {
        let path = format!("{}/timeline?limit=100", self.ticket);
        let page = self.world.send(get(path).by(&self.world.admin)).await.ok(200);
        let all = page["items"].as_array().unwrap().clone();
        let deadlines = all.iter().filter(|event| text(event, "type").starts_with("sla."));
        deadlines.map(|event| format!("{} {}", text(event, "type"), text(&event["data"], "metric"))).collect()
    }
}

#[tokio::test]
async fn the_life_of_a_promise() {
    let mut world = world().await;
    let start: Time = "2026-04-30T14:00:00Z".parse().unwrap();
    world.pass(start - world.desk.now());
    world.sign_in_again().await;
    let day = json!([{"start": "09:00", "end": "18:00"}]);
    let berlin = json!({"name": "Berlin", "time_zone": "Europe/Berlin", "is_default": true,
        "weekly_hours": {"monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day},
        "holidays": [{"date": "--05-01", "name": "May Day"}]});
    world.send(post("/api/calendars", &berlin).by(&world.admin)).await.ok(201);
    let gold = json!({"name": "Gold", "warn_before": "15m", "targets": {
        "medium": {"first_response": "1h", "next_response": "2h", "resolution": "9h"},
        "high": {"first_response": "45m", "next_response": "1h", "resolution": "6h"}}});
    let policy = world.send(post("/api/sla-policies", &gold).by(&world.admin)).await.ok(201);
    let rule = json!({"name": "Late", "trigger_type": "sla_breach",
        "actions": [{"type": "escalate_ticket", "params": {"reason": "It is late."}}]});
    world.send(post("/api/workflows", &rule).by(&world.admin)).await.ok(201);
    let workers = world.desk.workers(WorkOptions::default());
    let mut story = Story { world, workers, ticket: String::new() };

    // Ten minutes before the evening of a Thursday; Friday is a holiday.
    story.until("2026-04-30T15:50:00Z").await;
    let new = json!({"subject": "Lift", "description": "It is stuck."});
    let made = story.world.send(post("/api/tickets", &new).by(&story.world.customer)).await.ok(201);
    story.ticket = format!("/api/tickets/{}", text(&made, "id"));
    assert_eq!(story.due("first_response").await, "2026-05-04T07:50:00Z");
    assert_eq!(story.due("resolution").await, "2026-05-04T15:50:00Z");

    // On Monday somebody asks back: nothing counts while the customer thinks.
    story.until("2026-05-04T07:10:00Z").await;
    let waits = story.change(json!({"status": "pending"})).await;
    assert_eq!(
        (&waits["sla"]["first_response_due_at"], &waits["sla"]["paused_since"]),
        (&Value::Null, &json!("2026-05-04T07:10:00Z"))
    );
    story.until("2026-05-04T12:00:00Z").await;
    assert_eq!(story.told().await, Vec::<String>::new());
    story.change(json!({"status": "open"})).await;
    // Twenty minutes of the hour had counted.
    assert_eq!(story.due("first_response").await, "2026-05-04T12:40:00Z");

    // It matters more: of 45 minutes, 25 are left, and there is a warning before.
    let raised = story.change(json!({"priority": "high"})).await;
    assert_eq!(raised["sla"]["first_response_due_at"], "2026-05-04T12:25:00Z");
    story.until("2026-05-04T12:11:00Z").await;
    assert_eq!(story.told().await, ["sla.warning first_response"]);

    // The policy is edited: five minutes less, as soon as the workers look.
    let path = format!("/api/sla-policies/{}", text(&policy, "id"));
    let mut targets = policy["targets"].clone();
    targets["high"]["first_response"] = json!("40m");
    story.world.send(patch(&path, &json!({"targets": targets})).by(&story.world.admin)).await.ok(200);
    story.until("2026-05-04T12:12:00Z").await;
    assert_eq!(story.due("first_response").await, "2026-05-04T12:20:00Z");

    // Nobody answers. It is told to the second, once, and the rule acts on it.
    story.until("2026-05-04T12:19:59Z").await;
    assert_eq!(story.ticket().await["is_sla_breached"], false);
    story.until("2026-05-04T12:20:00Z").await;
    let late = story.ticket().await;
    assert_eq!((&late["is_sla_breached"], &late["sla"]["first_response_breached"]), (&json!(true), &json!(true)));
    assert_eq!(late["escalation_level"], 1);
    let listed = story.world.send(get("/api/tickets?is_sla_breached=true").by(&story.world.admin)).await.ok(200);
    assert_eq!(listed["items"][0]["id"], late["id"]);
    story.until("2026-05-04T13:00:00Z").await;
    assert_eq!(story.told().await, ["sla.warning first_response", "sla.breached first_response"]);

    // Answered, resolved, opened again: the resolution goes on from where it stood.
    let said = json!({"body": "We are on our way."});
    story.world.send(post(format!("{}/comments", story.ticket), &said).by(&story.world.admin)).await.ok(201);
    story.change(json!({"status": "resolved"})).await;
    story.until("2026-05-05T08:00:00Z").await;
    let again = story.change(json!({"status": "open"})).await;
    // Ten minutes on Thursday, ten on Monday and an hour after the pause had counted: 4:40 of six hours are left.
    assert_eq!(again["sla"]["resolution_due_at"], "2026-05-05T12:40:00Z");
    let explained = story.world.send(get(format!("{}/sla", story.ticket)).by(&story.world.admin)).await.ok(200);
    let resolution = &explained["clocks"][1];
    assert_eq!((&resolution["metric"], &resolution["spent_seconds"]), (&json!("resolution"), &json!(80 * 60)));
    let reasons: Vec<String> = resolution["stretches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let more = one["holidays"][0].as_str().or_else(|| one["status"].as_str()).unwrap_or_default();
            format!("{} {more}", text(one, "reason")).trim().to_owned()
        })
        .collect();
    assert_eq!(reasons[..4], ["counted", "closed May Day", "counted", "paused pending"]);
    assert_eq!(reasons.last().unwrap(), "over resolved");
}

#[tokio::test]
async fn a_ticket_goes_up_to_a_role_and_down_with_a_reason() {
    let world = world().await;
    let team = world.send(post("/api/teams", &json!({"name": "Lifts"})).by(&world.admin)).await.ok(201);
    let members = format!("/api/teams/{}/members", text(&team, "id"));
    let lead = json!({"user_id": world.manager.id(), "role": "lead"});
    world.send(post(members, &lead).by(&world.admin)).await.ok(201);
    let new = json!({"subject": "Lift", "description": "It is stuck.", "team_id": team["id"]});
    let ticket = world.send(post("/api/tickets", &new).by(&world.admin)).await.ok(201);
    let path = format!("/api/tickets/{}", text(&ticket, "id"));
    let go = |to: &str, body: Value| post(format!("{path}/{to}"), &body).by(&world.admin);
    let up = world.send(go("escalate", json!({"reason": "hot", "to": "next_role"}))).await.ok(200);
    assert_eq!((&up["escalation_level"], &up["assigned_agent_id"]), (&json!(1), &json!(world.manager.id())));
    world.send(go("escalate", json!({"reason": "hot", "to": "the boss"}))).await.fields(&[("to", "invalid_value")]);
    let timeline = world.send(get(format!("{path}/timeline")).by(&world.admin)).await.ok(200);
    let told = |kind: &str| {
        let items = timeline["items"].as_array().unwrap().iter();
        items.filter(|event| event["type"] == kind).map(|event| event["data"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(told("ticket.escalated")[0]["cause"], "manual");
    world.send(go("deescalate", json!({"reason": "a", "to_level": 1}))).await.fields(&[("to_level", "not_lower")]);
    world
        .send(go("deescalate", json!({"to_level": 40_000})))
        .await
        .fields(&[("reason", "required"), ("to_level", "out_of_range")]);
    world.send(go("deescalate", json!({"reason": "a", "version": 1}))).await.problem(409, "stale_version");
    let down = world.send(go("deescalate", json!({"reason": "Cooler now"}))).await.ok(200);
    assert_eq!(down["escalation_level"], 0);
    world.send(go("deescalate", json!({"reason": "a"}))).await.problem(409, "not_escalated");
    let timeline = world.send(get(format!("{path}/timeline")).by(&world.admin)).await.ok(200);
    let last = timeline["items"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["type"], &last["data"]["reason"]), (&json!("ticket.updated"), &json!("Cooler now")));
}

#[tokio::test]
async fn what_is_done_on_a_breach_is_said_and_what_a_change_would_do_is_asked() {
    let world = world().await;
    let made = promise(&world).await;
    assert_eq!(made["on_breach"], Value::Null);
    let path = format!("/api/sla-policies/{}", text(&made, "id"));
    let wanted = json!({"on_breach": {"escalate": true, "to": "next_role"}});
    let changed = world.send(patch(&path, &wanted).by(&world.admin)).await.ok(200);
    assert_eq!(changed["on_breach"], json!({"escalate": true, "to": "next_role", "raise_priority": false}));
    let none = json!({"on_breach": null});
    assert_eq!(world.send(patch(&path, &none).by(&world.admin)).await.ok(200)["on_breach"], Value::Null);
    let bad = json!({"on_breach": {"escalate": 1, "to": "x", "why": 1}});
    let failures = world.send(patch(&path, &bad).by(&world.admin)).await;
    failures.fields(&[
        ("on_breach.escalate", "type"),
        ("on_breach.to", "invalid_value"),
        ("on_breach.why", "unknown_field"),
    ]);

    let new = json!({"subject": "Lift", "description": "It is stuck.", "customer_id": world.customer.id()});
    let ticket = world.send(post("/api/tickets", &new).by(&world.admin)).await.ok(201);
    let body =
        json!({"policy": {"name": "Gold", "targets": {"medium": {"first_response": "30m"}}}, "replaces": made["id"]});
    let ask = |who: &Person| post("/api/sla-policies/what-if", &body).by(who).with("idempotency-key", "k");
    for person in [&world.manager, &world.agent, &world.customer] {
        world.send(ask(person)).await.problem(403, "forbidden");
    }
    // It keeps nothing, so it can be asked as often as one likes.
    for _ in 0..2 {
        let answer = world.send(ask(&world.admin)).await.ok(200);
        let counts =
            ["tickets", "affected", "due_earlier", "no_longer_promised", "newly_promised"].map(|n| answer[n].clone());
        assert_eq!(counts, [json!(1), json!(1), json!(1), json!(1), json!(0)]);
        let sample = &answer["samples"][0];
        assert_eq!((&sample["ticket"], &sample["metric"]), (&ticket["ticket_number"], &json!("first_response")));
        assert_eq!(moment(&sample["due_at"]) - moment(&sample["would_be_due_at"]), chrono::TimeDelta::minutes(30));
    }
    assert_eq!(world.send(get(&path).by(&world.admin)).await.ok(200)["targets"], made["targets"]);
    let both = json!({"policy": {"name": "X", "targets": {}}, "calendar": {}});
    let failures = world.send(post("/api/sla-policies/what-if", &both).by(&world.admin)).await;
    failures.fields(&[
        ("calendar", "not_allowed"),
        ("calendar.name", "required"),
        ("calendar.time_zone", "required"),
        ("calendar.weekly_hours", "required"),
    ]);
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
