//! The refresh token as a cookie that no script can read.

use crate::App;
use crate::problem::Problem;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use ticketing_core::Error;

const NAME: &str = "ticketing_refresh";

/// The refresh token in the request's cookie.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == NAME && !value.is_empty()).then_some(value))
}

/// Refuses a cookie that another site's page made the browser send: a second lock beside
/// `SameSite=Strict`.
pub(crate) fn check_origin(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    for origin in headers.get_all(header::ORIGIN) {
        if !app.site.is_own(origin, headers) && !app.cors.names(origin) {
            let detail = "Pages of this origin may not use the sign-in cookie.";
            return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
        }
    }
    Ok(())
}

/// Sets the cookie for this many seconds; zero takes it away.
pub(crate) fn cookie(app: &App, base: &str, token: &str, seconds: i64) -> Result<HeaderValue, Problem> {
    let secure = if app.site.secure { "; Secure" } else { "" };
    // Characters that would end the attribute can't come from a path that was matched, but from
    // APP_URL they might.
    let path: String = base.chars().filter(|c| c.is_ascii_graphic() && *c != ';').collect();
    let text =
        format!("{NAME}={token}; Path={path}/api/auth; Max-Age={}; HttpOnly; SameSite=Strict{secure}", seconds.max(0));
    HeaderValue::from_str(&text).map_err(|e| Error::Internal(Box::new(e)).into())
}
