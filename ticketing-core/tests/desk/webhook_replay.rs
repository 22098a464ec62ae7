//! Telling an endpoint of what it has missed.

use crate::house::{House, code, key};
use crate::webhook::{add, update};
use crate::webhook_delivery::{planned, work, write};
use chrono::TimeDelta;
use serde_json::json;
use std::collections::BTreeSet;
use ticketing_core::changes::Write;
use ticketing_core::desk::{NewComment, NewReplay, NewTicket, Replay};
use ticketing_core::input::Input;
use ticketing_core::model::{DisableReason, Job, JobKind, JobOutcome, JobState};
use ticketing_core::port::JobQuery;
use ticketing_core::webhook::plan::Delivery;
use ticketing_core::{EventId, WebhookId};

/// All calls to endpoints that were ever made a job.
async fn calls(house: &House) -> Vec<Job> {
    let query = JobQuery { kinds: vec![JobKind::Webhook], limit: 10_000, ..JobQuery::default() };
    house.desk.store().jobs(&query).await.unwrap()
}

fn events(jobs: &[Job]) -> BTreeSet<EventId> {
    jobs.iter().map(|job| Delivery::of(job).unwrap().event_id).collect()
}

/// Does the whole of a replay. Answers how many parts it took.
async fn run(house: &House, replay: &Replay) -> usize {
    let (mut after, mut parts) = (None, 1);
    while let Some(next) = house.desk.replay_page(replay, after).await.unwrap() {
        (after, parts) = (Some(next), parts + 1);
    }
    parts
}

/// Asks for a replay and takes the job that it is.
async fn ask(house: &House, webhook: WebhookId, days: i64) -> Replay {
    let since = house.desk.now() - TimeDelta::days(days);
    let view = house.desk.replay_webhook(&house.admin, webhook, NewReplay { since }).await.unwrap();
    let job = house.desk.store().job(view.id).await.unwrap().unwrap();
    assert_eq!((job.kind, job.lane.as_str(), job.state), (JobKind::Replay, "replay", JobState::Ready));
    let replay = Replay::of(&job).unwrap();
    assert_eq!(replay, Replay { webhook_id: webhook, since, until: view.until });
    replay
}

#[tokio::test]
async fn what_was_missed_is_told_once_when_the_endpoint_is_back() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created", "comment.added"]).await.id;
    let told = house.ticket().await;
    let arrived = planned(&house).await;
    for job in arrived.clone() {
        write(&house, Write::Job(Box::new(job))).await;
    }
    work(&house, JobOutcome::Done).await;
    house.desk.disable_webhook(webhook, DisableReason::Failing).await.unwrap();
    house.pass(6 * 24 * 60);
    house.desk.add_comment(&house.agent, &key(&told), NewComment::public("Still there?")).await.unwrap();
    let note = NewComment::internal("A note");
    house.desk.add_comment(&house.agent, &key(&told), note).await.unwrap();
    house.ticket().await;
    assert_eq!(calls(&house).await.len(), 1, "nothing is sent to an endpoint that is off");
    assert_eq!(
        code(house.desk.replay_webhook(&house.admin, webhook, NewReplay { since: house.desk.now() }).await),
        "inactive"
    );
    update(&house, webhook, json!({"is_active": true})).await.unwrap();
    let replay = ask(&house, webhook, 7).await;
    assert_eq!(run(&house, &replay).await, 1);
    let made = calls(&house).await;
    assert_eq!(events(&made).len(), 3, "the one that arrived, and the two that were missed");
    let waiting = made.iter().filter(|job| job.state == JobState::Ready).count();
    assert_eq!(waiting, 2, "what has arrived is not sent again, and a note never");
    run(&house, &replay).await;
    assert_eq!(calls(&house).await, made, "done again, it changes nothing");
}

#[tokio::test]
async fn what_was_given_up_is_tried_again_and_what_lies_outside_is_not() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created"]).await.id;
    house.ticket().await;
    house.pass(3 * 24 * 60);
    house.ticket().await;
    for job in planned(&house).await {
        write(&house, Write::Job(Box::new(job))).await;
    }
    house.desk.test_webhook(&house.admin, webhook).await.unwrap();
    work(&house, JobOutcome::Dead { error: "503".to_owned() }).await;
    house.pass(60);
    let replay = ask(&house, webhook, 1).await;
    house.pass(1);
    house.ticket().await;
    run(&house, &replay).await;
    let all = calls(&house).await;
    let ready: Vec<_> = all.iter().filter(|job| job.state == JobState::Ready).collect();
    assert_eq!((all.len(), ready.len()), (3, 1), "not the older one, not the test, not what came later");
    assert_eq!((ready[0].attempts, ready[0].last_error.as_deref()), (0, None));
    assert_eq!(ready[0].due_at, house.desk.now());
}

#[tokio::test]
async fn a_long_time_is_told_page_by_page() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created"]).await.id;
    for place in 0..1_100 {
        if place % 7 == 0 {
            house.clock.advance(TimeDelta::milliseconds(1));
        }
        house.desk.create_ticket(&house.agent, asked(&house)).await.unwrap();
    }
    let replay = ask(&house, webhook, 1).await;
    assert!(run(&house, &replay).await >= 3);
    assert_eq!(events(&calls(&house).await).len(), 1_100);
}

#[tokio::test]
async fn events_of_one_millisecond_are_all_told() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created"]).await.id;
    for _ in 0..1_010 {
        house.desk.create_ticket(&house.agent, asked(&house)).await.unwrap();
    }
    run(&house, &ask(&house, webhook, 1).await).await;
    assert_eq!(events(&calls(&house).await).len(), 1_010);
}

fn asked(house: &House) -> NewTicket {
    let requester = ticketing_core::desk::Requester::User(crate::house::id(&house.customer));
    NewTicket { requester, ..NewTicket::new("Help", "Please") }
}

#[tokio::test]
async fn a_replay_has_bounds() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created"]).await.id;
    let ask_for = async |actor, days: i64| {
        let since = house.desk.now() - TimeDelta::days(days);
        house.desk.replay_webhook(actor, webhook, NewReplay { since }).await
    };
    assert_eq!(code(ask_for(&house.manager, 1).await), "forbidden");
    assert_eq!(crate::house::fields(ask_for(&house.admin, 31).await), ["since"]);
    assert_eq!(crate::house::fields(ask_for(&house.admin, -1).await), ["since"]);
    let view = ask_for(&house.admin, 30).await.unwrap();
    assert_eq!(serde_json::to_value(&view).unwrap()["status"], "pending");
    assert_eq!(code(ask_for(&house.admin, 1).await), "not_ended", "one at a time");
    let other = add(&house, &["ticket.created"]).await.id;
    house.desk.replay_webhook(&house.admin, other, NewReplay { since: house.desk.now() }).await.unwrap();
    work(&house, JobOutcome::Done).await;
    ask_for(&house.admin, 1).await.unwrap();
    // A webhook that is gone by the time a worker comes to it is told nothing.
    house.ticket().await;
    let replay = Replay { webhook_id: webhook, since: view.since, until: house.desk.now() };
    house.desk.delete_webhook(&house.admin, webhook, None).await.unwrap();
    assert_eq!(run(&house, &replay).await, 1);
    assert!(calls(&house).await.is_empty());
    assert!(NewReplay::from_json(json!({"since": "yesterday"})).is_err() && NewReplay::from_json(json!({})).is_err());
}
