//! Endpoints that are told what happens.

use crate::ids::WebhookId;
use crate::time::Time;

/// How a webhook is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookHealth {
    /// Which.
    pub webhook_id: WebhookId,
    /// Since when every call has failed; none where the last one did not.
    pub failing_since: Option<Time>,
    /// When it last changed between failing and not.
    pub updated_at: Time,
}
