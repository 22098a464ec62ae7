//! Reading what hangs on tickets.

use super::failure::in_read;
use super::rows::{self, COMMENT, CommentRow, WatcherRow};
use super::scope::{push_scope, sees_all};
use super::up_to;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use ticketing_core::model::{Comment, Watcher};
use ticketing_core::port::StoreResult;
use ticketing_core::{CommentId, Scope, TicketId, UserId};

pub(super) async fn of_ticket(
    connection: &mut PgConnection,
    scope: &Scope,
    ticket_id: TicketId,
    after: Option<CommentId>,
    limit: usize,
) -> StoreResult<Vec<Comment>> {
    let mut sql = select(scope);
    sql.push("c.ticket_id = ").push_bind(ticket_id.0);
    if let Some(after) = after {
        sql.push(" AND c.id > ").push_bind(after.0);
    }
    push_told(&mut sql, scope);
    sql.push(" ORDER BY c.id LIMIT ").push(up_to(limit));
    let rows = sql.build_query_as::<CommentRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

/// The same from the end.
pub(super) async fn from_end_of_ticket(
    connection: &mut PgConnection,
    scope: &Scope,
    ticket_id: TicketId,
    before: Option<CommentId>,
    limit: usize,
) -> StoreResult<Vec<Comment>> {
    let mut sql = select(scope);
    sql.push("c.ticket_id = ").push_bind(ticket_id.0);
    if let Some(before) = before {
        sql.push(" AND c.id < ").push_bind(before.0);
    }
    push_told(&mut sql, scope);
    sql.push(" ORDER BY c.id DESC LIMIT ").push(up_to(limit));
    let rows = sql.build_query_as::<CommentRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

/// The ids alone, with whether each is a note.
pub(super) async fn ids_of_ticket(
    connection: &mut PgConnection,
    scope: &Scope,
    ticket_id: TicketId,
    limit: usize,
) -> StoreResult<Vec<(CommentId, bool)>> {
    let mut sql = QueryBuilder::new(
        "SELECT c.id, c.is_internal FROM comment c JOIN ticket t ON t.id = c.ticket_id WHERE c.ticket_id = ",
    );
    sql.push_bind(ticket_id.0);
    push_told(&mut sql, scope);
    sql.push(" ORDER BY c.id LIMIT ").push(up_to(limit));
    let rows = sql.build_query_as::<(uuid::Uuid, bool)>().fetch_all(connection).await.map_err(in_read)?;
    Ok(rows.into_iter().map(|(id, is_internal)| (CommentId(id), is_internal)).collect())
}

pub(super) async fn by_ids(
    connection: &mut PgConnection,
    scope: &Scope,
    ids: &[CommentId],
) -> StoreResult<Vec<Comment>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let mut sql = select(scope);
    sql.push("c.id = ANY(").push_bind(ids).push(")");
    push_told(&mut sql, scope);
    let rows = sql.build_query_as::<CommentRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

pub(super) async fn by_author(
    connection: &mut PgConnection,
    scope: &Scope,
    author_id: UserId,
    after: Option<CommentId>,
    limit: usize,
) -> StoreResult<Vec<Comment>> {
    if !sees_all(scope) {
        return Ok(Vec::new());
    }
    let mut sql = select(scope);
    sql.push("c.author_id = ").push_bind(author_id.0);
    if let Some(after) = after {
        sql.push(" AND c.id > ").push_bind(after.0);
    }
    sql.push(" ORDER BY c.id LIMIT ").push(up_to(limit));
    let rows = sql.build_query_as::<CommentRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

fn select(scope: &Scope) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(COMMENT).push(" FROM comment c ");
    if !sees_all(scope) {
        sql.push("JOIN ticket t ON t.id = c.ticket_id ");
    }
    sql.push("LEFT JOIN person p ON p.id = c.author_id WHERE ");
    sql
}

/// The ticket must be in scope, and notes among staff are for staff.
pub(super) fn push_told(sql: &mut QueryBuilder<Postgres>, scope: &Scope) {
    sql.push(" AND ");
    push_scope(sql, scope);
    if !scope.sees_internal() {
        sql.push(" AND NOT c.is_internal");
    }
}

pub(super) async fn watchers(
    connection: &mut PgConnection,
    scope: &Scope,
    ticket_id: TicketId,
    after: Option<UserId>,
    limit: usize,
) -> StoreResult<Vec<Watcher>> {
    if !scope.sees_internal() {
        return Ok(Vec::new());
    }
    let mut sql = select_watchers(scope, ticket_id);
    if let Some(after) = after {
        sql.push(" AND w.user_id > ").push_bind(after.0);
    }
    sql.push(" ORDER BY w.user_id LIMIT ").push(up_to(limit));
    let rows = sql.build_query_as::<WatcherRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

pub(super) async fn watchers_by_ids(
    connection: &mut PgConnection,
    scope: &Scope,
    ticket_id: TicketId,
    ids: &[UserId],
) -> StoreResult<Vec<Watcher>> {
    if !scope.sees_internal() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let mut sql = select_watchers(scope, ticket_id);
    sql.push(" AND w.user_id = ANY(").push_bind(ids).push(")");
    let rows = sql.build_query_as::<WatcherRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

fn select_watchers(scope: &Scope, ticket_id: TicketId) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new(
        "SELECT w.ticket_id, w.user_id, p.name, p.role, w.created_at FROM watcher w \
         JOIN ticket t ON t.id = w.ticket_id LEFT JOIN person p ON p.id = w.user_id WHERE w.ticket_id = ",
    );
    sql.push_bind(ticket_id.0).push(" AND ");
    push_scope(&mut sql, scope);
    sql
}
