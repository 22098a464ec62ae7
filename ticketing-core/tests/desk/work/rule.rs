//! What rules ask of the outside: mail, notifications and calls.

use super::Works;
use crate::house::{House, code, id, key};
use crate::rule::add;
use serde_json::{Value, json};
use ticketing_core::desk::{Assignment, NewComment, NewTicket, NewWebhook, TicketPatch, UserPatch, WebhookPatch};
use ticketing_core::ids::{UserId, WebhookId};
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{Job, JobKind, JobState, Notification, NotificationKind, Priority};
use ticketing_core::port::MailError;
use ticketing_core::query::NotificationQuery;

/// A rule that does this whenever a ticket's priority changes: nobody is mailed about that otherwise.
pub fn on_priority(actions: Value) -> Value {
    json!({"name": "Alert <b>", "trigger_type": "priority_change", "trigger_conditions": [], "actions": actions})
}

fn mail(to: Value) -> Value {
    json!([{"type": "send_email", "params": {"to": to, "subject": "About {{ticket_number}}",
        "body": "Dear {{customer_name}},\n<i>we</i> look & see.\n"}}])
}

/// Another priority than before.
pub async fn turn(house: &House, ticket: &TicketView) {
    let now = house.desk.ticket(&house.admin, &key(ticket)).await.unwrap();
    let next = if json!(now)["priority"] == "high" { Priority::Low } else { Priority::High };
    let patch = TicketPatch { priority: Patch::Set(next), ..TicketPatch::default() };
    house.desk.update_ticket(&house.admin, &key(ticket), patch, None).await.unwrap();
}

/// What a person was told by rules and of what can't wait.
pub async fn notifications(house: &House, user: UserId) -> Vec<Notification> {
    use NotificationKind::{Escalation, Rule, SlaBreach, SlaWarning, SnoozeEnded, WorkflowDisabled};
    let kinds = vec![Escalation, Rule, SlaBreach, SlaWarning, SnoozeEnded, WorkflowDisabled];
    let query = NotificationQuery { kinds, ..NotificationQuery::of(user, 100) };
    house.desk.store().notifications(&query).await.unwrap()
}

#[tokio::test]
async fn a_mail_says_what_the_rule_says_once_to_each_address_in_the_tickets_conversation() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let ticket = house.ticket().await;
    let first = works.mails().await.remove(0);
    desk.watch_ticket(&house.admin, &key(&ticket), id(&house.manager)).await.unwrap();
    let to = json!([
        "requester",
        "watchers",
        "CLEO@House.example",
        id(&house.outsider),
        id(&house.agent),
        "boss@else.example",
        "Boss@else.example"
    ]);
    let rule = add(house, on_priority(mail(to))).await;
    turn(house, &ticket).await;
    // Who leaves between the change and the mail gets none.
    let gone = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    desk.update_user(&house.admin, id(&house.outsider), gone, None).await.unwrap();
    let mails = works.mails().await;
    let addressees: Vec<&str> = mails.iter().map(|mail| mail.to.address.as_str()).collect();
    assert_eq!(addressees.len(), 4, "{addressees:?}");
    let boss = addressees.iter().position(|to| to.eq_ignore_ascii_case("boss@else.example")).unwrap();
    for name in ["cleo", "amy", "max"] {
        assert!(addressees.contains(&&*format!("{name}@house.example")), "{addressees:?}");
    }
    let to_cleo = mails.iter().find(|mail| mail.to.address == "cleo@house.example").unwrap();
    assert_eq!(to_cleo.subject, format!("About {}", ticket.number().as_str()));
    assert!(to_cleo.text.starts_with("Dear cleo,\n<i>we</i> look & see.\n"), "{}", to_cleo.text);
    assert!(to_cleo.html.contains("Dear cleo,<br>\n&lt;i&gt;we&lt;/i&gt; look &amp; see."), "{}", to_cleo.html);
    assert!(to_cleo.is_automatic && to_cleo.unsubscribe.is_none());
    assert_eq!((&to_cleo.references, &to_cleo.reply_to), (&first.references, &first.reply_to), "one conversation");
    assert_ne!(to_cleo.message_id, first.message_id);
    assert_eq!(mails[boss].references, first.references);
    assert_eq!(mails[boss].reply_to, None, "who may not see the ticket can't answer into it");
    let letters = works.jobs(JobKind::Mail, JobState::Done).await;
    let by_rule: Vec<&Job> = letters.iter().filter(|job| job.cause.rule_id == Some(rule.id.0)).collect();
    assert_eq!(by_rule.len(), 4);
    assert!(by_rule.iter().all(|job| job.ticket_id == Some(ticket.id()) && job.cause.event_id.is_some()));
    // Nobody is left to be mailed: that is no failure.
    house.pass(1);
    let alone = desk.create_ticket(&house.customer, NewTicket::new("Again", "Still.")).await.unwrap();
    works.mails().await;
    let nobody = json!({"trigger_type": "priority_change", "actions": mail(json!(["watchers"]))});
    desk.update_workflow(&house.admin, rule.id, Input::from_json(nobody).unwrap(), None).await.unwrap();
    turn(house, &alone).await;
    assert_eq!(works.mails().await, []);
    assert_eq!(works.jobs(JobKind::RuleMail, JobState::Dead).await, []);
}

