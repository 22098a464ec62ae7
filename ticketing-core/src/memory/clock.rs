//! A clock that stands still until a test moves it.

use crate::port::Clock;
use crate::time::{Time, from_micros, to_micros};
use chrono::TimeDelta;
use std::sync::{Mutex, PoisonError};

/// A clock that shows what it was set to.
#[derive(Debug)]
pub struct TestClock(Mutex<Time>);

impl TestClock {
    /// A clock that stands at this moment.
    pub fn at(now: Time) -> Self {
        Self(Mutex::new(to_micros(now)))
    }

    /// Puts it to this moment, forwards or backwards.
    pub fn set(&self, now: Time) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to_micros(now);
    }

    /// Moves it on, and says where it stands then. Stays where it is at the end of time.
    pub fn advance(&self, by: TimeDelta) -> Time {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add_signed(by).map_or(*now, to_micros);
        *now
    }
}

impl Default for TestClock {
    /// Stands at a moment of 2026 that has microseconds, so that no test passes by round numbers.
    fn default() -> Self {
        Self::at(from_micros(1_772_442_367_123_456).unwrap_or_default())
    }
}

impl Clock for TestClock {
    fn now(&self) -> Time {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_still_until_it_is_moved() {
        let clock = TestClock::default();
        let start = clock.now();
        assert_eq!(clock.now(), start);
        assert_eq!(clock.advance(TimeDelta::minutes(5)), start + TimeDelta::minutes(5));
        clock.set(start - TimeDelta::days(1));
        assert_eq!(clock.now(), start - TimeDelta::days(1));
    }

    #[test]
    fn shows_whole_microseconds() {
        let clock = TestClock::default();
        let start = clock.now();
        assert_eq!(clock.advance(TimeDelta::nanoseconds(1_999)), start + TimeDelta::microseconds(1));
    }
}
