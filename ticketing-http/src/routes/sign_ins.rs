//! At which browsers and programs one is signed in.

use crate::App;
use crate::auth::Caller;
use crate::openapi::{parameter, view};
use crate::path::One;
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::SessionId;

/// Lists your own sign-ins that are live, newest first.
#[utoipa::path(
    get,
    path = "/api/auth/sessions",
    operation_id = "list_sessions",
    params(parameter::Place),
    responses((status = 200, body = view::Page<view::SignIn>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Caller, mut query: Query) -> Result<Response, Problem> {
    let before = query.place(&app.cursors, "cursor").map(|place| SessionId(place.id));
    let limit = query.limit();
    query.finish()?;
    let page = app.desk.sign_ins(caller.call(), before, limit).await?;
    reply::page(&app, &query, &page)
}

/// Ends one of your own sign-ins.
///
/// Its refresh token is no good any more, and its live connections end. An access token of it is good for the minutes that
/// it has left.
#[utoipa::path(
    delete,
    path = "/api/auth/sessions/{id}",
    operation_id = "end_session",
    params(parameter::ById),
    responses((status = 204)),
)]
pub(crate) async fn end(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(id): One<SessionId>,
) -> Result<Response, Problem> {
    app.desk.end_sign_in(caller.call(), id).await?;
    Ok(reply::done())
}
