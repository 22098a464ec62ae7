//! What happened: events and audit lines.

use super::super::failure::store_error;
use super::super::script::Script;
use super::{execute, execute_one};
use serde_json::Value;
use sqlx::QueryBuilder;
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use ticketing_core::event::{Event, Fact};
use ticketing_core::ids::{AuditId, Seq};
use ticketing_core::model::seal::RawDetail;
use ticketing_core::model::{Answer, AuditEntry, AuditSeal, Subject};
use ticketing_core::port::{BoxError, StoreError, StoreResult, Unique};
use uuid::Uuid;

/// Appends to the event log. Nothing that has row numbers may be written behind it, see [`places`].
pub async fn events(script: &mut Script<'_>, events: &[&Event]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO event (id, change_id, type, ticket_id, ticket_version, team_id, assignee_id, audience, \
         actor_id, cause, rule_id, rule_version, at, data, image) ";
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        rows.push((*event, content(&event.fact).map_err(sqlx::Error::Encode)?));
    }
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, (event, content): &(&Event, String)| {
        row.push_bind(event.id.0)
            .push_bind(event.change_id.0)
            .push_bind(event.fact.name())
            .push_bind(event.ticket_id.0)
            .push_bind(event.ticket_version)
            .push_bind(event.team_id.map(|id| id.0))
            .push_bind(event.assignee_id.map(|id| id.0))
            .push_bind(event.audience.rank())
            .push_bind(event.actor.id.map(|id| id.0))
            .push_bind(event.cause.map(|id| id.0))
            .push_bind(event.rule.map(|rule| rule.id.0))
            .push_bind(event.rule.map(|rule| rule.version))
            .push_bind(event.at.timestamp_micros())
            .push_bind(content.as_str())
            .push_bind(event.image.as_ref().map(Value::to_string));
    };
    script.insert(head, "", &rows, bind).await
}

/// The places of this many events, of which the last one has this place. The transaction holds the
/// only write lock and places are given one after the other, so the last one tells them all.
pub fn places(last: i64, events: usize) -> Vec<Seq> {
    let count = i64::try_from(events).unwrap_or(i64::MAX);
    (1..=count).map(|place| Seq(last - count + place)).collect()
}

/// What a fact says beside its name.
fn content(fact: &Fact) -> Result<String, BoxError> {
    let mut tagged = serde_json::to_value(fact)?;
    Ok(tagged.get_mut("data").map_or_else(|| "{}".to_owned(), |content| content.take().to_string()))
}

/// Appends to the audit log.
pub async fn audit(script: &mut Script<'_>, entries: &[&AuditEntry]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO audit (id, at, actor_id, action, subject_kind, subject_id, request_id, detail_digest, \
         key_id, mac) ";
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, entry: &&AuditEntry| {
        let (kind, id) = entry.subject.parts();
        row.push_bind(entry.id.0)
            .push_bind(entry.at.timestamp_micros())
            .push_bind(entry.actor.id.map(|id| id.0))
            .push_bind(entry.action.as_str())
            .push_bind(kind)
            .push_bind(id)
            .push_bind(entry.request_id.as_deref())
            .push_bind(entry.detail_digest.as_slice())
            .push_bind(entry.key_id.as_str())
            .push_bind(entry.mac.as_slice());
    };
    script.insert(head, "", entries, bind).await?;
    let mut details = Vec::with_capacity(entries.len());
    for entry in entries {
        let detail = serde_json::to_string(&entry.detail).map_err(|error| sqlx::Error::Encode(error.into()))?;
        details.push((*entry, detail));
    }
    let head = "INSERT INTO audit_detail (audit_id, person_id, salt, body) ";
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, (entry, detail): &(&AuditEntry, String)| {
        row.push_bind(entry.id.0)
            .push_bind(person_of(entry))
            .push_bind(entry.salt.as_slice())
            .push_bind(detail.as_str());
    };
    script.insert(head, "", &details, bind).await?;
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, entry: &&AuditEntry| {
        row.push_bind(entry.id.0);
    };
    script.insert("INSERT INTO audit_unsealed (id) ", "", entries, bind).await
}

/// Adds the next link of the audit log's chain and takes its lines from those that wait for one.
pub async fn seal(connection: &mut SqliteConnection, seal: &AuditSeal) -> StoreResult<()> {
    let ids: Vec<Uuid> = seal.lines().map(|id| id.0).collect();
    // Below SQLite's limit on parameters, however many lines a seal has.
    for ids in ids.chunks(500) {
        let mut taken = QueryBuilder::new("DELETE FROM audit_unsealed WHERE id IN (");
        let mut list = taken.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        taken.push(")");
        let taken = taken.build().execute(&mut *connection).await.map_err(store_error)?.rows_affected();
        if taken != ids.len() as u64 {
            return Err(StoreError::Conflict);
        }
    }
    let query =
        sqlx::query("INSERT INTO audit_seal (no, at, ids, digest, prev, key_id, mac) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(seal.no)
            .bind(seal.at.timestamp_micros())
            .bind(seal.ids.clone())
            .bind(seal.digest.clone())
            .bind(seal.prev.clone())
            .bind(seal.key_id.clone())
            .bind(seal.mac.clone());
    execute(query, connection).await.map(drop)
}

/// Leaves nothing of what these lines said.
pub async fn empty_details(connection: &mut SqliteConnection, ids: &[AuditId]) -> StoreResult<()> {
    // Below SQLite's limit on parameters.
    for ids in ids.chunks(500) {
        let mut query = QueryBuilder::new("UPDATE audit_detail SET body = ");
        query.push_bind(RawDetail::EMPTY_BODY).push(", salt = ").push_bind(RawDetail::EMPTY_SALT.to_vec());
        query.push(" WHERE audit_id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(id.0);
        }
        query.push(")");
        query.build().execute(&mut *connection).await.map_err(store_error)?;
    }
    Ok(())
}

/// Whom a detail speaks of: the person that something was done to, or else the one who did it.
fn person_of(entry: &AuditEntry) -> Option<Uuid> {
    match entry.subject {
        Subject::User(id) => Some(id.0),
        _ => entry.actor.id.map(|id| id.0),
    }
}

/// Keeps what the call is answered, and forgets a few answers that are too old.
pub async fn answer(connection: &mut SqliteConnection, answer: &Answer) -> StoreResult<()> {
    let forgets = answer.forgets().timestamp_micros();
    let row = sqlx::query(
        "INSERT INTO answer (owner, route, key, digest, output, at) VALUES (?, ?, ?, ?, ?, ?) \
         ON CONFLICT (owner, route, key) DO UPDATE SET digest = excluded.digest, output = excluded.output, \
         at = excluded.at WHERE answer.at <= ?",
    )
    .bind(answer.key.owner.clone())
    .bind(answer.key.route.clone())
    .bind(answer.key.key.clone())
    .bind(answer.key.digest.to_vec())
    .bind(answer.output.clone())
    .bind(answer.at.timestamp_micros())
    .bind(forgets);
    execute_one(row, connection).await.map_err(|error| match error {
        StoreError::Conflict => StoreError::Duplicate(Unique::Answer),
        other => other,
    })?;
    let most = i64::try_from(Answer::FORGOTTEN).unwrap_or(i64::MAX);
    let gone =
        sqlx::query("DELETE FROM answer WHERE rowid IN (SELECT rowid FROM answer WHERE at <= ? ORDER BY at LIMIT ?)");
    execute(gone.bind(forgets).bind(most), connection).await.map(drop)
}
