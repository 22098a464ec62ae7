//! From rows to the desk's nouns. Each list of columns stands beside the function that reads it, in
//! the same order.

use super::failure::{corrupt, store_error};
use crate::row::rule;
use serde_json::Value;
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{Decode, Row, Type};
use ticketing_core::event::{Audience, Event};
use ticketing_core::ids::{
    ApiKeyId, AuditId, CalendarId, ChangeId, CommentId, CredentialTokenId, EventId, LinkId, OrganizationId, Seq,
    SessionId, TeamId, TicketId, UserId,
};
use ticketing_core::model::seal::RawDetail;
use ticketing_core::model::{
    Answer, ApiKey, AuditEntry, AuditMark, AuditRecord, AuditSeal, AuditTally, Availability, Channel, Comment,
    CredentialToken, IdempotencyKey, LinkKind, Membership, Organization, Person, Priority, Role, Routing, RuleSpend,
    Session, Status, Subject, Team, TeamRole, Ticket, TicketLink, TokenKind, User, Watcher,
};
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::setting::Document;
use ticketing_core::time::{Time, from_micros};
use uuid::Uuid;

/// Reads a row's columns one after the other.
pub(super) struct Cells<'r> {
    row: &'r SqliteRow,
    next: usize,
}

impl<'r> Cells<'r> {
    pub(super) fn of(row: &'r SqliteRow) -> Self {
        Self { row, next: 0 }
    }

    pub(super) fn take<T: Decode<'r, Sqlite> + Type<Sqlite>>(&mut self) -> StoreResult<T> {
        let value = self.row.try_get(self.next).map_err(store_error)?;
        self.next += 1;
        Ok(value)
    }

    pub(super) fn id<T>(&mut self, id: fn(Uuid) -> T) -> StoreResult<T> {
        self.take::<Uuid>().map(id)
    }

    pub(super) fn maybe_id<T>(&mut self, id: fn(Uuid) -> T) -> StoreResult<Option<T>> {
        Ok(self.take::<Option<Uuid>>()?.map(id))
    }

    pub(super) fn time(&mut self) -> StoreResult<Time> {
        let micros = self.take::<i64>()?;
        from_micros(micros).ok_or_else(|| corrupt(format_args!("{micros} is no moment")))
    }

    pub(super) fn maybe_time(&mut self) -> StoreResult<Option<Time>> {
        let micros: Option<i64> = self.take()?;
        micros.map(|m| from_micros(m).ok_or_else(|| corrupt(format_args!("{m} is no moment")))).transpose()
    }

    pub(super) fn word<T>(&mut self, from_rank: fn(i16) -> Option<T>) -> StoreResult<T> {
        let rank = self.take::<i16>()?;
        from_rank(rank).ok_or_else(|| corrupt(format_args!("{rank} in column {} is no known word", self.next - 1)))
    }

    pub(super) fn json<T: serde::de::DeserializeOwned>(&mut self) -> StoreResult<T> {
        serde_json::from_str(self.take::<&str>()?).map_err(corrupt)
    }

    pub(super) fn maybe_json<T: serde::de::DeserializeOwned>(&mut self) -> StoreResult<Option<T>> {
        self.take::<Option<&str>>()?.map(|text| serde_json::from_str(text).map_err(corrupt)).transpose()
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> StoreResult<[u8; N]> {
        let bytes = self.take::<&[u8]>()?;
        bytes.try_into().map_err(|_| corrupt(format_args!("{} bytes where {N} belong", bytes.len())))
    }

    /// Somebody by id, with the name and role that the person has now.
    pub(super) fn person(&mut self) -> StoreResult<Person> {
        let id = self.maybe_id(UserId)?;
        let name: Option<String> = self.take()?;
        let role: Option<i16> = self.take()?;
        let Some(id) = id else { return Ok(Person::system()) };
        let role = match role {
            Some(rank) => Role::from_rank(rank).ok_or_else(|| corrupt(format_args!("{rank} is no role")))?.as_str(),
            None => "",
        };
        Ok(Person { id: Some(id), name: name.unwrap_or_default(), role: role.to_owned() })
    }
}

