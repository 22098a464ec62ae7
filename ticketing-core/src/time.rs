//! Moments as every store keeps them: UTC, to the microsecond.

use chrono::{DateTime, SubsecRound, Utc};

/// A moment in UTC. Everything that is stored is cut to microseconds first, so that what is read
/// back equals what was written.
pub type Time = DateTime<Utc>;

/// Cuts a moment to the precision that every store keeps.
pub fn to_micros(at: Time) -> Time {
    at.trunc_subsecs(6)
}

/// The moment at this many microseconds since 1970, or `None` outside chrono's range.
pub fn from_micros(micros: i64) -> Option<Time> {
    DateTime::from_timestamp_micros(micros)
}
