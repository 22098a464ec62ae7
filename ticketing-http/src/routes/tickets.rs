//! Tickets.

use crate::App;
use crate::auth::{Caller, Staff};
use crate::etag::{Change, IfMatch, IfNoneMatch};
use crate::filter::ticket_list;
use crate::json::{self, JsonBody, OptionalJson};
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One};
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;
use ticketing_core::TicketKey;
use ticketing_core::desk::{Assignment, Deescalation, Escalation, NewTicket, TicketPatch};
use ticketing_core::query::Sort;

/// Lists the tickets that you see.
///
/// A custom field is a filter too: `custom_fields.KEY`, with values as its type has them, such as
/// `custom_fields.plan=gold,silver`.
#[utoipa::path(
    get,
    path = "/api/tickets",
    operation_id = "list_tickets",
    params(parameter::TicketFilter, parameter::Paging),
    responses((status = 200, body = view::Page<view::Ticket>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Caller, query: Query) -> Result<Response, Problem> {
    let snapshot = app.desk.snapshot().await?;
    let (list, query) = ticket_list(&app, query, caller.actor(), &snapshot.custom_fields, Sort::default())?;
    let page = app.desk.tickets(caller.call(), list).await?;
    reply::page(&app, &query, &page)
}

/// Makes a ticket.
#[utoipa::path(
    post,
    path = "/api/tickets",
    operation_id = "create_ticket",
    request_body = body::NewTicket,
    responses((status = 201, body = view::Ticket)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Base(base): Base,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let snapshot = app.desk.snapshot().await?;
    let input = NewTicket::from_json_of(caller.actor(), &snapshot.custom_fields, body)?;
    let ticket = app.desk.create_ticket(caller.call(), input).await?;
    reply::created(&ticket, Some(ticket.version()), &format!("{base}/api/tickets/{}", ticket.id()))
}

/// Shows a ticket.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}",
    operation_id = "show_ticket",
    params(parameter::ByTicket, parameter::IfNoneMatch),
    responses((status = 200, body = view::Ticket)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(key): One<TicketKey>,
    held: IfNoneMatch,
) -> Result<Response, Problem> {
    let ticket = app.desk.ticket(caller.call(), &key).await?;
    // What customers see of custom fields changes with the settings, not with the ticket.
    if !caller.actor().is_staff() && !app.desk.snapshot().await?.custom_fields.is_empty() {
        return reply::resource(&ticket, ticket.version());
    }
    reply::fresh_resource(&held, &ticket, ticket.version())
}

/// Changes a ticket.
///
/// For staff.
#[utoipa::path(
    patch,
    path = "/api/tickets/{ticket}",
    operation_id = "update_ticket",
    params(parameter::ByTicket, parameter::IfMatch),
    request_body = body::TicketPatch,
    responses((status = 200, body = view::Ticket)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    if_match: IfMatch,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let snapshot = app.desk.snapshot().await?;
    let read = |body| TicketPatch::from_json_with(&snapshot.custom_fields, body);
    let change = Change::read(if_match, body, read)?;
    let ticket = change.apply(|input, expected| app.desk.update_ticket(caller.call(), &key, input, expected)).await?;
    reply::resource(&ticket, ticket.version())
}

/// Gives a ticket to an agent or a team.
///
/// For staff.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/assign",
    operation_id = "assign_ticket",
    params(parameter::ByTicket, parameter::IfMatch),
    request_body = body::Assignment,
    responses((status = 200, body = view::Ticket)),
)]
pub(crate) async fn assign(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    change: Change<Assignment>,
) -> Result<Response, Problem> {
    let ticket = change.apply(|input, expected| app.desk.assign_ticket(caller.call(), &key, input, expected)).await?;
    reply::resource(&ticket, ticket.version())
}

/// Calls for more attention.
///
/// For staff.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/escalate",
    operation_id = "escalate_ticket",
    params(parameter::ByTicket, parameter::IfMatch),
    request_body = body::Escalation,
    responses((status = 200, body = view::Ticket)),
)]
pub(crate) async fn escalate(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    change: Change<Escalation>,
) -> Result<Response, Problem> {
    let ticket = change.apply(|input, expected| app.desk.escalate_ticket(caller.call(), &key, input, expected)).await?;
    reply::resource(&ticket, ticket.version())
}

/// Says that less attention is enough.
///
/// Some levels down, with a reason. Told as a `ticket.updated`, and not to customers. For staff.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/deescalate",
    operation_id = "deescalate_ticket",
    params(parameter::ByTicket, parameter::IfMatch),
    request_body = body::Deescalation,
    responses((status = 200, body = view::Ticket)),
)]
pub(crate) async fn deescalate(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    change: Change<Deescalation>,
) -> Result<Response, Problem> {
    let ticket =
        change.apply(|input, expected| app.desk.deescalate_ticket(caller.call(), &key, input, expected)).await?;
    reply::resource(&ticket, ticket.version())
}

/// Closes a ticket of yours.
///
/// For whoever asked, who needs no more help; staff set the status. One that is closed already stays as it is.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/close",
    operation_id = "close_ticket",
    params(parameter::ByTicket, parameter::IfMatch),
    request_body = Option<body::OfVersion>,
    responses((status = 200, body = view::Ticket)),
)]
pub(crate) async fn close(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(key): One<TicketKey>,
    if_match: IfMatch,
    OptionalJson(body): OptionalJson,
) -> Result<Response, Problem> {
    let change = Change::read(if_match, body.unwrap_or_else(|| json!({})), json::input::<json::Nothing>)?;
    let ticket = change.apply(|_, expected| app.desk.close_ticket(caller.call(), &key, expected)).await?;
    reply::resource(&ticket, ticket.version())
}

/// Opens a resolved ticket of yours again.
///
/// For whoever asked, while it is `resolved`; staff set the status. Any other is a 409: one that is closed
/// (`ticket_closed`) or was resolved longer ago than `REOPEN_WINDOW` (`resolved_long_ago`), on which a comment begins a new
/// ticket, and one that is open (`not_resolved`).
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/reopen",
    operation_id = "reopen_ticket",
    params(parameter::ByTicket, parameter::IfMatch),
    request_body = Option<body::OfVersion>,
    responses((status = 200, body = view::Ticket)),
)]
pub(crate) async fn reopen(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(key): One<TicketKey>,
    if_match: IfMatch,
    OptionalJson(body): OptionalJson,
) -> Result<Response, Problem> {
    let change = Change::read(if_match, body.unwrap_or_else(|| json!({})), json::input::<json::Nothing>)?;
    let ticket = change.apply(|_, expected| app.desk.reopen_ticket(caller.call(), &key, expected)).await?;
    reply::resource(&ticket, ticket.version())
}
