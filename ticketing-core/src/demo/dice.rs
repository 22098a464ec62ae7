//! Seeded randomness: the same seed makes the same desk, ticket by ticket.

use crate::port::IdSource;
use crate::time::{Time, from_micros};
use std::sync::atomic::{AtomicU64, Ordering};

/// What the odd constant of the sequence is: the golden ratio in 64 bits.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// A stream of random numbers that is told by its seed alone. Each ticket has a stream of its own,
/// so that any ticket can be made without those before it.
#[derive(Debug)]
pub(crate) struct Dice(AtomicU64);

impl Dice {
    /// The stream number `index` of a family of streams.
    pub(crate) fn new(seed: u64, family: u64, index: u64) -> Self {
        let state = mix(mix(seed ^ STEP).wrapping_add(mix(family.wrapping_add(1))) ^ mix(index.wrapping_mul(STEP)));
        Self(AtomicU64::new(state))
    }

    /// The next 64 random bits.
    pub(crate) fn next(&self) -> u64 {
        mix(self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP))
    }

    /// A number below `bound`; 0 where the bound is 0.
    pub(crate) fn below(&self, bound: usize) -> usize {
        (((self.next() >> 32) * (bound as u64 & 0xFFFF_FFFF)) >> 32) as usize
    }

    /// A number from `low` up to `high`, both included.
    pub(crate) fn between(&self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap_or_default() + 1;
        low + i64::try_from(self.next() % width).unwrap_or_default()
    }

    /// True so many times in a thousand.
    pub(crate) fn chance(&self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }

    /// One of the choices.
    pub(crate) fn pick<T: Copy>(&self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A place in a list of weights, each as likely as its weight says.
    pub(crate) fn weighted(&self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u32 = weights.clone().sum();
        let mut rest = self.below(total as usize);
        for (place, weight) in weights.enumerate() {
            match rest.checked_sub(weight as usize) {
                Some(left) => rest = left,
                None => return place,
            }
        }
        0
    }
}

impl IdSource for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

/// The moment at so many microseconds since 1970.
pub(crate) fn moment(micros: i64) -> Time {
    from_micros(micros).unwrap_or_default()
}

/// Stirs all bits into all bits (the finisher of the `SplitMix64` generator).
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}
