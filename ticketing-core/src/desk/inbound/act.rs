//! Doing what was decided about a mail: one commit, with the end of the job that reads it.

use super::decide::{Author, Plan, Reply};
use super::look::Found;
use super::{digested, unkept};
use crate::access::{Actor, Call, Origin, Scope, SystemReason};
use crate::changes::{Expect, Write};
use crate::desk::recorder::Recorder;
use crate::desk::thread::OwnMessage;
use crate::desk::user::NewUser;
use crate::desk::work::{is_store_away, mark_unreachable, sent_to};
use crate::desk::{Desk, NewComment, NewTicket};
use crate::error::Error;
use crate::event::Fact;
use crate::fold::fold;
use crate::ids::{AttachmentId, TicketId, UserId};
use crate::mail::inbound::{InboundFile, InboundMail, Incoming, KeptFile, ReportedRecipient};
use crate::model::{
    Arrival, ArrivalCause, ArrivalDetail, ArrivalState, AttachedTo, Attachment, BlobKey, JobEnd, Priority,
};
use crate::port::{StoreError, Unreadable};
use crate::time::to_micros;
use bytes::Bytes;
use std::sync::Arc;
use std::time::Duration;

/// How long reading a mail may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most characters of what is kept of a header.
const LONGEST_HEADER: usize = 500;
/// The most characters of a file's name.
const LONGEST_FILENAME: usize = 255;
/// The most characters of the type and id of a file.
const LONGEST_TYPE: usize = 127;

impl Desk {
    /// Reads a mail that was taken in, decides about it and does it. `end` ends the job that asks for it, in the same
    /// commit. Where the store or the place for files is away, nothing has happened.
    pub(in crate::desk) async fn work_on(&self, arrival: &Arrival, end: Option<JobEnd>) -> Result<(), Error> {
        let mail = match self.read_mail(arrival).await? {
            Some(Ok(mail)) => mail,
            None => return self.give_up(arrival, "its bytes are gone", end).await,
            Some(Err(Unreadable(reason))) => {
                let kept = kept(arrival, ArrivalState::Quarantined, ArrivalCause::Unreadable, &reason);
                return self.keep(&kept, end, None).await;
            }
        };
        let sender = mail.from.as_ref().map(|from| fold(&from.address)).unwrap_or_default();
        let _turn = self.parts.senders.take(&sender).await;
        let found = self.look_into(arrival, &mail).await?;
        let (arrival, plan) = self.decide_about(arrival, &mail, &found);
        match Box::pin(self.act_on(&arrival, mail, &found, plan, end.clone())).await {
            Err(error) if is_for_people(&error) => {
                let kept = kept(&arrival, ArrivalState::Held, ArrivalCause::NotAllowed, &error.to_string());
                self.keep(&kept, end, None).await
            }
            done => done,
        }
    }

    /// The mail as its bytes say it; nothing where these are gone.
    pub(super) async fn read_mail(&self, arrival: &Arrival) -> Result<Option<Result<InboundMail, Unreadable>>, Error> {
        match self.blobs()?.get(BlobKey(arrival.digest)).await.map_err(unkept)? {
            Some(raw) => self.parse(raw).await.map(Some),
            None => Ok(None),
        }
    }

    /// The desk can't get done with a mail: an administrator decides.
    pub(in crate::desk) async fn give_up(
        &self,
        arrival: &Arrival,
        why: &str,
        end: Option<JobEnd>,
    ) -> Result<(), Error> {
        let kept = kept(arrival, ArrivalState::Quarantined, ArrivalCause::Failed, why);
        self.keep(&kept, end, None).await
    }

    /// What these bytes say as a mail. Not on this thread, which others need.
    pub(super) async fn parse(&self, raw: Bytes) -> Result<Result<InboundMail, Unreadable>, Error> {
        let reader = self.parts.mail_reader.clone();
        let reader = reader.ok_or_else(|| Error::Internal("this desk was built without a reader of mail".into()))?;
        let read = tokio::task::spawn_blocking(move || reader.read(&raw));
        match tokio::time::timeout(PATIENCE, read).await {
            Ok(Ok(read)) => Ok(read),
            Ok(Err(broken)) if broken.is_panic() => Ok(Err(Unreadable("Its reader broke off.".to_owned()))),
            // The process stops.
            Ok(Err(_)) => Err(Error::Unavailable(None)),
            // Perhaps much else is read at the moment; whoever tries again gives up one day.
            Err(_) => Err(Error::Internal("reading it takes too long".into())),
        }
    }

