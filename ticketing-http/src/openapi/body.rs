//! The bodies that routes read, as clients write them. A test holds each against what is really read.

// Nothing is ever made of these types: they only describe.
#![allow(dead_code)]

use super::word::{Availability, KeyScope, LinkKind, Priority, Role, Routing, Status, TeamRole};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// A sign-in.
#[derive(ToSchema)]
#[schema(example = json!({"email": "ada@desk.example", "password": "correct horse battery"}))]
pub(crate) struct Login {
    /// The address, in any case.
    #[schema(min_length = 1, max_length = 1000)]
    email: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
    /// Whether the refresh token is to be a cookie that no script can read, instead of a part of the answer.
    #[schema(required = false)]
    cookie: bool,
}

/// A refresh token. Without a body, the one of the cookie is meant.
#[derive(ToSchema)]
#[schema(example = json!({"refresh_token": "0199d2a4c7b07e0c8a3f5b1d2e4f6a70.q3v…"}))]
pub(crate) struct Renewal {
    /// What the last sign-in or refresh answered.
    #[schema(required = false, min_length = 1)]
    refresh_token: String,
}

/// A customer who signs up.
#[derive(ToSchema)]
#[schema(example = json!({"email": "mia@home.example", "name": "Mia Berg", "password": "correct horse battery"}))]
pub(crate) struct Register {
    /// The address. Nobody else may have it, in any case.
    #[schema(min_length = 1, max_length = 254, format = Email)]
    email: String,
    /// How to address the person.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// At least 8 characters.
    #[schema(min_length = 8, format = Password)]
    password: String,
}

/// What to change of oneself.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Ada L.", "availability": "away", "time_zone": "Europe/Berlin"}))]
pub(crate) struct MePatch {
    /// How to address the person.
    #[schema(required = false, min_length = 1, max_length = 200)]
    name: String,
    /// Whether new work is taken.
    #[schema(required = false)]
    availability: Availability,
    /// IANA time zone, such as `Europe/Berlin`.
    time_zone: Option<String>,
    /// BCP 47 language, such as `de` or `pt-BR`.
    #[schema(max_length = 35)]
    locale: Option<String>,
    /// A new password of at least 8 characters; needs `current_password`.
    #[schema(required = false, min_length = 8, format = Password)]
    password: String,
    /// The password until now.
    #[schema(required = false, format = Password)]
    current_password: String,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// The address of somebody who forgot the password.
#[derive(ToSchema)]
#[schema(example = json!({"email": "mia@home.example"}))]
pub(crate) struct Forgotten {
    /// The address, in any case.
    #[schema(min_length = 1, max_length = 1000)]
    email: String,
}

/// A new password, by the link of an invitation or a reset.
#[derive(ToSchema)]
#[schema(example = json!({"token": "reset_3kq9…", "password": "correct horse battery"}))]
pub(crate) struct PasswordReset {
    /// What the link carries.
    token: String,
    /// At least 8 characters.
    #[schema(min_length = 8, format = Password)]
    password: String,
}

/// The first administrator.
#[derive(ToSchema)]
#[schema(example = json!({"token": "setup_3kq9…", "email": "ada@desk.example", "name": "Ada Lindt",
    "password": "correct horse battery"}))]
pub(crate) struct Setup {
    /// What the link carries that the server printed.
    token: String,
    /// The address.
    #[schema(min_length = 1, max_length = 254, format = Email)]
    email: String,
    /// How to address the person.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// At least 8 characters.
    #[schema(min_length = 8, format = Password)]
    password: String,
}

/// A key for a program.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Nightly report", "scopes": ["tickets:read"]}))]
pub(crate) struct NewApiKey {
    /// What its owner calls it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may do.
    #[schema(min_items = 1)]
    scopes: Vec<KeyScope>,
    /// After this it is refused. Without, it holds until it is revoked.
    expires_at: Option<DateTime<Utc>>,
}

