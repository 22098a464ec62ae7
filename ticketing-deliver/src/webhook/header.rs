//! The headers of a call.

use super::signature;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use ticketing_core::port::{WebhookAnswer, WebhookError, WebhookRequest};

/// What the desk calls itself.
const AGENT: &str = concat!("ticketing/", env!("CARGO_PKG_VERSION"));

const EVENT: HeaderName = HeaderName::from_static("x-webhook-event");
const DELIVERY: HeaderName = HeaderName::from_static("x-webhook-delivery");
const BODY_SIGNATURE: HeaderName = HeaderName::from_static("x-webhook-signature");
const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// All headers but those that the connection adds (`Host`, `Content-Length`). Values that are nobody's to read are marked
/// as such.
pub(super) fn of(request: &WebhookRequest) -> Result<HeaderMap, WebhookError> {
    let timestamp = request.at.timestamp();
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    headers.insert(EVENT, value(&EVENT, &request.event)?);
    headers.insert(DELIVERY, value(&DELIVERY, &request.id)?);
    headers.insert(ID, value(&ID, &request.id)?);
    headers.insert(TIMESTAMP, HeaderValue::from(timestamp));
    sign(&mut headers, request, timestamp)?;
    for (name, text) in &request.headers {
        add(&mut headers, name, text)?;
    }
    Ok(headers)
}

/// One signature for each secret: an endpoint that still knows the older one, or already the newer one, finds its own.
fn sign(headers: &mut HeaderMap, request: &WebhookRequest, timestamp: i64) -> Result<(), WebhookError> {
    // A key that anybody can guess would look like a proof.
    if request.secrets.iter().any(String::is_empty) {
        return Err(WebhookError::Invalid("a secret is empty".to_owned()));
    }
    let Some(newest) = request.secrets.first() else { return Ok(()) };
    let each = request.secrets.iter().map(|secret| signature::standard(secret, &request.id, timestamp, &request.body));
    let all = each.collect::<Vec<_>>().join(" ");
    headers.insert(SIGNATURE, hidden(&SIGNATURE, &all)?);
    headers.insert(BODY_SIGNATURE, hidden(&BODY_SIGNATURE, &signature::of_body(newest, &request.body))?);
    Ok(())
}

/// Adds a header of the webhook's own. One that is the sender's is left out: it was refused when it was saved, and a call
/// without it is better than none.
fn add(headers: &mut HeaderMap, name: &str, text: &str) -> Result<(), WebhookError> {
    let parsed = name.parse::<HeaderName>().map_err(|_| WebhookError::Invalid("a header has no name".to_owned()))?;
    if !WebhookRequest::may_set_header(name) {
        tracing::debug!(header = %parsed, "a webhook's header is the sender's own and was left out");
        return Ok(());
    }
    let value = hidden(&parsed, text)?;
    let added = headers.try_append(parsed, value);
    added.map(drop).map_err(|_| WebhookError::Invalid("there are too many headers".to_owned()))
}

fn value(name: &HeaderName, text: &str) -> Result<HeaderValue, WebhookError> {
    HeaderValue::from_str(text).map_err(|_| WebhookError::Invalid(format!("the value of the header {name}")))
}

fn hidden(name: &HeaderName, text: &str) -> Result<HeaderValue, WebhookError> {
    let mut value = value(name, text)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The headers as the log of deliveries may show them.
pub(super) fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| match value.to_str() {
        Ok(text) if !value.is_sensitive() => text.to_owned(),
        _ => WebhookAnswer::HIDDEN.to_owned(),
    };
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}
