//! Answers that several routes give: one resource, a new one, a page.

use crate::App;
use crate::etag::{self, IfNoneMatch};
use crate::json;
use crate::problem::Problem;
use crate::query::{Paged, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::future::Future;
use ticketing_core::Error;
use ticketing_core::query::{Page, Position};
use uuid::Uuid;

/// A resource with its version as entity tag.
pub(crate) fn resource<T: Serialize>(value: &T, version: i64) -> Result<Response, Problem> {
    let mut response = json::reply(StatusCode::OK, value)?;
    response.headers_mut().insert(header::ETAG, etag::tag(version));
    Ok(response)
}

/// A resource, or 304 where the client holds this version already.
pub(crate) fn fresh_resource<T: Serialize>(held: &IfNoneMatch, value: &T, version: i64) -> Result<Response, Problem> {
    if !held.holds(version) {
        return resource(value, version);
    }
    let mut response = json::empty(StatusCode::NOT_MODIFIED);
    response.headers_mut().insert(header::ETAG, etag::tag(version));
    Ok(response)
}

/// An answer that has no version, or 304 where the client holds the same already.
pub(crate) fn fresh_answer<T: Serialize>(held: &IfNoneMatch, value: &T) -> Result<Response, Problem> {
    let body = serde_json::to_vec(value).map_err(|e| Error::Internal(Box::new(e)))?;
    let digest = etag::digest(&body);
    let mut response =
        if held.holds(digest) { json::empty(StatusCode::NOT_MODIFIED) } else { json::written(StatusCode::OK, body) };
    response.headers_mut().insert(header::ETAG, etag::weak_tag(digest));
    Ok(response)
}

/// 201: a new resource and where it is.
pub(crate) fn created<T: Serialize>(value: &T, version: Option<i64>, location: &str) -> Result<Response, Problem> {
    let mut response = json::reply(StatusCode::CREATED, value)?;
    let headers = response.headers_mut();
    if let Some(version) = version {
        headers.insert(header::ETAG, etag::tag(version));
    }
    let location = HeaderValue::from_str(location).map_err(|e| Error::Internal(Box::new(e)))?;
    headers.insert(header::LOCATION, location);
    Ok(response)
}

/// 204: done, and nothing to say.
pub(crate) fn done() -> Response {
    json::empty(StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    items: &'a [T],
    next_cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    #[serde(flatten)]
    beside: BTreeMap<&'static str, Value>,
}

/// A page of a list, with the cursor of the next one.
pub(crate) fn page<T: Serialize>(app: &App, query: &Query, page: &Page<T>) -> Result<Response, Problem> {
    write_page(app, query, page, BTreeMap::new())
}

/// The same with something about the whole list beside it.
pub(crate) fn page_with<T: Serialize>(
    app: &App,
    query: &Query,
    page: &Page<T>,
    (name, beside): (&'static str, &impl Serialize),
) -> Result<Response, Problem> {
    let beside = serde_json::to_value(beside).map_err(|e| Error::Internal(Box::new(e)))?;
    write_page(app, query, page, BTreeMap::from([(name, beside)]))
}

fn write_page<T: Serialize>(
    app: &App,
    query: &Query,
    page: &Page<T>,
    beside: BTreeMap<&'static str, Value>,
) -> Result<Response, Problem> {
    let next_cursor = page.next.map(|place| app.cursors.encode(query.list(), place));
    // RFC 8288: relative to the address that was asked for, whatever proxies made of it.
    let link = next_cursor.as_ref().map(|cursor| format!("<{}>; rel=\"next\"", query.next(cursor)));
    let mut response =
        json::reply(StatusCode::OK, &Envelope { items: &page.items, next_cursor, total: page.total, beside })?;
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// A page that the desk gives, with the number of all rows where that was asked for.
pub(crate) async fn counted<T, F>(
    app: &App,
    paged: &Paged,
    mut found: Page<T>,
    count: impl FnOnce() -> F,
) -> Result<Response, Problem>
where
    T: Serialize,
    F: Future<Output = Result<u64, Error>>,
{
    if paged.count {
        found.total = Some(count().await?);
    }
    page(app, &paged.query, &found)
}

/// A page of a list that the desk gives whole, sorted by a key and an id of each.
pub(crate) fn page_of<T: Serialize>(
    app: &App,
    paged: &Paged,
    mut items: Vec<T>,
    key: impl Fn(&T) -> (i64, Uuid),
) -> Result<Response, Problem> {
    let total = paged.count.then_some(items.len() as u64);
    items.sort_by_key(&key);
    if let Some(after) = paged.after {
        items.retain(|item| key(item) > (after.key, after.id));
    }
    let more = items.len() > paged.limit;
    items.truncate(paged.limit);
    let next = items.last().filter(|_| more).map(&key).map(|(key, id)| Position::at(key, id));
    page(app, &paged.query, &Page { items, next, total })
}
