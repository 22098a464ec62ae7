//! Doing what a rule asks of the embedding application.

use super::asked::RuleAction;
use super::dispatch::payload;
use super::lane::Pace;
use super::perform::{Done, End, Watch};
use super::shift::Shift;
use crate::error::Error;
use crate::ids::WorkflowId;
use crate::model::{Job, JobCause, JobOutcome, RetrySchedule, RuleRef};
use crate::time::Time;
use crate::webhook::Retry;
use crate::webhook::retry::LONGEST;
use crate::workflow::extension::{ActionCall, ActionError};
use chrono::TimeDelta;
use std::time::Duration;
use tokio::time::timeout;

/// How long the application has for one call.
const PATIENCE: Duration = Duration::from_mins(1);

/// How often an action is tried again: eight attempts within about a day.
const RETRIES: u8 = 7;

/// The rule that a job is there for.
fn rule_of(cause: &JobCause) -> Option<RuleRef> {
    Some(RuleRef { id: WorkflowId(cause.rule_id?), version: cause.rule_version? })
}

impl Shift<'_> {
    /// Calls the application once, under the id of the job.
    pub(super) async fn rule_action(&self, job: &Job) -> Result<Done, Error> {
        let desk = &self.workers.desk;
        let RuleAction { action, params } = payload(job)?;
        let Some(known) = desk.extensions().actions.get(&action) else {
            return Ok(End::dead(format!("there is no action {action} here")).into());
        };
        let (Some(ticket_id), Some(rule)) = (job.ticket_id, rule_of(&job.cause)) else {
            return Ok(End::dead("the job names no ticket or no rule").into());
        };
        let call = ActionCall { id: job.id, action, ticket_id, rule, params };
        let watch = Watch::start(desk.now());
        let answer = timeout(PATIENCE, known.handler.perform(&call)).await;
        let mut attempt = watch.attempt(job);
        let (outcome, pace) = match answer {
            Ok(Ok(())) => (JobOutcome::Done, Pace::Well),
            Ok(Err(ActionError::Never(error))) => (JobOutcome::Dead { error }, Pace::Well),
            Ok(Err(ActionError::Later { reason, after })) => (self.action_later(job, reason, after), Pace::Well),
            Err(_) => (self.action_later(job, format!("no answer within {PATIENCE:?}"), None), Pace::Ill),
        };
        attempt.error = match &outcome {
            JobOutcome::Dead { error } | JobOutcome::Retry { error, .. } => Some(error.clone()),
            JobOutcome::Done | JobOutcome::Released => None,
        };
        Ok(End { outcome, attempt: Some(attempt), writes: Vec::new(), pace: Some(pace) }.into())
    }

    /// The application may ask for another pause than the desk's own, but not for more attempts.
    fn action_later(&self, job: &Job, error: String, after: Option<Duration>) -> JobOutcome {
        let attempt = u32::try_from(job.attempts + 1).unwrap_or(u32::MAX);
        if attempt > u32::from(RETRIES) {
            return JobOutcome::Dead { error };
        }
        let base = self.workers.options.retry_base;
        let retry = Retry { base, schedule: RetrySchedule::Durable, count: RETRIES };
        let random = u32::from_le_bytes([self.luck(), self.luck(), self.luck(), self.luck()]);
        let pause = after.unwrap_or_else(|| retry.wait(attempt, random)).min(LONGEST);
        let due_at: Time = self.in_a(TimeDelta::from_std(pause).unwrap_or(TimeDelta::days(1)));
        JobOutcome::Retry { due_at, error }
    }
}
