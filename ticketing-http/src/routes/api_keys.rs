//! Keys of programs.

use crate::App;
use crate::auth::Caller;
use crate::json::Given;
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One};
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::NewApiKey;
use ticketing_core::{ApiKeyId, UserId};

/// Lists keys.
#[utoipa::path(
    get,
    path = "/api/api-keys",
    operation_id = "list_api_keys",
    params(parameter::KeyFilter, parameter::Paging),
    responses((status = 200, body = view::Page<view::ApiKey>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Caller, mut query: Query) -> Result<Response, Problem> {
    let user_id = query.read("user_id", "an id (UUID)", |text| text.parse::<UserId>().ok());
    let paged = query.paged(&app.cursors)?;
    let keys = app.desk.api_keys(caller.call(), user_id).await?;
    reply::page_of(&app, &paged, keys, |key| (0, key.id.0))
}

/// Makes a key.
#[utoipa::path(
    post,
    path = "/api/api-keys",
    operation_id = "create_api_key",
    request_body = body::NewApiKey,
    responses((status = 201, body = view::MadeApiKey)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Base(base): Base,
    Given(input): Given<NewApiKey>,
) -> Result<Response, Problem> {
    let made = app.desk.create_api_key(caller.call(), input).await?;
    reply::created(&made, None, &format!("{base}/api/api-keys/{}", made.view.id))
}

/// Revokes a key.
#[utoipa::path(
    delete,
    path = "/api/api-keys/{id}",
    operation_id = "revoke_api_key",
    params(parameter::ById),
    responses((status = 204)),
)]
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(id): One<ApiKeyId>,
) -> Result<Response, Problem> {
    app.desk.revoke_api_key(caller.call(), id).await?;
    Ok(reply::done())
}
