//! What a webhook is made of and changed by.

use crate::error::Error;
use crate::ids::EventId;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{CustomFields, EventType, PayloadKind, RetrySchedule, Webhook, WebhookHeader, WebhookSecret};
use crate::port::IdSource;
use crate::template::{Markup, Template};
use crate::time::Time;
use crate::vault::{Plain, Vault};
use crate::webhook::payload::template_body;
use crate::webhook::sample::Sample;
use crate::webhook::url::{BadUrl, check_form};
use crate::webhook::{header, vocabulary};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Bytes of a filter.
const LONGEST_FILTER: usize = 64 * 1024;
/// What secrets of the public standard start with.
const STANDARD_START: &str = "whsec_";
/// How what follows is read: with the padding that some write, or without.
const STANDARD: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Headers by name: a value, or that there is none any more.
pub type HeaderPatch = BTreeMap<String, Option<Plain>>;

/// A webhook to be made: all that is said of it. Name, address and events must be.
#[derive(Clone)]
pub struct NewWebhook(pub WebhookPatch);

impl NewWebhook {
    /// A webhook that is sent the default payload, unsigned.
    pub fn new(name: impl Into<String>, url: impl Into<String>, event_types: Vec<EventType>) -> Self {
        Self(WebhookPatch {
            name: Patch::Set(name.into()),
            url: Patch::Set(url.into()),
            event_types: Patch::Set(event_types),
            ..WebhookPatch::default()
        })
    }
}

impl Input for NewWebhook {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["name", "url", "event_types"]);
        Self(WebhookPatch::read(fields))
    }

    fn check(&self, problems: &mut Problems) {
        let Self(given) = self;
        given.check(problems);
        let is_there =
            [given.name.as_ref().is_some(), given.url.as_ref().is_some(), given.event_types.as_ref().is_some()];
        for (field, is_there) in ["name", "url", "event_types"].into_iter().zip(is_there) {
            if !is_there {
                problems.add(field, "required", "Is required.");
            }
        }
    }
}

/// What to change of a webhook.
#[derive(Clone, Default)]
pub struct WebhookPatch {
    /// What administrators call it.
    pub name: Patch<String>,
    /// Where it is.
    pub url: Patch<String>,
    /// What it is told of.
    pub event_types: Patch<Vec<EventType>>,
    /// What calls are signed with from now on. The one before is good for a day more; none ends all at once.
    pub secret_key: Patch<Option<Plain>>,
    /// How often a call that failed is tried again.
    pub retry_count: Patch<i64>,
    /// How long is waited between attempts.
    pub retry_schedule: Patch<RetrySchedule>,
    /// How long an attempt may take, in milliseconds.
    pub timeout_ms: Patch<i64>,
    /// Whether it is called. Switched on again, it begins anew.
    pub is_active: Patch<bool>,
    /// Headers to add, change or take away; none takes all of them away.
    pub headers: Patch<Option<HeaderPatch>>,
    /// What it is sent.
    pub payload: Patch<PayloadKind>,
    /// What makes its payload, where that is a template.
    pub payload_template: Patch<Option<String>>,
    /// The condition of which tickets it is told; none for all.
    pub filter: Patch<Option<Value>>,
    /// Whether it is told of notes among staff.
    pub include_internal: Patch<bool>,
}

