//! Stores with one fault each, such as a hurried adapter has.

mod activity;
mod inbound;
mod notification;
mod queue;
mod report;
mod routing;
mod time;
mod timer;
mod workflow;

use async_trait::async_trait;
use chrono::SubsecRound;
use std::sync::atomic::AtomicU32;
use ticketing_core::changes::{Changes, Committed, Expect, Write};
use ticketing_core::memory::MemoryStore;
use ticketing_core::model::{
    ApiKey, Attachment, AuditMark, AuditRecord, AuditSeal, AuditTally, CannedUse, Comment, CredentialToken, FieldKey,
    Organization, Session, Ticket, TicketLink, User, Watcher,
};
use ticketing_core::port::{Commit, Credential, PeopleRead, SealRead, SettingsRead, Store, StoreResult, TicketRead};
use ticketing_core::query::{Countable, OrganizationQuery, TicketQuery, UserQuery};
use ticketing_core::setting::{Document, SettingsState};
use ticketing_core::time::Time;
use ticketing_core::{
    ApiKeyId, AttachmentId, AuditId, CannedResponseId, CommentId, OrganizationId, Scope, SessionId, TeamId, TicketId,
    TicketKey, UserId, access::SystemReason, condition::Condition,
};
use uuid::Uuid;

const ALL: Scope = Scope::System(SystemReason::Upkeep);

/// What is wrong with a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// `UPDATE … WHERE id = $1`, without the version.
    IgnoresVersions,
    /// `>=` where a page starts.
    RepeatsTheLastRow,
    /// The key alone, not the id, says where a page starts.
    SkipsTies,
    /// Comments of a visible ticket are all visible.
    LeaksNotes,
    /// The count has no scope.
    CountsTheHidden,
    /// Many counts at once have no scope.
    CountsTheHiddenAtOnce,
    /// Counting does not stop where it is enough.
    CountsOn,
    /// No transaction around the writes.
    AppliesAPart,
    /// Guards are not looked at.
    ForgetsGuards,
    /// The settings' version is not looked at.
    TakesStaleSettings,
    /// Says that it read on to numbers whose commits were not done.
    LogRunsAhead,
    /// Says that the log ends at the last number that was drawn.
    EndRunsAhead,
    /// The commit is part of the caller's future.
    CanBeCancelled,
    /// Text is written whatever the write says.
    OverwritesText,
    /// Moments have milliseconds.
    RoundsMoments,
    /// A page is cut first and then checked in memory.
    FiltersThePage,
    /// A claim is given whatever is due, whoever has it.
    ClaimsWhatOthersHold,
    /// `UPDATE job … WHERE id = $1`, without the worker.
    EndsForAnybody,
    /// No unique index on the keys of jobs.
    ForgetsKeys,
    /// Whoever is inside sees what rules did to any ticket.
    ShowsEveryRun,
    /// The count of what was held back goes over all outcomes.
    CountsEveryRun,
    /// No unique index on what people are told.
    TellsTwice,
    /// Whatever people are told is a row of its own.
    JoinsNothing,
    /// `UPDATE notification … WHERE ticket_id = $1`, whoever reads.
    ReadsEverybodys,
    /// Counts what is read, too.
    CountsWhatIsRead,
    /// The columns that came with rules are read and not written.
    ForgetsRules,
    /// A ticket that a worker has claimed is given to the next one, too.
    HoldsNothing,
    /// No unique index on what has fired.
    FiresAgain,
    /// A promise that was broken and done later counts as kept.
    CountsLateAsKept,
    /// A report has its end, too.
    CountsTheEnd,
    /// What became of promises is told row by row to whoever asks.
    TellsResultsToAll,
    TellsMilestonesToAll,
    /// A note's files are those of its ticket.
    LeaksFiles,
    /// No unique index on the keys of mails.
    TakesInTwice,
    /// A sign-in is live until somebody ends it.
    ShowsExpiredSignIns,
    /// The cap counts whatever a sender has sent.
    CountsEveryMail,
    /// `ORDER BY created_at` alone.
    RoutesByAge,
    /// A round that was moved on by somebody else is moved on all the same.
    TakesTurnsOfOthers,
    /// Time is summed up whoever asks.
    CountsHiddenTime,
    /// Time is added up as a floating point number of hours, rounded down.
    LosesHundredths,
    /// `UPDATE time_entry … WHERE ticket_id = $1`, wherever it was logged.
    MovesAllTime,
    /// Each browser has a stopwatch.
    KeepsManyStopwatches,
}