#[tokio::test]
async fn rules_mail_one_address_no_more_than_anybody_may() {
    let works = Works::new().await;
    let house = &works.house;
    add(house, on_priority(mail(json!(["requester", "boss@else.example"])))).await;
    let ticket = house.ticket().await;
    works.mails().await;
    let mut sent = Vec::new();
    for _ in 0..20 {
        turn(house, &ticket).await;
        sent.extend(works.mails().await.into_iter().map(|mail| mail.to.address));
    }
    let count = |address: &str| sent.iter().filter(|to| *to == address).count();
    assert_eq!((count("cleo@house.example"), count("boss@else.example")), (9, 10), "one told of the new ticket");
    let names = house.told(&house.agent, &ticket).await;
    assert_eq!(names.iter().filter(|name| **name == "mail.held").count(), 1, "{names:?}");
    let dead = works.jobs(JobKind::Mail, JobState::Dead).await;
    assert_eq!(dead.len(), 21);
    assert!(dead.iter().all(|job| job.last_error.as_ref().is_some_and(|why| why.contains("10 mails"))));
}

#[tokio::test]
async fn an_address_of_nobody_here_that_was_refused_gets_nothing_until_somebody_knows_better() {
    let works = Works::new().await;
    let house = &works.house;
    add(house, on_priority(mail(json!("boss@else.example")))).await;
    let ticket = house.ticket().await;
    works.mails().await;
    works.mailer.refuse("boss@else.example", MailError::Address("550 5.1.1 no such user".into()));
    turn(house, &ticket).await;
    assert_eq!(works.mails().await, []);
    works.mailer.accept("boss@else.example");
    turn(house, &ticket).await;
    assert_eq!(works.mails().await, []);
    let dead = works.jobs(JobKind::Mail, JobState::Dead).await;
    assert_eq!(dead.len(), 2);
    assert!(dead.iter().all(|job| job.last_error.as_ref().is_some_and(|why| why.contains("550 5.1.1"))), "{dead:?}");
    house.desk.retry_job(&house.admin, dead[0].id).await.unwrap();
    assert_eq!(works.addressees().await, ["boss"]);
    turn(house, &ticket).await;
    assert_eq!(works.addressees().await, ["boss"]);
}

#[tokio::test]
async fn people_are_told_on_the_desk_of_tickets_that_they_see_and_once() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let to = json!(["requester", "watchers", "assignee", id(&house.outsider), id(&house.manager)]);
    let tell = json!([{"type": "send_notification", "params": {"user_id": to, "title": "Look:\n{{subject}}",
        "message": "It is {{priority}}."}}]);
    let rule = add(house, on_priority(tell)).await;
    let ticket = house.ticket().await;
    let to_amy = Assignment { agent_id: Patch::Set(Some(id(&house.agent))), team_id: Patch::Set(Some(house.billing)) };
    desk.assign_ticket(&house.admin, &key(&ticket), to_amy, None).await.unwrap();
    turn(house, &ticket).await;
    for (actor, count) in [
        (&house.customer, 1),
        (&house.agent, 1),
        (&house.manager, 1),
        (&house.outsider, 0),
        (&house.stranger, 0),
        (&house.admin, 0),
    ] {
        assert_eq!(notifications(house, id(actor)).await.len(), count, "{actor:?}");
    }
    let told = notifications(house, id(&house.agent)).await.remove(0);
    assert_eq!((told.title.as_str(), told.message.as_str()), ("Look: Cannot log in", "It is high."));
    assert_eq!((told.ticket_id, told.rule.map(|rule| rule.id)), (Some(ticket.id()), Some(rule.id)));
    turn(house, &ticket).await;
    let joined = notifications(house, id(&house.agent)).await.remove(0);
    assert_eq!((joined.id, joined.count, joined.message.as_str()), (told.id, 2, "It is low."));
    house.pass(1);
    turn(house, &ticket).await;
    let both = notifications(house, id(&house.agent)).await;
    assert!(both.len() == 2 && both[1] == joined, "the newest comes first");
}

