//! How the desk shows itself in mail. For administrators.

use crate::App;
use crate::auth::Admin;
use crate::etag::{Change, IfNoneMatch};
use crate::openapi::{body, parameter, view};
use crate::problem::Problem;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::BrandPatch;

/// Shows the brand.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/brand",
    operation_id = "show_brand",
    params(parameter::IfNoneMatch),
    responses((status = 200, body = view::Brand)),
)]
pub(crate) async fn show(State(app): State<Arc<App>>, caller: Admin, held: IfNoneMatch) -> Result<Response, Problem> {
    let brand = app.desk.brand(caller.call()).await?;
    reply::fresh_resource(&held, &brand, brand.version)
}

/// Changes the brand.
///
/// For administrators.
#[utoipa::path(
    patch,
    path = "/api/brand",
    operation_id = "update_brand",
    params(parameter::IfMatch),
    request_body = body::BrandPatch,
    responses((status = 200, body = view::Brand)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Admin,
    change: Change<BrandPatch>,
) -> Result<Response, Problem> {
    let brand = change.apply(|input, expected| app.desk.update_brand(caller.call(), input, expected)).await?;
    reply::resource(&brand, brand.version)
}
