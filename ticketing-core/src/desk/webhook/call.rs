//! From a job to the call that it means, and from events to jobs.

use super::known_webhook;
use crate::access::Scope;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::event::Event;
use crate::ids::{ChangeId, CommentId, TicketId, TicketKey, UserId, WebhookId};
use crate::model::{Comment, EventType, Job, RetrySchedule, Ticket, User, Webhook};
use crate::port::WebhookRequest;
use crate::time::Time;
use crate::vault::{Vault, VaultError};
use crate::webhook::plan::{Delivery, DirectCall, plan};
use crate::webhook::sample::TEST;
use crate::webhook::{Hook, Occasion, Retry};
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;
use uuid::Uuid;

/// A call that is due, and how it is tried again.
#[derive(Clone)]
pub struct WebhookCall {
    /// The call.
    pub request: WebhookRequest,
    /// What becomes of it afterwards.
    pub retry: Retry,
}

/// Why a job is given up without a call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookRefusal {
    /// The webhook was taken away.
    #[error("the webhook was deleted")]
    Gone,
    /// The webhook is switched off.
    #[error("the webhook is not active")]
    Inactive,
    /// There is nothing that could be sent.
    #[error("{0}")]
    NoBody(String),
    /// A secret or header can't be had; it has to be set anew.
    #[error("{0}; set the webhook's secret and headers anew")]
    Secret(#[from] VaultError),
}

impl Desk {
    /// The call that this job means, made now; or why there is none to make. `base` is the first wait between
    /// attempts. A test goes to an endpoint that is switched off too, and is made once.
    pub async fn webhook_call(&self, job: &Job, base: Duration) -> Result<Result<WebhookCall, WebhookRefusal>, Error> {
        if let Some(call) = DirectCall::of(job) {
            return Ok(direct(job, call, (self.now(), base)));
        }
        let snapshot = self.snapshot().await?;
        let delivery = match Delivery::of(job) {
            Ok(delivery) => delivery,
            Err(error) => return Ok(Err(WebhookRefusal::NoBody(error.to_string()))),
        };
        let Ok(hook) = known_webhook(&snapshot.webhooks, delivery.webhook_id) else {
            return Ok(Err(WebhookRefusal::Gone));
        };
        Ok(prepare(&self.parts.vault, hook, job, delivery, (self.now(), base)))
    }

    /// The jobs that these events mean for all webhooks. Asks the store only where a webhook is told of one.
    pub async fn webhook_jobs(&self, snapshot: &Snapshot, events: &[Event]) -> Result<Vec<Job>, Error> {
        let is_told = |event: &&Event| {
            EventType::of(&event.fact).is_some_and(|kind| snapshot.webhooks.told_of(kind).next().is_some())
        };
        let told: Vec<&Event> = events.iter().filter(is_told).collect();
        if told.is_empty() {
            return Ok(Vec::new());
        }
        let story = self.story(&told, events).await?;
        let of = |event: &Event| {
            let hooks = EventType::of(&event.fact).into_iter().flat_map(|kind| snapshot.webhooks.told_of(kind));
            self.jobs_of(&story, snapshot, event, hooks)
        };
        Ok(told.into_iter().flat_map(of).collect())
    }

    /// What has to be known to tell of these events, in a read of each kind. Images are looked for in all.
    pub(in crate::desk) async fn story(&self, told: &[&Event], all: &[Event]) -> Result<Story, Error> {
        let system = &Scope::UPKEEP;
        let keys: BTreeSet<TicketId> = told.iter().map(|event| event.ticket_id).collect();
        let keys: Vec<TicketKey> = keys.into_iter().map(TicketKey::Id).collect();
        let said: Vec<CommentId> = told.iter().filter_map(|event| event.fact.comment_id()).collect();
        let mut tickets = HashMap::new();
        let mut comments = HashMap::new();
        if !keys.is_empty() {
            tickets.extend(self.store.tickets_by_keys(system, &keys).await?.into_iter().map(|t| (t.id, t)));
        }
        if !said.is_empty() {
            comments.extend(self.store.comments_by_ids(system, &said).await?.into_iter().map(|c| (c.id, c)));
        }
        let mut then = HashMap::new();
        for event in all {
            let Some(image) = &event.image else { continue };
            let description = tickets.get(&event.ticket_id).map_or("", |ticket: &Ticket| &ticket.description);
            let ticket = Ticket::from_image(image, description).map_err(|e| Error::Internal(Box::new(e)))?;
            then.insert((event.change_id, event.ticket_id), ticket);
        }
        let mut story = Story { then, now: tickets, comments, customers: HashMap::new() };
        let asked: BTreeSet<UserId> = told.iter().filter_map(|e| story.ticket(e)).map(|t| t.customer_id).collect();
        if !asked.is_empty() {
            let asked: Vec<UserId> = asked.into_iter().collect();
            story.customers.extend(self.store.users_by_ids(system, &asked).await?.into_iter().map(|u| (u.id, u)));
        }
        Ok(story)
    }