/// A person to be added.
#[derive(ToSchema)]
#[schema(example = json!({"email": "sam@acme.example", "name": "Sam Ode", "role": "customer", "locale": "en"}))]
pub(crate) struct NewUser {
    /// The address. Nobody else may have it, in any case.
    #[schema(min_length = 1, max_length = 254, format = Email)]
    email: String,
    /// How to address the person.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What the person may do. Managers add everybody but administrators.
    role: Role,
    /// At least 8 characters. Without one the person can't sign in until a link has set it.
    #[schema(min_length = 8, format = Password)]
    password: Option<String>,
    /// The company of a customer.
    organization_id: Option<Uuid>,
    /// IANA time zone, such as `Europe/Berlin`.
    time_zone: Option<String>,
    /// BCP 47 language, such as `de` or `pt-BR`.
    #[schema(max_length = 35)]
    locale: Option<String>,
}

/// What to change of a person.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Sam Ode-Lee", "is_active": true}))]
pub(crate) struct UserPatch {
    /// The address.
    #[schema(required = false, min_length = 1, max_length = 254, format = Email)]
    email: String,
    /// How to address the person.
    #[schema(required = false, min_length = 1, max_length = 200)]
    name: String,
    /// What the person may do. Ends all sign-ins where it changes.
    #[schema(required = false)]
    role: Role,
    /// A new password of at least 8 characters. Ends all sign-ins.
    #[schema(required = false, min_length = 8, format = Password)]
    password: String,
    /// The company of a customer.
    organization_id: Option<Uuid>,
    /// IANA time zone, such as `Europe/Berlin`.
    time_zone: Option<String>,
    /// BCP 47 language, such as `de` or `pt-BR`.
    #[schema(max_length = 35)]
    locale: Option<String>,
    /// Whether new work is taken.
    #[schema(required = false)]
    availability: Availability,
    /// Whether the person can sign in. False ends all sign-ins.
    #[schema(required = false)]
    is_active: bool,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// A company to be added.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Acme", "domains": ["acme.example"], "shares_tickets": true}))]
pub(crate) struct NewOrganization {
    /// What it is called. No other may be called so.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Mail domains of its people.
    #[schema(required = false, max_items = 50)]
    domains: Vec<String>,
    /// Whether its people see each other's tickets.
    #[schema(required = false)]
    shares_tickets: bool,
}

/// What to change of a company.
#[derive(ToSchema)]
#[schema(example = json!({"shares_tickets": false}))]
pub(crate) struct OrganizationPatch {
    /// What it is called.
    #[schema(required = false, min_length = 1, max_length = 200)]
    name: String,
    /// All mail domains of its people.
    #[schema(required = false, max_items = 50)]
    domains: Vec<String>,
    /// Whether its people see each other's tickets.
    #[schema(required = false)]
    shares_tickets: bool,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// A team to be made.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Billing", "description": "Invoices and payments", "capacity": 20}))]
pub(crate) struct NewTeam {
    /// What it is called. No other may be called so.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it is for.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// How its tickets find their agent.
    #[schema(required = false)]
    routing: Routing,
    /// The most open tickets that a member is given.
    #[schema(minimum = 0, maximum = 10000)]
    capacity: Option<i64>,
}

/// What to change of a team.
#[derive(ToSchema)]
#[schema(example = json!({"description": "Invoices, payments, refunds"}))]
pub(crate) struct TeamPatch {
    /// What it is called.
    #[schema(required = false, min_length = 1, max_length = 100)]
    name: String,
    /// What it is for.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// How its tickets find their agent.
    #[schema(required = false)]
    routing: Routing,
    /// The most open tickets that a member is given.
    #[schema(minimum = 0, maximum = 10000)]
    capacity: Option<i64>,
    /// Whether it takes tickets.
    #[schema(required = false)]
    is_active: bool,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// A person to join a team.
#[derive(ToSchema)]
#[schema(example = json!({"user_id": "0199d2a4-c7b0-7e0c-8a3f-5b1d2e4f6a70", "role": "lead"}))]
pub(crate) struct NewMember {
    /// Somebody who works here.
    user_id: Uuid,
    /// As what.
    #[schema(required = false)]
    role: TeamRole,
    /// The most open tickets that the person is given here. Goes before the team's.
    #[schema(minimum = 0, maximum = 10000)]
    capacity: Option<i64>,
}

/// What to change of a membership.
#[derive(ToSchema)]
#[schema(example = json!({"role": "member", "capacity": null}))]
pub(crate) struct MemberPatch {
    /// As what.
    #[schema(required = false)]
    role: TeamRole,
    /// The most open tickets that the person is given here.
    #[schema(minimum = 0, maximum = 10000)]
    capacity: Option<i64>,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// A customer known by address.
#[derive(ToSchema)]
pub(crate) struct NewCustomer {
    /// The address.
    #[schema(min_length = 1, max_length = 254, format = Email)]
    email: String,
    /// The name, should the person have to be added.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
}

/// A ticket to be made. Customers leave out the last four.
#[derive(ToSchema)]
#[schema(example = json!({"subject": "Cannot log in", "description": "Since this morning the page stays white.",
    "priority": "high", "category": "login", "tags": ["browser"]}))]
