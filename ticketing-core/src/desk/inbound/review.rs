//! Looking after mail that came in: what became of it, what it said, and what waits for somebody to decide.

use super::decide::{Author, Plan};
use super::{Delivery, unkept};
use crate::access::Call;
use crate::changes::{Expect, Write};
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::desk::user::page;
use crate::desk::work::inbound_job;
use crate::error::Error;
use crate::event::FieldChanges;
use crate::ids::{ArrivalId, CommentId, TicketId, TicketKey};
use crate::mail::inbound::{InboundMail, Invitation};
use crate::model::{Arrival, ArrivalCause, ArrivalDoor, ArrivalState, AuthVerdict, BlobKey, Envelope, Role, Subject};
use crate::port::{ArrivalCount, ArrivalQuery, Mailbox, Unreadable};
use crate::query::{Page, Position};
use crate::time::Time;
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// What staff see with a ticket. A mail that is held says who wrote it to administrators alone.
const OF_TICKETS: [ArrivalState; 3] = [ArrivalState::New, ArrivalState::Threaded, ArrivalState::Noted];

/// A list of mails, newest first.
#[derive(Clone, Debug)]
pub struct ArrivalList {
    /// Only of these states; of all where it is empty.
    pub states: Vec<ArrivalState>,
    /// Only of this cause.
    pub cause: Option<ArrivalCause>,
    /// Only of this mailbox.
    pub mailbox_id: Option<Uuid>,
    /// Only of this address, in whatever case.
    pub sender: Option<String>,
    /// After this one.
    pub after: Option<ArrivalId>,
    /// At most how many.
    pub limit: usize,
}

impl Default for ArrivalList {
    fn default() -> Self {
        Self { states: Vec::new(), cause: None, mailbox_id: None, sender: None, after: None, limit: 25 }
    }
}

/// A mail as administrators see it in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArrivalView {
    /// Its id.
    pub id: ArrivalId,
    /// How far it is.
    pub state: ArrivalState,
    /// Why it is there, unless all went well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<ArrivalCause>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// By which way it came.
    pub door: ArrivalDoor,
    /// The mailbox that it came to.
    pub mailbox_id: Option<Uuid>,
    /// Its `Message-ID` without angle brackets.
    pub message_id: Option<String>,
    /// Who says to have written it.
    pub from: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
    /// How many bytes it has.
    pub size: i64,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// The ticket that it made, went to, or is about.
    pub ticket_id: Option<TicketId>,
    /// The comment that it became.
    pub comment_id: Option<CommentId>,
    /// Why it was taken for a program's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automatic: Option<String>,
    /// Whether the receiving server took it for spam.
    pub is_spam: bool,
    /// What is known of its origin.
    pub verdict: AuthVerdict,
    /// What of it was more than is taken in.
    pub left_out: Vec<String>,
    /// When the desk took it in.
    pub received_at: Time,
    /// When it was last decided about.
    pub decided_at: Option<Time>,
    /// For conditional changes.
    pub version: i64,
}

impl From<Arrival> for ArrivalView {
    fn from(arrival: Arrival) -> Self {
        let detail = arrival.detail;
        Self {
            id: arrival.id,
            state: arrival.state,
            cause: arrival.cause,
            reason: detail.reason,
            door: arrival.door,
            mailbox_id: arrival.mailbox_id,
            message_id: detail.message_id,
            from: detail.from,
            subject: detail.subject,
            size: arrival.size,
            sha256: BlobKey(arrival.digest).to_string(),
            ticket_id: arrival.ticket_id,
            comment_id: arrival.comment_id,
            automatic: detail.automatic,
            is_spam: detail.is_spam,
            verdict: detail.verdict,
            left_out: detail.left_out,
            received_at: arrival.received_at,
            decided_at: detail.decided_at,
            version: arrival.version,
        }
    }
}

/// A mail with all that it says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArrivalDetailView {
    /// What is known of it.
    #[serde(flatten)]
    pub mail: ArrivalView,
    /// What the servers on its way said.
    pub envelope: Envelope,
    /// What it says; nothing where it can't be read.
    pub content: Option<ReceivedMail>,
}

/// What a mail says, safe to be shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReceivedMail {
    /// What would become of it now, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Value>,
    /// Who says to have written it.
    pub from: Option<Mailbox>,
    /// Whom it is for.
    pub to: Vec<Mailbox>,
    /// Its subject.
    pub subject: String,
    /// When it says to have been sent.
    pub date: Option<Time>,
    /// What of its text is new.
    pub text: String,
    /// How it is signed.
    pub signature: String,
    /// What of its text was said before.
    pub quoted: String,
    /// The same as HTML, without anything that runs or loads; see [`InboundMail::html`].
    pub html: Option<String>,
    /// Its headers in their order.
    pub headers: Vec<(String, String)>,
    /// What it brings along.
    pub files: Vec<PreviewedFile>,
    /// The appointment that it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
}

