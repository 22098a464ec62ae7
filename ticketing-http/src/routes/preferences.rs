//! What one wants to be told of, and by what.

use crate::App;
use crate::auth::Caller;
use crate::json::{self, JsonBody};
use crate::openapi::{body, view};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// Shows what one is told of, and by what.
///
/// All of it is said: for what one has never set, what holds then.
#[utoipa::path(
    get,
    path = "/api/notifications/preferences",
    operation_id = "show_notification_preferences",
    responses((status = 200, body = view::NotificationPreferences)),
)]
pub(crate) async fn show(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Problem> {
    let preferences = app.desk.notice_preferences(caller.call()).await?;
    json::reply(StatusCode::OK, &preferences)
}

/// Says anew what one is told of, and by what.
///
/// What is left out is as for somebody who has never said anything; an empty list is nothing at all.
#[utoipa::path(
    put,
    path = "/api/notifications/preferences",
    operation_id = "replace_notification_preferences",
    request_body = body::NewNotificationPreferences,
    responses((status = 200, body = view::NotificationPreferences)),
)]
pub(crate) async fn replace(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let preferences = app.desk.set_notice_preferences(caller.call(), &body).await?;
    json::reply(StatusCode::OK, &preferences)
}
