//! Mail that comes in by LMTP and by IMAP, from real servers.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod desk;
mod dovecot;
mod fetch;
mod lmtp;
mod lmtp_client;
mod lmtp_limit;
mod nonsense;
mod postfix;
mod process;
mod token;
mod trouble;
