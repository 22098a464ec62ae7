//! How many connections there are at once: every one takes a seat from its handshake on, whoever it turns out to be, and
//! holds it as long as there is anything of it.

use super::hub::lock;
use crate::limit::Who;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use ticketing_core::UserId;

/// The seats of a server.
pub(crate) struct Seats {
    most: Option<usize>,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by: HashMap<Who, usize>,
    of: HashMap<UserId, usize>,
}

/// One of them, free again when it is dropped.
pub(super) struct Seat {
    seats: Arc<Seats>,
    who: Option<Who>,
    owner: OnceLock<UserId>,
    /// How often somebody may still say from it who they are.
    tries: AtomicU8,
}

/// How often in all; clients do it once.
const TRIES: u8 = 16;

/// Seats of one person; more are refused. Somebody with many tabs has a few dozen. Seats are counted and not sockets: a
/// client may leave and keep its connection.
pub(super) const MOST_OF_PERSON: usize = 64;

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
        Some(Arc::new(Seat { seats: Arc::clone(self), who, owner: OnceLock::new(), tries: AtomicU8::new(TRIES) }))
    }
}

impl Seat {
    /// Takes a try, if one is left.
    pub(super) fn try_once(&self) -> bool {
        self.tries.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1)).is_ok()
    }

    /// Makes it this person's, unless the person has too many or it was another's.
    pub(super) fn belongs_to(&self, user_id: UserId) -> bool {
        let mut taken = lock(&self.seats.taken);
        if let Some(owner) = self.owner.get() {
            return *owner == user_id;
        }
        let own = taken.of.entry(user_id).or_default();
        let has_room = *own < MOST_OF_PERSON;
        if has_room {
            *own += 1;
        }
        has_room && self.owner.set(user_id).is_ok()
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
        if let Some(who) = self.who {
            give_back(&mut taken.by, who);
        }
        if let Some(owner) = self.owner.get() {
            give_back(&mut taken.of, *owner);
        }
    }
}

fn give_back<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: K) {
    if let Entry::Occupied(mut count) = counts.entry(key) {
        *count.get_mut() -= 1;
        if *count.get() == 0 {
            count.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

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
    fn one_person_has_some_whether_connected_or_not() {
        let seats = Seats::new(None);
        let (one, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let mut held: Vec<_> = (0..MOST_OF_PERSON).map(|_| seats.take(None).unwrap()).collect();
        assert!(held.iter().all(|seat| seat.belongs_to(one) && seat.belongs_to(one)));
        assert!(!held[0].belongs_to(other), "it is somebody's");
        let more = seats.take(None).unwrap();
        assert!(!more.belongs_to(one) && more.belongs_to(other));
        held.pop();
        assert!(seats.take(None).unwrap().belongs_to(one));
        drop((held, more));
        assert!(lock(&seats.taken).of.is_empty());
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