    /// The jobs that an event means for these webhooks.
    pub(in crate::desk) fn jobs_of<'h>(
        &self,
        story: &Story,
        snapshot: &Snapshot,
        event: &Event,
        hooks: impl IntoIterator<Item = &'h Hook>,
    ) -> Vec<Job> {
        // A ticket of which nothing is known any more can't be told of.
        let Some(ticket) = story.ticket(event) else { return Vec::new() };
        let agent = ticket.assigned_agent_id.and_then(|id| snapshot.directory.staff(id));
        let team = ticket.team_id.and_then(|id| snapshot.directory.team(id));
        let occasion = Occasion {
            id: event.id,
            name: event.fact.name(),
            at: event.at,
            actor: &event.actor,
            fact: Some(&event.fact),
            ticket,
            customer: story.customers.get(&ticket.customer_id),
            agent_name: agent.map(|user| user.name.as_str()),
            team_name: team.map(|team| team.name.as_str()),
            comment: event.fact.comment_id().and_then(|id| story.comments.get(&id)),
            workflow: None,
        };
        plan(hooks, &occasion, &self.options().app_url, (self.ids(), self.now()))
    }
}

/// Tickets, comments and people around some events.
pub(in crate::desk) struct Story {
    /// Tickets as they were after a commit. Only the first event of a ticket in a commit keeps it.
    then: HashMap<(ChangeId, TicketId), Ticket>,
    /// Tickets as they are.
    now: HashMap<TicketId, Ticket>,
    comments: HashMap<CommentId, Comment>,
    customers: HashMap<UserId, User>,
}

impl Story {
    /// The event's ticket as it was then, or as it is where nobody knows any more.
    fn ticket(&self, event: &Event) -> Option<&Ticket> {
        self.then.get(&(event.change_id, event.ticket_id)).or_else(|| self.now.get(&event.ticket_id))
    }
}

fn prepare(
    vault: &Vault,
    hook: &Hook,
    job: &Job,
    delivery: Delivery,
    (now, base): (Time, Duration),
) -> Result<WebhookCall, WebhookRefusal> {
    let webhook = &hook.stored.content;
    let is_test = delivery.event_type == TEST;
    if !webhook.is_active && !is_test {
        return Err(WebhookRefusal::Inactive);
    }
    let WebhookId(id) = delivery.webhook_id;
    let no_body = || WebhookRefusal::NoBody("there is nothing to send".to_owned());
    let body = delivery.body.ok_or_else(|| delivery.problem.map_or_else(no_body, WebhookRefusal::NoBody))?;
    let request = WebhookRequest {
        url: webhook.url.clone(),
        id: job.id.to_string(),
        event: delivery.event_type,
        at: now,
        headers: open_headers(vault, webhook, id)?,
        body,
        secrets: open_secrets(vault, webhook, id, now)?,
        timeout: Duration::from_millis(u64::from(webhook.timeout_ms)),
    };
    let count = if is_test { 0 } else { webhook.retry_count };
    Ok(WebhookCall { request, retry: Retry { base, schedule: webhook.retry_schedule, count } })
}

/// The call of an address that is no webhook of the desk: it gets no secret of anybody's.
fn direct(job: &Job, call: DirectCall, (now, base): (Time, Duration)) -> Result<WebhookCall, WebhookRefusal> {
    let no_body = || WebhookRefusal::NoBody("there is nothing to send".to_owned());
    let body = call.body.ok_or_else(|| call.problem.map_or_else(no_body, WebhookRefusal::NoBody))?;
    let request = WebhookRequest {
        url: call.url,
        id: job.id.to_string(),
        event: call.event_type,
        at: now,
        headers: Vec::new(),
        body,
        secrets: Vec::new(),
        timeout: DirectCall::TIMEOUT,
    };
    let retry = Retry { base, schedule: RetrySchedule::Default, count: DirectCall::RETRIES };
    Ok(WebhookCall { request, retry })
}

fn open_headers(vault: &Vault, webhook: &Webhook, id: Uuid) -> Result<Vec<(String, String)>, VaultError> {
    let open = |header: &crate::model::WebhookHeader| {
        let value = vault.open(&Webhook::header_purpose(&header.name), id, &header.sealed)?;
        Ok((header.name.clone(), value.expose().to_owned()))
    };
    webhook.headers.iter().map(open).collect()
}

fn open_secrets(vault: &Vault, webhook: &Webhook, id: Uuid, now: Time) -> Result<Vec<String>, VaultError> {
    let open =
        |secret: &crate::model::WebhookSecret| Ok(vault.open(Webhook::SECRET, id, &secret.sealed)?.expose().to_owned());
    webhook.live_secrets(now).map(open).collect()
}
