//! The audit log as it is sealed and proved.

use super::MemoryStore;
use super::state::State;
use crate::ids::AuditId;
use crate::model::audit::ERASED;
use crate::model::seal::RawDetail;
use crate::model::{AuditEntry, AuditMark, AuditRecord, AuditSeal, AuditTally};
use crate::port::{SealRead, StoreError, StoreResult};
use async_trait::async_trait;
use std::ops::Bound;

#[async_trait]
impl SealRead for MemoryStore {
    async fn unsealed_audit(&self, limit: usize) -> StoreResult<Vec<AuditMark>> {
        let state = self.state();
        Ok(state.audit_unsealed.keys().filter_map(|id| state.mark(*id)).take(limit).collect())
    }

    async fn last_audit_seal(&self) -> StoreResult<Option<AuditSeal>> {
        Ok(self.state().audit_seals.values().next_back().cloned())
    }

    async fn audit_seals(&self, after: i64, limit: usize) -> StoreResult<Vec<AuditSeal>> {
        let later = (Bound::Excluded(after), Bound::Unbounded);
        Ok(self.state().audit_seals.range(later).take(limit).map(|(_, seal)| seal.clone()).collect())
    }

    async fn audit_marks(&self, ids: &[AuditId]) -> StoreResult<Vec<AuditMark>> {
        let state = self.state();
        Ok(ids.iter().filter_map(|id| state.mark(*id)).collect())
    }

    async fn audit_records(&self, after: Option<AuditId>, limit: usize) -> StoreResult<Vec<AuditRecord>> {
        let state = self.state();
        let later = (after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded);
        state.audit_ids.range(later).filter_map(|(id, _)| state.line(*id)).take(limit).map(record).collect()
    }

    async fn audit_erasures(&self, after: Option<AuditId>, limit: usize) -> StoreResult<Vec<AuditRecord>> {
        let state = self.state();
        let later = (after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded);
        let lines = state.audit_ids.range(later).filter_map(|(id, _)| state.line(*id));
        lines.filter(|line| line.action == ERASED).take(limit).map(record).collect()
    }

    async fn audit_tally(&self) -> StoreResult<AuditTally> {
        let state = self.state();
        let sealed: usize = state.audit_seals.values().map(|seal| seal.lines().count()).sum();
        let (lines, unsealed, sealed) = (state.audit.len() as u64, state.audit_unsealed.len() as u64, sealed as u64);
        Ok(AuditTally { lines, unsealed, sealed })
    }
}

impl State {
    fn line(&self, id: AuditId) -> Option<&AuditEntry> {
        self.audit.get(&(*self.audit_ids.get(&id)?, id))
    }

    fn mark(&self, id: AuditId) -> Option<AuditMark> {
        self.line(id).map(|line| AuditMark { id, mac: line.mac.to_vec() })
    }
}

/// The line as a database would have it.
fn record(line: &AuditEntry) -> StoreResult<AuditRecord> {
    let body = serde_json::to_vec(&line.detail).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let (kind, subject_id) = line.subject.parts();
    Ok(AuditRecord {
        id: line.id,
        at: line.at,
        actor_id: line.actor.id,
        action: line.action.clone().into_bytes(),
        subject_kind: kind.as_bytes().to_vec(),
        subject_id,
        request_id: line.request_id.clone().map(String::into_bytes),
        detail_digest: line.detail_digest.to_vec(),
        key_id: line.key_id.clone().into_bytes(),
        mac: line.mac.to_vec(),
        detail: Some(RawDetail { salt: line.salt.to_vec(), body }),
    })
}
