//! A store of one's own under the desk, held to the rules of the port by the suite of the core.
//!
//! This one counts what it is asked for and leaves the work to another, as a cache, a tracer or a
//! store over other people's tables would begin.
//!
//! `cargo run -p ticketing-examples --bin own_store`; with a part of a test's name only those that have
//! it in theirs are run.

mod work;

use async_trait::async_trait;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::changes::{Changes, Committed};
use ticketing_core::conformance::{self, Harness};
use ticketing_core::desk::NewUser;
use ticketing_core::event::Event;
use ticketing_core::memory::MemoryStore;
use ticketing_core::model::{
    Answer, ApiKey, Attachment, AuditEntry, AuditMark, AuditRecord, AuditSeal, AuditTally, CannedUse, Comment,
    CredentialToken, FieldKey, IdempotencyKey, MemberLoad, Milestone, Notification, Organization, RoutingDecision,
    RoutingTurn, Session, SlaResult, Ticket, TicketLink, User, Watcher, WorkflowRun,
};
use ticketing_core::port::{
    ActivityRead, Commit, Credential, EventPage, HearerQuery, Hearers, NotificationRead, PeopleRead, ReportRead,
    RoutingQuery, RoutingRead, SealRead, SettingsRead, Store, StoreResult, TicketRead,
};
use ticketing_core::query::{
    AuditQuery, Countable, NotificationQuery, OrganizationQuery, TicketQuery, UserQuery, WorkflowRunQuery,
};
use ticketing_core::report::{SlaTally, SlaTallyQuery, TeamTally, TeamTallyQuery};
use ticketing_core::setting::{Document, SettingsState};
use ticketing_core::time::Time;
use ticketing_core::{
    ApiKeyId, AttachmentId, AuditId, CannedResponseId, ChangeId, CommentId, Desk, NotificationId, OrganizationId,
    Scope, Seq, SessionId, TeamId, TicketId, TicketKey, UserId, WorkflowId,
};

/// Counts what a store is asked for.
#[derive(Default)]
struct Counting<S> {
    store: S,
    reads: AtomicU64,
    commits: AtomicU64,
}

impl<S> Counting<S> {
    /// The store, for one read.
    fn read(&self) -> &S {
        self.reads.fetch_add(1, Ordering::Relaxed);
        &self.store
    }
}

#[async_trait]
impl<S: Store> Commit for Counting<S> {
    async fn commit_all(&self, batch: Vec<Changes>) -> Vec<StoreResult<Committed>> {
        self.commits.fetch_add(batch.len() as u64, Ordering::Relaxed);
        self.store.commit_all(batch).await
    }
}

#[async_trait]
impl<S: Store> Store for Counting<S> {
    async fn ping(&self) -> StoreResult<()> {
        self.read().ping().await
    }

    async fn count(&self, scope: &Scope, list: Countable<'_>) -> StoreResult<u64> {
        self.read().count(scope, list).await
    }
}

#[async_trait]
impl<S: Store> TicketRead for Counting<S> {
    async fn ticket(&self, scope: &Scope, key: &TicketKey) -> StoreResult<Option<Ticket>> {
        self.read().ticket(scope, key).await
    }

