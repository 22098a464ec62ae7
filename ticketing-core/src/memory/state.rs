//! What the store in memory holds, and how rows are found in it.

use super::timer::Wake;
use crate::access::Scope;
use crate::event::Event;
use crate::ids::{
    ApiKeyId, ArrivalId, AttachmentId, AuditId, CannedResponseId, CommentId, EventId, JobId, LinkId, NotificationId,
    OrganizationId, RoutingDecisionId, Seq, SessionId, TeamId, TicketId, TicketKey, TicketNumber, TimeEntryId, UserId,
    WebhookId, WorkflowRunId,
};
use crate::model::{
    Answer, ApiKey, Arrival, AttachedTo, Attachment, Attempt, AuditEntry, AuditSeal, CannedUse, Comment,
    CredentialToken, Fired, IdempotencyKey, Job, LinkKind, MailRecord, Membership, Milestone, MilestoneKind,
    Notification, NotificationSubject, Organization, Person, Recurrence, RecurrenceKind, RoutingDecision, RoutingTurn,
    Session, SlaMetric, SlaResult, Stopwatch, Team, Ticket, TicketLink, TimeEntry, TokenKind, User, WebhookHealth,
    WorkflowRun,
};
use crate::query::{Position, Sort, SortField};
use crate::setting::Document;
use crate::time::Time;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A place in one of the orders that tickets can be listed in.
pub(super) type Place = (SortKey, i64, TicketId);

/// A [`SortField`] of every desk, as part of a map's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SortKey(usize);

impl SortKey {
    /// None for a field of the desk's own, by which tickets are sorted when somebody asks.
    pub(super) fn of(field: SortField) -> Option<Self> {
        SortField::OF_EVERY_DESK.iter().position(|known| *known == field).map(Self)
    }
}

