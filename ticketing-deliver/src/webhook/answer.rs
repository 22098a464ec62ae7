//! What comes back, as far as it is wanted.

use reqwest::Response;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::time::Duration;
use ticketing_core::port::WebhookAnswer;
use ticketing_core::time::{LONGEST_DURATION, Time};

/// An answer whose body may not be there yet.
pub(super) struct Received {
    status: u16,
    retry_after: Option<Duration>,
    body: Vec<u8>,
}

impl Received {
    /// The head of an answer to a call that was made at this moment.
    pub(super) fn head(response: &Response, at: Time) -> Self {
        Self { status: response.status().as_u16(), retry_after: retry_after(response.headers(), at), body: Vec::new() }
    }

    /// Reads the beginning of the body. What came before an error is kept.
    pub(super) async fn read(&mut self, mut response: Response) -> Result<(), reqwest::Error> {
        while self.body.len() < WebhookAnswer::KEPT
            && let Some(chunk) = response.chunk().await?
        {
            let room = WebhookAnswer::KEPT - self.body.len();
            self.body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
        Ok(())
    }

    pub(super) fn answer(self, sent: Vec<(String, String)>) -> WebhookAnswer {
        WebhookAnswer { status: self.status, retry_after: self.retry_after, body: text(&self.body), sent }
    }
}

/// Bytes of a stranger as a text that every store can keep.
fn text(body: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(body).replace('\0', "\u{fffd}");
    // A replacement is longer than what it stands for.
    text.truncate(text.floor_char_boundary(WebhookAnswer::KEPT));
    text
}

/// Seconds or a date (RFC 9110); what is neither is as good as nothing.
fn retry_after(headers: &HeaderMap, at: Time) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // Only digits, so what does not parse is too great.
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        let until = Time::from(httpdate::parse_http_date(text).ok()?);
        // What is past does not keep anybody waiting.
        (until - at).to_std().unwrap_or(Duration::ZERO)
    };
    Some(wait.min(LONGEST_DURATION.to_std().unwrap_or(Duration::MAX)))
}
