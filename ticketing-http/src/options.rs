//! What the router needs to know that a desk does not.

use crate::auth::Authenticator;
use crate::limit::RateLimit;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::Network;
use ticketing_core::desk::work::Workers;
use ticketing_core::model::AuditHead;
use ticketing_core::port::BoxError;

/// How the wire API behaves. The default is right for a process of its own behind no proxy.
#[derive(Clone)]
pub struct HttpOptions {
    /// Signs access tokens and paging cursors; at least 32 random bytes, the same on every server.
    /// Empty: random bytes that are forgotten with the process, and all tokens with them.
    pub jwt_secret: Vec<u8>,
    /// Secrets that signed before this one: their tokens are still good. For changing the secret
    /// without signing anybody out.
    pub older_jwt_secrets: Vec<Vec<u8>>,
    /// How long an access token is good.
    pub jwt_expires_in: Duration,
    /// Web origins such as `https://portal.example` whose pages may call the API with credentials;
    /// `*` lets any page call it without cookies.
    pub cors_origins: Vec<String>,
    /// Neighbours whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// How often one address may ask that nobody is signed in at; signing in has stricter limits beside it.
    /// None: as often as it likes. Needs the client's address, see the crate's own page.
    pub rate_limit_anonymous: Option<RateLimit>,
    /// How often one person may ask. None: as often as they like.
    pub rate_limit_user: Option<RateLimit>,
    /// How often one address may open a connection of `/socket.io`. None: as often as it likes.
    pub rate_limit_sockets: Option<RateLimit>,
    /// How many connections of `/socket.io` there are at most, whoever they are of; one address has at most half of them.
    /// More are answered with 503. None: as many as anybody likes.
    pub max_sockets: Option<usize>,
    /// What mail servers sign mails with that they bring by `POST /api/inbound/email`; none: that door is closed.
    pub inbound_secret: Option<Vec<u8>>,
    /// The largest JSON body in bytes; under `/api/auth/` never more than 16 KiB.
    pub body_limit: usize,
    /// How long a request may take before it is answered with 503.
    pub request_timeout: Duration,
    /// How many requests are worked on at once; more are answered with 503. Probes don't count.
    pub max_in_flight: Option<usize>,
    /// Who a bearer token belongs to. None: tokens of this router's own sign-in.
    pub authenticator: Option<Arc<dyn Authenticator>>,
    /// The workers of this process, whose attempts `/metrics` counts. None: others work.
    pub workers: Option<Workers>,
    /// Appends further lines to `/metrics`, in Prometheus' text format.
    pub more_metrics: Option<MoreMetrics>,
    /// Where the end of the audit log's chain is known from, outside of the database.
    pub audit_head: Option<AuditHeadSource>,
}

/// Appends lines to `/metrics`.
pub type MoreMetrics = Arc<dyn Fn(&mut String) + Send + Sync>;

/// Reads the last head of the audit log that was kept outside of the database, if one was.
pub type AuditHeadSource = Arc<dyn Fn() -> Result<Option<AuditHead>, BoxError> + Send + Sync>;

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            jwt_secret: Vec::new(),
            older_jwt_secrets: Vec::new(),
            jwt_expires_in: Duration::from_mins(15),
            cors_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            rate_limit_anonymous: None,
            rate_limit_user: None,
            rate_limit_sockets: None,
            max_sockets: None,
            inbound_secret: None,
            body_limit: 2 * 1024 * 1024,
            request_timeout: Duration::from_secs(30),
            max_in_flight: None,
            authenticator: None,
            workers: None,
            more_metrics: None,
            audit_head: None,
        }
    }
}

impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpOptions")
            .field("jwt_secret", &"***")
            .field("older_jwt_secrets", &self.older_jwt_secrets.len())
            .field("jwt_expires_in", &self.jwt_expires_in)
            .field("cors_origins", &self.cors_origins)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("rate_limit_anonymous", &self.rate_limit_anonymous)
            .field("rate_limit_user", &self.rate_limit_user)
            .field("rate_limit_sockets", &self.rate_limit_sockets)
            .field("max_sockets", &self.max_sockets)
            .field("inbound_secret", &self.inbound_secret.is_some())
            .field("body_limit", &self.body_limit)
            .field("request_timeout", &self.request_timeout)
            .field("max_in_flight", &self.max_in_flight)
            .field("authenticator", &self.authenticator.is_some())
            .field("workers", &self.workers.is_some())
            .field("more_metrics", &self.more_metrics.is_some())
            .field("audit_head", &self.audit_head.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_keeps_the_secret() {
        let secret = b"canary-canary".to_vec();
        let options =
            HttpOptions { jwt_secret: secret.clone(), inbound_secret: Some(secret), ..HttpOptions::default() };
        let text = format!("{options:?}");
        assert!(!text.contains("canary") && !text.contains("99, 97"));
    }
}
