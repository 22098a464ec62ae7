//! Switching off a rule that keeps doing more than rules may do.

use super::asked::{RuleLimit, again_job};
use super::dispatch::{payload, worker_call};
use super::perform::Done;
use super::shift::Shift;
use super::switched_off::{facts, jobs, keepers, rule_switched_off};
use super::tally::Outcome;
use crate::access::Call;
use crate::changes::Write;
use crate::desk::recorder::Recorder;
use crate::desk::setting::Kind;
use crate::error::Error;
use crate::ids::NotificationId;
use crate::mail::in_short;
use crate::model::{
    Job, JobOutcome, Notification, NotificationKind, RuleDisableReason, RuleDisabled, RuleRef, User, Workflow,
};
use crate::setting::Stored;
use chrono::TimeDelta;
use std::sync::Arc;

/// How often a rule may be held back within [`SPAN`] before it is switched off.
const MOST: usize = 5;
/// How long it is remembered that a rule was held back.
const SPAN: TimeDelta = TimeDelta::minutes(10);

impl Shift<'_> {
    /// Switches the rule off where it was held back too often, and tells who made it, in one commit with the end of
    /// this job. What happened under an older version of the rule does not count: who switches a rule on again, or
    /// changes it, gives it another chance.
    pub(super) async fn rule_limit(&self, job: &Job) -> Result<Done, Error> {
        let limit: &RuleLimit = &payload(job)?;
        let call = &worker_call();
        self.workers.desk.insist(move || self.try_rule_limit(call, job, limit)).await?;
        Ok(Done::Kept(Outcome::Done))
    }

    async fn try_rule_limit(&self, call: &Call, job: &Job, limit: &RuleLimit) -> Result<(), Error> {
        let desk = &self.workers.desk;
        let mut recorder = Recorder::begin(desk, call).await?;
        let (now, snapshot) = (recorder.now, Arc::clone(&recorder.snapshot));
        let known = snapshot.rules.by_id(limit.workflow_id.0).map(|entry| Arc::clone(&entry.stored));
        if let Some(rule) = known.filter(|rule| rule.content.is_active) {
            let since = (now - SPAN).max(rule.saved_at);
            let held = desk.store.suppressed_runs(limit.workflow_id, since, MOST).await?;
            if held >= MOST as u64 {
                self.switch_rule_off(&mut recorder, job, limit, &rule)?;
                tracing::warn!(id = %limit.workflow_id, "a rule was switched off");
            } else if !limit.is_last {
                recorder.write(Write::Job(Box::new(again_job(desk, limit.workflow_id, job.created_at, now))));
            }
        }
        recorder.write(self.end(job, now, JobOutcome::Done));
        recorder.commit().await
    }

    fn switch_rule_off(
        &self,
        recorder: &mut Recorder<'_>,
        job: &Job,
        limit: &RuleLimit,
        old: &Stored<Workflow>,
    ) -> Result<(), Error> {
        let (desk, now, snapshot) = (&self.workers.desk, recorder.now, Arc::clone(&recorder.snapshot));
        let disabled = Some(RuleDisabled { at: now, reason: RuleDisableReason::Budget });
        let new = Workflow { is_active: false, disabled, note: None, ..old.content.clone() };
        let message = rule_switched_off(desk, &new, limit.workflow_id);
        for letter in jobs(desk, &snapshot, new.owner_id, now, &message)? {
            recorder.write(Write::Job(Box::new(Job { cause: job.cause, ..letter })));
        }
        let letterhead = snapshot.letterhead(&desk.options().app_url);
        let change_id = recorder.changes().id;
        let told = |user: &User| -> Result<Notification, Error> {
            let short = in_short(&facts(user, &message), &letterhead);
            let (title, message) = short.map_err(|e| Error::Internal(Box::new(e)))?;
            let rule = Some(RuleRef { id: limit.workflow_id, version: old.version });
            Ok(Notification {
                id: NotificationId(desk.ids().uuid(now)),
                user_id: user.id,
                ticket_id: None,
                ticket_number: None,
                kind: NotificationKind::WorkflowDisabled,
                title,
                message,
                count: 1,
                rule,
                change_id,
                created_at: now,
                updated_at: now,
                read_at: None,
            })
        };
        for notification in keepers(&snapshot, new.owner_id).into_iter().map(told) {
            recorder.write(Write::Notification(Box::new(notification?)));
        }
        let changes = Workflow::changes(Some(&old.content), &new);
        recorder.version(&old.next(now, new), "disabled", &changes)
    }
}
