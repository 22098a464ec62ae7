//! What routes answer, as clients read it. A test holds real answers against these.

// Nothing is ever made of these types: they only describe.
#![allow(dead_code)]

use super::word::{Availability, Channel, KeyScope, LinkKind, Priority, Role, Routing, Status, TeamRole};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// A page of a list.
#[derive(ToSchema)]
pub(crate) struct Page<T: ToSchema> {
    /// What is on this page.
    items: Vec<T>,
    /// Where the next page starts: the `cursor` to ask for; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
    /// How many there are in all, where `count=true` asked for it.
    #[schema(required = false, minimum = 0)]
    total: u64,
}

/// A part of the event log.
#[derive(ToSchema)]
pub(crate) struct EventFeed {
    /// What happened, oldest first.
    items: Vec<Event>,
    /// Where to go on: the next `after`. Never null, because the log grows.
    next_cursor: String,
}

/// A failure (RFC 9457).
#[derive(ToSchema)]
#[schema(example = json!({"type": "/problems/invalid", "title": "Some fields can't be accepted", "status": 422,
    "detail": "1 field can't be accepted.", "request_id": "0199d2a4-c7b0-7e0c-8a3f-5b1d2e4f6a70",
    "errors": [{"field": "subject", "code": "required", "message": "May not be empty."}]}))]
pub(crate) struct Problem {
    /// What kind of failure, for programs. Never changes its meaning.
    r#type: String,
    /// The kind, for people.
    title: String,
    /// The status it was answered with.
    status: u16,
    /// What went wrong this time, for people.
    detail: String,
    /// The name of the request in the desk's logs.
    request_id: String,
    /// All that is wrong with the input.
    #[schema(required = false)]
    errors: Vec<FieldError>,
    /// The stored version, where another was expected.
    #[schema(required = false)]
    current_version: i64,
}

/// Something wrong with one field.
#[derive(ToSchema)]
pub(crate) struct FieldError {
    /// Which, such as `subject` or `tags[3]`; empty for the whole body.
    field: String,
    /// What, for programs.
    code: String,
    /// What, for people.
    message: String,
}

/// A sign-in.
#[derive(ToSchema)]
pub(crate) struct Session {
    /// The access token.
    token: String,
    /// Always `Bearer`.
    token_type: String,
    /// For how many seconds the access token is good.
    expires_in: i64,
    /// Good for one refresh. Absent where it is a cookie.
    #[schema(required = false)]
    refresh_token: String,
    /// Who signed in.
    user: User,
}

/// A person.
#[derive(ToSchema)]
pub(crate) struct User {
    /// The person's id.
    id: Uuid,
    /// The address.
    email: String,
    /// How to address the person.
    name: String,
    /// What the person may do.
    role: Role,
    /// The company a customer belongs to.
    #[schema(required)]
    organization_id: Option<Uuid>,
    /// IANA time zone.
    #[schema(required)]
    time_zone: Option<String>,
    /// BCP 47 language.
    #[schema(required)]
    locale: Option<String>,
    /// Whether new work is taken.
    availability: Availability,
    /// Whether the person can sign in.
    is_active: bool,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When the person was added.
    created_at: DateTime<Utc>,
    /// When the person last changed.
    updated_at: DateTime<Utc>,
}

/// A key of a program.
#[derive(ToSchema)]
pub(crate) struct ApiKey {
    /// Its id.
    id: Uuid,
    /// Whose rights it carries.
    user_id: Uuid,
    /// What its owner calls it.
    name: String,
    /// The start of the key.
    prefix: String,
    /// What it may do.
    scopes: Vec<KeyScope>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// After this it is refused.
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to about a minute.
    #[schema(required)]
    last_used_at: Option<DateTime<Utc>>,
}

/// A key that was just made.
#[derive(ToSchema)]
pub(crate) struct MadeApiKey {
    /// The whole key. It is told this once.
    key: String,
    /// Its id.
    id: Uuid,
    /// Whose rights it carries.
    user_id: Uuid,
    /// What its owner calls it.
    name: String,
    /// The start of the key.
    prefix: String,
    /// What it may do.
    scopes: Vec<KeyScope>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// After this it is refused.
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
    /// When it was last used.
    #[schema(required)]
    last_used_at: Option<DateTime<Utc>>,
}

