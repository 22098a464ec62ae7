//! The token that keeps a person signed in.

use super::Desk;
use crate::ids::SessionId;
use crate::port::IdSource;
use crate::time::Time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What a store keeps of a secret. It is random, so a fast hash is the right one.
pub(super) fn hash(secret: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// What a client holds to stay signed in: the session, proof of belonging to it, and a secret that
/// is good once.
#[derive(Clone)]
pub(super) struct RefreshToken {
    /// The sign-in.
    pub(super) session_id: SessionId,
    /// What all tokens of the sign-in share.
    pub(super) family: [u8; 32],
    /// What is good once.
    pub(super) secret: [u8; 32],
}

impl RefreshToken {
    /// The first of a new sign-in.
    pub(super) fn first(desk: &Desk, now: Time) -> Self {
        let ids: &dyn IdSource = desk.ids();
        Self { session_id: SessionId(ids.uuid(now)), family: ids.secret(), secret: ids.secret() }
    }

    /// As the client holds it.
    pub(super) fn encode(&self) -> String {
        let bytes = [&self.session_id.0.as_bytes()[..], &self.family, &self.secret].concat();
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a client sent, if it is one.
    pub(super) fn decode(text: &str) -> Option<Self> {
        let bytes: [u8; 80] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (id, rest) = bytes.split_at(16);
        let (family, secret) = rest.split_at(32);
        Some(Self {
            session_id: SessionId(uuid::Uuid::from_slice(id).ok()?),
            family: family.try_into().ok()?,
            secret: secret.try_into().ok()?,
        })
    }
}
