//! Passwords that are set by a link.

use crate::App;
use crate::auth::Visitor;
use crate::json::{self, Given};
use crate::openapi::{body, view};
use crate::path::Base;
use crate::problem::Problem;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::{Forgotten, PasswordReset, Setup};

/// Asks for a link that sets a new password.
///
/// The answer is the same whether anybody has the address or not.
#[utoipa::path(
    post,
    path = "/api/auth/password/forgot",
    operation_id = "forgot_password",
    request_body = body::Forgotten,
    responses((status = 202)),
    security(()),
)]
pub(crate) async fn forgot(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Given(input): Given<Forgotten>,
) -> Result<Response, Problem> {
    app.desk.forgot_password(visitor.call(), input).await?;
    Ok(json::empty(StatusCode::ACCEPTED))
}

/// Sets a password by a link.
///
/// Ends every sign-in of the person.
#[utoipa::path(
    post,
    path = "/api/auth/password/reset",
    operation_id = "reset_password",
    request_body = body::PasswordReset,
    responses((status = 204)),
    security(()),
)]
pub(crate) async fn reset(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Given(input): Given<PasswordReset>,
) -> Result<Response, Problem> {
    app.desk.reset_password(visitor.call(), input).await?;
    Ok(reply::done())
}

/// Makes the first administrator.
#[utoipa::path(
    post,
    path = "/api/auth/setup",
    operation_id = "set_up",
    request_body = body::Setup,
    responses((status = 201, body = view::User)),
    security(()),
)]
pub(crate) async fn set_up(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Base(base): Base,
    Given(input): Given<Setup>,
) -> Result<Response, Problem> {
    let user = app.desk.set_up(visitor.call(), input).await?;
    reply::created(&user, Some(user.version), &format!("{base}/api/users/{}", user.id))
}
