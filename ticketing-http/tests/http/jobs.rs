//! The workers' jobs over the wire, and what `/metrics` says of them.

use crate::support::*;
use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use ticketing_core::desk::work::{WorkOptions, Workers};
use ticketing_http::HttpOptions;

/// A desk with a webhook that nobody calls, and so many jobs for it, the newest first.
async fn world_with_jobs(count: usize) -> (World, String, Vec<String>) {
    let world = world().await;
    let new = json!({"name": "Chat", "url": "https://hooks.example/", "event_types": ["ticket.closed"]});
    let webhook = world.send(post("/api/webhooks", &new).by(&world.admin)).await.ok(201);
    let path = format!("/api/webhooks/{}", text(&webhook, "id"));
    let mut made = Vec::new();
    for _ in 0..count {
        let tested = world.send(call(Method::POST, format!("{path}/test")).by(&world.admin)).await.ok(201);
        made.insert(0, text(&tested, "id").to_owned());
        world.pass(TimeDelta::milliseconds(2));
    }
    (world, text(&webhook, "id").to_owned(), made)
}

/// Lets workers try what there is to do. Nobody calls endpoints here, so calls are given up.
async fn give_up(world: &World) -> Workers {
    let workers = world.desk.workers(WorkOptions::default());
    workers.run_due(100).await.unwrap();
    workers
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|job| text(job, "id").to_owned()).collect()
}

#[tokio::test]
async fn jobs_are_listed_newest_first_and_filtered() {
    let (world, webhook, made) = world_with_jobs(3).await;
    let (mut found, mut place) = (Vec::new(), String::new());
    loop {
        let page = get(format!("/api/jobs?kind=webhook&limit=2{place}")).by(&world.admin);
        let page = world.send(page).await.ok(200);
        assert!(page.get("total").is_none());
        found.extend(ids(&page));
        let Some(next) = page["next_cursor"].as_str() else { break };
        place = format!("&cursor={next}");
    }
    assert_eq!(found, made);
    let ticket = text(&world.ticket("Anything").await, "id").to_owned();
    for (query, count) in [
        ("state=ready,dead&kind=webhook", 3),
        ("state=done&kind=webhook", 0),
        ("kind=mail", 0),
        (&format!("lane=webhook/{webhook}"), 3),
        ("lane=webhook", 0),
        (&format!("ticket_id={ticket}&kind=webhook"), 0),
    ] {
        let page = world.send(get(format!("/api/jobs?{query}")).by(&world.admin)).await.ok(200);
        assert_eq!(page["items"].as_array().unwrap().len(), count, "{query}: {page}");
    }
    let expected = [
        ("state", "unknown_value"),
        ("kind", "unknown_value"),
        ("ticket_id", "unknown_value"),
        ("lane", "unknown_value"),
        ("count", "unknown_parameter"),
    ];
    let wrong = get("/api/jobs?state=ready,lost&kind=dance&ticket_id=7&lane=&count=true");
    world.send(wrong.by(&world.admin)).await.fields(&expected);
}

#[tokio::test]
async fn a_job_is_shown_and_done_again_once_it_has_ended() {
    let (world, webhook, made) = world_with_jobs(1).await;
    let path = format!("/api/jobs/{}", made[0]);
    let job = world.send(get(&path).by(&world.admin)).await.ok(200);
    assert_eq!((text(&job, "state"), &job["attempts"], &job["attempts_made"]), ("ready", &json!(0), &json!([])));
    assert_eq!(job["payload"]["webhook_id"], webhook);
    let retry = || call(Method::POST, format!("{path}/retry")).by(&world.admin);
    world.send(retry()).await.problem(409, "not_ended");
    give_up(&world).await;
    let dead = world.send(get(&path).by(&world.admin)).await.ok(200);
    assert_eq!(text(&dead, "state"), "dead");
    assert!(!text(&dead, "last_error").is_empty(), "{dead}");
    world.send(retry().json(&json!({"now": true}))).await.fields(&[("now", "unknown_field")]);
    let again = world.send(retry().json(&json!({}))).await.ok(200);
    assert_eq!((text(&again, "state"), &again["ended_at"]), ("ready", &Value::Null));
    assert_eq!(text(&world.send(get(&path).by(&world.admin)).await.ok(200), "state"), "ready");
}

