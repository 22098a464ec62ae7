//! Mail in: taken in by whatever door, kept before anything is read, read by a worker, and on its ticket in one commit
//! with the end of that work.

mod act;
mod decide;
mod forget;
mod look;
mod mailbox;
mod policy;
mod review;
mod tally;

pub use mailbox::{
    ImapDoor, ImapInput, ImapView, InboundMailboxPatch, InboundMailboxView, MailboxFor, NewInboundMailbox,
};
pub use policy::InboundPolicyPatch;
pub use review::{ArrivalDetailView, ArrivalList, ArrivalView, PreviewedFile, ReceivedMail};
pub use tally::InboundTally;

use super::Desk;
use super::work::inbound_job;
use crate::access::{Actor, Call, SystemReason};
use crate::changes::{Expect, Write};
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::fold::fold;
use crate::ids::ArrivalId;
use crate::model::{Arrival, ArrivalDetail, ArrivalDoor, ArrivalState, BlobKey, Envelope};
use crate::port::{BlobError, BlobStore, StoreError, Unique};
use bytes::Bytes;
use std::sync::Arc;
use uuid::Uuid;

/// How many bytes at the beginning of a mail are looked through for its id.
const HEAD: usize = 64 * 1024;
/// From how many bytes on a mail is digested on another thread.
const LARGE: usize = 256 * 1024;
/// The longest id that is a key as it is.
const LONGEST_KEY: usize = 190;
/// The most recipients of a mail that are remembered.
const MOST_RECIPIENTS: usize = 100;
/// The most bytes of an address (RFC 5321, 4.5.3.1.3).
const LONGEST_ADDRESS: usize = 254;

/// How a mail came.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// By which way.
    pub door: ArrivalDoor,
    /// The mailbox that it was fetched from or is for, where the door knows.
    pub mailbox_id: Option<Uuid>,
    /// What the servers on its way said of it.
    pub envelope: Envelope,
}

impl Delivery {
    /// By this way, of which nothing more is known.
    pub fn by(door: ArrivalDoor) -> Self {
        Self { door, mailbox_id: None, envelope: Envelope::default() }
    }
}

/// A mail that the desk has, for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// Its id.
    pub id: ArrivalId,
    /// Whether it, or another copy of it, was there before.
    pub is_known: bool,
}

impl Desk {
    /// Takes a mail in: its bytes are kept, with a promise to read them, before this answers. Whoever hands it over may
    /// forget it then. Too large or empty ones are refused (`too_large`, `required` of `message`); of everything else
    /// nothing is looked at yet but its id, since another copy of the same mail is the same mail.
    pub async fn take_in(&self, delivery: &Delivery, raw: Bytes) -> Result<TakenIn, Error> {
        self.check_size(raw.len())?;
        let (raw, blob) = digested(raw).await?;
        let mut key = key(&raw, blob);
        if let Some(known) = self.store.arrival_by_key(&key).await? {
            if self.is_copy(&known, &raw, blob).await? {
                return Ok(TakenIn { id: known.id, is_known: true });
            }
            // Somebody has given two mails one id: none of them is lost for that.
            key = format!("digest:{blob}");
            if let Some(known) = self.store.arrival_by_key(&key).await? {
                return Ok(TakenIn { id: known.id, is_known: true });
            }
        }
        let size = i64::try_from(raw.len()).unwrap_or(i64::MAX);
        self.blobs()?.put(blob, raw).await.map_err(unkept)?;
        let call = &Call::from(&Actor::system(SystemReason::Upkeep));
        let (key, delivery) = (&key, &delivery);
        let taken = self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let arrival = Arrival {
                id: ArrivalId(self.ids().uuid(recorder.now)),
                key: key.clone(),
                digest: blob.0,
                size,
                door: delivery.door,
                mailbox_id: delivery.mailbox_id,
                state: ArrivalState::Waiting,
                cause: None,
                // As the door says, until it is read.
                sender: delivery.envelope.from.as_deref().map(|from| fold(from.trim())).filter(|from| is_address(from)),
                ticket_id: None,
                comment_id: None,
                detail: ArrivalDetail { envelope: bounded(&delivery.envelope), ..ArrivalDetail::default() },
                received_at: recorder.now,
                version: 1,
            };
            let id = arrival.id;
            recorder.write(Write::Job(Box::new(inbound_job(self, recorder.now, &arrival))));
            recorder.write(Write::Arrival { arrival: Box::new(arrival), expect: Expect::New });
            recorder.commit().await?;
            Ok(id)
        });
        match taken.await {
            Ok(id) => Ok(TakenIn { id, is_known: false }),
            Err(Error::Conflict { code: "duplicate", .. }) => {
                let known = self.store.arrival_by_key(key).await?;
                let known = known.ok_or(Error::Unavailable(Some(StoreError::Duplicate(Unique::Arrival))))?;
                Ok(TakenIn { id: known.id, is_known: true })
            }
            Err(error) => Err(error),
        }
    }

    /// Whether a mail is a copy of one that has the same id: the same bytes, or written at the same moment. What else differs
    /// is the way that it came.
    async fn is_copy(&self, known: &Arrival, raw: &[u8], blob: BlobKey) -> Result<bool, Error> {
        if known.digest == blob.0 {
            return Ok(true);
        }
        let Some(other) = self.blobs()?.get(BlobKey(known.digest)).await.map_err(unkept)? else { return Ok(true) };
        // One without a date may be either; the id alone says that it is the same.
        Ok(header(raw, "date").zip(header(&other, "date")).is_none_or(|(one, other)| one == other))
    }

    /// Whether a mail of so many bytes is taken in.
    pub fn check_size(&self, bytes: usize) -> Result<(), Error> {
        let most = self.options().max_mail_size;
        if bytes > most {
            let message = format!("May have at most {most} bytes; has {bytes}.");
            return Err(Error::field("message", "too_large", message));
        }
        if bytes == 0 {
            return Err(Error::field("message", "required", "May not be empty."));
        }
        Ok(())
    }

    /// What keeps bytes.
    pub(super) fn blobs(&self) -> Result<&Arc<dyn BlobStore>, Error> {
        let missing = || Error::Internal("this desk was built without a place for files".into());
        self.parts.blobs.as_ref().ok_or_else(missing)
    }
}

