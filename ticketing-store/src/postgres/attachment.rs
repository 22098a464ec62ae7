//! Reading files on tickets and comments.

use super::comment::push_told;
use super::failure::in_read;
use super::rows;
use super::scope::push_scope;
use super::up_to;
use crate::row::{bytes, corrupt};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use ticketing_core::model::{AttachedTo, Attachment, BlobKey};
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::time::Time;
use ticketing_core::{AttachmentId, CommentId, Scope, TicketId, UserId};
use uuid::Uuid;

/// What a [`FileRow`] is read from: an attachment `a`.
const FILE: &str = "a.id, a.ticket_id, a.comment_id, a.filename, a.content_type, a.size, a.blob, a.content_id, \
    a.uploaded_by, a.created_at";

#[derive(FromRow)]
struct FileRow {
    id: Uuid,
    ticket_id: Option<Uuid>,
    comment_id: Option<Uuid>,
    filename: String,
    content_type: String,
    size: i64,
    blob: Vec<u8>,
    content_id: Option<String>,
    uploaded_by: Option<Uuid>,
    created_at: Time,
}

impl TryFrom<FileRow> for Attachment {
    type Error = StoreError;

    fn try_from(row: FileRow) -> StoreResult<Self> {
        let of = match (row.ticket_id, row.comment_id) {
            (Some(id), None) => AttachedTo::Ticket(TicketId(id)),
            (None, Some(id)) => AttachedTo::Comment(CommentId(id)),
            _ => return Err(corrupt("attachment.ticket_id", "no more and no less of an owner than comment_id")),
        };
        Ok(Self {
            id: AttachmentId(row.id),
            of,
            filename: row.filename,
            content_type: row.content_type,
            size: row.size,
            blob: BlobKey(bytes("attachment.blob", &row.blob)?),
            content_id: row.content_id,
            uploaded_by: row.uploaded_by.map(UserId),
            created_at: row.created_at,
        })
    }
}

/// Those of the description and those of comments are found by an index each.
pub(super) async fn of_ticket(
    connection: &mut PgConnection,
    scope: &Scope,
    ticket_id: TicketId,
    after: Option<AttachmentId>,
    limit: usize,
) -> StoreResult<Vec<Attachment>> {
    let mut sql = QueryBuilder::new("SELECT * FROM (SELECT ");
    sql.push(FILE).push(" FROM attachment a JOIN ticket t ON t.id = a.ticket_id WHERE a.ticket_id = ");
    sql.push_bind(ticket_id.0).push(" AND ");
    push_scope(&mut sql, scope);
    push_after(&mut sql, after);
    sql.push(" UNION ALL SELECT ").push(FILE);
    sql.push(
        " FROM comment c JOIN attachment a ON a.comment_id = c.id JOIN ticket t ON t.id = c.ticket_id \
         WHERE c.ticket_id = ",
    );
    sql.push_bind(ticket_id.0);
    push_told(&mut sql, scope);
    push_after(&mut sql, after);
    sql.push(") f ORDER BY f.id LIMIT ").push(up_to(limit));
    all(connection, sql).await
}

fn push_after(sql: &mut QueryBuilder<Postgres>, after: Option<AttachmentId>) {
    if let Some(after) = after {
        sql.push(" AND a.id > ").push_bind(after.0);
    }
}

pub(super) async fn of_comments(
    connection: &mut PgConnection,
    scope: &Scope,
    comments: &[CommentId],
) -> StoreResult<Vec<Attachment>> {
    let comments: Vec<_> = comments.iter().map(|id| id.0).collect();
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(FILE);
    sql.push(
        " FROM attachment a JOIN comment c ON c.id = a.comment_id JOIN ticket t ON t.id = c.ticket_id \
         WHERE a.comment_id = ANY(",
    );
    sql.push_bind(comments).push(")");
    push_told(&mut sql, scope);
    sql.push(" ORDER BY a.id");
    all(connection, sql).await
}

pub(super) async fn one(
    connection: &mut PgConnection,
    scope: &Scope,
    id: AttachmentId,
) -> StoreResult<Option<Attachment>> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(FILE);
    sql.push(
        " FROM attachment a LEFT JOIN comment c ON c.id = a.comment_id \
         JOIN ticket t ON t.id = COALESCE(a.ticket_id, c.ticket_id) WHERE a.id = ",
    );
    sql.push_bind(id.0).push(" AND ");
    push_scope(&mut sql, scope);
    if !scope.sees_internal() {
        sql.push(" AND c.is_internal IS NOT TRUE");
    }
    Ok(all(connection, sql).await?.pop())
}

async fn all(connection: &mut PgConnection, mut sql: QueryBuilder<Postgres>) -> StoreResult<Vec<Attachment>> {
    rows::all(sql.build_query_as::<FileRow>().fetch_all(connection).await.map_err(in_read)?)
}
