//! How many mails are brought at once. Each is held in memory until the desk has it, whoever brings it.

use crate::limit::Who;
use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;

/// Mails at once. Whoever brings one more waits, and comes again after that.
const MOST: usize = 16;
/// Of them, those from one address: so it takes several to keep everybody else out.
const MOST_OF_ADDRESS: usize = 4;

/// How long somebody waits for a seat: mails often come some at once, and each takes no time.
const PATIENCE: Duration = Duration::from_secs(1);

/// The seats of a door.
#[derive(Debug, Default)]
pub(super) struct Seats {
    /// Who sits there, and how often. Those of whom the address is not known are nobody.
    taken: Mutex<HashMap<Option<Who>, usize>>,
    /// Told whenever a seat is free again.
    freed: Notify,
}

/// One of them, free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    seats: Arc<Seats>,
    who: Option<Who>,
}

impl Seats {
    /// A seat for whoever is at this address, if one is left or gets free soon.
    pub(super) async fn take_soon(self: &Arc<Self>, who: Option<Who>) -> Option<Seat> {
        let wait = async {
            loop {
                let mut freed = pin!(self.freed.notified());
                // Before the look, so that nothing is missed between it and the wait.
                freed.as_mut().enable();
                match self.take(who) {
                    Some(seat) => return seat,
                    None => freed.await,
                }
            }
        };
        timeout(PATIENCE, wait).await.ok()
    }

    /// A seat for whoever is at this address, if one is left.
    fn take(self: &Arc<Self>, who: Option<Who>) -> Option<Seat> {
        let mut taken = self.lock();
        let own = taken.get(&who).copied().unwrap_or_default();
        if taken.values().sum::<usize>() >= MOST || who.is_some() && own >= MOST_OF_ADDRESS {
            return None;
        }
        taken.insert(who, own + 1);
        Some(Seat { seats: Arc::clone(self), who })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Option<Who>, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
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
        drop(taken);
        self.seats.freed.notify_waiters();
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

    #[tokio::test]
    async fn who_waits_gets_the_seat_that_gets_free() {
        let seats = Arc::new(Seats::default());
        let mut held: Vec<_> = (0..4).map(|_| seats.take(Some(Who::V4(1))).unwrap()).collect();
        let waiting = tokio::spawn({
            let seats = Arc::clone(&seats);
            async move { seats.take_soon(Some(Who::V4(1))).await.is_some() }
        });
        tokio::task::yield_now().await;
        held.pop();
        assert!(waiting.await.unwrap());
    }
}