/// What the desk answers where bytes can't be kept or had.
pub(in crate::desk) fn unkept(error: BlobError) -> Error {
    match error {
        BlobError::Full | BlobError::Unavailable(_) => Error::Unavailable(Some(StoreError::Unavailable(error.into()))),
        BlobError::Corrupt(_) => Error::Internal(error.into()),
    }
}

/// By what another copy of a mail is known. Two mails without an id are the same where their bytes are.
fn key(raw: &[u8], digest: BlobKey) -> String {
    match message_id(raw) {
        Some(id) if id.len() <= LONGEST_KEY => format!("id:{id}"),
        Some(id) => format!("id-digest:{}", BlobKey::of(id.as_bytes())),
        None => format!("digest:{digest}"),
    }
}

/// The value of `Message-ID` without angle brackets (RFC 5322, 3.6.4).
fn message_id(raw: &[u8]) -> Option<String> {
    let value = header(raw, "message-id")?;
    let id = value.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(value.as_str(), |(id, _)| id);
    let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    Some(id).filter(|id| !id.is_empty())
}

/// The first value of a header, in one line, found without reading the rest of the mail.
fn header(raw: &[u8], wanted: &str) -> Option<String> {
    let head = String::from_utf8_lossy(&raw[..raw.len().min(HEAD)]);
    let mut lines = head.lines().take_while(|line| !line.is_empty()).peekable();
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.split_once(':') else { continue };
        if !name.trim_end().eq_ignore_ascii_case(wanted) {
            continue;
        }
        let mut value = value.trim().to_owned();
        while let Some(more) = lines.next_if(|line| line.starts_with([' ', '\t'])) {
            value.push(' ');
            value.push_str(more.trim());
        }
        return Some(value);
    }
    None
}

/// The bytes with their key. Many of them are gone through on a thread of their own.
pub(in crate::desk) async fn digested(raw: Bytes) -> Result<(Bytes, BlobKey), Error> {
    if raw.len() < LARGE {
        let blob = BlobKey::of(&raw);
        return Ok((raw, blob));
    }
    let digested = tokio::task::spawn_blocking(move || {
        let blob = BlobKey::of(&raw);
        (raw, blob)
    });
    digested.await.map_err(|_| Error::Unavailable(None))
}

/// Whether it is an address that could be somebody's, and short enough to be kept.
fn is_address(text: &str) -> bool {
    text.len() <= LONGEST_ADDRESS && text.contains('@') && !text.contains(|c: char| c.is_control())
}

fn bounded(envelope: &Envelope) -> Envelope {
    let short = |address: &&String| address.len() <= LONGEST_ADDRESS && !address.contains(|c: char| c.is_control());
    Envelope {
        from: envelope.from.clone().filter(|from| short(&from)),
        to: envelope.to.iter().filter(short).take(MOST_RECIPIENTS).cloned().collect(),
    }
}

#[cfg(test)]
mod key_tests {
    use super::*;

    #[test]
    fn a_mail_is_known_by_its_id_however_it_is_written() {
        let id = |raw: &str| message_id(raw.as_bytes());
        assert_eq!(id("From: a\r\nMessage-ID: <x@y>\r\n\r\nhello"), Some("x@y".to_owned()));
        assert_eq!(id("message-id :\r\n <x@\r\n y>\r\n\r\n"), Some("x@y".to_owned()));
        assert_eq!(id("Message-Id: x@y\n\n"), Some("x@y".to_owned()));
        assert_eq!(id("From: a\r\n\r\nMessage-ID: <x@y>"), None);
        assert_eq!(id("Message-ID: <>\r\n\r\n"), None);
        let long = format!("Message-ID: <{}@y>\r\n\r\n", "x".repeat(5_000));
        let key = key(long.as_bytes(), BlobKey::of(b""));
        assert!(key.starts_with("id-digest:") && key.len() < 200, "{key}");
    }
}
