//! A sign-in and the chain of refresh tokens that came from it.

use crate::ids::{SessionId, UserId};
use crate::time::Time;

/// One sign-in. A refresh token names the session, proves that it once belonged to it (`family`)
/// and carries a secret that is replaced at every use (`current`): a token of the family whose
/// secret is not the current one was used before, and ends the session. Only hashes are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who signed in.
    pub user_id: UserId,
    /// SHA-256 of the part that all tokens of the session share.
    pub family_hash: [u8; 32],
    /// SHA-256 of the secret that is good for the next refresh.
    pub current_hash: [u8; 32],
    /// From where, as the connection said.
    pub ip: Option<String>,
    /// With what, as the client said.
    pub user_agent: Option<String>,
    /// Grows by one with every refresh.
    pub version: i64,
    /// When the person signed in.
    pub created_at: Time,
    /// When the last token was handed out.
    pub refreshed_at: Time,
    /// After this no refresh is accepted, whatever was handed out in between.
    pub expires_at: Time,
    /// When it was ended by sign-out, reuse of a spent token, or an administrator.
    pub ended_at: Option<Time>,
}
