//! What leaves the desk by wire: mail by SMTP, and calls to webhooks.

#[cfg(feature = "smtp")]
pub mod smtp;
#[cfg(feature = "webhook")]
pub mod webhook;
