//! The web console: files that `npm run build` wrote, served below wherever this router is nested.

use crate::App;
use crate::page;
use crate::path::Base;
use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "console/dist/page"]
#[allow_missing = true]
struct Files;

const PAGE: &str = "index.html";
/// The page in which the HTML of a mail is shown.
const FRAME: &str = "frame.html";
/// What the build wrote, for the base to be put in its place.
const BASE: &str = "<base href=\"/\" />";
/// Names of these files change with their content.
const HASHED: &str = "assets/";

/// Own files run, and nothing that a text brings along does; nothing is loaded from elsewhere. The one style that is not in
/// a file is set by the library that the controls come from (what may be touched, `react-aria`).
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='; img-src 'self' data: blob:; font-src 'self'; \
     connect-src 'self'; frame-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
);
/// The frame has no origin, so it reaches nothing of the desk's. It shows the pictures that a mail brings along.
const FRAME_POLICY: HeaderValue = HeaderValue::from_static(
    "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox; default-src 'none'; script-src 'self'; \
     style-src 'self' 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
);
/// The same where somebody asked for pictures from elsewhere.
const PICTURES_POLICY: HeaderValue = HeaderValue::from_static(
    "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox; default-src 'none'; script-src 'self'; \
     style-src 'self' 'unsafe-inline'; img-src data: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
);
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const FRAMED_BY_US: HeaderValue = HeaderValue::from_static("SAMEORIGIN");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_FIRST: HeaderValue = HeaderValue::from_static("no-cache");

/// Paths below which programs ask: what is not there is not there, and no page.
const NO_PAGES: [&str; 6] = ["api", "docs", "socket.io", "healthz", "readyz", "metrics"];

/// The console's page or one of its files. Without a console in the program, the page that says so.
pub(crate) async fn answer(app: State<Arc<App>>, base: Base, asked: &Parts) -> Response {
    if asked.method != Method::GET && asked.method != Method::HEAD {
        return StatusCode::NOT_FOUND.into_response();
    }
    let path = asked.uri.path().trim_start_matches('/');
    let is_named = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if path != PAGE
        && is_named
        && let Some(answer) = file(path, asked)
    {
        return answer;
    }
    let first = path.split('/').next().unwrap_or_default();
    if path.starts_with(HASHED) || NO_PAGES.contains(&first) || !(path.is_empty() || wants_page(&asked.headers)) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Files::get(PAGE) {
        Some(found) => page(&found, &base),
        None if path.is_empty() => page::show(app, base).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whether somebody looks with a browser: any address may be a page of the console.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepts = |value: &HeaderValue| value.to_str().is_ok_and(|text| text.contains("text/html"));
    headers.get_all(header::ACCEPT).iter().any(accepts)
}

/// The page, which finds everything by where it is nested.
fn page(found: &EmbeddedFile, base: &Base) -> Response {
    let html = String::from_utf8_lossy(&found.data).replacen(
        BASE,
        &format!("<base href=\"{}/\" />", page::escape(&base.0)),
        1,
    );
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
    headers.insert(header::CACHE_CONTROL, ASK_FIRST);
    headers.insert(OPENER, SAME_ORIGIN);
    response
}

/// One of the console's files, packed as the browser takes it.
fn file(path: &str, asked: &Parts) -> Option<Response> {
    let kind = kind(path)?;
    let plain = Files::get(path)?;
    let is_frame = path == FRAME;
    let packed = if is_frame { None } else { packed(path, &asked.headers) };
    let tag = tag(&plain, packed.as_ref().map(|(coding, _)| *coding));
    let is_known = asked.headers.get(header::IF_NONE_MATCH).is_some_and(|held| held.as_bytes() == tag.as_bytes());
    let coding = packed.as_ref().map(|(coding, _)| *coding);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let data = packed.map_or(plain.data, |(_, file)| file.data);
        Response::new(match data {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        })
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, if path.starts_with(HASHED) { FOR_GOOD } else { ASK_FIRST });
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).ok()?);
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if is_frame {
        let wants_pictures = asked.uri.query().is_some_and(|query| query.split('&').any(|word| word == "images"));
        headers.insert(header::CONTENT_SECURITY_POLICY, if wants_pictures { PICTURES_POLICY } else { FRAME_POLICY });
        headers.insert(header::X_FRAME_OPTIONS, FRAMED_BY_US);
    } else if kind != "text/javascript" {
        // The frame is of no origin, and loads its script all the same.
        headers.insert(RESOURCE, SAME_ORIGIN);
    }
    Some(response)
}

/// What kind a file is; the build writes no others.
fn kind(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "js" => "text/javascript",
        "css" => "text/css",
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}

/// The smallest form of a file that the browser can read, if one was packed.
fn packed(path: &str, headers: &HeaderMap) -> Option<(&'static str, EmbeddedFile)> {
    let takes = |coding| crate::compress::takes(headers, coding);
    [("br", "br"), ("gzip", "gz")].into_iter().filter(|(coding, _)| takes(coding)).find_map(|(coding, end)| {
        let file = Files::get(&format!("{path}.{end}"))?;
        Some((coding, file))
    })
}

/// By what a browser knows that it has a file already.
fn tag(file: &EmbeddedFile, coding: Option<&str>) -> String {
    let mut tag = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..12] {
        // Writing to a string does not fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push_str(coding.unwrap_or_default());
    tag.push('"');
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_build_writes_is_served() {
        assert_eq!(kind("assets/index-1a.js"), Some("text/javascript"));
        assert_eq!(kind("assets/index-1a.js.br"), None);
        assert_eq!(kind("../Cargo.toml"), None);
        assert_eq!(kind("README"), None);
    }

    #[test]
    fn browsers_want_pages_and_programs_do_not() {
        let wants = |accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            wants_page(&headers)
        };
        assert!(wants("text/html,application/xhtml+xml,*/*;q=0.8"));
        assert!(!wants("*/*"));
        assert!(!wants("application/json"));
    }
}
