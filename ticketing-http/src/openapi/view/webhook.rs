//! Endpoints that are told what happens, and what they were told.

use super::super::word::{DeliveryStatus, DisableReason, EventType, PayloadKind, RetrySchedule};
use super::Attempt;
use chrono::{DateTime, Utc};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use uuid::Uuid;

/// A condition: a test of a field, `{"all": […]}`, `{"any": […]}`, `{"not": …}`, or a list that means all.
pub(crate) fn condition() -> Schema {
    let types = [Type::Object, Type::Array, Type::Null];
    let about = "A test `{field, operator, value}`, `{\"all\": […]}`, `{\"any\": […]}`, `{\"not\": …}`, or a list that means all.";
    ObjectBuilder::new().schema_type(SchemaType::from_iter(types)).description(Some(about)).into()
}

/// An endpoint that is told what happens.
#[derive(ToSchema)]
pub(crate) struct Webhook {
    /// Its id.
    id: Uuid,
    /// What administrators call it.
    name: String,
    /// Where it is.
    url: String,
    /// What it is told of.
    event_types: Vec<EventType>,
    /// Whether calls are signed.
    has_secret: bool,
    /// Until when calls are signed with the secret before, too.
    secret_ends_at: Vec<DateTime<Utc>>,
    /// How often a call that failed is tried again.
    retry_count: u8,
    /// How long is waited between attempts.
    retry_schedule: RetrySchedule,
    /// How long an attempt may take, in milliseconds.
    timeout_ms: u32,
    /// Whether it is called.
    is_active: bool,
    /// That the desk switched it off; null where it did not.
    #[schema(required)]
    disabled: Option<Disabled>,
    /// The names of the headers that calls carry.
    header_names: Vec<String>,
    /// What it is sent.
    payload: PayloadKind,
    /// What makes its payload, where that is a template.
    #[schema(required)]
    payload_template: Option<String>,
    /// Which tickets it is told of; null for all.
    #[schema(required, schema_with = condition)]
    filter: Value,
    /// Whether it is told of notes among staff, and what they say.
    include_internal: bool,
    /// Who made it.
    #[schema(required)]
    owner_id: Option<Uuid>,
    /// Since when every call has failed; null where the last one did not.
    #[schema(required)]
    failing_since: Option<DateTime<Utc>>,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

/// That the desk itself has switched a webhook off.
#[derive(ToSchema)]
pub(crate) struct Disabled {
    /// When.
    at: DateTime<Utc>,
    /// Why.
    reason: DisableReason,
}

/// One event on its way to one endpoint.
#[derive(ToSchema)]
pub(crate) struct Delivery {
    /// Its id, which the endpoint gets as `webhook-id`: the same for every attempt.
    id: Uuid,
    /// The webhook.
    webhook_id: Uuid,
    /// The event.
    event_id: Uuid,
    /// What happened.
    #[schema(example = "ticket.created")]
    event_type: String,
    /// How far it is.
    status: DeliveryStatus,
    /// When it is tried next, while it is pending.
    #[schema(required = false)]
    due_at: DateTime<Utc>,
    /// Why the last attempt failed, or why it was given up.
    #[schema(required = false)]
    last_error: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// How it went, oldest first.
    attempts: Vec<Attempt>,
}

/// A job that tells an endpoint of what it has missed.
#[derive(ToSchema)]
pub(crate) struct Replay {
    /// The job's id.
    id: Uuid,
    /// The webhook.
    webhook_id: Uuid,
    /// From this moment on.
    since: DateTime<Utc>,
    /// Up to this moment.
    until: DateTime<Utc>,
    /// How far it is.
    status: DeliveryStatus,
}
