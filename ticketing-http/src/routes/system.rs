//! For those who run the desk: is it alive, is it ready, what does it do.

use crate::App;
use crate::backlog;
use crate::console;
use crate::json;
use crate::openapi::view;
use crate::path::Base;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// A store that takes longer than this is as good as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Says that the server runs.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "is_alive",
    responses((status = 200, body = view::Health)),
    security(()),
)]
pub(crate) async fn alive() -> Result<Response, Problem> {
    status("ok")
}

/// Says whether the store answers.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "is_ready",
    responses((status = 200, body = view::Health)),
    security(()),
)]
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    match tokio::time::timeout(PATIENCE, app.desk.ping()).await {
        Ok(answer) => answer?,
        Err(_elapsed) => return Err(Problem::unavailable("unavailable", "The store does not answer.")),
    }
    status("ready")
}

fn status(word: &str) -> Result<Response, Problem> {
    let mut response = json::reply(StatusCode::OK, &json!({ "status": word }))?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Counts and durations, for Prometheus.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "show_metrics",
    responses((status = 200, body = String, content_type = "text/plain")),
    security(()),
)]
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> Response {
    let mut text = String::with_capacity(16 * 1024);
    app.metrics.write(&mut text);
    app.live.metrics.write(app.live.counts(), &mut text);
    app.backlog.write(&app.desk, &mut text).await;
    backlog::write_mails(&app.desk, &mut text);
    if let Some(workers) = &app.workers {
        backlog::write_attempts(workers, &mut text);
    }
    if let Some(more) = &app.more_metrics {
        more(&mut text);
    }
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What no route matches: pages for people, or nothing. Where it is nested as a service at `/support`, `/support/` comes
/// here too.
pub(crate) async fn fallback(state: State<Arc<App>>, base: Base, asked: Parts) -> Response {
    console::answer(state, base, &asked).await
}
