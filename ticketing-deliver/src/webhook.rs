//! Calls to webhooks.
