//! What was sent to an endpoint and how that went; tests, and sending again. For administrators.

use super::known_webhook;
use crate::access::Call;
use crate::changes::Write;
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::desk::user::page;
use crate::error::Error;
use crate::event::FieldChanges;
use crate::ids::{EventId, JobId, WebhookId};
use crate::model::{Attempt, Job, JobKind, JobState, Role, Subject, Webhook};
use crate::port::JobQuery;
use crate::query::{Page, Position};
use crate::time::Time;
use crate::webhook::payload::body;
use crate::webhook::plan::{Delivery, DirectCall, job};
use crate::webhook::sample::Sample;
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

const UNKNOWN: Error = Error::NotFound("delivery");

crate::model::words! {
    /// How far a delivery is.
    DeliveryStatus {
        /// It is tried, or will be.
        Pending = 0 "pending",
        /// It arrived.
        Done = 1 "done",
        /// It was given up.
        Dead = 2 "dead",
    }
}

impl DeliveryStatus {
    /// How far the delivery of a job in this state is.
    pub fn of(state: JobState) -> Self {
        match state {
            JobState::Ready | JobState::Running => Self::Pending,
            JobState::Done => Self::Done,
            JobState::Dead => Self::Dead,
        }
    }

    fn states(self) -> Vec<JobState> {
        JobState::ALL.iter().copied().filter(|state| Self::of(*state) == self).collect()
    }
}

/// Which deliveries a list shows, newest first.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryQuery {
    /// Only those that are so far.
    pub status: Option<DeliveryStatus>,
    /// After this one.
    pub after: Option<JobId>,
    /// At most how many.
    pub limit: usize,
}

impl Default for DeliveryQuery {
    fn default() -> Self {
        Self { status: None, after: None, limit: 25 }
    }
}

/// One attempt as administrators see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttemptView {
    /// When it began.
    pub at: Time,
    /// What the endpoint answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_code: Option<i32>,
    /// How long it took.
    pub duration_ms: i32,
    /// The beginning of what it said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Which headers were sent, without secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Value>,
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> Self {
        let Attempt { job_id: _, at, duration_ms, status_code, response, error, request } = attempt;
        Self { at, status_code, duration_ms, response, error, request }
    }
}

/// One event on its way to one endpoint, as administrators see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeliveryView {
    /// Its id, which the endpoint gets as `webhook-id`: the same for every attempt.
    pub id: JobId,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The event.
    pub event_id: EventId,
    /// What happened, such as `ticket.created`.
    pub event_type: String,
    /// How far it is.
    pub status: DeliveryStatus,
    /// When it is tried next, while it is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Time>,
    /// Why the last attempt failed, or why it was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// How it went, oldest first.
    pub attempts: Vec<AttemptView>,
}

impl DeliveryView {
    fn new(job: Job, attempts: Vec<AttemptView>) -> Result<Self, Error> {
        let delivery = Delivery::of(&job).map_err(|e| Error::Internal(Box::new(e)))?;
        let status = DeliveryStatus::of(job.state);
        Ok(Self {
            id: job.id,
            webhook_id: delivery.webhook_id,
            event_id: delivery.event_id,
            event_type: delivery.event_type,
            status,
            due_at: (status == DeliveryStatus::Pending).then_some(job.due_at),
            last_error: job.last_error,
            created_at: job.created_at,
            attempts,
        })
    }
}

