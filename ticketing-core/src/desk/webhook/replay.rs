//! Telling an endpoint of what it has missed since a moment. For administrators.

use super::delivery::{DeliveryStatus, check_active};
use super::known_webhook;
use crate::access::{Actor, Call, SystemReason};
use crate::changes::Write;
use crate::desk::recorder::Recorder;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::event::{Event, FieldChanges};
use crate::ids::{EventId, JobId, WebhookId};
use crate::input::{Fields, Input, Problems};
use crate::model::{EventType, Job, JobCause, JobKind, JobState, Role, Subject, Webhook};
use crate::port::JobQuery;
use crate::time::Time;
use crate::webhook::plan::Delivery;
use crate::webhook::sample::TEST;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

/// The lane of all replays: they take turns.
const LANE: &str = "replay";
/// How far back one goes.
const FARTHEST: TimeDelta = TimeDelta::days(30);
/// Events of a page.
const EVENTS: usize = 500;
/// Deliveries that are looked through at a time; each has its body with it.
const DELIVERIES: usize = 50;
/// Bytes of bodies that are written in one commit.
const BYTES: usize = 4 * 1024 * 1024;
/// Replays that may wait at the same time.
const MOST_WAITING: usize = 100;

/// From when on an endpoint is told again of what it has missed.
#[derive(Clone, Copy, Debug)]
pub struct NewReplay {
    /// The moment, at most 30 days back.
    pub since: Time,
}

impl Input for NewReplay {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["since"]);
        Self { since: fields.time("since").into_option().unwrap_or_default() }
    }

    fn check(&self, _: &mut Problems) {}
}

/// What a job to replay carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// From this moment on.
    pub since: Time,
    /// Up to this moment: what comes later is told anyway.
    pub until: Time,
}

impl Replay {
    /// What the job carries.
    pub fn of(job: &Job) -> Result<Self, serde_json::Error> {
        Self::deserialize(&job.payload)
    }

    fn covers(&self, at: Time) -> bool {
        (self.since..=self.until).contains(&at)
    }

    /// Whether an event with this id may have happened in time, to the millisecond.
    fn covers_id(&self, id: EventId) -> bool {
        let end = EventId::first_at(self.until + TimeDelta::milliseconds(1));
        (EventId::first_at(self.since)..end).contains(&id)
    }
}

/// A replay as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReplayView {
    /// Its id.
    pub id: JobId,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// From this moment on.
    pub since: Time,
    /// Up to this moment.
    pub until: Time,
    /// How far it is.
    pub status: DeliveryStatus,
}

