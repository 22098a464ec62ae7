//! Doing one job, whatever comes of it.

use super::lane::Pace;
use super::retry;
use super::settle::{Ended, is_store_away};
use super::shift::Shift;
use super::tally::Outcome;
use crate::changes::Write;
use crate::error::Error;
use crate::model::{Attempt, Job, JobKind, JobOutcome};
use crate::time::{Time, to_micros};
use chrono::TimeDelta;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How often a worker may be lost over a job before the job is taken to be the reason. Many, because whatever a
/// worker had in hand is lost with it, and a machine that restarts over and over is no reason to break a promise.
const LOST: i32 = 100;

/// From how many lost workers on a job waits for a moment.
const SUSPECT: i32 = 3;

/// How a job was done.
pub(super) enum Done {
    /// It has kept its own end.
    Kept(Outcome),
    /// Another one has taken it along, and keeps its end.
    Along,
    /// This is to be kept.
    Ends(Box<End>),
}

/// What is to be kept of a job that was tried.
pub(super) struct End {
    pub(super) outcome: JobOutcome,
    pub(super) attempt: Option<Attempt>,
    pub(super) writes: Vec<Write>,
    /// How the other side is doing.
    pub(super) pace: Option<Pace>,
}

impl End {
    /// An end without an attempt to remember.
    pub(super) fn plain(outcome: JobOutcome) -> Self {
        Self { outcome, attempt: None, writes: Vec::new(), pace: None }
    }

    /// There is nothing to do any more, or it can't be done.
    pub(super) fn dead(why: impl Into<String>) -> Self {
        Self::plain(JobOutcome::Dead { error: why.into() })
    }
}

impl From<End> for Done {
    fn from(end: End) -> Self {
        Self::Ends(Box::new(end))
    }
}

impl Shift<'_> {
    /// Does the job. Answers its end, unless it was kept together with what was done.
    pub(super) async fn one(&self, job: &Job) -> Option<Ended> {
        let tried = AssertUnwindSafe(self.try_one(job)).catch_unwind().await;
        let done = match tried {
            Ok(Ok(done)) => done,
            // Nobody's fault, and so no attempt.
            Ok(Err(error)) if is_store_away(&error) => {
                sleep(Duration::from_secs(1)).await;
                End::plain(JobOutcome::Released).into()
            }
            Ok(Err(error)) => self.failed(job, &error).into(),
            Err(_) => {
                tracing::error!(id = %job.id, kind = %job.kind, "a job broke its worker off; it is tried again");
                self.again(job, "the worker broke off").into()
            }
        };
        match done {
            Done::Kept(outcome) => {
                self.lanes.done(job, None);
                self.lanes.forget(job.id);
                self.workers.tally.add(job.kind, outcome);
                None
            }
            Done::Along => {
                self.lanes.leave(job);
                None
            }
            Done::Ends(end) => {
                self.lanes.done(job, end.pace);
                let End { outcome, attempt, writes, .. } = *end;
                Some(Ended { id: job.id, kind: Some(job.kind), outcome, attempt, writes })
            }
        }
    }

    async fn try_one(&self, job: &Job) -> Result<Done, Error> {
        self.hesitate(job).await;
        if job.lost >= LOST {
            self.waiting.drop_out(job);
            return Ok(End::dead(format!("{} workers were lost while they did it", job.lost)).into());
        }
        match job.kind {
            JobKind::Dispatch => self.dispatch(job).await,
            JobKind::Notify => self.notify(job).await,
            JobKind::Mail => self.mail(job).await,
            JobKind::Webhook => self.webhook(job).await,
            JobKind::Replay => self.replay(job).await,
            JobKind::PasswordMail => self.password_mail(job).await,
            JobKind::RuleMail => self.rule_mail(job).await,
            JobKind::RuleLimit => self.rule_limit(job).await,
            JobKind::RuleAction => self.rule_action(job).await,
            JobKind::Replan => self.replan(job).await,
            JobKind::RuleScan => self.rule_scan(job).await,
            JobKind::LateNews | JobKind::LateMail => self.late_mail(job).await,
            JobKind::Inbound => self.inbound(job).await,
            JobKind::Route => self.route(job).await,
            JobKind::RenameOption => self.rename_option(job).await,
            JobKind::Import => self.import(job).await,
        }
    }

    /// A job over which workers were lost waits for a moment, by lot: what is to blame for it shall not take the
    /// same neighbours with it each time.
    async fn hesitate(&self, job: &Job) {
        if job.lost >= SUSPECT {
            sleep(Duration::from_millis(u64::from(self.luck()))).await;
        }
    }

    /// Work inside of the desk has failed.
    fn failed(&self, job: &Job, error: &Error) -> End {
        tracing::error!(id = %job.id, kind = %job.kind, error = error as &dyn std::error::Error, "a job failed");
        self.again(job, &error.to_string())
    }

    fn again(&self, job: &Job, error: &str) -> End {
        let outcome = match retry::inside(job.attempts + 1, self.luck()) {
            Some(pause) => JobOutcome::Retry { due_at: self.in_a(pause), error: error.to_owned() },
            None => JobOutcome::Dead { error: error.to_owned() },
        };
        End::plain(outcome)
    }

    /// The moment after this pause.
    pub(super) fn in_a(&self, pause: TimeDelta) -> Time {
        to_micros(self.workers.desk.now() + pause)
    }

    /// Some randomness.
    pub(super) fn luck(&self) -> u8 {
        let mut byte = [0];
        self.workers.desk.ids().fill(&mut byte);
        byte[0]
    }
}

/// The clock of one attempt.
pub(super) struct Watch {
    at: Time,
    since: Instant,
}

impl Watch {
    /// Starts at this moment of the desk's clock.
    pub(super) fn start(at: Time) -> Self {
        Self { at: to_micros(at), since: Instant::now() }
    }

    /// The attempt that began then and is over now.
    pub(super) fn attempt(&self, job: &Job) -> Attempt {
        Attempt {
            job_id: job.id,
            at: self.at,
            duration_ms: i32::try_from(self.since.elapsed().as_millis()).unwrap_or(i32::MAX),
            status_code: None,
            response: None,
            error: None,
            request: None,
        }
    }
}