/// Columns of [`ticket`] from `ticket t` and `ticket_body b`.
pub const TICKET: &str = "t.id, t.number, t.subject, b.description, t.status, t.priority, t.category, t.tags, \
     b.custom_fields, t.channel, t.customer_id, t.organization_id, t.assigned_agent_id, t.team_id, \
     t.escalation_level, t.version, t.created_at, t.updated_at, t.first_responded_at, t.resolved_at, t.closed_at, \
     t.merged_into, t.wake_at, t.last_customer_reply_at, t.last_status_change_at, t.sla, t.rule_spend_since, \
     t.rule_spend_effects";

/// A ticket.
pub fn ticket(row: &SqliteRow) -> StoreResult<Ticket> {
    let mut cells = Cells::of(row);
    Ok(Ticket {
        id: cells.id(TicketId)?,
        number: cells.take::<&str>()?.parse().map_err(corrupt)?,
        subject: cells.take()?,
        description: cells.take()?,
        status: cells.word(Status::from_rank)?,
        priority: cells.word(Priority::from_rank)?,
        category: cells.take()?,
        tags: cells.json()?,
        custom_fields: cells.json()?,
        channel: cells.word(Channel::from_rank)?,
        customer_id: cells.id(UserId)?,
        organization_id: cells.maybe_id(OrganizationId)?,
        assigned_agent_id: cells.maybe_id(UserId)?,
        team_id: cells.maybe_id(TeamId)?,
        escalation_level: cells.take()?,
        version: cells.take()?,
        created_at: cells.time()?,
        updated_at: cells.time()?,
        first_responded_at: cells.maybe_time()?,
        resolved_at: cells.maybe_time()?,
        closed_at: cells.maybe_time()?,
        merged_into: cells.maybe_id(TicketId)?,
        wake_at: cells.maybe_time()?,
        last_customer_reply_at: cells.maybe_time()?,
        last_status_change_at: cells.maybe_time()?,
        sla: cells.maybe_json()?,
        rule_spend: {
            let (since, effects) = (cells.maybe_time()?, cells.take::<Option<_>>()?);
            since.zip(effects).map(|(since, effects)| RuleSpend { since, effects })
        },
    })
}

/// Columns of [`comment`] from `comment c` and `person p`.
pub const COMMENT: &str = "c.id, c.ticket_id, c.author_id, p.name, p.role, c.body, c.is_internal, c.channel, \
     c.version, c.created_at, c.edited_at";

/// A comment.
pub fn comment(row: &SqliteRow) -> StoreResult<Comment> {
    let mut cells = Cells::of(row);
    Ok(Comment {
        id: cells.id(CommentId)?,
        ticket_id: cells.id(TicketId)?,
        author: cells.person()?,
        body: cells.take()?,
        is_internal: cells.take()?,
        channel: cells.word(Channel::from_rank)?,
        version: cells.take()?,
        created_at: cells.time()?,
        edited_at: cells.maybe_time()?,
    })
}

/// A comment's id and whether it is a note, which is all that there is in the row.
pub fn comment_id(row: &SqliteRow) -> StoreResult<(CommentId, bool)> {
    let mut cells = Cells::of(row);
    Ok((cells.id(CommentId)?, cells.take()?))
}

/// Columns of [`watcher`] from `watcher w` and `person p`.
pub const WATCHER: &str = "w.ticket_id, w.user_id, p.name, p.role, w.created_at";

/// Somebody who listens.
pub fn watcher(row: &SqliteRow) -> StoreResult<Watcher> {
    let mut cells = Cells::of(row);
    Ok(Watcher { ticket_id: cells.id(TicketId)?, user: cells.person()?, created_at: cells.time()? })
}

/// Columns of [`link`] from `ticket_link l`.
pub const LINK: &str = "l.id, l.ticket_id, l.other_id, l.type, l.created_by, l.created_at";

