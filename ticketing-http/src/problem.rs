//! Failures on the wire: `application/problem+json` (RFC 9457), the same shape for every one.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::borrow::Cow;
use std::error::Error as _;
use std::fmt::Write as _;
use ticketing_core::{Error, FieldError};

/// A failure on its way to the client. The outermost layer writes its body, because only that knows
/// the request's id.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    current_version: Option<i64>,
    header: Option<(HeaderName, HeaderValue)>,
}

/// What clients read. `type` is a reference that never changes; docs/API.md lists them.
#[derive(Serialize)]
struct Document<'a> {
    r#type: &'a str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<i64>,
}

/// A failure of one of many things in an answer about all of them.
#[derive(Serialize)]
pub(crate) struct Brief {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: Cow<'static, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

impl Problem {
    /// The failure as a part of an answer.
    pub(crate) fn brief(self) -> Brief {
        let title = self.title();
        let Parts { status, code, detail, errors, .. } = *self.0;
        Brief { r#type: format!("/problems/{code}"), title, status: status.as_u16(), detail, errors }
    }

    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        let (errors, current_version, header) = (Vec::new(), None, None);
        Self(Box::new(Parts { status, code, detail: detail.into(), errors, current_version, header }))
    }

    /// The status it is answered with.
    pub(crate) fn status(&self) -> StatusCode {
        self.0.status
    }

    fn with_header(mut self, name: HeaderName, value: &'static str) -> Self {
        self.0.header = Some((name, HeaderValue::from_static(value)));
        self
    }

    /// The same, to be tried again after so many seconds.
    pub(crate) fn after(mut self, seconds: u64) -> Self {
        self.0.header = Some((header::RETRY_AFTER, HeaderValue::from(seconds)));
        self
    }

    fn with_version(mut self, current: i64) -> Self {
        self.0.current_version = Some(current);
        self
    }

    fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.0.errors = errors;
        self
    }

    /// 400: the request itself can't be read.
    pub(crate) fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// 401 without credentials.
    pub(crate) fn no_credentials() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "This needs an access token.")
            .with_header(header::WWW_AUTHENTICATE, "Bearer")
    }

    /// 401 with credentials that are no good.
    pub(crate) fn bad_credentials(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
            .with_header(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
    }

    /// 401: what a mail server sends does not prove that it comes from there.
    pub(crate) fn bad_signature(detail: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "bad_signature", detail)
            .with_header(header::WWW_AUTHENTICATE, "HMAC-SHA256 header=\"X-Inbound-Signature\"")
    }

    /// 503: in a moment there is an answer again.
    pub(crate) fn unavailable(code: &'static str, detail: &'static str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).with_header(header::RETRY_AFTER, "1")
    }

    /// 412: `If-Match` names another version than the stored one.
    pub(crate) fn stale_header(current: i64) -> Self {
        let detail = format!("If-Match does not name the stored version, which is {current}.");
        Self::new(StatusCode::PRECONDITION_FAILED, "stale_version", detail).with_version(current)
    }

    /// The problem of an answer that came without one, such as a router's own 404 and 405.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::new(status, "not_found", "There is nothing at this address."),
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new(status, "method_not_allowed", "This address does not take this method; see Allow.")
            }
            _ if status.is_server_error() => Self::new(status, "internal", "Something went wrong here."),
            _ => Self::new(status, "refused", "The request was refused."),
        }
    }

    fn title(&self) -> &'static str {
        match self.0.code {
            "invalid" => "Some fields can't be accepted",
            "malformed" => "The request can't be read",
            "unauthenticated" => "Not signed in",
            "bad_signature" => "Not signed, or not so",
            "forbidden" => "Not allowed",
            "scope" => "Not for this key",
            "not_found" => "Not found",
            "stale_version" => "It has changed meanwhile",
            "duplicate" => "It exists already",
            "repeated" | "not_repeatable" => "Done before",
            "unavailable" => "Temporarily unavailable",
            "outcome_unknown" => "Done or not done",
            "overloaded" => "Too much at once",
            "rate_limited" => "Too often",
            "timeout" => "It took too long",
            "not_set_up" => "Not set up",
            _ => self.0.status.canonical_reason().unwrap_or("Refused"),
        }
    }

    /// The answer, body and all.
    pub(crate) fn write(&self, request_id: &str) -> Response {
        let parts = &self.0;
        let document = Document {
            r#type: &format!("/problems/{}", parts.code),
            title: self.title(),
            status: parts.status.as_u16(),
            detail: &parts.detail,
            request_id,
            errors: &parts.errors,
            current_version: parts.current_version,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = parts.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some((name, value)) = &parts.header {
            headers.insert(name, value.clone());
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let code = error.code();
        match error {
            Error::Invalid(errors) => {
                let detail = match errors.len() {
                    1 => "One field can't be accepted.".into(),
                    n => Cow::Owned(format!("{n} fields can't be accepted.")),
                };
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail).with_errors(errors)
            }
            Error::Unauthenticated(detail) => Self::bad_credentials(detail),
            Error::Forbidden(detail) => Self::new(StatusCode::FORBIDDEN, code, detail),
            Error::NotFound(what) => {
                let detail = format!("There is no such {what}, or it is not for you to see.");
                Self::new(StatusCode::NOT_FOUND, code, detail)
            }
            Error::Conflict { detail, .. } => Self::new(StatusCode::CONFLICT, code, detail),
            Error::Stale { expected, current } => {
                let detail = format!("The version {expected} was named, the stored one is {current}.");
                Self::new(StatusCode::CONFLICT, code, detail).with_version(current)
            }
            Error::Unavailable(_) => {
                tracing::warn!(cause = causes(&error), "the store is unavailable");
                Self::unavailable(code, "The desk can't do this right now. Try again in a moment.")
            }
            Error::OutcomeUnknown(_) => {
                tracing::error!(cause = causes(&error), "the outcome of a commit is unknown");
                let detail = "The change may or may not have been made. Look whether it is there before you repeat it.";
                Self::unavailable(code, detail)
            }
            Error::Internal(_) => {
                tracing::error!(cause = causes(&error), "internal error");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, code, "Something went wrong here. It has been logged.")
            }
        }
    }
}

/// The error and what caused it, for the log.
fn causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        // Writing to a String can't fail.
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}
