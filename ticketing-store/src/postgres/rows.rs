//! Rows as the driver reads them, and what they mean.

use super::failure::in_read;
use crate::row::{bytes, corrupt, person, rule, word};
use serde_json::{Value, json};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{Decode, FromRow, Postgres, Row, Type};
use ticketing_core::event::{Audience, Event};
use ticketing_core::model::audit::AuditDetail;
use ticketing_core::model::{
    ApiKey, AuditEntry, Availability, Channel, Comment, Membership, Organization, Priority, Role, Routing, RuleSpend,
    Session, Status, Team, TeamRole, Ticket, User, Watcher,
};
use ticketing_core::port::{Credential, StoreError, StoreResult};
use ticketing_core::setting::Document;
use ticketing_core::time::Time;
use ticketing_core::{
    ApiKeyId, AuditId, CalendarId, ChangeId, CommentId, EventId, OrganizationId, Seq, SessionId, TeamId, TicketId,
    UserId,
};
use uuid::Uuid;

/// Turns every row into what it means.
pub(super) fn all<R, T>(rows: Vec<R>) -> StoreResult<Vec<T>>
where
    T: TryFrom<R, Error = StoreError>,
{
    rows.into_iter().map(T::try_from).collect()
}

/// What [`ticket`] reads: a ticket `t` and its body `b`.
pub(super) const TICKET: &str = "t.id, t.number, t.subject, b.description, t.status, t.priority, t.category, t.tags, \
    b.custom_fields, t.channel, t.customer_id, t.organization_id, t.assigned_agent_id, t.team_id, \
    t.escalation_level, t.version, t.created_at, t.updated_at, t.first_responded_at, t.resolved_at, t.closed_at, \
    t.merged_into, t.wake_at, t.last_customer_reply_at, t.last_status_change_at, t.rule_spend_since, \
    t.rule_spend_effects";

/// Reads a ticket. By place, not by name: looking up 27 names a row is a good part of a page's work.
pub(super) fn ticket(row: &PgRow) -> StoreResult<Ticket> {
    let mut columns = Columns { row, next: 0 };
    // In the order of TICKET.
    Ok(Ticket {
        id: TicketId(columns.take()?),
        number: {
            let number: &str = columns.take()?;
            number.parse().map_err(|_| corrupt("ticket.number", number))?
        },
        subject: columns.take()?,
        description: columns.take()?,
        status: word("ticket.status", columns.take()?, Status::from_rank)?,
        priority: word("ticket.priority", columns.take()?, Priority::from_rank)?,
        category: columns.take()?,
        tags: columns.take::<Json<_>>()?.0,
        custom_fields: columns.take::<Json<_>>()?.0,
        channel: word("ticket.channel", columns.take()?, Channel::from_rank)?,
        customer_id: UserId(columns.take()?),
        organization_id: columns.take::<Option<_>>()?.map(OrganizationId),
        assigned_agent_id: columns.take::<Option<_>>()?.map(UserId),
        team_id: columns.take::<Option<_>>()?.map(TeamId),
        escalation_level: columns.take()?,
        version: columns.take()?,
        created_at: columns.take()?,
        updated_at: columns.take()?,
        first_responded_at: columns.take()?,
        resolved_at: columns.take()?,
        closed_at: columns.take()?,
        merged_into: columns.take::<Option<_>>()?.map(TicketId),
        wake_at: columns.take()?,
        last_customer_reply_at: columns.take()?,
        last_status_change_at: columns.take()?,
        rule_spend: {
            let (since, effects): (Option<_>, Option<_>) = (columns.take()?, columns.take()?);
            since.zip(effects).map(|(since, effects)| RuleSpend { since, effects })
        },
    })
}

/// The columns of a row, one after another.
struct Columns<'r> {
    row: &'r PgRow,
    next: usize,
}

impl<'r> Columns<'r> {
    fn take<T: Decode<'r, Postgres> + Type<Postgres>>(&mut self) -> StoreResult<T> {
        let value = self.row.try_get(self.next).map_err(in_read)?;
        self.next += 1;
        Ok(value)
    }
}

/// What a [`CommentRow`] is read from: a comment `c` and its author `p`.
pub(super) const COMMENT: &str = "c.id, c.ticket_id, c.author_id, p.name AS author_name, p.role AS author_role, \
    c.body, c.is_internal, c.channel, c.version, c.created_at, c.edited_at";

