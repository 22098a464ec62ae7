//! A ticket: one request for help from the first word to the last.

use super::{RuleSpend, Sla, words};
use crate::ids::{OrganizationId, TeamId, TicketId, TicketNumber, UserId};
use crate::time::Time;
use serde::de::value::MapDeserializer;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

words! {
    /// Where a ticket stands.
    Status {
        /// Waits for staff.
        Open = 0 "open",
        /// Somebody works on it.
        InProgress = 1 "in_progress",
        /// Waits for the customer.
        Pending = 2 "pending",
        /// Waits for somebody else.
        OnHold = 3 "on_hold",
        /// Answered; the customer may still object.
        Resolved = 4 "resolved",
        /// Over. Read-only until staff open it again.
        Closed = 5 "closed",
    }
}

words! {
    /// How much it matters, lowest first.
    Priority {
        /// Can wait.
        Low = 0 "low",
        /// The usual.
        Medium = 1 "medium",
        /// Soon.
        High = 2 "high",
        /// Now.
        Critical = 3 "critical",
    }
}

impl Priority {
    /// The next step up, where there is one.
    pub fn raised(self) -> Option<Self> {
        Self::from_rank(self.rank() + 1)
    }
}

words! {
    /// The way by which a ticket or comment came in.
    Channel {
        /// Typed by staff in the console.
        Web = 0 "web",
        /// By mail.
        Email = 1 "email",
        /// By a program.
        Api = 2 "api",
        /// Typed by a customer.
        Portal = 3 "portal",
    }
}

/// One request for help.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Its name for people.
    pub number: TicketNumber,
    /// One line that says what it is about.
    pub subject: String,
    /// The first message, whole.
    pub description: String,
    /// Where it stands.
    pub status: Status,
    /// How much it matters.
    pub priority: Priority,
    /// The desk's own kind of question, free text.
    pub category: Option<String>,
    /// Short labels, sorted and without repeats.
    pub tags: Vec<String>,
    /// Values of the desk's own fields by key.
    pub custom_fields: Map<String, Value>,
    /// How it came in.
    pub channel: Channel,
    /// Who asks.
    pub customer_id: UserId,
    /// The customer's company when the ticket was made.
    pub organization_id: Option<OrganizationId>,
    /// Who answers.
    pub assigned_agent_id: Option<UserId>,
    /// Whose queue it is in.
    pub team_id: Option<TeamId>,
    /// How often it was escalated.
    pub escalation_level: i16,
    /// Grows by one with every commit that touches it.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed, a new comment included.
    pub updated_at: Time,
    /// The first public comment of staff.
    pub first_responded_at: Option<Time>,
    /// Since when it is resolved, if it is or was when it was closed.
    pub resolved_at: Option<Time>,
    /// Since when it is closed, if it is.
    pub closed_at: Option<Time>,
    /// The ticket that took this one in. While there is one, this one is closed for good and what is
    /// said on it goes there. Never a ticket that was itself taken in by another.
    pub merged_into: Option<TicketId>,
    /// When a pending ticket asks for work again.
    pub wake_at: Option<Time>,
    /// When a customer last said something in public, the description included.
    #[serde(default)]
    pub last_customer_reply_at: Option<Time>,
    /// When the status last changed; at first when it was made.
    #[serde(default)]
    pub last_status_change_at: Option<Time>,
    /// How it stands to what was promised, where something was.
    #[serde(default)]
    pub sla: Option<Box<Sla>>,
    /// How much rules did to it lately.
    #[serde(skip)]
    pub rule_spend: Option<RuleSpend>,
}

impl Ticket {
    /// The ticket as an event keeps it: everything but the long texts.
    pub fn image(&self) -> Value {
        serde_json::json!({
            "id": self.id,
            "number": self.number,
            "subject": self.subject,
            "status": self.status,
            "priority": self.priority,
            "category": self.category,
            "tags": self.tags,
            "custom_fields": self.custom_fields,
            "channel": self.channel,
            "customer_id": self.customer_id,
            "organization_id": self.organization_id,
            "assigned_agent_id": self.assigned_agent_id,
            "team_id": self.team_id,
            "escalation_level": self.escalation_level,
            "version": self.version,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "first_responded_at": self.first_responded_at,
            "resolved_at": self.resolved_at,
            "closed_at": self.closed_at,
            "merged_into": self.merged_into,
            "wake_at": self.wake_at,
            "last_customer_reply_at": self.last_customer_reply_at,
            "last_status_change_at": self.last_status_change_at,
            "sla": self.sla,
        })
    }

    /// The ticket as it was when an event kept it, with this description, which events do not keep.
    pub fn from_image(image: &Value, description: &str) -> Result<Self, serde_json::Error> {
        let description = Value::from(description);
        let fields = image.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value));
        let whole = fields.chain([("description", &description)]);
        Self::deserialize(MapDeserializer::new(whole))
    }

    /// When the next promise is over that still counts.
    pub fn sla_due_at(&self) -> Option<Time> {
        self.sla.as_deref().filter(|_| self.is_open()).and_then(Sla::next_due).map(|(_, due_at)| due_at)
    }

    /// Whether a promise was ever broken.
    pub fn is_sla_breached(&self) -> bool {
        self.sla.as_deref().is_some_and(|sla| sla.is_breached)
    }

    /// Whether it still asks for work: neither resolved nor closed.
    pub fn is_open(&self) -> bool {
        !matches!(self.status, Status::Resolved | Status::Closed)
    }
}
