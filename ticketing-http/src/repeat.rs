//! Requests that may be sent again: any POST with an `Idempotency-Key` is done once.
//!
//! The key travels with the call to the desk, which keeps what it answers in the commit that does the
//! work. So there is no moment in which the one is there without the other, whoever dies when. A repetition is
//! told from what is kept; a twin that is on its way at the same time is refused by the store, and then
//! told too.

use crate::App;
use crate::auth;
use crate::client;
use crate::etag;
use crate::file::CALENDAR;
use crate::json;
use crate::path::Base;
use crate::problem::Problem;
use crate::scope;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use ticketing_core::Error;
use ticketing_core::model::{Answer, IdempotencyKey};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const LONGEST: usize = 255;

/// What telling an answer again takes.
pub(crate) struct Repeats {
    /// Digests have a key, because the bodies of sign-ins hold passwords: who steals the database can't
    /// try passwords on them.
    mac: Hmac<Sha256>,
    places: HashMap<&'static str, &'static str>,
}

impl Repeats {
    /// `places` are the routes that make something, each with the path of what it makes.
    pub(crate) fn new(secret: &[u8], places: Vec<(&'static str, &'static str)>) -> Self {
        let key = Sha256::new_with_prefix(b"ticketing idempotency key\0").chain_update(secret).finalize();
        // HMAC takes a key of any length, so this can't fail.
        #[allow(clippy::expect_used)]
        let mac = Hmac::new_from_slice(&key).expect("any key length fits");
        Self { mac, places: places.into_iter().collect() }
    }

