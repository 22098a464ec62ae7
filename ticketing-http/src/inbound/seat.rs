//! How many mails are brought at once. Each is held in memory until the desk has it, whoever brings it.

use crate::limit::Who;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Mails at once. Whoever brings one more comes again.
const MOST: usize = 16;
/// Of them, those from one address: so it takes several to keep everybody else out.
const MOST_OF_ADDRESS: usize = 4;

/// The seats of a door: who sits there, and how often. Those of whom the address is not known are nobody.
#[derive(Debug, Default)]
pub(super) struct Seats(Mutex<HashMap<Option<Who>, usize>>);

/// One of them, free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    seats: Arc<Seats>,
    who: Option<Who>,
}

impl Seats {
    /// A seat for whoever is at this address, if one is left.
    pub(super) fn take(self: &Arc<Self>, who: Option<Who>) -> Option<Seat> {
        let mut taken = self.lock();
        let own = taken.get(&who).copied().unwrap_or_default();
        if taken.values().sum::<usize>() >= MOST || who.is_some() && own >= MOST_OF_ADDRESS {
            return None;
        }
        taken.insert(who, own + 1);
        Some(Seat { seats: Arc::clone(self), who })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Option<Who>, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.lock();
        if let Some(count) = taken.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_gets_a_few_and_all_together_so_many() {
        let seats = Arc::new(Seats::default());
        let mut held = Vec::new();
        for address in 0..4 {
            held.extend((0..4).map(|_| seats.take(Some(Who::V4(address))).unwrap()));
            assert!(seats.take(Some(Who::V4(address))).is_none());
        }
        assert!(seats.take(Some(Who::V4(9))).is_none() && seats.take(None).is_none());
        held.clear();
        assert_eq!(seats.lock().len(), 0, "nobody is remembered");
        held.extend((0..16).map(|_| seats.take(None).unwrap()));
        assert!(seats.take(None).is_none() && seats.take(Some(Who::V4(9))).is_none());
    }
}
