//! Telling people on the desk what a rule has to say.

use super::asked::RuleNotice;
use super::dispatch::{payload, worker_call};
use super::perform::{Done, End};
use super::shift::Shift;
use super::tally::Outcome;
use crate::access::Call;
use crate::changes::Write;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::ids::{JobId, UserId, WorkflowId};
use crate::model::{Job, JobCause, JobOutcome, Notification, RuleRef};
use crate::workflow::recipient::Target;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// The id of what a job tells a person: the same again where the job is done again. It is of the moment of the job, so
/// that ids are in the order in which people are told.
pub(super) fn notification_id(job: JobId, user: UserId) -> Uuid {
    let mut rest = [0; 10];
    let digest = Sha256::new().chain_update(job.0.as_bytes()).chain_update(user.0.as_bytes()).finalize();
    rest.copy_from_slice(&digest[..10]);
    let (high, _) = job.0.as_u64_pair();
    uuid::Builder::from_unix_timestamp_millis(high >> 16, &rest).into_uuid()
}

/// The rule that a job is there for.
pub(super) fn rule_of(cause: &JobCause) -> Option<RuleRef> {
    Some(RuleRef { id: WorkflowId(cause.rule_id?), version: cause.rule_version? })
}

impl Shift<'_> {
    /// One commit: what each person is told, and the end of this job. Nobody is told of a ticket that they may not
    /// see, whether they work here or ask.
    pub(super) async fn notification(&self, job: &Job) -> Result<Done, Error> {
        let asked: &RuleNotice = &payload(job)?;
        let call = &worker_call();
        self.workers.desk.insist(move || self.try_notification(call, job, asked)).await
    }

    async fn try_notification(&self, call: &Call, job: &Job, asked: &RuleNotice) -> Result<Done, Error> {
        let desk = &self.workers.desk;
        let Some(ticket) = desk.ticket_of(job).await? else { return Ok(End::dead("the ticket is gone").into()) };
        let mut recorder = Recorder::begin(desk, call).await?;
        let snapshot = Arc::clone(&recorder.snapshot);
        let mut people: BTreeSet<UserId> = BTreeSet::new();
        for target in &asked.to {
            match target {
                Target::User(id) => drop(people.insert(*id)),
                Target::Watchers { but } => people.extend(desk.listeners(&snapshot, &ticket, *but).await?),
                // Only people look at the desk; such a target is for mail.
                Target::Address(_) => {}
            }
        }
        let people: Vec<UserId> = people.into_iter().collect();
        for user_id in desk.who_sees(&snapshot, &people, &ticket).await? {
            recorder.write(Write::Notification(Box::new(Notification {
                id: notification_id(job.id, user_id),
                user_id,
                ticket_id: Some(ticket.id),
                title: asked.title.clone(),
                message: asked.message.clone(),
                rule: rule_of(&job.cause),
                created_at: job.created_at,
                read_at: None,
            })));
        }
        recorder.write(self.end(job, recorder.now, JobOutcome::Done));
        recorder.commit().await?;
        Ok(Done::Kept(Outcome::Done))
    }
}
