//! Endpoints as administrators set them, and that nobody hears their secrets.

use crate::house::{House, code, fields, id};
use async_trait::async_trait;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::desk::{DeliveryQuery, NewCustomField, NewWebhook, WebhookPatch, WebhookRefusal, WebhookView};
use ticketing_core::input::{Input, Patch};
use ticketing_core::memory::{MemoryStore, SeededIds};
use ticketing_core::model::{DisableReason, EventType, FieldType, Job};
use ticketing_core::port::{JobQuery, Queue, WebhookAnswer, WebhookError, WebhookRequest, WebhookSender};
use ticketing_core::query::AuditQuery;
use ticketing_core::vault::{Plain, SecretsKey};
use ticketing_core::{Desk, Error, WebhookId};

pub const URL: &str = "https://hooks.example/services/T0/path-canary";
pub const BASE: Duration = Duration::from_secs(5);

pub fn read(value: Value) -> NewWebhook {
    NewWebhook::from_json(value).unwrap_or_else(|error| panic!("{error}"))
}

fn patch(value: Value) -> WebhookPatch {
    WebhookPatch::from_json(value).unwrap_or_else(|error| panic!("{error}"))
}

/// A webhook that is told of these events.
pub async fn add(house: &House, types: &[&str]) -> WebhookView {
    let new = read(json!({"name": "Chat", "url": URL, "event_types": types}));
    house.desk.create_webhook(&house.admin, new).await.unwrap()
}

pub async fn update(house: &House, webhook: WebhookId, change: Value) -> Result<WebhookView, Error> {
    house.desk.update_webhook(&house.admin, webhook, patch(change), None).await
}

/// The one job of a webhook.
async fn test_job(house: &House, webhook: WebhookId) -> Job {
    let made = house.desk.test_webhook(&house.admin, webhook).await.unwrap();
    house.desk.store().job(made.id).await.unwrap().unwrap()
}

async fn secrets(house: &House, webhook: WebhookId) -> Vec<String> {
    let job = test_job(house, webhook).await;
    house.desk.webhook_call(&job, BASE).await.unwrap().map_err(|e| e.to_string()).unwrap().request.secrets
}

/// Path and code of each failure.
fn failures<T>(answer: Result<T, Error>) -> Vec<(String, &'static str)> {
    let Err(Error::Invalid(errors)) = answer else { panic!("expected an invalid input") };
    errors.into_iter().map(|error| (error.field, error.code)).collect()
}

