//! What the workers have to do, had to do and could not do. For administrators.

use crate::App;
use crate::auth::Admin;
use crate::filter::moment;
use crate::json::{self, NoBody};
use crate::openapi::{body, parameter, view};
use crate::path::One;
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;
use ticketing_core::model::{JobKind, JobState};
use ticketing_core::port::JobQuery;
use ticketing_core::{JobId, TicketId};

/// Bytes of the longest lane.
const LONGEST_LANE: usize = 100;

/// Lists jobs, newest first.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/jobs",
    operation_id = "list_jobs",
    params(parameter::JobFilter, parameter::Place),
    responses((status = 200, body = view::Page<view::Job>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Admin, mut query: Query) -> Result<Response, Problem> {
    let states = query.words("state", JobState::ALL).unwrap_or_default();
    let kinds = query.words("kind", JobKind::ALL).unwrap_or_default();
    let ticket_id = query.read("ticket_id", "an id (UUID)", |text| text.parse::<TicketId>().ok());
    let lane = query.read("lane", "a text of 1 to 100 bytes", |text| {
        (1..=LONGEST_LANE).contains(&text.len()).then(|| text.to_owned())
    });
    let after = query.place(&app.cursors, "cursor").map(|place| JobId(place.id));
    let limit = query.limit();
    query.finish()?;
    let jobs = JobQuery { states, kinds, lane, ticket_id, after, limit, ..JobQuery::default() };
    let page = app.desk.jobs(caller.call(), jobs).await?;
    reply::page(&app, &query, &page)
}

/// Forgets jobs that have ended, and how they went.
///
/// Both parameters must be there. For administrators.
#[utoipa::path(
    delete,
    path = "/api/jobs",
    operation_id = "purge_jobs",
    params(parameter::JobPurge),
    responses((status = 200, body = view::Purged)),
)]
pub(crate) async fn purge(State(app): State<Arc<App>>, caller: Admin, mut query: Query) -> Result<Response, Problem> {
    // Whoever leaves one out by mistake must not lose everything.
    query.require(&["state", "ended_before"]);
    let states = query.words("state", &[JobState::Done, JobState::Dead]).unwrap_or_default();
    let before = moment(&mut query, "ended_before").map(|(start, _)| start).unwrap_or_default();
    query.finish()?;
    let count = app.desk.purge_jobs(caller.call(), states, before).await?;
    json::reply(StatusCode::OK, &json!({ "purged": count }))
}

/// Shows a job with all that is known of it.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/jobs/{id}",
    operation_id = "show_job",
    params(parameter::ById),
    responses((status = 200, body = view::WholeJob)),
)]
pub(crate) async fn show(State(app): State<Arc<App>>, caller: Admin, One(id): One<JobId>) -> Result<Response, Problem> {
    let job = app.desk.job(caller.call(), id).await?;
    json::reply(StatusCode::OK, &job)
}

/// Does a job again that was done or given up.
///
/// From the start and at once. For administrators.
#[utoipa::path(
    post,
    path = "/api/jobs/{id}/retry",
    operation_id = "retry_job",
    params(parameter::ById),
    request_body = Option<body::Nothing>,
    responses((status = 200, body = view::Job)),
)]
pub(crate) async fn retry(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<JobId>,
    _: NoBody,
) -> Result<Response, Problem> {
    let job = app.desk.retry_job(caller.call(), id).await?;
    json::reply(StatusCode::OK, &job)
}
