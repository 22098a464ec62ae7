use super::payload::{LONGEST, PayloadError, body, default_body, document, template_body};
use super::plan::{Delivery, dedupe_key, plan};
use super::sample::Sample;
use super::{Hook, Occasion, Webhooks, vocabulary};
use crate::event::Fact;
use crate::ids::{CommentId, EventId};
use crate::memory::{SeededIds, TestClock};
use crate::model::{Comment, CustomFields, EventType, Job, JobKind, JobState, PayloadKind, Webhook};
use crate::port::Clock;
use crate::setting::Stored;
use crate::template::{Markup, Template};
use crate::time::Time;
use serde_json::{Value, json};
use uuid::Uuid;

const APP: &str = "https://desk.example";

fn now() -> Time {
    TestClock::default().now()
}

pub(super) fn hook(id: u128, change: impl FnOnce(&mut Webhook)) -> Hook {
    let mut content = Webhook::new(None, now());
    content.event_types = EventType::ALL.to_vec();
    change(&mut content);
    Hook::new(Stored { id: Uuid::from_u128(id), version: 1, saved_at: now(), content }, &CustomFields::default())
}

fn told(event: EventType) -> Value {
    let sample = Sample::of(event, now());
    document(&sample.occasion(EventId(Uuid::from_u128(9))), APP)
}

fn planned(hooks: &[Hook], occasion: &Occasion<'_>) -> Vec<Job> {
    plan(hooks, occasion, APP, (&SeededIds::new(1), now()))
}

#[test]
fn the_default_payload_is_the_event_with_its_ticket() {
    let told = told(EventType::TicketCreated);
    let keys: Vec<_> = told.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["actor", "event", "id", "ticket", "timestamp", "type"]);
    assert_eq!(told["event"], "ticket.created");
    assert_eq!(told["type"], "ticket.created");
    assert_eq!(told["timestamp"], "2026-03-02T09:06:07.123456Z");
    assert_eq!(told["id"], json!(Uuid::from_u128(9)));
    assert_eq!(told["actor"]["name"], "Amy Agent");
    let ticket = &told["ticket"];
    assert_eq!(ticket["ticket_number"], "TKT-22222222");
    assert_eq!(ticket["url"], "https://desk.example/tickets/TKT-22222222");
    assert_eq!(ticket["priority"], "high");
    assert_eq!(ticket["version"], 1);
    assert_eq!(ticket["escalation_level"], 0);
    assert_eq!(ticket["description"], "Since this morning.\nWhat can I do?");
    let customer = json!({"id": Uuid::nil(), "name": "Cleo Customer", "email": "cleo@example.com"});
    assert_eq!(ticket["customer"], customer);
    let text = default_body(&Sample::of(EventType::TicketCreated, now()).occasion(EventId(Uuid::from_u128(9))), APP);
    assert_eq!(serde_json::from_str::<Value>(&text.unwrap()).unwrap(), told);
}

#[test]
fn events_tell_what_changed_what_was_said_and_where_it_went() {
    assert_eq!(told(EventType::TicketUpdated)["changes"], json!({"priority": ["medium", "high"]}));
    assert_eq!(told(EventType::TicketStatusChanged)["changes"], json!({"status": ["open", "pending"]}));
    assert_eq!(told(EventType::TicketAssigned)["changes"], json!({"assigned_agent_id": [null, Uuid::nil()]}));
    let escalated = told(EventType::TicketEscalated);
    assert_eq!(escalated["changes"], json!({"escalation_level": [0, 1]}));
    assert_eq!(escalated["escalation"], json!({"level": 1, "reason": "No answer since yesterday.", "cause": "manual"}));
    let merged = told(EventType::TicketMerged);
    assert_eq!((&merged["merged_into"], &merged["merged_from"]), (&json!(Uuid::max()), &json!(Uuid::nil())));
    let comment = &told(EventType::CommentAdded)["comment"];
    assert_eq!(comment["body"], "Thank you.\nWe \"look\" into it \\ tell you \u{1f642}");
    assert_eq!((&comment["is_internal"], &comment["author"]["name"]), (&json!(false), &json!("Amy Agent")));
    assert!(comment["created_at"].is_string());
    for event in [EventType::TicketResolved, EventType::TicketClosed, EventType::SlaBreached] {
        assert_eq!(told(event)["changes"], Value::Null, "{event}");
    }
}

