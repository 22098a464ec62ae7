//! What one was told on the desk. Everybody sees and reads one's own alone.

use crate::App;
use crate::auth::Caller;
use crate::json::{self, NoBody, OptionalJson};
use crate::openapi::{body, parameter, view};
use crate::path::One;
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;
use ticketing_core::desk::{NotificationList, ReadAll};
use ticketing_core::model::NotificationKind;
use ticketing_core::{NotificationId, TicketKey};

/// Bytes of the longest beginning of a name.
const LONGEST_BEGINNING: usize = 200;

/// Lists what one was told, newest first.
#[utoipa::path(
    get,
    path = "/api/notifications",
    operation_id = "list_notifications",
    params(parameter::NotificationFilter, parameter::Paging),
    responses((status = 200, body = view::Page<view::Notification>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Caller, mut query: Query) -> Result<Response, Problem> {
    let unread = query.read("unread", "true or false", |text| text.parse::<bool>().ok());
    let kinds = query.words("kind", NotificationKind::ALL).unwrap_or_default();
    let ticket = query.read("ticket", "a ticket's id or number", |text| text.parse::<TicketKey>().ok());
    let paged = query.paged(&app.cursors)?;
    let list = NotificationList { unread: unread.unwrap_or_default(), kinds, ticket };
    let before = paged.after.map(|place| NotificationId(place.id));
    let found = app.desk.notifications(caller.call(), list.clone(), before, paged.limit).await?;
    reply::counted(&app, &paged, found, || app.desk.notification_count(caller.call(), list)).await
}

/// Counts what one has not read.
#[utoipa::path(
    get,
    path = "/api/notifications/unread/count",
    operation_id = "count_unread_notifications",
    responses((status = 200, body = view::UnreadCount)),
)]
pub(crate) async fn unread(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Problem> {
    let count = app.desk.unread_count(caller.call()).await?;
    json::reply(StatusCode::OK, &json!({ "count": count }))
}

/// Marks one notification as read.
///
/// One that is read already stays as it is.
#[utoipa::path(
    patch,
    path = "/api/notifications/{id}/read",
    operation_id = "read_notification",
    params(parameter::ById),
    request_body = Option<body::Nothing>,
    responses((status = 200, body = view::Notification)),
)]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(id): One<NotificationId>,
    _: NoBody,
) -> Result<Response, Problem> {
    let told = app.desk.read_notification(caller.call(), id).await?;
    json::reply(StatusCode::OK, &told)
}

/// Marks all one's notifications as read, or all about one ticket.
///
/// Answers how many are unread then.
#[utoipa::path(
    patch,
    path = "/api/notifications/read-all",
    operation_id = "read_all_notifications",
    request_body = Option<body::ReadAll>,
    responses((status = 200, body = view::UnreadCount)),
)]
pub(crate) async fn read_all(
    State(app): State<Arc<App>>,
    caller: Caller,
    OptionalJson(body): OptionalJson,
) -> Result<Response, Problem> {
    let input = body.map(json::input::<ReadAll>).transpose()?.unwrap_or_default();
    let count = app.desk.read_notifications(caller.call(), input).await?;
    json::reply(StatusCode::OK, &json!({ "count": count }))
}

/// Suggests who can be mentioned in a comment on a ticket.
///
/// At most ten people whose name or address begins so, by name: for staff everybody who sees the ticket, for customers
/// the other customers whom they meet on it.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/mentions",
    operation_id = "suggest_mentions",
    params(parameter::ByTicket, parameter::Beginning),
    responses((status = 200, body = view::Page<view::Mentionable>)),
)]
pub(crate) async fn mentions(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(key): One<TicketKey>,
    mut query: Query,
) -> Result<Response, Problem> {
    let beginning = query
        .read("q", "a text of at most 200 bytes", |text| (text.len() <= LONGEST_BEGINNING).then(|| text.to_owned()));
    query.finish()?;
    let items = app.desk.mentionable(caller.call(), &key, &beginning.unwrap_or_default()).await?;
    json::reply(StatusCode::OK, &json!({ "items": items, "next_cursor": null }))
}
