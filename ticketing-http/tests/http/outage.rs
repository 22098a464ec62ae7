//! The database goes away and comes back: 503 meanwhile, and the process goes on.

use crate::letter::{bring, letter};
use crate::support::*;
use async_trait::async_trait;
use chrono::TimeDelta;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use ticketing_core::changes::{Changes, Committed};
use ticketing_core::event::Event;
use ticketing_core::memory::MemoryStore;
use ticketing_core::model::{
    Answer, ApiKey, Arrival, Attachment, Attempt, AuditEntry, AuditMark, AuditRecord, AuditSeal, AuditTally, CannedUse,
    Comment, CredentialToken, FieldKey, Fired, IdempotencyKey, Job, MailRecord, MemberLoad, Milestone, Notification,
    Organization, Recurrence, RecurrenceKind, RoutingDecision, RoutingTurn, Session, SlaResult, Stopwatch, Ticket,
    TicketLink, TimeEntry, User, Watcher, WebhookHealth, WorkflowRun,
};
use ticketing_core::port::*;
use ticketing_core::query::{
    AuditQuery, Countable, NotificationQuery, OrganizationQuery, TicketQuery, TimeFilter, TimeQuery, UserQuery,
    WorkflowRunQuery,
};
use ticketing_core::report::{SlaTally, SlaTallyQuery, TeamTally, TeamTallyQuery, TimeTally, TimeTallyQuery};
use ticketing_core::setting::{Document, SettingsState};
use ticketing_core::time::Time;
use ticketing_core::*;
use tokio::sync::RwLock;
use uuid::Uuid;

/// A store behind a plug that can be pulled.
#[derive(Default)]
struct Plugged {
    store: MemoryStore,
    pulled: AtomicBool,
    /// Whether the line breaks behind each commit, before its answer is back.
    breaks_behind: AtomicBool,
    /// Reads wait while somebody holds it to write.
    gate: RwLock<()>,
    reads: AtomicUsize,
}

impl Plugged {
    fn lost(&self) -> Option<StoreError> {
        let lost = self.pulled.load(Ordering::SeqCst);
        lost.then(|| StoreError::Unavailable("canary: connection to 10.1.2.3:5432 refused".into()))
    }
}

/// Passes every read on to the store while the plug is in; what waits, waits.
macro_rules! passed_on {
    ($($port:ident { $($name:ident($($arg:ident: $kind:ty),*) -> $answer:ty;)+ $(=> $waits:ident();)? })+) => {$(
        #[async_trait]
        impl $port for Plugged {
            $(async fn $name(&self, $($arg: $kind),*) -> StoreResult<$answer> {
                self.reads.fetch_add(1, Ordering::SeqCst);
                let _open = self.gate.read().await;
                match self.lost() {
                    Some(error) => Err(error),
                    None => self.store.$name($($arg),*).await,
                }
            })+

            $(async fn $waits(&self) {
                self.store.$waits().await;
            })?
        }
    )+};
}