    /// What becomes of the mail, and the mail with all that is known of it by then.
    pub(super) fn decide_about(&self, arrival: &Arrival, mail: &InboundMail, found: &Found) -> (Arrival, Plan) {
        let case = found.case(self, arrival, mail);
        let detail = ArrivalDetail {
            message_id: mail.message_id.as_deref().map(short),
            from: mail.from.as_ref().map(|from| short(&from.address)),
            subject: Some(short(&mail.subject)),
            reason: None,
            automatic: case.automatic.map(|sign| sign.as_str().to_owned()),
            is_spam: case.is_spam,
            verdict: case.verdict,
            is_mailbox_guessed: arrival.mailbox_id.is_none() && !found.is_sure,
            left_out: mail.left_out.iter().map(|left| left.as_str().to_owned()).collect(),
            ..arrival.detail.clone()
        };
        let known = Arrival {
            mailbox_id: arrival.mailbox_id.or_else(|| found.mailbox.as_ref().map(|mailbox| mailbox.id)),
            sender: case.sender.as_ref().map(|sender| fold(&sender.address)),
            ticket_id: case.thread.ticket().map(|ticket| ticket.id),
            detail,
            ..arrival.clone()
        };
        (known, case.decide())
    }

    async fn act_on(
        &self,
        arrival: &Arrival,
        mut mail: InboundMail,
        found: &Found,
        plan: Plan,
        end: Option<JobEnd>,
    ) -> Result<(), Error> {
        let (author, reply, opens) = match plan {
            Plan::Keep { state, cause, reason } => {
                return self.keep(&kept(arrival, state, cause, reason), end, None).await;
            }
            Plan::Bounce => return self.take_bounce(arrival, &mail, end).await,
            Plan::Comment(reply) => (reply.author.clone(), Some(reply), None),
            Plan::Open { author, subject, text } => (author, None, Some((subject, text))),
        };
        let actor = match (&author, &found.actor) {
            (Author::Known(_), Some(actor)) => actor.clone(),
            (Author::Known(user), None) => self.actor_of(user.id, None).await?,
            (Author::Stranger(stranger), _) => {
                let locale = found.mailbox.as_ref().and_then(|mailbox| mailbox.content.locale.clone());
                let user = NewUser { locale, ..NewUser::new(&stranger.address, &stranger.name) };
                self.actor_of(self.customer_by_mail(&user).await?, None).await?
            }
        };
        let incoming = Incoming {
            arrival: arrival.clone(),
            headers: std::mem::take(&mut mail.headers),
            is_automatic: arrival.detail.automatic.is_some(),
            is_guest: reply.as_ref().is_some_and(|reply| reply.is_guest),
            status: reply.as_ref().and_then(|reply| reply.status),
            files: self.keep_files(std::mem::take(&mut mail.files)).await?,
            end,
        };
        let call = &Call { origin: Origin::Mail(Arc::new(incoming)), ..Call::from(&actor) };
        if let Some(reply) = reply {
            let Reply { ticket, text, is_internal, begins_anew, .. } = *reply;
            self.say_by_mail(call, ticket.id, NewComment { is_internal, ..NewComment::public(text) }).await?;
            let state = if begins_anew { ArrivalState::New } else { ArrivalState::Threaded };
            self.parts.inbound.add(state, None);
        } else if let Some((subject, text)) = opens {
            let mailbox = found.mailbox.as_ref().map(|mailbox| &mailbox.content);
            let team = mailbox.and_then(|mailbox| mailbox.team_id).and_then(|id| found.snapshot.directory.team(id));
            let input = NewTicket {
                priority: mailbox.map_or(Priority::Medium, |mailbox| mailbox.priority),
                team_id: team.filter(|team| team.is_active).map(|team| team.id),
                ..NewTicket::new(subject, text)
            };
            self.open_by_mail(call, &input).await?;
            self.parts.inbound.add(ArrivalState::New, None);
        }
        Ok(())
    }

