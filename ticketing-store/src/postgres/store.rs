//! The store's traits, each call a lease of a connection and one function on it.

use super::source::{Lease, Pg, Source, commit_all};
use super::{activity, attachment, canned, comment, count, link, people, seal, setting, ticket, workflow};
use async_trait::async_trait;
use ticketing_core::changes::{Changes, Committed};
use ticketing_core::event::Event;
use ticketing_core::model::{
    Answer, ApiKey, Attachment, AuditEntry, AuditMark, AuditRecord, AuditSeal, AuditTally, CannedUse, Comment,
    CredentialToken, FieldKey, IdempotencyKey, Organization, Session, Ticket, TicketLink, User, Watcher, WorkflowRun,
};
use ticketing_core::port::{
    ActivityRead, Commit, Credential, EventPage, PeopleRead, SealRead, SettingsRead, Store, StoreResult, TicketRead,
};
use ticketing_core::query::{AuditQuery, Countable, OrganizationQuery, TicketQuery, UserQuery, WorkflowRunQuery};
use ticketing_core::setting::{Document, SettingsState};
use ticketing_core::time::Time;
use ticketing_core::{
    ApiKeyId, AttachmentId, AuditId, CannedResponseId, CommentId, OrganizationId, Scope, Seq, SessionId, TeamId,
    TicketId, TicketKey, UserId, WorkflowId,
};
use uuid::Uuid;

/// Leases a connection, calls the function with it and gives it back.
macro_rules! with {
    ($store:ident, $function:path $(, $argument:expr)*) => {{
        let mut lease = $store.source.lease().await?;
        let outcome = $function(&mut lease $(, $argument)*).await;
        lease.finish(outcome)
    }};
}

#[async_trait]
impl<S: Source> Commit for Pg<S> {
    async fn commit_all(&self, batch: Vec<Changes>) -> Vec<StoreResult<Committed>> {
        commit_all(&self.source, batch).await
    }
}

#[async_trait]
impl<S: Source> TicketRead for Pg<S> {
    async fn ticket(&self, scope: &Scope, key: &TicketKey) -> StoreResult<Option<Ticket>> {
        with!(self, ticket::one, scope, key)
    }

