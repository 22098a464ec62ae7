//! Who did what, when and from where.

use super::Person;
use crate::ids::{
    ApiKeyId, ArrivalId, AuditId, JobId, OrganizationId, SessionId, TeamId, TicketId, TimeEntryId, UserId,
};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// What the log calls it when a person is erased. Only details of lines by or about such a person may be
/// empty; see [`crate::Desk::erase_user`].
pub const ERASED: &str = "user.erased";

/// What an act was done to. Written as `ticket:0197…` on the wire and in stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A ticket.
    Ticket(TicketId),
    /// A person.
    User(UserId),
    /// A company.
    Organization(OrganizationId),
    /// A team.
    Team(TeamId),
    /// A sign-in.
    Session(SessionId),
    /// A settings document.
    Setting(Uuid),
    /// A job.
    Job(JobId),
    /// A program's key.
    ApiKey(ApiKeyId),
    /// A mail that came in.
    Mail(ArrivalId),
    /// Time that was spent on a ticket.
    TimeEntry(TimeEntryId),
}

impl Subject {
    /// The kind, and the id within it.
    pub fn parts(self) -> (&'static str, Uuid) {
        match self {
            Self::Ticket(id) => ("ticket", id.0),
            Self::User(id) => ("user", id.0),
            Self::Organization(id) => ("organization", id.0),
            Self::Team(id) => ("team", id.0),
            Self::Session(id) => ("session", id.0),
            Self::Setting(id) => ("setting", id),
            Self::Job(id) => ("job", id.0),
            Self::ApiKey(id) => ("api_key", id.0),
            Self::Mail(id) => ("mail", id.0),
            Self::TimeEntry(id) => ("time_entry", id.0),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, id) = self.parts();
        write!(f, "{kind}:{id}")
    }
}

impl FromStr for Subject {
    type Err = super::UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, id) = text.split_once(':').ok_or(super::UnknownWord)?;
        let id = Uuid::parse_str(id).map_err(|_| super::UnknownWord)?;
        Ok(match kind {
            "ticket" => Self::Ticket(TicketId(id)),
            "user" => Self::User(UserId(id)),
            "organization" => Self::Organization(OrganizationId(id)),
            "team" => Self::Team(TeamId(id)),
            "session" => Self::Session(SessionId(id)),
            "setting" => Self::Setting(id),
            "api_key" => Self::ApiKey(ApiKeyId(id)),
            "job" => Self::Job(JobId(id)),
            "mail" => Self::Mail(ArrivalId(id)),
            "time_entry" => Self::TimeEntry(TimeEntryId(id)),
            _ => return Err(super::UnknownWord),
        })
    }
}

impl Serialize for Subject {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One line of the audit log. The line itself holds no personal text; what does (`detail`) lies
/// apart, so that it can be emptied when somebody must be forgotten, and is bound to the line by a
/// keyed digest.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When it happened.
    pub at: Time,
    /// Who did it. Stores keep the id and fill in name and role when they read.
    pub actor: Person,
    /// What was done, such as `ticket.assigned`.
    pub action: String,
    /// To what.
    pub subject: Subject,
    /// The request that asked for it.
    pub request_id: Option<String>,
    /// Before and after, and where from.
    pub detail: AuditDetail,
    /// Salt of the digest, so that a short detail can't be guessed from it.
    pub salt: [u8; 16],
    /// HMAC-SHA256 over salt and detail.
    pub detail_digest: [u8; 32],
    /// Which key made digest and code.
    pub key_id: String,
    /// HMAC-SHA256 over the line's own columns.
    pub mac: [u8; 32],
}

/// The personal part of an audit line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AuditDetail {
    /// `{field: [before, after]}`, secrets masked.
    #[serde(default)]
    pub changes: Value,
    /// The client's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The neighbour's address, where it is not the client's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// What the client calls itself, cut to 512 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
}
