//! Lines of the audit log: how they are sealed, and who may read them.

use crate::access::{Call, Origin};
use crate::ids::AuditId;
use crate::model::audit::AuditDetail;
use crate::model::{AuditEntry, Person, Subject};
use crate::port::IdSource;
use crate::time::Time;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The key that binds audit lines to what they say. Kept outside the database, so that whoever
/// owns the database alone can't rewrite the log unnoticed.
#[derive(Clone)]
pub struct AuditKey {
    id: String,
    /// Keyed once; each code starts from a copy.
    keyed: Hmac<Sha256>,
}

/// What an audit line says, before it is sealed.
#[derive(Clone, Debug)]
pub struct AuditDraft {
    /// When it happened.
    pub at: Time,
    /// Who did it.
    pub actor: Person,
    /// What was done, such as `ticket.assigned`.
    pub action: String,
    /// To what.
    pub subject: Subject,
    /// The request that asked for it.
    pub request_id: Option<String>,
    /// Before and after, and where from.
    pub detail: AuditDetail,
}

impl AuditDraft {
    /// What this call did to this subject.
    pub fn of_call(call: &Call, at: Time, action: &str, subject: Subject, changes: Value) -> Self {
        let (ip, user_agent) = match &call.origin {
            Origin::Http { ip, user_agent } => (ip.clone(), user_agent.clone()),
            Origin::Cli | Origin::Host => (None, None),
        };
        Self {
            at,
            actor: call.actor.person(),
            action: action.to_owned(),
            subject,
            request_id: call.request_id.clone(),
            detail: AuditDetail { changes, ip, user_agent },
        }
    }
}

impl AuditKey {
    /// A key under a name, so that an older one can still be told apart after a change.
    pub fn new(id: impl Into<String>, key: [u8; 32]) -> Self {
        // HMAC fills a key up with zeros to the block of its hash.
        let mut block = [0; 64];
        block[..key.len()].copy_from_slice(&key);
        Self { id: id.into(), keyed: Hmac::new(&block.into()) }
    }

    /// The line, bound to this key.
    pub fn seal(&self, ids: &dyn IdSource, draft: AuditDraft) -> AuditEntry {
        let mut salt = [0; 16];
        ids.fill(&mut salt);
        let mut entry = AuditEntry {
            id: AuditId(ids.uuid(draft.at)),
            at: draft.at,
            actor: draft.actor,
            action: draft.action,
            subject: draft.subject,
            request_id: draft.request_id,
            detail: draft.detail,
            salt,
            detail_digest: [0; 32],
            key_id: self.id.clone(),
            mac: [0; 32],
        };
        entry.detail_digest = self.detail_digest(&entry);
        entry.mac = self.mac(&entry);
        entry
    }

    /// Whether line and detail are what was sealed. A detail that was emptied is no fault.
    pub fn verify(&self, entry: &AuditEntry) -> bool {
        let emptied = entry.detail == AuditDetail::default();
        let line: bool = self.mac(entry).ct_eq(&entry.mac).into();
        let detail: bool = self.detail_digest(entry).ct_eq(&entry.detail_digest).into();
        line && (detail || emptied)
    }

    fn detail_digest(&self, entry: &AuditEntry) -> [u8; 32] {
        let body = serde_json::to_vec(&entry.detail).unwrap_or_default();
        self.code(&[b"detail", &entry.salt, &body])
    }

    fn mac(&self, entry: &AuditEntry) -> [u8; 32] {
        let (kind, subject) = entry.subject.parts();
        let actor = entry.actor.id.map(|id| id.0.into_bytes());
        self.code(&[
            b"line",
            entry.id.0.as_bytes(),
            &entry.at.timestamp_micros().to_be_bytes(),
            actor.as_ref().map_or(&[][..], |id| &id[..]),
            entry.action.as_bytes(),
            kind.as_bytes(),
            subject.as_bytes(),
            entry.request_id.as_deref().unwrap_or_default().as_bytes(),
            &entry.detail_digest,
            entry.key_id.as_bytes(),
        ])
    }

    /// HMAC-SHA256 over length-prefixed parts, so that no two lists of parts look alike.
    fn code(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.keyed.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}
