//! Links that let somebody set a password who can't sign in.

use super::words;
use crate::ids::{CredentialTokenId, UserId};
use crate::time::Time;

words! {
    /// What a link is for.
    TokenKind {
        /// Somebody forgot the password.
        Reset = 0 "reset",
        /// Somebody was invited and has no password yet.
        Invitation = 1 "invitation",
        /// There is no administrator yet.
        Setup = 2 "setup",
    }
}

/// One link. There is at most one of a kind for a person: a new one takes the older one's place. Only
/// the hash of what it carries is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialToken {
    /// Its id.
    pub id: CredentialTokenId,
    /// Whose password it sets; nobody's where it sets the desk up.
    pub user_id: Option<UserId>,
    /// What it is for.
    pub kind: TokenKind,
    /// SHA-256 of what the link carries. That is random, so a fast hash is the right one.
    pub token_hash: [u8; 32],
    /// When it was made.
    pub created_at: Time,
    /// After this it is refused.
    pub expires_at: Time,
    /// When it was used; a link is good once.
    pub used_at: Option<Time>,
}
