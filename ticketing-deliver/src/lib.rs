//! What leaves and enters the desk by wire: mail by SMTP, calls to webhooks, mail that comes in.

#[cfg(any(feature = "imap", feature = "lmtp"))]
mod door;
#[cfg(feature = "imap")]
pub mod imap;
#[cfg(feature = "inbound")]
pub mod inbound;
#[cfg(feature = "lmtp")]
pub mod lmtp;
#[cfg(any(feature = "imap", feature = "webhook"))]
mod roots;
#[cfg(feature = "smtp")]
pub mod smtp;
#[cfg(feature = "webhook")]
pub mod webhook;