/// A tie between two tickets.
pub fn link(row: &SqliteRow) -> StoreResult<TicketLink> {
    let mut cells = Cells::of(row);
    Ok(TicketLink {
        id: cells.id(LinkId)?,
        ticket_id: cells.id(TicketId)?,
        other_id: cells.id(TicketId)?,
        kind: cells.word(LinkKind::from_rank)?,
        created_by: cells.maybe_id(UserId)?,
        created_at: cells.time()?,
    })
}

/// Columns of [`user`] from `person p`.
pub const USER: &str = "p.id, p.email, p.name, p.role, p.organization_id, p.time_zone, p.locale, p.availability, \
     p.is_active, p.version, p.rights_version, p.joins_by_domain, p.created_at, p.updated_at";

/// A person.
pub fn user(row: &SqliteRow) -> StoreResult<User> {
    user_of(&mut Cells::of(row))
}

/// A person and, in the column behind [`USER`], the password hash.
pub fn user_and_hash(row: &SqliteRow) -> StoreResult<(User, Option<String>)> {
    let mut cells = Cells::of(row);
    Ok((user_of(&mut cells)?, cells.take()?))
}

pub fn user_of(cells: &mut Cells<'_>) -> StoreResult<User> {
    Ok(User {
        id: cells.id(UserId)?,
        email: cells.take()?,
        name: cells.take()?,
        role: cells.word(Role::from_rank)?,
        organization_id: cells.maybe_id(OrganizationId)?,
        time_zone: cells.take()?,
        locale: cells.take()?,
        availability: cells.word(Availability::from_rank)?,
        is_active: cells.take()?,
        version: cells.take()?,
        rights_version: cells.take()?,
        joins_by_domain: cells.take()?,
        created_at: cells.time()?,
        updated_at: cells.time()?,
    })
}

/// Columns of [`organization`] from `organization o`.
pub const ORGANIZATION: &str = "o.id, o.name, (SELECT json_group_array(d.domain ORDER BY d.domain) \
     FROM organization_domain d WHERE d.organization_id = o.id), o.shares_tickets, o.version, o.created_at, o.updated_at";

/// A company.
pub fn organization(row: &SqliteRow) -> StoreResult<Organization> {
    let mut cells = Cells::of(row);
    Ok(Organization {
        id: cells.id(OrganizationId)?,
        name: cells.take()?,
        domains: cells.json()?,
        shares_tickets: cells.take()?,
        version: cells.take()?,
        created_at: cells.time()?,
        updated_at: cells.time()?,
    })
}

/// Columns of [`team`].
pub const TEAM: &str =
    "id, name, description, routing, capacity, calendar_id, is_active, version, created_at, updated_at";

/// A team.
pub fn team(row: &SqliteRow) -> StoreResult<Team> {
    let mut cells = Cells::of(row);
    Ok(Team {
        id: cells.id(TeamId)?,
        name: cells.take()?,
        description: cells.take()?,
        routing: cells.word(Routing::from_rank)?,
        capacity: cells.take()?,
        calendar_id: cells.maybe_id(CalendarId)?,
        is_active: cells.take()?,
        version: cells.take()?,
        created_at: cells.time()?,
        updated_at: cells.time()?,
    })
}

/// Columns of [`membership`].
pub const MEMBERSHIP: &str = "team_id, user_id, role, capacity, version, created_at";

/// A place in a team.
pub fn membership(row: &SqliteRow) -> StoreResult<Membership> {
    let mut cells = Cells::of(row);
    Ok(Membership {
        team_id: cells.id(TeamId)?,
        user_id: cells.id(UserId)?,
        role: cells.word(TeamRole::from_rank)?,
        capacity: cells.take()?,
        version: cells.take()?,
        created_at: cells.time()?,
    })
}

/// A sign-in, from `SELECT` of these columns.
pub const SESSION: &str = "id, user_id, family_hash, current_hash, ip, user_agent, version, created_at, refreshed_at, \
     expires_at, ended_at";