    async fn tickets(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<Vec<Ticket>> {
        self.read().tickets(scope, query).await
    }

    async fn ticket_count(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<u64> {
        self.read().ticket_count(scope, query).await
    }

    async fn ticket_counts(&self, scope: &Scope, queries: &[TicketQuery], most: usize) -> StoreResult<Vec<u64>> {
        self.read().ticket_counts(scope, queries, most).await
    }

    async fn comments(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>> {
        self.read().comments(scope, ticket_id, after, limit).await
    }

    async fn comments_from_end(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        before: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>> {
        self.read().comments_from_end(scope, ticket_id, before, limit).await
    }

    async fn comments_by_ids(&self, scope: &Scope, ids: &[CommentId]) -> StoreResult<Vec<Comment>> {
        self.read().comments_by_ids(scope, ids).await
    }

    async fn comments_by_author(
        &self,
        scope: &Scope,
        author_id: UserId,
        after: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>> {
        self.read().comments_by_author(scope, author_id, after, limit).await
    }

    async fn watchers(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<UserId>,
        limit: usize,
    ) -> StoreResult<Vec<Watcher>> {
        self.read().watchers(scope, ticket_id, after, limit).await
    }

    async fn watchers_by_ids(&self, scope: &Scope, ticket_id: TicketId, ids: &[UserId]) -> StoreResult<Vec<Watcher>> {
        self.read().watchers_by_ids(scope, ticket_id, ids).await
    }

    async fn attachments(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<AttachmentId>,
        limit: usize,
    ) -> StoreResult<Vec<Attachment>> {
        self.read().attachments(scope, ticket_id, after, limit).await
    }

    async fn comment_attachments(&self, scope: &Scope, comments: &[CommentId]) -> StoreResult<Vec<Attachment>> {
        self.read().comment_attachments(scope, comments).await
    }

    async fn attachment(&self, scope: &Scope, id: AttachmentId) -> StoreResult<Option<Attachment>> {
        self.read().attachment(scope, id).await
    }

    async fn tickets_by_keys(&self, scope: &Scope, keys: &[TicketKey]) -> StoreResult<Vec<Ticket>> {
        self.read().tickets_by_keys(scope, keys).await
    }

    async fn merged_tickets(&self, scope: &Scope, into: TicketId, limit: usize) -> StoreResult<Vec<Ticket>> {
        self.read().merged_tickets(scope, into, limit).await
    }

    async fn comment_ids(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        limit: usize,
    ) -> StoreResult<Vec<(CommentId, bool)>> {
        self.read().comment_ids(scope, ticket_id, limit).await
    }

    async fn ticket_links(&self, scope: &Scope, ticket_id: TicketId, limit: usize) -> StoreResult<Vec<TicketLink>> {
        self.read().ticket_links(scope, ticket_id, limit).await
    }

    async fn team_in_use(&self, scope: &Scope, team_id: TeamId) -> StoreResult<bool> {
        self.read().team_in_use(scope, team_id).await
    }

    async fn custom_field_in_use(&self, scope: &Scope, key: FieldKey) -> StoreResult<bool> {
        self.read().custom_field_in_use(scope, key).await
    }
}

#[async_trait]
impl<S: Store> PeopleRead for Counting<S> {
    async fn user(&self, scope: &Scope, id: UserId) -> StoreResult<Option<User>> {
        self.read().user(scope, id).await
    }

    async fn users_by_ids(&self, scope: &Scope, ids: &[UserId]) -> StoreResult<Vec<User>> {
        self.read().users_by_ids(scope, ids).await
    }

    async fn credential(&self, scope: &Scope, email_fold: &str) -> StoreResult<Option<Credential>> {
        self.read().credential(scope, email_fold).await
    }

    async fn credential_by_id(&self, scope: &Scope, id: UserId) -> StoreResult<Option<Credential>> {
        self.read().credential_by_id(scope, id).await
    }

    async fn users(&self, scope: &Scope, query: &UserQuery) -> StoreResult<Vec<User>> {
        self.read().users(scope, query).await
    }

    async fn organization(&self, scope: &Scope, id: OrganizationId) -> StoreResult<Option<Organization>> {
        self.read().organization(scope, id).await
    }

    async fn organizations(&self, scope: &Scope, query: &OrganizationQuery) -> StoreResult<Vec<Organization>> {
        self.read().organizations(scope, query).await
    }

    async fn organization_by_domain(&self, scope: &Scope, domain: &str) -> StoreResult<Option<Organization>> {
        self.read().organization_by_domain(scope, domain).await
    }

    async fn session(&self, scope: &Scope, id: SessionId) -> StoreResult<Option<Session>> {
        self.read().session(scope, id).await
    }

    async fn sessions(
        &self,
        scope: &Scope,
        user_id: UserId,
        now: Time,
        before: Option<SessionId>,
        limit: usize,
    ) -> StoreResult<Vec<Session>> {
        self.read().sessions(scope, user_id, now, before, limit).await
    }

    async fn api_key(&self, scope: &Scope, prefix: &str) -> StoreResult<Option<ApiKey>> {
        self.read().api_key(scope, prefix).await
    }

    async fn api_key_by_id(&self, scope: &Scope, id: ApiKeyId) -> StoreResult<Option<ApiKey>> {
        self.read().api_key_by_id(scope, id).await
    }

    async fn api_keys(&self, scope: &Scope, user_id: UserId) -> StoreResult<Vec<ApiKey>> {
        self.read().api_keys(scope, user_id).await
    }

    async fn credential_token(&self, scope: &Scope, token_hash: &[u8; 32]) -> StoreResult<Option<CredentialToken>> {
        self.read().credential_token(scope, token_hash).await
    }
}

#[async_trait]
impl<S: Store> SettingsRead for Counting<S> {
    async fn settings_version(&self) -> StoreResult<i64> {
        self.read().settings_version().await
    }

    async fn settings(&self) -> StoreResult<SettingsState> {
        self.read().settings().await
    }

    async fn document_history(&self, kind: &str, id: uuid::Uuid, limit: usize) -> StoreResult<Vec<Document>> {
        self.read().document_history(kind, id, limit).await
    }

    async fn canned_uses(&self, user_id: UserId) -> StoreResult<Vec<CannedUse>> {
        self.read().canned_uses(user_id).await
    }

    async fn canned_totals(&self, ids: &[CannedResponseId]) -> StoreResult<Vec<(CannedResponseId, u64)>> {
        self.read().canned_totals(ids).await
    }
}

#[async_trait]
impl<S: Store> ActivityRead for Counting<S> {
    async fn events(&self, scope: &Scope, after: Seq, limit: usize) -> StoreResult<EventPage> {
        self.read().events(scope, after, limit).await
    }

    async fn log_end(&self) -> StoreResult<Seq> {
        self.read().log_end().await
    }

    async fn ticket_events(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Seq,
        limit: usize,
    ) -> StoreResult<Vec<Event>> {
        self.read().ticket_events(scope, ticket_id, after, limit).await
    }

    async fn ticket_events_from_end(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        before: Option<Seq>,
        limit: usize,
    ) -> StoreResult<Vec<Event>> {
        self.read().ticket_events_from_end(scope, ticket_id, before, limit).await
    }

    async fn last_ticket_event(&self, scope: &Scope, ticket_id: TicketId, name: &str) -> StoreResult<Option<Event>> {
        self.read().last_ticket_event(scope, ticket_id, name).await
    }

    async fn workflow_runs(&self, scope: &Scope, query: &WorkflowRunQuery) -> StoreResult<Vec<WorkflowRun>> {
        self.read().workflow_runs(scope, query).await
    }

    async fn suppressed_runs(&self, rule: WorkflowId, since: Time, limit: usize) -> StoreResult<u64> {
        self.read().suppressed_runs(rule, since, limit).await
    }

    async fn purge_workflow_runs(&self, before: Time, limit: usize) -> StoreResult<u64> {
        self.read().purge_workflow_runs(before, limit).await
    }

    async fn audit(&self, scope: &Scope, query: &AuditQuery) -> StoreResult<Vec<AuditEntry>> {
        self.read().audit(scope, query).await
    }

    async fn answer(&self, scope: &Scope, key: &IdempotencyKey) -> StoreResult<Option<Answer>> {
        self.read().answer(scope, key).await
    }
}

#[async_trait]
impl<S: Store> NotificationRead for Counting<S> {
    async fn notifications(&self, query: &NotificationQuery) -> StoreResult<Vec<Notification>> {
        self.read().notifications(query).await
    }

    async fn notification_count(&self, query: &NotificationQuery) -> StoreResult<u64> {
        self.read().notification_count(query).await
    }

    async fn unread_counts(&self, users: &[UserId]) -> StoreResult<Vec<(UserId, u64)>> {
        self.read().unread_counts(users).await
    }

    async fn notification(&self, user_id: UserId, id: NotificationId) -> StoreResult<Option<Notification>> {
        self.read().notification(user_id, id).await
    }

    async fn notifications_of_changes(&self, changes: &[ChangeId], limit: usize) -> StoreResult<Vec<Notification>> {
        self.read().notifications_of_changes(changes, limit).await
    }

    async fn purge_notifications(&self, before: Time, limit: usize) -> StoreResult<u64> {
        self.read().purge_notifications(before, limit).await
    }

    async fn purge_joined(&self, before: Time, limit: usize) -> StoreResult<u64> {
        self.read().purge_joined(before, limit).await
    }

    async fn hearers(&self, query: &HearerQuery) -> StoreResult<Hearers> {
        self.read().hearers(query).await
    }

    async fn commenters(&self, ticket_id: TicketId, limit: usize) -> StoreResult<Vec<UserId>> {
        self.read().commenters(ticket_id, limit).await
    }
}

#[async_trait]
impl<S: Store> SealRead for Counting<S> {
    async fn unsealed_audit(&self, limit: usize) -> StoreResult<Vec<AuditMark>> {
        self.read().unsealed_audit(limit).await
    }

    async fn last_audit_seal(&self) -> StoreResult<Option<AuditSeal>> {
        self.read().last_audit_seal().await
    }

    async fn audit_seals(&self, after: i64, limit: usize) -> StoreResult<Vec<AuditSeal>> {
        self.read().audit_seals(after, limit).await
    }

    async fn audit_marks(&self, ids: &[AuditId]) -> StoreResult<Vec<AuditMark>> {
        self.read().audit_marks(ids).await
    }

    async fn audit_records(&self, after: Option<AuditId>, limit: usize) -> StoreResult<Vec<AuditRecord>> {
        self.read().audit_records(after, limit).await
    }

    async fn audit_erasures(&self, after: Option<AuditId>, limit: usize) -> StoreResult<Vec<AuditRecord>> {
        self.read().audit_erasures(after, limit).await
    }

    async fn audit_tally(&self) -> StoreResult<AuditTally> {
        self.read().audit_tally().await
    }
}

#[async_trait]
impl<S: Store> ReportRead for Counting<S> {
    async fn sla_report(&self, scope: &Scope, query: &SlaTallyQuery) -> StoreResult<Vec<SlaTally>> {
        self.read().sla_report(scope, query).await
    }

    async fn sla_results(&self, scope: &Scope, tickets: &[TicketId]) -> StoreResult<Vec<SlaResult>> {
        self.read().sla_results(scope, tickets).await
    }

    async fn milestones(&self, scope: &Scope, tickets: &[TicketId]) -> StoreResult<Vec<Milestone>> {
        self.read().milestones(scope, tickets).await
    }

    async fn team_report(&self, scope: &Scope, query: &TeamTallyQuery) -> StoreResult<TeamTally> {
        self.read().team_report(scope, query).await
    }
}

#[async_trait]
impl<S: Store> RoutingRead for Counting<S> {
    async fn member_loads(
        &self,
        team_id: TeamId,
        people: &[UserId],
    ) -> StoreResult<(Option<RoutingTurn>, Vec<MemberLoad>)> {
        self.read().member_loads(team_id, people).await
    }

    async fn waiting_tickets(&self, team_id: TeamId, limit: usize) -> StoreResult<Vec<TicketId>> {
        self.read().waiting_tickets(team_id, limit).await
    }

    async fn routing_decisions(&self, scope: &Scope, query: &RoutingQuery) -> StoreResult<Vec<RoutingDecision>> {
        self.read().routing_decisions(scope, query).await
    }
}

/// Gives each test of the suite an empty store.
struct Fresh;

#[async_trait]
impl Harness for Fresh {
    async fn fresh(&self) -> Arc<dyn Store> {
        Arc::new(Counting::<MemoryStore>::default())
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let store = Arc::new(Counting::<MemoryStore>::default());
    let desk = Desk::builder().store(store.clone()).build()?;
    desk.create_user(&Actor::system(SystemReason::Host), NewUser::new("kim@mail.example", "Kim")).await?;
    let (reads, commits) = (store.reads.load(Ordering::Relaxed), store.commits.load(Ordering::Relaxed));
    println!("adding a person: {reads} reads, {commits} commit");

    let part = std::env::args().nth(1);
    let report = conformance::run(&Fresh, part.as_deref()).await;
    println!("{report}");
    Ok(ExitCode::from(u8::from(!report.failed.is_empty())))
}
