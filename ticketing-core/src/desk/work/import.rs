//! Looking tables through that administrators have brought, and taking them in.

use super::dispatch::payload;
use super::perform::{Done, End};
use super::shift::Shift;
use super::tally::Outcome;
use crate::desk::import::Asked;
use crate::error::Error;
use crate::model::{Job, JobOutcome};

/// How often working on a table may fail before that is what came of it.
const ATTEMPTS: i32 = 6;

/// How many workers may be lost over a table before nobody tries again.
const LOST: i32 = 90;

impl Shift<'_> {
    /// What becomes of the table, line by line, and in the end what came of it together with the end of this job.
    pub(super) async fn import(&self, job: &Job) -> Result<Done, Error> {
        let asked: Asked = payload(job)?;
        if job.lost >= LOST {
            return Ok(End::dead("workers were lost over it").into());
        }
        let is_last = job.attempts + 1 >= ATTEMPTS;
        let end = |now| self.end(job, now, JobOutcome::Done);
        if self.workers.desk.work_on_table(&asked, is_last, end).await? {
            Ok(Done::Kept(Outcome::Done))
        } else {
            Ok(End::plain(JobOutcome::Done).into())
        }
    }
}
