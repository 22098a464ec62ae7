//! How endpoints are called, again and no more.

use super::Works;
use serde_json::{Value, json};
use std::time::Duration;
use ticketing_core::desk::NewTicket;
use ticketing_core::desk::{NewReplay, NewWebhook, WebhookView};
use ticketing_core::input::{Fields, Input};
use ticketing_core::model::{JobKind, JobState};
use ticketing_core::port::WebhookError;

async fn hook(works: &Works, more: Value) -> WebhookView {
    let mut input = json!({"name": "CRM", "url": "https://crm.example/hook", "event_types": ["ticket.created"],
        "secret_key": "canary-secret-key"});
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut fields = Fields::new(input).unwrap();
    let new = NewWebhook::read(&mut fields);
    fields.finish().finish().unwrap();
    works.house.desk.create_webhook(&works.house.admin, new).await.unwrap()
}

#[tokio::test]
async fn an_endpoint_is_called_once_for_each_event_that_it_wants() {
    let works = Works::new().await;
    hook(&works, json!({})).await;
    hook(&works, json!({"name": "Resolved only", "event_types": ["ticket.resolved"]})).await;
    let ticket = works.house.ticket().await;
    works.work().await;
    let calls = works.endpoint.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(
        (calls[0].event.as_str(), &calls[0].secrets[..]),
        ("ticket.created", &["canary-secret-key".to_owned()][..])
    );
    let body: Value = serde_json::from_str(&calls[0].body).unwrap();
    assert_eq!(body["event"], "ticket.created");
    assert_eq!(body["ticket"]["ticket_number"], json!(ticket.number()));
    assert_eq!(body["ticket"]["customer"]["email"], "cleo@house.example");
    let done = works.jobs(JobKind::Webhook, JobState::Done).await;
    assert_eq!(done.iter().map(|job| job.id.to_string()).collect::<Vec<_>>(), [calls[0].id.clone()]);
    assert!(!format!("{done:?}").contains("canary"));
}

#[tokio::test]
async fn what_fails_is_called_again_with_growing_pauses_and_given_up() {
    let works = Works::new().await;
    hook(&works, json!({"retry_count": 2})).await;
    works.endpoint.answer([Ok(500), Err(WebhookError::Timeout(Duration::from_secs(5))), Ok(302)]);
    works.house.ticket().await;
    works.work().await;
    let first = works.endpoint.calls();
    works.later(1).await;
    let second = works.endpoint.calls();
    works.later(1).await;
    let third = works.endpoint.calls();
    works.later(60).await;
    assert_eq!([first.len(), second.len(), third.len(), works.endpoint.calls().len()], [1, 1, 1, 0]);
    assert!(first[0].id == second[0].id && second[0].id == third[0].id && first[0].body == third[0].body);
    let dead = works.jobs(JobKind::Webhook, JobState::Dead).await;
    assert_eq!(dead.len(), 1);
    let whole = works.house.desk.job(&works.house.admin, dead[0].id).await.unwrap();
    let codes: Vec<_> = whole.attempts_made.iter().map(|attempt| attempt.status_code).collect();
    assert_eq!(codes, [Some(500), None, Some(302)]);
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_called_no_more_and_its_owner_is_told() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let hook = hook(&works, json!({})).await;
    works.endpoint.answer([Ok(410)]);
    house.ticket().await;
    works.work().await;
    assert!(!desk.webhook(&house.admin, hook.id).await.unwrap().is_active);
    let mails = works.mails().await;
    let told: Vec<_> = mails.iter().filter(|mail| mail.to.address.starts_with("ada@")).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].text.contains("CRM"), "{}", told[0].text);
    works.endpoint.calls();
    house.ticket().await;
    works.work().await;
    assert!(works.endpoint.calls().is_empty());
}

#[tokio::test]
async fn an_endpoint_that_fails_for_five_days_is_switched_off_and_can_be_told_later() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let hook = hook(&works, json!({"retry_count": 0})).await;
    let since = desk.now();
    let mut missed = 0;
    for day in 0..7 {
        works.endpoint.answer([Err(WebhookError::Unreachable("refused".into()))]);
        house.ticket().await;
        missed += 1;
        works.work().await;
        let is_active = desk.webhook(&house.admin, hook.id).await.unwrap().is_active;
        assert_eq!(is_active, day < 5, "day {day}");
        works.later(24 * 60).await;
    }
    let calls = works.endpoint.calls();
    assert_eq!(calls.len(), 6);
    let mut fields = Fields::new(json!({"is_active": true})).unwrap();
    let patch = ticketing_core::desk::WebhookPatch::read(&mut fields);
    desk.update_webhook(&house.admin, hook.id, patch, None).await.unwrap();
    works.endpoint.answers.lock().unwrap().clear();
    desk.replay_webhook(&house.admin, hook.id, NewReplay { since }).await.unwrap();
    works.work().await;
    let replayed = works.endpoint.calls();
    assert_eq!(replayed.len(), missed, "events replayed = events missed");
    for call in &calls {
        assert!(replayed.iter().any(|again| again.id == call.id && again.body == call.body), "the same id as before");
    }
    desk.replay_webhook(&house.admin, hook.id, NewReplay { since }).await.unwrap();
    works.work().await;
    assert!(works.endpoint.calls().is_empty(), "what arrived is not sent again");
}

#[tokio::test]
async fn a_poisoned_call_stands_in_nobody_s_way() {
    let works = Works::new().await;
    hook(&works, json!({})).await;
    *works.endpoint.panics.lock().unwrap() = 1;
    for number in 0..20 {
        let new = NewTicket::new(format!("Number {number}"), "Text");
        works.house.desk.create_ticket(&works.house.customer, new).await.unwrap();
    }
    works.work().await;
    assert_eq!(works.jobs(JobKind::Webhook, JobState::Done).await.len(), 19);
    works.later(1).await;
    assert_eq!(works.jobs(JobKind::Webhook, JobState::Done).await.len(), 20, "it was the endpoint, not the job");
}
