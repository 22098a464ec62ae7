//! Lines of the audit log: how they are sealed, and who may read them.

use crate::access::{Call, Origin};
use crate::ids::{AuditId, UserId};
use crate::model::audit::AuditDetail;
use crate::model::seal::RawDetail;
use crate::model::{AuditEntry, AuditMark, AuditRecord, AuditSeal, Person, Subject};
use crate::port::IdSource;
use crate::time::Time;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

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
        let (ip, peer, user_agent) = match &call.origin {
            Origin::Http { ip, peer, user_agent } => (ip.clone(), peer.clone(), user_agent.clone()),
            Origin::Mail(_) | Origin::Cli | Origin::Host => (None, None, None),
        };
        Self {
            at,
            actor: call.actor.person(),
            action: action.to_owned(),
            subject,
            request_id: call.request_id.clone(),
            detail: AuditDetail { changes, ip, peer, user_agent },
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

    /// What the key is called.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether line and detail are what was sealed. [`crate::Desk::verify_audit`] also knows whose details may
    /// be empty.
    pub fn verify(&self, entry: &AuditEntry) -> bool {
        let line: bool = self.mac(entry).ct_eq(&entry.mac).into();
        let detail: bool = self.detail_digest(entry).ct_eq(&entry.detail_digest).into();
        line && detail
    }

    /// Whether the line is what was sealed; says nothing of its detail.
    pub(super) fn fits_line(&self, record: &AuditRecord) -> bool {
        let line = Line {
            id: record.id,
            at: record.at,
            actor: record.actor_id,
            action: &record.action,
            kind: &record.subject_kind,
            subject: record.subject_id,
            request_id: record.request_id.as_deref(),
            detail_digest: &record.detail_digest,
            key_id: &record.key_id,
        };
        self.line_code(&line).ct_eq(&record.mac).into()
    }

    /// Whether the detail is the one that the line is bound to.
    pub(super) fn fits_detail(&self, record: &AuditRecord, detail: &RawDetail) -> bool {
        self.code(&[b"detail", &detail.salt, &detail.body]).ct_eq(&record.detail_digest).into()
    }

    /// The link that follows another one, over these lines.
    pub(super) fn link(&self, last: Option<&AuditSeal>, at: Time, lines: &[AuditMark]) -> AuditSeal {
        let mut seal = AuditSeal {
            no: last.map_or(0, |last| last.no) + 1,
            at,
            ids: lines.iter().flat_map(|line| *line.id.0.as_bytes()).collect(),
            digest: self.digest(lines.iter().map(|line| &line.mac[..])).to_vec(),
            prev: last.map(|last| last.mac.clone()).unwrap_or_default(),
            key_id: self.id.clone(),
            mac: Vec::new(),
        };
        seal.mac = self.seal_code(&seal).to_vec();
        seal
    }

    /// Whether the seal is what was made; says nothing of its lines.
    pub(super) fn fits_seal(&self, seal: &AuditSeal) -> bool {
        self.seal_code(seal).ct_eq(&seal.mac).into()
    }

    /// Whether these are the codes that the seal was made over.
    pub(super) fn fits_codes<'c>(&self, seal: &AuditSeal, codes: impl Iterator<Item = &'c [u8]>) -> bool {
        self.digest(codes).ct_eq(&seal.digest).into()
    }

    fn digest<'c>(&self, codes: impl Iterator<Item = &'c [u8]>) -> [u8; 32] {
        let parts: Vec<&[u8]> = std::iter::once(&b"codes"[..]).chain(codes).collect();
        self.code(&parts)
    }

    fn seal_code(&self, seal: &AuditSeal) -> [u8; 32] {
        self.code(&[
            b"seal",
            &seal.no.to_be_bytes(),
            &seal.at.timestamp_micros().to_be_bytes(),
            &seal.ids,
            &seal.digest,
            &seal.prev,
            seal.key_id.as_bytes(),
        ])
    }

    fn detail_digest(&self, entry: &AuditEntry) -> [u8; 32] {
        let body = serde_json::to_vec(&entry.detail).unwrap_or_default();
        self.code(&[b"detail", &entry.salt, &body])
    }

    fn mac(&self, entry: &AuditEntry) -> [u8; 32] {
        let (kind, subject) = entry.subject.parts();
        self.line_code(&Line {
            id: entry.id,
            at: entry.at,
            actor: entry.actor.id,
            action: entry.action.as_bytes(),
            kind: kind.as_bytes(),
            subject,
            request_id: entry.request_id.as_deref().map(str::as_bytes),
            detail_digest: &entry.detail_digest,
            key_id: entry.key_id.as_bytes(),
        })
    }

    fn line_code(&self, line: &Line<'_>) -> [u8; 32] {
        let actor = line.actor.map(|id| id.0.into_bytes());
        self.code(&[
            b"line",
            line.id.0.as_bytes(),
            &line.at.timestamp_micros().to_be_bytes(),
            actor.as_ref().map_or(&[][..], |id| &id[..]),
            line.action,
            line.kind,
            line.subject.as_bytes(),
            // None and an empty text are two things.
            &[u8::from(line.request_id.is_some())],
            line.request_id.unwrap_or_default(),
            line.detail_digest,
            line.key_id,
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

/// What the code of a line is made of.
struct Line<'a> {
    id: AuditId,
    at: Time,
    actor: Option<UserId>,
    action: &'a [u8],
    kind: &'a [u8],
    subject: Uuid,
    request_id: Option<&'a [u8]>,
    detail_digest: &'a [u8],
    key_id: &'a [u8],
}
