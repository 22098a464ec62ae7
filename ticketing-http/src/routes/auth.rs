//! Signing in and out, signing up, and one's own profile.

use super::session;
use crate::App;
use crate::auth::{Anyone, Caller, Visitor};
use crate::etag::{Change, IfNoneMatch};
use crate::json::{self, Given, OptionalJson};
use crate::openapi::{body, parameter, view};
use crate::path::Base;
use crate::problem::Problem;
use crate::reply;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use ticketing_core::desk::{MePatch, Register, SignIn, SignedIn};
use ticketing_core::input::{Fields, Input, Problems};
use ticketing_core::model::User;

/// What signing in answers.
#[derive(Serialize)]
struct Session<'a> {
    token: String,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    user: &'a User,
}

/// The body of a sign-in.
pub(crate) struct Login {
    sign_in: SignIn,
    cookie: bool,
}

impl Input for Login {
    fn read(fields: &mut Fields) -> Self {
        let cookie = fields.flag("cookie").into_option().unwrap_or_default();
        Self { sign_in: SignIn::read(fields), cookie }
    }

    fn check(&self, problems: &mut Problems) {
        self.sign_in.check(problems);
    }
}

/// The body of a refresh or a sign-out.
pub(crate) struct Renewal {
    token: Option<String>,
}

impl Input for Renewal {
    fn read(fields: &mut Fields) -> Self {
        Self { token: fields.text("refresh_token").into_option() }
    }

    fn check(&self, problems: &mut Problems) {
        if self.token.as_ref().is_some_and(String::is_empty) {
            problems.add("refresh_token", "required", "May not be empty.");
        }
    }
}

/// Signs in.
#[utoipa::path(
    post,
    path = "/api/auth/login",
    operation_id = "sign_in",
    request_body = body::Login,
    responses((status = 200, body = view::Session)),
    security(()),
)]
pub(crate) async fn login(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Base(base): Base,
    Given(input): Given<Login>,
) -> Result<Response, Problem> {
    let signed_in = app.desk.sign_in(visitor.call(), input.sign_in).await?;
    answer(&app, &base, &signed_in, input.cookie)
}

/// Renews a sign-in.
///
/// A refresh token is good once: its second use ends the sign-in.
#[utoipa::path(
    post,
    path = "/api/auth/refresh",
    operation_id = "refresh_session",
    request_body = Option<body::Renewal>,
    responses((status = 200, body = view::Session)),
    security(("cookie" = []), ("bearer" = []), ()),
)]
pub(crate) async fn refresh(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Base(base): Base,
    headers: HeaderMap,
    OptionalJson(body): OptionalJson,
) -> Result<Response, Problem> {
    let (token, from_cookie) = refresh_token(&app, &headers, body)?;
    let Some(token) = token else { return Err(Problem::bad_credentials("No refresh token was sent.")) };
    let signed_in = app.desk.refresh_session(visitor.call(), &token).await?;
    answer(&app, &base, &signed_in, from_cookie)
}

/// The refresh token of the body, or else of the cookie, and whether it is the cookie's.
fn refresh_token(app: &App, headers: &HeaderMap, body: Option<Value>) -> Result<(Option<String>, bool), Problem> {
    let named = match body {
        Some(body) => json::input::<Renewal>(body)?.token,
        None => None,
    };
    if named.is_some() {
        return Ok((named, false));
    }
    let held = session::token(headers);
    if held.is_some() {
        session::check_origin(app, headers)?;
    }
    Ok((held.map(str::to_owned), held.is_some()))
}

fn answer(app: &App, base: &str, signed_in: &SignedIn, as_cookie: bool) -> Result<Response, Problem> {
    let now = app.desk.now();
    let session = Session {
        token: app.tokens.issue(&signed_in.user, signed_in.session_id, now)?,
        token_type: "Bearer",
        expires_in: app.tokens.expires_in(),
        refresh_token: (!as_cookie).then_some(&signed_in.refresh_token),
        user: &signed_in.user,
    };
    let mut response = json::reply(StatusCode::OK, &session)?;
    if as_cookie {
        let seconds = (signed_in.refresh_expires_at - now).num_seconds();
        let cookie = session::cookie(app, base, &signed_in.refresh_token, seconds)?;
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Ends a sign-in.
///
/// It is named by the refresh token of the body or the cookie, else by the access token.
#[utoipa::path(
    post,
    path = "/api/auth/logout",
    operation_id = "sign_out",
    request_body = Option<body::Renewal>,
    responses((status = 204)),
    security(("cookie" = []), ("bearer" = []), ()),
)]
pub(crate) async fn logout(
    State(app): State<Arc<App>>,
    anyone: Anyone,
    Base(base): Base,
    headers: HeaderMap,
    OptionalJson(body): OptionalJson,
) -> Result<Response, Problem> {
    let (token, from_cookie) = refresh_token(&app, &headers, body)?;
    if token.is_none()
        && let Some(refusal) = anyone.refusal
    {
        return Err(refusal);
    }
    app.desk.sign_out(&anyone.call, token.as_deref()).await?;
    let mut response = reply::done();
    if from_cookie {
        response.headers_mut().insert(header::SET_COOKIE, session::cookie(&app, &base, "", 0)?);
    }
    Ok(response)
}

/// Ends all your sign-ins.
#[utoipa::path(post, path = "/api/auth/logout-all", operation_id = "sign_out_everywhere", responses((status = 204)))]
pub(crate) async fn logout_all(
    State(app): State<Arc<App>>,
    caller: Caller,
    Base(base): Base,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    app.desk.sign_out_everywhere(caller.call()).await?;
    let mut response = reply::done();
    if session::token(&headers).is_some() {
        response.headers_mut().insert(header::SET_COOKIE, session::cookie(&app, &base, "", 0)?);
    }
    Ok(response)
}

/// Signs up as a customer.
#[utoipa::path(
    post,
    path = "/api/auth/register",
    operation_id = "register",
    request_body = body::Register,
    responses((status = 201, body = view::User)),
    security(()),
)]
pub(crate) async fn register(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Base(base): Base,
    Given(input): Given<Register>,
) -> Result<Response, Problem> {
    let user = app.desk.register(visitor.call(), input).await?;
    reply::created(&user, Some(user.version), &format!("{base}/api/users/{}", user.id))
}

/// Shows you yourself.
#[utoipa::path(
    get,
    path = "/api/auth/me",
    operation_id = "show_me",
    params(parameter::IfNoneMatch),
    responses((status = 200, body = view::User)),
)]
pub(crate) async fn me(State(app): State<Arc<App>>, caller: Caller, held: IfNoneMatch) -> Result<Response, Problem> {
    let user = app.desk.me(caller.call()).await?;
    reply::fresh_resource(&held, &user, user.version)
}

/// Changes your own profile or password.
#[utoipa::path(
    patch,
    path = "/api/auth/me",
    operation_id = "update_me",
    params(parameter::IfMatch),
    request_body = body::MePatch,
    responses((status = 200, body = view::User)),
)]
pub(crate) async fn update_me(
    State(app): State<Arc<App>>,
    caller: Caller,
    change: Change<MePatch>,
) -> Result<Response, Problem> {
    let user = change.apply(|input, expected| app.desk.update_me(caller.call(), input, expected)).await?;
    reply::resource(&user, user.version)
}
