//! How often canned responses were put to use.

use super::staged::Staged;
use super::state::State;
use crate::ids::{CannedResponseId, UserId};
use crate::model::CannedUse;
use crate::time::Time;
use uuid::Uuid;

impl Staged<'_> {
    pub(super) fn canned_used(&mut self, response_id: CannedResponseId, user_id: UserId, (uses, at): (u64, Time)) {
        let key = (user_id, response_id);
        let known = self.state.canned_uses.get(&key);
        let uses = known.map_or(0, |known| known.uses) + uses;
        let last_used_at = known.map_or(at, |known| known.last_used_at.max(at));
        self.put(|state| &mut state.canned_uses, key, CannedUse { response_id, uses, last_used_at });
    }
}

impl State {
    pub(super) fn canned_uses_of(&self, user_id: UserId) -> Vec<CannedUse> {
        let own = (user_id, CannedResponseId(Uuid::nil()))..=(user_id, CannedResponseId(Uuid::max()));
        self.canned_uses.range(own).map(|(_, used)| *used).collect()
    }

    pub(super) fn canned_total(&self, id: CannedResponseId) -> u64 {
        self.canned_uses.values().filter(|used| used.response_id == id).map(|used| used.uses).sum()
    }
}
