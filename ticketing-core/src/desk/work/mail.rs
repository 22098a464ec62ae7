//! Handing one mail over.

use super::cap;
use super::dispatch::{payload, worker_call};
use super::perform::{Done, End, Watch};
use super::retry;
use super::shift::Shift;
use super::tally::Outcome;
use crate::access::Scope;
use crate::changes::Write;
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::event::Fact;
use crate::fold::fold;
use crate::ids::UserId;
use crate::model::{Attempt, Job, JobEnd, JobKind, JobOutcome, MailFailure};
use crate::port::{Mail, MailError};
use crate::vault::Plain;
use serde::{Deserialize, Serialize};

/// What the purpose of a sealed mail is called in its seal.
const SEALED: &str = "mail";

/// How much of a server's answer is kept.
const KEPT: usize = 1_024;

/// A mail that waits to be handed over.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::desk) struct MailJob {
    /// Whom it goes to; nobody who is known here, where a rule names an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
    /// The mail, where it holds nothing that must not be read by whoever reads the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mail: Option<Mail>,
    /// The mail under the key of secrets, where it holds a link that opens something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
}

impl MailJob {
    /// A mail that may be read at rest.
    pub(in crate::desk) fn open(user_id: Option<UserId>, mail: Mail) -> Self {
        Self { user_id, mail: Some(mail), sealed: None }
    }

    /// A mail that may not.
    pub(in crate::desk) fn sealed(desk: &Desk, user_id: UserId, mail: &Mail) -> Result<Self, Error> {
        let text = serde_json::to_string(mail).map_err(|e| Error::Internal(Box::new(e)))?;
        let sealed = desk.parts.vault.seal(desk.ids(), SEALED, user_id.0, &Plain::new(text));
        let sealed = sealed.map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Self { user_id: Some(user_id), mail: None, sealed: Some(sealed) })
    }

    /// The mail, unless its key is gone.
    fn read(self, desk: &Desk) -> Result<Mail, String> {
        if let Some(mail) = self.mail {
            return Ok(mail);
        }
        let sealed = self.sealed.ok_or("the job holds no mail")?;
        let user_id = self.user_id.ok_or("the job names nobody")?;
        let opened = desk.parts.vault.open(SEALED, user_id.0, &sealed);
        let opened = opened.map_err(|error| format!("the mail can't be opened: {error}"))?;
        serde_json::from_str(opened.expose()).map_err(|error| format!("the mail can't be read: {error}"))
    }
}

/// Whom a job mails.
pub(in crate::desk) enum MailedTo {
    /// A person, under the address that the person has by then.
    Person(UserId),
    /// An address that is nobody's here.
    Address(String),
}

/// Whom a job mails, if it does.
pub(in crate::desk) fn recipient(job: &Job) -> Option<MailedTo> {
    let is_mail = matches!(job.kind, JobKind::Mail | JobKind::PasswordMail);
    let mail = MailJob::deserialize(&job.payload).ok().filter(|_| is_mail)?;
    let address = mail.mail.map(|mail| MailedTo::Address(mail.to.address));
    mail.user_id.map(MailedTo::Person).or(address)
}

