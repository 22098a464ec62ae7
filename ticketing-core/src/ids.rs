//! Names of things: typed ids over UUIDv7, and the ticket number that people say on the phone.

use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// One request for help and all that belongs to it.
    TicketId,
    /// One message or note on a ticket.
    CommentId,
    /// One person: customer or staff.
    UserId,
    /// One company whose people are customers.
    OrganizationId,
    /// One group of staff that shares a queue.
    TeamId,
    /// One sign-in and all tokens that were refreshed from it.
    SessionId,
    /// One key of a program that acts for its owner.
    ApiKeyId,
    /// One link that sets a password or a desk up.
    CredentialTokenId,
    /// One fact of the event log; the same over retries, replays and deliveries.
    EventId,
    /// One commit: everything that became true together.
    ChangeId,
    /// One line of the audit log.
    AuditId,
    /// One rule of the desk.
    WorkflowId,
    /// What a rule was found to do about one change.
    WorkflowRunId,
    /// One decision whom a ticket of a team goes to.
    RoutingDecisionId,
    /// One field that the desk has added to its tickets.
    CustomFieldId,
    /// One tie between two tickets.
    LinkId,
    /// One piece of work that a commit has promised; the same over all its attempts.
    JobId,
    /// One table that somebody has brought to be taken in.
    ImportId,
    /// One worker of one process, while it runs.
    WorkerId,
    /// One thing that one person is told on the desk.
    NotificationId,
    /// One endpoint that is told what happens.
    WebhookId,
    /// One calendar that says when work is done.
    CalendarId,
    /// One policy that says what is promised.
    SlaPolicyId,
    /// One list of tickets under a name.
    ViewId,
    /// One mail that came in.
    ArrivalId,
    /// One file on a ticket.
    AttachmentId,
    /// One text that staff answer with again and again.
    CannedResponseId,
    /// One thing of several steps that staff do by one press.
    MacroId,
    /// One stretch of work on a ticket.
    TimeEntryId,
}

impl EventId {
    /// Smaller than the id of any event of this moment and later, and greater than that of any earlier one.
    pub fn first_at(at: crate::time::Time) -> Self {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        Self(Uuid::from_u64_pair(millis << 16, 0))
    }

    /// Smaller than all ids of the same millisecond, and greater than those of any earlier one.
    #[must_use]
    pub fn first_of_moment(self) -> Self {
        let (high, _) = self.0.as_u64_pair();
        Self(Uuid::from_u64_pair(high & !0xffff, 0))
    }
}

/// A place in the event log. Grows with every event; what is read up to a place stays complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub i64);

/// The name of a ticket for people, such as `TKT-7KQ2M9XD`: short, unguessable, without look-alikes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TicketNumber(String);

impl TicketNumber {
    /// What every number starts with.
    pub const PREFIX: &'static str = "TKT-";
    /// Digits and capitals that can't be mistaken for one another: no 0, O, 1, I, L, U, V.
    pub const ALPHABET: &'static [u8] = b"23456789ABCDEFGHJKMNPQRSTWXYZ";
    /// How many characters a new number has behind the prefix.
    pub const LENGTH: usize = 8;

    /// A number from uniformly random bits. Forty bits or more leave no visible bias.
    pub fn from_bits(mut bits: u64) -> Self {
        let base = Self::ALPHABET.len() as u64;
        let mut text = String::with_capacity(Self::PREFIX.len() + Self::LENGTH);
        text.push_str(Self::PREFIX);
        for _ in 0..Self::LENGTH {
            let place = usize::try_from(bits % base).unwrap_or_default();
            text.push(char::from(Self::ALPHABET[place]));
            bits /= base;
        }
        Self(text)
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not a ticket number.
#[derive(Debug, thiserror::Error)]
#[error("not a ticket number")]
pub struct NotATicketNumber;

impl FromStr for TicketNumber {
    type Err = NotATicketNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = text.to_ascii_uppercase();
        let body = upper.strip_prefix(Self::PREFIX).ok_or(NotATicketNumber)?;
        let fits = (6..=10).contains(&body.len()) && body.bytes().all(|b| Self::ALPHABET.contains(&b));
        if fits { Ok(Self(upper)) } else { Err(NotATicketNumber) }
    }
}

impl<'de> Deserialize<'de> for TicketNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a caller names a ticket: by id or by number. Every path takes either.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TicketKey {
    /// By its id.
    Id(TicketId),
    /// By the number that people use.
    Number(TicketNumber),
}

impl FromStr for TicketKey {
    type Err = NotATicketNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Uuid::parse_str(text) {
            Ok(id) => Ok(Self::Id(TicketId(id))),
            Err(_) => text.parse().map(Self::Number),
        }
    }
}

impl From<TicketId> for TicketKey {
    fn from(id: TicketId) -> Self {
        Self::Id(id)
    }
}