/// A sign-in.
pub fn session(row: &SqliteRow) -> StoreResult<Session> {
    let mut cells = Cells::of(row);
    Ok(Session {
        id: cells.id(SessionId)?,
        user_id: cells.id(UserId)?,
        family_hash: cells.bytes()?,
        current_hash: cells.bytes()?,
        ip: cells.take()?,
        user_agent: cells.take()?,
        version: cells.take()?,
        created_at: cells.time()?,
        refreshed_at: cells.time()?,
        expires_at: cells.time()?,
        ended_at: cells.maybe_time()?,
    })
}

/// Columns of [`api_key`].
pub const API_KEY: &str = "id, user_id, name, prefix, key_hash, scopes, version, created_at, expires_at, revoked_at, \
     last_used_at";

/// A program's key.
pub fn api_key(row: &SqliteRow) -> StoreResult<ApiKey> {
    let mut cells = Cells::of(row);
    Ok(ApiKey {
        id: cells.id(ApiKeyId)?,
        user_id: cells.id(UserId)?,
        name: cells.take()?,
        prefix: cells.take()?,
        key_hash: cells.bytes()?,
        scopes: cells.json()?,
        version: cells.take()?,
        created_at: cells.time()?,
        expires_at: cells.maybe_time()?,
        revoked_at: cells.maybe_time()?,
        last_used_at: cells.maybe_time()?,
    })
}

/// Columns of [`credential_token`].
pub const CREDENTIAL_TOKEN: &str = "id, user_id, kind, token_hash, created_at, expires_at, used_at";

/// A link that sets a password.
pub fn credential_token(row: &SqliteRow) -> StoreResult<CredentialToken> {
    let mut cells = Cells::of(row);
    Ok(CredentialToken {
        id: cells.id(CredentialTokenId)?,
        user_id: Some(cells.take::<Uuid>()?).filter(|id| !id.is_nil()).map(UserId),
        kind: cells.word(TokenKind::from_rank)?,
        token_hash: cells.bytes()?,
        created_at: cells.time()?,
        expires_at: cells.time()?,
        used_at: cells.maybe_time()?,
    })
}

/// Columns of [`document`].
pub const DOCUMENT: &str = "kind, id, owner, version, saved_at, saved_by, deleted, body";

/// A settings document.
pub fn document(row: &SqliteRow) -> StoreResult<Document> {
    let mut cells = Cells::of(row);
    Ok(Document {
        kind: cells.take()?,
        id: cells.take()?,
        owner: cells.maybe_id(UserId)?,
        version: cells.take()?,
        saved_at: cells.time()?,
        saved_by: cells.maybe_id(UserId)?,
        deleted: cells.take()?,
        body: cells.json()?,
    })
}

/// Columns of [`event`] from `event e` and `person p`.
pub const EVENT: &str = "e.seq, e.id, e.change_id, e.type, e.data, e.ticket_id, e.ticket_version, e.team_id, \
     e.assignee_id, e.audience, e.actor_id, p.name, p.role, e.cause, e.rule_id, e.rule_version, e.at, e.image";

/// A fact of the log.
pub fn event(row: &SqliteRow) -> StoreResult<Event> {
    let mut cells = Cells::of(row);
    Ok(Event {
        seq: Seq(cells.take()?),
        id: cells.id(EventId)?,
        change_id: cells.id(ChangeId)?,
        fact: {
            let kind: &str = cells.take()?;
            let data: Value = cells.json()?;
            serde_json::from_value(serde_json::json!({ "type": kind, "data": data })).map_err(corrupt)?
        },
        ticket_id: cells.id(TicketId)?,
        ticket_version: cells.take()?,
        team_id: cells.maybe_id(TeamId)?,
        assignee_id: cells.maybe_id(UserId)?,
        audience: cells.word(Audience::from_rank)?,
        actor: cells.person()?,
        cause: cells.maybe_id(EventId)?,
        rule: rule(cells.take()?, cells.take()?),
        at: cells.time()?,
        image: cells.take::<Option<&str>>()?.map(serde_json::from_str).transpose().map_err(corrupt)?,
    })
}