/// The store in memory with one fault.
pub struct Broken {
    inner: MemoryStore,
    fault: Fault,
    /// How often the log was read.
    reads: AtomicU32,
}

impl Broken {
    pub fn new(fault: Fault) -> Self {
        Self { inner: MemoryStore::new(), fault, reads: AtomicU32::new(0) }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    async fn damage(&self, mut changes: Changes) -> Changes {
        if self.has(Fault::ForgetsGuards) {
            changes.guards.clear();
        }
        if self.has(Fault::TakesStaleSettings) {
            changes.settings = self.inner.settings_version().await.unwrap_or_default();
        }
        for write in &mut changes.writes {
            self.damage_job(write).await;
            self.damage_workflow(write);
            self.damage_timer(write).await;
            self.damage_report(write);
            self.damage_routing(write).await;
            self.damage_time(write).await;
            self.damage_notification(write).await;
            self.damage_inbound(write).await;
            if let Write::Ticket { ticket, expect, text } = write {
                if self.has(Fault::IgnoresVersions) && *expect != Expect::New {
                    let stored = self.inner.ticket(&ALL, &ticket.id.into()).await.ok().flatten();
                    *expect = Expect::Version(stored.map_or(0, |row| row.version));
                }
                *text |= self.has(Fault::OverwritesText);
                if self.has(Fault::RoundsMoments) {
                    ticket.created_at = ticket.created_at.trunc_subsecs(3);
                    ticket.updated_at = ticket.updated_at.trunc_subsecs(3);
                }
            }
        }
        changes
    }

    /// Every write on its own; the first that fails ends it and leaves what went before.
    async fn piecemeal(&self, changes: Changes) -> StoreResult<Committed> {
        let mut committed = Committed::default();
        let empty = Changes { writes: Vec::new(), ..changes.clone() };
        self.inner.commit(empty.clone()).await?;
        for write in changes.writes {
            let settings = self.inner.settings_version().await?;
            let one = Changes { writes: vec![write], settings, bumps_settings: false, ..empty.clone() };
            committed.seqs.extend(self.inner.commit(one).await?.seqs);
        }
        Ok(committed)
    }
}

#[async_trait]
impl Commit for Broken {
    async fn commit_all(&self, batch: Vec<Changes>) -> Vec<StoreResult<Committed>> {
        if self.has(Fault::CanBeCancelled) {
            tokio::task::yield_now().await;
        }
        let mut answers = Vec::new();
        for changes in batch {
            let changes = self.damage(changes).await;
            answers.push(match self.fault {
                Fault::AppliesAPart => self.piecemeal(changes).await,
                _ => self.inner.commit(changes).await,
            });
        }
        answers
    }
}

#[async_trait]
impl TicketRead for Broken {
    async fn ticket(&self, scope: &Scope, key: &TicketKey) -> StoreResult<Option<Ticket>> {
        self.inner.ticket(scope, key).await
    }

