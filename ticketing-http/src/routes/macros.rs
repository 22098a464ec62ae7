//! Several things that staff do to a ticket by one press. For staff.

use crate::App;
use crate::auth::Staff;
use crate::etag::{Change, IfMatch};
use crate::json::{self, Given, NoBody, OptionalJson};
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One, Two};
use crate::problem::Problem;
use crate::query::Paged;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;
use ticketing_core::desk::{MacroPatch, MacroUse, NewMacro};
use ticketing_core::{MacroId, TicketKey};

/// Lists the macros that one has, by their places.
///
/// One's own, those of one's teams and those of all. For staff.
#[utoipa::path(
    get,
    path = "/api/macros",
    operation_id = "list_macros",
    params(parameter::Paging),
    responses((status = 200, body = view::Page<view::Macro>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Staff, paged: Paged) -> Result<Response, Problem> {
    let macros = app.desk.macros(caller.call()).await?;
    reply::page_of(&app, &paged, macros, |one| (one.position.into(), one.id.0))
}

/// Makes a macro.
///
/// Whoever leads a team shares with it, managers with any team and with all. For staff.
#[utoipa::path(
    post,
    path = "/api/macros",
    operation_id = "create_macro",
    request_body = body::NewMacro,
    responses((status = 201, body = view::Macro)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Staff,
    Base(base): Base,
    Given(input): Given<NewMacro>,
) -> Result<Response, Problem> {
    let made = app.desk.create_macro(caller.call(), input).await?;
    reply::created(&made, Some(made.version), &format!("{base}/api/macros/{}", made.id))
}

/// Shows a macro that one has.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/macros/{id}",
    operation_id = "show_macro",
    params(parameter::ById),
    responses((status = 200, body = view::Macro)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<MacroId>,
) -> Result<Response, Problem> {
    // Its problems may change without a version of it, so no client holds it.
    let one = app.desk.macro_of(caller.call(), id).await?;
    reply::resource(&one, one.version)
}

/// Changes a macro.
///
/// Its actions are replaced as a whole. For whoever may change it.
#[utoipa::path(
    patch,
    path = "/api/macros/{id}",
    operation_id = "update_macro",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::MacroPatch,
    responses((status = 200, body = view::Macro)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<MacroId>,
    change: Change<MacroPatch>,
) -> Result<Response, Problem> {
    let changed = change.apply(|input, expected| app.desk.update_macro(caller.call(), id, input, expected)).await?;
    reply::resource(&changed, changed.version)
}

/// Takes a macro away.
///
/// What was done by it stays. For whoever may change it.
#[utoipa::path(
    delete,
    path = "/api/macros/{id}",
    operation_id = "delete_macro",
    params(parameter::ById, parameter::IfMatch),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<MacroId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    if_match.apply(None, |expected| app.desk.delete_macro(caller.call(), id, expected)).await?;
    Ok(reply::done())
}

/// Does a macro to a ticket.
///
/// As if you had done each of its actions by hand: with your rights, in your name, all of it at once or nothing; then rules look at
/// the whole. An action that can't be done is named, as `actions[2]`, by the field of a 422 or the detail of a 409. Where a text asks
/// for what the ticket has not, that is a 422 (`missing_variable`), unless `allow_missing` is said. For staff.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/macros/{id}",
    operation_id = "apply_macro",
    params(parameter::ByTicketAndMacro, parameter::IfMatch),
    request_body = Option<body::MacroUse>,
    responses((status = 200, body = view::Ticket)),
)]
pub(crate) async fn apply(
    State(app): State<Arc<App>>,
    caller: Staff,
    Two(key, id): Two<TicketKey, MacroId>,
    if_match: IfMatch,
    OptionalJson(body): OptionalJson,
) -> Result<Response, Problem> {
    let change = Change::read(if_match, body.unwrap_or_else(|| json!({})), json::input::<MacroUse>)?;
    let ticket = change.apply(|input, expected| app.desk.apply_macro(caller.call(), &key, id, input, expected)).await?;
    reply::resource(&ticket, ticket.version())
}

/// Says what a macro would do to a ticket.
///
/// Action by action: texts filled in, each field that would change, what is missing, and what would be refused. It changes nothing.
/// For staff.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/macros/{id}/preview",
    operation_id = "preview_macro",
    params(parameter::ByTicketAndMacro),
    request_body = Option<body::Nothing>,
    responses((status = 200, body = view::MacroPreview)),
)]
pub(crate) async fn preview(
    State(app): State<Arc<App>>,
    caller: Staff,
    Two(key, id): Two<TicketKey, MacroId>,
    _: NoBody,
) -> Result<Response, Problem> {
    let preview = app.desk.preview_macro(caller.call(), &key, id).await?;
    json::reply(StatusCode::OK, &preview)
}