    /// The customer with this address, made where there is none. Nobody is invited: a mail proves nothing about who
    /// has the address.
    async fn customer_by_mail(&self, new: &NewUser) -> Result<UserId, Error> {
        let call = &Call::from(&Actor::system(SystemReason::Upkeep));
        let address = &fold(&new.email);
        self.insist(move || async move {
            let known = self.store.credential(&Scope::UPKEEP, address).await?;
            if let Some(known) = known {
                return Ok(known.user.id);
            }
            let mut recorder = Recorder::begin(self, call).await?;
            let organization_id = self.organization_of_new(&mut recorder, new).await?;
            let user = self.add_user(&mut recorder, new, organization_id, None);
            match recorder.commit().await {
                // Another mail of the same person was faster.
                Err(Error::Conflict { code: "duplicate", .. }) => Err(StoreError::Conflict.into()),
                done => done.map(|()| user.id),
            }
        })
        .await
    }

    /// Keeps the files of a mail. Where no ticket comes to name them, they stay there for nothing.
    async fn keep_files(&self, files: Vec<InboundFile>) -> Result<Vec<KeptFile>, Error> {
        let mut kept = Vec::with_capacity(files.len());
        for file in files {
            let (bytes, blob) = digested(Bytes::from(file.bytes)).await?;
            let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            self.blobs()?.put(blob, bytes).await.map_err(unkept)?;
            let name = file.name.as_deref().unwrap_or_default();
            kept.push(KeptFile {
                blob,
                size,
                filename: filename(name, &file.content_type),
                content_type: line(&file.content_type, LONGEST_TYPE),
                content_id: file.content_id.as_deref().map(|id| line(id, LONGEST_TYPE)),
            });
        }
        Ok(kept)
    }

    /// Keeps what became of a mail of which no more becomes, and what else is true then.
    pub(super) async fn keep(
        &self,
        arrival: &Arrival,
        end: Option<JobEnd>,
        unreachable: Option<&(UserId, TicketId, String)>,
    ) -> Result<(), Error> {
        let call = &Call::from(&Actor::system(SystemReason::Upkeep));
        let end = end.as_ref();
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            if let Some((user_id, ticket_id, reason)) = unreachable
                && let Some(user) = self.store.user(&Scope::UPKEEP, *user_id).await?
                && mark_unreachable(self, &mut recorder, &user.email, reason).await?
                && let Some(ticket) = self.store.ticket(&Scope::UPKEEP, &(*ticket_id).into()).await?
            {
                recorder
                    .ticket(&ticket, vec![Fact::MailFailed { user_id: *user_id, reason: reason.clone() }.into()])?;
            }
            recorder.write_arrival(arrival, arrival.state, end);
            recorder.commit().await
        })
        .await?;
        self.parts.inbound.add(arrival.state, arrival.cause);
        Ok(())
    }

    /// A mail of the desk did not arrive: the address is not written to for a while, and the ticket says so. Only what the
    /// desk has really sent to that very address counts. Whoever has seen such a mail can still forge a report of it: what follows
    /// is that an address is left out for a while, which the ticket's story tells and an administrator ends.
    async fn take_bounce(&self, arrival: &Arrival, mail: &InboundMail, end: Option<JobEnd>) -> Result<(), Error> {
        let mut kept = kept(arrival, ArrivalState::Noted, ArrivalCause::DeliveryReport, "It reports on a delivery.");
        let Some(report) = &mail.report else { return self.keep(&kept, end, None).await };
        let own = report.message_id.as_deref().and_then(|id| self.own_message(id));
        let Some(OwnMessage { ticket_id, mail: Some(job_id), .. }) = own else {
            return self.keep(&kept, end, None).await;
        };
        kept.ticket_id = ticket_id;
        let sent = self.store.job(job_id).await?.and_then(|job| sent_to(self, &job));
        let failed = sent.as_ref().and_then(|(user_id, address)| {
            let hit = |told: &&ReportedRecipient| told.is_permanent() && fold(&told.address) == fold(address);
            let told = report.recipients.iter().find(hit)?;
            kept.detail.reason = Some(format!("A mail could not be delivered: {}.", short(&told.status)));
            Some((*user_id, ticket_id?, short(&told.status)))
        });
        self.keep(&kept, end, failed.as_ref()).await
    }
}