    async fn tickets(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<Vec<Ticket>> {
        let mut query = query.clone();
        if let Some(after) = &mut query.after {
            let bits = after.id.as_u128();
            let descending = query.sort.descending;
            let before = if descending { bits.saturating_add(1) } else { bits.saturating_sub(1) };
            let end = if descending { 0 } else { u128::MAX };
            match self.fault {
                Fault::RepeatsTheLastRow => after.id = Uuid::from_u128(before),
                Fault::SkipsTies => after.id = Uuid::from_u128(end),
                _ => {}
            }
        }
        if self.has(Fault::FiltersThePage) {
            let filter = std::mem::replace(&mut query.filter, Condition::always());
            let mut page = self.inner.tickets(scope, &query).await?;
            page.retain(|ticket| filter.holds(ticket, query.now));
            return Ok(page);
        }
        self.inner.tickets(scope, &query).await
    }

    async fn ticket_count(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<u64> {
        self.inner.ticket_count(if self.has(Fault::CountsTheHidden) { &ALL } else { scope }, query).await
    }

    async fn ticket_counts(&self, scope: &Scope, queries: &[TicketQuery], most: usize) -> StoreResult<Vec<u64>> {
        let scope = if self.has(Fault::CountsTheHiddenAtOnce) { &ALL } else { scope };
        let most = if self.has(Fault::CountsOn) { usize::MAX } else { most };
        self.inner.ticket_counts(scope, queries, most).await
    }

    async fn comments(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>> {
        let sees = self.inner.ticket(scope, &ticket_id.into()).await?.is_some();
        let scope = if self.has(Fault::LeaksNotes) && sees { &ALL } else { scope };
        self.inner.comments(scope, ticket_id, after, limit).await
    }

    async fn comments_from_end(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        before: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>> {
        let sees = self.inner.ticket(scope, &ticket_id.into()).await?.is_some();
        let scope = if self.has(Fault::LeaksNotes) && sees { &ALL } else { scope };
        self.inner.comments_from_end(scope, ticket_id, before, limit).await
    }

    async fn comments_by_ids(&self, scope: &Scope, ids: &[CommentId]) -> StoreResult<Vec<Comment>> {
        self.inner.comments_by_ids(scope, ids).await
    }

    async fn comments_by_author(
        &self,
        scope: &Scope,
        author_id: UserId,
        after: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>> {
        self.inner.comments_by_author(scope, author_id, after, limit).await
    }

    async fn watchers(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<UserId>,
        limit: usize,
    ) -> StoreResult<Vec<Watcher>> {
        self.inner.watchers(scope, ticket_id, after, limit).await
    }

    async fn watchers_by_ids(&self, scope: &Scope, ticket_id: TicketId, ids: &[UserId]) -> StoreResult<Vec<Watcher>> {
        self.inner.watchers_by_ids(scope, ticket_id, ids).await
    }

    async fn attachments(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<AttachmentId>,
        limit: usize,
    ) -> StoreResult<Vec<Attachment>> {
        let sees = self.inner.ticket(scope, &ticket_id.into()).await?.is_some();
        let scope = if self.has(Fault::LeaksFiles) && sees { &ALL } else { scope };
        self.inner.attachments(scope, ticket_id, after, limit).await
    }

    async fn comment_attachments(&self, scope: &Scope, comments: &[CommentId]) -> StoreResult<Vec<Attachment>> {
        self.inner.comment_attachments(scope, comments).await
    }

    async fn attachment(&self, scope: &Scope, id: AttachmentId) -> StoreResult<Option<Attachment>> {
        self.inner.attachment(scope, id).await
    }

    async fn tickets_by_keys(&self, scope: &Scope, keys: &[TicketKey]) -> StoreResult<Vec<Ticket>> {
        self.inner.tickets_by_keys(scope, keys).await
    }

    async fn merged_tickets(&self, scope: &Scope, into: TicketId, limit: usize) -> StoreResult<Vec<Ticket>> {
        self.inner.merged_tickets(scope, into, limit).await
    }

    async fn comment_ids(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        limit: usize,
    ) -> StoreResult<Vec<(CommentId, bool)>> {
        self.inner.comment_ids(scope, ticket_id, limit).await
    }

    async fn ticket_links(&self, scope: &Scope, ticket_id: TicketId, limit: usize) -> StoreResult<Vec<TicketLink>> {
        self.inner.ticket_links(scope, ticket_id, limit).await
    }

    async fn team_in_use(&self, scope: &Scope, team_id: TeamId) -> StoreResult<bool> {
        self.inner.team_in_use(scope, team_id).await
    }

    async fn custom_field_in_use(&self, scope: &Scope, key: FieldKey) -> StoreResult<bool> {
        self.inner.custom_field_in_use(scope, key).await
    }
}

#[async_trait]
impl PeopleRead for Broken {
    async fn user(&self, scope: &Scope, id: UserId) -> StoreResult<Option<User>> {
        self.inner.user(scope, id).await
    }

    async fn users_by_ids(&self, scope: &Scope, ids: &[UserId]) -> StoreResult<Vec<User>> {
        self.inner.users_by_ids(scope, ids).await
    }

    async fn credential(&self, scope: &Scope, email_fold: &str) -> StoreResult<Option<Credential>> {
        self.inner.credential(scope, email_fold).await
    }

    async fn credential_by_id(&self, scope: &Scope, id: UserId) -> StoreResult<Option<Credential>> {
        self.inner.credential_by_id(scope, id).await
    }

    async fn users(&self, scope: &Scope, query: &UserQuery) -> StoreResult<Vec<User>> {
        self.inner.users(scope, query).await
    }

    async fn organization(&self, scope: &Scope, id: OrganizationId) -> StoreResult<Option<Organization>> {
        self.inner.organization(scope, id).await
    }

    async fn organizations(&self, scope: &Scope, query: &OrganizationQuery) -> StoreResult<Vec<Organization>> {
        self.inner.organizations(scope, query).await
    }

    async fn organization_by_domain(&self, scope: &Scope, domain: &str) -> StoreResult<Option<Organization>> {
        self.inner.organization_by_domain(scope, domain).await
    }

    async fn session(&self, scope: &Scope, id: SessionId) -> StoreResult<Option<Session>> {
        self.inner.session(scope, id).await
    }

    async fn sessions(
        &self,
        scope: &Scope,
        user_id: UserId,
        now: Time,
        before: Option<SessionId>,
        limit: usize,
    ) -> StoreResult<Vec<Session>> {
        let now = if self.has(Fault::ShowsExpiredSignIns) { Time::MIN_UTC } else { now };
        self.inner.sessions(scope, user_id, now, before, limit).await
    }

    async fn api_key(&self, scope: &Scope, prefix: &str) -> StoreResult<Option<ApiKey>> {
        self.inner.api_key(scope, prefix).await
    }

    async fn api_key_by_id(&self, scope: &Scope, id: ApiKeyId) -> StoreResult<Option<ApiKey>> {
        self.inner.api_key_by_id(scope, id).await
    }

    async fn api_keys(&self, scope: &Scope, user_id: UserId) -> StoreResult<Vec<ApiKey>> {
        self.inner.api_keys(scope, user_id).await
    }

    async fn credential_token(&self, scope: &Scope, token_hash: &[u8; 32]) -> StoreResult<Option<CredentialToken>> {
        self.inner.credential_token(scope, token_hash).await
    }
}

#[async_trait]
impl SettingsRead for Broken {
    async fn settings_version(&self) -> StoreResult<i64> {
        self.inner.settings_version().await
    }

    async fn settings(&self) -> StoreResult<SettingsState> {
        self.inner.settings().await
    }

    async fn document_history(&self, kind: &str, id: Uuid, limit: usize) -> StoreResult<Vec<Document>> {
        self.inner.document_history(kind, id, limit).await
    }

    async fn canned_uses(&self, user_id: UserId) -> StoreResult<Vec<CannedUse>> {
        self.inner.canned_uses(user_id).await
    }

    async fn canned_totals(&self, ids: &[CannedResponseId]) -> StoreResult<Vec<(CannedResponseId, u64)>> {
        self.inner.canned_totals(ids).await
    }
}

#[async_trait]
impl SealRead for Broken {
    async fn unsealed_audit(&self, limit: usize) -> StoreResult<Vec<AuditMark>> {
        self.inner.unsealed_audit(limit).await
    }

    async fn last_audit_seal(&self) -> StoreResult<Option<AuditSeal>> {
        self.inner.last_audit_seal().await
    }

    async fn audit_seals(&self, after: i64, limit: usize) -> StoreResult<Vec<AuditSeal>> {
        self.inner.audit_seals(after, limit).await
    }

    async fn audit_marks(&self, ids: &[AuditId]) -> StoreResult<Vec<AuditMark>> {
        self.inner.audit_marks(ids).await
    }

    async fn audit_records(&self, after: Option<AuditId>, limit: usize) -> StoreResult<Vec<AuditRecord>> {
        self.inner.audit_records(after, limit).await
    }

    async fn audit_erasures(&self, after: Option<AuditId>, limit: usize) -> StoreResult<Vec<AuditRecord>> {
        self.inner.audit_erasures(after, limit).await
    }

    async fn audit_tally(&self) -> StoreResult<AuditTally> {
        self.inner.audit_tally().await
    }
}

#[async_trait]
impl Store for Broken {
    async fn ping(&self) -> StoreResult<()> {
        self.inner.ping().await
    }

    async fn count(&self, scope: &Scope, list: Countable<'_>) -> StoreResult<u64> {
        self.inner.count(if self.has(Fault::CountsTheHidden) { &ALL } else { scope }, list).await
    }
}
