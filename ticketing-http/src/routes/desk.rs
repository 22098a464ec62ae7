//! What the desk calls itself and how it behaves. For administrators.

use crate::App;
use crate::auth::Admin;
use crate::etag::{Change, IfNoneMatch};
use crate::openapi::{body, parameter, view};
use crate::problem::Problem;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::DeskPatch;

/// Shows the desk's own settings.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/desk",
    operation_id = "show_desk",
    params(parameter::IfNoneMatch),
    responses((status = 200, body = view::Desk)),
)]
pub(crate) async fn show(State(app): State<Arc<App>>, caller: Admin, held: IfNoneMatch) -> Result<Response, Problem> {
    let desk = app.desk.profile_view(caller.call()).await?;
    reply::fresh_resource(&held, &desk, desk.version)
}

/// Changes the desk's own settings.
///
/// For administrators. Where resolved tickets are to be closed after another time than before, they are planned anew by
/// a job right after it.
#[utoipa::path(
    patch,
    path = "/api/desk",
    operation_id = "update_desk",
    params(parameter::IfMatch),
    request_body = body::DeskPatch,
    responses((status = 200, body = view::Desk)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Admin,
    change: Change<DeskPatch>,
) -> Result<Response, Problem> {
    let desk = change.apply(|input, expected| app.desk.update_profile(caller.call(), input, expected)).await?;
    reply::resource(&desk, desk.version)
}
