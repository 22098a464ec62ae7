//! What was sent, and sending it again.

use crate::house::{House, code, key};
use crate::webhook::{BASE, add, update};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use ticketing_core::desk::{DeliveryQuery, DeliveryStatus, NewComment, NewTicket, WebhookRefusal};
use ticketing_core::model::{Attempt, Job, JobEnd, JobKind, JobOutcome, JobState};
use ticketing_core::port::{Claim, JobQuery, WebhookAnswer};
use ticketing_core::webhook::plan::Delivery;
use ticketing_core::webhook::{Retry, Verdict};
use ticketing_core::{EventId, JobId, WebhookId, WorkerId};
use uuid::Uuid;

const WORKER: WorkerId = WorkerId(Uuid::from_u128(1));

/// The jobs that the desk's events mean.
pub async fn planned(house: &House) -> Vec<Job> {
    let events = house.desk.store().events_by_moment(EventId(Uuid::nil()), 1_000).await.unwrap();
    let snapshot = house.desk.snapshot().await.unwrap();
    house.desk.webhook_jobs(&snapshot, &events).await.unwrap()
}

/// Ends all ready jobs as a worker would.
pub async fn work(house: &House, outcome: JobOutcome) -> Vec<Job> {
    let now = house.desk.now();
    let until = now + TimeDelta::minutes(1);
    let claim = Claim { worker: WORKER, now, until, room: 100, rooms: BTreeMap::new(), limit: 100 };
    let jobs = house.desk.store().claim_jobs(&claim).await.unwrap();
    for job in &jobs {
        let attempt = Attempt {
            job_id: job.id,
            at: now,
            duration_ms: 12,
            status_code: Some(503),
            response: Some("busy".to_owned()),
            error: None,
            request: Some(json!({"X-Webhook-Event": "ticket.created"})),
        };
        let end = JobEnd {
            id: job.id,
            worker: WORKER,
            at: now,
            outcome: outcome.clone(),
            attempt: Some(attempt),
            must_hold: false,
        };
        write(house, ticketing_core::changes::Write::EndJob(Box::new(end))).await;
    }
    jobs
}

/// Puts one row into the store, past the desk.
pub async fn write(house: &House, write: ticketing_core::changes::Write) {
    let changes = ticketing_core::changes::Changes {
        id: ticketing_core::ChangeId(house.desk.ids().uuid(house.desk.now())),
        scope: ticketing_core::Scope::UPKEEP,
        settings: house.desk.snapshot().await.unwrap().version,
        bumps_settings: false,
        writes: vec![write],
        guards: Vec::new(),
    };
    house.desk.store().commit(changes).await.unwrap();
}

#[tokio::test]
async fn a_test_is_a_delivery_of_its_own() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created"]).await.id;
    update(&house, webhook, json!({"secret_key": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "headers": {"X-A": "b"}}))
        .await
        .unwrap();
    let made = house.desk.test_webhook(&house.admin, webhook).await.unwrap();
    assert_eq!(
        (made.event_type.as_str(), made.status, made.due_at),
        ("webhook.test", DeliveryStatus::Pending, Some(house.desk.now()))
    );
    assert_eq!(house.desk.webhook_delivery(&house.admin, made.id).await.unwrap(), made);
    let job = house.desk.store().job(made.id).await.unwrap().unwrap();
    assert_eq!((job.kind, job.lane.as_str()), (JobKind::Webhook, format!("webhook/{webhook}").as_str()));
    let call = house.desk.webhook_call(&job, BASE).await.unwrap().ok().unwrap();
    let request = &call.request;
    assert_eq!((request.id.as_str(), request.event.as_str()), (made.id.to_string().as_str(), "webhook.test"));
    assert_eq!(request.headers, [("X-A".to_owned(), "b".to_owned())]);
    assert_eq!(request.secrets, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]);
    assert_eq!((request.timeout.as_millis(), request.at), (5_000, house.desk.now()));
    let body: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!((&body["event"], &body["id"]), (&json!("webhook.test"), &json!(made.event_id)));
    let busy = WebhookAnswer { status: 503, retry_after: None, body: String::new(), sent: Vec::new() };
    assert_eq!(call.retry.verdict(1, Ok(&busy), 0), Verdict::Dead, "a test is made once");
    assert_eq!(code(house.desk.test_webhook(&house.admin, WebhookId(Uuid::nil())).await), "not_found");
}

