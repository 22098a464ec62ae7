//! Rows to test with: plausible, distinct, and the same in every run.

mod inbound;
mod time;

pub use inbound::attach;
pub use time::euros;

use crate::changes::{Expect, Write};
use crate::event::{Event, Fact};
use crate::ids::{
    ApiKeyId, AuditId, CalendarId, ChangeId, CommentId, CredentialTokenId, EventId, JobId, NotificationId,
    OrganizationId, Seq, SessionId, SlaPolicyId, TeamId, TicketId, UserId, WorkflowId, WorkflowRunId,
};
use crate::memory::{SeededIds, TestClock};
use crate::model::audit::AuditDetail;
use crate::model::{
    ApiKey, AuditEntry, Availability, Channel, Comment, CredentialToken, Job, JobCause, JobKind, JobState, MailRecord,
    Membership, Notification, NotificationKind, Organization, Person, Priority, Role, Routing, RuleRef, RunOutcome,
    Session, Sla, SlaClock, SlaPolicyRef, Status, Subject, Team, TeamRole, Ticket, TokenKind, Trigger, User,
    WorkflowRun,
};
use crate::port::IdSource;
use crate::setting::Document;
use crate::time::Time;
use chrono::TimeDelta;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A source of rows. Every row is a little later than the one before, so ids are in order too.
#[derive(Debug)]
pub struct Sample {
    /// Ids, and choices where a test makes some.
    pub ids: SeededIds,
    clock: TestClock,
}

impl Sample {
    /// The source of this seed.
    pub fn new(seed: u64) -> Self {
        Self { ids: SeededIds::new(seed), clock: TestClock::default() }
    }

    /// The next moment, 1,001 microseconds after the last.
    pub fn now(&self) -> Time {
        self.clock.advance(TimeDelta::microseconds(1_001))
    }

    /// A new id.
    pub fn uuid(&self) -> Uuid {
        self.ids.uuid(self.now())
    }

    /// A person whose address nobody else has.
    pub fn user(&self, name: &str, role: Role) -> User {
        let now = self.now();
        let id = self.ids.uuid(now);
        User {
            id: UserId(id),
            email: format!("{id}@people.example"),
            name: name.to_owned(),
            role,
            organization_id: None,
            time_zone: Some("Europe/Lisbon".to_owned()),
            locale: None,
            availability: Availability::Online,
            availability_since: now - TimeDelta::minutes(7),
            is_active: true,
            version: 1,
            rights_version: 1,
            joins_by_domain: false,
            created_at: now,
            updated_at: now,
        }
    }

