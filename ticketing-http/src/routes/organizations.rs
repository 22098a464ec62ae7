//! Companies whose people are customers.

use crate::App;
use crate::auth::{Caller, Manager, Staff};
use crate::etag::{Change, IfNoneMatch};
use crate::json::Given;
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One};
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::OrganizationId;
use ticketing_core::desk::{NewOrganization, OrganizationPatch};
use ticketing_core::query::OrganizationQuery;

/// Lists companies.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/organizations",
    operation_id = "list_organizations",
    params(parameter::OrganizationFilter, parameter::Paging),
    responses((status = 200, body = view::Page<view::Organization>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Staff, mut query: Query) -> Result<Response, Problem> {
    let text = query.text("q");
    let paged = query.paged(&app.cursors)?;
    let after = paged.after.map(|place| OrganizationId(place.id));
    let companies = OrganizationQuery { text, after, limit: paged.limit };
    let page = app.desk.organizations(caller.call(), companies.clone()).await?;
    reply::counted(&app, &paged, page, || app.desk.organization_count(caller.call(), companies)).await
}

/// Adds a company.
///
/// For managers.
#[utoipa::path(
    post,
    path = "/api/organizations",
    operation_id = "create_organization",
    request_body = body::NewOrganization,
    responses((status = 201, body = view::Organization)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Manager,
    Base(base): Base,
    Given(input): Given<NewOrganization>,
) -> Result<Response, Problem> {
    let made = app.desk.create_organization(caller.call(), input).await?;
    reply::created(&made, Some(made.version), &format!("{base}/api/organizations/{}", made.id))
}

/// Shows a company.
///
/// Customers see their own.
#[utoipa::path(
    get,
    path = "/api/organizations/{id}",
    operation_id = "show_organization",
    params(parameter::ById, parameter::IfNoneMatch),
    responses((status = 200, body = view::Organization)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(id): One<OrganizationId>,
    held: IfNoneMatch,
) -> Result<Response, Problem> {
    let found = app.desk.organization(caller.call(), id).await?;
    reply::fresh_resource(&held, &found, found.version)
}

/// Changes a company.
///
/// For managers.
#[utoipa::path(
    patch,
    path = "/api/organizations/{id}",
    operation_id = "update_organization",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::OrganizationPatch,
    responses((status = 200, body = view::Organization)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Manager,
    One(id): One<OrganizationId>,
    change: Change<OrganizationPatch>,
) -> Result<Response, Problem> {
    let changed =
        change.apply(|input, expected| app.desk.update_organization(caller.call(), id, input, expected)).await?;
    reply::resource(&changed, changed.version)
}
