//! How the desk counts working time.

use crate::App;
use crate::auth::{Admin, Staff};
use crate::etag::{Change, IfNoneMatch};
use crate::openapi::{body, parameter, view};
use crate::problem::Problem;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::TimeTrackingPatch;

/// Shows how working time is counted.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/time-tracking",
    operation_id = "show_time_tracking",
    params(parameter::IfNoneMatch),
    responses((status = 200, body = view::TimeTracking)),
)]
pub(crate) async fn show(State(app): State<Arc<App>>, caller: Staff, held: IfNoneMatch) -> Result<Response, Problem> {
    let rule = app.desk.time_tracking(caller.call()).await?;
    reply::fresh_resource(&held, &rule, rule.version)
}

/// Changes how working time is counted.
///
/// What was logged stays as it is. For administrators.
#[utoipa::path(
    patch,
    path = "/api/time-tracking",
    operation_id = "update_time_tracking",
    params(parameter::IfMatch),
    request_body = body::TimeTrackingPatch,
    responses((status = 200, body = view::TimeTracking)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Admin,
    change: Change<TimeTrackingPatch>,
) -> Result<Response, Problem> {
    let rule = change.apply(|input, expected| app.desk.update_time_tracking(caller.call(), input, expected)).await?;
    reply::resource(&rule, rule.version)
}
