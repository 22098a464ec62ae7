//! Counting what workers did.

use crate::model::JobKind;
use std::sync::atomic::{AtomicU64, Ordering};

/// How an attempt at a job went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It is tried again.
    Retried,
    /// It was given up.
    Dead,
    /// It was given back untried.
    Released,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Done, Self::Retried, Self::Dead, Self::Released];

    /// The word for metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retried => "retried",
            Self::Dead => "dead",
            Self::Released => "released",
        }
    }
}

/// How many attempts of each kind went how, since the workers were made.
#[derive(Debug)]
pub struct JobTally {
    counts: Vec<AtomicU64>,
}

impl Default for JobTally {
    fn default() -> Self {
        let many = JobKind::ALL.len() * Outcome::ALL.len();
        Self { counts: (0..many).map(|_| AtomicU64::new(0)).collect() }
    }
}

impl JobTally {
    pub(super) fn add(&self, kind: JobKind, outcome: Outcome) {
        if let Some(count) = self.counts.get(place(kind, outcome)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many attempts of this kind went so.
    pub fn count(&self, kind: JobKind, outcome: Outcome) -> u64 {
        self.counts.get(place(kind, outcome)).map_or(0, |count| count.load(Ordering::Relaxed))
    }
}

fn place(kind: JobKind, outcome: Outcome) -> usize {
    let kind = JobKind::ALL.iter().position(|known| *known == kind).unwrap_or_default();
    kind * Outcome::ALL.len() + outcome as usize
}
