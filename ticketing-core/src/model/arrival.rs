//! Mail that has come in, and what became of it.

use super::words;
use crate::ids::{ArrivalId, CommentId, TicketId, UserId};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

words! {
    /// How far a mail that came in is.
    ArrivalState {
        /// It is kept, and not read yet.
        Waiting = 0 "waiting",
        /// It went to a ticket that was there.
        Threaded = 1 "threaded",
        /// It made a ticket.
        New = 2 "new",
        /// It said something to the desk itself, such as that a delivery failed; no ticket was changed by its text.
        Noted = 3 "noted",
        /// It waits for an administrator.
        Held = 4 "held",
        /// It is not taken, by what was set. An administrator can release it all the same.
        Refused = 5 "refused",
        /// It can't be read.
        Quarantined = 6 "quarantined",
        /// An administrator wants nothing of it.
        Dropped = 7 "dropped",
    }
}

impl ArrivalState {
    /// Whether an administrator still can release or drop it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Held | Self::Refused | Self::Quarantined)
    }

    /// Whether something is still to be done about it, by the desk or by an administrator.
    pub fn waits(self) -> bool {
        self == Self::Waiting || self.is_open()
    }
}

words! {
    /// Why a mail did not become what its sender wanted.
    ArrivalCause {
        /// It can't be read as a mail.
        Unreadable = 0 "unreadable",
        /// It names nobody who has written it.
        NoSender = 1 "no_sender",
        /// It is one of the desk's own.
        OwnMail = 2 "own_mail",
        /// A program wrote it.
        Automatic = 3 "automatic",
        /// It reports what became of a mail of the desk.
        DeliveryReport = 4 "delivery_report",
        /// Its sender is on the block list.
        Blocked = 5 "blocked",
        /// The receiving server took it for spam.
        Spam = 6 "spam",
        /// Nobody here knows its sender, and strangers are held for approval.
        UnknownSender = 7 "unknown_sender",
        /// Nobody here knows its sender, and nobody may sign up.
        RegistrationClosed = 8 "registration_closed",
        /// Its sender does not work or ask here any more.
        FormerSender = 9 "former_sender",
        /// It wants to speak as staff, and nothing proves that it may.
        UnprovenStaff = 10 "unproven_staff",
        /// Its sender's domain says that it is forged.
        Forged = 11 "forged",
        /// Its sender has written too much lately.
        TooMany = 12 "too_many",
        /// What it asks for is not allowed to its sender.
        NotAllowed = 13 "not_allowed",
        /// The desk failed over it, again and again.
        Failed = 14 "failed",
    }
}

words! {
    /// By which way a mail came.
    ArrivalDoor {
        /// A signed request.
        Http = 0 "http",
        /// A program of the mail server's, which hands one mail over.
        Pipe = 1 "pipe",
        /// The mail server itself (RFC 2033).
        Lmtp = 2 "lmtp",
        /// Fetched out of a mailbox.
        Imap = 3 "imap",
        /// The embedding application.
        Host = 4 "host",
    }
}

/// What the servers on its way said of a mail, apart from the mail itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Where failures are told: `Some("")` where nowhere, nothing where the door can't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// To whom it was delivered; empty where the door can't say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
}

words! {
    /// What a check of a mail's origin found (RFC 8601, 2.7).
    AuthResult {
        /// Nobody whom the desk trusts has said anything.
        None = 0 "none",
        /// It holds.
        Pass = 1 "pass",
        /// It does not hold, for whatever reason.
        Fail = 2 "fail",
    }
}

#[allow(clippy::derivable_impls, reason = "the words are declared by a macro")]
impl Default for AuthResult {
    fn default() -> Self {
        Self::None
    }
}

/// What a server that the desk trusts found out about a mail's origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthVerdict {
    /// Whether the sending server may send for the domain of the envelope (RFC 7208).
    pub spf: AuthResult,
    /// Whether a signature holds (RFC 6376).
    pub dkim: AuthResult,
    /// Whether one of the two speaks for the domain of `From` (RFC 7489).
    pub dmarc: AuthResult,
}

/// What is known of a mail beside that by which it is found. Empties when its sender is forgotten.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArrivalDetail {
    /// Its `Message-ID` without angle brackets, cut where it is very long.
    pub message_id: Option<String>,
    /// What the door said of it.
    pub envelope: Envelope,
    /// Who says to have written it, as written.
    pub from: Option<String>,
    /// Its subject, cut where it is very long.
    pub subject: Option<String>,
    /// Why it is where it is, in words.
    pub reason: Option<String>,
    /// Whether its mailbox is known only by what the mail itself says, which anybody can write.
    pub is_mailbox_guessed: bool,
    /// Why it was taken for a program's.
    pub automatic: Option<String>,
    /// Whether the receiving server took it for spam.
    pub is_spam: bool,
    /// What is known of its origin.
    pub verdict: AuthVerdict,
    /// What of it was more than is taken in, such as `files`.
    pub left_out: Vec<String>,
    /// Who released it.
    pub released_by: Option<UserId>,
    /// When it was last decided about.
    pub decided_at: Option<Time>,
}

/// A mail that came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// Its id.
    pub id: ArrivalId,
    /// By what another copy of it is known: its `Message-ID`, or what it says where it has none. At most 200 bytes.
    pub key: String,
    /// The SHA-256 of its bytes, which are kept under this name.
    pub digest: [u8; 32],
    /// How many bytes it has.
    pub size: i64,
    /// By which way it came.
    pub door: ArrivalDoor,
    /// The mailbox that it came to.
    pub mailbox_id: Option<Uuid>,
    /// How far it is.
    pub state: ArrivalState,
    /// Why it is there, unless all went well.
    pub cause: Option<ArrivalCause>,
    /// The folded address of who says to have written it, at most 254 bytes.
    pub sender: Option<String>,
    /// The ticket that it made, went to, or is about.
    pub ticket_id: Option<TicketId>,
    /// The comment that it became.
    pub comment_id: Option<CommentId>,
    /// What else is known of it.
    pub detail: ArrivalDetail,
    /// When the desk took it in.
    pub received_at: Time,
    /// Grows by one with every change.
    pub version: i64,
}

/// What bytes are kept under: made of what they are, so that equal ones are kept once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobKey(pub [u8; 32]);

impl fmt::Display for BlobKey {
    /// As 64 small hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobKey({self})")
    }
}

impl BlobKey {
    /// The key of these bytes: their SHA-256.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::{Digest, Sha256};
        Self(Sha256::digest(bytes).into())
    }
}
