//! The task that holds the link to the other processes.

use super::message::{empty, pack, unpack};
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::port::{BoxError, Bus, Clock, IdSource, LocalBus, RandomIds, Signal, SystemClock};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{broadcast, oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout};
use uuid::Uuid;

/// How many signals wait for their way out at most; of more than these the others do not hear.
const WAITING: usize = 1024;
/// How many of them go out at once.
const AT_ONCE: usize = 256;
/// What is told within this time goes out together.
const BETWEEN: Duration = Duration::from_millis(10);
/// How long the other side may take to let us in or to take a message.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a link is tried on which nothing is heard. Who sends something hears it, so there is always something.
const BEAT: Duration = Duration::from_secs(5);
/// A link on which nothing was heard for so long is broken.
const SILENCE: Duration = Duration::from_secs(15);
/// The first pause before a link is looked for again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// How long closing waits for what was told last.
const CLOSING: Duration = Duration::from_secs(2);

/// A way to the other processes.
#[async_trait]
pub trait Line: Send + Sync + 'static {
    /// Its link, once it is made.
    type Link: Link;

    /// What the way is called in the log.
    const NAME: &'static str;

    /// The most bytes of a message.
    const LONGEST: usize;

    /// Makes the link. From then on nothing that is sent is missed.
    async fn open(&self) -> Result<Self::Link, BoxError>;
}

/// A link that works until it fails.
#[async_trait]
pub trait Link: Send {
    /// The next message, also one of this process. May be given up at any moment, and nothing is missed.
    async fn hear(&mut self) -> Result<String, BoxError>;

    /// Sends a message to all.
    async fn tell(&mut self, message: &str) -> Result<(), BoxError>;
}

/// A bus over some way to the other processes.
#[derive(Debug)]
pub struct Relay {
    local: LocalBus,
    outbox: Sender<Posted>,
    state: Arc<watch::Sender<State>>,
    task: AbortHandle,
}

/// How it stands with the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It was not there yet. What is told waits for it.
    Opening,
    Linked,
    /// It is away. What is told now would be told too late.
    Lost,
}

/// What the task is asked for.
#[derive(Debug)]
enum Posted {
    Signal(Signal),
    /// Send what was told before this, then end.
    End(oneshot::Sender<()>),
}

impl Relay {
    /// Begins to look for the link, in a task of its own that ends with the relay.
    pub fn new<L: Line>(line: L) -> Self {
        let (outbox, posted) = channel(WAITING);
        let (local, state) = (LocalBus::new(), Arc::new(watch::Sender::new(State::Opening)));
        let id = RandomIds.uuid(SystemClock.now());
        let task = Task { line, id, local: local.clone(), state: Arc::clone(&state), posted };
        Self { local, outbox, state, task: tokio::spawn(task.run()).abort_handle() }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[async_trait]
impl Bus for Relay {
    fn publish(&self, signal: Signal) {
        self.local.publish(signal.clone());
        if *self.state.borrow() != State::Lost && self.outbox.try_send(Posted::Signal(signal)).is_err() {
            tracing::debug!("more is told than the bus can carry; other processes don't hear of all");
        }
    }

    fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.local.subscribe()
    }

    fn is_linked(&self) -> Option<bool> {
        Some(*self.state.borrow() == State::Linked)
    }

    async fn close(&self) {
        if self.has_something_to_tell() {
            self.finish().await;
        }
        self.task.abort();
        self.state.send_replace(State::Lost);
    }
}

impl Relay {
    /// Before the link is there, all that was told waits in the queue.
    fn has_something_to_tell(&self) -> bool {
        *self.state.borrow() != State::Opening || self.outbox.capacity() < self.outbox.max_capacity()
    }

