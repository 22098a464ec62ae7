//! Writing that something is forgotten.

use super::staged::Staged;
use crate::ids::{AuditId, UserId};
use crate::model::{AuditDetail, AuditEntry};

impl Staged<'_> {
    pub(super) fn forget_sign_ins(&mut self, user_id: UserId) {
        let sessions = self.state.sessions.values().filter(|row| row.user_id == user_id).map(|row| row.id);
        for id in sessions.collect::<Vec<_>>() {
            self.remove(|state| &mut state.sessions, &id);
        }
        let keys = self.state.api_keys.values().filter(|row| row.user_id == user_id);
        for (id, prefix) in keys.map(|row| (row.id, row.prefix.clone())).collect::<Vec<_>>() {
            self.remove(|state| &mut state.api_keys, &id);
            self.remove(|state| &mut state.api_key_prefixes, &prefix);
        }
        let links = self.state.credential_tokens.keys().filter(|(owner, _)| *owner == Some(user_id)).copied();
        for link in links.collect::<Vec<_>>() {
            self.remove(|state| &mut state.credential_tokens, &link);
        }
    }

    pub(super) fn empty_details(&mut self, ids: &[AuditId]) {
        for id in ids {
            let Some(place) = self.state.audit_ids.get(id).map(|at| (*at, *id)) else { continue };
            let Some(line) = self.state.audit.get(&place).cloned() else { continue };
            let emptied = AuditEntry { detail: AuditDetail::default(), salt: [0; 16], ..line };
            self.put(|state| &mut state.audit, place, emptied);
        }
    }
}
