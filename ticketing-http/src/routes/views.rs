//! Views: lists of tickets under a name.

use crate::App;
use crate::auth::Staff;
use crate::etag::{Change, IfMatch, IfNoneMatch};
use crate::filter::ticket_list;
use crate::json::Given;
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One};
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;
use ticketing_core::ViewId;
use ticketing_core::condition::Condition;
use ticketing_core::desk::{NewSavedView, SavedViewPatch};

/// Lists the views that you see, in their order.
///
/// Those shared with all, those of your teams (of all teams for managers) and your own. For staff.
#[utoipa::path(
    get,
    path = "/api/views",
    operation_id = "list_views",
    params(parameter::Hidden, parameter::Paging),
    responses((status = 200, body = view::Page<view::View>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Staff, mut query: Query) -> Result<Response, Problem> {
    let hidden = query.read("hidden", "true or false", |text| text.parse().ok()).unwrap_or_default();
    let paged = query.paged(&app.cursors)?;
    let views = app.desk.saved_views(caller.call(), hidden).await?;
    reply::page_of(&app, &paged, views, |view| (view.position.into(), view.id.0))
}

/// Makes a view.
///
/// Anybody of staff makes private ones; leads of a team make its; managers make all.
#[utoipa::path(
    post,
    path = "/api/views",
    operation_id = "create_view",
    request_body = body::NewView,
    responses((status = 201, body = view::View)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Staff,
    Base(base): Base,
    Given(input): Given<NewSavedView>,
) -> Result<Response, Problem> {
    let view = app.desk.create_saved_view(caller.call(), input).await?;
    reply::created(&view, Some(view.version), &format!("{base}/api/views/{}", view.id))
}

/// Counts the tickets of every view that you see.
///
/// Counting stops at 1,000 (`is_capped`). What others did in the past 5 seconds may be missing; what you did by this server
/// is not. For staff.
#[utoipa::path(
    get,
    path = "/api/views/counts",
    operation_id = "count_views",
    params(parameter::IfNoneMatch),
    responses((status = 200, body = view::ViewCounts)),
)]
pub(crate) async fn counts(State(app): State<Arc<App>>, caller: Staff, held: IfNoneMatch) -> Result<Response, Problem> {
    let items = app.desk.saved_view_counts(caller.call()).await?;
    reply::fresh_answer(&held, &json!({ "items": items }))
}

/// Shows a view.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/views/{id}",
    operation_id = "show_view",
    params(parameter::ById),
    responses((status = 200, body = view::View)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<ViewId>,
) -> Result<Response, Problem> {
    let view = app.desk.saved_view(caller.call(), id).await?;
    // Whether it can be used changes without a version of its own, so there is nothing to hold it against.
    reply::resource(&view, view.version)
}

/// Changes a view.
///
/// Its id stays whoever it is shared with. For whoever might make it as it is and as it will be.
#[utoipa::path(
    patch,
    path = "/api/views/{id}",
    operation_id = "update_view",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::ViewPatch,
    responses((status = 200, body = view::View)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<ViewId>,
    change: Change<SavedViewPatch>,
) -> Result<Response, Problem> {
    let view = change.apply(|input, expected| app.desk.update_saved_view(caller.call(), id, input, expected)).await?;
    reply::resource(&view, view.version)
}

/// Deletes a view.
///
/// A built-in one is put away instead, and `is_hidden: false` brings it back. For whoever might make it.
#[utoipa::path(
    delete,
    path = "/api/views/{id}",
    operation_id = "delete_view",
    params(parameter::ById, parameter::IfMatch),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<ViewId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    if_match.apply(None, |expected| app.desk.delete_saved_view(caller.call(), id, expected)).await?;
    Ok(reply::done())
}

/// Lists the tickets of a view, as far as you see them.
///
/// Filters narrow it further, as on `GET /api/tickets`; without `sort` the view's own counts. For staff.
#[utoipa::path(
    get,
    path = "/api/views/{id}/tickets",
    operation_id = "list_view_tickets",
    params(parameter::ById, parameter::TicketFilter, parameter::Paging),
    responses((status = 200, body = view::Page<view::Ticket>)),
)]
pub(crate) async fn tickets(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<ViewId>,
    query: Query,
) -> Result<Response, Problem> {
    let view = app.desk.read_view(caller.call(), id).await?;
    let snapshot = app.desk.snapshot().await?;
    let query = query.of_version(view.version);
    let (mut list, query) = ticket_list(&app, query, caller.actor(), &snapshot.custom_fields, view.sort)?;
    list.filter = Condition::All(vec![view.filter, list.filter]);
    let page = app.desk.tickets(caller.call(), list).await?;
    reply::page(&app, &query, &page)
}
