//! What this process has made of mail.

use crate::model::{ArrivalCause, ArrivalState};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Counts of mails that this process has decided about, since it began.
#[derive(Debug, Default)]
pub struct InboundTally(Mutex<BTreeMap<(ArrivalState, Option<ArrivalCause>), u64>>);

impl InboundTally {
    /// One more became this.
    pub(super) fn add(&self, state: ArrivalState, cause: Option<ArrivalCause>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry((state, cause)).or_default() += 1;
    }

    /// How many became what, for which cause.
    pub fn counts(&self) -> Vec<(ArrivalState, Option<ArrivalCause>, u64)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().map(|((state, cause), count)| (*state, *cause, *count)).collect()
    }
}
