//! What `docs/WEBHOOKS.md` says of events, variables, templates and limits, held to the code.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use serde_json::{Map, Value, json};
use ticketing_core::desk::{NewWebhook, WebhookPatch};
use ticketing_core::ids::EventId;
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::{EventType, Webhook};
use ticketing_core::port::{Clock, SystemClock, WebhookAnswer};
use ticketing_core::template::{Markup, Template};
use ticketing_core::webhook::payload::{self, document, template_body};
use ticketing_core::webhook::sample::Sample;
use ticketing_core::webhook::{header, url, vocabulary};
use uuid::Uuid;

const PAGE: &str = include_str!("../../docs/WEBHOOKS.md");
const APP: &str = "https://desk.example";

fn blocks(language: &str) -> Vec<&'static str> {
    let start = format!("```{language}\n");
    PAGE.split(&*start).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The rows of the first table behind a heading, cell by cell.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let (_, rest) = PAGE.split_once(&format!("# {heading}\n")).expect("the page has the heading");
    let rows = rest.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    rows.skip(2).map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

fn sample(event: EventType) -> Value {
    document(&Sample::of(event, SystemClock.now()).occasion(EventId(Uuid::nil())), APP)
}

fn keys(value: &Value) -> Vec<&String> {
    value.as_object().map(Map::keys).unwrap().collect()
}

#[test]
fn the_page_names_every_event_and_what_it_carries() {
    let plain = sample(EventType::TicketCreated);
    let rows = table("Event types");
    let named: Vec<&str> = rows.iter().map(|row| row[0].trim_matches('`')).collect();
    let all: Vec<&str> = EventType::ALL.iter().map(|event| event.as_str()).collect();
    assert_eq!(named, all);
    for (event, row) in EventType::ALL.iter().zip(rows) {
        let whole = sample(*event);
        let more: Vec<String> =
            keys(&whole).into_iter().filter(|key| plain.get(key).is_none()).map(|key| format!("`{key}`")).collect();
        let carries = if more.is_empty() { "–".to_owned() } else { more.join(", ") };
        assert_eq!(row[2], carries, "{event}");
    }
}

#[test]
fn the_example_is_a_body_as_it_is_sent() {
    let example: Value = serde_json::from_str(blocks("json")[0]).unwrap();
    let sent = sample(EventType::TicketStatusChanged);
    assert_eq!(keys(&example), keys(&sent));
    for part in ["ticket", "actor", "changes"] {
        assert_eq!(keys(&example[part]), keys(&sent[part]), "{part}");
    }
    assert_eq!(keys(&example["ticket"]["customer"]), keys(&sent["ticket"]["customer"]));
    let comment = sample(EventType::CommentAdded);
    for key in keys(&comment["comment"]) {
        assert!(PAGE.contains(&format!("{key}, ")) || PAGE.contains(&format!("{key}}}`")), "{key}");
    }
    for other in &blocks("json")[1..] {
        serde_json::from_str::<Value>(other).unwrap();
    }
}

#[test]
fn the_page_lists_every_variable_of_templates() {
    let (mut listed, mut fields) = (Vec::new(), Vec::new());
    for variable in vocabulary().variables() {
        match variable.about.strip_prefix("The ticket's field ").and_then(|rest| rest.strip_suffix('.')) {
            Some(field) => fields.push(field.to_owned()),
            None => listed.push(format!("| `{}` | {} |", variable.path, variable.about)),
        }
    }
    let rows: Vec<String> = table("Variables").iter().map(|row| format!("| {} |", row.join(" | "))).collect();
    assert_eq!(rows, listed, "the table should be:\n{}", listed.join("\n"));

    // What the page does not list, it shows.
    let example: Value = serde_json::from_str(blocks("json")[0]).unwrap();
    let is_one = |(_, value): &(&String, &Value)| !value.is_object() && !value.is_array();
    let ticket = example["ticket"].as_object().unwrap();
    let mut shown: Vec<String> = ticket.iter().filter(is_one).map(|(field, _)| field.clone()).collect();
    shown.extend(ticket["sla"].as_object().unwrap().keys().map(|field| format!("sla.{field}")));
    shown.push("merged_into".to_owned());
    shown.sort_unstable();
    fields.sort_unstable();
    assert_eq!(shown, fields);
}

