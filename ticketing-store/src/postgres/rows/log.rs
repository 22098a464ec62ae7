//! The event log and the audit log.

use crate::row::{bytes, corrupt, person, rule, word};
use serde_json::{Value, json};
use sqlx::FromRow;
use sqlx::types::Json;
use ticketing_core::event::{Audience, Event};
use ticketing_core::model::AuditEntry;
use ticketing_core::model::audit::AuditDetail;
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::time::Time;
use ticketing_core::{AuditId, ChangeId, EventId, Seq, TeamId, TicketId, UserId};
use uuid::Uuid;

/// What an [`EventRow`] is read from: an event `e` and its actor `p`.
pub(in crate::postgres) const EVENT: &str = "e.seq, e.id, e.change_id, e.type AS name, e.ticket_id, e.ticket_version, e.team_id, \
    e.assignee_id, e.audience, e.actor_id, p.name AS actor_name, p.role AS actor_role, e.cause, e.rule_id, e.rule_version, \
    e.at, e.data, e.image";

#[derive(FromRow)]
pub(in crate::postgres) struct EventRow {
    seq: i64,
    id: Uuid,
    change_id: Uuid,
    name: String,
    ticket_id: Uuid,
    ticket_version: i64,
    team_id: Option<Uuid>,
    assignee_id: Option<Uuid>,
    audience: i16,
    actor_id: Option<Uuid>,
    actor_name: Option<String>,
    actor_role: Option<i16>,
    cause: Option<Uuid>,
    rule_id: Option<Uuid>,
    rule_version: Option<i64>,
    at: Time,
    data: Value,
    image: Option<Value>,
}

impl TryFrom<EventRow> for Event {
    type Error = StoreError;

    fn try_from(row: EventRow) -> StoreResult<Self> {
        let fact = serde_json::from_value(json!({ "type": row.name, "data": row.data }));
        Ok(Self {
            seq: Seq(row.seq),
            id: EventId(row.id),
            change_id: ChangeId(row.change_id),
            fact: fact.map_err(|error| corrupt("event.data", error))?,
            ticket_id: TicketId(row.ticket_id),
            ticket_version: row.ticket_version,
            team_id: row.team_id.map(TeamId),
            assignee_id: row.assignee_id.map(UserId),
            audience: word("event.audience", row.audience, Audience::from_rank)?,
            actor: person(row.actor_id, row.actor_name, row.actor_role)?,
            cause: row.cause.map(EventId),
            rule: rule(row.rule_id, row.rule_version),
            at: row.at,
            image: row.image,
        })
    }
}

/// What an [`AuditRow`] is read from: a line `a`, its detail `d` and its actor `p`.
pub(in crate::postgres) const AUDIT: &str = "a.id, a.at, a.actor_id, p.name AS actor_name, p.role AS actor_role, a.action, \
    a.subject_kind, a.subject_id, a.request_id, d.body, d.salt, a.detail_digest, a.key_id, a.mac";

#[derive(FromRow)]
pub(in crate::postgres) struct AuditRow {
    id: Uuid,
    at: Time,
    actor_id: Option<Uuid>,
    actor_name: Option<String>,
    actor_role: Option<i16>,
    action: String,
    subject_kind: String,
    subject_id: Uuid,
    request_id: Option<String>,
    body: Json<AuditDetail>,
    salt: Vec<u8>,
    detail_digest: Vec<u8>,
    key_id: String,
    mac: Vec<u8>,
}

impl TryFrom<AuditRow> for AuditEntry {
    type Error = StoreError;

    fn try_from(row: AuditRow) -> StoreResult<Self> {
        let subject = format!("{}:{}", row.subject_kind, row.subject_id);
        Ok(Self {
            id: AuditId(row.id),
            at: row.at,
            actor: person(row.actor_id, row.actor_name, row.actor_role)?,
            action: row.action,
            subject: subject.parse().map_err(|_| corrupt("audit.subject_kind", &row.subject_kind))?,
            request_id: row.request_id,
            detail: row.body.0,
            salt: bytes("audit_detail.salt", &row.salt)?,
            detail_digest: bytes("audit.detail_digest", &row.detail_digest)?,
            key_id: row.key_id,
            mac: bytes("audit.mac", &row.mac)?,
        })
    }
}
