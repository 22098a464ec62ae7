//! Rules that look at all tickets from time to time.

use super::dispatch::{new_job, payload, worker_call};
use super::perform::Done;
use super::replan::LIVE;
use super::settle::is_store_away;
use super::shift::Shift;
use super::tally::Outcome;
use crate::access::Call;
use crate::changes::{Expect, Write};
use crate::desk::recorder::Recorder;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::ids::WorkflowId;
use crate::model::{
    Job, JobCause, JobKind, JobOutcome, JobState, Person, Recurrence, RecurrenceKind, RunOutcome, Schedule, Ticket,
    Trigger,
};
use crate::port::JobQuery;
use crate::query::Position;
use crate::ticket::Draft;
use crate::time::Time;
use crate::workflow::engine::Occurrence;
use crate::workflow::facts::People;
use crate::workflow::rule::{Rule, Rules};
use crate::workflow::schedule::next_run;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

/// Tickets of a page. Most are only looked at.
const PAGE: usize = 500;

/// A rule on its way through all tickets.
#[derive(Debug, Serialize, Deserialize)]
struct RuleScan {
    workflow_id: WorkflowId,
    /// The moment that it looks for: of each ticket once.
    at: Time,
    /// How far it is.
    after: Option<Position>,
}

impl RuleScan {
    /// One rule's scans do not overtake one another.
    fn lane(id: WorkflowId) -> String {
        format!("rule_scan/{id}")
    }

    fn job(&self, desk: &Desk, now: Time) -> Job {
        let cause = JobCause { rule_id: Some(self.workflow_id.0), ..JobCause::default() };
        Job { cause, ..new_job(desk, now, JobKind::RuleScan, &Self::lane(self.workflow_id), json!(self)) }
    }
}

/// A rule that looks at all tickets from time to time, where it is one and is switched on.
fn recurring(snapshot: &Snapshot, id: WorkflowId) -> Option<(&Arc<Rule>, &Schedule)> {
    let entry = snapshot.rules.by_id(id.0).filter(|entry| entry.stored.content.is_active)?;
    let rule = entry.rule.as_ref()?;
    let schedule = rule.source.schedule.as_ref()?;
    (!matches!(schedule, Schedule::After { .. })).then_some((rule, schedule))
}

