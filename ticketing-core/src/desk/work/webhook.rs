//! Calling one endpoint about one event, and telling it again what it has missed.

use super::lane::Pace;
use super::perform::{Done, End, Watch};
use super::shift::Shift;
use crate::changes::Write;
use crate::desk::Replay;
use crate::desk::WebhookCall;
use crate::error::Error;
use crate::ids::WebhookId;
use crate::model::webhook::DisableReason;
use crate::model::{Attempt, Job, JobOutcome};
use crate::port::{WebhookAnswer, WebhookError};
use crate::time::Time;
use crate::webhook::Verdict;
use crate::webhook::plan::Delivery;
use crate::webhook::sample::TEST;
use chrono::TimeDelta;

/// An endpoint of which every call has failed for so long is not called any more.
const HOPELESS: TimeDelta = TimeDelta::days(5);

impl Shift<'_> {
    /// Calls the endpoint once. What was sent before under this id is sent again as it was.
    pub(super) async fn webhook(&self, job: &Job) -> Result<Done, Error> {
        let desk = &self.workers.desk;
        let Some(sender) = &desk.parts.webhook_sender else {
            return Ok(End::dead("nobody calls webhooks here").into());
        };
        let call = match desk.webhook_call(job, self.workers.options.retry_base).await? {
            Ok(call) => call,
            Err(refusal) => return Ok(End::dead(refusal.to_string()).into()),
        };
        let watch = Watch::start(desk.now());
        let answer = sender.send(&call.request).await;
        let attempt = told(watch.attempt(job), &answer);
        Ok(self.called(job, &call, answer, attempt).await.into())
    }

    async fn called(
        &self,
        job: &Job,
        call: &WebhookCall,
        answer: Result<WebhookAnswer, WebhookError>,
        attempt: Attempt,
    ) -> End {
        let now = self.workers.desk.now();
        let number = u32::try_from(job.attempts + 1).unwrap_or(u32::MAX);
        let luck = u32::from_le_bytes([self.luck(), self.luck(), self.luck(), self.luck()]);
        let verdict = call.retry.verdict(number, answer.as_ref(), luck);
        let error = attempt.error.clone().unwrap_or_default();
        let pace = match &answer {
            Ok(_) | Err(WebhookError::Invalid(_)) => Pace::Well,
            Err(_) => Pace::Ill,
        };
        let mut writes = Vec::new();
        // A test says nothing about how the endpoint is doing with what matters.
        if let Ok(delivery) = Delivery::of(job)
            && delivery.event_type != TEST
        {
            let (webhook_id, is_good) = (delivery.webhook_id, verdict == Verdict::Done);
            writes.push(Write::WebhookCalled { webhook_id, at: now, is_good });
            if !is_good && let Err(error) = self.switch_off(webhook_id, verdict, now).await {
                // The next call that fails tries again; what came of this one is kept.
                tracing::warn!(id = %webhook_id, error = &error as &dyn std::error::Error, "a webhook was not switched off");
            }
        }
        let outcome = match verdict {
            Verdict::Done => JobOutcome::Done,
            Verdict::Retry(wait) => {
                JobOutcome::Retry { due_at: self.in_a(TimeDelta::from_std(wait).unwrap_or(HOPELESS)), error }
            }
            Verdict::Gone | Verdict::Dead => JobOutcome::Dead { error },
        };
        End { outcome, attempt: Some(attempt), writes, pace: Some(pace) }
    }

    /// Calls an endpoint no more that has asked for it, or that has failed for days.
    async fn switch_off(&self, id: WebhookId, verdict: Verdict, now: Time) -> Result<(), Error> {
        let desk = &self.workers.desk;
        let reason = if verdict == Verdict::Gone {
            Some(DisableReason::Gone)
        } else {
            let all = desk.store.webhook_health().await?;
            let since = all.iter().find(|health| health.webhook_id == id).and_then(|health| health.failing_since);
            since.filter(|since| now - *since >= HOPELESS).map(|_| DisableReason::Failing)
        };
        if let Some(reason) = reason
            && desk.disable_webhook(id, reason).await?
        {
            tracing::warn!(%id, %reason, "a webhook was switched off");
        }
        Ok(())
    }

    /// Makes the calls that an endpoint has missed, page by page. One that breaks off begins anew and
    /// makes none twice.
    pub(super) async fn replay(&self, job: &Job) -> Result<Done, Error> {
        let replay = match Replay::of(job) {
            Ok(replay) => replay,
            Err(error) => return Ok(End::dead(error.to_string()).into()),
        };
        let mut after = None;
        loop {
            after = self.workers.desk.replay_page(&replay, after).await?;
            if after.is_none() {
                return Ok(End::plain(JobOutcome::Done).into());
            }
        }
    }
}

/// The attempt with what came of it.
fn told(attempt: Attempt, answer: &Result<WebhookAnswer, WebhookError>) -> Attempt {
    match answer {
        Err(error) => Attempt { error: Some(error.to_string()), ..attempt },
        Ok(answer) => {
            let is_good = (200..300).contains(&answer.status);
            let sent: serde_json::Map<String, serde_json::Value> =
                answer.sent.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
            Attempt {
                status_code: Some(i32::from(answer.status)),
                response: Some(answer.body.clone()),
                error: (!is_good).then(|| format!("the endpoint answered {}", answer.status)),
                request: Some(serde_json::json!({ "headers": sent })),
                ..attempt
            }
        }
    }
}
