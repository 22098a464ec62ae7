//! The store: where tickets, people, settings and what happened to them are kept.
//!
//! One trait for each area, together a [`Store`]. All are `dyn`-safe and take `&self`. Every call
//! carries a [`Scope`]; a row outside it is absent. Reads see everything that was answered as
//! committed before they began. To write a store of your own, implement them and run
//! [`crate::conformance`] (feature `conformance`) on it.

use super::inbound::InboundRead;
use super::notification::NotificationRead;
use super::queue::Queue;
use super::report::ReportRead;
use super::routing::RoutingRead;
use super::time::TimeRead;
use super::timer::Timers;
use crate::access::Scope;
use crate::changes::{Changes, Committed};
use crate::event::Event;
use crate::ids::{
    ApiKeyId, AttachmentId, AuditId, CannedResponseId, CommentId, OrganizationId, Seq, SessionId, TicketId, TicketKey,
    UserId, WorkflowId,
};
use crate::model::{
    Answer, ApiKey, Attachment, AuditEntry, AuditMark, AuditRecord, AuditSeal, AuditTally, CannedUse, Comment,
    CredentialToken, FieldKey, IdempotencyKey, Organization, Session, Ticket, TicketLink, User, Watcher, WorkflowRun,
};
use crate::query::{AuditQuery, Countable, OrganizationQuery, TicketQuery, UserQuery, WorkflowRunQuery};
use crate::setting::{Document, SettingsState};
use crate::time::Time;
use async_trait::async_trait;
use uuid::Uuid;