/// Everything, in maps that keep the order in which it is listed. Maps from a value to an id are indexes.
#[derive(Debug)]
pub(super) struct State {
    pub settings_version: i64,
    pub last_seq: Seq,
    pub tickets: BTreeMap<TicketId, Ticket>,
    pub ticket_numbers: BTreeMap<TicketNumber, TicketId>,
    pub ticket_places: BTreeMap<Place, TicketId>,
    pub comments: BTreeMap<(TicketId, CommentId), Comment>,
    pub comment_tickets: BTreeMap<CommentId, TicketId>,
    pub watchers: BTreeMap<(TicketId, UserId), Time>,
    pub links: BTreeMap<LinkId, TicketLink>,
    pub tied: BTreeMap<(TicketId, TicketId, LinkKind), LinkId>,
    /// By the ticket at either end; the value is the other end.
    pub link_ends: BTreeMap<(TicketId, LinkId), TicketId>,
    /// By the ticket that took the other in; the value is the other.
    pub merged: BTreeMap<(TicketId, TicketId), TicketId>,
    pub users: BTreeMap<UserId, User>,
    pub emails: BTreeMap<String, UserId>,
    pub passwords: BTreeMap<UserId, String>,
    pub organizations: BTreeMap<OrganizationId, Organization>,
    pub organization_names: BTreeMap<String, OrganizationId>,
    pub domains: BTreeMap<String, OrganizationId>,
    pub teams: BTreeMap<TeamId, Team>,
    pub team_names: BTreeMap<String, TeamId>,
    pub memberships: BTreeMap<(TeamId, UserId), Membership>,
    pub sessions: BTreeMap<SessionId, Session>,
    pub api_keys: BTreeMap<ApiKeyId, ApiKey>,
    pub api_key_prefixes: BTreeMap<String, ApiKeyId>,
    pub credential_tokens: BTreeMap<(Option<UserId>, TokenKind), CredentialToken>,
    pub documents: BTreeMap<(String, Uuid), Document>,
    pub document_versions: BTreeMap<(String, Uuid, i64), Document>,
    pub events: BTreeMap<Seq, Event>,
    pub event_ids: BTreeMap<EventId, Seq>,
    pub ticket_events: BTreeMap<(TicketId, Seq), EventId>,
    pub audit: BTreeMap<(Time, AuditId), AuditEntry>,
    pub audit_ids: BTreeMap<AuditId, Time>,
    /// By owner, route and key.
    pub answers: BTreeMap<[String; 3], Answer>,
    /// The same by age, with their digests.
    pub answers_by_age: BTreeMap<(Time, [String; 3]), [u8; 32]>,
    /// Lines that wait for a seal.
    pub audit_unsealed: BTreeMap<AuditId, Time>,
    pub audit_seals: BTreeMap<i64, AuditSeal>,
    pub workflow_runs: BTreeMap<WorkflowRunId, WorkflowRun>,
    pub notifications: BTreeMap<(UserId, NotificationId), Notification>,
    /// The last of each subject, and when it was last added to.
    pub joined: BTreeMap<NotificationSubject, (NotificationId, Time)>,
    pub jobs: BTreeMap<JobId, Job>,
    /// By dedupe key.
    pub job_keys: BTreeMap<String, JobId>,
    /// Those that wait, by lane and when they are due.
    pub ready_jobs: BTreeMap<(String, Time, JobId), JobId>,
    /// Those that run, by the end of the lease.
    pub job_leases: BTreeMap<(Time, JobId), JobId>,
    pub ended_jobs: BTreeMap<(Time, JobId), JobId>,
    pub job_attempts: BTreeMap<(JobId, Time), Attempt>,
    /// How many claims there were, which says whose turn it is.
    pub claims: usize,
    pub mail_records: BTreeMap<(String, Option<TicketId>), MailRecord>,
    pub webhook_health: BTreeMap<WebhookId, WebhookHealth>,
    pub wakes: BTreeMap<TicketId, Wake>,
    /// By when they are due.
    pub wakes_due: BTreeMap<(Time, TicketId), TicketId>,
    pub fired: BTreeMap<Fired, TicketId>,
    pub schedules: BTreeMap<(RecurrenceKind, Uuid), Recurrence>,
    pub sla_results: BTreeMap<(TicketId, SlaMetric, Time), SlaResult>,
    pub milestones: BTreeMap<(TicketId, MilestoneKind, Time), Milestone>,
    pub routing_turns: BTreeMap<Uuid, RoutingTurn>,
    pub routing_decisions: BTreeMap<RoutingDecisionId, RoutingDecision>,
    pub arrivals: BTreeMap<ArrivalId, Arrival>,
    pub arrival_keys: BTreeMap<String, ArrivalId>,
    pub arrivals_of_senders: BTreeMap<(String, Time, ArrivalId), ArrivalId>,
    pub arrivals_of_tickets: BTreeMap<(TicketId, Time, ArrivalId), ArrivalId>,
    pub attachments: BTreeMap<AttachmentId, Attachment>,
    pub attached: BTreeMap<(AttachedTo, AttachmentId), AttachmentId>,
    pub canned_uses: BTreeMap<(UserId, CannedResponseId), CannedUse>,
    pub time_entries: BTreeMap<TimeEntryId, TimeEntry>,
    /// By the moment that they count at.
    pub time_by_moment: BTreeMap<(Time, TimeEntryId), TimeEntryId>,
    pub time_of_tickets: BTreeMap<(TicketId, Time, TimeEntryId), TimeEntryId>,
    pub stopwatches: BTreeMap<UserId, Stopwatch>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            settings_version: 1,
            last_seq: Seq(0),
            tickets: BTreeMap::new(),
            ticket_numbers: BTreeMap::new(),
            ticket_places: BTreeMap::new(),
            comments: BTreeMap::new(),
            comment_tickets: BTreeMap::new(),
            watchers: BTreeMap::new(),
            links: BTreeMap::new(),
            tied: BTreeMap::new(),
            link_ends: BTreeMap::new(),
            merged: BTreeMap::new(),
            users: BTreeMap::new(),
            emails: BTreeMap::new(),
            passwords: BTreeMap::new(),
            organizations: BTreeMap::new(),
            organization_names: BTreeMap::new(),
            domains: BTreeMap::new(),
            teams: BTreeMap::new(),
            team_names: BTreeMap::new(),
            memberships: BTreeMap::new(),
            sessions: BTreeMap::new(),
            api_keys: BTreeMap::new(),
            api_key_prefixes: BTreeMap::new(),
            credential_tokens: BTreeMap::new(),
            documents: BTreeMap::new(),
            document_versions: BTreeMap::new(),
            events: BTreeMap::new(),
            event_ids: BTreeMap::new(),
            ticket_events: BTreeMap::new(),
            audit: BTreeMap::new(),
            audit_ids: BTreeMap::new(),
            answers: BTreeMap::new(),
            answers_by_age: BTreeMap::new(),
            audit_unsealed: BTreeMap::new(),
            audit_seals: BTreeMap::new(),
            workflow_runs: BTreeMap::new(),
            notifications: BTreeMap::new(),
            joined: BTreeMap::new(),
            jobs: BTreeMap::new(),
            job_keys: BTreeMap::new(),
            ready_jobs: BTreeMap::new(),
            job_leases: BTreeMap::new(),
            ended_jobs: BTreeMap::new(),
            job_attempts: BTreeMap::new(),
            claims: 0,
            mail_records: BTreeMap::new(),
            webhook_health: BTreeMap::new(),
            wakes: BTreeMap::new(),
            wakes_due: BTreeMap::new(),
            fired: BTreeMap::new(),
            schedules: BTreeMap::new(),
            sla_results: BTreeMap::new(),
            milestones: BTreeMap::new(),
            routing_turns: BTreeMap::new(),
            routing_decisions: BTreeMap::new(),
            arrivals: BTreeMap::new(),
            arrival_keys: BTreeMap::new(),
            arrivals_of_senders: BTreeMap::new(),
            arrivals_of_tickets: BTreeMap::new(),
            attachments: BTreeMap::new(),
            attached: BTreeMap::new(),
            canned_uses: BTreeMap::new(),
            time_entries: BTreeMap::new(),
            time_by_moment: BTreeMap::new(),
            time_of_tickets: BTreeMap::new(),
            stopwatches: BTreeMap::new(),
        }
    }
}

