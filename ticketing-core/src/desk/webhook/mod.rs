//! Webhooks: made, listed, changed, switched off, taken away. For administrators.

mod call;
mod delivery;
mod input;
mod replay;

pub use call::{WebhookCall, WebhookRefusal};
pub use delivery::{AttemptView, DeliveryQuery, DeliveryStatus, DeliveryView};
pub use input::{NewWebhook, WebhookPatch};
pub(in crate::desk) use replay::cut_at_moment;
pub use replay::{NewReplay, Replay, ReplayView};

use super::recorder::{Recorder, differences};
use super::setting::{Kind, check_asked};
use super::user::page;
use super::work::switched_off_jobs;
use super::{Desk, Snapshot};
use crate::access::{Actor, Call, SystemReason};
use crate::changes::Write;
use crate::error::Error;
use crate::event::FieldChanges;
use crate::ids::{UserId, WebhookId};
use crate::input::Patch;
use crate::model::{DisableReason, Disabled, EventType, PayloadKind, RetrySchedule, Role, Webhook, WebhookHealth};
use crate::port::WebhookError;
use crate::query::{Page, Position};
use crate::setting::Stored;
use crate::time::Time;
use crate::webhook::url::{self, BadUrl};
use crate::webhook::{Hook, Webhooks};
use input::Bench;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// Characters of a template that the audit log is told.
const TOLD_OF_TEMPLATE: usize = 200;

/// A webhook as administrators see it, without its secrets.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // The fields are the webhook's own; see `model::Webhook`.
pub struct WebhookView {
    pub id: WebhookId,
    pub name: String,
    pub url: String,
    pub event_types: Vec<EventType>,
    /// Whether calls are signed.
    pub has_secret: bool,
    /// Until when calls are signed with the secret before, too.
    pub secret_ends_at: Vec<Time>,
    pub retry_count: u8,
    pub retry_schedule: RetrySchedule,
    pub timeout_ms: u32,
    pub is_active: bool,
    /// That the desk switched it off.
    pub disabled: Option<Disabled>,
    /// The names of the headers that it adds; their values are not told.
    pub header_names: Vec<String>,
    pub payload: PayloadKind,
    pub payload_template: Option<String>,
    pub filter: Option<Value>,
    pub include_internal: bool,
    pub owner_id: Option<UserId>,
    /// Since when every call has failed.
    pub failing_since: Option<Time>,
    /// For conditional changes.
    pub version: i64,
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl WebhookView {
    fn new(stored: &Stored<Webhook>, failing_since: Option<Time>, now: Time) -> Self {
        let webhook = stored.content.clone();
        let has_secret = webhook.live_secrets(now).next().is_some();
        let secret_ends_at = webhook.live_secrets(now).filter_map(|secret| secret.ends_at).collect();
        Self {
            id: WebhookId(stored.id),
            has_secret,
            secret_ends_at,
            name: webhook.name,
            url: webhook.url,
            event_types: webhook.event_types,
            retry_count: webhook.retry_count,
            retry_schedule: webhook.retry_schedule,
            timeout_ms: webhook.timeout_ms,
            is_active: webhook.is_active,
            disabled: webhook.disabled,
            header_names: webhook.headers.into_iter().map(|header| header.name).collect(),
            payload: webhook.payload,
            payload_template: webhook.payload_template,
            filter: webhook.filter,
            include_internal: webhook.include_internal,
            owner_id: webhook.owner_id,
            failing_since,
            version: stored.version,
            created_at: webhook.created_at,
            updated_at: stored.saved_at,
        }
    }
}

impl Kind for Webhook {
    const ONE: &'static str = "webhook";
    const MANY: &'static str = "webhooks";
    const LIMIT: usize = Self::MOST;
    type View = WebhookView;

    fn all(snapshot: &Snapshot) -> impl Iterator<Item = &Stored<Self>> {
        snapshot.webhooks.iter().map(|hook| &hook.stored)
    }

