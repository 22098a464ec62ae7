//! What a call answered, kept so that the same call, made again, is answered and not done again.

use crate::time::Time;
use chrono::TimeDelta;

/// By what a call is known when it comes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Who has given the key. Keys of two owners never meet.
    pub owner: String,
    /// What is called. One key may be used once for each.
    pub route: String,
    /// The key itself, 1 to 255 visible ASCII characters.
    pub key: String,
    /// What all of the call was made of, under a key of the caller's side: a call with the same key and
    /// another digest is another one, and a mistake.
    pub digest: [u8; 32],
}

/// What a call answered, a row of the commit that did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The call.
    pub key: IdempotencyKey,
    /// The output as JSON. None where it held a secret: then only the fact is kept that it was done.
    pub output: Option<String>,
    /// When.
    pub at: Time,
}

impl Answer {
    /// How long an answer is kept.
    pub const KEPT: TimeDelta = TimeDelta::hours(24);

    /// How many answers that are too old go with each new one: more than come, so that they never pile up.
    pub const FORGOTTEN: usize = 2;

    /// Answers of this moment and before are forgotten by the time of this one.
    pub fn forgets(&self) -> Time {
        self.at - Self::KEPT
    }
}