impl Shift<'_> {
    /// Starts what recurs and is due, at most so many, the earliest first. Answers how many there were.
    pub(super) async fn start_due(&self, limit: usize) -> Result<usize, Error> {
        let desk = &self.workers.desk;
        let due = desk.store.due_schedules(desk.now(), limit).await?;
        let call = &worker_call();
        let mut started = 0;
        for recurrence in &due {
            // One that fails takes no other with it. It is tried again with the next look.
            match desk.insist(move || self.try_start(call, recurrence)).await {
                Ok(()) => started += 1,
                Err(error) if is_store_away(&error) => return Err(error),
                Err(error) => {
                    tracing::error!(id = %recurrence.id, error = &error as &dyn std::error::Error, "what recurs can't be started");
                }
            }
        }
        Ok(started)
    }

    /// One commit: when it is next, and the job that goes through the tickets. While one still does, the new one is
    /// left out.
    async fn try_start(&self, call: &Call, due: &Recurrence) -> Result<(), Error> {
        let desk = &self.workers.desk;
        let mut recorder = Recorder::begin(desk, call).await?;
        let (now, snapshot) = (recorder.now, Arc::clone(&recorder.snapshot));
        let Some(known) = desk.store.schedules(due.kind, &[due.id]).await?.pop().filter(|known| known.next_at <= now)
        else {
            return Ok(());
        };
        if known.kind == RecurrenceKind::Routing {
            drop(recorder);
            return self.try_start_routing(call, &known).await;
        }
        let id = WorkflowId(known.id);
        // A rule that can't be read, because a field is gone, keeps its moments for when it can be again.
        let source = snapshot.rules.by_id(id.0).map(|entry| &entry.stored.content).filter(|source| source.is_active);
        let next_at = source.and_then(|source| source.schedule.as_ref()).and_then(|schedule| next_run(schedule, now));
        let Some(next_at) = next_at else {
            recorder.write(Write::Unschedule { kind: known.kind, id: known.id, version: known.version });
            return recorder.commit().await;
        };
        if recurring(&snapshot, id).is_some() && !self.is_under_way(id).await? {
            let scan = RuleScan { workflow_id: id, at: known.next_at, after: None };
            recorder.write(Write::Job(Box::new(scan.job(desk, now))));
        }
        let recurrence = Recurrence { next_at, version: known.version + 1, ..known };
        recorder.write(Write::Schedule { recurrence, expect: Expect::Version(known.version) });
        recorder.commit().await
    }

    /// Whether a rule goes through the tickets just now. Jobs are asked for state by state, as their indexes have them.
    async fn is_under_way(&self, id: WorkflowId) -> Result<bool, Error> {
        for state in [JobState::Ready, JobState::Running] {
            let (states, lane) = (vec![state], Some(RuleScan::lane(id)));
            let query = JobQuery { states, lane, limit: 1, ..JobQuery::default() };
            if !self.workers.desk.store.jobs(&query).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Lets a rule look at a page of tickets: one commit for each that it has something to do about, and one for the
    /// end of this job and the next page. A page that is done again does nothing twice.
    pub(super) async fn rule_scan(&self, job: &Job) -> Result<Done, Error> {
        let desk = &self.workers.desk;
        let scan: &RuleScan = &payload(job)?;
        let (page, next) = desk.timed_page(LIVE, scan.after, PAGE).await?;
        let last = page.last().map(|ticket| ticket.created_at);
        for ticket in page.into_iter().filter(|ticket| ticket.created_at <= scan.at) {
            let snapshot = desk.snapshot().await?;
            let Some((rule, _)) = recurring(&snapshot, scan.workflow_id) else { break };
            let id = ticket.id;
            let looked = async {
                if self.would_fire(&snapshot, rule, ticket).await? {
                    desk.fire_rule(id, scan.workflow_id, scan.at).await?;
                }
                Ok::<_, Error>(())
            };
            match looked.await {
                Err(error) if is_store_away(&error) => return Err(error),
                // A ticket that fails takes no other with it.
                Err(error) => {
                    tracing::error!(%id, error = &error as &dyn std::error::Error, "a rule can't look at a ticket");
                }
                Ok(()) => {}
            }
        }
        let next = next.filter(|_| last.is_some_and(|last| last <= scan.at));
        let call = &worker_call();
        desk.insist(move || self.try_end_page(call, job, scan, next)).await?;
        Ok(Done::Kept(Outcome::Done))
    }

    /// Whether a rule has anything to do about a ticket. Nothing is written for those about which it has not.
    async fn would_fire(&self, snapshot: &Snapshot, rule: &Arc<Rule>, ticket: Ticket) -> Result<bool, Error> {
        let desk = &self.workers.desk;
        let occurrence = Occurrence {
            before: Some(ticket.clone()),
            draft: Draft::of(ticket, desk.now()),
            comment: None,
            mail: None,
            actor: Person::system(),
            moment: Some(Trigger::TimeBased),
            only: None,
        };
        let alone = Rules::only(vec![Arc::clone(rule)]);
        let (settled, _) = desk.run_rules(snapshot, &alone, &occurrence, &[], People::default()).await?;
        Ok(settled.looked.iter().any(|looked| looked.outcome != RunOutcome::NotMatched))
    }

    async fn try_end_page(&self, call: &Call, job: &Job, scan: &RuleScan, next: Option<Position>) -> Result<(), Error> {
        let desk = &self.workers.desk;
        let mut recorder = Recorder::begin(desk, call).await?;
        if next.is_some() && recurring(&recorder.snapshot, scan.workflow_id).is_some() {
            let next = RuleScan { after: next, workflow_id: scan.workflow_id, at: scan.at };
            recorder.write(Write::Job(Box::new(next.job(desk, recorder.now))));
        }
        recorder.write(self.end(job, recorder.now, JobOutcome::Done));
        recorder.commit().await
    }
}