impl Input for WebhookPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name"),
            url: fields.text("url"),
            event_types: read_types(fields),
            secret_key: match fields.nullable_text("secret_key") {
                Patch::Keep => Patch::Keep,
                Patch::Set(secret) => Patch::Set(secret.map(Plain::new)),
            },
            retry_count: fields.integer("retry_count"),
            retry_schedule: fields.word("retry_schedule", RetrySchedule::ALL),
            timeout_ms: fields.integer("timeout_ms"),
            is_active: fields.flag("is_active"),
            headers: read_headers(fields),
            payload: fields.word("payload", PayloadKind::ALL),
            payload_template: fields.nullable_text("payload_template"),
            filter: fields.nullable_condition("filter"),
            include_internal: fields.flag("include_internal"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(name) = self.name.as_ref() {
            problems.text("name", name.trim(), 1..=100, false);
        }
        if let Some(Err(BadUrl::Form(why))) = self.url.as_ref().map(|url| check_form(url.trim())) {
            problems.add("url", "invalid_value", why);
        }
        if self.event_types.as_ref().is_some_and(Vec::is_empty) {
            problems.add("event_types", "required", "May not be empty.");
        }
        if let Some(Some(secret)) = self.secret_key.as_ref() {
            check_secret(problems, secret.expose());
        }
        if self.retry_count.as_ref().is_some_and(|count| !(0..=10).contains(count)) {
            problems.add("retry_count", "out_of_range", "Must be 0 to 10.");
        }
        if self.timeout_ms.as_ref().is_some_and(|timeout| !(100..=30_000).contains(timeout)) {
            problems.add("timeout_ms", "out_of_range", "Must be 100 to 30000.");
        }
        if let Some(Some(headers)) = self.headers.as_ref() {
            check_headers(problems, headers);
        }
        if let Some(Some(filter)) = self.filter.as_ref()
            && filter.to_string().len() > LONGEST_FILTER
        {
            problems.add("filter", "too_long", format!("May have at most {LONGEST_FILTER} bytes."));
        }
        if let Some(Some(template)) = self.payload_template.as_ref()
            && template.len() > Template::LONGEST_SOURCE
        {
            let message = format!("May have at most {} bytes.", Template::LONGEST_SOURCE);
            problems.add("payload_template", "too_long", message);
        }
    }
}

fn read_types(fields: &mut Fields) -> Patch<Vec<EventType>> {
    let Patch::Set(words) = fields.texts("event_types") else { return Patch::Keep };
    let mut types = Vec::new();
    for (place, word) in words.iter().enumerate() {
        match word.parse::<EventType>() {
            Ok(event) if types.contains(&event) => {}
            Ok(event) => types.push(event),
            Err(_) => {
                let all = EventType::ALL.iter().map(|event| event.as_str()).collect::<Vec<_>>().join(", ");
                fields.fail(&format!("event_types[{place}]"), "unknown_value", format!("Must be one of {all}."));
            }
        }
    }
    // Only unknown ones are no empty list, and are told already.
    if types.is_empty() && !words.is_empty() { Patch::Keep } else { Patch::Set(types) }
}

fn read_headers(fields: &mut Fields) -> Patch<Option<HeaderPatch>> {
    let map = match fields.nullable_map("headers") {
        Patch::Keep => return Patch::Keep,
        Patch::Set(None) => return Patch::Set(None),
        Patch::Set(Some(map)) => map,
    };
    let mut headers = HeaderPatch::new();
    for (name, value) in map {
        match value {
            Value::String(text) => drop(headers.insert(name, Some(Plain::new(text)))),
            Value::Null => drop(headers.insert(name, None)),
            _ => fields.fail(&format!("headers.{name}"), "type", "Must be a text."),
        }
    }
    Patch::Set(Some(headers))
}

/// Says nothing of the secret itself.
fn check_secret(problems: &mut Problems, secret: &str) {
    let characters = secret.chars().count();
    if !(1..=200).contains(&characters) {
        problems.add("secret_key", "length", format!("Must have 1 to 200 characters; has {characters}."));
    } else if secret.chars().any(|c| c.is_whitespace() || c.is_control()) {
        problems.add("secret_key", "invalid_value", "May have visible characters only.");
    } else if let Some(rest) = secret.strip_prefix(STANDARD_START)
        && !STANDARD.decode(rest).is_ok_and(|bytes| (1..=64).contains(&bytes.len()))
    {
        let message = "What follows whsec_ must be 1 to 64 bytes in base64.";
        problems.add("secret_key", "invalid_value", message);
    }
}