    /// Tells requests apart. Each part has its length before it, so that no two requests look alike.
    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.mac.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// Runs the handler, or tells again what it answered before.
pub(crate) async fn run(app: &Arc<App>, route: &str, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    once(app, route, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn once(app: &Arc<App>, route: &str, request: Request, next: Next) -> Result<Response, Problem> {
    let key = key(request.headers())?;
    let (mut parts, body) = request.into_parts();
    let Some(owner) = owner(app, &mut parts).await? else {
        // Nobody is signed in and it takes somebody: the handler says so, before anything is read.
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let (body, digest) = digest(app, &parts, body).await?;
    let key = Arc::new(IdempotencyKey { owner, route: route.to_owned(), key, digest });
    let Ok(Base(base)) = Base::from_request_parts(&mut parts, app).await;
    if let Some(kept) = app.desk.answer(&key).await? {
        return tell(app, route, &base, &key, kept);
    }
    parts.extensions.insert(Arc::clone(&key));
    let answer = next.run(Request::from_parts(parts, body)).await;
    // A twin that was faster may be why this one failed, whatever it failed for.
    if answer.status().is_client_error()
        && let Some(kept) = app.desk.answer(&key).await?
    {
        return tell(app, route, &base, &key, kept);
    }
    Ok(answer)
}

/// The key, bare or as a quoted string.
fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut values = headers.get_all(KEY).iter();
    let read = values.next().filter(|_| values.next().is_none()).and_then(|value| value.to_str().ok());
    let text = read.map(str::trim).and_then(|text| match text.strip_prefix('"') {
        Some(rest) => unquoted(rest.strip_suffix('"')?),
        None => Some(text.to_owned()),
    });
    let fits = |text: &String| (1..=LONGEST).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    text.filter(fits).ok_or_else(|| {
        Problem::malformed("Idempotency-Key must be one key of 1 to 255 visible ASCII characters, bare or in quotes.")
    })
}

/// What stands between the quotes; a backslash stands before a quote or another backslash.
fn unquoted(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.push(characters.next().filter(|c| matches!(c, '"' | '\\'))?),
            '"' => return None,
            other => plain.push(other),
        }
    }
    Some(plain)
}

/// Whose key it is: the one who is signed in, or, where people sign in and up, the client's address.
async fn owner(app: &App, parts: &mut Parts) -> Result<Option<String>, Problem> {
    if let Some(actor) = auth::recognise(parts, app).await? {
        // A key that may not ask for something is not told what was answered to one that may.
        scope::check(&actor, &parts.method, parts.uri.path())?;
        return Ok(Some(actor.user_id().map_or_else(|| "system".to_owned(), |id| format!("person {id}"))));
    }
    let ip = client::ip(parts, &app.trusted_proxies).map(|ip| ip.to_string());
    let address = format!("address {}", ip.unwrap_or_default());
    Ok(parts.uri.path().starts_with("/api/auth/").then_some(address))
}

/// The digest of a request. A body of JSON or a calendar is part of it; any other may be long and is known by its
/// length alone.
async fn digest(app: &App, parts: &Parts, body: Body) -> Result<(Body, [u8; 32]), Problem> {
    let uri = parts.uri.path_and_query().map_or("", |target| target.as_str()).as_bytes();
    let field = |name: HeaderName| parts.headers.get(name).map_or(&b""[..], HeaderValue::as_bytes);
    let kind = field(header::CONTENT_TYPE).to_ascii_lowercase();
    let is_short = kind.starts_with(b"application/json") || kind.starts_with(CALENDAR.as_bytes());
    if !is_short && !kind.is_empty() {
        return Ok((body, app.repeats.digest(&[b"POST", uri, b"length", field(header::CONTENT_LENGTH)])));
    }
    let bytes = json::whole(app, parts, body).await?;
    let digest = app.repeats.digest(&[b"POST", uri, b"body", &bytes]);
    Ok((Body::from(bytes), digest))
}

/// The answer that was given, with all that the route says beside it.
fn tell(app: &App, route: &str, base: &str, asked: &IdempotencyKey, kept: Answer) -> Result<Response, Problem> {
    if kept.key.digest != asked.digest {
        let message = "Was used for another request within the last 24 hours.";
        return Err(Error::field("Idempotency-Key", "reused", message).into());
    }
    let Some(output) = kept.output else {
        let detail = "This was done before. Its answer held a secret and is not told twice.";
        return Err(Problem::new(StatusCode::CONFLICT, "not_repeatable", detail));
    };
    let value: Value = serde_json::from_str(&output).map_err(|e| Error::Internal(Box::new(e)))?;
    let mut response = json::written(StatusCode::OK, output.into_bytes());
    if let Some(template) = app.repeats.places.get(route) {
        *response.status_mut() = StatusCode::CREATED;
        let place = HeaderValue::from_str(&format!("{base}{}", filled(template, &value)));
        response.headers_mut().insert(header::LOCATION, place.map_err(|e| Error::Internal(Box::new(e)))?);
    }
    if let Some(version) = value["version"].as_i64() {
        response.headers_mut().insert(header::ETAG, etag::tag(version));
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// The path with each `{field}` replaced by that field of the value.
fn filled(template: &str, value: &Value) -> String {
    let mut pieces = template.split(['{', '}']);
    let mut path = pieces.next().unwrap_or_default().to_owned();
    while let (Some(field), after) = (pieces.next(), pieces.next()) {
        path.push_str(value[field].as_str().unwrap_or_default());
        path.push_str(after.unwrap_or_default());
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(KEY, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        key(&headers).ok()
    }

    #[test]
    fn a_key_is_bare_or_quoted() {
        assert_eq!(read(&["abc-1"]).as_deref(), Some("abc-1"));
        assert_eq!(read(&["\"abc-1\""]).as_deref(), Some("abc-1"));
        assert_eq!(read(&["\"a\\\"b\\\\\""]).as_deref(), Some("a\"b\\"));
        assert_eq!(read(&[&"k".repeat(255)]).map(|key| key.len()), Some(255));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let long = "k".repeat(256);
        for bad in ["", "\"\"", "\"", "\"abc", "\"a\"b\"", "\"a\\n\"", "a b", "\"a b\"", "schlüssel", &long] {
            assert_eq!(read(&[bad]), None, "{bad}");
        }
        assert_eq!(read(&["a", "b"]), None);
    }

    #[test]
    fn a_place_is_filled_in() {
        let value = serde_json::json!({"team_id": "t", "user_id": "u"});
        assert_eq!(filled("/api/teams/{team_id}/members/{user_id}", &value), "/api/teams/t/members/u");
        assert_eq!(filled("/api/all", &value), "/api/all");
    }

    #[test]
    fn no_two_requests_have_one_digest() {
        let repeats = Repeats::new(b"secret", Vec::new());
        assert_eq!(repeats.digest(&[b"a", b"bc"]), repeats.digest(&[b"a", b"bc"]));
        assert_ne!(repeats.digest(&[b"a", b"bc"]), repeats.digest(&[b"ab", b"c"]));
        assert_ne!(repeats.digest(&[b"a"]), Repeats::new(b"other", Vec::new()).digest(&[b"a"]));
    }

    /// A POST that nobody thought of would be told again without its status and place.
    #[tokio::test]
    async fn every_post_is_tried_twice_in_the_tests() {
        let desk = ticketing_core::Desk::builder()
            .store(Arc::new(ticketing_core::memory::MemoryStore::new()))
            .build()
            .unwrap();
        let app = crate::router(desk, crate::HttpOptions::default());
        let tried = include_str!("../tests/http/repeat.rs");
        let mut posts = 0;
        // What sockets say is no request of the API.
        for path in crate::routes::all().paths().into_iter().filter(|path| !crate::live::is_socket(path)) {
            let target = path.replace(['{', '}'], "");
            let request = axum::http::Request::post(target).body(Body::empty()).unwrap();
            let answer = tower::ServiceExt::oneshot(app.clone(), request).await.unwrap();
            if answer.status() != StatusCode::METHOD_NOT_ALLOWED {
                assert!(tried.contains(&format!("\"{path}\"")), "tests/http/repeat.rs does not try POST {path}");
                posts += 1;
            }
        }
        assert!(posts > 10, "{posts} routes take a POST");
    }
}
