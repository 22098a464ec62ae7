//! How many connections there are at once: every one takes a seat from its handshake on, whoever it turns out to be, and
//! holds it as long as there is anything of it.

use super::hub::lock;
use crate::limit::Who;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

/// The seats of a server.
pub(crate) struct Seats {
    most: Option<usize>,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by: HashMap<Who, usize>,
}

/// One of them, free again when it is dropped.
pub(super) struct Seat {
    seats: Arc<Seats>,
    who: Option<Who>,
    /// How often somebody may still say from it who they are.
    tries: AtomicU8,
}

/// How often in all; clients do it once.
const TRIES: u8 = 16;

impl Seats {
    /// None: as many as anybody likes.
    pub(crate) fn new(most: Option<usize>) -> Arc<Self> {
        Arc::new(Self { most, taken: Mutex::default() })
    }

    /// A seat for whoever is at this address, if one is left. One address gets at most half of them, so that it takes
    /// more than one to keep everybody else out.
    pub(super) fn take(self: &Arc<Self>, who: Option<Who>) -> Option<Arc<Seat>> {
        let mut taken = lock(&self.taken);
        let own = who.and_then(|who| taken.by.get(&who)).copied().unwrap_or_default();
        if self.most.is_some_and(|most| taken.all >= most || own >= most.div_ceil(2)) {
            return None;
        }
        taken.all += 1;
        if let Some(who) = who {
            *taken.by.entry(who).or_default() += 1;
        }
        Some(Arc::new(Seat { seats: Arc::clone(self), who, tries: AtomicU8::new(TRIES) }))
    }
}

impl Seat {
    /// Takes a try, if one is left.
    pub(super) fn try_once(&self) -> bool {
        self.tries.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1)).is_ok()
    }

    /// Whoever was refused connects anew to try again.
    pub(super) fn spend(&self) {
        self.tries.store(0, Ordering::Release);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = lock(&self.seats.taken);
        taken.all = taken.all.saturating_sub(1);
        if let Some(who) = self.who
            && let Some(own) = taken.by.get_mut(&who)
        {
            *own -= 1;
            if *own == 0 {
                taken.by.remove(&who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_limited_in_all_and_by_address_and_free_again() {
        let seats = Seats::new(Some(5));
        let (one, other) = (Some(Who::V4(1)), Some(Who::V4(2)));
        let mut held: Vec<_> = (0..3).map(|_| seats.take(one).unwrap()).collect();
        assert!(seats.take(one).is_none(), "half of five, and the odd one");
        held.extend([seats.take(other).unwrap(), seats.take(None).unwrap()]);
        assert!(seats.take(other).is_none() && seats.take(None).is_none(), "all are taken");
        held.remove(0);
        assert!(seats.take(one).is_some());
        drop(held);
        assert!(lock(&seats.taken).by.is_empty() && lock(&seats.taken).all == 0);
        let many: Vec<_> = std::iter::repeat_with(|| Seats::new(None).take(one)).take(100).collect();
        assert!(many.iter().all(Option::is_some));
    }

    #[test]
    fn tries_are_few() {
        let seat = Seats::new(None).take(None).unwrap();
        assert_eq!((0..100).filter(|_| seat.try_once()).count(), usize::from(TRIES));
        let seat = Seats::new(None).take(None).unwrap();
        assert!(seat.try_once());
        seat.spend();
        assert!(!seat.try_once());
    }
}