#[tokio::test]
async fn events_become_deliveries_with_the_ticket_as_it_was() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created", "ticket.status_changed", "comment.added"]).await.id;
    let ticket = house.ticket().await;
    house.pass(1);
    let patch = ticketing_core::desk::TicketPatch {
        status: ticketing_core::input::Patch::Set(ticketing_core::model::Status::Pending),
        priority: ticketing_core::input::Patch::Set(ticketing_core::model::Priority::High),
        ..Default::default()
    };
    house.desk.update_ticket(&house.agent, &key(&ticket), patch, None).await.unwrap();
    house.pass(1);
    let said = NewComment::internal("secret-note");
    house.desk.add_comment(&house.agent, &key(&ticket), said).await.unwrap();
    house.desk.add_comment(&house.agent, &key(&ticket), NewComment::public("We look into it.")).await.unwrap();
    let bodies = async || {
        let jobs = planned(&house).await;
        let body = |job: &Job| serde_json::from_str::<Value>(&Delivery::of(job).unwrap().body.unwrap()).unwrap();
        jobs.iter().map(body).collect::<Vec<_>>()
    };
    let told = bodies().await;
    let names: Vec<_> = told.iter().map(|body| body["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["ticket.created", "ticket.status_changed", "comment.added"]);
    assert_eq!(told[0]["ticket"]["status"], "open", "as it was, not as it is");
    assert_eq!(told[0]["ticket"]["description"], "Since this morning.");
    assert_eq!(told[0]["ticket"]["customer"]["email"], "cleo@house.example");
    assert_eq!(told[0]["timestamp"], "2026-01-15T10:00:00Z");
    // The first event of the commit, which nobody is told of, has the image.
    assert_eq!(told[1]["ticket"]["status"], "pending");
    assert_eq!(told[1]["ticket"]["priority"], "high");
    assert_eq!(told[1]["changes"]["status"], json!(["open", "pending"]));
    assert_eq!(told[1]["ticket"]["version"], 2);
    assert_eq!(told[2]["comment"]["body"], "We look into it.");
    assert_eq!(told[2]["comment"]["author"]["name"], "amy");
    update(&house, webhook, json!({"include_internal": true})).await.unwrap();
    let told = bodies().await;
    assert_eq!((told.len(), &told[2]["comment"]["body"]), (4, &json!("secret-note")));
    update(&house, webhook, json!({"filter": {"field": "priority", "operator": "equals", "value": "high"}}))
        .await
        .unwrap();
    assert_eq!(bodies().await.len(), 3, "the filter looks at the ticket as it was");
    update(&house, webhook, json!({"is_active": false})).await.unwrap();
    assert!(planned(&house).await.is_empty());
}

#[tokio::test]
async fn deliveries_are_listed_newest_first_with_their_attempts() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created"]).await.id;
    let other = add(&house, &["ticket.created"]).await.id;
    house.desk.test_webhook(&house.admin, other).await.unwrap();
    let first = house.desk.test_webhook(&house.admin, webhook).await.unwrap();
    work(&house, JobOutcome::Dead { error: "503".to_owned() }).await;
    house.pass(1);
    let second = house.desk.test_webhook(&house.admin, webhook).await.unwrap();
    let page = async |status, after, limit| {
        house.desk.webhook_deliveries(&house.admin, webhook, DeliveryQuery { status, after, limit }).await.unwrap()
    };
    let all = page(None, None, 10).await;
    assert_eq!(all.items.iter().map(|view| view.id).collect::<Vec<_>>(), [second.id, first.id]);
    let dead = &all.items[1];
    assert_eq!((dead.status, dead.due_at, dead.last_error.as_deref()), (DeliveryStatus::Dead, None, Some("503")));
    assert_eq!((dead.attempts.len(), all.items[0].attempts.len()), (1, 0));
    let shown = serde_json::to_value(dead).unwrap();
    let attempt = json!({"at": dead.created_at, "status_code": 503, "duration_ms": 12, "response": "busy",
        "request": {"X-Webhook-Event": "ticket.created"}});
    let wanted = json!({"id": first.id, "webhook_id": webhook, "event_id": first.event_id, "event_type": "webhook.test",
        "status": "dead", "last_error": "503", "created_at": dead.created_at, "attempts": [attempt]});
    assert_eq!(shown, wanted);
    let newest = page(None, None, 1).await;
    assert_eq!(newest.next.map(|next| next.id), Some(second.id.0));
    assert_eq!(page(None, Some(second.id), 1).await.items[0].id, first.id);
    for (status, wanted) in [
        (DeliveryStatus::Pending, vec![second.id]),
        (DeliveryStatus::Dead, vec![first.id]),
        (DeliveryStatus::Done, vec![]),
    ] {
        let found: Vec<JobId> = page(Some(status), None, 10).await.items.iter().map(|view| view.id).collect();
        assert_eq!(found, wanted, "{status}");
    }
    let query = DeliveryQuery::default();
    assert_eq!(code(house.desk.webhook_deliveries(&house.manager, webhook, query).await), "forbidden");
    assert_eq!(code(house.desk.webhook_deliveries(&house.admin, WebhookId(Uuid::nil()), query).await), "not_found");
}

