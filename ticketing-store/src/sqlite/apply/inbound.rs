//! Mail that came in and files, as a commit writes them.

use super::super::failure::store_error;
use super::super::script::Script;
use super::people::{statement, write};
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use ticketing_core::changes::Expect;
use ticketing_core::model::{Arrival, ArrivalCause, AttachedTo, Attachment, Comment};
use ticketing_core::port::{StoreError, StoreResult};

/// Writes what is known of a mail.
pub async fn arrival(connection: &mut SqliteConnection, arrival: &Arrival, expect: Expect) -> StoreResult<()> {
    let (query, version) = statement(
        expect,
        "INSERT INTO arrival (key, digest, size, door, mailbox_id, state, cause, sender, ticket_id, comment_id, \
         detail, received_at, version, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "UPDATE arrival SET key = ?, digest = ?, size = ?, door = ?, mailbox_id = ?, state = ?, cause = ?, \
         sender = ?, ticket_id = ?, comment_id = ?, detail = ?, received_at = ?, version = ? \
         WHERE id = ? AND version = ?",
    );
    let detail = serde_json::to_string(&arrival.detail).map_err(|error| StoreError::Other(error.into()))?;
    let query = query
        .bind(arrival.key.clone())
        .bind(arrival.digest.to_vec())
        .bind(arrival.size)
        .bind(arrival.door.rank())
        .bind(arrival.mailbox_id)
        .bind(arrival.state.rank())
        .bind(arrival.cause.map(ArrivalCause::rank))
        .bind(arrival.sender.clone())
        .bind(arrival.ticket_id.map(|id| id.0))
        .bind(arrival.comment_id.map(|id| id.0))
        .bind(detail)
        .bind(arrival.received_at.timestamp_micros())
        .bind(arrival.version)
        .bind(arrival.id.0);
    write(connection, query, version).await
}

/// Adds files.
pub async fn attachments(script: &mut Script<'_>, files: &[&Attachment]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO attachment (id, ticket_id, comment_id, filename, content_type, size, blob, content_id, \
         uploaded_by, created_at) ";
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, file: &&Attachment| {
        let (ticket_id, comment_id) = match file.of {
            AttachedTo::Ticket(id) => (Some(id.0), None),
            AttachedTo::Comment(id) => (None, Some(id.0)),
        };
        row.push_bind(file.id.0)
            .push_bind(ticket_id)
            .push_bind(comment_id)
            .push_bind(file.filename.clone())
            .push_bind(file.content_type.clone())
            .push_bind(file.size)
            .push_bind(file.blob.0.to_vec())
            .push_bind(file.content_id.clone())
            .push_bind(file.uploaded_by.map(|id| id.0))
            .push_bind(file.created_at.timestamp_micros());
    };
    script.insert(head, "", files, bind).await
}

/// Whether one of these files belongs to a comment that is neither kept nor added.
pub async fn is_comment_missing(
    connection: &mut SqliteConnection,
    files: &[&Attachment],
    added: &[&Comment],
) -> StoreResult<bool> {
    for file in files {
        let AttachedTo::Comment(id) = file.of else { continue };
        if added.iter().any(|comment| comment.id == id) {
            continue;
        }
        let kept = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM comment WHERE id = ?)").bind(id.0);
        if !kept.fetch_one(&mut *connection).await.map_err(store_error)? {
            return Ok(true);
        }
    }
    Ok(false)
}
