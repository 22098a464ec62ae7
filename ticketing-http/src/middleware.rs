//! The one layer around every route: request id, limits, and what every answer has in common.
//!
//! It is one layer and not eight, because each layer of a router costs a request several
//! allocations.

use crate::App;
use crate::compress;
use crate::json;
use crate::limit::{self, Standing};
use crate::live;
use crate::problem::Problem;
use crate::query::decode;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const DENY: HeaderValue = HeaderValue::from_static("DENY");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
const NOTHING_RUNS: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// Two years, as browsers want it for good.
const STRICT_TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// The name of a request in answers, logs and the audit log.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// What the client or a proxy before us calls it; a new id where that is long, or has characters
    /// that mean something in a log, a page or a shell.
    fn of(app: &App, headers: &HeaderMap) -> Self {
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:/+=,;@".contains(byte);
        if let Some(given) = headers.get(REQUEST_ID)
            && (1..=128).contains(&given.len())
            && given.as_bytes().iter().all(is_plain)
        {
            return Self(given.clone());
        }
        let mut text = uuid::Uuid::encode_buffer();
        let text = app.desk.ids().uuid(app.desk.now()).hyphenated().encode_lower(&mut text);
        // Hexadecimal digits are always a header value.
        Self(HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unknown")))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// What has to be known of a request once its answer is there.
struct Asked {
    id: RequestId,
    method: Method,
    origin: Option<HeaderValue>,
    is_preflight: bool,
    is_api: bool,
    gzip: bool,
}

pub(crate) async fn around(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let _in_flight = app.metrics.begin();
    let route = app.metrics.route(request.extensions());
    let (headers, path) = (request.headers(), request.uri().path());
    let asked = Asked {
        id: RequestId::of(&app, headers),
        method: request.method().clone(),
        origin: headers.get(header::ORIGIN).cloned(),
        is_preflight: app.cors.is_preflight(request.method(), headers),
        is_api: path.starts_with("/api/"),
        // What signs people in is not compressed: its length would tell of secrets in it.
        gzip: !path.starts_with("/api/auth/") && !live::is_socket(path) && compress::takes(headers, "gzip"),
    };
    request.extensions_mut().insert(asked.id.clone());
    let span = tracing::info_span!(
        "request",
        request_id = asked.id.as_str(),
        method = asked.method.as_str(),
        route = app.metrics.name(route),
    );
    let answer = async {
        let answer = if asked.is_preflight {
            json::empty(StatusCode::NO_CONTENT)
        } else {
            run(&app, app.metrics.name(route), request, next).await
        };
        let answer = finish(&app, &asked, answer).await;
        let took = start.elapsed();
        app.metrics.record(route, &asked.method, answer.status(), took);
        tracing::debug!(status = answer.status().as_u16(), micros = took.as_micros(), "answered");
        answer
    };
    answer.instrument(span).await
}

/// Runs the handler, unless the request can't be read or there is too much to do.
async fn run(app: &Arc<App>, route: &str, request: Request, next: Next) -> Response {
    let uri = request.uri();
    if !is_readable(uri.path()) || !uri.query().is_none_or(is_readable) {
        return Problem::malformed("The address is not percent-encoded UTF-8.").into_response();
    }
    if live::is_socket(uri.path()) {
        // It waits for as long as nothing happens, and has bounds of its own.
        return next.run(request).await;
    }
    let is_probe = matches!(uri.path(), "/healthz" | "/readyz" | "/metrics");
    let permit = app.permits.as_ref().filter(|_| !is_probe).map(Semaphore::try_acquire);
    if matches!(permit, Some(Err(_))) {
        let detail = "The desk has too much to do right now. Try again in a moment.";
        return Problem::unavailable("overloaded", detail).into_response();
    }
    let answer = AssertUnwindSafe(limit::run(app, route, request, next)).catch_unwind();
    match tokio::time::timeout(app.request_timeout, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_panic)) => {
            // The panic itself was reported by the process's hook; its text is not for clients.
            tracing::error!("a handler panicked");
            Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
        Err(_elapsed) => {
            tracing::warn!("a request ran out of time");
            Problem::unavailable("timeout", "The answer took too long. What was asked for may still happen.")
                .into_response()
        }
    }
}

/// Whether percent-encoding and the UTF-8 in it are whole; most addresses have neither.
fn is_readable(text: &str) -> bool {
    !text.contains('%') || decode(text).is_some()
}

async fn finish(app: &App, asked: &Asked, mut answer: Response) -> Response {
    let status = answer.status();
    let standing = answer.extensions_mut().remove::<Standing>();
    if status == StatusCode::METHOD_NOT_ALLOWED && asked.method == Method::OPTIONS {
        // The router adds the list of methods by itself.
        answer = json::empty(StatusCode::NO_CONTENT);
    } else if let Some(problem) = answer.extensions_mut().remove::<Problem>() {
        answer = problem.write(asked.id.as_str());
    } else if status.is_client_error() || status.is_server_error() {
        answer = Problem::of_status(status).write(asked.id.as_str());
    }
    if asked.gzip && asked.method != Method::HEAD {
        answer = compress::gzip(answer).await;
    }
    let headers = answer.headers_mut();
    limit::tell(standing, headers);
    headers.insert(REQUEST_ID, asked.id.0.clone());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.entry(header::X_FRAME_OPTIONS).or_insert(DENY);
    headers.insert(header::REFERRER_POLICY, NO_REFERRER);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(NOTHING_RUNS);
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if asked.is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
    }
    if app.site.secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
    }
    app.cors.decorate(asked.origin.as_ref(), asked.is_preflight, headers);
    answer
}
