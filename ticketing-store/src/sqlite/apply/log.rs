//! What happened: events and audit lines.

use super::super::bulk::insert;
use super::super::failure::store_error;
use serde_json::Value;
use sqlx::sqlite::SqliteConnection;
use ticketing_core::event::{Event, Fact};
use ticketing_core::ids::Seq;
use ticketing_core::model::{AuditEntry, Subject};
use ticketing_core::port::{StoreError, StoreResult};
use uuid::Uuid;

/// Appends to the event log and answers the places, in the order of the events.
pub async fn events(connection: &mut SqliteConnection, events: &[&Event]) -> StoreResult<Vec<Seq>> {
    let head = "INSERT INTO event (id, change_id, type, ticket_id, ticket_version, team_id, assignee_id, audience, \
         actor_id, cause, at, data, image) ";
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        rows.push((*event, content(&event.fact)?));
    }
    let last = insert(connection, head, "", &rows, |row, (event, content)| {
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
            .push_bind(event.at.timestamp_micros())
            .push_bind(content.as_str())
            .push_bind(event.image.as_ref().map(Value::to_string));
    });
    // The transaction holds the only write lock and places are given one after the other, so the
    // last one tells them all.
    let last = last.await.map_err(store_error)?;
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    Ok((1..=count).map(|place| Seq(last - count + place)).collect())
}

/// What a fact says beside its name.
fn content(fact: &Fact) -> StoreResult<String> {
    let mut tagged = serde_json::to_value(fact).map_err(|error| StoreError::Other(Box::new(error)))?;
    Ok(tagged.get_mut("data").map_or_else(|| "{}".to_owned(), |content| content.take().to_string()))
}

/// Appends to the audit log.
pub async fn audit(connection: &mut SqliteConnection, entries: &[&AuditEntry]) -> StoreResult<()> {
    let head = "INSERT INTO audit (id, at, actor_id, action, subject_kind, subject_id, request_id, detail_digest, \
         key_id, mac) ";
    insert(connection, head, "", entries, |row, entry| {
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
    })
    .await
    .map_err(store_error)?;
    let mut details = Vec::with_capacity(entries.len());
    for entry in entries {
        details.push((*entry, serde_json::to_string(&entry.detail).map_err(|e| StoreError::Other(Box::new(e)))?));
    }
    let head = "INSERT INTO audit_detail (audit_id, person_id, salt, body) ";
    insert(connection, head, "", &details, |row, (entry, detail)| {
        row.push_bind(entry.id.0)
            .push_bind(person_of(entry))
            .push_bind(entry.salt.as_slice())
            .push_bind(detail.as_str());
    })
    .await
    .map_err(store_error)?;
    Ok(())
}

/// Whom a detail speaks of: the person that something was done to, or else the one who did it.
fn person_of(entry: &AuditEntry) -> Option<Uuid> {
    match entry.subject {
        Subject::User(id) => Some(id.0),
        _ => entry.actor.id.map(|id| id.0),
    }
}