impl Recorder<'_> {
    /// Writes what a mail became, and the end of the job that read it.
    pub(in crate::desk) fn write_arrival(&mut self, arrival: &Arrival, state: ArrivalState, end: Option<&JobEnd>) {
        let detail = ArrivalDetail { decided_at: Some(to_micros(self.now)), ..arrival.detail.clone() };
        let next = Arrival { state, detail, version: arrival.version + 1, ..arrival.clone() };
        self.write(Write::Arrival { arrival: Box::new(next), expect: Expect::Version(arrival.version) });
        if let Some(end) = end {
            self.write(Write::EndJob(Box::new(end.clone())));
        }
    }

    /// Where a mail makes this commit: its files on what it became, what became of it, and the end of its job.
    pub(in crate::desk) fn write_mail(&mut self) {
        let Some(mail) = self.call.mail() else { return };
        let (mut ticket, mut comment) = (None, None);
        let author = self.call.actor.user_id();
        for write in self.writes() {
            match write {
                Write::Ticket { ticket: new, expect: Expect::New, .. } => ticket = Some(new.id),
                Write::Comment { comment: said, expect: Expect::New } if said.author.id == author => {
                    comment = Some((said.id, said.ticket_id));
                }
                _ => {}
            }
        }
        let (of, ticket_id) = match (comment, ticket) {
            (Some((id, ticket_id)), _) => (AttachedTo::Comment(id), ticket_id),
            (None, Some(id)) => (AttachedTo::Ticket(id), id),
            (None, None) => return,
        };
        for file in &mail.files {
            self.write(Write::Attachment(Box::new(Attachment {
                id: AttachmentId(self.desk.ids().uuid(self.now)),
                of,
                filename: file.filename.clone(),
                content_type: file.content_type.clone(),
                size: file.size,
                blob: file.blob,
                content_id: file.content_id.clone(),
                uploaded_by: author,
                created_at: to_micros(self.now),
            })));
        }
        let state = if ticket.is_some() { ArrivalState::New } else { ArrivalState::Threaded };
        let comment_id = comment.map(|(id, _)| id);
        let arrival = Arrival { ticket_id: Some(ticket_id), comment_id, cause: None, ..mail.arrival.clone() };
        self.write_arrival(&arrival, state, mail.end.as_ref());
    }
}

/// The mail as it is kept where no more becomes of it.
fn kept(arrival: &Arrival, state: ArrivalState, cause: ArrivalCause, reason: &str) -> Arrival {
    let detail = ArrivalDetail { reason: Some(short(reason)), ..arrival.detail.clone() };
    Arrival { state, cause: Some(cause), detail, ..arrival.clone() }
}

/// Whether the desk refuses what the mail asks for, and trying again would not help.
fn is_for_people(error: &Error) -> bool {
    match error {
        // Where they have other rights by now, they are judged by those the next time.
        Error::Conflict { code: "rights_changed", .. }
        | Error::Internal(_)
        | Error::OutcomeUnknown(_)
        | Error::Stale { .. } => false,
        error => !is_store_away(error),
    }
}

fn short(text: &str) -> String {
    line(text, LONGEST_HEADER)
}

/// A text in one line, cut.
fn line(text: &str, most: usize) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(most).collect::<String>().trim().to_owned()
}

/// What a file is called, without the folders that it says to come from.
fn filename(name: &str, content_type: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = line(last, LONGEST_FILENAME);
    if !name.is_empty() && !name.trim_matches('.').is_empty() {
        return name;
    }
    let ending = content_type.rsplit('/').next().filter(|e| e.chars().all(|c| c.is_ascii_alphanumeric()));
    format!("file.{}", ending.unwrap_or("bin"))
}
