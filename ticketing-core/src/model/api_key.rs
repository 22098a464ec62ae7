//! Keys of programs.

use super::words;
use crate::ids::{ApiKeyId, UserId};
use crate::time::Time;

words! {
    /// What a key may do, within what its owner may.
    KeyScope {
        /// Read tickets, and what one needs to make sense of them.
        TicketsRead = 0 "tickets:read",
        /// Make and change tickets.
        TicketsWrite = 1 "tickets:write",
        /// Read reports.
        ReportsRead = 2 "reports:read",
        /// Everything that the owner may.
        Admin = 3 "admin",
    }
}

/// One key of a program that acts for its owner, with the owner's rights cut down to its scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose rights it carries.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The start of the key, which finds it and may be shown. Unique.
    pub prefix: String,
    /// SHA-256 of the whole key. The key is random, so a fast hash is the right one.
    pub key_hash: [u8; 32],
    /// What it may do, such as `tickets:read`.
    pub scopes: Vec<String>,
    /// Grows by one with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
    /// After this it is refused.
    pub expires_at: Option<Time>,
    /// When it was taken back.
    pub revoked_at: Option<Time>,
    /// When it was last used, to the minute. [`crate::changes::Write::KeyUsed`] changes it without a new version.
    pub last_used_at: Option<Time>,
}
