//! One's own stopwatch.

use crate::App;
use crate::auth::Staff;
use crate::json::{self, Given, NoBody, OptionalJson};
use crate::openapi::{body, view};
use crate::path::Base;
use crate::problem::Problem;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;
use ticketing_core::desk::{StopwatchStart, StopwatchStop};

/// Shows one's timer.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/timer",
    operation_id = "show_timer",
    responses((status = 200, body = view::OwnTimer)),
)]
pub(crate) async fn show(State(app): State<Arc<App>>, caller: Staff) -> Result<Response, Problem> {
    let timer = app.desk.stopwatch(caller.call()).await?;
    json::reply(StatusCode::OK, &json!({ "timer": timer }))
}

/// Starts one's timer on a ticket.
///
/// One that is there is in the way (`timer_running`), unless `switch` says that it is to be stopped and logged. For staff.
#[utoipa::path(
    post,
    path = "/api/timer/start",
    operation_id = "start_timer",
    request_body = body::TimerStart,
    responses((status = 201, body = view::Timer)),
)]
pub(crate) async fn start(
    State(app): State<Arc<App>>,
    caller: Staff,
    Base(base): Base,
    Given(input): Given<StopwatchStart>,
) -> Result<Response, Problem> {
    let timer = app.desk.start_stopwatch(caller.call(), input).await?;
    reply::created(&timer, None, &format!("{base}/api/timer"))
}

/// Lets one's timer rest.
///
/// One that rests already stays as it is. For staff.
#[utoipa::path(
    post,
    path = "/api/timer/pause",
    operation_id = "pause_timer",
    request_body = Option<body::Nothing>,
    responses((status = 200, body = view::Timer)),
)]
pub(crate) async fn pause(State(app): State<Arc<App>>, caller: Staff, _: NoBody) -> Result<Response, Problem> {
    let timer = app.desk.pause_stopwatch(caller.call()).await?;
    json::reply(StatusCode::OK, &timer)
}

/// Lets one's timer go on.
///
/// One that runs stays as it is. For staff.
#[utoipa::path(
    post,
    path = "/api/timer/resume",
    operation_id = "resume_timer",
    request_body = Option<body::Nothing>,
    responses((status = 200, body = view::Timer)),
)]
pub(crate) async fn resume(State(app): State<Arc<App>>, caller: Staff, _: NoBody) -> Result<Response, Problem> {
    let timer = app.desk.resume_stopwatch(caller.call()).await?;
    json::reply(StatusCode::OK, &timer)
}

/// Stops one's timer and logs what it has counted.
///
/// At most 24 hours; `warnings` says `capped` where it had run for longer. For staff.
#[utoipa::path(
    post,
    path = "/api/timer/stop",
    operation_id = "stop_timer",
    request_body = Option<body::TimerStop>,
    responses((status = 201, body = view::TimeEntry)),
)]
pub(crate) async fn stop(
    State(app): State<Arc<App>>,
    caller: Staff,
    Base(base): Base,
    OptionalJson(body): OptionalJson,
) -> Result<Response, Problem> {
    let input = body.map(json::input::<StopwatchStop>).transpose()?.unwrap_or_default();
    let entry = app.desk.stop_stopwatch(caller.call(), input).await?;
    reply::created(&entry, Some(entry.version), &format!("{base}/api/time-entries/{}", entry.id))
}

/// Puts one's timer away, and what it has counted with it.
///
/// Nothing changes where there is none. For staff.
#[utoipa::path(delete, path = "/api/timer", operation_id = "discard_timer", responses((status = 204)))]
pub(crate) async fn discard(State(app): State<Arc<App>>, caller: Staff) -> Result<Response, Problem> {
    app.desk.discard_stopwatch(caller.call()).await?;
    Ok(reply::done())
}