    /// A company whose name and mail domain nobody else has.
    pub fn organization(&self, name: &str) -> Organization {
        let now = self.now();
        let id = self.ids.uuid(now);
        Organization {
            id: OrganizationId(id),
            name: format!("{name} {id}"),
            domains: vec![format!("{id}.example")],
            shares_tickets: false,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// A team whose name nobody else has.
    pub fn team(&self, name: &str) -> Team {
        let now = self.now();
        let id = self.ids.uuid(now);
        Team {
            id: TeamId(id),
            name: format!("{name} {id}"),
            description: Some("Takes what comes in.".to_owned()),
            routing: Routing::Manual,
            capacity: Some(20),
            calendar_id: Some(CalendarId(self.ids.uuid(now))),
            is_active: true,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// A person's place in a team.
    pub fn membership(&self, team: &Team, user: &User) -> Membership {
        Membership {
            team_id: team.id,
            user_id: user.id,
            role: TeamRole::Member,
            capacity: None,
            skills: vec!["Français".to_owned(), "billing".to_owned()],
            version: 1,
            created_at: self.now(),
        }
    }

    /// A ticket of this customer.
    pub fn ticket(&self, customer: &User) -> Ticket {
        let now = self.now();
        Ticket {
            id: TicketId(self.ids.uuid(now)),
            number: self.ids.ticket_number(),
            subject: "The lift does not answer".to_owned(),
            description: "It stands on the third floor and hums.\nSince this morning.".to_owned(),
            status: Status::Open,
            priority: Priority::Medium,
            category: Some("Building".to_owned()),
            tags: vec!["lift".to_owned(), "urgent".to_owned()],
            custom_fields: fields(json!({"floor": 3, "seen": ["hall", "yard"], "note": {"by": "Ana"}, "left": null})),
            channel: Channel::Portal,
            customer_id: customer.id,
            organization_id: customer.organization_id,
            assigned_agent_id: None,
            team_id: None,
            escalation_level: 0,
            version: 1,
            created_at: now,
            updated_at: now,
            first_responded_at: None,
            resolved_at: None,
            closed_at: None,
            merged_into: None,
            wake_at: None,
            last_customer_reply_at: None,
            last_status_change_at: None,
            sla: None,
            rule_spend: None,
        }
    }

    /// How a ticket stands to what was promised, with a clock that is over and one that still counts.
    pub fn sla(&self) -> Sla {
        let started_at = self.now();
        let clock = SlaClock {
            started_at,
            target: 3_600,
            working_time: true,
            spent: 1_234_567,
            counts_since: Some(self.now()),
            due_at: Some(self.now()),
            warn_at: Some(self.now()),
            warned_at: Some(self.now()),
            breached_at: None,
            met_at: None,
        };
        let over = SlaClock { breached_at: Some(self.now()), met_at: Some(self.now()), ..clock.clone() };
        let sla = Sla {
            policy: Some(SlaPolicyRef { id: SlaPolicyId(self.uuid()), version: 3 }),
            calendar_id: Some(CalendarId(self.uuid())),
            paused_since: Some(self.now()),
            first_response: Some(over),
            next_response: None,
            resolution: Some(clock),
            is_breached: true,
            planned_at: Some(self.now()),
            is_replanned: false,
            replans: Vec::new(),
        };
        Sla { is_replanned: true, replans: vec![sla.clone()], ..sla }
    }

    /// Something that this person says on the ticket.
    pub fn comment(&self, ticket: &Ticket, author: &User, is_internal: bool) -> Comment {
        let now = self.now();
        Comment {
            id: CommentId(self.ids.uuid(now)),
            ticket_id: ticket.id,
            author: author.into(),
            body: format!("{} had a look.", author.name),
            is_internal,
            channel: Channel::Web,
            version: 1,
            created_at: now,
            edited_at: None,
        }
    }

    /// What happened to the ticket.
    pub fn event(&self, ticket: &Ticket, fact: Fact, actor: &User) -> Event {
        let now = self.now();
        Event {
            seq: Seq(0),
            id: EventId(self.ids.uuid(now)),
            change_id: ChangeId(self.ids.uuid(now)),
            audience: fact.audience(),
            fact,
            ticket_id: ticket.id,
            ticket_version: ticket.version,
            team_id: ticket.team_id,
            assignee_id: ticket.assigned_agent_id,
            actor: actor.into(),
            cause: None,
            rule: None,
            at: now,
            image: Some(ticket.image()),
        }
    }

    /// A sign-in of this person.
    pub fn session(&self, user: &User) -> Session {
        let now = self.now();
        Session {
            id: SessionId(self.ids.uuid(now)),
            user_id: user.id,
            family_hash: self.ids.secret(),
            current_hash: self.ids.secret(),
            ip: Some("203.0.113.7".to_owned()),
            user_agent: Some("Browser/1.0 (test)".to_owned()),
            version: 1,
            created_at: now,
            refreshed_at: now,
            expires_at: now + TimeDelta::days(30),
            ended_at: None,
        }
    }

    /// A key of this person's program.
    pub fn api_key(&self, user: &User) -> ApiKey {
        let now = self.now();
        let id = self.ids.uuid(now);
        ApiKey {
            id: ApiKeyId(id),
            user_id: user.id,
            name: "Nightly report".to_owned(),
            prefix: format!("tk_{}", id.simple()),
            key_hash: self.ids.secret(),
            scopes: vec!["tickets:read".to_owned(), "reports:read".to_owned()],
            version: 1,
            created_at: now,
            expires_at: Some(now + TimeDelta::days(365)),
            revoked_at: None,
            last_used_at: None,
        }
    }

    /// A link that lets this person set a password.
    pub fn credential_token(&self, user: &User, kind: TokenKind) -> CredentialToken {
        let now = self.now();
        CredentialToken {
            id: CredentialTokenId(self.ids.uuid(now)),
            user_id: Some(user.id),
            kind,
            token_hash: self.ids.secret(),
            created_at: now,
            expires_at: now + TimeDelta::hours(1),
            used_at: None,
        }
    }

    /// A settings document of nobody in particular.
    pub fn document(&self, kind: &str, body: Value) -> Document {
        let now = self.now();
        Document {
            kind: kind.to_owned(),
            id: self.ids.uuid(now),
            owner: None,
            version: 1,
            saved_at: now,
            saved_by: None,
            deleted: false,
            body,
        }
    }

    /// A job of this lane that is due at once.
    pub fn job(&self, kind: JobKind, lane: &str) -> Job {
        let now = self.now();
        Job {
            id: JobId(self.ids.uuid(now)),
            kind,
            lane: lane.to_owned(),
            dedupe: None,
            ticket_id: None,
            payload: json!({"to": "ana@people.example"}),
            cause: JobCause::default(),
            state: JobState::Ready,
            due_at: now,
            attempts: 0,
            lost: 0,
            lease: None,
            last_error: None,
            created_at: now,
            ended_at: None,
        }
    }

    /// What is known about all mail to an address that was written to once.
    pub fn mail_record(&self, address: &str) -> MailRecord {
        let now = self.now();
        MailRecord {
            address: address.to_owned(),
            ticket_id: None,
            recent: vec![now],
            held: 0,
            failure: None,
            version: 1,
            updated_at: now,
        }
    }

    /// The first version of a rule.
    pub fn rule(&self) -> RuleRef {
        RuleRef { id: WorkflowId(self.uuid()), version: 1 }
    }

    /// That this rule fired when the ticket was made.
    pub fn run(&self, rule: RuleRef, ticket_id: TicketId) -> WorkflowRun {
        let now = self.now();
        WorkflowRun {
            id: WorkflowRunId(self.ids.uuid(now)),
            rule,
            ticket_id,
            event_id: Some(EventId(self.ids.uuid(now))),
            at: now,
            trigger: Trigger::TicketCreated,
            round: 1,
            outcome: RunOutcome::Fired,
            trace: json!({"conditions": [], "actions": [{"type": "add_tags"}]}),
        }
    }

    /// Something that this person is told.
    pub fn notification(&self, user_id: UserId) -> Notification {
        let now = self.now();
        Notification {
            id: NotificationId(self.ids.uuid(now)),
            user_id,
            ticket_id: None,
            ticket_number: None,
            kind: NotificationKind::Rule,
            title: "The lift hums".to_owned(),
            message: "It has stood on the third floor for an hour.".to_owned(),
            count: 1,
            rule: None,
            change_id: ChangeId(self.ids.uuid(now)),
            created_at: now,
            updated_at: now,
            read_at: None,
        }
    }

    /// A line of the audit log.
    pub fn audit(&self, actor: &User, action: &str, subject: Subject) -> AuditEntry {
        let now = self.now();
        AuditEntry {
            id: AuditId(self.ids.uuid(now)),
            at: now,
            actor: actor.into(),
            action: action.to_owned(),
            subject,
            request_id: Some("req-1".to_owned()),
            detail: AuditDetail {
                changes: json!({"status": ["open", "pending"]}),
                ip: Some("2001:db8::7".to_owned()),
                user_agent: None,
                ..AuditDetail::default()
            },
            salt: *self.uuid().as_bytes(),
            detail_digest: self.ids.secret(),
            key_id: "2026".to_owned(),
            mac: self.ids.secret(),
        }
    }
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// The desk itself as the author of something.
pub fn by_the_desk(comment: Comment) -> Comment {
    Comment { author: Person::system(), ..comment }
}

/// A row that is written with an expectation.
pub trait Stored: Clone {
    /// The write of this row as it is.
    fn write(self, expect: Expect) -> Write;
    /// Its version, which grows by one with every change.
    fn version(&mut self) -> &mut i64;
}

macro_rules! stored {
    ($($row:ty => $variant:ident $field:ident),+ $(,)?) => {$(
        impl Stored for $row {
            fn write(self, expect: Expect) -> Write {
                Write::$variant { $field: self, expect }
            }

            fn version(&mut self) -> &mut i64 {
                &mut self.version
            }
        }
    )+};
}
stored! {
    Comment => Comment comment,
    User => User user,
    Organization => Organization organization,
    Team => Team team,
    Membership => Membership membership,
    Session => Session session,
    ApiKey => ApiKey key,
    Document => Setting document,
    MailRecord => MailRecord record,
}

impl Stored for Ticket {
    fn write(self, expect: Expect) -> Write {
        Write::Ticket { ticket: Box::new(self), expect, text: true }
    }

    fn version(&mut self) -> &mut i64 {
        &mut self.version
    }
}

/// Writes a new row.
pub fn add<T: Stored>(row: &T) -> Write {
    row.clone().write(Expect::New)
}

/// Changes a row that is there and writes it with its next version.
pub fn change<T: Stored>(row: &mut T, edit: impl FnOnce(&mut T)) -> Write {
    let stored = *row.version();
    edit(row);
    *row.version() = stored + 1;
    row.clone().write(Expect::Version(stored))
}

/// Writes an event.
pub fn tell(event: &Event) -> Write {
    Write::Event(Box::new(event.clone()))
}

/// Writes a line of the audit log.
pub fn note(entry: &AuditEntry) -> Write {
    Write::Audit(Box::new(entry.clone()))
}

/// Writes what a rule did.
pub fn ran(run: &WorkflowRun) -> Write {
    Write::WorkflowRun(Box::new(run.clone()))
}

/// Writes something that a person is told.
pub fn inform(told: &Notification) -> Write {
    Write::Notification(Box::new(told.clone()))
}