impl State {
    /// The ticket, where the scope sees it.
    pub fn ticket(&self, scope: &Scope, key: &TicketKey) -> Option<&Ticket> {
        let id = match key {
            TicketKey::Id(id) => id,
            TicketKey::Number(number) => self.ticket_numbers.get(number)?,
        };
        self.tickets.get(id).filter(|ticket| scope.sees(ticket))
    }

    /// Whether the scope sees the ticket of this id.
    pub fn sees_ticket(&self, scope: &Scope, id: TicketId) -> bool {
        self.ticket(scope, &TicketKey::Id(id)).is_some()
    }

    /// The person as of now; the name of one who is not known stays as it was written.
    pub fn person(&self, written: &Person) -> Person {
        match written.id {
            None => Person::system(),
            Some(id) => self.users.get(&id).map_or_else(|| written.clone(), Person::from),
        }
    }
}

/// The part of a call's key that is unique.
pub(super) fn unique(key: &IdempotencyKey) -> [String; 3] {
    [key.owner.clone(), key.route.clone(), key.key.clone()]
}

/// The ticket's place in each order.
pub(super) fn places(ticket: &Ticket) -> [Place; 5] {
    std::array::from_fn(|place| {
        let position = Position::of_ticket(Sort { field: SortField::OF_EVERY_DESK[place], descending: false }, ticket);
        (SortKey(place), position.key, ticket.id)
    })
}