impl Desk {
    /// What was sent to a webhook, newest first, each with its attempts. For administrators.
    pub async fn webhook_deliveries(
        &self,
        call: impl Into<Call>,
        id: WebhookId,
        query: DeliveryQuery,
    ) -> Result<Page<DeliveryView>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        known_webhook(&self.snapshot().await?.webhooks, id)?;
        let jobs = JobQuery {
            states: query.status.map(DeliveryStatus::states).unwrap_or_default(),
            kinds: vec![JobKind::Webhook],
            lane: Some(Webhook::lane(id.0)),
            after: query.after,
            limit: query.limit + 1,
            ..JobQuery::default()
        };
        let found = self.store.jobs(&jobs).await?;
        let found = page(found, query.limit, |job| Position::at(0, job.id.0));
        let mut attempts = self.attempts_of(&found.items).await?;
        let view = |job: Job| {
            let attempts = attempts.remove(&job.id).unwrap_or_default();
            DeliveryView::new(job, attempts)
        };
        let items = found.items.into_iter().map(view).collect::<Result<_, _>>()?;
        Ok(Page { items, next: found.next, total: None })
    }

    /// One delivery with its attempts. For administrators.
    pub async fn webhook_delivery(&self, call: impl Into<Call>, id: JobId) -> Result<DeliveryView, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let job = self.delivery_job(id).await?;
        let mut attempts = self.attempts_of(std::slice::from_ref(&job)).await?;
        DeliveryView::new(job, attempts.remove(&id).unwrap_or_default())
    }

    /// Sends an endpoint a made-up event, `webhook.test`, whatever it is told of otherwise. For administrators.
    pub async fn test_webhook(&self, call: impl Into<Call>, id: WebhookId) -> Result<DeliveryView, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let hook = known_webhook(&snapshot.webhooks, id)?;
            let sample = Sample::test(recorder.now);
            let occasion = sample.occasion(EventId(self.ids().uuid(recorder.now)));
            let body = body(hook, &occasion, &self.options().app_url);
            let job = job(id.0, &occasion, body, None, (self.ids(), recorder.now));
            let job = job.ok_or_else(|| Error::Internal("a delivery could not be written".into()))?;
            recorder.write(Write::Job(Box::new(job.clone())));
            recorder.deed("webhook.tested", Subject::Setting(id.0), &FieldChanges::new());
            let view = DeliveryView::new(job, Vec::new())?;
            recorder.answer(|| &view)?;
            recorder.commit().await?;
            Ok(view)
        })
        .await
    }

    /// Sends again what has arrived or was given up, under the same id. For administrators.
    pub async fn redeliver_webhook(&self, call: impl Into<Call>, id: JobId) -> Result<DeliveryView, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let job = self.delivery_job(id).await?;
            let webhook_id = Delivery::of(&job).map_err(|e| Error::Internal(Box::new(e)))?.webhook_id;
            let snapshot = Arc::clone(&recorder.snapshot);
            check_active(&known_webhook(&snapshot.webhooks, webhook_id)?.stored.content)?;
            if !job.state.has_ended() {
                return Err(Error::conflict("not_ended", "The delivery is still being tried."));
            }
            let mut attempts = self.attempts_of(std::slice::from_ref(&job)).await?;
            let redone = Job { state: JobState::Ready, due_at: recorder.now, last_error: None, ended_at: None, ..job };
            recorder.write(Write::RedoJob { id, at: recorder.now });
            recorder.deed("webhook.redelivered", Subject::Setting(webhook_id.0), &FieldChanges::new());
            let view = DeliveryView::new(redone, attempts.remove(&id).unwrap_or_default())?;
            recorder.answer(|| &view)?;
            recorder.commit().await?;
            Ok(view)
        })
        .await
    }

    async fn delivery_job(&self, id: JobId) -> Result<Job, Error> {
        // A call of an address that a rule names is no delivery of a webhook.
        let is_delivery = |job: &Job| job.kind == JobKind::Webhook && DirectCall::of(job).is_none();
        self.store.job(id).await?.filter(is_delivery).ok_or(UNKNOWN)
    }

    async fn attempts_of(&self, jobs: &[Job]) -> Result<HashMap<JobId, Vec<AttemptView>>, Error> {
        let ids: Vec<JobId> = jobs.iter().map(|job| job.id).collect();
        let mut found: HashMap<JobId, Vec<AttemptView>> = HashMap::new();
        if !ids.is_empty() {
            for attempt in self.store.attempts(&ids).await? {
                found.entry(attempt.job_id).or_default().push(attempt.into());
            }
        }
        Ok(found)
    }
}

/// Nothing is asked for again of an endpoint that would not be called.
pub(in crate::desk) fn check_active(webhook: &Webhook) -> Result<(), Error> {
    if webhook.is_active {
        return Ok(());
    }
    Err(Error::conflict("inactive", "The webhook is not active. Switch it on first."))
}