passed_on! {
    TicketRead {
        ticket(scope: &Scope, key: &TicketKey) -> Option<Ticket>;
        tickets(scope: &Scope, query: &TicketQuery) -> Vec<Ticket>;
        ticket_count(scope: &Scope, query: &TicketQuery) -> u64;
        ticket_counts(scope: &Scope, queries: &[TicketQuery], most: usize) -> Vec<u64>;
        comments(scope: &Scope, ticket_id: TicketId, after: Option<CommentId>, limit: usize) -> Vec<Comment>;
        comments_from_end(scope: &Scope, ticket_id: TicketId, before: Option<CommentId>, limit: usize) -> Vec<Comment>;
        comments_by_ids(scope: &Scope, ids: &[CommentId]) -> Vec<Comment>;
        comments_by_author(scope: &Scope, author_id: UserId, after: Option<CommentId>, limit: usize) -> Vec<Comment>;
        watchers(scope: &Scope, ticket_id: TicketId, after: Option<UserId>, limit: usize) -> Vec<Watcher>;
        watchers_by_ids(scope: &Scope, ticket_id: TicketId, ids: &[UserId]) -> Vec<Watcher>;
        attachments(scope: &Scope, ticket_id: TicketId, after: Option<AttachmentId>, limit: usize) -> Vec<Attachment>;
        comment_attachments(scope: &Scope, comments: &[CommentId]) -> Vec<Attachment>;
        attachment(scope: &Scope, id: AttachmentId) -> Option<Attachment>;
        tickets_by_keys(scope: &Scope, keys: &[TicketKey]) -> Vec<Ticket>;
        merged_tickets(scope: &Scope, into: TicketId, limit: usize) -> Vec<Ticket>;
        comment_ids(scope: &Scope, ticket_id: TicketId, limit: usize) -> Vec<(CommentId, bool)>;
        ticket_links(scope: &Scope, ticket_id: TicketId, limit: usize) -> Vec<TicketLink>;
        team_in_use(scope: &Scope, team_id: TeamId) -> bool;
        custom_field_in_use(scope: &Scope, key: FieldKey) -> bool;
    }
    PeopleRead {
        user(scope: &Scope, id: UserId) -> Option<User>;
        users_by_ids(scope: &Scope, ids: &[UserId]) -> Vec<User>;
        credential(scope: &Scope, email_fold: &str) -> Option<Credential>;
        credential_by_id(scope: &Scope, id: UserId) -> Option<Credential>;
        users(scope: &Scope, query: &UserQuery) -> Vec<User>;
        organization(scope: &Scope, id: OrganizationId) -> Option<Organization>;
        organizations(scope: &Scope, query: &OrganizationQuery) -> Vec<Organization>;
        organization_by_domain(scope: &Scope, domain: &str) -> Option<Organization>;
        session(scope: &Scope, id: SessionId) -> Option<Session>;
        sessions(scope: &Scope, user_id: UserId, now: Time, before: Option<SessionId>, limit: usize) -> Vec<Session>;
        api_key(scope: &Scope, prefix: &str) -> Option<ApiKey>;
        api_key_by_id(scope: &Scope, id: ApiKeyId) -> Option<ApiKey>;
        api_keys(scope: &Scope, user_id: UserId) -> Vec<ApiKey>;
        credential_token(scope: &Scope, token_hash: &[u8; 32]) -> Option<CredentialToken>;
    }
    SettingsRead {
        settings_version() -> i64;
        settings() -> SettingsState;
        document_history(kind: &str, id: Uuid, limit: usize) -> Vec<Document>;
        canned_uses(user_id: UserId) -> Vec<CannedUse>;
        canned_totals(ids: &[CannedResponseId]) -> Vec<(CannedResponseId, u64)>;
    }
    ActivityRead {
        events(scope: &Scope, after: Seq, limit: usize) -> EventPage;
        log_end() -> Seq;
        ticket_events(scope: &Scope, ticket_id: TicketId, after: Seq, limit: usize) -> Vec<Event>;
        ticket_events_from_end(scope: &Scope, ticket_id: TicketId, before: Option<Seq>, limit: usize) -> Vec<Event>;
        last_ticket_event(scope: &Scope, ticket_id: TicketId, name: &str) -> Option<Event>;
        workflow_runs(scope: &Scope, query: &WorkflowRunQuery) -> Vec<WorkflowRun>;
        suppressed_runs(rule: WorkflowId, since: Time, limit: usize) -> u64;
        purge_workflow_runs(before: Time, limit: usize) -> u64;
        audit(scope: &Scope, query: &AuditQuery) -> Vec<AuditEntry>;
        answer(scope: &Scope, key: &IdempotencyKey) -> Option<Answer>;
    }
    NotificationRead {
        notifications(query: &NotificationQuery) -> Vec<Notification>;
        notification_count(query: &NotificationQuery) -> u64;
        unread_counts(users: &[UserId]) -> Vec<(UserId, u64)>;
        notification(user_id: UserId, id: NotificationId) -> Option<Notification>;
        notifications_of_changes(changes: &[ChangeId], limit: usize) -> Vec<Notification>;
        purge_notifications(before: Time, limit: usize) -> u64;
        purge_joined(before: Time, limit: usize) -> u64;
        hearers(query: &HearerQuery) -> Hearers;
        commenters(ticket_id: TicketId, limit: usize) -> Vec<UserId>;
    }
    SealRead {
        unsealed_audit(limit: usize) -> Vec<AuditMark>;
        last_audit_seal() -> Option<AuditSeal>;
        audit_seals(after: i64, limit: usize) -> Vec<AuditSeal>;
        audit_marks(ids: &[AuditId]) -> Vec<AuditMark>;
        audit_records(after: Option<AuditId>, limit: usize) -> Vec<AuditRecord>;
        audit_erasures(after: Option<AuditId>, limit: usize) -> Vec<AuditRecord>;
        audit_tally() -> AuditTally;
    }
    Queue {
        claim_jobs(claim: &Claim) -> Vec<Job>;
        extend_leases(worker: WorkerId, ids: &[JobId], until: Time) -> Vec<JobId>;
        free_jobs(now: Time, limit: usize) -> u64;
        job(id: JobId) -> Option<Job>;
        jobs(query: &JobQuery) -> Vec<Job>;
        attempts(ids: &[JobId]) -> Vec<Attempt>;
        job_counts() -> Vec<JobCount>;
        purge_jobs(purge: &JobPurge) -> u64;
        ring() -> ();
        events_by_ids(ids: &[EventId]) -> Vec<Event>;
        webhook_health() -> Vec<WebhookHealth>;
        events_by_moment(after: EventId, limit: usize) -> Vec<Event>;
        mail_records(keys: &[(String, Option<TicketId>)]) -> Vec<MailRecord>;
        purge_mail_records(before: Time, limit: usize) -> u64;
        personal_documents(kind: &str, owners: &[UserId]) -> Vec<Document>;
        => rung();
    }
    InboundRead {
        arrival(id: ArrivalId) -> Option<Arrival>;
        arrival_by_key(key: &str) -> Option<Arrival>;
        arrivals(query: &ArrivalQuery) -> Vec<Arrival>;
        arrivals_since(sender: &str, since: Time, limit: usize) -> (u64, u64);
        ticket_arrivals_since(ticket_id: TicketId, since: Time, limit: usize) -> u64;
        arrival_counts() -> Vec<ArrivalCount>;
    }
    Timers {
        claim_wakes(now: Time, until: Time, limit: usize) -> Vec<TicketId>;
        next_due_at(now: Time) -> Option<Time>;
        fired(ticket_ids: &[TicketId]) -> Vec<Fired>;
        due_schedules(now: Time, limit: usize) -> Vec<Recurrence>;
        schedules(kind: RecurrenceKind, ids: &[Uuid]) -> Vec<Recurrence>;
    }
    ReportRead {
        sla_report(scope: &Scope, query: &SlaTallyQuery) -> Vec<SlaTally>;
        sla_results(scope: &Scope, tickets: &[TicketId]) -> Vec<SlaResult>;
        milestones(scope: &Scope, tickets: &[TicketId]) -> Vec<Milestone>;
        team_report(scope: &Scope, query: &TeamTallyQuery) -> TeamTally;
    }
    RoutingRead {
        member_loads(team_id: TeamId, people: &[UserId]) -> (Option<RoutingTurn>, Vec<MemberLoad>);
        waiting_tickets(team_id: TeamId, limit: usize) -> Vec<TicketId>;
        routing_decisions(scope: &Scope, query: &RoutingQuery) -> Vec<RoutingDecision>;
    }
    TimeRead {
        time_entry(scope: &Scope, id: TimeEntryId) -> Option<TimeEntry>;
        time_entries(scope: &Scope, query: &TimeQuery) -> Vec<TimeEntry>;
        overlapping_time(scope: &Scope, user_id: UserId, stretch: (Time, Time), limit: usize) -> Vec<TimeEntry>;
        time_span(scope: &Scope, filter: &TimeFilter) -> Option<(Time, Time)>;
        time_report(scope: &Scope, query: &TimeTallyQuery) -> Vec<TimeTally>;
        stopwatch(user_id: UserId) -> Option<Stopwatch>;
    }
    Store {
        ping() -> ();
        count(scope: &Scope, list: Countable<'_>) -> u64;
    }
}

#[async_trait]
impl Commit for Plugged {
    async fn commit_all(&self, batch: Vec<Changes>) -> Vec<StoreResult<Committed>> {
        if self.lost().is_some() {
            return batch.iter().map(|_| Err(StoreError::Unavailable("canary".into()))).collect();
        }
        let answers = self.store.commit_all(batch).await;
        if self.breaks_behind.load(Ordering::SeqCst) {
            return answers.iter().map(|_| Err(StoreError::Unknown("canary".into()))).collect();
        }
        answers
    }
}

#[tokio::test]
async fn while_the_store_is_away_everything_says_so_and_then_goes_on() {
    let store = Arc::new(Plugged::default());
    let world = world_on(Arc::clone(&store) as Arc<dyn Store>, "http://127.0.0.1:5000", options()).await;
    let ticket = world.ticket("Before").await;
    let path = format!("/api/tickets/{}", text(&ticket, "id"));
    let calls = || {
        [
            get("/readyz"),
            get("/api/tickets").by(&world.agent),
            get(&path).by(&world.agent),
            patch(&path, &json!({"subject": "lost"})).by(&world.agent),
            post("/api/tickets", &json!({"subject": "x", "description": "x"})).by(&world.agent),
            post("/api/auth/login", &json!({"email": "eve@desk.example", "password": PASSWORD})),
            get("/api/events").by(&world.agent),
            bring(letter("1", "zoe@zeta.example", "Hello", "There.")),
        ]
    };
    store.pulled.store(true, Ordering::SeqCst);
    for call in calls() {
        let answer = world.send(call).await;
        answer.problem(503, "unavailable");
        assert_eq!(answer.header("retry-after"), "1");
        assert!(!answer.text().contains("canary"), "{}", answer.text());
    }
    world.send(get("/healthz")).await.ok(200);
    assert_eq!(world.send(get("/")).await.status, 200);
    store.pulled.store(false, Ordering::SeqCst);
    assert_eq!(world.send(get(&path).by(&world.agent)).await.ok(200), ticket, "nothing was written");
    for call in calls() {
        let answer = world.send(call).await;
        assert!(answer.status.is_success(), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_change_whose_outcome_nobody_knows_is_not_told_as_one_to_repeat() {
    let store = Arc::new(Plugged::default());
    let world = world_on(Arc::clone(&store) as Arc<dyn Store>, "http://127.0.0.1:5000", options()).await;
    store.breaks_behind.store(true, Ordering::SeqCst);
    let body = json!({"subject": "Once", "description": "x", "customer_id": world.customer.user.id});
    let answer = world.send(post("/api/tickets", &body).by(&world.agent)).await;
    let problem = answer.problem(503, "outcome_unknown");
    assert_eq!(answer.header("retry-after"), "1");
    assert!(text(&problem, "detail").contains("may or may not have been made"), "{problem}");
    assert!(!answer.text().contains("canary"), "{}", answer.text());
    let found = world.send(get("/api/tickets").by(&world.agent)).await.ok(200);
    assert_eq!(subjects(&found), ["Once"], "it had been made");
}

#[tokio::test]
async fn metrics_are_told_without_the_jobs_while_the_store_is_away() {
    let store = Arc::new(Plugged::default());
    let world = world_on(Arc::clone(&store) as Arc<dyn Store>, "http://127.0.0.1:5000", options()).await;
    let metrics = async || world.send(get("/metrics")).await.ok_text(200);
    store.pulled.store(true, Ordering::SeqCst);
    let away = metrics().await;
    assert!(away.contains("ticketing_http_requests_total") && !away.contains("ticketing_job"), "{away}");
    assert!(!away.contains("canary"), "{away}");
    let reads = store.reads.load(Ordering::SeqCst);
    metrics().await;
    assert_eq!(store.reads.load(Ordering::SeqCst), reads, "a store that is away is not asked at every turn");
    store.pulled.store(false, Ordering::SeqCst);
    world.pass(TimeDelta::seconds(5));
    assert!(metrics().await.contains("ticketing_jobs{"));
}

#[tokio::test]
async fn one_look_at_the_jobs_is_under_way_and_nobody_waits_for_that_of_another() {
    let store = Arc::new(Plugged::default());
    let world = world_on(Arc::clone(&store) as Arc<dyn Store>, "http://127.0.0.1:5000", options()).await;
    let metrics = async || world.send(get("/metrics")).await.ok_text(200);
    let reads = store.reads.load(Ordering::SeqCst);
    let slow = store.gate.write().await;
    let (first, second) = tokio::join!(metrics(), async {
        let second = metrics().await;
        drop(slow);
        second
    });
    assert!(first.contains("ticketing_jobs{") && !second.contains("ticketing_jobs{"), "{second}");
    assert!(metrics().await.contains("ticketing_jobs{"));
    assert_eq!(store.reads.load(Ordering::SeqCst), reads + 2, "one read of jobs and one of mails");
}
