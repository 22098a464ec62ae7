//! Tickets and what belongs to them.

use super::super::word::{Channel, LinkKind, Priority, SlaMetric, Status};
use super::FieldError;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A ticket.
#[derive(ToSchema)]
pub(crate) struct Ticket {
    /// Its id.
    id: Uuid,
    /// Its name for people.
    #[schema(example = "TKT-7KQ2M9XD")]
    ticket_number: String,
    /// One line that says what it is about.
    subject: String,
    /// The first message.
    description: String,
    /// Where it stands.
    status: Status,
    /// How much it matters.
    priority: Priority,
    /// The desk's own kind of question.
    #[schema(required)]
    category: Option<String>,
    /// Short labels, sorted.
    tags: Vec<String>,
    /// Values of the desk's own fields.
    custom_fields: Map<String, Value>,
    /// How it came in.
    channel: Channel,
    /// Who asks.
    customer_id: Uuid,
    /// The customer's company when the ticket was made.
    #[schema(required)]
    organization_id: Option<Uuid>,
    /// Who answers.
    #[schema(required)]
    assigned_agent_id: Option<Uuid>,
    /// Whose queue it is in.
    #[schema(required)]
    team_id: Option<Uuid>,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it last changed, a new comment included.
    updated_at: DateTime<Utc>,
    /// The first public comment of staff.
    #[schema(required)]
    first_responded_at: Option<DateTime<Utc>>,
    /// Since when it is resolved.
    #[schema(required)]
    resolved_at: Option<DateTime<Utc>>,
    /// Since when it is closed.
    #[schema(required)]
    closed_at: Option<DateTime<Utc>>,
    /// The ticket that took this one in. Absent where none did.
    #[schema(required = false)]
    merged_into: Uuid,
    /// Where people look at it.
    url: String,
    /// How often it was escalated. For staff.
    #[schema(required = false)]
    escalation_level: i32,
    /// When it asks for work again, if it is put off. For staff.
    wake_at: Option<DateTime<Utc>>,
    /// How it stands to what was promised, where something was. For staff.
    sla: Option<Sla>,
    /// Whether a promise was ever broken. For staff.
    #[schema(required = false)]
    is_sla_breached: bool,
}

/// How a ticket stands to what was promised. A moment is null where nothing was promised, or where its time does not
/// count at present.
#[derive(ToSchema)]
pub(crate) struct Sla {
    /// By which policy.
    policy_id: Uuid,
    /// What is due next of what counts at present, or is late.
    #[schema(required)]
    due_metric: Option<SlaMetric>,
    /// When that is or was due.
    #[schema(required)]
    due_at: Option<DateTime<Utc>>,
    /// Until when the first public comment of staff is promised.
    #[schema(required)]
    first_response_due_at: Option<DateTime<Utc>>,
    /// Until when an answer to the customer's last word is promised.
    #[schema(required)]
    next_response_due_at: Option<DateTime<Utc>>,
    /// Until when it is promised to be resolved.
    #[schema(required)]
    resolution_due_at: Option<DateTime<Utc>>,
    /// Since when nothing counts, because of the ticket's status.
    #[schema(required)]
    paused_since: Option<DateTime<Utc>>,
    /// Whether the first response came too late, or is late.
    first_response_breached: bool,
    /// Whether the last response that was owed came too late, or is late.
    next_response_breached: bool,
    /// Whether it was resolved too late, or is late.
    resolution_breached: bool,
}

/// What became of each of many tickets.
#[derive(ToSchema)]
pub(crate) struct Outcomes {
    /// In the order in which they were named.
    items: Vec<Outcome>,
}

/// What became of one of many tickets.
#[derive(ToSchema)]
pub(crate) struct Outcome {
    /// As it was named.
    ticket: String,
    /// Whether it was changed.
    ok: bool,
    /// Why it was not.
    #[schema(required = false)]
    error: Refusal,
}