#[derive(FromRow)]
pub(super) struct CommentRow {
    id: Uuid,
    ticket_id: Uuid,
    author_id: Option<Uuid>,
    author_name: Option<String>,
    author_role: Option<i16>,
    body: String,
    is_internal: bool,
    channel: i16,
    version: i64,
    created_at: Time,
    edited_at: Option<Time>,
}

impl TryFrom<CommentRow> for Comment {
    type Error = StoreError;

    fn try_from(row: CommentRow) -> StoreResult<Self> {
        Ok(Self {
            id: CommentId(row.id),
            ticket_id: TicketId(row.ticket_id),
            author: person(row.author_id, row.author_name, row.author_role)?,
            body: row.body,
            is_internal: row.is_internal,
            channel: word("comment.channel", row.channel, Channel::from_rank)?,
            version: row.version,
            created_at: row.created_at,
            edited_at: row.edited_at,
        })
    }
}

#[derive(FromRow)]
pub(super) struct WatcherRow {
    ticket_id: Uuid,
    user_id: Uuid,
    name: Option<String>,
    role: Option<i16>,
    created_at: Time,
}

impl TryFrom<WatcherRow> for Watcher {
    type Error = StoreError;

    fn try_from(row: WatcherRow) -> StoreResult<Self> {
        Ok(Self {
            ticket_id: TicketId(row.ticket_id),
            user: person(Some(row.user_id), row.name, row.role)?,
            created_at: row.created_at,
        })
    }
}

/// What a [`UserRow`] is read from: a person `p`.
pub(super) const USER: &str = "p.id, p.email, p.name, p.role, p.organization_id, p.time_zone, p.locale, \
    p.availability, p.is_active, p.version, p.rights_version, p.joins_by_domain, p.created_at, \
    p.updated_at";

