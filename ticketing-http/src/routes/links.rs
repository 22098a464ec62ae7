//! How tickets hang together: ties, merging, splitting, and one change for many.

use crate::App;
use crate::auth::{Caller, Staff};
use crate::json::{self, Given, JsonBody, NoBody};
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One, Two};
use crate::problem::{Brief, Problem};
use crate::query::Paged;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use std::sync::Arc;
use ticketing_core::desk::{BulkChange, NewLink, NewMerge, NewSplit};
use ticketing_core::{LinkId, TicketKey};

/// Lists the ties of a ticket.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/links",
    operation_id = "list_links",
    params(parameter::ByTicket, parameter::Paging),
    responses((status = 200, body = view::Page<view::Link>)),
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(key): One<TicketKey>,
    paged: Paged,
) -> Result<Response, Problem> {
    let links = app.desk.links(caller.call(), &key).await?;
    reply::page_of(&app, &paged, links, |link| (0, link.id.0))
}

/// Ties a ticket to another.
///
/// For staff.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/links",
    operation_id = "link_tickets",
    params(parameter::ByTicket),
    request_body = body::NewLink,
    responses((status = 201, body = view::Link)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Staff,
    Base(base): Base,
    One(key): One<TicketKey>,
    Given(input): Given<NewLink>,
) -> Result<Response, Problem> {
    let link = app.desk.link_tickets(caller.call(), &key, input).await?;
    reply::created(&link, None, &format!("{base}/api/tickets/{}/links/{}", link.ticket_id, link.id))
}

/// Takes a tie away.
///
/// For staff.
#[utoipa::path(
    delete,
    path = "/api/tickets/{ticket}/links/{id}",
    operation_id = "unlink_tickets",
    params(parameter::ByTicketAndLink),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Staff,
    Two(key, id): Two<TicketKey, LinkId>,
) -> Result<Response, Problem> {
    app.desk.unlink_tickets(caller.call(), &key, id).await?;
    Ok(reply::done())
}

/// Merges a ticket into another.
///
/// Answers the target. For staff.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/merge",
    operation_id = "merge_ticket",
    params(parameter::ByTicket),
    request_body = body::NewMerge,
    responses((status = 200, body = view::Ticket)),
)]
pub(crate) async fn merge(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    Given(input): Given<NewMerge>,
) -> Result<Response, Problem> {
    let ticket = app.desk.merge_ticket(caller.call(), &key, input).await?;
    reply::resource(&ticket, ticket.version())
}

/// Undoes a merge.
///
/// For staff.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/unmerge",
    operation_id = "unmerge_ticket",
    params(parameter::ByTicket),
    request_body = Option<body::Nothing>,
    responses((status = 200, body = view::Ticket)),
)]
pub(crate) async fn unmerge(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    _: NoBody,
) -> Result<Response, Problem> {
    let ticket = app.desk.unmerge_ticket(caller.call(), &key).await?;
    reply::resource(&ticket, ticket.version())
}

/// Makes a ticket of a comment.
///
/// For staff.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/split",
    operation_id = "split_ticket",
    params(parameter::ByTicket),
    request_body = body::NewSplit,
    responses((status = 201, body = view::Ticket)),
)]
pub(crate) async fn split(
    State(app): State<Arc<App>>,
    caller: Staff,
    Base(base): Base,
    One(key): One<TicketKey>,
    Given(input): Given<NewSplit>,
) -> Result<Response, Problem> {
    let ticket = app.desk.split_ticket(caller.call(), &key, input).await?;
    reply::created(&ticket, Some(ticket.version()), &format!("{base}/api/tickets/{}", ticket.id()))
}

/// What became of one of many.
#[derive(Serialize)]
struct Outcome {
    ticket: String,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Brief>,
}

#[derive(Serialize)]
struct Outcomes {
    items: Vec<Outcome>,
}

/// Makes one change to many tickets, or does one macro to each.
///
/// Each has its own result. For staff.
#[utoipa::path(
    post,
    path = "/api/tickets/bulk",
    operation_id = "update_tickets",
    request_body = body::BulkChange,
    responses((status = 200, body = view::Outcomes)),
)]
pub(crate) async fn bulk(
    State(app): State<Arc<App>>,
    caller: Staff,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let snapshot = app.desk.snapshot().await?;
    let input = BulkChange::from_json_with(&snapshot.custom_fields, body)?;
    let results = app.desk.update_tickets(caller.call(), input).await?;
    let outcome = |(key, result): (TicketKey, Result<(), ticketing_core::Error>)| {
        let ticket = match key {
            TicketKey::Id(id) => id.to_string(),
            TicketKey::Number(number) => number.to_string(),
        };
        let error = result.err().map(|error| Problem::from(error).brief());
        Outcome { ticket, ok: error.is_none(), error }
    };
    let outcomes = Outcomes { items: results.into_iter().map(outcome).collect() };
    app.desk.keep_answer(caller.call(), &outcomes).await?;
    json::reply(StatusCode::OK, &outcomes)
}
