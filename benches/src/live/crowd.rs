//! Many sockets on a thread of their own, each of which remembers little of what it heard.

use super::socket::Socket;
use super::tale::{Tale, Word, since};
use crate::sample::Dice;
use anyhow::{Context, Result, bail};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use ticketing_core::port::{Clock, SystemClock};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{sleep, timeout};

/// How many come in at once.
const AT_THE_DOOR: usize = 64;
/// How long coming in may take: socket.io-client's own patience.
const PATIENCE: Duration = Duration::from_secs(20);
/// Sockets of one source address; a port more each.
const PER_ADDRESS: usize = 20_000;
/// How often it is looked whether something has happened.
const LOOK: Duration = Duration::from_millis(2);

/// Who sits there and what they look on at.
#[derive(Clone)]
pub struct Seat {
    /// Whose socket it is.
    pub token: Arc<str>,
    /// The ticket.
    pub ticket: Arc<str>,
    /// Whether the person works at the desk.
    pub is_staff: bool,
}

/// What a socket remembers.
#[derive(Default)]
struct Ear {
    tale: Tale,
    resyncs: u64,
}

/// Open sockets. Dropping it closes them.
pub struct Crowd {
    hearing: Arc<Hearing>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Hearing {
    address: SocketAddr,
    seats: Vec<Seat>,
    ears: Vec<Mutex<Ear>>,
    begun: Instant,
    /// Whether who loses the connection comes back.
    comes_back: bool,
    there: AtomicUsize,
    told: AtomicU64,
    /// When something was last heard, microseconds after the beginning.
    last: AtomicU64,
    is_timed: AtomicBool,
    /// From each event's own time until a socket heard it, ms.
    lags: Mutex<Vec<f64>>,
    sample: Mutex<Vec<u8>>,
    fault: Mutex<Option<anyhow::Error>>,
    door: Semaphore,
}

impl Crowd {
    /// Lets everybody come in, some at a time, and waits until they are there.
    pub async fn gather(address: &str, seats: Vec<Seat>, comes_back: bool, limit: Duration) -> Result<Self> {
        let all = seats.len();
        let hearing = Arc::new(Hearing {
            address: address.parse()?,
            ears: seats.iter().map(|_| Mutex::default()).collect(),
            seats,
            begun: Instant::now(),
            comes_back,
            there: AtomicUsize::new(0),
            told: AtomicU64::new(0),
            last: AtomicU64::new(0),
            is_timed: AtomicBool::new(false),
            lags: Mutex::default(),
            sample: Mutex::default(),
            fault: Mutex::default(),
            door: Semaphore::new(AT_THE_DOOR),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        // A thread of their own: who asks meanwhile is not to wait behind those who listen.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listening = Arc::clone(&hearing);
        let thread = std::thread::Builder::new().name("crowd".to_owned()).spawn(move || {
            runtime.block_on(async move {
                for place in 0..all {
                    tokio::spawn(attend(Arc::clone(&listening), place));
                }
                // Whoever holds the other end has let go.
                let _ = stopped.await;
            });
        })?;
        let crowd = Self { hearing, stop: Some(stop), thread: Some(thread) };
        crowd.wait_for(all, limit).await?;
        Ok(crowd)
    }

    /// How many are there.
    pub fn there(&self) -> usize {
        self.hearing.there.load(Relaxed)
    }

    /// Waits until so many are there.
    pub async fn wait_for(&self, count: usize, limit: Duration) -> Result<()> {
        let begun = Instant::now();
        while self.there() < count {
            self.look()?;
            if begun.elapsed() > limit {
                bail!("after {} s {} of {count} sockets are there", limit.as_secs(), self.there());
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// Waits until nobody is there any more.
    pub async fn wait_until_gone(&self, limit: Duration) -> Result<()> {
        let begun = Instant::now();
        while self.there() > 0 {
            if begun.elapsed() > limit {
                bail!("{} sockets are still there", self.there());
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// Fails where a socket was lost that does not come back.
    pub fn look(&self) -> Result<()> {
        match lock(&self.hearing.fault).take() {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    /// Forgets everything that was heard; from now on it is noted how late each event came, if that is wanted.
    pub fn forget(&self, is_timed: bool) {
        self.hearing.is_timed.store(is_timed, Relaxed);
        for ear in &self.hearing.ears {
            let mut ear = lock(ear);
            (ear.tale, ear.resyncs) = (Tale::default(), 0);
        }
        self.hearing.told.store(0, Relaxed);
        lock(&self.hearing.lags).clear();
    }

    /// Waits until everybody has heard all that staff and customers may know of, or nobody has heard anything for `limit`.
    pub async fn hear(&self, staff: Tale, customers: Tale, limit: Duration) -> Result<Heard> {
        let wanted = self.hearing.seats.iter().map(|seat| if seat.is_staff { staff.events } else { customers.events });
        let wanted = wanted.sum();
        let (mut before, mut since) = (0, Instant::now());
        loop {
            self.look()?;
            let told = self.hearing.told.load(Relaxed);
            if told >= wanted || since.elapsed() > limit {
                return Ok(self.judge(staff, customers, told));
            }
            if told != before {
                (before, since) = (told, Instant::now());
            }
            sleep(LOOK).await;
        }
    }

    /// Holds what each has heard against the log.
    fn judge(&self, staff: Tale, customers: Tale, told: u64) -> Heard {
        let last = self.hearing.begun + Duration::from_micros(self.hearing.last.load(Relaxed));
        let mut lags = std::mem::take(&mut *lock(&self.hearing.lags));
        lags.sort_by(f64::total_cmp);
        let mut heard = Heard { told, last, lags, wrong: 0, resynced: 0 };
        for (seat, ear) in self.hearing.seats.iter().zip(&self.hearing.ears) {
            let ear = lock(ear);
            if ear.resyncs > 0 {
                heard.resynced += 1;
            } else if ear.tale != if seat.is_staff { staff } else { customers } {
                heard.wrong += 1;
            }
        }
        heard
    }

    /// The last event as the first socket heard it.
    pub fn sample(&self) -> Vec<u8> {
        lock(&self.hearing.sample).clone()
    }
}

/// How well a crowd has heard.
pub struct Heard {
    /// How many events were told, to all together.
    pub told: u64,
    /// When the last one was heard.
    pub last: Instant,
    /// From each event's own time until a socket heard it, ms, in order; where that was wanted.
    pub lags: Vec<f64>,
    /// Sockets that heard something else than what happened, or in another order, and were not told so.
    pub wrong: usize,
    /// Sockets that were told that something is missing.
    pub resynced: usize,
}

impl Heard {
    /// Whether everybody heard everything once, in order.
    pub fn is_whole(&self) -> bool {
        self.wrong == 0 && self.resynced == 0
    }
}

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { told, wrong, resynced, .. } = self;
        write!(f, "{told} times heard; {wrong} sockets heard something else or not in order, {resynced} were too slow")
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It has nothing to say that would matter now.
            let _ = thread.join();
        }
    }
}

/// One seat, for as long as the crowd is there.
async fn attend(hearing: Arc<Hearing>, place: usize) {
    let mut dice = Dice::new(place as u64 + 1);
    let mut door = hearing.door.acquire().await.ok();
    let mut tries = 0;
    loop {
        let came = timeout(PATIENCE, arrive(&hearing, place)).await.context("coming in took too long");
        let ended = match came.and_then(|came| came) {
            Ok(socket) => {
                tries = 0;
                drop(door.take());
                hearing.there.fetch_add(1, Relaxed);
                let ended = listen(&hearing, place, socket).await;
                hearing.there.fetch_sub(1, Relaxed);
                ended
            }
            Err(error) => Err(error),
        };
        if !hearing.comes_back {
            let fault = ended.err().unwrap_or_else(|| anyhow::anyhow!("a socket was closed"));
            lock(&hearing.fault).get_or_insert(fault);
            return;
        }
        sleep(pause(tries, &mut dice)).await;
        tries += 1;
    }
}

/// How long socket.io-client waits before it tries again: a second, doubled each time up to five, half more or less.
fn pause(tries: u32, dice: &mut Dice) -> Duration {
    let around = 1_000_u64.saturating_mul(2_u64.saturating_pow(tries));
    let jittered = around.saturating_div(2).saturating_add(dice.below(around.saturating_add(1)));
    Duration::from_millis(jittered.min(5_000))
}

/// Comes in, and waits until it hears everything.
async fn arrive(hearing: &Hearing, place: usize) -> Result<Socket> {
    let seat = hearing.seats.get(place).context("no such seat")?;
    let network = u8::try_from(place / PER_ADDRESS)?;
    let mut socket = Socket::open(hearing.address, Ipv4Addr::new(127, 0, 0, 1 + network), None).await?;
    let words = |text: &[u8]| hearing.take(place, text);
    enter(&mut socket, seat, words).await?;
    Ok(socket)
}

/// Says who it is and what it looks on at, and waits until it hears everything. What it hears meanwhile is given on.
pub async fn enter(socket: &mut Socket, seat: &Seat, mut others: impl FnMut(&[u8])) -> Result<()> {
    socket.say(&format!("40{{\"token\":\"{}\"}}", seat.token)).await?;
    let (mut is_ready, mut is_watching, mut asks, mut refused) = (false, false, false, None);
    while !(is_ready && is_watching) {
        let goes_on = socket
            .hear(|text| match Word::of(text) {
                Word::Connected => asks = true,
                Word::Ready => is_ready = true,
                Word::Done => is_watching = true,
                Word::Refused => refused = Some(String::from_utf8_lossy(text).into_owned()),
                Word::Event(..) | Word::Resync | Word::Other => others(text),
            })
            .await?;
        if let Some(text) = refused {
            bail!("a socket was refused: {text}");
        }
        if !goes_on {
            bail!("a socket was closed while it came in");
        }
        if std::mem::take(&mut asks) {
            socket.say(&format!("420[\"subscribe_ticket\",\"{}\"]", seat.ticket)).await?;
        }
    }
    Ok(())
}

/// Listens until the socket ends.
async fn listen(hearing: &Hearing, place: usize, mut socket: Socket) -> Result<()> {
    let mut ended = None;
    while socket
        .hear(|text| {
            if Word::of(text) == Word::Refused {
                ended = Some(String::from_utf8_lossy(text).into_owned());
            }
            hearing.take(place, text);
        })
        .await?
    {}
    bail!("a socket was closed: {}", ended.unwrap_or_default())
}

impl Hearing {
    fn take(&self, place: usize, text: &[u8]) {
        let Some(ear) = self.ears.get(place) else { return };
        match Word::of(text) {
            Word::Event(id, at) => {
                lock(ear).tale.tell(id);
                if self.is_timed.load(Relaxed)
                    && let Some(lag) = since(at, SystemClock.now())
                {
                    lock(&self.lags).push(lag);
                }
                let last = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
                self.last.store(last, Relaxed);
                if place == 0 {
                    text.clone_into(&mut lock(&self.sample));
                }
                self.told.fetch_add(1, Relaxed);
            }
            Word::Resync => lock(ear).resyncs += 1,
            _ => {}
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_back_waits_as_long_as_the_client_of_browsers_does() {
        let mut dice = Dice::new(1);
        for (tries, least, most) in [(0, 500, 1_500), (1, 1_000, 3_000), (2, 2_000, 5_000), (9, 5_000, 5_000)] {
            for _ in 0..200 {
                let pause = u64::try_from(pause(tries, &mut dice).as_millis()).expect("seconds");
                assert!((least..=most).contains(&pause), "{tries}: {pause}");
            }
        }
        assert_eq!(pause(u32::MAX, &mut dice), Duration::from_secs(5));
    }
}