#[derive(FromRow, serde::Deserialize)]
pub(super) struct UserRow {
    id: Uuid,
    email: String,
    name: String,
    role: i16,
    organization_id: Option<Uuid>,
    time_zone: Option<String>,
    locale: Option<String>,
    availability: i16,
    is_active: bool,
    version: i64,
    rights_version: i64,
    joins_by_domain: bool,
    created_at: Time,
    updated_at: Time,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> StoreResult<Self> {
        Ok(Self {
            id: UserId(row.id),
            email: row.email,
            name: row.name,
            role: word("person.role", row.role, Role::from_rank)?,
            organization_id: row.organization_id.map(OrganizationId),
            time_zone: row.time_zone,
            locale: row.locale,
            availability: word("person.availability", row.availability, Availability::from_rank)?,
            is_active: row.is_active,
            version: row.version,
            rights_version: row.rights_version,
            joins_by_domain: row.joins_by_domain,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

#[derive(FromRow)]
pub(super) struct CredentialRow {
    #[sqlx(flatten)]
    user: UserRow,
    password_hash: Option<String>,
}

impl TryFrom<CredentialRow> for Credential {
    type Error = StoreError;

    fn try_from(row: CredentialRow) -> StoreResult<Self> {
        Ok(Self { user: row.user.try_into()?, password_hash: row.password_hash })
    }
}

/// What an [`OrganizationRow`] is read from: a company `o`.
pub(super) const ORGANIZATION: &str = "o.id, o.name, o.shares_tickets, o.version, o.created_at, o.updated_at, \
    ARRAY(SELECT d.domain FROM organization_domain d WHERE d.organization_id = o.id ORDER BY d.domain) AS domains";

#[derive(FromRow)]
pub(super) struct OrganizationRow {
    id: Uuid,
    name: String,
    domains: Vec<String>,
    shares_tickets: bool,
    version: i64,
    created_at: Time,
    updated_at: Time,
}

impl TryFrom<OrganizationRow> for Organization {
    type Error = StoreError;

    fn try_from(row: OrganizationRow) -> StoreResult<Self> {
        Ok(Self {
            id: OrganizationId(row.id),
            name: row.name,
            domains: row.domains,
            shares_tickets: row.shares_tickets,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

#[derive(serde::Deserialize)]
pub(super) struct TeamRow {
    id: Uuid,
    name: String,
    description: Option<String>,
    routing: i16,
    capacity: Option<i32>,
    calendar_id: Option<Uuid>,
    is_active: bool,
    version: i64,
    created_at: Time,
    updated_at: Time,
}

impl TryFrom<TeamRow> for Team {
    type Error = StoreError;

    fn try_from(row: TeamRow) -> StoreResult<Self> {
        Ok(Self {
            id: TeamId(row.id),
            name: row.name,
            description: row.description,
            routing: word("team.routing", row.routing, Routing::from_rank)?,
            capacity: row.capacity,
            calendar_id: row.calendar_id.map(CalendarId),
            is_active: row.is_active,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

#[derive(serde::Deserialize)]
pub(super) struct MembershipRow {
    team_id: Uuid,
    user_id: Uuid,
    role: i16,
    capacity: Option<i32>,
    version: i64,
    created_at: Time,
}

impl TryFrom<MembershipRow> for Membership {
    type Error = StoreError;

    fn try_from(row: MembershipRow) -> StoreResult<Self> {
        Ok(Self {
            team_id: TeamId(row.team_id),
            user_id: UserId(row.user_id),
            role: word("membership.role", row.role, TeamRole::from_rank)?,
            capacity: row.capacity,
            version: row.version,
            created_at: row.created_at,
        })
    }
}

#[derive(FromRow)]
pub(super) struct SessionRow {
    id: Uuid,
    user_id: Uuid,
    family_hash: Vec<u8>,
    current_hash: Vec<u8>,
    ip: Option<String>,
    user_agent: Option<String>,
    version: i64,
    created_at: Time,
    refreshed_at: Time,
    expires_at: Time,
    ended_at: Option<Time>,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> StoreResult<Self> {
        Ok(Self {
            id: SessionId(row.id),
            user_id: UserId(row.user_id),
            family_hash: bytes("session.family_hash", &row.family_hash)?,
            current_hash: bytes("session.current_hash", &row.current_hash)?,
            ip: row.ip,
            user_agent: row.user_agent,
            version: row.version,
            created_at: row.created_at,
            refreshed_at: row.refreshed_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
        })
    }
}

#[derive(FromRow)]
pub(super) struct ApiKeyRow {
    id: Uuid,
    user_id: Uuid,
    name: String,
    prefix: String,
    key_hash: Vec<u8>,
    scopes: Json<Vec<String>>,
    version: i64,
    created_at: Time,
    expires_at: Option<Time>,
    revoked_at: Option<Time>,
    last_used_at: Option<Time>,
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = StoreError;

    fn try_from(row: ApiKeyRow) -> StoreResult<Self> {
        Ok(Self {
            id: ApiKeyId(row.id),
            user_id: UserId(row.user_id),
            name: row.name,
            prefix: row.prefix,
            key_hash: bytes("api_key.key_hash", &row.key_hash)?,
            scopes: row.scopes.0,
            version: row.version,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        })
    }
}

#[derive(FromRow, serde::Deserialize)]
pub(super) struct DocumentRow {
    kind: String,
    id: Uuid,
    owner: Option<Uuid>,
    version: i64,
    saved_at: Time,
    saved_by: Option<Uuid>,
    deleted: bool,
    body: Value,
}

impl TryFrom<DocumentRow> for Document {
    type Error = StoreError;

    fn try_from(row: DocumentRow) -> StoreResult<Self> {
        Ok(Self {
            kind: row.kind,
            id: row.id,
            owner: row.owner.map(UserId),
            version: row.version,
            saved_at: row.saved_at,
            saved_by: row.saved_by.map(UserId),
            deleted: row.deleted,
            body: row.body,
        })
    }
}

/// What an [`EventRow`] is read from: an event `e` and its actor `p`.
pub(super) const EVENT: &str = "e.seq, e.id, e.change_id, e.type AS name, e.ticket_id, e.ticket_version, e.team_id, \
    e.assignee_id, e.audience, e.actor_id, p.name AS actor_name, p.role AS actor_role, e.cause, e.rule_id, e.rule_version, \
    e.at, e.data, e.image";

#[derive(FromRow)]
pub(super) struct EventRow {
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
pub(super) const AUDIT: &str = "a.id, a.at, a.actor_id, p.name AS actor_name, p.role AS actor_role, a.action, \
    a.subject_kind, a.subject_id, a.request_id, d.body, d.salt, a.detail_digest, a.key_id, a.mac";

#[derive(FromRow)]
pub(super) struct AuditRow {
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
