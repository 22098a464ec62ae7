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
    /// More headers. Those that the sender sets itself can't be replaced by them.
    pub headers: Vec<(String, String)>,
    /// The body, sent and signed byte for byte.
    pub body: String,
    /// The secrets as they were typed in, newest first; none for a call without a signature.
    pub secrets: Vec<String>,
    /// How long all of it may take, from the look at the name to the answer.
    pub timeout: Duration,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookAnswer {
    /// The HTTP status.
    pub status: u16,
    /// How long the endpoint asked to be left alone.
    pub retry_after: Option<Duration>,
    /// The first [`WebhookAnswer::KEPT`] bytes of the body; what is no UTF-8 is replaced.
    pub body: String,
    /// The headers that were sent, without signatures and without the values of those that the webhook adds.
    pub sent: Vec<(String, String)>,
}

impl WebhookAnswer {
    /// How much of a body is read and kept.
    pub const KEPT: usize = 1024;
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// It leads to an address that nobody outside may make the desk call. Where exactly is not said.
    #[error("the address is not allowed")]
    NotAllowed,
    /// The request can't be made of this: an address or a header that is none.
    #[error("the request is not valid: {0}")]
    Invalid(String),
    /// The name has no address.
    #[error("the host name could not be resolved")]
    Unresolved,
    /// It took too long.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// No connection, or one that broke.
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
