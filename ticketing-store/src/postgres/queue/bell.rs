//! Telling workers in other processes that there is work.
//!
//! A notification inside of a commit would make commits wait for one another, so it goes out on its own, a
//! moment later and once for many. It is a hint: workers look by themselves now and then, and one that is
//! lost with its connection costs no more than that.

use super::super::failure::in_read;
use super::super::shelf::Shelf;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use std::sync::atomic::{AtomicI32, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use ticketing_core::port::StoreResult;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::sleep;

const CHANNEL: &str = "ticketing_job";
/// At most one notification goes out in this time.
const BETWEEN: Duration = Duration::from_millis(20);
/// How long to wait before the database is asked again for a connection to listen on.
const PAUSE: Duration = Duration::from_secs(1);

/// Nobody is to be told.
const QUIET: u8 = 0;
/// What was rung for so far is being told.
const TELLING: u8 = 1;
/// It was rung since.
const RUNG_AGAIN: u8 = 2;

/// A store's bell. It opens one connection besides the store's others, when somebody first listens.
#[derive(Debug)]
pub struct Bell {
    ringer: Arc<Ringer>,
    connect: PgConnectOptions,
    heard: watch::Sender<u64>,
    /// Up to where somebody was told of what was heard.
    told: AtomicU64,
    listener: Mutex<Option<AbortHandle>>,
}

#[derive(Debug)]
struct Ringer {
    shelf: Arc<Shelf>,
    state: AtomicU8,
    /// The server's process that told last for this store, so that the store does not wake itself.
    pid: AtomicI32,
}

impl Bell {
    /// A bell that tells through connections of the shelf and listens on one of its own.
    pub fn new(shelf: Arc<Shelf>, connect: PgConnectOptions) -> Self {
        let ringer = Ringer { shelf, state: AtomicU8::new(QUIET), pid: AtomicI32::new(0) };
        let listener = Mutex::new(None);
        Self { ringer: Arc::new(ringer), connect, heard: watch::Sender::new(0), told: AtomicU64::new(0), listener }
    }

    /// Sees to it that others are told.
    pub fn ring(&self) {
        let next = |state| Some(if state == QUIET { TELLING } else { RUNG_AGAIN });
        let before = self.ringer.state.fetch_update(Ordering::AcqRel, Ordering::Acquire, next);
        if before == Ok(QUIET) {
            tokio::spawn(Arc::clone(&self.ringer).tell());
        }
    }

    /// Returns when something was heard that nobody was told of yet. All who wait are told at once.
    pub async fn rung(&self) {
        let mut heard = self.heard.subscribe();
        self.listen();
        let told = self.told.load(Ordering::Acquire);
        // The sender is a part of this very bell, so there is always one.
        let now = heard.wait_for(|count| *count > told).await.map_or(told, |count| *count);
        self.told.fetch_max(now, Ordering::AcqRel);
    }

    /// Ends the listening; whoever still waits waits for ever.
    pub fn close(&self) {
        if let Some(listener) = self.listener().take() {
            listener.abort();
        }
    }

    fn listen(&self) {
        let mut listener = self.listener();
        if listener.is_none() {
            let task = listen(self.connect.clone(), self.heard.clone(), Arc::clone(&self.ringer));
            *listener = Some(tokio::spawn(task).abort_handle());
        }
    }

    fn listener(&self) -> std::sync::MutexGuard<'_, Option<AbortHandle>> {
        // A handle is whole whatever happened while it was held.
        self.listener.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        self.close();
    }
}

impl Ringer {
    async fn tell(self: Arc<Self>) {
        loop {
            if let Err(error) = self.notify().await {
                tracing::debug!(%error, "workers elsewhere were not told of work");
            }
            sleep(BETWEEN).await;
            let calm = self.state.compare_exchange(TELLING, QUIET, Ordering::AcqRel, Ordering::Acquire);
            if calm.is_ok() {
                return;
            }
            self.state.store(TELLING, Ordering::Release);
        }
    }

    async fn notify(&self) -> StoreResult<()> {
        let mut lease = self.shelf.lease().await?;
        self.pid.store(lease.session.pid, Ordering::Release);
        let told = sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(&mut *lease).await;
        lease.give_back(told.map(drop).map_err(in_read))
    }
}

/// Listens for as long as the task is let, on one connection after the other.
async fn listen(connect: PgConnectOptions, heard: watch::Sender<u64>, ringer: Arc<Ringer>) {
    loop {
        if let Err(error) = listen_once(&connect, &heard, &ringer).await {
            tracing::debug!(%error, "the connection that listens for work was lost");
        }
        sleep(PAUSE).await;
    }
}

async fn listen_once(
    connect: &PgConnectOptions,
    heard: &watch::Sender<u64>,
    ringer: &Ringer,
) -> Result<(), sqlx::Error> {
    let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
    let pool = pool.connect_lazy_with(connect.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen(CHANNEL).await?;
    // Whatever was told before is missed.
    heard.send_modify(|count| *count += 1);
    while let Some(notification) = listener.try_recv().await? {
        let pid = i32::try_from(notification.process_id()).unwrap_or_default();
        if pid != ringer.pid.load(Ordering::Acquire) {
            heard.send_modify(|count| *count += 1);
        }
    }
    Ok(())
}
