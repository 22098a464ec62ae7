//! Tickets and what belongs to them.

use super::super::word::{LinkKind, Priority, Status};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

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
    /// Labels to put on beside those that are there; not together with `tags`.
    #[schema(required = false, max_items = 50)]
    add_tags: Vec<String>,
    /// Labels to take off, before others are put on; not together with `tags`.
    #[schema(required = false, max_items = 50)]
    remove_tags: Vec<String>,
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
    /// Whom it goes to: `next_role`, the next role of the ticket's team above its agent's that anybody has (member,
    /// lead, manager); `team_lead`, or a manager where nobody leads; `team_manager`; or the id of a person or a team.
    /// Where nobody has such a role, it goes a level up and stays with whoever has it.
    #[schema(example = "next_role")]
    to: Option<String>,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// That less attention is enough.
#[derive(ToSchema)]
#[schema(example = json!({"reason": "The customer has a way around it."}))]
pub(crate) struct Deescalation {
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
    /// The level that is enough, lower than the one now; one less where nothing is said.
    #[schema(minimum = 0, maximum = 32767)]
    to_level: Option<i64>,
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
    #[schema(required = false)]
    changes: BulkPatch,
    /// A macro to do to each instead.
    macro_id: Option<Uuid>,
    /// Whether the macro is done also where its texts ask for what a ticket has not.
    #[schema(required = false)]
    allow_missing: bool,
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
    /// Labels to put on beside those that are there; not together with `tags`.
    #[schema(required = false, max_items = 50)]
    add_tags: Vec<String>,
    /// Labels to take off, before others are put on; not together with `tags`.
    #[schema(required = false, max_items = 50)]
    remove_tags: Vec<String>,
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
    /// The canned response that it comes of, so that its use is counted; for staff.
    canned_response_id: Option<Uuid>,
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

/// Which version is meant: an empty object, or no body at all, means any.
#[derive(ToSchema)]
#[schema(example = json!({}))]
pub(crate) struct OfVersion {
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// Lists of tickets that are to be counted.
#[derive(ToSchema)]
#[schema(example = json!({"lists": {"mine": "assigned_agent_id=me&status=open", "unassigned": "assigned_agent_id=none"}}))]
pub(crate) struct TicketCounts {
    /// 1 to 20 lists by names of 1 to 40 characters of `a-z`, `0-9`, `_` and `-`, each as the query of `GET /api/tickets`:
    /// filters alone, at most 2,000 characters.
    lists: BTreeMap<String, String>,
}