/// A company whose people are customers.
#[derive(ToSchema)]
pub(crate) struct Organization {
    /// Its id.
    id: Uuid,
    /// What it is called.
    name: String,
    /// Mail domains of its people.
    domains: Vec<String>,
    /// Whether its people see each other's tickets.
    shares_tickets: bool,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When it was added.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

/// People who share a queue.
#[derive(ToSchema)]
pub(crate) struct Team {
    /// Its id.
    id: Uuid,
    /// What it is called.
    name: String,
    /// What it is for.
    #[schema(required)]
    description: Option<String>,
    /// How its tickets find their agent.
    routing: Routing,
    /// The most open tickets that a member is given.
    #[schema(required)]
    capacity: Option<i32>,
    /// False once it was deleted while tickets still named it.
    is_active: bool,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

/// A person in a team.
#[derive(ToSchema)]
pub(crate) struct Member {
    /// The team.
    team_id: Uuid,
    /// The person.
    user_id: Uuid,
    /// The person's name.
    name: String,
    /// The person's address.
    email: String,
    /// As what.
    role: TeamRole,
    /// The most open tickets that the person is given here.
    #[schema(required)]
    capacity: Option<i32>,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// Since when.
    created_at: DateTime<Utc>,
}

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

/// The other end of a tie.
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
    attachments: Vec<Value>,
    /// Grows by one with every edit; the entity tag.
    version: i64,
    /// When it was said.
    created_at: DateTime<Utc>,
    /// When it was last edited.
    #[schema(required = false)]
    edited_at: DateTime<Utc>,
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

/// Something that happened on a ticket.
#[derive(ToSchema)]
pub(crate) struct Event {
    /// Its id, the same wherever it is told.
    event_id: Uuid,
    /// What happened.
    #[schema(example = "ticket.assigned")]
    r#type: String,
    /// When.
    at: DateTime<Utc>,
    /// Who did it.
    actor: Person,
    /// The ticket.
    ticket_id: Uuid,
    /// What this kind of event says: `changes` as `{field: [old, new]}`, `comment_id`, `reason`, …
    data: Map<String, Value>,
    /// The event that caused it.
    #[schema(required = false)]
    cause: Uuid,
}

/// Whether something runs.
#[derive(ToSchema)]
pub(crate) struct Health {
    /// `ok` or `ready`.
    status: String,
}

/// A line of the audit log.
#[derive(ToSchema)]
pub(crate) struct AuditLine {
    /// Its id.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// Who did it.
    actor: Person,
    /// What.
    #[schema(example = "ticket.assigned")]
    action: String,
    /// To what: a kind and an id.
    #[schema(example = "ticket:0199d2a4-c7b0-7e0c-8a3f-5b1d2e4f6a70")]
    subject: String,
    /// What changed, as `{field: [before, after]}`; secrets are masked.
    changes: Value,
    /// The client's address.
    #[schema(required)]
    ip: Option<String>,
    /// The proxy's address, where one passed the request on.
    #[schema(required = false)]
    peer: String,
    /// What the client calls itself, cut off where it is long.
    #[schema(required)]
    user_agent: Option<String>,
    /// The name of the request.
    #[schema(required)]
    request_id: Option<String>,
}

/// Whether the audit log is whole.
#[derive(ToSchema)]
pub(crate) struct AuditProof {
    /// Whether nothing is wrong.
    ok: bool,
    /// How many lines were looked at and found good.
    #[schema(minimum = 0)]
    checked: u64,
    /// The first thing that is wrong.
    #[schema(required = false)]
    first_bad: AuditFlaw,
}

/// Something that is wrong with the audit log.
#[derive(ToSchema)]
pub(crate) struct AuditFlaw {
    /// What, such as `line_changed` or `line_missing`.
    kind: String,
    /// With which line.
    #[schema(required = false)]
    line: Uuid,
    /// With which link of the chain.
    #[schema(required = false)]
    seal: i64,
}
