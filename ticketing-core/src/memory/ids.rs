//! Ids that are the same in every run.

use crate::port::IdSource;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::sync::{Mutex, PoisonError};

/// Ids, ticket numbers and secrets that follow from a seed. Never for anything that must stay secret.
#[derive(Debug)]
pub struct SeededIds(Mutex<StdRng>);

impl SeededIds {
    /// The source of this seed; the same seed gives the same ids in the same order.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    /// A number below `end`, for a test that chooses; zero where `end` is zero.
    pub fn below(&self, end: usize) -> usize {
        let mut bits = [0; 4];
        self.fill(&mut bits);
        usize::try_from(u32::from_le_bytes(bits)).unwrap_or_default().checked_rem(end).unwrap_or_default()
    }
}

impl IdSource for SeededIds {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::TestClock;
    use crate::port::Clock;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let now = TestClock::default().now();
        let (one, two, other) = (SeededIds::new(7), SeededIds::new(7), SeededIds::new(8));
        let first = one.uuid(now);
        assert_eq!(first, two.uuid(now));
        assert_ne!(first, other.uuid(now));
        assert_ne!(first, one.uuid(now), "an id is given once");
        assert_eq!(first.get_version_num(), 7);
    }
}
