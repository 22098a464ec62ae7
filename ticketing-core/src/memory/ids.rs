//! Ids that are the same in every run.

use crate::port::IdSource;
use crate::time::Time;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use uuid::{Builder, Uuid};

/// Ids, ticket numbers and secrets that follow from a seed. Never for anything that must stay secret.
/// Ids are in the order in which they were asked for, also where the clock stands still.
#[derive(Debug)]
pub struct SeededIds {
    random: Mutex<StdRng>,
    handed_out: AtomicU32,
}

impl SeededIds {
    /// The source of this seed; the same seed gives the same ids in the same order.
    pub fn new(seed: u64) -> Self {
        Self { random: Mutex::new(StdRng::seed_from_u64(seed)), handed_out: AtomicU32::new(0) }
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
        self.random.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }

    fn uuid(&self, now: Time) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        // The first 26 random bits of the id count; version and variant cover the other six.
        let [high, middle, low, last] = self.handed_out.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        random[0] = (high << 2) | (middle >> 6);
        random[1] = (middle << 2) | (low >> 6);
        random[2] = low & 0x3f;
        random[3] = last;
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
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

    #[test]
    fn ids_of_one_moment_are_in_order() {
        let (now, ids) = (TestClock::default().now(), SeededIds::new(1));
        let given: Vec<_> = (0..100_000).map(|_| ids.uuid(now)).collect();
        assert!(given.is_sorted_by(|one, next| one < next));
        assert!(given.iter().all(|id| id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122));
    }
}
