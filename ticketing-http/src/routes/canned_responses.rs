//! Texts that staff answer with again and again. For staff.

use crate::App;
use crate::auth::Staff;
use crate::etag::{Change, IfMatch};
use crate::json::{self, Given};
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One};
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;
use ticketing_core::desk::{CannedQuery, CannedResponseImport, NewCannedResponse, TrialTicket};
use ticketing_core::model::Visibility;
use ticketing_core::{CannedResponseId, TeamId, TicketKey};

/// Lists the canned responses that one has, those first that one uses most.
///
/// One's own, those of one's teams and those of all. With `q` those that fit, the best first: by what one types for it, then by
/// the beginning of its title's words, then with mistakes in them; case and accents don't matter. With `ticket` each with what it
/// says there. For staff.
#[utoipa::path(
    get,
    path = "/api/canned-responses",
    operation_id = "list_canned_responses",
    params(parameter::CannedFilter, parameter::Paging),
    responses((status = 200, body = view::Page<view::CannedResponse>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Staff, mut query: Query) -> Result<Response, Problem> {
    let text = query.text("q");
    let category = query.text("category");
    let visibility = query.read("visibility", "private, team or all", |text| text.parse::<Visibility>().ok());
    let team_id = query.read("team_id", "the id of a team", |text| text.parse::<TeamId>().ok());
    let ticket = query.read("ticket", "a ticket's id or number", |text| text.parse::<TicketKey>().ok());
    let paged = query.paged(&app.cursors)?;
    let wanted = CannedQuery { text, category, visibility, team_id, ticket, after: paged.after, limit: paged.limit };
    let mut page = app.desk.canned_responses(caller.call(), wanted).await?;
    page.total = page.total.filter(|_| paged.count);
    reply::page(&app, &paged.query, &page)
}

/// Lists the categories of the canned responses that one has, by name.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/canned-responses/categories",
    operation_id = "list_canned_categories",
    responses((status = 200, body = view::CannedCategories)),
)]
pub(crate) async fn categories(
    State(app): State<Arc<App>>,
    caller: Staff,
    mut query: Query,
) -> Result<Response, Problem> {
    query.finish()?;
    let items = app.desk.canned_categories(caller.call()).await?;
    json::reply(StatusCode::OK, &json!({ "items": items }))
}

/// Makes a canned response.
///
/// It is one's own unless it says otherwise. Whoever leads a team shares with it, managers with any team and with all. A variable
/// that no ticket has is named by the answer, in `unknown_variables`. For staff.
#[utoipa::path(
    post,
    path = "/api/canned-responses",
    operation_id = "create_canned_response",
    request_body = body::NewCannedResponse,
    responses((status = 201, body = view::CannedResponse)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Staff,
    Base(base): Base,
    Given(input): Given<NewCannedResponse>,
) -> Result<Response, Problem> {
    let response = app.desk.create_canned_response(caller.call(), input).await?;
    reply::created(&response, Some(response.version), &format!("{base}/api/canned-responses/{}", response.id))
}

/// Shows a canned response that one has.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/canned-responses/{id}",
    operation_id = "show_canned_response",
    params(parameter::ById),
    responses((status = 200, body = view::CannedResponse)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<CannedResponseId>,
) -> Result<Response, Problem> {
    // How often it was used changes without a version of it, so no client holds it.
    let response = app.desk.canned_response(caller.call(), id).await?;
    reply::resource(&response, response.version)
}

/// Replaces a canned response.
///
/// What is not said goes; with whom it is shared stays unless it is said. For whoever may change it.
#[utoipa::path(
    put,
    path = "/api/canned-responses/{id}",
    operation_id = "replace_canned_response",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::CannedResponseReplacement,
    responses((status = 200, body = view::CannedResponse)),
)]
pub(crate) async fn replace(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<CannedResponseId>,
    change: Change<NewCannedResponse>,
) -> Result<Response, Problem> {
    let replace = |input, expected| app.desk.replace_canned_response(caller.call(), id, input, expected);
    let response = change.apply(replace).await?;
    reply::resource(&response, response.version)
}

/// Takes a canned response away.
///
/// What was said with it stays. For whoever may change it.
#[utoipa::path(
    delete,
    path = "/api/canned-responses/{id}",
    operation_id = "delete_canned_response",
    params(parameter::ById, parameter::IfMatch),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<CannedResponseId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    if_match.apply(None, |expected| app.desk.delete_canned_response(caller.call(), id, expected)).await?;
    Ok(reply::done())
}

/// Fills a canned response in for a ticket.
///
/// In the name of whoever asks, as plain text: nothing is escaped, and no value is read as a template. What the ticket has not is
/// left out and named in `missing`. It changes nothing. For staff.
#[utoipa::path(
    post,
    path = "/api/canned-responses/{id}/render",
    operation_id = "render_canned_response",
    params(parameter::ById),
    request_body = body::TrialTicket,
    responses((status = 200, body = view::FilledResponse)),
)]
pub(crate) async fn render(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<CannedResponseId>,
    Given(TrialTicket { ticket }): Given<TrialTicket>,
) -> Result<Response, Problem> {
    let filled = app.desk.render_canned_response(caller.call(), id, &ticket).await?;
    json::reply(StatusCode::OK, &filled)
}

/// Tells all canned responses that one has, to be kept or taken into another desk.
///
/// Without ids, people and versions of this desk; a team is known by its name. For staff.
#[utoipa::path(
    get,
    path = "/api/canned-responses/export",
    operation_id = "export_canned_responses",
    responses((status = 200, body = view::CannedResponseExport)),
)]
pub(crate) async fn export(State(app): State<Arc<App>>, caller: Staff, mut query: Query) -> Result<Response, Problem> {
    query.finish()?;
    let export = app.desk.export_canned_responses(caller.call()).await?;
    json::reply(StatusCode::OK, &export)
}

/// Takes canned responses in, all or none.
///
/// One that has the title of one that is there, and is shared with the same, replaces it, unless it says the same. What is not
/// named stays as it is. For staff; what is shared, for those who may share it.
#[utoipa::path(
    post,
    path = "/api/canned-responses/import",
    operation_id = "import_canned_responses",
    request_body = body::CannedResponseImport,
    responses((status = 200, body = view::ImportedCannedResponses)),
)]
pub(crate) async fn import(
    State(app): State<Arc<App>>,
    caller: Staff,
    Given(input): Given<CannedResponseImport>,
) -> Result<Response, Problem> {
    let imported = app.desk.import_canned_responses(caller.call(), input).await?;
    json::reply(StatusCode::OK, &imported)
}
