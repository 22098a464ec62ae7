//! Calls to webhooks: signed, bounded in time and size, and only to where the outside may make the desk call.
//!
//! An address is looked at three times: when it is saved ([`WebhookSender::check`]), when the call is made, and where
//! the connection is opened, on the very addresses that it will use. Redirects are not followed, proxies that the
//! environment names are not asked, and what comes back is read up to a limit.
//!
//! [`WebhookSender::check`]: ticketing_core::port::WebhookSender::check

mod answer;
mod client;
mod guard;
mod header;
mod resolve;
pub mod signature;
mod target;
#[cfg(test)]
mod tests;
mod trouble;

pub use client::{GuardedWebhookSender, NoClient};
pub use guard::Guard;
pub use resolve::{Lookup, SystemLookup};
