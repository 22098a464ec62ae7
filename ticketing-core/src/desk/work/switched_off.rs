//! Telling who made something that the desk has switched off.

use super::dispatch::new_job;
use super::letter::{Sender, mailbox, recipient};
use super::mail::MailJob;
use crate::desk::thread::Circulation;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::ids::{UserId, WebhookId, WorkflowId};
use crate::mail::{MailFacts, Message, RuleSwitchedOff, SwitchedOff};
use crate::model::webhook::DisableReason;
use crate::model::{Job, JobKind, Role, User, Webhook, Workflow};
use crate::time::Time;
use crate::webhook::url;

/// Who is told: who made it, or else every administrator.
pub(super) fn keepers(snapshot: &Snapshot, owner: Option<UserId>) -> Vec<&User> {
    let is_admin = |user: &&User| user.is_active && user.role == Role::Admin;
    let owner = owner.and_then(|id| snapshot.directory.staff(id)).filter(is_admin);
    match owner {
        Some(owner) => vec![owner],
        None => snapshot.directory.all_staff().filter(is_admin).collect(),
    }
}

/// The job that tells who made a webhook, or else every administrator, that it was switched off.
pub(in crate::desk) fn switched_off_jobs(
    desk: &Desk,
    snapshot: &Snapshot,
    webhook: &Webhook,
    id: WebhookId,
    (reason, now): (DisableReason, Time),
) -> Result<Vec<Job>, Error> {
    let reason = match reason {
        DisableReason::Gone => "The endpoint answered that it is gone for good (410).",
        DisableReason::Failing => "Every call has failed for five days.",
    };
    let message = Message::WebhookDisabled(SwitchedOff {
        name: webhook.name.clone(),
        url: url::origin(&webhook.url).to_owned(),
        reason: reason.to_owned(),
        link: format!("{}/settings/webhooks/{id}", desk.options().app_url),
    });
    jobs(desk, snapshot, webhook.owner_id, now, &message)
}

/// What is told of a rule that was switched off.
pub(super) fn rule_switched_off(desk: &Desk, rule: &Workflow, id: WorkflowId) -> Message {
    Message::WorkflowDisabled(RuleSwitchedOff {
        name: rule.name.clone(),
        link: format!("{}/settings/workflows/{id}", desk.options().app_url),
    })
}

/// What one of them is told.
pub(super) fn facts(user: &User, message: &Message) -> MailFacts {
    MailFacts { recipient: recipient(user), message: message.clone(), unsubscribe_url: None }
}

/// A mail to each who is told; none where nobody carries mail.
pub(super) fn jobs(
    desk: &Desk,
    snapshot: &Snapshot,
    owner: Option<UserId>,
    now: Time,
    message: &Message,
) -> Result<Vec<Job>, Error> {
    if desk.parts.mailer.is_none() {
        return Ok(Vec::new());
    }
    let sender = Sender::new(desk, snapshot);
    let job = |user: &User| {
        let letter = new_job(desk, now, JobKind::Mail, "mail", serde_json::Value::Null);
        let mail = sender.mail(
            &facts(user, message),
            mailbox(user),
            desk.message_id(None, letter.id, Circulation::All),
            now,
        )?;
        let payload = MailJob::open(Some(user.id), mail);
        let payload = serde_json::to_value(payload).map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Job { payload, ..letter })
    };
    keepers(snapshot, owner).into_iter().map(job).collect()
}