/// A file of a mail, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PreviewedFile {
    /// What it is called.
    pub filename: Option<String>,
    /// What it says to be.
    pub content_type: String,
    /// How many bytes it has.
    pub size: usize,
    /// By what the HTML shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_id: Option<String>,
}

impl From<InboundMail> for ReceivedMail {
    fn from(mail: InboundMail) -> Self {
        let folded = mail.folded();
        let (text, signature) = (folded.fresh.to_owned(), folded.signature.to_owned());
        let quoted = format!("{}{}", folded.above, folded.quoted);
        let files = mail.files.into_iter().map(|file| PreviewedFile {
            filename: file.name,
            content_type: file.content_type,
            size: file.bytes.len(),
            content_id: file.content_id,
        });
        Self {
            outcome: None,
            from: mail.from,
            to: mail.to,
            subject: mail.subject,
            date: mail.date,
            text,
            signature,
            quoted,
            html: mail.html,
            headers: mail.headers,
            files: files.collect(),
            invitation: mail.invitation,
        }
    }
}

impl Desk {
    /// Mails that came in, newest first. For administrators.
    pub async fn inbound_mails(&self, call: impl Into<Call>, list: ArrivalList) -> Result<Page<ArrivalView>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let query = ArrivalQuery {
            states: list.states,
            cause: list.cause,
            mailbox_id: list.mailbox_id,
            sender: list.sender.map(|sender| crate::fold::fold(sender.trim())),
            ticket_id: None,
            after: list.after,
            limit: list.limit + 1,
        };
        let found = self.store.arrivals(&query).await?;
        Ok(page(found, list.limit, |arrival| Position::at(0, arrival.id.0)).map(ArrivalView::from))
    }

    /// A mail that came in, with what it says. For administrators.
    pub async fn inbound_mail(&self, call: impl Into<Call>, id: ArrivalId) -> Result<ArrivalDetailView, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let arrival = self.arrival(id).await?;
        let content = self.read_mail(&arrival).await?.and_then(Result::ok).map(ReceivedMail::from);
        let envelope = arrival.detail.envelope.clone();
        Ok(ArrivalDetailView { mail: arrival.into(), envelope, content })
    }

    /// The bytes of a mail as they came. For administrators.
    pub async fn inbound_bytes(&self, call: impl Into<Call>, id: ArrivalId) -> Result<Bytes, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let arrival = self.arrival(id).await?;
        self.blobs()?.get(BlobKey(arrival.digest)).await.map_err(unkept)?.ok_or(Error::NotFound("mail"))
    }

    /// Mails that made this ticket, went to it or are about it, newest first. For staff who see the ticket.
    pub async fn ticket_mails(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        after: Option<ArrivalId>,
        limit: usize,
    ) -> Result<Page<ArrivalView>, Error> {
        let call = call.into();
        call.actor.at_least(Role::Agent)?;
        let ticket = self.seen_ticket(&call, key).await?;
        let (ticket_id, states) = (Some(ticket.id), OF_TICKETS.to_vec());
        let query = ArrivalQuery { ticket_id, states, after, limit: limit + 1, ..ArrivalQuery::default() };
        let found = self.store.arrivals(&query).await?;
        Ok(page(found, limit, |arrival| Position::at(0, arrival.id.0)).map(ArrivalView::from))
    }

    /// What one of these mails says, whole: with what it quotes, its headers and its HTML. For staff who see the ticket.
    pub async fn ticket_mail(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        id: ArrivalId,
    ) -> Result<ArrivalDetailView, Error> {
        let call = call.into();
        call.actor.at_least(Role::Agent)?;
        let ticket = self.seen_ticket(&call, key).await?;
        let arrival = self.arrival(id).await?;
        if arrival.ticket_id != Some(ticket.id) || !OF_TICKETS.contains(&arrival.state) {
            return Err(Error::NotFound("mail"));
        }
        let content = self.read_mail(&arrival).await?.and_then(Result::ok).map(ReceivedMail::from);
        let envelope = arrival.detail.envelope.clone();
        Ok(ArrivalDetailView { mail: arrival.into(), envelope, content })
    }

    /// How many mails wait, are held, refused or can't be read, and since when. For administrators.
    pub async fn inbound_counts(&self, call: impl Into<Call>) -> Result<Vec<ArrivalCount>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        Ok(self.store.arrival_counts().await?)
    }

    /// What this process has made of mails since it began.
    pub fn inbound_tally(&self) -> &super::InboundTally {
        &self.parts.inbound
    }

    /// Takes a mail that was held, refused or could not be read, whatever kept it back; it is read once more. Who may not
    /// do what it asks for still may not. For administrators.
    pub async fn release_mail(
        &self,
        call: impl Into<Call>,
        id: ArrivalId,
        expected: Option<i64>,
    ) -> Result<ArrivalView, Error> {
        let by = call.into();
        let released_by = by.actor.user_id();
        self.review(&by, id, expected, ("released", ArrivalState::Waiting), |arrival| {
            // The operator at the command line is nobody in particular.
            arrival.detail.released_by = released_by.or(Some(crate::ids::UserId(Uuid::nil())));
        })
        .await
    }

    /// Wants nothing of a mail that was held, refused or could not be read. It stays listed. For administrators.
    pub async fn drop_mail(
        &self,
        call: impl Into<Call>,
        id: ArrivalId,
        expected: Option<i64>,
    ) -> Result<ArrivalView, Error> {
        self.review(&call.into(), id, expected, ("dropped", ArrivalState::Dropped), |_| {}).await
    }

    async fn review(
        &self,
        call: &Call,
        id: ArrivalId,
        expected: Option<i64>,
        (deed, state): (&str, ArrivalState),
        change: impl Fn(&mut Arrival) + Send + Sync,
    ) -> Result<ArrivalView, Error> {
        call.actor.at_least(Role::Admin)?;
        let change = &change;
        self.insist(move || async move {
            let old = self.arrival(id).await?;
            crate::desk::check_version(expected, old.version)?;
            if !old.state.is_open() {
                let detail = format!("The mail is {}: there is nothing to decide any more.", old.state);
                return Err(Error::conflict("not_open", detail));
            }
            let mut recorder = Recorder::begin(self, call).await?;
            let mut new = Arrival { state, version: old.version + 1, ..old.clone() };
            change(&mut new);
            if state == ArrivalState::Waiting {
                recorder.write(Write::Job(Box::new(inbound_job(self, recorder.now, &new))));
            }
            let changes = FieldChanges::from([("state".to_owned(), (json!(old.state), json!(new.state)))]);
            recorder.deed(&format!("mail.{deed}"), Subject::Mail(id), &changes);
            let view = ArrivalView::from(new.clone());
            recorder.write(Write::Arrival { arrival: Box::new(new), expect: Expect::Version(old.version) });
            recorder.answer(|| &view)?;
            recorder.commit().await?;
            Ok(view)
        })
        .await
    }

    /// What a mail says and what would become of it, were it taken in now. Nothing is kept. For administrators.
    pub async fn preview_mail(
        &self,
        call: impl Into<Call>,
        delivery: &Delivery,
        raw: Bytes,
    ) -> Result<ReceivedMail, Error> {
        call.into().actor.at_least(Role::Admin)?;
        self.check_size(raw.len())?;
        let size = i64::try_from(raw.len()).unwrap_or(i64::MAX);
        let digest = BlobKey::of(&raw).0;
        let mail = self.parse(raw).await?.map_err(|Unreadable(why)| Error::field("message", "unreadable", why))?;
        let arrival = Arrival {
            id: ArrivalId(Uuid::nil()),
            key: String::new(),
            digest,
            size,
            door: delivery.door,
            mailbox_id: delivery.mailbox_id,
            state: ArrivalState::Waiting,
            cause: None,
            sender: None,
            ticket_id: None,
            comment_id: None,
            detail: crate::model::ArrivalDetail { envelope: delivery.envelope.clone(), ..Default::default() },
            received_at: self.now(),
            version: 1,
        };
        let found = self.look_into(&arrival, &mail).await?;
        let (known, plan) = self.decide_about(&arrival, &mail, &found);
        let outcome = outcome(&known, &plan);
        Ok(ReceivedMail { outcome: Some(outcome), ..ReceivedMail::from(mail) })
    }

    async fn arrival(&self, id: ArrivalId) -> Result<Arrival, Error> {
        self.store.arrival(id).await?.ok_or(Error::NotFound("mail"))
    }
}