/// Why one of many things was not done.
#[derive(ToSchema)]
pub(crate) struct Refusal {
    /// What kind of failure, for programs.
    r#type: String,
    /// The kind, for people.
    title: String,
    /// The status that it would have been answered with alone.
    status: u16,
    /// What went wrong, for people.
    detail: String,
    /// All that is wrong with the input.
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

/// A tie between two tickets.
#[derive(ToSchema)]
pub(crate) struct Link {
    /// Its id.
    id: Uuid,
    /// What the first ticket is to the second.
    r#type: LinkKind,
    /// The ticket that was asked for.
    ticket_id: Uuid,
    /// `outward` where the ticket that was asked for is the first, else `inward`.
    direction: String,
    /// The ticket at the other end.
    ticket: LinkedTicket,
    /// Who tied them. For staff.
    #[schema(required = false)]
    created_by: Uuid,
    /// When.
    created_at: DateTime<Utc>,
}

/// Enough of a ticket to know it by.
#[derive(ToSchema)]
pub(crate) struct LinkedTicket {
    /// Its id.
    id: Uuid,
    /// Its name for people.
    ticket_number: String,
    /// One line that says what it is about.
    subject: String,
    /// Where it stands.
    status: Status,
}

/// Who did something.
#[derive(ToSchema)]
pub(crate) struct Person {
    /// Nobody's where the desk itself acted.
    #[schema(required)]
    id: Option<Uuid>,
    /// The name.
    name: String,
    /// A role, or `system` where the desk itself acted.
    role: String,
}

/// A file on a ticket or comment.
#[derive(ToSchema)]
pub(crate) struct Attachment {
    /// Its id.
    id: Uuid,
    /// What its sender calls it.
    filename: String,
    /// What it says to be.
    #[schema(example = "image/png")]
    content_type: String,
    /// How many bytes it has.
    size: i64,
    /// Its bytes' SHA-256, as small hexadecimal digits.
    sha256: String,
    /// Who brought it; null where that is not known.
    #[schema(required)]
    uploaded_by: Option<Uuid>,
    /// When.
    created_at: DateTime<Utc>,
    /// Where it is had.
    url: String,
}

/// Something said on a ticket.
#[derive(ToSchema)]
pub(crate) struct Comment {
    /// Its id.
    id: Uuid,
    /// The ticket.
    ticket_id: Uuid,
    /// Who said it.
    author: Person,
    /// What was said.
    body: String,
    /// True for a note among staff. Never true in what a customer gets.
    is_internal: bool,
    /// How it came in.
    channel: Channel,
    /// Files that came with it.
    attachments: Vec<Attachment>,
    /// Grows by one with every edit; the entity tag.
    version: i64,
    /// When it was said.
    created_at: DateTime<Utc>,
    /// When it was last edited.
    #[schema(required = false)]
    edited_at: DateTime<Utc>,
    /// What did not come about as its author may expect, such as somebody who was named and not told
    /// (`mention_without_access`). Only in the answer to a member of staff who has just said it.
    #[schema(required = false)]
    warnings: Vec<FieldError>,
}

/// Somebody who listens to a ticket.
#[derive(ToSchema)]
pub(crate) struct Watcher {
    /// The ticket.
    ticket_id: Uuid,
    /// Who.
    #[schema(required)]
    user_id: Option<Uuid>,
    /// The person's name.
    name: String,
    /// The person's role.
    role: String,
    /// Since when.
    created_at: DateTime<Utc>,
}

/// How long lists of tickets are.
#[derive(ToSchema)]
pub(crate) struct CountedTickets {
    /// By the names that they were given.
    counts: BTreeMap<String, TicketCount>,
}

/// How long a list is.
#[derive(ToSchema)]
pub(crate) struct TicketCount {
    /// How many tickets there are; counting stops at 1,000.
    #[schema(minimum = 0, maximum = 1_000)]
    count: u64,
    /// Whether there are more.
    is_capped: bool,
}