    async fn view(desk: &Desk, snapshot: &Snapshot, stored: &Stored<Self>) -> Result<WebhookView, Error> {
        let old = snapshot.webhooks.by_id(stored.id).map(|hook| &hook.stored.content);
        if old.is_none_or(|old| begins_anew(old, &stored.content)) {
            return Ok(WebhookView::new(stored, None, desk.now()));
        }
        Ok(desk.webhook_view(stored, &desk.webhook_health().await?))
    }

    async fn prepare(recorder: &mut Recorder<'_>, old: Option<&Stored<Self>>, new: &Stored<Self>) -> Result<(), Error> {
        if old.is_some_and(|old| begins_anew(&old.content, &new.content)) {
            let (webhook_id, at) = (WebhookId(new.id), recorder.now);
            recorder.write(Write::WebhookCalled { webhook_id, at, is_good: true });
        }
        Ok(())
    }

    /// That secrets changed is told, not what they are, not even sealed.
    fn changes(old: Option<&Self>, new: &Self) -> FieldChanges {
        let changes = differences(old, new).into_iter();
        changes.map(|(field, (old, new))| (field.clone(), (mask(&field, &old), mask(&field, &new)))).collect()
    }

    /// It needs no secrets any more.
    fn remains(_: &Snapshot, old: &Stored<Self>) -> Result<Self, Error> {
        Ok(Self { is_active: false, secrets: Vec::new(), headers: Vec::new(), ..old.content.clone() })
    }
}

/// Whether it is switched on again: that its endpoint failed before does not count any more.
fn begins_anew(old: &Webhook, new: &Webhook) -> bool {
    new.is_active && !old.is_active
}

impl Desk {
    /// All webhooks, oldest first. For administrators.
    pub async fn webhooks(
        &self,
        call: impl Into<Call>,
        after: Option<WebhookId>,
        limit: usize,
    ) -> Result<Page<WebhookView>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let snapshot = self.snapshot().await?;
        let health = self.webhook_health().await?;
        let later = snapshot.webhooks.iter().filter(|hook| after.is_none_or(|after| hook.id() > after.0));
        let items = later.take(limit + 1).map(|hook| self.webhook_view(&hook.stored, &health)).collect();
        Ok(page(items, limit, |view: &WebhookView| Position::at(0, view.id.0)))
    }

    /// How many webhooks there are. For administrators.
    pub async fn webhook_count(&self, call: impl Into<Call>) -> Result<u64, Error> {
        call.into().actor.at_least(Role::Admin)?;
        Ok(self.snapshot().await?.webhooks.len() as u64)
    }

    /// A webhook. For administrators.
    pub async fn webhook(&self, call: impl Into<Call>, id: WebhookId) -> Result<WebhookView, Error> {
        self.setting::<Webhook>(&call.into(), id.0).await
    }

    /// Adds a webhook. For administrators.
    pub async fn create_webhook(&self, call: impl Into<Call>, input: NewWebhook) -> Result<WebhookView, Error> {
        let (call, input) = (&call.into(), &input);
        check_asked::<Webhook>(call, input)?;
        self.check_webhook_url(&input.0.url).await?;
        self.create_setting(call, input, |recorder, id| {
            let mut webhook = Webhook::new(call.actor.user_id(), recorder.now);
            input.0.apply(id, &mut webhook, &self.bench(recorder))?;
            if input.0.retry_count == Patch::Keep {
                webhook.retry_count = webhook.retry_schedule.count();
            }
            Ok(webhook)
        })
        .await
    }

    /// Changes a webhook. For administrators.
    pub async fn update_webhook(
        &self,
        call: impl Into<Call>,
        id: WebhookId,
        input: WebhookPatch,
        expected: Option<i64>,
    ) -> Result<WebhookView, Error> {
        let (call, input) = (&call.into(), &input);
        check_asked::<Webhook>(call, input)?;
        known_webhook(&self.snapshot().await?.webhooks, id)?;
        self.check_webhook_url(&input.url).await?;
        self.update_setting(call, input, id.0, expected, |recorder, mut webhook| {
            input.apply(id.0, &mut webhook, &self.bench(recorder))?;
            Ok(webhook)
        })
        .await
    }

    /// Takes a webhook away; what was to be sent to it is not sent any more. For administrators.
    pub async fn delete_webhook(
        &self,
        call: impl Into<Call>,
        id: WebhookId,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        self.delete_setting::<Webhook>(&call.into(), id.0, expected).await
    }

