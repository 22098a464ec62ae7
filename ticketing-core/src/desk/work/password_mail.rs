//! Mailing the link by which somebody sets a password.

use super::cap::{self, Caps};
use super::dispatch::{new_job, payload, worker_call};
use super::letter::{Sender, password_mail};
use super::mail::MailJob;
use super::perform::Done;
use super::shift::Shift;
use super::tally::Outcome;
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::fold::fold;
use crate::ids::UserId;
use crate::model::{Job, JobKind, JobOutcome, TokenKind};
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// The lane of letters with a link that is good for an hour: they wait for no other mail.
const LETTERS: &str = "mail/link";

/// Whom to mail a link, and for what.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    user_id: UserId,
    is_invitation: bool,
}

/// What such a job carries: first who asked for what, then the letter. Both are of one kind, which no metric
/// counts: whoever reads those must not learn whether somebody was there to get a letter.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Step {
    Asked(Asked),
    Letter(serde::de::IgnoredAny),
}

/// The job that mails somebody a link. The link is made by the worker, not by who asks: the commit is the
/// same whether there is such a person or not, and holds no secret.
pub(in crate::desk) fn password_job(desk: &Desk, now: Time, user_id: UserId, kind: TokenKind) -> Job {
    let asked = Asked { user_id, is_invitation: kind == TokenKind::Invitation };
    new_job(desk, now, JobKind::PasswordMail, "password_mail", serde_json::json!(asked))
}

impl Shift<'_> {
    /// Makes the link and the mail, where there is somebody to get it.
    pub(super) async fn password_mail(&self, job: &Job) -> Result<Done, Error> {
        let Step::Asked(asked) = payload(job)? else { return self.mail(job).await };
        let asked = &asked;
        let call = &worker_call();
        self.workers.desk.insist(move || self.try_password_mail(call, job, asked)).await?;
        Ok(Done::Kept(Outcome::Done))
    }

    async fn try_password_mail(&self, call: &Call, job: &Job, asked: &Asked) -> Result<(), Error> {
        let desk = &self.workers.desk;
        let mut recorder = Recorder::begin(desk, call).await?;
        let now = recorder.now;
        let mut outcome = JobOutcome::Done;
        let found = desk.store.credential_by_id(&Scope::UPKEEP, asked.user_id).await?;
        // Who has a password by now was invited in another way.
        let wanted =
            found.filter(|found| found.user.is_active && !(asked.is_invitation && found.password_hash.is_some()));
        if let Some(user) = wanted.map(|found| found.user) {
            let kind = if asked.is_invitation { TokenKind::Invitation } else { TokenKind::Reset };
            let key = (fold(&user.email), cap::LINKS);
            let known = desk.store.mail_records(std::slice::from_ref(&key)).await?.pop();
            let mut record = known.unwrap_or_else(|| cap::unknown(&key.0, key.1, now));
            if let Some(why) = Caps::Link.hold(&record, now) {
                record.held += 1;
                outcome = JobOutcome::Dead { error: why };
            } else {
                cap::count(&mut record, Caps::Link, now);
                let link = desk.new_password_link(&mut recorder, user.id, kind);
                let letter = new_job(desk, now, JobKind::PasswordMail, LETTERS, serde_json::Value::Null);
                let sender = Sender::new(desk, &recorder.snapshot);
                let mail = password_mail(&sender, &user, kind, link, (letter.id, now))?;
                let payload = serde_json::json!(MailJob::sealed(desk, user.id, &mail)?);
                recorder.write(Write::Job(Box::new(Job { payload, ..letter })));
            }
            recorder.write(cap::next(record, now));
        }
        recorder.write(self.end(job, now, outcome));
        recorder.commit().await
    }
}