#[tokio::test]
async fn an_address_that_a_rule_names_is_called_without_anybodys_secrets() {
    let works = Works::new().await;
    let house = &works.house;
    let call = json!([{"type": "trigger_webhook", "params": {"url": "https://CRM.example:8443/in?key=1"}}]);
    let rule = add(house, on_priority(call)).await;
    let ticket = house.ticket().await;
    turn(house, &ticket).await;
    works.endpoint.answer([Ok(500), Ok(503), Ok(500), Ok(410)]);
    let mut calls = Vec::new();
    for _ in 0..6 {
        works.later(20).await;
        calls.extend(works.endpoint.calls());
    }
    assert_eq!(calls.len(), 4, "three times again");
    let call = &calls[0];
    assert_eq!((call.url.as_str(), call.event.as_str()), ("https://CRM.example:8443/in?key=1", "workflow.triggered"));
    assert!(call.secrets.is_empty() && call.headers.is_empty());
    assert_eq!(call.timeout.as_secs(), 5);
    assert!(calls.iter().all(|other| other.id == call.id && other.body == call.body));
    let body: Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!((&body["event"], &body["type"]), (&json!("workflow.triggered"), &json!("workflow.triggered")));
    assert_eq!(body["workflow"], json!({"id": rule.id, "name": "Alert <b>", "version": 1}));
    assert_eq!((&body["id"], &body["ticket"]["priority"]), (&json!(call.id), &json!("high")));
    assert!(body["timestamp"].is_string());
    assert_eq!(body["ticket"]["customer"]["email"], "cleo@house.example");
    let dead = works.jobs(JobKind::Webhook, JobState::Dead).await;
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].lane.as_str(), dead[0].ticket_id), ("url/crm.example", Some(ticket.id())));
    assert_eq!(code(house.desk.webhook_delivery(&house.admin, dead[0].id).await), "not_found", "no webhook's");
    assert_eq!(house.desk.job(&house.admin, dead[0].id).await.unwrap().attempts_made.len(), 4);
}

#[tokio::test]
async fn a_webhook_of_the_desk_is_called_with_its_secrets_and_its_payload_while_it_is_on() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let input = json!({"name": "CRM", "url": "https://crm.example/hook", "event_types": ["ticket.closed"],
        "secret_key": "canary-secret-key", "payload": "template",
        "payload_template": "{\"said\": \"{{workflow.name}} {{event}} {{priority}}\"}"});
    let hook = desk.create_webhook(&house.admin, NewWebhook::from_json(input).unwrap()).await.unwrap();
    let WebhookId(hook_id) = hook.id;
    let call = json!([{"type": "trigger_webhook", "params": {"webhook_id": hook_id}}]);
    add(house, on_priority(call)).await;
    let ticket = house.ticket().await;
    turn(house, &ticket).await;
    works.work().await;
    let calls = works.endpoint.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].secrets, ["canary-secret-key"]);
    assert_eq!(calls[0].body, r#"{"said": "Alert <b> workflow.triggered high"}"#);
    let shown = desk.webhook_deliveries(&house.admin, hook.id, ticketing_core::desk::DeliveryQuery::default()).await;
    let shown = shown.unwrap().items;
    assert_eq!((shown.len(), shown[0].event_type.as_str()), (1, "workflow.triggered"));
    let off = WebhookPatch { is_active: Patch::Set(false), ..WebhookPatch::default() };
    desk.update_webhook(&house.admin, hook.id, off, None).await.unwrap();
    turn(house, &ticket).await;
    works.work().await;
    assert_eq!(works.endpoint.calls().len(), 0);
    let dead = works.jobs(JobKind::Webhook, JobState::Dead).await;
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].last_error.as_deref(), Some("the webhook is not active"));
}

#[tokio::test]
async fn who_listens_and_sees_the_ticket_no_longer_is_told_nothing_more() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let tell =
        json!({"type": "send_notification", "params": {"user_id": "watchers", "title": "Look", "message": "Now."}});
    add(house, on_priority(json!([mail(json!("watchers"))[0], tell]))).await;
    let ticket = house.ticket().await;
    works.mails().await;
    // It is of no team yet, so that every agent sees it.
    for listener in [&house.outsider, &house.manager] {
        desk.watch_ticket(&house.admin, &key(&ticket), id(listener)).await.unwrap();
    }
    let to = Assignment { agent_id: Patch::Keep, team_id: Patch::Set(Some(house.billing)) };
    desk.assign_ticket(&house.admin, &key(&ticket), to, None).await.unwrap();
    works.mails().await;
    desk.add_comment(&house.admin, &key(&ticket), NewComment::internal("He is rude")).await.unwrap();
    assert_eq!(works.addressees().await, ["max"], "of what was said");
    turn(house, &ticket).await;
    assert_eq!(works.addressees().await, ["max"], "of what the rule says");
    let told = [&house.outsider, &house.manager].map(|listener| notifications(house, id(listener)));
    let [otto, max] = told;
    assert_eq!((otto.await.len(), max.await.len()), (0, 1));
}
