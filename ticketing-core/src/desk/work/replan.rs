//! Planning tickets anew because a setting has changed.

use super::dispatch::{new_job, payload, worker_call};
use super::perform::{Done, End};
use super::shift::Shift;
use super::tally::Outcome;
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::condition::{Condition, Field, Literal, Test};
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::model::{Job, JobKind, JobOutcome, JobState, Status, Ticket};
use crate::port::JobQuery;
use crate::query::{Position, Sort, SortField, TicketQuery};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Tickets of a page: one commit holds them all, and a change of any of them makes it decide again.
const PAGE: usize = 100;

/// The lane of these jobs.
const LANE: &str = "replan";

/// How many newer ones are looked at.
const NEWER: usize = 50;

/// The order in which all tickets are gone through: those that come meanwhile come last.
const OLDEST_FIRST: Sort = Sort { field: SortField::CreatedAt, descending: false };

/// Where a ticket stands on which anything can become due.
pub(super) const LIVE: &[Status] =
    &[Status::Open, Status::InProgress, Status::Pending, Status::OnHold, Status::Resolved];

/// How far it is.
#[derive(Debug, Serialize, Deserialize)]
struct Replan {
    after: Option<Position>,
}

/// The job that plans all tickets anew.
pub(in crate::desk) fn replan_job(desk: &Desk, now: Time) -> Job {
    page_job(desk, now, None)
}

fn page_job(desk: &Desk, now: Time, after: Option<Position>) -> Job {
    new_job(desk, now, JobKind::Replan, LANE, json!(Replan { after }))
}

impl Desk {
    /// Tickets of these statuses, oldest first, and where the next page begins.
    pub(in crate::desk) async fn timed_page(
        &self,
        statuses: &[Status],
        after: Option<Position>,
        limit: usize,
    ) -> Result<(Vec<Ticket>, Option<Position>), Error> {
        let statuses = statuses.iter().map(|status| Literal::Rank(status.rank())).collect();
        let filter = Condition::leaf(Field::Status, Test::In(statuses));
        let query = TicketQuery { filter, sort: OLDEST_FIRST, after, limit, now: self.now() };
        let page = self.store.tickets(&Scope::UPKEEP, &query).await?;
        let next = page.last().filter(|_| page.len() >= limit).map(|last| Position::of_ticket(OLDEST_FIRST, last));
        Ok((page, next))
    }
}

impl Shift<'_> {
    /// One commit: the plans of a page of tickets, the job for the next page, and the end of this one. Where a newer
    /// one goes through all tickets, there is nothing to begin.
    pub(super) async fn replan(&self, job: &Job) -> Result<Done, Error> {
        let replan: &Replan = &payload(job)?;
        if replan.after.is_none() && self.is_overtaken(job).await? {
            return Ok(End::plain(JobOutcome::Done).into());
        }
        let call = &worker_call();
        self.workers.desk.insist(move || self.try_replan(call, job, replan)).await?;
        Ok(Done::Kept(Outcome::Done))
    }

    /// Whether a newer job is to go through all tickets, which will find the settings at least as new.
    async fn is_overtaken(&self, job: &Job) -> Result<bool, Error> {
        for state in [JobState::Ready, JobState::Running] {
            let (states, lane) = (vec![state], Some(LANE.to_owned()));
            let query = JobQuery { states, lane, limit: NEWER, ..JobQuery::default() };
            for other in self.workers.desk.store.jobs(&query).await?.iter().filter(|other| other.id > job.id) {
                if payload::<Replan>(other)?.after.is_none() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    async fn try_replan(&self, call: &Call, job: &Job, replan: &Replan) -> Result<(), Error> {
        let desk = &self.workers.desk;
        let mut recorder = Recorder::begin(desk, call).await?;
        let (tickets, next) = desk.timed_page(LIVE, replan.after, PAGE).await?;
        recorder.plan_page(&tickets);
        if next.is_some() {
            let next = Job { cause: job.cause, ..page_job(desk, recorder.now, next) };
            recorder.write(Write::Job(Box::new(next)));
        }
        recorder.write(self.end(job, recorder.now, JobOutcome::Done));
        recorder.commit().await
    }
}