    async fn finish(&self) {
        let (end, ended) = oneshot::channel();
        let mut state = self.state.subscribe();
        let told = async {
            if self.outbox.send(Posted::End(end)).await.is_ok() {
                // An error says that the link was lost before.
                drop(ended.await);
            }
        };
        tokio::select! {
            _ = timeout(CLOSING, told) => {}
            // The sender is a part of this very relay, so there is always one.
            _ = state.wait_for(|state| *state == State::Lost) => {}
        }
    }
}

struct Task<L> {
    line: L,
    /// This process, as far as the bus goes.
    id: Uuid,
    local: LocalBus,
    state: Arc<watch::Sender<State>>,
    posted: Receiver<Posted>,
}

impl<L: Line> Task<L> {
    async fn run(mut self) {
        let mut pause = PAUSES.0;
        loop {
            let opened = timeout(PATIENCE, self.line.open()).await;
            let ended = match opened {
                Ok(Ok(mut link)) => {
                    let begun = Instant::now();
                    let ended = self.linked(&mut link).await;
                    // One that is let in and turned out at once does not come back at once.
                    if begun.elapsed() > PAUSES.1 {
                        pause = PAUSES.0;
                    }
                    ended
                }
                Ok(Err(error)) => Err(error),
                Err(late) => Err(late.into()),
            };
            let Err(error) = ended else { return };
            let before = self.state.send_replace(State::Lost);
            if before != State::Lost {
                let error = &*error as &dyn std::error::Error;
                tracing::warn!(error, "no link to other processes by {}; signals stay in this one", L::NAME);
            }
            // What still waits would come too late.
            while self.posted.try_recv().is_ok() {}
            sleep(self.spread(pause)).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Half as long to one and a half times, so that not all processes come at the same moment.
    fn spread(&self, pause: Duration) -> Duration {
        let share = self.id.as_bytes().last().copied().unwrap_or_default();
        pause.mul_f64(0.5 + f64::from(share) / 255.0)
    }

    /// Carries signals while the link holds. Ends well where nobody wants that any more.
    async fn linked(&mut self, link: &mut L::Link) -> Result<(), BoxError> {
        // Both sides have missed something, perhaps.
        let asks = Signal::Asks { node: self.id };
        self.tell(link, std::slice::from_ref(&asks)).await?;
        self.local.publish(asks);
        if self.state.send_replace(State::Linked) == State::Lost {
            tracing::info!("linked to other processes by {} again", L::NAME);
        }
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut batch = Vec::with_capacity(AT_ONCE);
        let (mut heard, mut quiet_until) = (Instant::now(), Instant::now());
        loop {
            let posted = &mut self.posted;
            let gathered = async {
                sleep_until(quiet_until).await;
                posted.recv_many(&mut batch, AT_ONCE).await
            };
            tokio::select! {
                message = link.hear() => {
                    heard = Instant::now();
                    for signal in unpack(&message?, self.id) {
                        self.local.publish(signal);
                    }
                }
                count = gathered => {
                    if count == 0 {
                        return Ok(());
                    }
                    let (mut signals, mut ends) = (Vec::with_capacity(count), Vec::new());
                    for posted in batch.drain(..) {
                        match posted {
                            Posted::Signal(signal) => signals.push(signal),
                            Posted::End(end) => ends.push(end),
                        }
                    }
                    self.tell(link, &signals).await?;
                    quiet_until = Instant::now() + BETWEEN;
                    if !ends.is_empty() {
                        // Dropping them says that all is told.
                        return Ok(());
                    }
                }
                _ = beat.tick() => {
                    if heard.elapsed() >= SILENCE {
                        return Err("nothing was heard, not even what was sent from here".into());
                    }
                    if heard.elapsed() >= BEAT / 2 {
                        timeout(PATIENCE, link.tell(&empty(self.id))).await??;
                    }
                }
            }
        }
    }

    async fn tell(&self, link: &mut L::Link, signals: &[Signal]) -> Result<(), BoxError> {
        for message in pack(self.id, signals, L::LONGEST) {
            timeout(PATIENCE, link.tell(&message)).await??;
        }
        Ok(())
    }
}
