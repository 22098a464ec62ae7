//! Proving that the audit log is what was written: every line, every detail, every link of the chain.

use super::{AuditKey, Desk};
use crate::access::Call;
use crate::error::Error;
use crate::ids::AuditId;
use crate::model::audit::ERASED;
use crate::model::{AuditHead, AuditRecord, AuditSeal, Role};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How many lines are read at a time.
const PAGE: usize = 1000;
/// How many seals are read at a time; each has up to a thousand ids.
const SEALS: usize = 16;

/// What came of looking at the whole log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditProof {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// How many lines were looked at and found good.
    pub checked: u64,
    /// The first thing that is wrong. Lines are looked at first, oldest first, then the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_bad: Option<AuditFlaw>,
}

/// Something that is wrong with the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditFlaw {
    /// What.
    pub kind: FlawKind,
    /// With which line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<AuditId>,
    /// With which link of the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<i64>,
}

/// What can be wrong with the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FlawKind {
    /// A line is not what was written, or nobody who knows the key wrote it.
    LineChanged,
    /// A line that was sealed is gone.
    LineMissing,
    /// A detail is not what was written, or was emptied though nobody whom it could speak of was erased.
    DetailChanged,
    /// A detail is gone, rather than emptied.
    DetailMissing,
    /// A line or seal was made with a key that this desk does not have.
    UnknownKey,
    /// A link of the chain is gone.
    SealMissing,
    /// A link of the chain is not what was made, or does not follow the one before.
    SealChanged,
    /// The chain does not reach or does not contain the head that is known from elsewhere: its end was
    /// cut off.
    Cut,
    /// Lines are in no seal and do not wait for one either, or lines that wait are gone.
    Unsealed,
}

impl AuditFlaw {
    fn of_line(kind: FlawKind, line: AuditId) -> Self {
        Self { kind, line: Some(line), seal: None }
    }

    fn of_seal(kind: FlawKind, seal: i64) -> Self {
        Self { kind, line: None, seal: Some(seal) }
    }
}

/// Where the chain ends.
#[derive(Default)]
struct Chain {
    no: i64,
    mac: Vec<u8>,
    newest_line: Option<AuditId>,
}

