//! What is said on tickets.

use crate::App;
use crate::auth::Caller;
use crate::etag::IfMatch;
use crate::json::{self, JsonBody};
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One};
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::{CommentEdit, NewComment};
use ticketing_core::{CommentId, TicketKey};

/// Lists what was said on a ticket.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/comments",
    operation_id = "list_comments",
    params(parameter::ByTicket, parameter::Paging),
    responses((status = 200, body = view::Page<view::Comment>)),
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(key): One<TicketKey>,
    mut query: Query,
) -> Result<Response, Problem> {
    let paging = query.paging(&app.cursors);
    query.finish()?;
    let after = paging.after.map(|place| CommentId(place.id));
    let mut page = app.desk.comments(caller.call(), &key, after, paging.limit).await?;
    if paging.count {
        page.total = Some(app.desk.comment_count(caller.call(), &key).await?);
    }
    reply::page(&app, &query, &page)
}

/// Says something on a ticket.
///
/// On a ticket that is over for too long it makes a new one; `ticket_id` says which.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/comments",
    operation_id = "add_comment",
    params(parameter::ByTicket),
    request_body = body::NewComment,
    responses((status = 201, body = view::Comment)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Base(base): Base,
    One(key): One<TicketKey>,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let input: NewComment = json::input(body)?;
    let comment = app.desk.add_comment(caller.call(), &key, input).await?;
    reply::created(&comment, Some(comment.version), &format!("{base}/api/comments/{}", comment.id))
}

/// Shows what was said once.
///
/// Customers see what is on a ticket that they see and no note. Always answered whole: merging takes a comment to
/// another ticket as it is, version and all.
#[utoipa::path(
    get,
    path = "/api/comments/{id}",
    operation_id = "show_comment",
    params(parameter::ById),
    responses((status = 200, body = view::Comment)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(id): One<CommentId>,
) -> Result<Response, Problem> {
    let comment = app.desk.comment(caller.call(), id).await?;
    reply::resource(&comment, comment.version)
}

/// Changes what one said.
///
/// For its author, for 15 minutes.
#[utoipa::path(
    patch,
    path = "/api/comments/{id}",
    operation_id = "edit_comment",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::CommentEdit,
    responses((status = 200, body = view::Comment)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(id): One<CommentId>,
    if_match: IfMatch,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let (input, version) = json::versioned::<CommentEdit>(body)?;
    let change = |expected| app.desk.edit_comment(caller.call(), id, input.clone(), expected);
    let comment = if_match.apply(version, change).await?;
    reply::resource(&comment, comment.version)
}