impl Shift<'_> {
    /// Hands the mail over, once more under the same id where an answer got lost.
    pub(super) async fn mail(&self, job: &Job) -> Result<Done, Error> {
        let desk = &self.workers.desk;
        let Some(mailer) = &desk.parts.mailer else {
            return Ok(self.mail_later(job, None, "nobody carries mail here").into());
        };
        let mail_job: MailJob = payload(job)?;
        let user_id = mail_job.user_id;
        let mail = match mail_job.read(desk) {
            Ok(mail) => mail,
            Err(why) => return Ok(End::dead(why).into()),
        };
        if let Some(user_id) = user_id {
            let reader = desk.store.user(&Scope::UPKEEP, user_id).await?.filter(|user| user.is_active);
            if reader.is_none_or(|user| fold(&user.email) != fold(&mail.to.address)) {
                return Ok(End::dead("the person has another address by now, or is gone").into());
            }
        }
        let watch = Watch::start(desk.now());
        let answer = mailer.send(&mail).await;
        let mut attempt = watch.attempt(job);
        attempt.request = Some(serde_json::json!({ "message_id": mail.message_id }));
        match answer {
            Ok(said) => {
                attempt.status_code = code_of(&said);
                attempt.response = Some(cut(&said));
                Ok(End { attempt: Some(attempt), ..End::plain(JobOutcome::Done) }.into())
            }
            Err(error) => {
                let text = cut(&error.to_string());
                attempt.status_code = code_of(said_by(&error));
                attempt.error = Some(text.clone());
                match error {
                    MailError::Address(said) => self.unreachable(job, user_id, &mail, attempt, &said).await,
                    MailError::Refused(_) => Ok(End { attempt: Some(attempt), ..End::dead(text) }.into()),
                    MailError::Later(_) => Ok(self.mail_later(job, Some(attempt), &text).into()),
                }
            }
        }
    }

    fn mail_later(&self, job: &Job, attempt: Option<Attempt>, error: &str) -> End {
        let error = error.to_owned();
        let outcome = match retry::mail(job.attempts + 1, self.workers.options.retry_base, self.luck()) {
            Some(pause) => JobOutcome::Retry { due_at: self.in_a(pause), error },
            None => JobOutcome::Dead { error },
        };
        End { attempt, ..End::plain(outcome) }
    }

    /// Nobody can be reached there. Later mails are not even written, and the ticket says so.
    async fn unreachable(
        &self,
        job: &Job,
        user_id: Option<UserId>,
        mail: &Mail,
        attempt: Attempt,
        said: &str,
    ) -> Result<Done, Error> {
        let desk = &self.workers.desk;
        let (call, attempt) = (&worker_call(), &attempt);
        let reason = &code_alone(said);
        desk.insist(move || async move {
            let mut recorder = Recorder::begin(desk, call).await?;
            let now = recorder.now;
            let is_new = mark_unreachable(desk, &mut recorder, &mail.to.address, reason).await?;
            // Of an address that is nobody's here the ticket has nothing to say: its job does.
            if let Some(user_id) = user_id
                && let Some(ticket_id) = job.ticket_id.filter(|_| is_new)
                && let Some(ticket) = desk.store.ticket(&Scope::UPKEEP, &ticket_id.into()).await?
            {
                recorder.ticket(&ticket, vec![Fact::MailFailed { user_id, reason: reason.clone() }.into()])?;
            }
            recorder.write(Write::EndJob(Box::new(JobEnd {
                id: job.id,
                worker: self.id,
                at: now,
                outcome: JobOutcome::Dead { error: format!("the address was refused: {reason}") },
                attempt: Some(attempt.clone()),
                must_hold: true,
            })));
            recorder.commit().await
        })
        .await?;
        Ok(Done::Kept(Outcome::Dead))
    }
}

/// Nobody is reached at this address for a while. Answers whether that is news.
pub(in crate::desk) async fn mark_unreachable(
    desk: &Desk,
    recorder: &mut Recorder<'_>,
    address: &str,
    reason: &str,
) -> Result<bool, Error> {
    let (key, now) = ((fold(address), None), recorder.now);
    let known = desk.store.mail_records(std::slice::from_ref(&key)).await?.pop();
    let mut record = known.unwrap_or_else(|| cap::unknown(&key.0, None, now));
    let is_new = record.failure.as_ref().is_none_or(|failure| now - failure.at >= cap::FORGIVEN);
    record.failure = Some(MailFailure { at: now, reason: reason.to_owned() });
    recorder.write(cap::next(record, now));
    Ok(is_new)
}

/// Whom a job has mailed, and under which address, where that is somebody who is known here.
pub(in crate::desk) fn sent_to(desk: &Desk, job: &Job) -> Option<(UserId, String)> {
    let mail: MailJob = payload(job).ok().filter(|_| job.kind == JobKind::Mail)?;
    Some((mail.user_id?, mail.read(desk).ok()?.to.address))
}

/// What the server said, without our own words around it.
fn said_by(error: &MailError) -> &str {
    match error {
        MailError::Address(said) | MailError::Refused(said) | MailError::Later(said) => said,
    }
}

/// The three digits that an SMTP answer begins with.
fn code_of(said: &str) -> Option<i32> {
    let code = said.get(..3).filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()))?;
    code.parse().ok()
}

fn cut(text: &str) -> String {
    text.char_indices().take_while(|(place, _)| *place < KEPT).map(|(_, letter)| letter).collect()
}

/// The code of an answer, with the enhanced one behind it. A ticket's history is kept when a person is
/// forgotten, so it has none of the words, which often name the address or a part of it.
fn code_alone(said: &str) -> String {
    let is_code = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let words: Vec<&str> = said.split(|c: char| c.is_whitespace() || c == '-').take(2).take_while(is_code).collect();
    if words.is_empty() { "refused".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_by_its_code_alone() {
        assert_eq!(code_alone("550 5.1.1 <ann@example.org>: no such user"), "550 5.1.1");
        assert_eq!(code_alone("550-5.1.1 ann.miller: Recipient unknown"), "550 5.1.1");
        assert_eq!(code_alone("550 ann unknown"), "550");
        assert_eq!(code_alone("ann unknown"), "refused");
        assert_eq!((code_of("550 no"), code_of("timeout")), (Some(550), None));
    }
}