/// A decision, for people and programs.
fn outcome(known: &Arrival, plan: &Plan) -> Value {
    let author = |author: &Author| match author {
        Author::Known(user) => json!({ "id": user.id, "name": user.name, "role": user.role }),
        Author::Stranger(stranger) => json!({ "name": stranger.name, "email": stranger.address, "is_new": true }),
    };
    let facts = json!({
        "automatic": known.detail.automatic,
        "is_spam": known.detail.is_spam,
        "verdict": known.detail.verdict,
        "mailbox_id": known.mailbox_id,
    });
    let mut outcome = match plan {
        Plan::Comment(reply) => json!({
            "state": if reply.begins_anew { ArrivalState::New } else { ArrivalState::Threaded },
            // Where it begins a new one, this is the one that is over.
            "ticket_id": reply.ticket.merged_into.unwrap_or(reply.ticket.id),
            "author": author(&reply.author),
            "is_internal": reply.is_internal,
            "status": reply.status,
            "body": reply.text,
        }),
        Plan::Open { author: by, subject, text } => json!({
            "state": ArrivalState::New,
            "author": author(by),
            "subject": subject,
            "body": text,
        }),
        Plan::Bounce => json!({ "state": ArrivalState::Noted, "cause": ArrivalCause::DeliveryReport }),
        Plan::Keep { state, cause, reason } => json!({ "state": state, "cause": cause, "reason": reason }),
    };
    if let (Some(outcome), Value::Object(facts)) = (outcome.as_object_mut(), facts) {
        outcome.extend(facts);
    }
    outcome
}