pub(crate) struct NewTicket {
    /// One line that says what it is about.
    #[schema(min_length = 1, max_length = 255)]
    subject: String,
    /// The first message.
    #[schema(min_length = 1, max_length = 100_000)]
    description: String,
    /// How much it matters; `medium` where nothing is said.
    #[schema(required = false)]
    priority: Priority,
    /// The desk's own kind of question.
    #[schema(min_length = 1, max_length = 100)]
    category: Option<String>,
    /// Short labels of 1 to 64 characters without a comma.
    #[schema(required = false, max_items = 50)]
    tags: Vec<String>,
    /// Values of the desk's own fields.
    #[schema(required = false)]
    custom_fields: Map<String, Value>,
    /// Who asks; whoever makes the ticket where nothing is said.
    customer_id: Option<Uuid>,
    /// Who asks, by address; added where nobody has it. Instead of `customer_id`.
    #[schema(required = false)]
    customer: NewCustomer,
    /// Whose queue it goes to.
    team_id: Option<Uuid>,
    /// Who answers.
    assigned_agent_id: Option<Uuid>,
}

/// What to change of a ticket.
#[derive(ToSchema)]
#[schema(example = json!({"status": "pending", "priority": "high", "tags": ["browser", "vip"]}))]
pub(crate) struct TicketPatch {
    /// One line that says what it is about.
    #[schema(required = false, min_length = 1, max_length = 255)]
    subject: String,
    /// The first message.
    #[schema(required = false, min_length = 1, max_length = 100_000)]
    description: String,
    /// Where it stands.
    #[schema(required = false)]
    status: Status,
    /// How much it matters.
    #[schema(required = false)]
    priority: Priority,
    /// The desk's own kind of question.
    #[schema(min_length = 1, max_length = 100)]
    category: Option<String>,
    /// All labels, each of 1 to 64 characters without a comma.
    #[schema(required = false, max_items = 50)]
    tags: Vec<String>,
    /// Values of the desk's own fields, key by key; null clears one.
    #[schema(required = false)]
    custom_fields: Map<String, Value>,
    /// Who answers; null takes it off.
    assigned_agent_id: Option<Uuid>,
    /// Whose queue it is in; null takes it out.
    team_id: Option<Uuid>,
    /// When a pending ticket asks for work again; without a status it becomes pending.
    wake_at: Option<DateTime<Utc>>,
    /// Whether it may be resolved while open tickets block it.
    #[schema(required = false)]
    ignore_blockers: bool,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// To whom a ticket goes: an agent, a team, or both. Null takes it off.
#[derive(ToSchema)]
#[schema(example = json!({"agent_id": null}))]
pub(crate) struct Assignment {
    /// The agent.
    agent_id: Option<Uuid>,
    /// The team. A team alone keeps the agent only where the agent is one of its members.
    team_id: Option<Uuid>,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// A call for more attention.
#[derive(ToSchema)]
#[schema(example = json!({"reason": "The customer waits for a refund since Monday."}))]
pub(crate) struct Escalation {
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
    /// A person or a team that it goes to.
    to: Option<Uuid>,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// One change for many tickets.
#[derive(ToSchema)]
#[schema(example = json!({"tickets": ["TKT-7KQ2M9XD"], "changes": {"priority": "low"}}))]
pub(crate) struct BulkChange {
    /// Ids or numbers of tickets, none twice.
    #[schema(min_items = 1, max_items = 100)]
    tickets: Vec<String>,
    /// What to change of each.
    changes: BulkPatch,
}

/// What to change of each of many tickets.
#[derive(ToSchema)]
pub(crate) struct BulkPatch {
    /// One line that says what it is about.
    #[schema(required = false, min_length = 1, max_length = 255)]
    subject: String,
    /// The first message.
    #[schema(required = false, min_length = 1, max_length = 100_000)]
    description: String,
    /// Where it stands.
    #[schema(required = false)]
    status: Status,
    /// How much it matters.
    #[schema(required = false)]
    priority: Priority,
    /// The desk's own kind of question.
    #[schema(min_length = 1, max_length = 100)]
    category: Option<String>,
    /// All labels, each of 1 to 64 characters without a comma.
    #[schema(required = false, max_items = 50)]
    tags: Vec<String>,
    /// Values of the desk's own fields, key by key; null clears one.
    #[schema(required = false)]
    custom_fields: Map<String, Value>,
    /// Who answers; null takes it off.
    assigned_agent_id: Option<Uuid>,
    /// Whose queue it is in; null takes it out.
    team_id: Option<Uuid>,
    /// When a pending ticket asks for work again; without a status it becomes pending.
    wake_at: Option<DateTime<Utc>>,
    /// Whether it may be resolved while open tickets block it.
    #[schema(required = false)]
    ignore_blockers: bool,
}

/// Where a ticket is merged into.
#[derive(ToSchema)]
#[schema(example = json!({"into": "TKT-7KQ2M9XD"}))]
pub(crate) struct NewMerge {
    /// The id or number of the ticket that takes it in.
    into: String,
    /// Whether it may go into a ticket of another customer.
    #[schema(required = false)]
    confirm_other_customer: bool,
}

/// A comment that becomes a ticket.
#[derive(ToSchema)]
#[schema(example = json!({"comment_id": "0199d2a4-c7b0-7e0c-8a3f-5b1d2e4f6a70", "subject": "The invoice shows the wrong name"}))]
pub(crate) struct NewSplit {
    /// The comment, a note too.
    comment_id: Uuid,
    /// One line that says what the new ticket is about.
    #[schema(min_length = 1, max_length = 255)]
    subject: String,
}

/// A tie to another ticket.
#[derive(ToSchema)]
#[schema(example = json!({"ticket": "TKT-7KQ2M9XD", "type": "blocks"}))]
pub(crate) struct NewLink {
    /// The id or number of the other ticket.
    ticket: String,
    /// What this one is to it.
    r#type: LinkKind,
}

/// Somebody who is to listen to a ticket.
#[derive(ToSchema)]
#[schema(example = json!({"user_id": "0199d2a4-c7b0-7e0c-8a3f-5b1d2e4f6a70"}))]
pub(crate) struct NewWatcher {
    /// Who.
    user_id: Uuid,
}

/// Something to say on a ticket.
#[derive(ToSchema)]
#[schema(example = json!({"body": "We are looking into it.", "is_internal": false}))]
pub(crate) struct NewComment {
    /// What is said.
    #[schema(min_length = 1, max_length = 100_000)]
    body: String,
    /// True for a note among staff that no customer ever sees. Staff alone writes these.
    #[schema(required = false)]
    is_internal: bool,
}

/// What a comment is to say instead.
#[derive(ToSchema)]
#[schema(example = json!({"body": "We are looking into it and answer today."}))]
pub(crate) struct CommentEdit {
    /// What is said now.
    #[schema(min_length = 1, max_length = 100_000)]
    body: String,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// Nothing: an empty object, or no body at all.
#[derive(ToSchema)]
#[schema(example = json!({}))]
pub(crate) struct Nothing {}
