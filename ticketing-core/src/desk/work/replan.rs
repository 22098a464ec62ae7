//! Planning tickets anew because a setting has changed.

use super::dispatch::{new_job, payload, worker_call};
use super::perform::Done;
use super::shift::Shift;
use super::tally::Outcome;
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::condition::{Condition, Field, Literal, Test};
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::model::{Job, JobKind, JobOutcome, Status, Ticket};
use crate::query::{Position, Sort, SortField, TicketQuery};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Tickets of a page: one commit holds them all, and a change of any of them makes it decide again.
const PAGE: usize = 100;

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
    new_job(desk, now, JobKind::Replan, "replan", json!(Replan { after }))
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
    /// One commit: the plans of a page of tickets, the job for the next page, and the end of this one.
    pub(super) async fn replan(&self, job: &Job) -> Result<Done, Error> {
        let replan: &Replan = &payload(job)?;
        let call = &worker_call();
        self.workers.desk.insist(move || self.try_replan(call, job, replan)).await?;
        Ok(Done::Kept(Outcome::Done))
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
