//! What each line of a desk's file says.

use super::work::{CannedUseLine, TimeEntryLine};
use crate::event::{Audience, Event, Fact};
use crate::ids::{AttachmentId, ChangeId, CommentId, EventId, Seq, SlaPolicyId, TeamId, TicketId, UserId};
use crate::model::{
    AttachedTo, Attachment, BlobKey, Channel, Comment, Fired, Membership, Milestone, Organization, Person, Priority,
    RoutingDecision, RoutingTurn, RuleRef, SlaMetric, SlaResult, Team, Ticket, TicketLink, User, Watcher,
};
use crate::setting::Document;
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// One line of a desk's file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(missing_docs)] // Each says what it holds.
pub enum Line {
    Header(Header),
    Setting(SettingLine),
    User(UserLine),
    CannedUse(CannedUseLine),
    Team(Team),
    Membership(Membership),
    RoutingTurn(RoutingTurn),
    Organization(Organization),
    Ticket(Box<Ticket>),
    Comment(CommentLine),
    Watcher(WatcherLine),
    Attachment(AttachmentLine),
    SlaResult(SlaResultLine),
    Milestone(Milestone),
    Fired(Fired),
    Link(TicketLink),
    RoutingDecision(Box<RoutingDecision>),
    TimeEntry(Box<TimeEntryLine>),
    Event(Box<EventLine>),
    Footer(Footer),
}

/// The first line: what the file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Always [`Header::FORMAT`].
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// The version of the program that wrote it.
    pub program: String,
    /// What the desk calls itself.
    pub desk: String,
    /// The desk as it was at this moment.
    pub made_at: Time,
    /// Whether password hashes and sealed secrets are in it.
    pub has_secrets: bool,
}

impl Header {
    /// The name of the format.
    pub const FORMAT: &'static str = "ticketing-desk";
    /// The version that is written, and the only one that is read.
    pub const VERSION: u32 = 1;
}

/// The last line: what stands above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footer {
    /// How many lines there are of each type, header and footer aside.
    pub counts: BTreeMap<String, u64>,
    /// What a desk keeps and its file does not.
    pub left_out: Vec<String>,
    /// The SHA-256 of all bytes before this line, in hexadecimal digits.
    pub sha256: String,
}

/// A settings document at its newest version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // The fields are those of `setting::Document`.
pub struct SettingLine {
    pub kind: String,
    pub id: Uuid,
    pub owner: Option<UserId>,
    pub version: i64,
    pub saved_at: Time,
    pub saved_by: Option<UserId>,
    pub body: Value,
}

impl From<Document> for SettingLine {
    fn from(document: Document) -> Self {
        let Document { kind, id, owner, version, saved_at, saved_by, body, .. } = document;
        Self { kind, id, owner, version, saved_at, saved_by, body }
    }
}

impl From<SettingLine> for Document {
    fn from(line: SettingLine) -> Self {
        let SettingLine { kind, id, owner, version, saved_at, saved_by, body } = line;
        Self { kind, id, owner, version, saved_at, saved_by, deleted: false, body }
    }
}

/// A person, with what a profile does not tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserLine {
    /// The profile.
    #[serde(flatten)]
    pub user: User,
    /// How often all sign-ins of the person have ended.
    pub rights_version: i64,
    /// Whether the customer joins the company of the mail domain.
    pub joins_by_domain: bool,
    /// The encoded hash of the password, where secrets are written and the person has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_hash: Option<String>,
}

impl UserLine {
    /// The person, and what the password is checked against.
    pub fn into_parts(self) -> (User, Option<String>) {
        let Self { user, rights_version, joins_by_domain, password_hash } = self;
        (User { rights_version, joins_by_domain, ..user }, password_hash)
    }
}

/// What was said on a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // The fields are those of `model::Comment`, the author by id.
pub struct CommentLine {
    pub id: CommentId,
    pub ticket_id: TicketId,
    pub author_id: Option<UserId>,
    pub body: String,
    pub is_internal: bool,
    pub channel: Channel,
    pub version: i64,
    pub created_at: Time,
    pub edited_at: Option<Time>,
}

impl From<Comment> for CommentLine {
    fn from(comment: Comment) -> Self {
        let Comment { id, ticket_id, author, body, is_internal, channel, version, created_at, edited_at } = comment;
        Self { id, ticket_id, author_id: author.id, body, is_internal, channel, version, created_at, edited_at }
    }
}

impl From<CommentLine> for Comment {
    fn from(line: CommentLine) -> Self {
        let CommentLine { id, ticket_id, author_id, body, is_internal, channel, version, created_at, edited_at } = line;
        Self { id, ticket_id, author: known(author_id), body, is_internal, channel, version, created_at, edited_at }
    }
}

/// Somebody by id alone: stores fill in the rest when they read.
fn known(id: Option<UserId>) -> Person {
    Person { id, ..Person::system() }
}

/// Somebody who listens to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // The fields are those of `model::Watcher`, the person by id.
pub struct WatcherLine {
    pub ticket_id: TicketId,
    pub user_id: UserId,
    pub created_at: Time,
}

impl WatcherLine {
    /// Nothing for one who is nobody any more.
    pub fn of(watcher: &Watcher) -> Option<Self> {
        Some(Self { ticket_id: watcher.ticket_id, user_id: watcher.user.id?, created_at: watcher.created_at })
    }
}

/// A file; its bytes are kept elsewhere, under their SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // The fields are those of `model::Attachment`.
pub struct AttachmentLine {
    pub id: AttachmentId,
    /// Where it belongs to the ticket's description.
    pub ticket_id: Option<TicketId>,
    /// Where it belongs to a comment.
    pub comment_id: Option<CommentId>,
    pub filename: String,
    pub content_type: String,
    pub size: i64,
    pub sha256: String,
    pub content_id: Option<String>,
    pub uploaded_by: Option<UserId>,
    pub created_at: Time,
}

