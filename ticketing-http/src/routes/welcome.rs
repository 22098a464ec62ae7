//! What anybody may know of the desk.

use crate::App;
use crate::json;
use crate::openapi::view;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use std::sync::Arc;

/// Shows what a page for signing in needs to know.
///
/// For anybody. May be kept for ten seconds.
#[utoipa::path(
    get,
    path = "/api/welcome",
    operation_id = "show_welcome",
    responses((status = 200, body = view::Welcome)),
    security(()),
)]
pub(crate) async fn show(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let mut response = json::reply(StatusCode::OK, &app.desk.welcome().await?)?;
    let lasts = HeaderValue::from_static("public, max-age=10");
    response.headers_mut().insert(header::CACHE_CONTROL, lasts);
    Ok(response)
}