/// Why a store did not do what it was asked. Keeps its source.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A row does not have the expected version (or is there already, or is not), or another
    /// transaction was in the way. Read again and decide again.
    #[error("a row has changed meanwhile")]
    Conflict,
    /// A value that must be unique is taken.
    #[error("duplicate {0:?}")]
    Duplicate(Unique),
    /// A row names another that is not there (a foreign key).
    #[error("a {0} that is referred to is missing")]
    Missing(&'static str),
    /// The settings are newer than those that the change was decided under.
    #[error("the settings have changed meanwhile")]
    StaleSettings,
    /// The database is away or overloaded; nothing was applied.
    #[error("the store is unavailable")]
    Unavailable(#[source] BoxError),
    /// The connection was lost or the disk failed while committing: applied or not, nobody knows.
    #[error("the outcome of the commit is unknown")]
    Unknown(#[source] BoxError),
    /// A stored row can't be read.
    #[error("stored data can't be read: {0}")]
    Corrupt(String),
    /// Anything else: a bug here or there.
    #[error("the store failed")]
    Other(#[source] BoxError),
}

/// Any error with its causes.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What must be unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unique {
    /// A ticket's number.
    TicketNumber,
    /// A person's folded address.
    Email,
    /// A company's folded name.
    OrganizationName,
    /// A mail domain that belongs to one company.
    OrganizationDomain,
    /// A team's folded name, among active teams.
    TeamName,
    /// A key's prefix.
    ApiKeyPrefix,
    /// A tie of one kind from one ticket to another.
    TicketLink,
    /// An event's id: this very change has landed before.
    Event,
    /// The answer to this very call: it was done before.
    Answer,
    /// A mail that came in: it, or another copy of it, was taken in before.
    Arrival,
    /// Any other row's id. Memberships and settings documents have none of their own; see
    /// [`crate::changes::Expect::New`].
    Id,
}

impl Unique {
    /// What it is, for people.
    pub fn describes(self) -> &'static str {
        match self {
            Self::TicketNumber => "ticket with this number",
            Self::Email => "person with this email address",
            Self::OrganizationName => "organization with this name",
            Self::OrganizationDomain => "organization with this domain",
            Self::TeamName => "team with this name",
            Self::ApiKeyPrefix => "key with this prefix",
            Self::Answer => "answer to this call",
            Self::TicketLink => "link of this type between the two tickets",
            Self::Arrival => "mail with this id",
            Self::Event | Self::Id => "row with this id",
        }
    }
}

/// What most calls of a store answer.
pub type StoreResult<T> = Result<T, StoreError>;

/// The one way in.
#[async_trait]
pub trait Commit: Send + Sync {
    /// Applies each item whole or not at all, on its own, and makes it durable before answering.
    /// Answers in the order of the items.
    ///
    /// An item fails with [`StoreError::StaleSettings`] where its `settings` is not the stored
    /// version, with [`StoreError::Conflict`] where an expectation or guard does not hold, with
    /// [`StoreError::Duplicate`] where a unique value is taken. A caller that drops the future does
    /// not cancel the commit; only one that has not begun because the database is away or locked may
    /// be left undone, rather than land after its caller was told something else.
    async fn commit_all(&self, batch: Vec<Changes>) -> Vec<StoreResult<Committed>>;

    /// Applies one.
    async fn commit(&self, changes: Changes) -> StoreResult<Committed> {
        let mut answers = self.commit_all(vec![changes]).await;
        answers.pop().unwrap_or_else(|| Err(StoreError::Other("the store gave no answer".into())))
    }
}

/// Tickets and what hangs on them.
#[async_trait]
pub trait TicketRead: Send + Sync {
    /// The ticket, whole.
    async fn ticket(&self, scope: &Scope, key: &TicketKey) -> StoreResult<Option<Ticket>>;

    /// Tickets that the filter holds for, in the order asked for, ties by id in the same direction,
    /// at most `limit`, starting after `after`. A row that keeps its sort key is neither skipped
    /// nor repeated by rows that come and go between two pages. [`crate::condition::Test::Matches`]
    /// is checked too, here or in SQL.
    async fn tickets(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<Vec<Ticket>>;

    /// How many tickets the filter holds for; `sort`, `after` and `limit` do not matter.
    async fn ticket_count(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<u64>;

    /// How many tickets each of these filters holds for, in their order; of one that holds for more than `most`,
    /// `most`. Counting stops there, however many there are. `sort`, `after` and `limit` do not matter.
    async fn ticket_counts(&self, scope: &Scope, queries: &[TicketQuery], most: usize) -> StoreResult<Vec<u64>>;

    /// Comments of a ticket, oldest first (by id), after this one; internal ones only where the scope
    /// sees them; none where the ticket is out of scope.
    async fn comments(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>>;

    /// The same from the end: newest first (by id), before this one. What long conversations are read by.
    async fn comments_from_end(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        before: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>>;

    /// Comments by their ids, in any order; those out of scope are left out.
    async fn comments_by_ids(&self, scope: &Scope, ids: &[CommentId]) -> StoreResult<Vec<Comment>>;

    /// Comments that a person wrote on any ticket, notes too, oldest first (by id), after this one. Only for
    /// [`Scope::System`] and [`Scope::Staff`]. For who exports all of it: it may read past all comments.
    async fn comments_by_author(
        &self,
        scope: &Scope,
        author_id: UserId,
        after: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>>;

    /// Who listens to a ticket, by user id; none where the ticket is out of scope or the scope sees
    /// nothing internal.
    async fn watchers(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<UserId>,
        limit: usize,
    ) -> StoreResult<Vec<Watcher>>;

    /// Those of these people, each named once, who listen to a ticket, in any order; left out as in
    /// [`TicketRead::watchers`].
    async fn watchers_by_ids(&self, scope: &Scope, ticket_id: TicketId, ids: &[UserId]) -> StoreResult<Vec<Watcher>>;

    /// Files of a ticket's description and of its comments, by id (oldest first), after this one, at most `limit`; those of
    /// what is out of scope are left out, as in [`TicketRead::comments`].
    async fn attachments(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<AttachmentId>,
        limit: usize,
    ) -> StoreResult<Vec<Attachment>>;

    /// Files of these comments, by id (oldest first); left out as above. The caller asks for at most a page of comments
    /// at once, and the desk lets no comment have many files.
    async fn comment_attachments(&self, scope: &Scope, comments: &[CommentId]) -> StoreResult<Vec<Attachment>>;

    /// One file; absent where what it belongs to is out of scope.
    async fn attachment(&self, scope: &Scope, id: AttachmentId) -> StoreResult<Option<Attachment>>;

    /// Tickets by their names, in any order, each once; those out of scope are left out.
    async fn tickets_by_keys(&self, scope: &Scope, keys: &[TicketKey]) -> StoreResult<Vec<Ticket>>;

    /// Tickets that this one has taken in, by id, at most `limit`; those out of scope are left out.
    async fn merged_tickets(&self, scope: &Scope, into: TicketId, limit: usize) -> StoreResult<Vec<Ticket>>;

    /// The ids of a ticket's comments, oldest first, and whether each is internal, at most `limit`; left
    /// out as in [`TicketRead::comments`].
    async fn comment_ids(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        limit: usize,
    ) -> StoreResult<Vec<(CommentId, bool)>>;

    /// Ties that start from or lead to the ticket, oldest first (by id), at most `limit`; those of which
    /// either end is out of scope are left out.
    async fn ticket_links(&self, scope: &Scope, ticket_id: TicketId, limit: usize) -> StoreResult<Vec<TicketLink>>;

    /// Whether any ticket names this team.
    async fn team_in_use(&self, scope: &Scope, team_id: crate::ids::TeamId) -> StoreResult<bool>;

    /// Whether any ticket has a value of the custom field with this key, as
    /// [`crate::condition::custom_values`] reads it.
    async fn custom_field_in_use(&self, scope: &Scope, key: FieldKey) -> StoreResult<bool>;
}

/// A person with the hash that a password is checked against.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The person.
    pub user: User,
    /// The encoded hash, where the person has a password.
    pub password_hash: Option<String>,
}

/// People, companies and sign-ins.
#[async_trait]
pub trait PeopleRead: Send + Sync {
    /// The person.
    async fn user(&self, scope: &Scope, id: UserId) -> StoreResult<Option<User>>;

    /// People by their ids, in any order; those out of scope are left out.
    async fn users_by_ids(&self, scope: &Scope, ids: &[UserId]) -> StoreResult<Vec<User>>;

    /// The person with this folded address and the password hash. Only for [`Scope::System`];
    /// absent in any other scope.
    async fn credential(&self, scope: &Scope, email_fold: &str) -> StoreResult<Option<Credential>>;

    /// The same by id.
    async fn credential_by_id(&self, scope: &Scope, id: UserId) -> StoreResult<Option<Credential>>;

    /// People, by id (oldest first).
    async fn users(&self, scope: &Scope, query: &UserQuery) -> StoreResult<Vec<User>>;

    /// The company; a customer sees the own one only where it shares its tickets.
    async fn organization(&self, scope: &Scope, id: OrganizationId) -> StoreResult<Option<Organization>>;

    /// Companies, by id (oldest first). Nothing for a customer.
    async fn organizations(&self, scope: &Scope, query: &OrganizationQuery) -> StoreResult<Vec<Organization>>;

    /// The company that this mail domain belongs to. Only for [`Scope::System`] and staff.
    async fn organization_by_domain(&self, scope: &Scope, domain: &str) -> StoreResult<Option<Organization>>;

    /// The sign-in. Only for [`Scope::System`].
    async fn session(&self, scope: &Scope, id: SessionId) -> StoreResult<Option<Session>>;

    /// A person's sign-ins that have not ended and can be refreshed after `now`, newest first (by id), before this one,
    /// at most `limit`. None in any other scope than [`Scope::System`].
    async fn sessions(
        &self,
        scope: &Scope,
        user_id: UserId,
        now: Time,
        before: Option<SessionId>,
        limit: usize,
    ) -> StoreResult<Vec<Session>>;

    /// The key with this prefix. Only for [`Scope::System`].
    async fn api_key(&self, scope: &Scope, prefix: &str) -> StoreResult<Option<ApiKey>>;

    /// The same by id.
    async fn api_key_by_id(&self, scope: &Scope, id: ApiKeyId) -> StoreResult<Option<ApiKey>>;

    /// A person's keys that were not taken back, oldest first (by id). The desk lets nobody have many.
    /// None in any other scope than [`Scope::System`].
    async fn api_keys(&self, scope: &Scope, user_id: UserId) -> StoreResult<Vec<ApiKey>>;

    /// The link whose token has this hash, used or not. Only for [`Scope::System`].
    async fn credential_token(&self, scope: &Scope, token_hash: &[u8; 32]) -> StoreResult<Option<CredentialToken>>;
}

/// Settings and directory.
#[async_trait]
pub trait SettingsRead: Send + Sync {
    /// The version of the settings; grows with every change that bumps it.
    async fn settings_version(&self) -> StoreResult<i64>;

    /// Everything a snapshot is made of, in one consistent look.
    async fn settings(&self) -> StoreResult<SettingsState>;

    /// All versions of a document that are kept, newest first, at most `limit`.
    async fn document_history(&self, kind: &str, id: Uuid, limit: usize) -> StoreResult<Vec<Document>>;

    /// How often this person has answered with each canned response, in any order; those never used are left out.
    async fn canned_uses(&self, user_id: UserId) -> StoreResult<Vec<CannedUse>>;

    /// How often everybody together has answered with each of these, in any order; those never used are left out. The
    /// caller asks for at most a page of them at once.
    async fn canned_totals(&self, ids: &[CannedResponseId]) -> StoreResult<Vec<(CannedResponseId, u64)>>;
}

/// What happened.
#[async_trait]
pub trait ActivityRead: Send + Sync {
    /// Events after a place in the log, in its order, at most `limit`, and the place up to which the
    /// log was read. What is read so is complete: no event ever appears later at or before that
    /// place. Where nothing follows that may be told yet, the answer is empty and the place is
    /// `after` or later. Events of tickets out of scope, and staff events for a customer, are left
    /// out.
    async fn events(&self, scope: &Scope, after: Seq, limit: usize) -> StoreResult<EventPage>;

    /// The place up to which the log can be read now: [`ActivityRead::events`] is complete up to it, and nothing
    /// ever appears later at or before it. Zero where there is nothing to read. It may lie before a place that was
    /// answered earlier. Costs the same however long the log is.
    async fn log_end(&self) -> StoreResult<Seq>;

    /// Events of one ticket, oldest first, after a place in the log; left out as above.
    async fn ticket_events(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Seq,
        limit: usize,
    ) -> StoreResult<Vec<Event>>;

    /// The same from the end: newest first, before a place in the log.
    async fn ticket_events_from_end(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        before: Option<Seq>,
        limit: usize,
    ) -> StoreResult<Vec<Event>>;

    /// The last event of this wire name on the ticket; left out as above.
    async fn last_ticket_event(&self, scope: &Scope, ticket_id: TicketId, name: &str) -> StoreResult<Option<Event>>;

    /// What rules were found to do, newest first (by id). Only for scopes that see what is internal; those of
    /// tickets out of scope are left out. Whoever sees every ticket also sees those of tickets that are no longer
    /// there.
    async fn workflow_runs(&self, scope: &Scope, query: &WorkflowRunQuery) -> StoreResult<Vec<WorkflowRun>>;

    /// How many changes since this moment a rule was held back in, counted up to `limit`.
    async fn suppressed_runs(&self, rule: WorkflowId, since: Time, limit: usize) -> StoreResult<u64>;

    /// Forgets what rules did before this moment, the oldest first, at most `limit`. Answers how many.
    async fn purge_workflow_runs(&self, before: Time, limit: usize) -> StoreResult<u64>;

    /// Audit lines, newest first (by moment, then id). Only for [`Scope::System`] and
    /// [`Scope::Staff`]; the desk lets only administrators ask.
    async fn audit(&self, scope: &Scope, query: &AuditQuery) -> StoreResult<Vec<AuditEntry>>;

    /// What was answered to the call of this owner, route and key, whatever its digest and age. Only for
    /// [`Scope::System`].
    async fn answer(&self, scope: &Scope, key: &IdempotencyKey) -> StoreResult<Option<Answer>>;
}

/// The audit log as the one who seals and proves it sees it; nobody's scope cuts it.
#[async_trait]
pub trait SealRead: Send + Sync {
    /// Lines that wait for a seal, by id (oldest first), at most `limit`.
    async fn unsealed_audit(&self, limit: usize) -> StoreResult<Vec<AuditMark>>;

    /// The newest seal.
    async fn last_audit_seal(&self) -> StoreResult<Option<AuditSeal>>;

    /// Seals after this number, by number, at most `limit`.
    async fn audit_seals(&self, after: i64, limit: usize) -> StoreResult<Vec<AuditSeal>>;

    /// Codes of these lines, in any order; lines that are not there are left out.
    async fn audit_marks(&self, ids: &[AuditId]) -> StoreResult<Vec<AuditMark>>;

    /// Lines as they are stored, by id, after this one, at most `limit`.
    async fn audit_records(&self, after: Option<AuditId>, limit: usize) -> StoreResult<Vec<AuditRecord>>;

    /// Lines of the action [`crate::model::audit::ERASED`] as they are stored, by id, after this one, at most
    /// `limit`. They are few, and found without reading the others.
    async fn audit_erasures(&self, after: Option<AuditId>, limit: usize) -> StoreResult<Vec<AuditRecord>>;

    /// How many lines there are, wait for a seal and are sealed, in one consistent look.
    async fn audit_tally(&self) -> StoreResult<AuditTally>;
}

/// A stretch of the event log.
#[derive(Clone, Debug, Default)]
pub struct EventPage {
    /// The events, in order.
    pub events: Vec<Event>,
    /// Where to go on.
    pub next: Seq,
}

/// A place for everything the desk keeps.
#[async_trait]
pub trait Store:
    Commit
    + TicketRead
    + PeopleRead
    + SettingsRead
    + ActivityRead
    + NotificationRead
    + SealRead
    + Queue
    + InboundRead
    + Timers
    + ReportRead
    + RoutingRead
    + TimeRead
{
    /// Answers when the store can be used. For readiness checks.
    async fn ping(&self) -> StoreResult<()>;

    /// How many rows all pages of the list have together; what is out of scope does not count.
    /// [`TicketRead::ticket_count`] counts tickets.
    async fn count(&self, scope: &Scope, list: Countable<'_>) -> StoreResult<u64>;
}