fn check_headers(problems: &mut Problems, headers: &HeaderPatch) {
    if headers.len() > 2 * header::MOST {
        problems.add("headers", "too_many", format!("A webhook adds at most {} headers.", header::MOST));
        return;
    }
    for (name, value) in headers {
        // A stranger's name may be as long as the request.
        let at = format!("headers.{}", name.chars().take(header::LONGEST_NAME).collect::<String>());
        let refused =
            header::refuse_name(name).or_else(|| value.as_ref().and_then(|value| header::refuse_value(value.expose())));
        if let Some((code, message)) = refused {
            problems.add(at, code, message);
        }
    }
    if let Some(name) = header::repeated(headers) {
        problems.add(format!("headers.{name}"), "duplicate", "Is there twice.");
    }
}

/// What a change of a webhook needs beside what is said.
pub(in crate::desk) struct Bench<'a> {
    pub(in crate::desk) vault: &'a Vault,
    pub(in crate::desk) ids: &'a dyn IdSource,
    pub(in crate::desk) fields: &'a CustomFields,
    pub(in crate::desk) app_url: &'a str,
    pub(in crate::desk) now: Time,
}

impl WebhookPatch {
    /// Changes the webhook with this id, or says all that does not fit together.
    pub(in crate::desk) fn apply(&self, id: Uuid, webhook: &mut Webhook, bench: &Bench<'_>) -> Result<(), Error> {
        if let Some(name) = self.name.as_ref() {
            name.trim().clone_into(&mut webhook.name);
        }
        if let Some(url) = self.url.as_ref() {
            url.trim().clone_into(&mut webhook.url);
        }
        if let Some(types) = self.event_types.as_ref() {
            webhook.event_types.clone_from(types);
            webhook.event_types.sort_unstable();
            webhook.event_types.dedup();
        }
        if let Some(count) = self.retry_count.as_ref() {
            webhook.retry_count = u8::try_from(*count).unwrap_or(u8::MAX);
        }
        if let Some(timeout) = self.timeout_ms.as_ref() {
            webhook.timeout_ms = u32::try_from(*timeout).unwrap_or(u32::MAX);
        }
        self.retry_schedule.apply(&mut webhook.retry_schedule);
        self.is_active.apply(&mut webhook.is_active);
        if self.is_active == Patch::Set(true) {
            webhook.disabled = None;
        }
        self.payload.apply(&mut webhook.payload);
        self.payload_template.apply(&mut webhook.payload_template);
        self.filter.apply(&mut webhook.filter);
        self.include_internal.apply(&mut webhook.include_internal);
        if let Some(secret) = self.secret_key.as_ref() {
            set_secret(id, webhook, secret.as_ref(), bench)?;
        }
        if let Some(headers) = self.headers.as_ref() {
            set_headers(id, webhook, headers.as_ref(), bench)?;
        }
        self.check_whole(webhook, bench)
    }

    /// What can only be said of the webhook as it will be. What was let in once and is not touched now is no
    /// reason to refuse a change.
    fn check_whole(&self, webhook: &Webhook, bench: &Bench<'_>) -> Result<(), Error> {
        let mut problems = Problems::default();
        if webhook.headers.len() > header::MOST {
            problems.add("headers", "too_many", format!("A webhook adds at most {} headers.", header::MOST));
        }
        if let Some(Some(filter)) = self.filter.as_ref()
            && let Err(errors) = crate::condition::parse(filter, "filter", bench.fields)
        {
            problems.extend(errors);
        }
        let gives_template = self.payload_template.as_ref().is_some_and(Option::is_some);
        let matters = gives_template || self.payload.as_ref().is_some() || self.event_types.as_ref().is_some();
        match (&webhook.payload_template, webhook.payload) {
            (None, PayloadKind::Template) => {
                problems.add("payload_template", "required", "Is required where the payload is a template.");
            }
            (Some(text), PayloadKind::Template) if matters => check_template(&mut problems, text, webhook, bench),
            (Some(_), PayloadKind::Default | PayloadKind::Slack | PayloadKind::Teams) if gives_template => {
                problems.add("payload_template", "not_for_payload", "Belongs to the payload template alone.");
            }
            _ => {}
        }
        problems.finish()
    }
}