#[tokio::test]
async fn administrators_alone_have_webhooks() {
    let house = House::new().await;
    let desk = &house.desk;
    let new = || NewWebhook::new("Chat", URL, vec![EventType::TicketCreated]);
    let made = desk.create_webhook(&house.admin, new()).await.unwrap();
    assert_eq!((made.retry_count, made.timeout_ms, made.is_active, made.version), (3, 5_000, true, 1));
    assert_eq!((made.owner_id, made.has_secret), (Some(id(&house.admin)), false));
    for actor in [&house.manager, &house.agent, &house.customer] {
        assert_eq!(code(desk.create_webhook(actor, new()).await), "forbidden");
        assert_eq!(code(desk.webhooks(actor, None, 10).await), "forbidden");
        assert_eq!(code(desk.webhook_count(actor).await), "forbidden");
        assert_eq!(code(desk.webhook(actor, made.id).await), "forbidden");
        assert_eq!(code(desk.update_webhook(actor, made.id, WebhookPatch::default(), None).await), "forbidden");
        assert_eq!(code(desk.delete_webhook(actor, made.id, None).await), "forbidden");
        assert_eq!(code(desk.test_webhook(actor, made.id).await), "forbidden");
    }
    assert_eq!(desk.webhook(&house.admin, made.id).await.unwrap(), made);
    let second = add(&house, &["comment.added"]).await;
    let page = desk.webhooks(&house.admin, None, 1).await.unwrap();
    assert_eq!((page.items[0].id, page.next.map(|next| next.id)), (made.id, Some(made.id.0)));
    let page = desk.webhooks(&house.admin, Some(made.id), 1).await.unwrap();
    assert_eq!((page.items[0].id, page.next), (second.id, None));
    assert_eq!(desk.webhook_count(&house.admin).await.unwrap(), 2);

    let stale = desk.update_webhook(&house.admin, made.id, patch(json!({"name": "X"})), Some(9)).await;
    assert_eq!(code(stale), "stale_version");
    let same = update(&house, made.id, json!({"name": "Chat", "timeout_ms": 5000})).await.unwrap();
    assert_eq!(same.version, 1, "what changes nothing is not written");
    let changed = update(&house, made.id, json!({"event_types": ["sla.breached", "ticket.created"], "retry_count": 0}));
    let changed = changed.await.unwrap();
    assert_eq!(changed.event_types, [EventType::TicketCreated, EventType::SlaBreached]);
    assert_eq!((changed.retry_count, changed.version), (0, 2));
    assert_eq!(code(desk.delete_webhook(&house.admin, made.id, Some(1)).await), "stale_version");
    desk.delete_webhook(&house.admin, made.id, Some(2)).await.unwrap();
    assert_eq!(code(desk.webhook(&house.admin, made.id).await), "not_found");
    assert_eq!(code(update(&house, made.id, json!({"name": "X"})).await), "not_found");
    let history = desk.store().document_history("webhook", made.id.0, 9).await.unwrap();
    assert!(history.iter().any(|document| document.deleted) && history.len() == 3);
}

#[tokio::test]
async fn a_desk_has_a_hundred_webhooks() {
    let house = House::new().await;
    for _ in 0..100 {
        add(&house, &["ticket.created"]).await;
    }
    let more = NewWebhook::new("Chat", URL, vec![EventType::TicketCreated]);
    assert_eq!(code(house.desk.create_webhook(&house.admin, more).await), "too_many");
}

#[test]
fn all_that_is_wrong_is_named_at_once() {
    let bad = json!({"name": " ", "url": "ftp://x", "event_types": ["ticket.created", "ticket.vanished"],
        "secret_key": "too short", "retry_count": 11, "retry_schedule": "daily", "timeout_ms": 99, "payload": "xml",
        "headers": {"Host": "x", "X-Ok": "a\nb", "X-Number": 7}, "filter": 7, "is_active": null, "disabled": {}});
    let mut found: Vec<_> = failures(NewWebhook::from_json(bad)).into_iter().map(|(field, _)| field).collect();
    found.sort();
    let wanted = [
        "disabled",
        "event_types[1]",
        "filter",
        "headers.Host",
        "headers.X-Number",
        "headers.X-Ok",
        "is_active",
        "name",
        "payload",
        "retry_count",
        "retry_schedule",
        "secret_key",
        "timeout_ms",
        "url",
    ];
    assert_eq!(found, wanted);
    let empty = failures(NewWebhook::from_json(json!({"event_types": []})));
    assert_eq!(
        empty,
        [("name", "required"), ("url", "required"), ("event_types", "required")].map(|(f, c)| (f.to_owned(), c))
    );
    assert_eq!(failures(NewWebhook(WebhookPatch::default()).checked()).len(), 3);
}

#[test]
fn secrets_and_headers_have_a_form() {
    let secret = |secret: &str| WebhookPatch::from_json(json!({"secret_key": secret})).is_ok();
    for good in [
        "1",
        "whsec_AAAA",
        "12345678",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_c2l4dGVlbiBieXRlcy4uLnNpeHRlZW4gYnl0ZXM=",
        "pässwörd",
    ] {
        assert!(secret(good), "{good}");
    }
    for bad in ["", &"a".repeat(201), "has a blank", "whsec_short_123", "whsec_not base64", "whsec_", "tab\ttab1"] {
        assert!(!secret(bad), "{bad}");
    }
    let headers = |count: usize| {
        let headers: serde_json::Map<_, _> = (0..count).map(|n| (format!("X-{n}"), json!("v"))).collect();
        WebhookPatch::from_json(json!({"headers": headers}))
    };
    assert!(headers(20).is_ok() && headers(41).is_err());
    let twice = WebhookPatch::from_json(json!({"headers": {"X-A": "1", "x-a": "2"}}));
    assert_eq!(failures(twice), [("headers.x-a".to_owned(), "duplicate")]);
    let Err(error) = WebhookPatch::from_json(json!({"headers": {"X-A": "canary\u{e9}"}})) else { panic!() };
    assert!(!error.to_string().contains("canary"));
}