#[test]
fn a_chat_is_told_in_one_line_and_nobody_can_write_more_into_it() {
    let sample = Sample::of(EventType::TicketCreated, now());
    let mut ticket = sample.occasion(EventId(Uuid::nil())).ticket.clone();
    ticket.subject = "<!channel> <https://evil.example|click> & [x](https://evil.example)".to_owned();
    let occasion = Occasion { ticket: &ticket, ..sample.occasion(EventId(Uuid::nil())) };
    let slack: Value =
        serde_json::from_str(&body(&hook(1, |w| w.payload = PayloadKind::Slack), &occasion, APP).unwrap()).unwrap();
    let escaped = "&lt;!channel&gt; &lt;https://evil.example|click&gt; &amp; [x](https://evil.example)";
    let url = "https://desk.example/tickets/TKT-22222222";
    assert_eq!(slack["text"], format!("New ticket: TKT-22222222 {escaped} (priority high) {url}"));
    let block = &slack["blocks"][0]["text"];
    assert_eq!(block["text"], format!("*New ticket:* <{url}|TKT-22222222> {escaped}"));
    assert_eq!((&block["type"], &block["verbatim"]), (&json!("mrkdwn"), &json!(true)));
    assert_eq!(slack["blocks"][1]["elements"][0]["text"], "Priority high · by Amy Agent");

    let teams: Value =
        serde_json::from_str(&body(&hook(1, |w| w.payload = PayloadKind::Teams), &occasion, APP).unwrap()).unwrap();
    assert_eq!(teams["type"], "message");
    let attachment = &teams["attachments"][0];
    assert_eq!(attachment["contentType"], "application/vnd.microsoft.card.adaptive");
    let card = &attachment["content"];
    assert_eq!(card["type"], "AdaptiveCard");
    assert_eq!(card["actions"][0]["url"], url);
    let blocks = card["body"].as_array().unwrap();
    assert!(blocks.iter().all(|block| block["type"] == "RichTextBlock"), "no other text is free of markdown");
    assert_eq!(blocks[0]["inlines"][1]["text"], format!("TKT-22222222 {}", ticket.subject));
}

