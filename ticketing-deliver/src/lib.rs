//! What leaves and enters the desk by wire: mail by SMTP, calls to webhooks, mail that comes in.

#[cfg(feature = "lmtp")]
mod door;
#[cfg(feature = "inbound")]
pub mod inbound;
#[cfg(feature = "lmtp")]
pub mod lmtp;
#[cfg(feature = "smtp")]
pub mod smtp;
#[cfg(feature = "webhook")]
pub mod webhook;
