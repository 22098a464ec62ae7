//! Turns: who changes the same thing in this process waits here, not in the store.
//!
//! Versions alone keep data right; turns keep throughput, since writers of one process don't make
//! each other decide again. Only processes race.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};

/// How many turns there are. Two keys may share one; that costs a wait, never correctness.
const STRIPES: usize = 256;

/// How long to wait for a turn before going on without one.
const BOUND: Duration = Duration::from_secs(2);

/// A turn for each thing that is being changed.
pub(super) struct Turns {
    stripes: Vec<Mutex<()>>,
    hasher: RandomState,
    bound: Duration,
}

impl Default for Turns {
    fn default() -> Self {
        Self::within(BOUND)
    }
}

impl Turns {
    /// Turns for which nobody waits longer than this.
    pub(super) fn within(bound: Duration) -> Self {
        let stripes = (0..STRIPES).map(|_| Mutex::new(())).collect();
        Self { stripes, hasher: RandomState::new(), bound }
    }

    /// Waits for the turn of this key. After a bounded wait the answer is none, and the caller goes
    /// on by versions alone.
    pub(super) async fn take(&self, key: &impl std::hash::Hash) -> Option<MutexGuard<'_, ()>> {
        self.at(self.place(key)).await
    }

    /// The turns of two keys, in an order of their places, so that no two callers wait for one another.
    pub(super) async fn take_both<K: std::hash::Hash>(&self, keys: [&K; 2]) -> [Option<MutexGuard<'_, ()>>; 2] {
        let [one, other] = keys.map(|key| self.place(key));
        let first = self.at(one.min(other)).await;
        // Two keys that share a place have one turn.
        let second = if one == other { None } else { self.at(one.max(other)).await };
        [first, second]
    }

    fn place(&self, key: &impl std::hash::Hash) -> usize {
        usize::try_from(self.hasher.hash_one(key) % STRIPES as u64).unwrap_or_default()
    }

    async fn at(&self, place: usize) -> Option<MutexGuard<'_, ()>> {
        tokio::time::timeout(self.bound, self.stripes[place].lock()).await.ok()
    }
}
