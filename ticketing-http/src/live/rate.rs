//! How often a socket may say something.

use std::time::Instant;

/// What may be said at once, and what grows back in a second.
const BURST: f64 = 40.0;
const PER_SECOND: f64 = 20.0;

/// A bucket that every word takes a drop from.
#[derive(Debug)]
pub(super) struct Rate {
    left: f64,
    at: Instant,
}

impl Rate {
    pub(super) fn new(now: Instant) -> Self {
        Self { left: BURST, at: now }
    }

    /// Whether there was a drop left.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let grown = now.saturating_duration_since(self.at).as_secs_f64() * PER_SECOND;
        self.left = (self.left + grown).min(BURST);
        self.at = now;
        if self.left < 1.0 {
            return false;
        }
        self.left -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_is_let_and_a_flood_is_not() {
        let start = Instant::now();
        let mut rate = Rate::new(start);
        assert_eq!((0..100).filter(|_| rate.take(start)).count(), 40);
        let later = start + Duration::from_millis(500);
        assert_eq!((0..100).filter(|_| rate.take(later)).count(), 10);
        let much_later = start + Duration::from_hours(1);
        assert_eq!((0..100).filter(|_| rate.take(much_later)).count(), 40);
    }
}