    /// Switches a webhook off because of how its endpoint behaves; the desk itself decides this, and tells who
    /// made it. Nothing happens where it is off or gone already. Answers whether it was switched off now.
    pub async fn disable_webhook(&self, id: WebhookId, reason: DisableReason) -> Result<bool, Error> {
        let call = &Call::from(&Actor::system(SystemReason::Upkeep));
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let Some(hook) = snapshot.webhooks.by_id(id.0).filter(|hook| hook.stored.content.is_active) else {
                return Ok(false);
            };
            let old = &hook.stored;
            let disabled = Some(Disabled { at: recorder.now, reason });
            let new = old.next(recorder.now, Webhook { is_active: false, disabled, ..old.content.clone() });
            for job in switched_off_jobs(self, &snapshot, &old.content, id, (reason, recorder.now))? {
                recorder.write(Write::Job(Box::new(job)));
            }
            recorder.version(&new, "disabled", &Webhook::changes(Some(&old.content), &new.content))?;
            recorder.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Whether an address may be called, as far as can be said when it is saved.
    async fn check_webhook_url(&self, url: &Patch<String>) -> Result<(), Error> {
        let Some(url) = url.as_ref().map(|url| url.trim()) else { return Ok(()) };
        self.check_address(url, "url").await
    }

    /// Whether the desk may call this address, which was sent as this field.
    pub(super) async fn check_address(&self, url: &str, field: &str) -> Result<(), Error> {
        let found = match &self.parts.webhook_sender {
            // Who calls also knows which inner addresses the operator allows.
            Some(sender) => sender.check(url).await,
            None => url::check(url).map_err(|bad| match bad {
                BadUrl::NotAllowed => WebhookError::NotAllowed,
                BadUrl::Form(why) => WebhookError::Invalid(why.to_owned()),
            }),
        };
        found.map_err(|error| match error {
            WebhookError::NotAllowed => {
                Error::field(field, "not_allowed", "Leads to an address that the desk may not call.")
            }
            other => Error::field(field, "invalid_value", format!("Can't be called: {other}.")),
        })
    }

    fn bench<'a>(&'a self, recorder: &'a Recorder<'_>) -> Bench<'a> {
        Bench {
            vault: &self.parts.vault,
            ids: self.ids(),
            fields: &recorder.snapshot.custom_fields,
            app_url: &self.options().app_url,
            now: recorder.now,
        }
    }

    async fn webhook_health(&self) -> Result<HashMap<WebhookId, WebhookHealth>, Error> {
        let health = self.store.webhook_health().await?;
        Ok(health.into_iter().map(|health| (health.webhook_id, health)).collect())
    }

    fn webhook_view(&self, stored: &Stored<Webhook>, health: &HashMap<WebhookId, WebhookHealth>) -> WebhookView {
        let failing_since = health.get(&WebhookId(stored.id)).and_then(|health| health.failing_since);
        WebhookView::new(stored, failing_since, self.now())
    }
}

fn known_webhook(webhooks: &Webhooks, id: WebhookId) -> Result<&Hook, Error> {
    webhooks.by_id(id.0).ok_or(Error::NotFound(Webhook::ONE))
}

fn mask(field: &str, value: &Value) -> Value {
    let each = |shown: &[&str]| {
        let items = value.as_array().into_iter().flatten();
        items
            .map(|item| shown.iter().filter_map(|key| Some(((*key).to_owned(), item.get(key)?.clone()))).collect())
            .collect::<Vec<Value>>()
    };
    match field {
        "secrets" => json!(each(&["added_at", "ends_at"])),
        "headers" => json!(each(&["name"])),
        // The path of an address is as good as a password with some.
        "url" => value.as_str().map(|url| json!(format!("{}/…", url::origin(url)))).unwrap_or_default(),
        "payload_template" => value
            .as_str()
            .map(|text| json!(text.chars().take(TOLD_OF_TEMPLATE).collect::<String>()))
            .unwrap_or_default(),
        _ => value.clone(),
    }
}