impl Desk {
    /// Looks at the whole audit log, in bounded memory: lines, details, and the chain of seals, which must
    /// contain the head where one is known from elsewhere. For administrators and the operator.
    ///
    /// What was written in about the last second and is not sealed yet is bound line by line, not as a whole.
    pub async fn verify_audit(&self, call: impl Into<Call>, head: Option<&AuditHead>) -> Result<AuditProof, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let mut checked = 0;
        let mut first_bad = self.flaw_of_lines(&mut checked).await?;
        if first_bad.is_none() {
            let mut chain = Chain::default();
            first_bad = self.flaw_of_chain(&mut chain, head).await?;
            if first_bad.is_none() {
                first_bad = self.flaw_of_tally(&chain).await?;
            }
        }
        Ok(AuditProof { ok: first_bad.is_none(), checked, first_bad })
    }

    fn audit_key(&self, id: &[u8]) -> Option<&AuditKey> {
        let mut keys = std::iter::once(&self.parts.audit_key).chain(&self.parts.former_audit_keys);
        keys.find(|key| key.id().as_bytes() == id)
    }

    async fn flaw_of_lines(&self, checked: &mut u64) -> Result<Option<AuditFlaw>, Error> {
        let mut erased = self.erased_people().await?;
        let mut after = None;
        loop {
            let page = self.store.audit_records(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(None) };
            after = Some(last.id);
            for record in &page {
                let mut flaw = self.flaw_of_line(record, &erased);
                if flaw == Some(FlawKind::DetailChanged) {
                    // Somebody may have been erased since.
                    erased = self.erased_people().await?;
                    flaw = self.flaw_of_line(record, &erased);
                }
                if let Some(kind) = flaw {
                    return Ok(Some(AuditFlaw::of_line(kind, record.id)));
                }
                *checked += 1;
            }
        }
    }

    /// People of whom a line that nobody else can have written says that they were erased.
    async fn erased_people(&self) -> Result<HashSet<Uuid>, Error> {
        let mut erased = HashSet::new();
        let mut after = None;
        loop {
            let page = self.store.audit_erasures(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(erased) };
            after = Some(last.id);
            let good = |record: &&AuditRecord| self.audit_key(&record.key_id).is_some_and(|key| key.fits_line(record));
            let people = page.iter().filter(good).filter_map(AuditRecord::person);
            erased.extend(people);
        }
    }

    /// A detail may be empty where the line is by or about a person who was erased, unless it is the line
    /// that says so: that one says nothing of the person.
    fn flaw_of_line(&self, record: &AuditRecord, erased: &HashSet<Uuid>) -> Option<FlawKind> {
        let of_erased = || {
            let mut people = record.actor_id.map(|id| id.0).into_iter().chain(record.person());
            record.action != ERASED.as_bytes() && people.any(|person| erased.contains(&person))
        };
        let Some(key) = self.audit_key(&record.key_id) else { return Some(FlawKind::UnknownKey) };
        match &record.detail {
            _ if !key.fits_line(record) => Some(FlawKind::LineChanged),
            None => Some(FlawKind::DetailMissing),
            Some(detail) if key.fits_detail(record, detail) => None,
            Some(detail) if detail.is_empty() && of_erased() => None,
            Some(_) => Some(FlawKind::DetailChanged),
        }
    }

    async fn flaw_of_chain(&self, chain: &mut Chain, head: Option<&AuditHead>) -> Result<Option<AuditFlaw>, Error> {
        loop {
            let page = self.store.audit_seals(chain.no, SEALS).await?;
            if page.is_empty() {
                let cut = head.filter(|head| head.no > chain.no);
                return Ok(cut.map(|_| AuditFlaw::of_seal(FlawKind::Cut, chain.no + 1)));
            }
            for seal in page {
                if let Some(flaw) = self.flaw_of_seal(&seal, chain).await? {
                    return Ok(Some(flaw));
                }
                if head.is_some_and(|head| head.no == seal.no && *head != seal.head()) {
                    return Ok(Some(AuditFlaw::of_seal(FlawKind::Cut, seal.no)));
                }
                chain.newest_line = chain.newest_line.max(seal.lines().max());
                (chain.no, chain.mac) = (seal.no, seal.mac);
            }
        }
    }

    async fn flaw_of_seal(&self, seal: &AuditSeal, before: &Chain) -> Result<Option<AuditFlaw>, Error> {
        if seal.no != before.no + 1 {
            return Ok(Some(AuditFlaw::of_seal(FlawKind::SealMissing, before.no + 1)));
        }
        let Some(key) = self.audit_key(seal.key_id.as_bytes()) else {
            return Ok(Some(AuditFlaw::of_seal(FlawKind::UnknownKey, seal.no)));
        };
        let changed = Some(AuditFlaw::of_seal(FlawKind::SealChanged, seal.no));
        if !key.fits_seal(seal) || seal.prev != before.mac {
            return Ok(changed);
        }
        let ids: Vec<AuditId> = seal.lines().collect();
        let found = self.store.audit_marks(&ids).await?;
        let codes: HashMap<AuditId, Vec<u8>> = found.into_iter().map(|mark| (mark.id, mark.mac)).collect();
        if let Some(gone) = ids.iter().find(|id| !codes.contains_key(id)) {
            return Ok(Some(AuditFlaw { kind: FlawKind::LineMissing, line: Some(*gone), seal: Some(seal.no) }));
        }
        let fits = key.fits_codes(seal, ids.iter().filter_map(|id| codes.get(id)).map(Vec::as_slice));
        Ok(if fits { None } else { changed })
    }

    /// Every line is in a seal or waits for one, which numbers tell; which line is not is then looked for
    /// behind the end of the chain, where a chain that lost its end has its lines.
    async fn flaw_of_tally(&self, chain: &Chain) -> Result<Option<AuditFlaw>, Error> {
        let tally = self.store.audit_tally().await?;
        if tally.lines == tally.sealed + tally.unsealed {
            return Ok(None);
        }
        let waiting = self.store.unsealed_audit(PAGE).await?;
        let waiting: HashSet<AuditId> = waiting.into_iter().map(|mark| mark.id).collect();
        let behind = self.store.audit_records(chain.newest_line, PAGE).await?;
        let line = behind.into_iter().map(|record| record.id).find(|id| !waiting.contains(id));
        Ok(Some(AuditFlaw { kind: FlawKind::Unsealed, line, seal: None }))
    }
}
