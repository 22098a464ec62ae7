//! The desk's own fields.

use crate::App;
use crate::auth::{Admin, Caller};
use crate::etag::{Change, IfMatch, IfNoneMatch};
use crate::json::Given;
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One};
use crate::problem::Problem;
use crate::query::Paged;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::CustomFieldId;
use ticketing_core::desk::{CustomFieldPatch, NewCustomField};

/// Lists the desk's own fields in their order.
///
/// A customer is told of those that customers see.
#[utoipa::path(
    get,
    path = "/api/custom-fields",
    operation_id = "list_custom_fields",
    params(parameter::Paging),
    responses((status = 200, body = view::Page<view::CustomField>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Caller, paged: Paged) -> Result<Response, Problem> {
    let fields = app.desk.custom_fields(caller.call()).await?;
    reply::page_of(&app, &paged, fields, |field| (field.position.into(), field.id.0))
}

/// Adds a field.
///
/// For administrators.
#[utoipa::path(
    post,
    path = "/api/custom-fields",
    operation_id = "create_custom_field",
    request_body = body::NewCustomField,
    responses((status = 201, body = view::CustomField)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Admin,
    Base(base): Base,
    Given(input): Given<NewCustomField>,
) -> Result<Response, Problem> {
    let field = app.desk.create_custom_field(caller.call(), input).await?;
    reply::created(&field, Some(field.version), &format!("{base}/api/custom-fields/{}", field.id))
}

/// Shows a field.
#[utoipa::path(
    get,
    path = "/api/custom-fields/{id}",
    operation_id = "show_custom_field",
    params(parameter::ById, parameter::IfNoneMatch),
    responses((status = 200, body = view::CustomField)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(id): One<CustomFieldId>,
    held: IfNoneMatch,
) -> Result<Response, Problem> {
    let field = app.desk.custom_field(caller.call(), id).await?;
    reply::fresh_resource(&held, &field, field.version)
}

/// Changes a field.
///
/// For administrators.
#[utoipa::path(
    patch,
    path = "/api/custom-fields/{id}",
    operation_id = "update_custom_field",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::CustomFieldPatch,
    responses((status = 200, body = view::CustomField)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<CustomFieldId>,
    change: Change<CustomFieldPatch>,
) -> Result<Response, Problem> {
    let field =
        change.apply(|input, expected| app.desk.update_custom_field(caller.call(), id, input, expected)).await?;
    reply::resource(&field, field.version)
}

/// Deletes a field.
///
/// While tickets have values of it, it is only made inactive. For administrators.
#[utoipa::path(
    delete,
    path = "/api/custom-fields/{id}",
    operation_id = "delete_custom_field",
    params(parameter::ById, parameter::IfMatch),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<CustomFieldId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    if_match.apply(None, |expected| app.desk.delete_custom_field(caller.call(), id, expected)).await?;
    Ok(reply::done())
}
