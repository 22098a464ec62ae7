//! JSON bodies: in, checked before anything looks at them; out, serialised once.

use crate::App;
use crate::problem::Problem;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::Error;
use ticketing_core::error::FieldError;
use ticketing_core::input::{Fields, Input, Problems};

/// How much of a body that is too large is read and thrown away, so that its sender sees the answer
/// instead of a broken connection.
const DRAINED: usize = 16 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(5);

/// The largest body about signing in, in bytes. Nobody need be signed in to send one, and none is
/// ever as long.
const SIGN_IN_LIMIT: usize = 16 * 1024;

/// A JSON body that must be there.
#[derive(Debug)]
pub(crate) struct JsonBody(pub(crate) Value);

/// A JSON body, or none.
#[derive(Debug)]
pub(crate) struct OptionalJson(pub(crate) Option<Value>);

impl FromRequest<Arc<App>> for OptionalJson {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        if body.is_end_stream() {
            return Ok(Self(None));
        }
        let media = check_media_type(&parts.headers, "application/json");
        // A body that claims to be something else may still turn out to be no body at all.
        let bytes = whole(app, &parts, body).await?;
        if bytes.is_empty() {
            return Ok(Self(None));
        }
        media?;
        parse(&bytes).map(|value| Self(Some(value)))
    }
}

impl FromRequest<Arc<App>> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        match OptionalJson::from_request(request, app).await?.0 {
            Some(value) => Ok(Self(value)),
            None => Err(Problem::malformed("This needs a JSON body.")),
        }
    }
}

/// What a JSON body asks for, or all that is wrong with it.
#[derive(Debug)]
pub(crate) struct Given<I>(pub(crate) I);

impl<I: Input> FromRequest<Arc<App>> for Given<I> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let JsonBody(body) = JsonBody::from_request(request, app).await?;
        Ok(Self(app.desk.read_input(body)?))
    }
}

/// That a request says nothing beside its address: no body, or an empty object.
#[derive(Debug)]
pub(crate) struct NoBody;

impl FromRequest<Arc<App>> for NoBody {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        if let Some(body) = OptionalJson::from_request(request, app).await?.0 {
            input::<Nothing>(body)?;
        }
        Ok(Self)
    }
}

/// A body that says nothing.
#[derive(Clone, Debug)]
pub(crate) struct Nothing;

impl Input for Nothing {
    fn read(_: &mut Fields) -> Self {
        Self
    }

    fn check(&self, _: &mut Problems) {}
}

/// The whole body, within its limit.
pub(crate) async fn whole(app: &App, parts: &Parts, body: Body) -> Result<Bytes, Problem> {
    whole_within(limit(app, parts), parts, body).await
}

/// The whole body, of so many bytes at most.
pub(crate) async fn whole_within(limit: usize, parts: &Parts, body: Body) -> Result<Bytes, Problem> {
    whole_told(limit, parts, body, |_| {}).await
}

/// The same; each piece of it is told as it comes.
pub(crate) async fn whole_told(
    limit: usize,
    parts: &Parts,
    body: Body,
    tell: impl FnMut(&[u8]),
) -> Result<Bytes, Problem> {
    let waits = parts.headers.contains_key(header::EXPECT);
    read(body, limit, !waits, tell).await
}

fn limit(app: &App, parts: &Parts) -> usize {
    if parts.uri.path().starts_with("/api/auth/") { app.body_limit.min(SIGN_IN_LIMIT) } else { app.body_limit }
}

/// This type in UTF-8, not compressed.
pub(crate) fn check_media_type(headers: &HeaderMap, wanted: &str) -> Result<(), Problem> {
    let refuse =
        |detail: String| Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
    if headers.get(header::CONTENT_ENCODING).is_some_and(|v| !v.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return refuse("Bodies may not be compressed.".to_owned());
    }
    let text = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut parts = text.split(';');
    if !parts.next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted) {
        return refuse(format!("The body must be {wanted}."));
    }
    for parameter in parts {
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("charset")
            && !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        {
            return refuse("The body must be UTF-8.".to_owned());
        }
    }
    Ok(())
}

async fn read(mut body: Body, limit: usize, drain: bool, mut tell: impl FnMut(&[u8])) -> Result<Bytes, Problem> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let mut kept = Bytes::new();
    // Most bodies come in one piece and are not copied.
    let mut pieces: Vec<u8> = Vec::new();
    let mut length = 0;
    while announced <= limit
        && let Some(frame) = body.frame().await
    {
        let frame = frame.map_err(|_| Problem::malformed("The body broke off."))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > limit {
            break;
        }
        tell(&data);
        if length == data.len() {
            kept = data;
        } else {
            if pieces.is_empty() {
                pieces = Vec::with_capacity(announced.max(length));
                pieces.extend_from_slice(&kept);
            }
            pieces.extend_from_slice(&data);
        }
    }
    if announced.max(length) <= limit {
        return Ok(if pieces.is_empty() { kept } else { pieces.into() });
    }
    if drain && announced <= DRAINED {
        let rest = async {
            while let Some(Ok(frame)) = body.frame().await {
                length += frame.into_data().map_or(0, |data| data.len());
                if length > DRAINED {
                    break;
                }
            }
        };
        // Whether it ended or not, the answer is the same.
        let _ = tokio::time::timeout(DRAIN_TIME, rest).await;
    }
    let detail = format!("The body may have at most {limit} bytes.");
    Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail))
}

fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Problem::malformed(match error.classify() {
            serde_json::error::Category::Eof => format!("The JSON body ends too early ({place})."),
            _ => format!("The body is not valid JSON in UTF-8 ({place})."),
        })
    })
}

/// Reads an input out of a body, with all its failures at once.
pub(crate) fn input<T: Input>(body: Value) -> Result<T, Error> {
    T::from_json(body)
}

/// Reads a body that may also say which `version` it is meant for.
pub(crate) fn versioned<T>(
    mut body: Value,
    read: impl FnOnce(Value) -> Result<T, Error>,
) -> Result<(T, Option<i64>), Error> {
    let version = match body.as_object_mut().and_then(|map| map.remove("version")) {
        None => Ok(None),
        Some(value) => {
            value.as_i64().map(Some).ok_or_else(|| FieldError::new("version", "type", "Must be a whole number."))
        }
    };
    match (read(body), version) {
        (Ok(input), Ok(version)) => Ok((input, version)),
        (Ok(_), Err(wrong)) => Err(Error::Invalid(vec![wrong])),
        (Err(Error::Invalid(mut errors)), Err(wrong)) => {
            errors.push(wrong);
            Err(Error::Invalid(errors))
        }
        (Err(error), _) => Err(error),
    }
}

/// An answer with a JSON body.
pub(crate) fn reply<T: Serialize + ?Sized>(status: StatusCode, value: &T) -> Result<Response, Problem> {
    // Most answers fit; a page grows it three times instead of eight.
    let mut body = Vec::with_capacity(4_096);
    serde_json::to_writer(&mut body, value).map_err(|e| Error::Internal(Box::new(e)))?;
    Ok(written(status, body))
}

/// An answer whose JSON is written already.
pub(crate) fn written(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
