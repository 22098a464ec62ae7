//! Made-up events: for a test of an endpoint, and to see whether a template makes JSON of every kind of event.

use super::Occasion;
use crate::event::{Deadline, Fact, FieldChanges, Merge};
use crate::ids::{CommentId, EventId, OrganizationId, SlaPolicyId, TeamId, TicketId, TicketNumber, UserId};
use crate::model::{
    Availability, Channel, Comment, EscalationCause, EventType, Person, Priority, Role, Sla, SlaMetric, SlaPolicyRef,
    Status, Ticket, User,
};
use crate::time::Time;
use serde_json::{Map, json};
use uuid::Uuid;

/// The name of an event that only says that the endpoint can be reached.
pub const TEST: &str = "webhook.test";

/// A made-up event and all around it.
#[derive(Clone, Debug)]
pub struct Sample {
    name: &'static str,
    at: Time,
    actor: Person,
    fact: Option<Fact>,
    ticket: Ticket,
    customer: Option<User>,
    comment: Option<Comment>,
    is_sparse: bool,
}

impl Sample {
    /// A test of an endpoint.
    pub fn test(at: Time) -> Self {
        let customer = customer(at);
        let ticket = ticket(at);
        let actor = Person::system();
        Self { name: TEST, at, actor, fact: None, ticket, customer: Some(customer), comment: None, is_sparse: false }
    }

    /// An event of this type.
    pub fn of(event: EventType, at: Time) -> Self {
        let fact = fact(event, at);
        let actor = agent();
        let comment = fact.comment_id().map(|id| Comment {
            id,
            ticket_id: TicketId(Uuid::nil()),
            author: actor.clone(),
            body: "Thank you.\nWe \"look\" into it \\ tell you \u{1f642}".to_owned(),
            is_internal: false,
            channel: Channel::Web,
            version: 1,
            created_at: at,
            edited_at: None,
        });
        Self { name: event.as_str(), actor, fact: Some(fact), comment, ..Self::test(at) }
    }

    /// The same where whatever may be absent is.
    #[must_use]
    pub fn sparse(self) -> Self {
        let ticket = Ticket {
            category: None,
            tags: Vec::new(),
            custom_fields: Map::new(),
            organization_id: None,
            assigned_agent_id: None,
            team_id: None,
            first_responded_at: None,
            sla: None,
            ..self.ticket
        };
        Self { ticket, customer: None, comment: None, actor: Person::system(), is_sparse: true, ..self }
    }

    /// The event under this id.
    pub fn occasion(&self, id: EventId) -> Occasion<'_> {
        Occasion {
            id,
            name: self.name,
            at: self.at,
            actor: &self.actor,
            fact: self.fact.as_ref(),
            ticket: &self.ticket,
            customer: self.customer.as_ref(),
            agent_name: (!self.is_sparse).then_some("Amy Agent"),
            team_name: (!self.is_sparse).then_some("Support"),
            comment: self.comment.as_ref(),
            workflow: None,
        }
    }
}

fn agent() -> Person {
    Person { id: Some(UserId(Uuid::nil())), name: "Amy Agent".to_owned(), role: "agent".to_owned() }
}

fn customer(at: Time) -> User {
    User {
        id: UserId(Uuid::nil()),
        email: "cleo@example.com".to_owned(),
        name: "Cleo Customer".to_owned(),
        role: Role::Customer,
        organization_id: None,
        time_zone: None,
        locale: None,
        availability: Availability::Online,
        availability_since: at,
        is_active: true,
        version: 1,
        rights_version: 1,
        joins_by_domain: false,
        created_at: at,
        updated_at: at,
    }
}

fn ticket(at: Time) -> Ticket {
    Ticket {
        id: TicketId(Uuid::nil()),
        number: TicketNumber::from_bits(0),
        subject: "An example: \"Cannot log in\"".to_owned(),
        description: "Since this morning.\nWhat can I do?".to_owned(),
        status: Status::Open,
        priority: Priority::High,
        category: Some("Login".to_owned()),
        tags: vec!["example".to_owned()],
        custom_fields: Map::new(),
        channel: Channel::Api,
        customer_id: UserId(Uuid::nil()),
        organization_id: Some(OrganizationId(Uuid::nil())),
        assigned_agent_id: Some(UserId(Uuid::nil())),
        team_id: Some(TeamId(Uuid::nil())),
        escalation_level: 0,
        version: 1,
        created_at: at,
        updated_at: at,
        first_responded_at: Some(at),
        resolved_at: None,
        closed_at: None,
        merged_into: None,
        wake_at: None,
        last_customer_reply_at: None,
        last_status_change_at: None,
        sla: Some(Box::new(Sla {
            policy: Some(SlaPolicyRef { id: SlaPolicyId(Uuid::nil()), version: 1 }),
            calendar_id: None,
            paused_since: None,
            first_response: None,
            next_response: None,
            resolution: None,
            is_breached: false,
            planned_at: None,
            is_replanned: false,
            replans: Vec::new(),
        })),
        rule_spend: None,
    }
}

fn deadline(at: Time) -> Deadline {
    Deadline { metric: SlaMetric::FirstResponse, started_at: at, due_at: at }
}

fn fact(event: EventType, at: Time) -> Fact {
    let changes = |field: &str, old, new| FieldChanges::from([(field.to_owned(), (old, new))]);
    match event {
        EventType::TicketCreated => Fact::TicketCreated {},
        EventType::TicketUpdated => {
            Fact::TicketUpdated { changes: changes("priority", json!("medium"), json!("high")), reason: None }
        }
        EventType::TicketAssigned => {
            Fact::TicketAssigned { changes: changes("assigned_agent_id", json!(null), json!(Uuid::nil())) }
        }
        EventType::TicketStatusChanged => {
            Fact::TicketStatusChanged { changes: changes("status", json!("open"), json!("pending")) }
        }
        EventType::TicketEscalated => Fact::TicketEscalated {
            changes: changes("escalation_level", json!(0), json!(1)),
            level: 1,
            reason: "No answer since yesterday.".to_owned(),
            cause: EscalationCause::Manual,
        },
        EventType::TicketResolved => Fact::TicketResolved {},
        EventType::TicketReopened => Fact::TicketReopened {},
        EventType::TicketClosed => Fact::TicketClosed {},
        EventType::TicketMerged => Fact::TicketMerged(Box::new(merge())),
        EventType::CommentAdded => {
            Fact::CommentAdded { comment_id: CommentId(Uuid::nil()), is_internal: false, changes: FieldChanges::new() }
        }
        EventType::SlaWarning => Fact::SlaWarning(deadline(at)),
        EventType::SlaBreached => Fact::SlaBreached(deadline(at)),
    }
}

fn merge() -> Merge {
    let before = crate::event::Stand { status: Status::Open, resolved_at: None, closed_at: None, wake_at: None };
    Merge {
        source_id: TicketId(Uuid::nil()),
        target_id: TicketId(Uuid::max()),
        changes: FieldChanges::new(),
        moved_comments: Vec::new(),
        hidden_comments: Vec::new(),
        added_watchers: Vec::new(),
        repointed: Vec::new(),
        other_customers: false,
        on_target: false,
        before,
    }
}
