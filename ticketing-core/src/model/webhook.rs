//! Endpoints that are told what happens.

use super::words;
use crate::event::Fact;
use crate::ids::{UserId, WebhookId};
use crate::setting::Setting;
use crate::time::Time;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

words! {
    /// What an endpoint can be told of.
    EventType {
        /// A ticket was made.
        TicketCreated = 0 "ticket.created",
        /// Fields changed that have no event of their own.
        TicketUpdated = 1 "ticket.updated",
        /// Agent or team changed.
        TicketAssigned = 2 "ticket.assigned",
        /// The status changed.
        TicketStatusChanged = 3 "ticket.status_changed",
        /// Somebody asked for more attention.
        TicketEscalated = 4 "ticket.escalated",
        /// The ticket was answered.
        TicketResolved = 5 "ticket.resolved",
        /// The ticket asks for work again.
        TicketReopened = 6 "ticket.reopened",
        /// The ticket is over.
        TicketClosed = 7 "ticket.closed",
        /// One ticket went into another; told of both.
        TicketMerged = 8 "ticket.merged",
        /// Something was said.
        CommentAdded = 9 "comment.added",
        /// A target will soon be missed.
        SlaWarning = 10 "sla.warning",
        /// A target was missed.
        SlaBreached = 11 "sla.breached",
    }
}

impl EventType {
    /// What an endpoint can be told of this fact by; they have the same name.
    pub fn of(fact: &Fact) -> Option<Self> {
        fact.name().parse().ok()
    }
}

words! {
    /// How long is waited between attempts.
    RetrySchedule {
        /// Five times as long each time, from seconds on.
        Default = 0 "default",
        /// Seconds, minutes, then hours: about a day in all.
        Durable = 1 "durable",
    }
}

words! {
    /// What an endpoint is sent.
    PayloadKind {
        /// The event with its ticket.
        Default = 0 "default",
        /// A message that Slack shows.
        Slack = 1 "slack",
        /// A message that Microsoft Teams shows.
        Teams = 2 "teams",
        /// What the webhook's own template makes of it.
        Template = 3 "template",
    }
}

words! {
    /// Why the desk no longer calls an endpoint.
    DisableReason {
        /// The endpoint said that it is gone for good (410).
        Gone = 0 "gone",
        /// Every call failed for too long.
        Failing = 1 "failing",
    }
}

/// That the desk itself has switched a webhook off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disabled {
    /// When.
    pub at: Time,
    /// Why.
    pub reason: DisableReason,
}

/// A secret that calls are signed with, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSecret {
    /// The secret as [`crate::vault::Vault`] keeps it.
    pub sealed: String,
    /// Since when it is there.
    pub added_at: Time,
    /// Until when calls are signed with it too, where another one has taken its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Time>,
}

/// A header that calls carry, its value sealed: it is as good as a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookHeader {
    /// Its name as it was typed in.
    pub name: String,
    /// The value as [`crate::vault::Vault`] keeps it.
    pub sealed: String,
}

/// One endpoint, and what it is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    /// What administrators call it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What it is told of, each once.
    pub event_types: Vec<EventType>,
    /// What calls are signed with, newest first; calls are not signed where there are none.
    #[serde(default)]
    pub secrets: Vec<WebhookSecret>,
    /// How often a call that failed is tried again.
    pub retry_count: u8,
    /// How long is waited between attempts.
    pub retry_schedule: RetrySchedule,
    /// How long an attempt may take, in milliseconds.
    pub timeout_ms: u32,
    /// Whether it is called.
    pub is_active: bool,
    /// That the desk switched it off, where an administrator did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<Disabled>,
    /// More headers, by name.
    #[serde(default)]
    pub headers: Vec<WebhookHeader>,
    /// What it is sent.
    pub payload: PayloadKind,
    /// What makes its payload, where that is a template.
    #[serde(default)]
    pub payload_template: Option<String>,
    /// The condition of which tickets it is told; of all where there is none.
    #[serde(default)]
    pub filter: Option<Value>,
    /// Whether it is told of notes among staff, and what they say.
    #[serde(default)]
    pub include_internal: bool,
    /// Who made it.
    pub owner_id: Option<UserId>,
    /// Since when it is there.
    pub created_at: Time,
}

impl Setting for Webhook {
    const KIND: &'static str = "webhook";
}

impl Webhook {
    /// How many a desk can have.
    pub const MOST: usize = 100;
    /// How long a secret that another one replaced is still good.
    pub const OVERLAP: TimeDelta = TimeDelta::hours(24);
    /// For what a secret is sealed.
    pub const SECRET: &'static str = "webhook.secret";

    /// A webhook that is told of everything it asks for, and of nothing yet.
    pub fn new(owner_id: Option<UserId>, created_at: Time) -> Self {
        Self {
            name: String::new(),
            url: String::new(),
            event_types: Vec::new(),
            secrets: Vec::new(),
            retry_count: 3,
            retry_schedule: RetrySchedule::Default,
            timeout_ms: 5_000,
            is_active: true,
            disabled: None,
            headers: Vec::new(),
            payload: PayloadKind::Default,
            payload_template: None,
            filter: None,
            include_internal: false,
            owner_id,
            created_at,
        }
    }

    /// The secrets that are good at this moment, newest first.
    pub fn live_secrets(&self, now: Time) -> impl Iterator<Item = &WebhookSecret> {
        self.secrets.iter().filter(move |secret| secret.ends_at.is_none_or(|end| end > now))
    }

    /// For what the value of a header of this name is sealed.
    pub fn header_purpose(name: &str) -> String {
        format!("webhook.header.{}", name.to_ascii_lowercase())
    }

    /// The lane of the calls to a webhook: how long one endpoint takes is no matter of the others.
    pub fn lane(id: Uuid) -> String {
        format!("webhook/{id}")
    }
}

/// How a webhook is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookHealth {
    /// Which.
    pub webhook_id: WebhookId,
    /// Since when every call has failed; none where the last one did not.
    pub failing_since: Option<Time>,
    /// When it last changed between failing and not.
    pub updated_at: Time,
}
