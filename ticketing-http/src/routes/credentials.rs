//! Passwords that are set by a link.

use crate::App;
use crate::auth::Visitor;
use crate::json::{self, JsonBody};
use crate::path::Base;
use crate::problem::Problem;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::{Forgotten, PasswordReset, Setup};

pub(crate) async fn forgot(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let input: Forgotten = json::input(body)?;
    app.desk.forgot_password(visitor.call(), input).await?;
    Ok(json::empty(StatusCode::ACCEPTED))
}

pub(crate) async fn reset(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let input: PasswordReset = json::input(body)?;
    app.desk.reset_password(visitor.call(), input).await?;
    Ok(reply::done())
}

pub(crate) async fn set_up(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Base(base): Base,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let input: Setup = json::input(body)?;
    let user = app.desk.set_up(visitor.call(), input).await?;
    reply::created(&user, Some(user.version), &format!("{base}/api/users/{}", user.id))
}