#[tokio::test]
async fn what_has_ended_is_forgotten_when_somebody_says_so() {
    let (world, _, made) = world_with_jobs(2).await;
    let purge = async |query: &str| world.send(delete(format!("/api/jobs{query}")).by(&world.admin)).await;
    purge("").await.fields(&[("state", "required"), ("ended_before", "required")]);
    purge("?state=dead").await.fields(&[("ended_before", "required")]);
    let expected = [("state", "unknown_value"), ("ended_before", "unknown_value"), ("kind", "unknown_parameter")];
    purge("?state=dead,ready&ended_before=soon&kind=mail").await.fields(&expected);
    give_up(&world).await;
    world.pass(TimeDelta::minutes(1));
    assert_eq!(purge("?state=dead&ended_before=2000-01-01").await.ok(200), json!({"purged": 0}));
    assert_eq!(purge("?state=done&ended_before=2999-01-01T00:00:00Z").await.ok(200), json!({"purged": 0}));
    assert_eq!(purge("?state=done,dead&ended_before=2999-01-01T00:00:00Z").await.ok(200), json!({"purged": 2}));
    for id in made {
        world.send(get(format!("/api/jobs/{id}")).by(&world.admin)).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn jobs_are_for_administrators() {
    let (world, _, made) = world_with_jobs(1).await;
    let path = format!("/api/jobs/{}", made[0]);
    for person in [&world.manager, &world.agent, &world.customer] {
        let calls = [
            get("/api/jobs"),
            delete("/api/jobs?state=done&ended_before=2999-01-01"),
            get(&path),
            call(Method::POST, format!("{path}/retry")),
        ];
        for call in calls {
            world.send(call.by(person)).await.problem(403, "forbidden");
        }
    }
    for id in ["01890000-0000-7000-8000-000000000000", "nonsense"] {
        world.send(get(format!("/api/jobs/{id}")).by(&world.admin)).await.problem(404, "not_found");
        let retry = call(Method::POST, format!("/api/jobs/{id}/retry"));
        world.send(retry.by(&world.admin)).await.problem(404, "not_found");
    }
}

/// The value of a line of the metrics.
async fn metric(world: &World, name: &str) -> Option<i64> {
    let text = get("/metrics").send(&world.app).await.ok_text(200);
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

#[tokio::test]
async fn metrics_tell_what_waits_by_a_look_that_is_good_for_five_seconds() {
    let (world, ..) = world_with_jobs(2).await;
    let (ready, dead) =
        ("ticketing_jobs{kind=\"webhook\",state=\"ready\"}", "ticketing_jobs{kind=\"webhook\",state=\"dead\"}");
    assert_eq!(metric(&world, ready).await, Some(2));
    assert_eq!(metric(&world, dead).await, Some(0));
    assert_eq!(metric(&world, "ticketing_jobs{kind=\"mail\",state=\"running\"}").await, Some(0));
    world.pass(TimeDelta::milliseconds(4_900));
    give_up(&world).await;
    assert_eq!((metric(&world, ready).await, metric(&world, dead).await), (Some(2), Some(0)), "an old look");
    world.pass(TimeDelta::milliseconds(100));
    assert_eq!((metric(&world, ready).await, metric(&world, dead).await), (Some(0), Some(2)), "a new look");
}

#[tokio::test]
async fn metrics_tell_for_how_long_the_oldest_job_waits() {
    let (world, ..) = world_with_jobs(2).await;
    let age = "ticketing_job_oldest_due_age_seconds{kind=\"webhook\"}";
    assert_eq!(metric(&world, age).await, Some(0));
    world.pass(TimeDelta::seconds(90));
    assert_eq!(metric(&world, age).await, Some(90));
    assert_eq!(metric(&world, "ticketing_job_oldest_due_age_seconds{kind=\"mail\"}").await, Some(0));
}

#[tokio::test]
async fn metrics_tell_what_the_workers_of_the_process_did() {
    let (world, ..) = world_with_jobs(2).await;
    let dead = "ticketing_job_attempts_total{kind=\"webhook\",outcome=\"dead\"}";
    assert_eq!(metric(&world, dead).await, None, "nobody works in this process");
    let workers = give_up(&world).await;
    let options = HttpOptions { workers: Some(workers), ..options() };
    let world = World { app: ticketing_http::router(world.desk.clone(), options), ..world };
    assert_eq!(metric(&world, dead).await, Some(2));
    let done = "ticketing_job_attempts_total{kind=\"webhook\",outcome=\"done\"}";
    assert_eq!(metric(&world, done).await, Some(0));
}
