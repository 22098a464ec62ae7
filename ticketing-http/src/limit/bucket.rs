//! Buckets that fill evenly, one for each key.

use super::RateLimit;
use governor::clock::{Clock, Reference};
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use moka::sync::Cache;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// How many keys have a bucket at most, at about 100 bytes each. Where more ask, those who ask most
/// seldom have a fresh bucket each time: a flood from so many places is not stopped by counting them.
const MOST: u64 = 100_000;

/// The time since the start, which never goes back: a limit must not follow a clock that is set.
#[derive(Clone, Debug)]
pub(super) struct Ticks {
    start: Instant,
    /// Added to it, in nanoseconds; tests let time pass by it.
    more: Arc<AtomicU64>,
}

impl Default for Ticks {
    fn default() -> Self {
        Self { start: Instant::now(), more: Arc::default() }
    }
}

#[cfg(test)]
impl Ticks {
    /// Lets time pass.
    pub(super) fn pass(&self, time: Duration) {
        self.more.fetch_add(u64::try_from(time.as_nanos()).unwrap(), Relaxed);
    }
}

/// A moment on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tick(u64);

impl std::ops::Add<Nanos> for Tick {
    type Output = Self;

    fn add(self, time: Nanos) -> Self {
        Self(self.0.saturating_add(time.as_u64()))
    }
}

impl Reference for Tick {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_sub(earlier.0).into()
    }

    fn saturating_sub(&self, time: Nanos) -> Self {
        Self(self.0.checked_sub(time.as_u64()).unwrap_or(self.0))
    }
}

impl Clock for Ticks {
    type Instant = Tick;

    fn now(&self) -> Tick {
        // Half a thousand years fit.
        let elapsed = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        Tick(elapsed.saturating_add(self.more.load(Relaxed)))
    }
}

/// How somebody stands after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// How many requests a full bucket holds.
    pub(crate) limit: u32,
    /// How many it holds now.
    pub(crate) remaining: u32,
    /// In how many seconds it is full again.
    pub(crate) reset: u64,
}

/// There is nothing left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused {
    /// Until there is one again, in whole seconds.
    pub(super) wait: u64,
    pub(super) standing: Standing,
}

type Bucket = RateLimiter<NotKeyed, InMemoryState, Ticks, StateInformationMiddleware>;

/// A bucket for each key that asked lately.
pub(super) struct Buckets<K> {
    quota: Quota,
    ticks: Ticks,
    of: Cache<K, Arc<Bucket>>,
}

impl<K: Copy + Eq + Hash + Send + Sync + 'static> Buckets<K> {
    pub(super) fn new(limit: RateLimit, ticks: &Ticks) -> Self {
        // One a nanosecond is as good as no limit, and the shortest interval there is.
        let interval = (limit.per / limit.requests.get()).max(Duration::from_nanos(1));
        let quota = Quota::with_period(interval).unwrap_or(Quota::per_second(limit.requests));
        let quota = quota.allow_burst(limit.requests);
        // A bucket that nobody touched for so long is full, as a new one is.
        let of = Cache::builder().max_capacity(MOST).time_to_idle(limit.per).build();
        Self { quota, ticks: ticks.clone(), of }
    }

    /// Takes one request out of the bucket.
    pub(super) fn take(&self, key: K) -> Result<Standing, Refused> {
        let bucket = self.of.get_with(key, || {
            let bucket = RateLimiter::direct_with_clock(self.quota, self.ticks.clone());
            Arc::new(bucket.with_middleware::<StateInformationMiddleware>())
        });
        match bucket.check() {
            Ok(left) => Ok(self.standing(left.remaining_burst_capacity())),
            Err(until) => {
                let wait = seconds(until.wait_time_from(self.ticks.now())).max(1);
                Err(Refused { wait, standing: self.standing(0) })
            }
        }
    }

    fn standing(&self, remaining: u32) -> Standing {
        let limit = self.quota.burst_size().get();
        let reset = self.quota.replenish_interval() * limit.saturating_sub(remaining);
        Standing { limit, remaining, reset: seconds(reset) }
    }
}

/// Whole seconds, after which it is certainly over.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_evenly() {
        let ticks = Ticks::default();
        let buckets = Buckets::new("3/30s".parse().unwrap(), &ticks);
        for remaining in [2, 1, 0] {
            let standing = buckets.take(1).unwrap();
            assert_eq!((standing.limit, standing.remaining), (3, remaining));
            assert_eq!(standing.reset, u64::from(3 - remaining) * 10);
        }
        let refused = buckets.take(1).unwrap_err();
        assert_eq!((refused.wait, refused.standing.remaining, refused.standing.reset), (10, 0, 30));
        assert_eq!(buckets.take(2).unwrap().remaining, 2, "somebody else's bucket is full");
        ticks.pass(Duration::from_secs(5));
        assert!(buckets.take(1).is_err(), "half a request is none");
        ticks.pass(Duration::from_secs(5));
        assert_eq!(buckets.take(1).unwrap().remaining, 0);
        assert!(buckets.take(1).is_err());
        ticks.pass(Duration::from_hours(1));
        assert_eq!(buckets.take(1).unwrap().remaining, 2, "it holds no more than the limit");
    }

    #[test]
    fn there_are_never_more_buckets_than_so_many() {
        let buckets = Buckets::new("3/30s".parse().unwrap(), &Ticks::default());
        for key in 0..MOST + 20_000 {
            buckets.take(key).ok();
        }
        buckets.of.run_pending_tasks();
        assert!(buckets.of.entry_count() <= MOST);
    }
}
