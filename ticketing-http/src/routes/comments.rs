//! What is said on tickets.

use crate::App;
use crate::auth::Caller;
use crate::etag::Change;
use crate::json::Given;
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One};
use crate::problem::Problem;
use crate::query::{Query, from_end};
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::{CommentEdit, NewComment};
use ticketing_core::{CommentId, TicketKey};

/// Lists what was said on a ticket, oldest first unless `sort=-created_at` says otherwise.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/comments",
    operation_id = "list_comments",
    params(parameter::ByTicket, parameter::Chronology, parameter::Paging),
    responses((status = 200, body = view::Page<view::Comment>)),
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(key): One<TicketKey>,
    mut query: Query,
) -> Result<Response, Problem> {
    let from_end = from_end(&mut query);
    let paged = query.paged(&app.cursors)?;
    let place = paged.after.map(|place| CommentId(place.id));
    let page = if from_end {
        app.desk.comments_from_end(caller.call(), &key, place, paged.limit).await?
    } else {
        app.desk.comments(caller.call(), &key, place, paged.limit).await?
    };
    reply::counted(&app, &paged, page, || app.desk.comment_count(caller.call(), &key)).await
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
    Given(input): Given<NewComment>,
) -> Result<Response, Problem> {
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
    change: Change<CommentEdit>,
) -> Result<Response, Problem> {
    let comment = change.apply(|input, expected| app.desk.edit_comment(caller.call(), id, input, expected)).await?;
    reply::resource(&comment, comment.version)
}
