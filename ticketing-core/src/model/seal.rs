//! What proves that the audit log is whole: seals over its lines, each bound to the one before.

use crate::ids::{AuditId, UserId};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use uuid::Uuid;

/// A link of the chain: these lines were there, with these codes, when it was made.
///
/// Bytes are kept as they are stored, however long, so that a damaged seal can still be read and named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditSeal {
    /// Its place in the chain, from 1 on and without a gap.
    pub no: i64,
    /// When it was made.
    pub at: Time,
    /// The ids of its lines, 16 bytes each, in their order.
    pub ids: Vec<u8>,
    /// HMAC-SHA256 over the codes of these lines.
    pub digest: Vec<u8>,
    /// The code of the seal before; empty for the first.
    pub prev: Vec<u8>,
    /// Which key made digest and code.
    pub key_id: String,
    /// HMAC-SHA256 over the seal's own columns.
    pub mac: Vec<u8>,
}

impl AuditSeal {
    /// The ids of its lines, in their order.
    pub fn lines(&self) -> impl Iterator<Item = AuditId> {
        self.ids.chunks_exact(16).filter_map(|id| Uuid::from_slice(id).ok()).map(AuditId)
    }

    /// What to keep elsewhere, so that a chain that was cut after this seal is found out.
    pub fn head(&self) -> AuditHead {
        let mac = self.mac.iter().fold(String::new(), |mut text, byte| {
            // Writing to a text can't fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        AuditHead { no: self.no, mac }
    }
}

/// The end of the chain as it was known somewhere else than in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The seal's place in the chain.
    pub no: i64,
    /// Its code, in hexadecimal.
    pub mac: String,
}

/// The code of a line, bound to its id: what a seal is made over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditMark {
    /// The line.
    pub id: AuditId,
    /// Its code as it is stored.
    pub mac: Vec<u8>,
}

/// A line as it is stored, byte for byte, so that damage can't keep it from being read and named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its id.
    pub id: AuditId,
    /// When it happened.
    pub at: Time,
    /// Who did it.
    pub actor_id: Option<UserId>,
    /// What was done.
    pub action: Vec<u8>,
    /// To what kind of thing.
    pub subject_kind: Vec<u8>,
    /// To which one.
    pub subject_id: Uuid,
    /// The request that asked for it.
    pub request_id: Option<Vec<u8>>,
    /// What the detail is bound by.
    pub detail_digest: Vec<u8>,
    /// Which key made digest and code.
    pub key_id: Vec<u8>,
    /// What the line is bound by.
    pub mac: Vec<u8>,
    /// The detail, where it is there at all.
    pub detail: Option<RawDetail>,
}

impl AuditRecord {
    /// The person that something was done to, if it is one.
    pub fn person(&self) -> Option<Uuid> {
        (self.subject_kind == b"user").then_some(self.subject_id)
    }
}

/// A detail as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawDetail {
    /// Salt of the digest.
    pub salt: Vec<u8>,
    /// The detail as JSON.
    pub body: Vec<u8>,
}

impl RawDetail {
    /// The body of a detail that was emptied.
    pub const EMPTY_BODY: &str = "{\"changes\":null}";
    /// Its salt.
    pub const EMPTY_SALT: [u8; 16] = [0; 16];

    /// Whether it was emptied.
    pub fn is_empty(&self) -> bool {
        self.body == Self::EMPTY_BODY.as_bytes() && self.salt == Self::EMPTY_SALT
    }
}

/// How many lines there are, in one consistent look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditTally {
    /// Lines of the log.
    pub lines: u64,
    /// Lines that wait for a seal.
    pub unsealed: u64,
    /// Lines that seals name.
    pub sealed: u64,
}