/// Columns of [`audit`] from `audit a`, `audit_detail d` and `person p`.
pub const AUDIT: &str = "a.id, a.at, a.actor_id, p.name, p.role, a.action, a.subject_kind, a.subject_id, a.request_id, \
     d.body, d.salt, a.detail_digest, a.key_id, a.mac";

/// A line of the audit log.
pub fn audit(row: &SqliteRow) -> StoreResult<AuditEntry> {
    let mut cells = Cells::of(row);
    Ok(AuditEntry {
        id: cells.id(AuditId)?,
        at: cells.time()?,
        actor: cells.person()?,
        action: cells.take()?,
        subject: subject(cells.take()?, cells.take()?)?,
        request_id: cells.take()?,
        detail: cells.json()?,
        salt: cells.bytes()?,
        detail_digest: cells.bytes()?,
        key_id: cells.take()?,
        mac: cells.bytes()?,
    })
}

/// Reads `digest, output, at` of the answer to the call that this key names.
pub fn answer(row: &SqliteRow, key: &IdempotencyKey) -> StoreResult<Answer> {
    let mut cells = Cells::of(row);
    let key = IdempotencyKey { digest: cells.bytes()?, ..key.clone() };
    Ok(Answer { key, output: cells.take()?, at: cells.time()? })
}

fn subject(kind: &str, id: Uuid) -> StoreResult<Subject> {
    format!("{kind}:{id}").parse().map_err(|_| StoreError::Corrupt(format!("{kind:?} is no kind of subject")))
}

/// Columns of [`audit_mark`] are the id and the code of a line.
pub fn audit_mark(row: &SqliteRow) -> StoreResult<AuditMark> {
    let mut cells = Cells::of(row);
    Ok(AuditMark { id: cells.id(AuditId)?, mac: cells.take()? })
}

/// Columns of [`audit_seal`] from `audit_seal`.
pub const AUDIT_SEAL: &str = "no, at, ids, digest, prev, key_id, mac";

/// A link of the audit log's chain.
pub fn audit_seal(row: &SqliteRow) -> StoreResult<AuditSeal> {
    let mut cells = Cells::of(row);
    Ok(AuditSeal {
        no: cells.take()?,
        at: cells.time()?,
        ids: cells.take()?,
        digest: cells.take()?,
        prev: cells.take()?,
        key_id: cells.take()?,
        mac: cells.take()?,
    })
}

/// Columns of [`audit_record`] from `audit a` and `audit_detail d`. Texts are read as bytes, since
/// damaged ones may be no texts.
pub const AUDIT_RECORD: &str = "a.id, a.at, a.actor_id, CAST(a.action AS BLOB), CAST(a.subject_kind AS BLOB), \
     a.subject_id, CAST(a.request_id AS BLOB), a.detail_digest, CAST(a.key_id AS BLOB), a.mac, d.salt, \
     CAST(d.body AS BLOB)";

/// A line of the audit log as it is stored.
pub fn audit_record(row: &SqliteRow) -> StoreResult<AuditRecord> {
    let mut cells = Cells::of(row);
    Ok(AuditRecord {
        id: cells.id(AuditId)?,
        at: cells.time()?,
        actor_id: cells.maybe_id(UserId)?,
        action: cells.take()?,
        subject_kind: cells.take()?,
        subject_id: cells.take()?,
        request_id: cells.take()?,
        detail_digest: cells.take()?,
        key_id: cells.take()?,
        mac: cells.take()?,
        detail: {
            let (salt, body): (Option<Vec<u8>>, Option<Vec<u8>>) = (cells.take()?, cells.take()?);
            salt.zip(body).map(|(salt, body)| RawDetail { salt, body })
        },
    })
}

/// How many lines the audit log has, how many of them wait for a seal, and how many are sealed.
pub fn audit_tally(row: &SqliteRow) -> StoreResult<AuditTally> {
    let mut cells = Cells::of(row);
    let mut count = || cells.take::<i64>().map(|counted| u64::try_from(counted).unwrap_or_default());
    Ok(AuditTally { lines: count()?, unsealed: count()?, sealed: count()? })
}
