//! Calls to the endpoints of others.

use crate::time::Time;
use async_trait::async_trait;
use std::time::Duration;

/// One call: a POST of JSON, signed with each of the secrets.
#[derive(Clone)]
pub struct WebhookRequest {
    /// Where it goes.
    pub url: String,
    /// `webhook-id` and `X-Webhook-Delivery`: the same for every attempt.
    pub id: String,
    /// `X-Webhook-Event`, such as `ticket.created`.
    pub event: String,
    /// The moment of this attempt, `webhook-timestamp`.
    pub at: Time,
    /// More headers. One that [`WebhookRequest::may_set_header`] does not allow is left out.
    pub headers: Vec<(String, String)>,
    /// The body, sent and signed byte for byte.
    pub body: String,
    /// The secrets as they were typed in, newest first; none for a call without a signature.
    pub secrets: Vec<String>,
    /// How long all of it may take, from the look at the name to the answer.
    pub timeout: Duration,
}

/// Headers that are the sender's own or the connection's: what another value would do to the signature, to the
/// length of the body or to the host that is called is for nobody to try.
const KEPT_HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "connection",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];
/// How the names begin of more such headers.
const KEPT_FAMILIES: &[&str] = &["content-", "proxy-", "webhook-", "x-webhook-"];

impl WebhookRequest {
    /// The longest name of a header.
    const NAME_LENGTH: usize = 128;

    /// Whether a webhook may add a header of this name: it is one, and none that the sender sets itself.
    pub fn may_set_header(name: &str) -> bool {
        // The characters of a token, RFC 9110.
        let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        let lower = name.to_ascii_lowercase();
        (1..=Self::NAME_LENGTH).contains(&name.len())
            && name.bytes().all(is_token)
            && !KEPT_HEADERS.contains(&lower.as_str())
            && !KEPT_FAMILIES.iter().any(|family| lower.starts_with(family))
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookAnswer {
    /// The HTTP status.
    pub status: u16,
    /// How long the endpoint asked to be left alone, counted from [`WebhookRequest::at`] and never longer than
    /// [`LONGEST_DURATION`](crate::time::LONGEST_DURATION).
    pub retry_after: Option<Duration>,
    /// The first [`WebhookAnswer::KEPT`] bytes of the body, or what came of them: a body that breaks off or never
    /// ends takes nothing from the status. What is no UTF-8 and what no database keeps (NUL) is replaced; the text
    /// is no longer than that many bytes either.
    pub body: String,
    /// The headers that were sent. The values of signatures and of headers that the webhook adds are
    /// [`WebhookAnswer::HIDDEN`].
    pub sent: Vec<(String, String)>,
}

impl WebhookAnswer {
    /// How much of a body is read and kept.
    pub const KEPT: usize = 1024;
    /// What stands for a value that is nobody's to read.
    pub const HIDDEN: &str = "…";
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// It leads to an address that nobody outside may make the desk call. Where exactly is not said.
    #[error("the address is not allowed")]
    NotAllowed,
    /// The request can't be made of this: an address, a header or a secret that is none.
    #[error("the request is not valid: {0}")]
    Invalid(String),
    /// The name has no address.
    #[error("the host name could not be resolved")]
    Unresolved,
    /// It took too long.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// No connection, or one that broke. Says how, never which address it went to.
    #[error("no answer: {0}")]
    Unreachable(String),
}

/// Calls endpoints, and only those that may be called.
#[async_trait]
pub trait WebhookSender: Send + Sync {
    /// Calls once. Follows no redirect: that is an answer like any other.
    async fn send(&self, request: &WebhookRequest) -> Result<WebhookAnswer, WebhookError>;

    /// Whether an address may be called as far as can be said now, for who saves it. A name that can't be
    /// resolved at the moment is no failure; it is looked at again with every call.
    async fn check(&self, url: &str) -> Result<(), WebhookError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_adds_headers_but_none_of_the_senders_own() {
        for name in ["Authorization", "X-Api-Key", "x", "X_Tenant", "Cookie", "X-Hub-Signature", "Webhooks"] {
            assert!(WebhookRequest::may_set_header(name), "{name}");
        }
        let long = "x".repeat(WebhookRequest::NAME_LENGTH + 1);
        for name in ["", " ", "a b", "a:", "a\r\nb", "é", "X-\0", "\u{ff28}ost", &long] {
            assert!(!WebhookRequest::may_set_header(name), "{name:?} is no name");
        }
        for name in ["host", "HOST", "Content-Length", "content-type", "Content-Encoding", "Transfer-Encoding", "TE"] {
            assert!(!WebhookRequest::may_set_header(name), "{name}");
        }
        for name in ["Connection", "Keep-Alive", "Proxy-Authorization", "Upgrade", "Expect", "Trailer", "User-Agent"] {
            assert!(!WebhookRequest::may_set_header(name), "{name}");
        }
        for name in ["webhook-id", "Webhook-Signature", "WEBHOOK-NEW", "X-Webhook-Signature", "x-webhook-event"] {
            assert!(!WebhookRequest::may_set_header(name), "{name}");
        }
    }
}
