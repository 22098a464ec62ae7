//! Which pages of other origins may call the API, and the answer to a browser that asks first.

use crate::path::origin;
use axum::http::{HeaderMap, HeaderValue, Method, header};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const HEADERS: HeaderValue =
    HeaderValue::from_static("authorization, content-type, if-match, if-none-match, idempotency-key, x-request-id");
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "etag, location, x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, link, \
     idempotency-replayed",
);
const TRUE: HeaderValue = HeaderValue::from_static("true");
/// How long a browser may remember the answer, in seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// The origins that may call.
#[derive(Debug)]
pub(crate) struct Cors {
    origins: Vec<String>,
    any: bool,
}

impl Cors {
    pub(crate) fn new(origins: &[String]) -> Self {
        let any = origins.iter().any(|text| text.trim() == "*");
        Self { origins: origins.iter().map(|text| origin(text)).filter(|o| o != "*" && !o.is_empty()).collect(), any }
    }

    /// Whether pages of this origin are named, so that they may also use cookies.
    pub(crate) fn names(&self, value: &HeaderValue) -> bool {
        value.to_str().is_ok_and(|text| self.origins.iter().any(|known| known == text))
    }

    /// Whether pages of this origin may call at all.
    pub(crate) fn allows(&self, value: &HeaderValue) -> bool {
        self.any || self.names(value)
    }

    /// Whether the request is a browser's question before the real request.
    pub(crate) fn is_preflight(&self, method: &Method, headers: &HeaderMap) -> bool {
        method == Method::OPTIONS
            && (self.any || !self.origins.is_empty())
            && headers.contains_key(header::ORIGIN)
            && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// Adds what a browser wants to know to an answer.
    pub(crate) fn decorate(&self, origin: Option<&HeaderValue>, preflight: bool, answer: &mut HeaderMap) {
        if !self.any && self.origins.is_empty() {
            return;
        }
        answer.append(header::VARY, HeaderValue::from_static("origin"));
        let Some(origin) = origin else { return };
        if self.names(origin) {
            answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            answer.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        } else if self.any {
            answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        } else {
            return;
        }
        if preflight {
            answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
            answer.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        } else {
            answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }
}
