//! Reading files on tickets and comments.

use super::failure::corrupt;
use super::row::Cells;
use super::scope::push_scope;
use super::ticket::limit;
use sqlx::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqliteRow};
use ticketing_core::access::Scope;
use ticketing_core::ids::{AttachmentId, CommentId, TicketId, UserId};
use ticketing_core::model::{AttachedTo, Attachment, BlobKey};
use ticketing_core::port::StoreResult;

/// Columns of [`file`] from `attachment a`.
const FILE: &str = "a.id, a.ticket_id, a.comment_id, a.filename, a.content_type, a.size, a.blob, a.content_id, \
     a.uploaded_by, a.created_at";

/// A file.
pub fn file(row: &SqliteRow) -> StoreResult<Attachment> {
    let mut cells = Cells::of(row);
    Ok(Attachment {
        id: cells.id(AttachmentId)?,
        of: match (cells.maybe_id(TicketId)?, cells.maybe_id(CommentId)?) {
            (Some(id), None) => AttachedTo::Ticket(id),
            (None, Some(id)) => AttachedTo::Comment(id),
            _ => return Err(corrupt("a file belongs to one ticket or one comment")),
        },
        filename: cells.take()?,
        content_type: cells.take()?,
        size: cells.take()?,
        blob: BlobKey(cells.bytes()?),
        content_id: cells.take()?,
        uploaded_by: cells.maybe_id(UserId)?,
        created_at: cells.time()?,
    })
}

/// Appends the files of a ticket's description and of its comments, each found by an index.
pub fn push_of_ticket(
    query: &mut QueryBuilder<Sqlite>,
    scope: &Scope,
    ticket_id: TicketId,
    after: Option<AttachmentId>,
    many: usize,
) {
    query.push("SELECT ").push(FILE).push(" FROM ticket t JOIN attachment a ON a.ticket_id = t.id WHERE t.id = ");
    query.push_bind(ticket_id.0).push(" AND ");
    push_scope(query, scope);
    push_after(query, after);
    query.push(" UNION ALL SELECT ").push(FILE);
    // CROSS keeps the comments the outer ones: a ticket has fewer of them than a desk has files.
    query.push(
        " FROM ticket t CROSS JOIN comment c ON c.ticket_id = t.id CROSS JOIN attachment a ON a.comment_id = c.id",
    );
    query.push(" WHERE t.id = ").push_bind(ticket_id.0);
    push_told(query, scope);
    push_after(query, after);
    query.push(" ORDER BY 1 LIMIT ").push_bind(limit(many));
}

fn push_after(query: &mut QueryBuilder<Sqlite>, after: Option<AttachmentId>) {
    if let Some(after) = after {
        query.push(" AND a.id > ").push_bind(after.0);
    }
}

/// The ticket must be in scope, and notes among staff are for staff.
fn push_told(query: &mut QueryBuilder<Sqlite>, scope: &Scope) {
    query.push(" AND ");
    push_scope(query, scope);
    if !scope.sees_internal() {
        query.push(" AND c.is_internal = 0");
    }
}

/// Appends the files of these comments.
pub fn push_of_comments(query: &mut QueryBuilder<Sqlite>, scope: &Scope, comments: &[CommentId]) {
    query.push("SELECT ").push(FILE).push(
        " FROM attachment a JOIN comment c ON c.id = a.comment_id JOIN ticket t ON t.id = c.ticket_id \
         WHERE a.comment_id IN (",
    );
    let mut list = query.separated(", ");
    for id in comments {
        list.push_bind(id.0);
    }
    query.push(")");
    push_told(query, scope);
}

/// Appends one file.
pub fn push_one(query: &mut QueryBuilder<Sqlite>, scope: &Scope, id: AttachmentId) {
    query.push("SELECT ").push(FILE).push(
        " FROM attachment a LEFT JOIN comment c ON c.id = a.comment_id \
         JOIN ticket t ON t.id = coalesce(a.ticket_id, c.ticket_id) WHERE a.id = ",
    );
    query.push_bind(id.0).push(" AND ");
    push_scope(query, scope);
    if !scope.sees_internal() {
        query.push(" AND c.is_internal IS NOT 1");
    }
}
