//! What happened.

use super::Person;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// A part of the event log.
#[derive(ToSchema)]
pub(crate) struct EventFeed {
    /// What happened, oldest first.
    items: Vec<Event>,
    /// Where to go on: the next `after`. Never null, because the log grows.
    next_cursor: String,
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
    /// The rule that did it. Only staff are told.
    #[schema(required = false)]
    rule: RuleRef,
}

/// A rule at one version.
#[derive(ToSchema)]
pub(crate) struct RuleRef {
    /// Which.
    id: Uuid,
    /// Its version.
    version: i64,
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