#[tokio::test]
async fn filters_and_templates_are_checked_when_they_are_saved() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created", "comment.added"]).await;
    let refused = async |change: Value| failures(update(&house, webhook.id, change).await);
    let one = |field: &str, code: &'static str| vec![(field.to_owned(), code)];
    let filter = |field: &str| json!({"filter": [{"field": field, "operator": "equals", "value": "x"}]});
    assert_eq!(refused(filter("nonsense")).await, one("filter[0].field", "unknown_field"));
    let history = json!({"filter": {"field": "status", "operator": "changed"}});
    assert_eq!(refused(history).await, one("filter.operator", "needs_history"));
    update(&house, webhook.id, filter("category")).await.unwrap();
    assert_eq!(refused(json!({"payload": "template"})).await, one("payload_template", "required"));
    assert_eq!(refused(json!({"payload_template": "{}"})).await, one("payload_template", "not_for_payload"));
    let template = |text: &str| json!({"payload": "template", "payload_template": text});
    for (text, code) in [
        ("{{#if", "invalid_value"),
        (r#"{"a": "{{ticket.secret}}"}"#, "unknown_variable"),
        (r#"{"a": {{subject}}}"#, "not_json"),
        // It is JSON of a comment, but not where there is none.
        (r#"{"a": {{#if comment.id}}1{{/if}}}"#, "not_json"),
        ("", "not_json"),
    ] {
        assert_eq!(refused(template(text)).await, one("payload_template", code), "{text}");
    }
    let long = WebhookPatch::from_json(template(&"a".repeat(65_537)));
    assert_eq!(failures(long), one("payload_template", "too_long"));
    let good = r#"{"text": "{{event}}: {{subject}}", "said": {{json comment.body}}}"#;
    let saved = update(&house, webhook.id, template(good)).await.unwrap();
    assert_eq!(saved.payload_template.as_deref(), Some(good));
    // It may be kept for later; what is not touched is no reason to refuse another change.
    update(&house, webhook.id, json!({"payload": "slack"})).await.unwrap();
    update(&house, webhook.id, json!({"name": "Chat 2"})).await.unwrap();
    let cleared = update(&house, webhook.id, json!({"payload_template": null, "filter": null})).await.unwrap();
    assert_eq!((cleared.payload_template, cleared.filter), (None, None));
}

#[tokio::test]
async fn a_field_that_a_filter_asks_for_is_kept() {
    let house = House::new().await;
    let desk = &house.desk;
    let field = desk.create_custom_field(&house.admin, NewCustomField::new("plan", "Plan", FieldType::Text)).await;
    let field = field.unwrap();
    let webhook = add(&house, &["ticket.created"]).await;
    let filter = json!({"filter": {"not": {"field": "custom_fields.plan", "operator": "equals", "value": "x"}}});
    update(&house, webhook.id, filter).await.unwrap();
    desk.delete_custom_field(&house.admin, field.id, None).await.unwrap();
    assert!(!desk.custom_field(&house.admin, field.id).await.unwrap().is_active);
    update(&house, webhook.id, json!({"filter": null})).await.unwrap();
    desk.delete_custom_field(&house.admin, field.id, None).await.unwrap();
    assert_eq!(code(desk.custom_field(&house.admin, field.id).await), "not_found");
}

#[tokio::test]
async fn a_new_secret_leaves_the_one_before_a_day() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created"]).await.id;
    assert!(secrets(&house, webhook).await.is_empty());
    let first = update(&house, webhook, json!({"secret_key": "first-secret"})).await.unwrap();
    assert!(first.has_secret && first.secret_ends_at.is_empty());
    let same = update(&house, webhook, json!({"secret_key": "first-secret"})).await.unwrap();
    assert_eq!(same.version, first.version, "the same secret again is no change");
    let second = update(&house, webhook, json!({"secret_key": "second-secret"})).await.unwrap();
    assert_eq!(second.secret_ends_at, [house.desk.now() + TimeDelta::hours(24)]);
    assert_eq!(secrets(&house, webhook).await, ["second-secret", "first-secret"]);
    house.pass(60);
    update(&house, webhook, json!({"secret_key": "third-secret"})).await.unwrap();
    assert_eq!(secrets(&house, webhook).await, ["third-secret", "second-secret"], "two are enough");
    house.pass(24 * 60);
    assert_eq!(secrets(&house, webhook).await, ["third-secret"]);
    assert!(house.desk.webhook(&house.admin, webhook).await.unwrap().secret_ends_at.is_empty());
    update(&house, webhook, json!({"secret_key": null})).await.unwrap();
    assert!(secrets(&house, webhook).await.is_empty());
}

#[tokio::test]
async fn headers_change_one_by_one() {
    let house = House::new().await;
    let webhook = add(&house, &["ticket.created"]).await.id;
    let headers = async || {
        let job = test_job(&house, webhook).await;
        house.desk.webhook_call(&job, BASE).await.unwrap().ok().unwrap().request.headers
    };
    let named = async |change: Value| update(&house, webhook, json!({"headers": change})).await.unwrap().header_names;
    assert_eq!(named(json!({"X-B": "b", "Authorization": "Bearer t"})).await, ["Authorization", "X-B"]);
    assert_eq!(named(json!({"x-b": "c", "X-C": "d", "authorization": null, "X-Gone": null})).await, ["x-b", "X-C"]);
    assert_eq!(headers().await, [("x-b".to_owned(), "c".to_owned()), ("X-C".to_owned(), "d".to_owned())]);
    let many: serde_json::Map<_, _> = (0..19).map(|n| (format!("X-{n}"), json!("v"))).collect();
    assert_eq!(fields(update(&house, webhook, json!({"headers": many})).await), ["headers"]);
    assert!(named(json!(null)).await.is_empty());
}

#[tokio::test]
async fn a_webhook_that_the_desk_switched_off_begins_anew() {
    let house = House::new().await;
    let desk = &house.desk;
    let webhook = add(&house, &["ticket.created"]).await.id;
    let job = test_job(&house, webhook).await;
    let off = update(&house, webhook, json!({"is_active": false})).await.unwrap();
    assert_eq!((off.is_active, off.disabled), (false, None));
    assert!(!desk.disable_webhook(webhook, DisableReason::Gone).await.unwrap(), "it is off already");
    update(&house, webhook, json!({"is_active": true})).await.unwrap();
    assert!(desk.disable_webhook(webhook, DisableReason::Failing).await.unwrap());
    let off = desk.webhook(&house.admin, webhook).await.unwrap();
    let disabled = off.disabled.unwrap();
    assert_eq!((off.is_active, disabled.reason, disabled.at), (false, DisableReason::Failing, desk.now()));
    assert!(desk.webhook_call(&job, BASE).await.unwrap().is_ok(), "a test is made all the same");
    house.pass(1);
    let on = update(&house, webhook, json!({"is_active": true})).await.unwrap();
    assert_eq!((on.is_active, on.disabled, on.failing_since), (true, None, None));
    let health = desk.store().webhook_health().await.unwrap();
    assert_eq!((health[0].webhook_id, health[0].failing_since), (webhook, None));
    desk.delete_webhook(&house.admin, webhook, None).await.unwrap();
    assert!(!desk.disable_webhook(webhook, DisableReason::Gone).await.unwrap());
    assert_eq!(desk.webhook_call(&job, BASE).await.unwrap().err(), Some(WebhookRefusal::Gone));
}

#[tokio::test]
async fn no_secret_is_ever_told_again() {
    let house = House::new().await;
    let desk = &house.desk;
    let mut told = Vec::new();
    let new = json!({"name": "Chat", "url": URL, "event_types": ["ticket.created"], "secret_key": "secret-canary-1",
        "headers": {"Authorization": "header-canary-1"}, "payload": "template", "payload_template": "{\"a\": 1}"});
    let webhook = desk.create_webhook(&house.admin, read(new)).await.unwrap();
    told.push(serde_json::to_string(&webhook).unwrap());
    let change = json!({"secret_key": "secret-canary-2", "headers": {"Authorization": "header-canary-2"},
        "url": "https://hooks.example/services/path-canary-2"});
    let webhook = update(&house, webhook.id, change).await.unwrap();
    let job = test_job(&house, webhook.id).await;
    told.push(format!("{webhook:?} {job:?}"));
    let deliveries = desk.webhook_deliveries(&house.admin, webhook.id, DeliveryQuery::default()).await.unwrap();
    told.push(serde_json::to_string(&deliveries.items).unwrap());
    told.push(format!("{:?}", desk.store().settings().await.unwrap().documents));
    told.push(format!("{:?}", desk.store().document_history("webhook", webhook.id.0, 9).await.unwrap()));
    told.push(format!("{:?}", desk.snapshot().await.unwrap()));
    desk.delete_webhook(&house.admin, webhook.id, None).await.unwrap();
    let audit = desk.audit(&house.admin, AuditQuery { limit: 100, ..AuditQuery::default() }).await.unwrap();
    let lines =
        serde_json::to_string(&audit.items.iter().map(|line| &line.detail.changes).collect::<Vec<_>>()).unwrap();
    let actions: Vec<_> = audit.items.iter().rev().map(|line| line.action.as_str()).collect();
    let own: Vec<_> = actions.into_iter().filter(|action| action.starts_with("webhook.")).collect();
    assert_eq!(own, ["webhook.created", "webhook.updated", "webhook.tested", "webhook.deleted"]);
    assert!(lines.contains("Authorization") && lines.contains("https://hooks.example/…") && lines.contains("added_at"));
    assert!(!lines.contains("sealed") && !lines.contains("v1.process") && !lines.contains("path-canary"), "{lines}");
    told.push(lines);
    for text in told {
        for canary in ["secret-canary", "header-canary"] {
            assert!(!text.contains(canary), "{canary} in {text}");
        }
    }
}

#[tokio::test]
async fn secrets_outlive_the_process_only_under_a_key() {
    let store = Arc::new(MemoryStore::new());
    let desk = |keys: Vec<SecretsKey>| {
        let desk = Desk::builder().store(Arc::clone(&store) as Arc<_>).ids(Arc::new(SeededIds::new(9)));
        desk.secrets_keys(keys).build().unwrap()
    };
    let key = |name: &str, byte| SecretsKey::new(name, [byte; 32]);
    let system = ticketing_core::Actor::system(ticketing_core::access::SystemReason::Host);
    let first = desk(vec![key("a", 1)]);
    let mut new = NewWebhook::new("Chat", URL, vec![EventType::TicketCreated]);
    new.0.secret_key = Patch::Set(Some(Plain::new("long-lived-secret")));
    let webhook = first.create_webhook(&system, new).await.unwrap();
    let made = first.test_webhook(&system, webhook.id).await.unwrap();
    let job = store.job(made.id).await.unwrap().unwrap();
    let secrets = async |desk: Desk| desk.webhook_call(&job, BASE).await.unwrap().map(|call| call.request.secrets);
    assert_eq!(secrets(desk(vec![key("b", 2), key("a", 1)])).await, Ok(vec!["long-lived-secret".to_owned()]));
    let lost = desk(Vec::new());
    assert!(matches!(secrets(lost.clone()).await, Err(WebhookRefusal::Secret(_))));
    // It is not lost for good: a new one can be set, and what can't be opened is no longer in its way.
    let again = WebhookPatch { secret_key: Patch::Set(Some(Plain::new("another-secret"))), ..WebhookPatch::default() };
    let again = lost.update_webhook(&system, webhook.id, again, None).await.unwrap();
    assert!(again.has_secret && again.secret_ends_at.is_empty());
    assert_eq!(secrets(lost).await, Ok(vec!["another-secret".to_owned()]));
}

/// Allows what the operator might, and says what it was asked.
struct Guard;

#[async_trait]
impl WebhookSender for Guard {
    async fn send(&self, _: &WebhookRequest) -> Result<WebhookAnswer, WebhookError> {
        Err(WebhookError::NotAllowed)
    }

    async fn check(&self, url: &str) -> Result<(), WebhookError> {
        match url {
            "http://10.0.0.7/allowed" => Ok(()),
            "https://odd.example" => Err(WebhookError::Invalid("odd".to_owned())),
            _ => Err(WebhookError::NotAllowed),
        }
    }
}

#[tokio::test]
async fn an_address_inside_is_refused_when_it_is_saved() {
    let house = House::new().await;
    let try_url = async |desk: &Desk, url: &str| {
        let new = NewWebhook::new("Chat", url, vec![EventType::TicketCreated]);
        desk.create_webhook(&house.system, new).await
    };
    for url in ["http://127.0.0.1/x", "http://[::1]/", "http://localhost", "http://10.0.0.7/allowed"] {
        assert_eq!(failures(try_url(&house.desk, url).await), [("url".to_owned(), "not_allowed")], "{url}");
    }
    assert_eq!(failures(try_url(&house.desk, "nonsense").await), [("url".to_owned(), "invalid_value")]);
    let guarded =
        Desk::builder().store(Arc::clone(house.desk.store())).webhook_sender(Arc::new(Guard)).build().unwrap();
    let made = try_url(&guarded, " http://10.0.0.7/allowed ").await.unwrap();
    assert_eq!(made.url, "http://10.0.0.7/allowed");
    assert_eq!(failures(try_url(&guarded, "https://hooks.example/x").await), [("url".to_owned(), "not_allowed")]);
    assert_eq!(failures(try_url(&guarded, "https://odd.example").await), [("url".to_owned(), "invalid_value")]);
    let moved = WebhookPatch { url: Patch::Set("http://10.0.0.8".into()), ..WebhookPatch::default() };
    let moved = guarded.update_webhook(&house.system, made.id, moved, None).await;
    assert_eq!(failures(moved), [("url".to_owned(), "not_allowed")]);
    let renamed = WebhookPatch { name: Patch::Set("New".into()), ..WebhookPatch::default() };
    guarded.update_webhook(&house.system, made.id, renamed, None).await.unwrap();
    assert!(house.desk.store().jobs(&JobQuery { limit: 1, ..JobQuery::default() }).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_schedule_is_followed_to_its_end_unless_a_number_is_said() {
    let house = House::new().await;
    let new = |more: Value| {
        let mut input = json!({"name": "Chat", "url": URL, "event_types": ["ticket.created"]});
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        house.desk.create_webhook(&house.admin, read(input))
    };
    assert_eq!(new(json!({})).await.unwrap().retry_count, 3);
    let durable = new(json!({"retry_schedule": "durable"})).await.unwrap();
    assert_eq!(durable.retry_count, 7);
    assert_eq!(new(json!({"retry_schedule": "durable", "retry_count": 2})).await.unwrap().retry_count, 2);
    let later = update(&house, durable.id, json!({"retry_schedule": "default"})).await.unwrap();
    assert_eq!(later.retry_count, 7, "what nobody names stays");
}