#[test]
fn the_recipes_can_be_saved_and_make_json() {
    let recipes = blocks("handlebars");
    assert_eq!(recipes.len(), 2);
    for recipe in recipes {
        let template = Template::parse(recipe, Markup::Json).unwrap();
        assert_eq!(template.unknown(&vocabulary()), []);
        for event in EventType::ALL {
            let whole = Sample::of(*event, SystemClock.now());
            for sample in [whole.clone(), whole.sparse()] {
                template_body(&template, &sample.occasion(EventId(Uuid::nil())), APP).unwrap();
            }
        }
    }
}

#[test]
fn the_note_hangs_on_the_contact_that_the_ticket_names() {
    let template = Template::parse(blocks("handlebars")[1], Markup::Json).unwrap();
    let note = |fields: Value| {
        let values = json!({ "ticket_number": "TKT-7KQ2M9XD", "ticket": { "custom_fields": fields } });
        serde_json::from_str::<Value>(&template.render(&values).unwrap()).unwrap()
    };
    assert_eq!(note(json!({ "hubspot_contact": "301" }))["associations"][0]["to"]["id"], json!("301"));
    assert_eq!(note(json!({})).get("associations"), None);
}

#[test]
fn the_page_tells_the_limits() {
    let kib = |bytes: usize| format!("{} KiB", bytes / 1024);
    let thousands = |number: usize| format!("{},{:03}", number / 1_000, number % 1_000);
    let rows = table("Limits");
    for (what, limit) in [
        ("webhooks of a desk", Webhook::MOST.to_string()),
        ("`url`", format!("{} characters", thousands(url::LONGEST))),
        (
            "`headers`",
            format!(
                "{}; names of {} characters, values of {}, visible ASCII",
                header::MOST,
                header::LONGEST_NAME,
                thousands(header::LONGEST_VALUE)
            ),
        ),
        (
            "`payload_template`",
            format!(
                "{}, {} tags, blocks {} deep, lists {} deep",
                kib(Template::LONGEST_SOURCE),
                thousands(Template::MOST_TAGS),
                Template::DEEPEST,
                Template::DEEPEST_LISTS
            ),
        ),
        ("a body", kib(payload::LONGEST)),
        ("an answer, as it is kept", kib(WebhookAnswer::KEPT)),
        ("a secret that was replaced", format!("{} hours", Webhook::OVERLAP.num_hours())),
    ] {
        assert!(rows.contains(&vec![what, &*limit]), "| {what} | {limit} |");
    }
}

#[test]
fn the_page_tells_which_numbers_are_let_in() {
    let rows = table("Limits");
    for row in [vec!["`retry_count`", "0 to 10, else 3"], vec!["`timeout_ms`", "100 to 30,000, else 5,000"]] {
        assert!(rows.contains(&row), "{row:?}");
    }
    let plain = Webhook::new(None, SystemClock.now());
    assert_eq!((plain.retry_count, plain.timeout_ms), (3, 5_000));
    let is_let_in = |retry_count: i64, timeout_ms: i64| {
        let NewWebhook(plain) = NewWebhook::new("A", "https://a.example", vec![EventType::TicketCreated]);
        let given = WebhookPatch { retry_count: Patch::Set(retry_count), timeout_ms: Patch::Set(timeout_ms), ..plain };
        NewWebhook(given).checked().is_ok()
    };
    assert!(is_let_in(0, 100) && is_let_in(10, 30_000));
    assert!(!is_let_in(-1, 100) && !is_let_in(11, 100) && !is_let_in(0, 99) && !is_let_in(0, 30_001));
}
