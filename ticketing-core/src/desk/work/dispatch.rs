//! From a commit to everybody whom it concerns.

use super::perform::Done;
use super::shift::Shift;
use super::tally::Outcome;
use crate::access::{Actor, Call, SystemReason};
use crate::changes::Write;
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::event::{Event, Fact};
use crate::ids::{EventId, JobId, TicketId};
use crate::model::{Job, JobCause, JobEnd, JobKind, JobOutcome, JobState};
use crate::time::{Time, to_micros};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a commit has told and what may have to leave the desk.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) events: Vec<EventId>,
    /// Whether nobody is mailed about them: a program's mail brought them about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_quiet: bool,
}

impl Told {
    pub(super) fn read(job: &Job) -> Result<Self, Error> {
        payload(job)
    }
}

/// What a job of this desk's own making carries.
pub(super) fn payload<T: for<'de> Deserialize<'de>>(job: &Job) -> Result<T, Error> {
    T::deserialize(&job.payload).map_err(|e| Error::Internal(Box::new(e)))
}

/// A job that is due now, for nobody's sake in particular.
pub(in crate::desk) fn new_job(desk: &Desk, now: Time, kind: JobKind, lane: &str, payload: Value) -> Job {
    let now = to_micros(now);
    Job {
        id: JobId(desk.ids().uuid(now)),
        kind,
        lane: lane.to_owned(),
        dedupe: None,
        ticket_id: None,
        payload,
        cause: JobCause::default(),
        state: JobState::Ready,
        due_at: now,
        attempts: 0,
        lost: 0,
        lease: None,
        last_error: None,
        created_at: now,
        ended_at: None,
    }
}

/// Whether anybody outside could ever hear of it.
pub(in crate::desk) fn leaves(fact: &Fact) -> bool {
    !matches!(
        fact,
        Fact::WatcherAdded { .. }
            | Fact::WatcherRemoved { .. }
            | Fact::LinkAdded(_)
            | Fact::LinkRemoved(_)
            | Fact::MailFailed { .. }
            | Fact::MailHeld { .. }
    )
}

/// The job that looks, after a commit, whom its events concern.
pub(in crate::desk) fn dispatch_job(desk: &Desk, now: Time, events: Vec<EventId>, is_quiet: bool) -> Option<Job> {
    let cause = JobCause { event_id: Some(*events.first()?), ..JobCause::default() };
    let payload = serde_json::json!(Told { events, is_quiet });
    Some(Job { cause, ..new_job(desk, now, JobKind::Dispatch, "dispatch", payload) })
}

/// The call of a worker.
pub(super) fn worker_call() -> Call {
    Call::from(&Actor::system(SystemReason::Upkeep))
}

impl Shift<'_> {
    /// One commit: a job for each endpoint that wants an event, one for each ticket whose people may get
    /// mail, and the end of this job.
    pub(super) async fn dispatch(&self, job: &Job) -> Result<Done, Error> {
        let desk = &self.workers.desk;
        let told = Told::read(job)?;
        let events = desk.store.events_by_ids(&told.events).await?;
        let call = &worker_call();
        let (events, told) = (&events, &told);
        desk.insist(move || async move {
            let mut recorder = Recorder::begin(desk, call).await?;
            let snapshot = std::sync::Arc::clone(&recorder.snapshot);
            for delivery in desk.webhook_jobs(&snapshot, events).await? {
                recorder.write(Write::Job(Box::new(delivery)));
            }
            if desk.parts.mailer.is_some() && !told.is_quiet {
                for notice in self.notices(events, recorder.now) {
                    recorder.write(Write::Job(Box::new(notice)));
                }
            }
            recorder.write(self.end(job, recorder.now, JobOutcome::Done));
            recorder.commit().await
        })
        .await?;
        Ok(Done::Kept(Outcome::Done))
    }

    /// A job for each ticket of these events that people may be mailed about. It waits a little, so that
    /// what happens at once is told in one mail.
    fn notices(&self, events: &[Event], now: Time) -> Vec<Job> {
        let mut tickets: BTreeMap<TicketId, Vec<EventId>> = BTreeMap::new();
        for event in events.iter().filter(|event| super::notice::is_news(&event.fact)) {
            tickets.entry(event.ticket_id).or_default().push(event.id);
        }
        let window = TimeDelta::from_std(self.workers.options.digest_window).unwrap_or_default();
        let jobs = tickets.into_iter().map(|(ticket_id, events)| {
            let first = events.first().copied();
            let job = new_job(
                &self.workers.desk,
                now,
                JobKind::Notify,
                "notify",
                serde_json::json!(Told { events, is_quiet: false }),
            );
            Job {
                dedupe: first.map(|id| format!("notify/{id}")),
                ticket_id: Some(ticket_id),
                cause: JobCause { event_id: first, ..JobCause::default() },
                due_at: to_micros(now + window),
                ..job
            }
        });
        jobs.collect()
    }

    /// The end of this worker's claim, for the commit that does the work: it lands only while the claim is held.
    pub(super) fn end(&self, job: &Job, at: Time, outcome: JobOutcome) -> Write {
        Write::EndJob(Box::new(JobEnd { id: job.id, worker: self.id, at, outcome, attempt: None, must_hold: true }))
    }
}