#[test]
fn long_texts_are_cut_until_the_body_fits() {
    let sample = Sample::of(EventType::CommentAdded, now());
    let occasion = sample.occasion(EventId(Uuid::nil()));
    let mut ticket = occasion.ticket.clone();
    ticket.description = "\u{1f642}".repeat(100_000);
    let comment = Comment { body: "\u{1}".repeat(100_000), ..occasion.comment.unwrap().clone() };
    let occasion = Occasion { ticket: &ticket, comment: Some(&comment), ..occasion };
    let text = default_body(&occasion, APP).unwrap();
    assert!(text.len() <= LONGEST, "{}", text.len());
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(told["truncated"], true);
    assert!(told["ticket"]["description"].as_str().unwrap().ends_with('…'));
    assert!(told["comment"]["body"].as_str().unwrap().ends_with('…'));
    assert_eq!(told["ticket"]["subject"], occasion.ticket.subject, "short texts stay");
    let template = Template::parse(r#"{"a": "{{description}}", "b": "{{comment.body}}"}"#, Markup::Json).unwrap();
    let text = template_body(&template, &occasion, APP).unwrap();
    assert!(text.len() <= LONGEST && serde_json::from_str::<Value>(&text).is_ok());
}

#[test]
fn a_body_fits_whatever_a_ticket_holds() {
    let sample = Sample::of(EventType::TicketUpdated, now());
    let occasion = sample.occasion(EventId(Uuid::nil()));
    let mut ticket = occasion.ticket.clone();
    for field in 0..200 {
        let options: Vec<_> = (0..100).map(|option| json!(format!("{option:0100}"))).collect();
        ticket.custom_fields.insert(format!("field_{field}"), options.into());
    }
    let text = default_body(&Occasion { ticket: &ticket, ..occasion }, APP).unwrap();
    let told: Value = serde_json::from_str(&text).unwrap();
    assert!(text.len() <= LONGEST);
    assert_eq!((&told["truncated"], &told["ticket"]["custom_fields"]), (&json!(true), &json!({})));
}

#[test]
fn a_template_makes_json_or_says_why_not() {
    let fill = |text: &str, sample: &Sample| {
        let template = Template::parse(text, Markup::Json).unwrap();
        template_body(&template, &sample.occasion(EventId(Uuid::nil())), APP)
    };
    let updated = Sample::of(EventType::TicketUpdated, now());
    let text = r#"{"t": "{{ticket.subject}} by {{agent.name}}/{{team_name}}", "n": {{json ticket.version}}, "tags": {{json ticket.tags}},
        "changes": [{{#each changes}}"{{field}}: {{old}} to {{new}}"{{#unless @last}},{{/unless}}{{/each}}]}"#;
    let made: Value = serde_json::from_str(&fill(text, &updated).unwrap()).unwrap();
    let wanted = json!({"t": "An example: \"Cannot log in\" by Amy Agent/Support", "n": 1, "tags": ["example"],
        "changes": ["priority: medium to high"]});
    assert_eq!(made, wanted);
    let comment = Sample::of(EventType::CommentAdded, now());
    let text = r#"{"said": "{{comment.body}}", "category": {{json category}}, "count": {{comment.id}}0}"#;
    assert!(matches!(fill(text, &comment), Err(PayloadError::NotJson(_))));
    let bare = r#"{"id": {{json comment.id}}, "priority": "{{priority}}", "n": {{ticket.version}}}"#;
    assert!(fill(bare, &comment.clone().sparse()).is_ok());
    assert!(matches!(fill(r#"{"c": {{category}}}"#, &comment.sparse()), Err(PayloadError::NotJson(_))));
    let hook = hook(1, |w| (w.payload, w.payload_template) = (PayloadKind::Template, Some("{{#if".to_owned())));
    assert_eq!(body(&hook, &updated.occasion(EventId(Uuid::nil())), APP), Err(PayloadError::NoTemplate));
}

/// What the vocabulary lists can be had of some event, and what is there is listed.
#[test]
fn the_vocabulary_is_what_templates_are_given() {
    let mut given = std::collections::BTreeSet::new();
    for event in EventType::ALL {
        let sample = Sample::of(*event, now());
        let values = super::payload::values(&sample.occasion(EventId(Uuid::nil())), APP);
        paths("", &values, &mut given);
    }
    given.insert("truncated".to_owned());
    given.insert("ticket.merged_into".to_owned());
    // Of a rule's own calls.
    given.extend(["id", "name", "version"].map(|name| format!("workflow.{name}")));
    let listed = vocabulary().variables().into_iter().map(|variable| variable.path);
    let listed: std::collections::BTreeSet<String> =
        listed.filter(|path| !path.starts_with("changes.") && !path.contains("custom_fields")).collect();
    assert_eq!(given, listed);
}

fn paths(before: &str, value: &Value, found: &mut std::collections::BTreeSet<String>) {
    for (name, value) in value.as_object().unwrap() {
        let path = format!("{before}{name}");
        match value {
            Value::Object(_) if name != "custom_fields" => paths(&format!("{path}."), value, found),
            Value::Object(_) => {}
            _ => drop(found.insert(path)),
        }
    }
}

#[test]
fn each_webhook_that_wants_it_gets_a_job_with_the_frozen_body() {
    let low = json!({"field": "priority", "operator": "equals", "value": "low"});
    let high = json!([{"field": "priority", "operator": "in", "value": ["high", "critical"]}]);
    let hooks = [
        hook(1, |_| {}),
        hook(2, |w| w.filter = Some(low)),
        hook(3, |w| (w.filter, w.payload) = (Some(high), PayloadKind::Slack)),
        hook(4, |w| w.filter = Some(json!({"field": "gone", "operator": "is_empty"}))),
        hook(5, |w| w.payload = PayloadKind::Template),
    ];
    let sample = Sample::of(EventType::TicketCreated, now());
    let event = EventId(Uuid::from_u128(9));
    let occasion = sample.occasion(event);
    let jobs = planned(&hooks, &occasion);
    let told: Vec<_> = jobs.iter().map(|job| Delivery::of(job).unwrap()).collect();
    let ids: Vec<_> = told.iter().map(|delivery| delivery.webhook_id.0.as_u128()).collect();
    assert_eq!(ids, [1, 3, 5], "a filter that can't be read lets nothing out");
    let job = &jobs[0];
    assert_eq!((job.kind, job.state, job.due_at), (JobKind::Webhook, JobState::Ready, now()));
    assert_eq!(job.lane, Webhook::lane(Uuid::from_u128(1)));
    assert!(job.lane.len() <= 100);
    assert_eq!(job.dedupe, Some(dedupe_key(event, Uuid::from_u128(1))));
    assert!(job.dedupe.as_ref().unwrap().len() <= 200);
    assert_eq!((job.ticket_id, job.cause.event_id), (Some(occasion.ticket.id), Some(event)));
    assert_eq!(told[0].body.as_deref(), Some(default_body(&occasion, APP).unwrap().as_str()));
    assert_eq!((told[0].event_id, told[0].event_type.as_str()), (event, "ticket.created"));
    assert!(told[1].body.as_ref().unwrap().contains("mrkdwn"));
    assert_eq!((&told[2].body, told[2].problem.is_some()), (&None, true), "what can't be made is told, not lost");
}

#[test]
fn notes_go_only_to_who_asked_for_them() {
    let hooks = [hook(1, |_| {}), hook(2, |w| w.include_internal = true)];
    let count = |occasion: &Occasion<'_>| planned(&hooks, occasion).len();
    let sample = Sample::of(EventType::CommentAdded, now());
    let open = sample.occasion(EventId(Uuid::nil()));
    assert_eq!(count(&open), 2);
    let comment_id = CommentId(Uuid::nil());
    let note = Fact::CommentAdded { comment_id, is_internal: true, changes: std::collections::BTreeMap::new() };
    assert_eq!(count(&Occasion { fact: Some(&note), ..open }), 1);
    assert_eq!(count(&Occasion { fact: Some(&note), comment: None, ..open }), 1, "nor that there is one");
    let hidden = Comment { is_internal: true, ..open.comment.unwrap().clone() };
    assert_eq!(count(&Occasion { comment: Some(&hidden), ..open }), 1, "it became a note since");
    let escalated = Sample::of(EventType::TicketEscalated, now());
    assert_eq!(count(&escalated.occasion(EventId(Uuid::nil()))), 2, "other staff matters are what admins asked for");
}

#[test]
fn webhooks_are_found_by_what_they_are_told_of() {
    let stored = |id, types: &[EventType], is_active| {
        hook(id, |w| (w.event_types, w.is_active) = (types.to_vec(), is_active)).stored
    };
    let all = Webhooks::new(
        vec![
            stored(3, &[EventType::TicketCreated, EventType::CommentAdded], true),
            stored(1, &[EventType::TicketCreated], true),
            stored(2, &[EventType::TicketCreated], false),
        ],
        &CustomFields::default(),
    );
    let told = |event| all.told_of(event).map(|hook| hook.id().as_u128()).collect::<Vec<_>>();
    assert_eq!(told(EventType::TicketCreated), [1, 3]);
    assert_eq!(told(EventType::CommentAdded), [3]);
    assert!(told(EventType::SlaBreached).is_empty());
    assert_eq!(all.by_id(Uuid::from_u128(2)).unwrap().id(), Uuid::from_u128(2));
    assert!(all.by_id(Uuid::from_u128(4)).is_none());
    assert_eq!(
        (all.len(), all.is_empty(), Webhooks::default().told_of(EventType::TicketCreated).count()),
        (3, false, 0)
    );
}

#[test]
fn facts_and_event_types_have_the_same_names() {
    for event in EventType::ALL {
        let sample = Sample::of(*event, now());
        let Some(fact) = sample.occasion(EventId(Uuid::nil())).fact else {
            assert!(matches!(event, EventType::SlaWarning | EventType::SlaBreached), "{event}");
            continue;
        };
        assert_eq!(EventType::of(fact), Some(*event));
    }
    assert_eq!(EventType::of(&Fact::WatcherAdded { user_id: crate::ids::UserId(Uuid::nil()) }), None);
}
