//! The description as a document, and as a page for people, shipped with the program.

use super::openapi;
use crate::json;
use crate::path::Base;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::RawPathParams;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::{Arc, LazyLock};
use ticketing_core::Error;
use utoipa_swagger_ui::Config;

/// The page's own files run and nothing else; its styles are partly set by its scripts.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    // From /docs/, wherever that is nested.
    Arc::new(Config::from("../api/openapi.json").use_base_layout().persist_authorization(false))
});

/// The description, its paths starting where this router is nested.
pub(crate) async fn document(Base(base): Base) -> Result<Response, Problem> {
    if base.is_empty() {
        return json::reply(StatusCode::OK, openapi());
    }
    let mut description = openapi().clone();
    description["servers"] = json!([{ "url": base }]);
    json::reply(StatusCode::OK, &description)
}

/// The page's files are named from where it is, so it is a folder.
pub(crate) async fn enter() -> Response {
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, "docs/")]).into_response()
}

pub(crate) async fn show() -> Result<Response, Problem> {
    answer("index.html")
}

pub(crate) async fn file(parameters: RawPathParams) -> Result<Response, Problem> {
    answer(parameters.iter().last().map_or("", |(_, name)| name))
}

fn answer(name: &str) -> Result<Response, Problem> {
    let found =
        utoipa_swagger_ui::serve(name, Arc::clone(&CONFIG)).map_err(|e| Error::Internal(e.to_string().into()))?;
    let file = found.ok_or(Error::NotFound("page"))?;
    let mut response = Response::new(Body::from(file.bytes.into_owned()));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_str(&file.content_type).map_err(|e| Error::Internal(Box::new(e)))?;
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=3600"));
    Ok(response)
}