    async fn tickets(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<Vec<Ticket>> {
        with!(self, ticket::page, scope, query)
    }

    async fn ticket_count(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<u64> {
        with!(self, ticket::count, scope, query)
    }

    async fn ticket_counts(&self, scope: &Scope, queries: &[TicketQuery], most: usize) -> StoreResult<Vec<u64>> {
        with!(self, ticket::counts, scope, queries, most)
    }

    async fn comments(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>> {
        with!(self, comment::of_ticket, scope, ticket_id, after, limit)
    }

    async fn comments_from_end(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        before: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>> {
        with!(self, comment::from_end_of_ticket, scope, ticket_id, before, limit)
    }

    async fn comments_by_ids(&self, scope: &Scope, ids: &[CommentId]) -> StoreResult<Vec<Comment>> {
        with!(self, comment::by_ids, scope, ids)
    }

    async fn comments_by_author(
        &self,
        scope: &Scope,
        author_id: UserId,
        after: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>> {
        with!(self, comment::by_author, scope, author_id, after, limit)
    }

    async fn watchers(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<UserId>,
        limit: usize,
    ) -> StoreResult<Vec<Watcher>> {
        with!(self, comment::watchers, scope, ticket_id, after, limit)
    }

    async fn watchers_by_ids(&self, scope: &Scope, ticket_id: TicketId, ids: &[UserId]) -> StoreResult<Vec<Watcher>> {
        with!(self, comment::watchers_by_ids, scope, ticket_id, ids)
    }

    async fn attachments(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<AttachmentId>,
        limit: usize,
    ) -> StoreResult<Vec<Attachment>> {
        with!(self, attachment::of_ticket, scope, ticket_id, after, limit)
    }

    async fn comment_attachments(&self, scope: &Scope, comments: &[CommentId]) -> StoreResult<Vec<Attachment>> {
        with!(self, attachment::of_comments, scope, comments)
    }

    async fn attachment(&self, scope: &Scope, id: AttachmentId) -> StoreResult<Option<Attachment>> {
        with!(self, attachment::one, scope, id)
    }

    async fn tickets_by_keys(&self, scope: &Scope, keys: &[TicketKey]) -> StoreResult<Vec<Ticket>> {
        with!(self, link::tickets_by_keys, scope, keys)
    }

    async fn merged_tickets(&self, scope: &Scope, into: TicketId, limit: usize) -> StoreResult<Vec<Ticket>> {
        with!(self, link::merged_tickets, scope, into, limit)
    }

    async fn comment_ids(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        limit: usize,
    ) -> StoreResult<Vec<(CommentId, bool)>> {
        with!(self, comment::ids_of_ticket, scope, ticket_id, limit)
    }

    async fn ticket_links(&self, scope: &Scope, ticket_id: TicketId, limit: usize) -> StoreResult<Vec<TicketLink>> {
        with!(self, link::of_ticket, scope, ticket_id, limit)
    }

    async fn team_in_use(&self, scope: &Scope, team_id: TeamId) -> StoreResult<bool> {
        with!(self, ticket::names_team, scope, team_id)
    }

    async fn custom_field_in_use(&self, scope: &Scope, key: FieldKey) -> StoreResult<bool> {
        with!(self, ticket::fills_in, scope, key)
    }
}

#[async_trait]
impl<S: Source> PeopleRead for Pg<S> {
    async fn user(&self, scope: &Scope, id: UserId) -> StoreResult<Option<User>> {
        with!(self, people::one, scope, id)
    }

    async fn users_by_ids(&self, scope: &Scope, ids: &[UserId]) -> StoreResult<Vec<User>> {
        with!(self, people::by_ids, scope, ids)
    }

    async fn credential(&self, scope: &Scope, email_fold: &str) -> StoreResult<Option<Credential>> {
        with!(self, people::credential, scope, people::CredentialKey::Email(email_fold))
    }

    async fn credential_by_id(&self, scope: &Scope, id: UserId) -> StoreResult<Option<Credential>> {
        with!(self, people::credential, scope, people::CredentialKey::Id(id))
    }

    async fn users(&self, scope: &Scope, query: &UserQuery) -> StoreResult<Vec<User>> {
        with!(self, people::page, scope, query)
    }

    async fn organization(&self, scope: &Scope, id: OrganizationId) -> StoreResult<Option<Organization>> {
        with!(self, people::organization, scope, id)
    }

    async fn organizations(&self, scope: &Scope, query: &OrganizationQuery) -> StoreResult<Vec<Organization>> {
        with!(self, people::organizations, scope, query)
    }

    async fn organization_by_domain(&self, scope: &Scope, domain: &str) -> StoreResult<Option<Organization>> {
        with!(self, people::organization_by_domain, scope, domain)
    }

    async fn session(&self, scope: &Scope, id: SessionId) -> StoreResult<Option<Session>> {
        with!(self, people::session, scope, id)
    }

    async fn sessions(
        &self,
        scope: &Scope,
        user_id: UserId,
        now: Time,
        before: Option<SessionId>,
        limit: usize,
    ) -> StoreResult<Vec<Session>> {
        with!(self, people::sessions, scope, user_id, now, before, limit)
    }

    async fn api_key(&self, scope: &Scope, prefix: &str) -> StoreResult<Option<ApiKey>> {
        with!(self, people::api_key, scope, prefix)
    }

    async fn api_key_by_id(&self, scope: &Scope, id: ApiKeyId) -> StoreResult<Option<ApiKey>> {
        with!(self, people::api_key_by_id, scope, id)
    }

    async fn api_keys(&self, scope: &Scope, user_id: UserId) -> StoreResult<Vec<ApiKey>> {
        with!(self, people::api_keys, scope, user_id)
    }

    async fn credential_token(&self, scope: &Scope, token_hash: &[u8; 32]) -> StoreResult<Option<CredentialToken>> {
        with!(self, people::credential_token, scope, token_hash)
    }
}

#[async_trait]
impl<S: Source> SettingsRead for Pg<S> {
    async fn settings_version(&self) -> StoreResult<i64> {
        with!(self, setting::version)
    }

    async fn settings(&self) -> StoreResult<SettingsState> {
        with!(self, setting::state)
    }

    async fn document_history(&self, kind: &str, id: Uuid, limit: usize) -> StoreResult<Vec<Document>> {
        with!(self, setting::history, kind, id, limit)
    }

    async fn canned_uses(&self, user_id: UserId) -> StoreResult<Vec<CannedUse>> {
        with!(self, canned::of_person, user_id)
    }

    async fn canned_totals(&self, ids: &[CannedResponseId]) -> StoreResult<Vec<(CannedResponseId, u64)>> {
        with!(self, canned::totals, ids)
    }
}

#[async_trait]
impl<S: Source> ActivityRead for Pg<S> {
    async fn events(&self, scope: &Scope, after: Seq, limit: usize) -> StoreResult<EventPage> {
        with!(self, activity::page, scope, after, limit)
    }

    async fn log_end(&self) -> StoreResult<Seq> {
        with!(self, activity::end)
    }

    async fn ticket_events(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Seq,
        limit: usize,
    ) -> StoreResult<Vec<Event>> {
        with!(self, activity::of_ticket, scope, ticket_id, after, limit)
    }

    async fn ticket_events_from_end(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        before: Option<Seq>,
        limit: usize,
    ) -> StoreResult<Vec<Event>> {
        with!(self, activity::from_end_of_ticket, scope, ticket_id, before, limit)
    }

    async fn last_ticket_event(&self, scope: &Scope, ticket_id: TicketId, name: &str) -> StoreResult<Option<Event>> {
        with!(self, activity::last_of_ticket, scope, ticket_id, name)
    }

    async fn workflow_runs(&self, scope: &Scope, query: &WorkflowRunQuery) -> StoreResult<Vec<WorkflowRun>> {
        with!(self, workflow::runs, scope, query)
    }

    async fn suppressed_runs(&self, rule: WorkflowId, since: Time, limit: usize) -> StoreResult<u64> {
        with!(self, workflow::suppressed, rule, since, limit)
    }

    async fn purge_workflow_runs(&self, before: Time, limit: usize) -> StoreResult<u64> {
        let mut lease = self.source.lease_to_write().await?;
        let outcome = workflow::purge(&mut lease, before, limit).await;
        lease.finish(outcome)
    }

    async fn audit(&self, scope: &Scope, query: &AuditQuery) -> StoreResult<Vec<AuditEntry>> {
        with!(self, activity::audit, scope, query)
    }

    async fn answer(&self, scope: &Scope, key: &IdempotencyKey) -> StoreResult<Option<Answer>> {
        with!(self, activity::answer, scope, key)
    }
}

#[async_trait]
impl<S: Source> SealRead for Pg<S> {
    async fn unsealed_audit(&self, limit: usize) -> StoreResult<Vec<AuditMark>> {
        with!(self, seal::unsealed, limit)
    }

    async fn last_audit_seal(&self) -> StoreResult<Option<AuditSeal>> {
        with!(self, seal::last)
    }

    async fn audit_seals(&self, after: i64, limit: usize) -> StoreResult<Vec<AuditSeal>> {
        with!(self, seal::after, after, limit)
    }

    async fn audit_marks(&self, ids: &[AuditId]) -> StoreResult<Vec<AuditMark>> {
        with!(self, seal::marks, ids)
    }

    async fn audit_records(&self, after: Option<AuditId>, limit: usize) -> StoreResult<Vec<AuditRecord>> {
        with!(self, seal::records, after, limit)
    }

    async fn audit_erasures(&self, after: Option<AuditId>, limit: usize) -> StoreResult<Vec<AuditRecord>> {
        with!(self, seal::erasures, after, limit)
    }

    async fn audit_tally(&self) -> StoreResult<AuditTally> {
        with!(self, seal::tally)
    }
}

#[async_trait]
impl<S: Source> Store for Pg<S> {
    /// Reads the settings' version, so a database without its tables is not ready.
    async fn ping(&self) -> StoreResult<()> {
        self.settings_version().await.map(drop)
    }

    async fn count(&self, scope: &Scope, list: Countable<'_>) -> StoreResult<u64> {
        with!(self, count::rows, scope, list)
    }
}
