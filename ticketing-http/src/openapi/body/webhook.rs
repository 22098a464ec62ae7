//! Endpoints that are told what happens.

use super::super::view::condition;
use super::super::word::{EventType, PayloadKind, RetrySchedule};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A webhook to be added.
#[derive(ToSchema)]
#[schema(example = json!({
    "name": "Chat", "url": "https://hooks.example.com/desk", "event_types": ["ticket.created", "sla.breached"],
    "secret_key": "a-long-random-text", "headers": {"X-Source": "desk"},
    "filter": [{"field": "priority", "operator": "in", "value": ["high", "critical"]}]
}))]
pub(crate) struct NewWebhook {
    /// What administrators call it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Where it is. An address that leads inside is refused.
    #[schema(example = "https://hooks.example.com/desk")]
    url: String,
    /// What it is told of.
    #[schema(min_items = 1)]
    event_types: Vec<EventType>,
    /// What calls are signed with: any text, or `whsec_` and base64. It is never told back.
    #[schema(min_length = 1, max_length = 200, format = Password)]
    secret_key: Option<String>,
    /// How often a call that failed is tried again; 3 where nothing is said, 7 with `durable`.
    #[schema(required = false, minimum = 0, maximum = 10)]
    retry_count: i64,
    /// How long is waited between attempts; `default` where nothing is said.
    #[schema(required = false)]
    retry_schedule: RetrySchedule,
    /// How long an attempt may take, in milliseconds; 5000 where nothing is said.
    #[schema(required = false, minimum = 100, maximum = 30_000)]
    timeout_ms: i64,
    /// Whether it is called.
    #[schema(required = false)]
    is_active: bool,
    /// Headers that calls carry, by name. Their values are never told back.
    headers: Option<BTreeMap<String, Option<String>>>,
    /// What it is sent; `default` where nothing is said.
    #[schema(required = false)]
    payload: PayloadKind,
    /// What makes its payload, where `payload` is `template`.
    payload_template: Option<String>,
    /// Which tickets it is told of; all where there is none.
    #[schema(required = false, schema_with = condition)]
    filter: Value,
    /// Whether it is told of notes among staff, and what they say.
    #[schema(required = false)]
    include_internal: bool,
}

/// What to change of a webhook.
#[derive(ToSchema)]
#[schema(example = json!({"event_types": ["ticket.created"], "timeout_ms": 10_000, "headers": {"X-Source": null}}))]
pub(crate) struct WebhookPatch {
    /// What administrators call it.
    #[schema(required = false, min_length = 1, max_length = 100)]
    name: String,
    /// Where it is.
    #[schema(required = false)]
    url: String,
    /// What it is told of.
    #[schema(required = false, min_items = 1)]
    event_types: Vec<EventType>,
    /// What calls are signed with from now on; the one before is good for a day more. Null ends all at once.
    #[schema(min_length = 1, max_length = 200, format = Password)]
    secret_key: Option<String>,
    /// How often a call that failed is tried again.
    #[schema(required = false, minimum = 0, maximum = 10)]
    retry_count: i64,
    /// How long is waited between attempts.
    #[schema(required = false)]
    retry_schedule: RetrySchedule,
    /// How long an attempt may take, in milliseconds.
    #[schema(required = false, minimum = 100, maximum = 30_000)]
    timeout_ms: i64,
    /// Whether it is called. Switched on again, it begins anew.
    #[schema(required = false)]
    is_active: bool,
    /// Headers to add or change, by name; null takes one away, null for all takes all away.
    headers: Option<BTreeMap<String, Option<String>>>,
    /// What it is sent.
    #[schema(required = false)]
    payload: PayloadKind,
    /// What makes its payload, where `payload` is `template`.
    payload_template: Option<String>,
    /// Which tickets it is told of; null for all.
    #[schema(required = false, schema_with = condition)]
    filter: Value,
    /// Whether it is told of notes among staff, and what they say.
    #[schema(required = false)]
    include_internal: bool,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// From when on a webhook is told again of what it has missed.
#[derive(ToSchema)]
#[schema(example = json!({"since": "2026-01-15T10:00:00Z"}))]
pub(crate) struct NewReplay {
    /// The moment, at most 30 days back.
    since: DateTime<Utc>,
}
