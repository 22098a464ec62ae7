//! What stands in place of the web console in a program that was built without it: the page that says so.

use crate::App;
use crate::page;
use crate::path::Base;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The page at the root, and nothing else.
pub(crate) async fn answer(app: State<Arc<App>>, base: Base, asked: &Parts) -> Response {
    let is_read = asked.method == Method::GET || asked.method == Method::HEAD;
    if is_read && asked.uri.path() == "/" { page::show(app, base).await } else { StatusCode::NOT_FOUND.into_response() }
}
