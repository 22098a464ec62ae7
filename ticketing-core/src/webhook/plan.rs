//! From an event to the calls that it means.

use super::payload::{PayloadError, body, default_body};
use super::{Hook, Occasion};
use crate::ids::{EventId, JobId, WebhookId};
use crate::model::{Job, JobCause, JobKind, JobState, PayloadKind, Webhook};
use crate::port::IdSource;
use crate::time::Time;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;
use uuid::Uuid;

/// The name of an event that a rule asks for: the rule calls, whatever else happened.
pub const TRIGGERED: &str = "workflow.triggered";

/// What a job to call an endpoint carries. The body is made once: every attempt sends the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The event.
    pub event_id: EventId,
    /// What happened, such as `ticket.created`.
    pub event_type: String,
    /// What is sent; absent where that could not be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Why there is nothing to send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl Delivery {
    /// What the job carries.
    pub fn of(job: &Job) -> Result<Self, serde_json::Error> {
        Self::deserialize(&job.payload)
    }
}

/// What a job to call an address carries that is no webhook of the desk: a rule names it. Such a call is not signed
/// and has no headers of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectCall {
    /// The address.
    pub url: String,
    /// What happened: `workflow.triggered`.
    pub event_type: String,
    /// What is sent; absent where that could not be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Why there is nothing to send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl DirectCall {
    /// How long such a call may take.
    pub const TIMEOUT: Duration = Duration::from_secs(5);
    /// How often it is tried again.
    pub const RETRIES: u8 = 3;

    /// What the job carries, where it is such a call.
    pub fn of(job: &Job) -> Option<Self> {
        Self::deserialize(&job.payload).ok()
    }
}

/// By what two jobs for the same event and webhook are known to be one.
pub fn dedupe_key(event_id: EventId, webhook_id: Uuid) -> String {
    format!("{event_id}/{webhook_id}")
}

/// The id of a delivery: the moment of its event, then what event and webhook make of it. So it is the same again
/// where the delivery was forgotten since and is made anew.
fn delivery_id(event_id: EventId, webhook_id: Uuid) -> JobId {
    let mut rest = [0; 10];
    let digest = Sha256::new().chain_update(event_id.0.as_bytes()).chain_update(webhook_id.as_bytes()).finalize();
    rest.copy_from_slice(&digest[..10]);
    let (high, _) = event_id.0.as_u64_pair();
    JobId(uuid::Builder::from_unix_timestamp_millis(high >> 16, &rest).into_uuid())
}

/// A job for each of these webhooks that wants to hear of it. Whoever asks has chosen them by the event's type.
pub fn plan<'h>(
    hooks: impl IntoIterator<Item = &'h Hook>,
    occasion: &Occasion<'_>,
    app_url: &str,
    (ids, now): (&dyn IdSource, Time),
) -> Vec<Job> {
    let is_internal = occasion.is_internal();
    let wants = |hook: &&Hook| {
        (hook.stored.content.include_internal || !is_internal) && hook.hears_of(occasion.ticket, occasion.at)
    };
    // Most webhooks are sent the same.
    let mut shared: Option<Result<String, PayloadError>> = None;
    let mut jobs = Vec::new();
    for hook in hooks.into_iter().filter(wants) {
        let body = match hook.stored.content.payload {
            PayloadKind::Default => shared.get_or_insert_with(|| default_body(occasion, app_url)).clone(),
            PayloadKind::Slack | PayloadKind::Teams | PayloadKind::Template => body(hook, occasion, app_url),
        };
        let dedupe = Some(dedupe_key(occasion.id, hook.id()));
        jobs.extend(job(hook.id(), occasion, body, dedupe, (ids, now)));
    }
    jobs
}

/// The job to call this webhook, due at once.
pub fn job(
    webhook_id: Uuid,
    occasion: &Occasion<'_>,
    body: Result<String, PayloadError>,
    dedupe: Option<String>,
    (ids, now): (&dyn IdSource, Time),
) -> Option<Job> {
    let (body, problem) = match body {
        Ok(body) => (Some(body), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let (event_id, event_type) = (occasion.id, occasion.name.to_owned());
    let delivery = Delivery { webhook_id: WebhookId(webhook_id), event_id, event_type, body, problem };
    let is_told = occasion.fact.is_some();
    // Of tests there may be many about the same.
    let id = if dedupe.is_some() { delivery_id(event_id, webhook_id) } else { JobId(ids.uuid(now)) };
    Some(Job {
        id,
        kind: JobKind::Webhook,
        lane: Webhook::lane(webhook_id),
        dedupe,
        ticket_id: is_told.then_some(occasion.ticket.id),
        payload: serde_json::to_value(delivery).ok()?,
        cause: JobCause { event_id: is_told.then_some(event_id), ..JobCause::default() },
        state: JobState::Ready,
        due_at: now,
        attempts: 0,
        lost: 0,
        lease: None,
        last_error: None,
        created_at: now,
        ended_at: None,
    })
}