#[tokio::test]
async fn what_has_ended_is_sent_again_under_its_id() {
    let house = House::new().await;
    let desk = &house.desk;
    let webhook = add(&house, &["ticket.created"]).await.id;
    desk.create_ticket(&house.customer, NewTicket::new("Help", "Please")).await.unwrap();
    let job = planned(&house).await.remove(0);
    write(&house, ticketing_core::changes::Write::Job(Box::new(job.clone()))).await;
    assert_eq!(code(desk.redeliver_webhook(&house.admin, job.id).await), "not_ended");
    assert_eq!(code(desk.redeliver_webhook(&house.manager, job.id).await), "forbidden");
    assert_eq!(code(desk.redeliver_webhook(&house.admin, JobId(Uuid::nil())).await), "not_found");
    work(&house, JobOutcome::Dead { error: "503".to_owned() }).await;
    house.pass(5);
    let again = desk.redeliver_webhook(&house.admin, job.id).await.unwrap();
    assert_eq!((again.id, again.status, again.due_at), (job.id, DeliveryStatus::Pending, Some(desk.now())));
    assert_eq!((again.attempts.len(), &again.last_error), (1, &None), "what was tried stays listed");
    assert_eq!(desk.webhook_delivery(&house.admin, job.id).await.unwrap(), again);
    assert_eq!(code(desk.redeliver_webhook(&house.admin, job.id).await), "not_ended");
    let redone = work(&house, JobOutcome::Done).await;
    assert_eq!((redone[0].id, &redone[0].payload, redone[0].attempts), (job.id, &job.payload, 0));
    update(&house, webhook, json!({"is_active": false})).await.unwrap();
    assert_eq!(code(desk.redeliver_webhook(&house.admin, job.id).await), "inactive");
    assert_eq!(desk.webhook_call(&job, BASE).await.unwrap().err(), Some(WebhookRefusal::Inactive));
    desk.delete_webhook(&house.admin, webhook, None).await.unwrap();
    assert_eq!(code(desk.redeliver_webhook(&house.admin, job.id).await), "not_found");
}

#[tokio::test]
async fn other_jobs_are_no_deliveries_and_a_body_that_could_not_be_made_says_so() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created"]).await.id;
    house.ticket().await;
    let mut job = planned(&house).await.remove(0);
    let mail = Job { id: JobId(Uuid::from_u128(5)), kind: JobKind::Mail, dedupe: None, ..job.clone() };
    write(&house, ticketing_core::changes::Write::Job(Box::new(mail.clone()))).await;
    assert_eq!(code(house.desk.redeliver_webhook(&house.admin, mail.id).await), "not_found");
    assert_eq!(code(house.desk.webhook_delivery(&house.admin, mail.id).await), "not_found");
    let list = house.desk.webhook_deliveries(&house.admin, webhook, DeliveryQuery::default()).await.unwrap();
    assert!(list.items.is_empty(), "a job of another kind, whatever its lane");
    let delivery = Delivery { body: None, problem: Some("no JSON".to_owned()), ..Delivery::of(&job).unwrap() };
    job.payload = serde_json::to_value(delivery).unwrap();
    let refused = house.desk.webhook_call(&job, BASE).await.unwrap().err();
    assert_eq!(refused, Some(WebhookRefusal::NoBody("no JSON".to_owned())));
    job.payload = json!({});
    assert!(matches!(house.desk.webhook_call(&job, BASE).await.unwrap().err(), Some(WebhookRefusal::NoBody(_))));
}

#[tokio::test]
async fn a_call_is_tried_again_as_the_webhook_says() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created"]).await.id;
    update(&house, webhook, json!({"retry_count": 7, "retry_schedule": "durable", "timeout_ms": 250})).await.unwrap();
    house.ticket().await;
    let job = planned(&house).await.remove(0);
    let call = house.desk.webhook_call(&job, BASE).await.unwrap().ok().unwrap();
    assert_eq!(call.retry, Retry { base: BASE, schedule: ticketing_core::model::RetrySchedule::Durable, count: 7 });
    assert_eq!(call.request.timeout.as_millis(), 250);
    let (states, kinds) = (vec![JobState::Ready], vec![JobKind::Webhook]);
    let waiting = JobQuery { states, kinds, limit: 10, ..JobQuery::default() };
    assert!(house.desk.store().jobs(&waiting).await.unwrap().is_empty(), "planning alone writes nothing");
}