fn set_secret(id: Uuid, webhook: &mut Webhook, secret: Option<&Plain>, bench: &Bench<'_>) -> Result<(), Error> {
    let Some(secret) = secret else {
        webhook.secrets.clear();
        return Ok(());
    };
    let open = |kept: &WebhookSecret| bench.vault.open(Webhook::SECRET, id, &kept.sealed).ok();
    let newest = webhook.secrets.first().filter(|newest| newest.ends_at.is_none());
    if newest.and_then(open).is_some_and(|known| known == *secret) {
        return Ok(());
    }
    let sealed = bench.vault.seal(bench.ids, Webhook::SECRET, id, secret).map_err(internal)?;
    let end = bench.now + Webhook::OVERLAP;
    // One former secret is enough: a third would only keep alive what was replaced twice.
    // One that nobody can open any more would only keep calls from being made.
    let former = webhook.live_secrets(bench.now).next().filter(|former| open(former).is_some()).cloned();
    let former = former.map(|former| WebhookSecret { ends_at: Some(former.ends_at.unwrap_or(end)), ..former });
    webhook.secrets = vec![WebhookSecret { sealed, added_at: bench.now, ends_at: None }];
    webhook.secrets.extend(former);
    Ok(())
}

fn set_headers(id: Uuid, webhook: &mut Webhook, given: Option<&HeaderPatch>, bench: &Bench<'_>) -> Result<(), Error> {
    let Some(given) = given else {
        webhook.headers.clear();
        return Ok(());
    };
    for (name, value) in given {
        let purpose = Webhook::header_purpose(name);
        let place = webhook.headers.iter().position(|header| header.name.eq_ignore_ascii_case(name));
        let Some(value) = value else {
            place.map(|place| webhook.headers.remove(place));
            continue;
        };
        let known = place.and_then(|place| bench.vault.open(&purpose, id, &webhook.headers[place].sealed).ok());
        if known.as_ref() == Some(value) {
            continue;
        }
        let sealed = bench.vault.seal(bench.ids, &purpose, id, value).map_err(internal)?;
        let header = WebhookHeader { name: name.clone(), sealed };
        match place {
            Some(place) => webhook.headers[place] = header,
            None => webhook.headers.push(header),
        }
    }
    webhook.headers.sort_by_key(|header| header.name.to_ascii_lowercase());
    Ok(())
}

fn internal(error: crate::vault::VaultError) -> Error {
    Error::Internal(Box::new(error))
}

/// That the template makes JSON of every event that the webhook is told of, whatever is absent from it.
fn check_template(problems: &mut Problems, text: &str, webhook: &Webhook, bench: &Bench<'_>) {
    const FIELD: &str = "payload_template";
    let template = match Template::parse(text, Markup::Json) {
        Ok(template) => template,
        Err(error) => return problems.add(FIELD, "invalid_value", format!("Is no template: {error}.")),
    };
    if let Some(unknown) = template.unknown(&vocabulary()).first() {
        return problems.add(FIELD, "unknown_variable", unknown.to_string());
    }
    for event in &webhook.event_types {
        let whole = Sample::of(*event, bench.now);
        for sample in [whole.clone(), whole.sparse()] {
            let occasion = sample.occasion(EventId(Uuid::nil()));
            if let Err(error) = template_body(&template, &occasion, bench.app_url) {
                return problems.add(FIELD, "not_json", format!("For {event}: {error}."));
            }
        }
    }
    let trial = Sample::test(bench.now);
    if let Err(error) = template_body(&template, &trial.occasion(EventId(Uuid::nil())), bench.app_url) {
        problems.add(FIELD, "not_json", format!("For a test: {error}."));
    }
}