impl Desk {
    /// Lets an endpoint be told of all that it should have been told of since a moment and was not: what it has
    /// got already is not sent again, what was given up is. A worker does it. For administrators.
    pub async fn replay_webhook(
        &self,
        call: impl Into<Call>,
        id: WebhookId,
        input: NewReplay,
    ) -> Result<ReplayView, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        input.checked()?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let (since, until) = (input.since, recorder.now);
            if since > until {
                return Err(Error::field("since", "future", "May not lie in the future."));
            }
            if since < until - FARTHEST {
                return Err(Error::field("since", "too_far", "May be at most 30 days back."));
            }
            let snapshot = Arc::clone(&recorder.snapshot);
            check_active(&known_webhook(&snapshot.webhooks, id)?.stored.content)?;
            self.check_no_replay(id).await?;
            let replay = Replay { webhook_id: id, since, until };
            let job = replay_job(JobId(self.ids().uuid(recorder.now)), replay)?;
            let status = DeliveryStatus::of(job.state);
            let view = ReplayView { id: job.id, webhook_id: id, since, until, status };
            recorder.write(Write::Job(Box::new(job)));
            let told = FieldChanges::from([("since".to_owned(), (json!(null), json!(since)))]);
            recorder.deed("webhook.replayed", Subject::Setting(id.0), &told);
            recorder.answer(|| &view)?;
            recorder.commit().await?;
            Ok(view)
        })
        .await
    }

    /// One replay of a webhook is enough at a time.
    async fn check_no_replay(&self, id: WebhookId) -> Result<(), Error> {
        let query = JobQuery {
            states: vec![JobState::Ready, JobState::Running],
            kinds: vec![JobKind::Replay],
            lane: Some(LANE.to_owned()),
            limit: MOST_WAITING,
            ..JobQuery::default()
        };
        let waiting = self.store.jobs(&query).await?;
        let is_same = |job: &Job| Replay::of(job).is_ok_and(|replay| replay.webhook_id == id);
        if waiting.len() >= MOST_WAITING || waiting.iter().any(is_same) {
            return Err(Error::conflict("not_ended", "A replay is still at work. Wait until it is done."));
        }
        Ok(())
    }

    /// Does a part of a replay: what was given up first, then a page of the event log at a time. `after` is what
    /// the last part answered, none to begin with; there is nothing left to do once it answers none.
    ///
    /// A part that is done again changes nothing more: no event is sent under two ids.
    pub async fn replay_page(&self, replay: &Replay, after: Option<EventId>) -> Result<Option<EventId>, Error> {
        let wants = |snapshot: &Snapshot| {
            snapshot.webhooks.by_id(replay.webhook_id.0).is_some_and(|hook| hook.stored.content.is_active)
        };
        if !wants(&*self.snapshot().await?) {
            return Ok(None);
        }
        if after.is_none() {
            self.redo_dead(replay).await?;
        }
        let from = after.unwrap_or_else(|| EventId::first_at(replay.since));
        let mut events = self.store.events_by_moment(from, EVENTS).await?;
        let mut next = None;
        if events.len() >= EVENTS {
            next = cut_at_moment(&mut events);
        }
        let is_over = events.last().is_some_and(|event| event.at > replay.until);
        self.replay_events(replay, &events).await?;
        Ok(next.filter(|_| !is_over))
    }

    /// Asks again for what was given up.
    async fn redo_dead(&self, replay: &Replay) -> Result<(), Error> {
        let call = &Call::from(&Actor::system(SystemReason::Upkeep));
        let mut after = None;
        loop {
            let page = self
                .insist(move || async move {
                    let mut recorder = Recorder::begin(self, call).await?;
                    let query = JobQuery {
                        states: vec![JobState::Dead],
                        kinds: vec![JobKind::Webhook],
                        lane: Some(Webhook::lane(replay.webhook_id.0)),
                        since: Some(replay.since),
                        after,
                        limit: DELIVERIES,
                        ..JobQuery::default()
                    };
                    let dead = self.store.jobs(&query).await?;
                    let is_missed = |job: &&Job| {
                        Delivery::of(job).is_ok_and(|d| d.event_type != TEST && replay.covers_id(d.event_id))
                    };
                    let missed: Vec<JobId> = dead.iter().filter(is_missed).map(|job| job.id).collect();
                    for id in &missed {
                        recorder.write(Write::RedoJob { id: *id, at: recorder.now });
                    }
                    if !missed.is_empty() {
                        recorder.commit().await?;
                    }
                    Ok(dead.last().map(|job| job.id).filter(|_| dead.len() >= DELIVERIES))
                })
                .await?;
            match page {
                None => return Ok(()),
                last => after = last,
            }
        }
    }

    /// Makes the deliveries of a page. Those that are there already stay as they are: their keys are taken.
    async fn replay_events(&self, replay: &Replay, events: &[Event]) -> Result<(), Error> {
        let call = &Call::from(&Actor::system(SystemReason::Upkeep));
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let Some(hook) = snapshot.webhooks.by_id(replay.webhook_id.0) else { return Ok(()) };
            let types = &hook.stored.content.event_types;
            let is_told = |event: &&Event| {
                replay.covers(event.at) && EventType::of(&event.fact).is_some_and(|kind| types.contains(&kind))
            };
            let told: Vec<&Event> = events.iter().filter(is_told).collect();
            let story = self.story(&told, events).await?;
            let (mut bytes, mut waits) = (0, false);
            for event in told {
                for job in self.jobs_of(&story, &snapshot, event, [hook]) {
                    bytes += job.payload["body"].as_str().map_or(0, str::len);
                    waits = true;
                    recorder.write(Write::Job(Box::new(job)));
                }
                if bytes >= BYTES {
                    recorder.commit().await?;
                    recorder = Recorder::begin(self, call).await?;
                    (bytes, waits) = (0, false);
                }
            }
            if waits { recorder.commit().await } else { Ok(()) }
        })
        .await
    }
}

/// Leaves the last millisecond of a full page to the next one, so that what became true together is told
/// together: only the first event of a commit keeps its ticket. Answers where the next page begins.
pub(in crate::desk) fn cut_at_moment(events: &mut Vec<Event>) -> Option<EventId> {
    let last = events.last()?.id;
    let start = last.first_of_moment();
    if events.first().is_some_and(|first| first.id >= start) {
        // All of one millisecond: there is no better place.
        return Some(last);
    }
    events.retain(|event| event.id < start);
    Some(start)
}

fn replay_job(id: JobId, replay: Replay) -> Result<Job, Error> {
    Ok(Job {
        id,
        kind: JobKind::Replay,
        lane: LANE.to_owned(),
        dedupe: None,
        ticket_id: None,
        payload: serde_json::to_value(replay).map_err(|e| Error::Internal(Box::new(e)))?,
        cause: JobCause::default(),
        state: JobState::Ready,
        due_at: replay.until,
        attempts: 0,
        lost: 0,
        lease: None,
        last_error: None,
        created_at: replay.until,
        ended_at: None,
    })
}
