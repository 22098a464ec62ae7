//! Reading a mail that came in.

use super::dispatch::{new_job, payload};
use super::perform::{Done, End};
use super::settle::is_store_away;
use super::shift::Shift;
use super::tally::Outcome;
use crate::desk::Desk;
use crate::error::Error;
use crate::ids::ArrivalId;
use crate::model::{Arrival, ArrivalState, Job, JobEnd, JobKind, JobOutcome};
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// How often working on a mail may fail before an administrator has to look.
const ATTEMPTS: i32 = 6;
/// How many workers may be lost over a mail before nobody tries again.
const LOST: i32 = 90;

/// What a job to read a mail carries.
#[derive(Debug, Serialize, Deserialize)]
struct Read {
    arrival_id: ArrivalId,
}

/// The job that reads a mail, for the commit that takes it in or releases it.
pub(in crate::desk) fn inbound_job(desk: &Desk, now: Time, arrival: &Arrival) -> Job {
    let read = Read { arrival_id: arrival.id };
    let dedupe = Some(format!("inbound/{}/{}", arrival.id, arrival.version));
    Job { dedupe, ..new_job(desk, now, JobKind::Inbound, "inbound", serde_json::json!(read)) }
}

impl Shift<'_> {
    /// What the mail asks for, and the end of this job, in one commit.
    pub(super) async fn inbound(&self, job: &Job) -> Result<Done, Error> {
        let desk = &self.workers.desk;
        let read: Read = payload(job)?;
        let Some(arrival) = desk.store.arrival(read.arrival_id).await? else {
            return Ok(End::dead("the mail is gone").into());
        };
        if arrival.state != ArrivalState::Waiting {
            return Ok(End::plain(JobOutcome::Done).into());
        }
        let end = JobEnd {
            id: job.id,
            worker: self.id,
            at: desk.now(),
            outcome: JobOutcome::Done,
            attempt: None,
            must_hold: true,
        };
        if job.lost >= LOST {
            desk.give_up(&arrival, "workers were lost over it", Some(end)).await?;
            return Ok(Done::Kept(Outcome::Done));
        }
        match Box::pin(desk.work_on(&arrival, Some(end.clone()))).await {
            Err(error) if job.attempts + 1 >= ATTEMPTS && !is_store_away(&error) => {
                tracing::error!(id = %arrival.id, error = &error as &dyn std::error::Error, "a mail can't be worked on");
                desk.give_up(&arrival, "the desk failed over it; its log says why", Some(end)).await?;
            }
            done => done?,
        }
        Ok(Done::Kept(Outcome::Done))
    }
}
