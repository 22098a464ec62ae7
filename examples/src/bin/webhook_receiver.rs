//! Takes webhooks in, and believes only what the desk has signed: `docs/WEBHOOKS.md` says why each step is there.
//!
//! `WEBHOOK_SECRET=… cargo run -p ticketing-examples --bin webhook_receiver -- 8080`

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;
use tokio::net::TcpListener;

/// Bytes of a body.
const LONGEST: usize = 1024 * 1024;
/// How many seconds a call may be old, and how many the clocks may differ.
const TOLERANCE: u64 = 300;
/// How many calls and tickets are remembered.
const REMEMBERED: usize = 10_000;

/// The id of a call that comes from who knows the secret and is fresh, or why it is refused. `now` is in seconds since 1970.
fn verify<'a>(mac: &Hmac<Sha256>, headers: &'a HeaderMap, body: &[u8], now: u64) -> Result<&'a str, &'static str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).ok_or("not signed");
    let (id, timestamp, signatures) = (text("webhook-id")?, text("webhook-timestamp")?, text("webhook-signature")?);
    let mut mac = mac.clone();
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    let fits = |signature: &str| {
        let code = signature.strip_prefix("v1,").and_then(|text| STANDARD.decode(text).ok());
        // Compares in constant time.
        code.is_some_and(|code| mac.clone().verify_slice(&code).is_ok())
    };
    if !signatures.split(' ').any(fits) {
        return Err("no signature fits");
    }
    match timestamp.parse::<u64>() {
        Ok(at) if now.abs_diff(at) <= TOLERANCE => Ok(id),
        _ => Err("not of this moment"),
    }
}

/// What follows `whsec_` is the key in base64; any other secret is the key itself.
fn key(secret: &str) -> anyhow::Result<Vec<u8>> {
    match secret.strip_prefix("whsec_") {
        Some(text) => STANDARD_NO_PAD.decode(text.trim_end_matches('=')).context("WEBHOOK_SECRET is no base64"),
        None => Ok(secret.as_bytes().to_vec()),
    }
}

/// The newest entries; older ones make room.
struct Recent<V> {
    entries: HashMap<String, V>,
    order: VecDeque<String>,
}

impl<V> Recent<V> {
    fn new() -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new() }
    }

    fn remember(&mut self, key: &str, value: V) {
        if self.entries.insert(key.to_owned(), value).is_none() {
            self.order.push_back(key.to_owned());
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.entries.remove(&oldest);
        }
    }
}

/// What came before. A real receiver keeps this in its database, in the transaction of what it does about an event.
struct Known {
    calls: Recent<()>,
    versions: Recent<i64>,
}

impl Known {
    /// Does what there is to do about an event, once, and says what that was.
    fn take(&mut self, id: &str, event: &Value) -> String {
        if self.calls.entries.contains_key(id) {
            return format!("again {id}");
        }
        let ticket = &event["ticket"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (ticket_id, number) = (text(&ticket["id"]), text(&ticket["ticket_number"]));
        let version = ticket["version"].as_i64().unwrap_or_default();
        let said = if self.versions.entries.get(&ticket_id).is_some_and(|known| version < *known) {
            format!("stale {number} version {version}")
        } else {
            self.versions.remember(&ticket_id, version);
            format!("{} {number} version {version}", text(&event["event"]))
        };
        self.calls.remember(id, ());
        said
    }
}

struct Receiver {
    mac: Hmac<Sha256>,
    known: Mutex<Known>,
}

async fn receive(State(receiver): State<Arc<Receiver>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let id = match verify(&receiver.mac, &headers, &body, now) {
        Ok(id) => id,
        Err(why) => {
            println!("refused: {why}");
            return StatusCode::UNAUTHORIZED;
        }
    };
    let Ok(event) = serde_json::from_slice(&body) else { return StatusCode::BAD_REQUEST };
    println!("{}", receiver.known.lock().unwrap_or_else(PoisonError::into_inner).take(id, &event));
    StatusCode::NO_CONTENT
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is a program of somebody else, with settings of its own")]
    let secret = std::env::var("WEBHOOK_SECRET").context("WEBHOOK_SECRET is not set")?;
    let mac = Hmac::new_from_slice(&key(&secret)?)?;
    let known = Mutex::new(Known { calls: Recent::new(), versions: Recent::new() });
    let app = Router::new()
        .route("/", post(receive))
        .layer(DefaultBodyLimit::max(LONGEST))
        .with_state(Arc::new(Receiver { mac, known }));

    let port = std::env::args().nth(1).map_or(Ok(8080), |port| port.parse()).context("not a port")?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}/", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