impl From<Attachment> for AttachmentLine {
    fn from(file: Attachment) -> Self {
        let Attachment { id, of, filename, content_type, size, blob, content_id, uploaded_by, created_at } = file;
        let (ticket_id, comment_id) = match of {
            AttachedTo::Ticket(id) => (Some(id), None),
            AttachedTo::Comment(id) => (None, Some(id)),
        };
        let sha256 = blob.to_string();
        Self { id, ticket_id, comment_id, filename, content_type, size, sha256, content_id, uploaded_by, created_at }
    }
}

impl AttachmentLine {
    /// The file, unless it belongs to nothing or its key is none.
    pub fn into_attachment(self) -> Option<Attachment> {
        let blob = self.blob()?;
        let Self {
            id, ticket_id, comment_id, filename, content_type, size, content_id, uploaded_by, created_at, ..
        } = self;
        let of = match (ticket_id, comment_id) {
            (Some(id), None) => AttachedTo::Ticket(id),
            (None, Some(id)) => AttachedTo::Comment(id),
            _ => return None,
        };
        Some(Attachment { id, of, filename, content_type, size, blob, content_id, uploaded_by, created_at })
    }

    /// What its bytes are kept under.
    pub fn blob(&self) -> Option<BlobKey> {
        let bytes = data_encoding::HEXLOWER.decode(self.sha256.as_bytes()).ok()?;
        Some(BlobKey(bytes.try_into().ok()?))
    }
}

/// What became of a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // The fields are those of `model::SlaResult`.
pub struct SlaResultLine {
    pub ticket_id: TicketId,
    pub metric: SlaMetric,
    pub started_at: Time,
    pub policy_id: SlaPolicyId,
    pub target: i64,
    pub spent: i64,
    pub at: Time,
    pub met_at: Option<Time>,
    pub breached_at: Option<Time>,
    pub priority: Priority,
    pub team_id: Option<TeamId>,
    pub agent_id: Option<UserId>,
}

impl From<SlaResult> for SlaResultLine {
    fn from(result: SlaResult) -> Self {
        let SlaResult { ticket_id, metric, started_at, policy_id, target, spent, at, .. } = result;
        let SlaResult { met_at, breached_at, priority, team_id, agent_id, .. } = result;
        Self {
            ticket_id,
            metric,
            started_at,
            policy_id,
            target,
            spent,
            at,
            met_at,
            breached_at,
            priority,
            team_id,
            agent_id,
        }
    }
}

impl From<SlaResultLine> for SlaResult {
    fn from(line: SlaResultLine) -> Self {
        let SlaResultLine { ticket_id, metric, started_at, policy_id, target, spent, at, .. } = line;
        let SlaResultLine { met_at, breached_at, priority, team_id, agent_id, .. } = line;
        Self {
            ticket_id,
            metric,
            started_at,
            policy_id,
            target,
            spent,
            at,
            met_at,
            breached_at,
            priority,
            team_id,
            agent_id,
        }
    }
}

/// What happened, less its place in the log: that follows from the order of the lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // The fields are those of `event::Event`, the actor by id.
pub struct EventLine {
    pub id: EventId,
    pub change_id: ChangeId,
    pub fact: Fact,
    pub ticket_id: TicketId,
    pub ticket_version: i64,
    pub team_id: Option<TeamId>,
    pub assignee_id: Option<UserId>,
    pub audience: Audience,
    pub actor_id: Option<UserId>,
    pub cause: Option<EventId>,
    pub rule: Option<RuleRef>,
    pub at: Time,
    pub image: Option<Value>,
}

impl From<Event> for EventLine {
    fn from(event: Event) -> Self {
        let Event { id, change_id, fact, ticket_id, ticket_version, team_id, assignee_id, audience, .. } = event;
        let Event { actor, cause, rule, at, image, .. } = event;
        let actor_id = actor.id;
        Self {
            id,
            change_id,
            fact,
            ticket_id,
            ticket_version,
            team_id,
            assignee_id,
            audience,
            actor_id,
            cause,
            rule,
            at,
            image,
        }
    }
}

impl From<EventLine> for Event {
    fn from(line: EventLine) -> Self {
        let EventLine { id, change_id, fact, ticket_id, ticket_version, team_id, assignee_id, audience, .. } = line;
        let EventLine { actor_id, cause, rule, at, image, .. } = line;
        Self {
            seq: Seq::default(),
            id,
            change_id,
            fact,
            ticket_id,
            ticket_version,
            team_id,
            assignee_id,
            audience,
            actor: known(actor_id),
            cause,
            rule,
            at,
            image,
        }
    }
}

impl Line {
    /// The type, as the line names it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Header(_) => "header",
            Self::Setting(_) => "setting",
            Self::User(_) => "user",
            Self::CannedUse(_) => "canned_use",
            Self::Team(_) => "team",
            Self::Membership(_) => "membership",
            Self::RoutingTurn(_) => "routing_turn",
            Self::Organization(_) => "organization",
            Self::Ticket(_) => "ticket",
            Self::Comment(_) => "comment",
            Self::Watcher(_) => "watcher",
            Self::Attachment(_) => "attachment",
            Self::SlaResult(_) => "sla_result",
            Self::Milestone(_) => "milestone",
            Self::Fired(_) => "fired",
            Self::Link(_) => "link",
            Self::RoutingDecision(_) => "routing_decision",
            Self::TimeEntry(_) => "time_entry",
            Self::Event(_) => "event",
            Self::Footer(_) => "footer",
        }
    }
}
