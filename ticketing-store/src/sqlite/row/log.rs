//! The event log, the audit log and its seals, and answers that are kept.

use super::Cells;
use crate::row::rule;
use crate::sqlite::failure::corrupt;
use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use ticketing_core::event::{Audience, Event};
use ticketing_core::ids::{AuditId, ChangeId, EventId, Seq, TeamId, TicketId, UserId};
use ticketing_core::model::seal::RawDetail;
use ticketing_core::model::{
    Answer, AuditEntry, AuditMark, AuditRecord, AuditSeal, AuditTally, IdempotencyKey, Subject,
};
use ticketing_core::port::{StoreError, StoreResult};
use uuid::Uuid;

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
