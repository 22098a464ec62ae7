//! Connections that read, none for longer than it may.
//!
//! SQLite asks now and then whether it should go on. Each connection has its own answer, set as a
//! read starts; sqlx's pool does not say whose turn it is, and asking the thread that drives SQLite
//! to set it anew costs half as much as a small read.

use super::failure::store_error;
use super::open::SqliteOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use ticketing_core::port::{StoreError, StoreResult};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How many steps SQLite takes between two looks at the clock: together they last well below a
/// millisecond.
const STEPS: i32 = 10_000;

/// The readers of a file.
#[derive(Debug)]
pub struct Readers {
    connect: SqliteConnectOptions,
    size: u32,
    patience: Duration,
    longest: Duration,
    opened: Instant,
    is_closing: Arc<AtomicBool>,
    room: Arc<Semaphore>,
    resting: Mutex<Vec<Reader>>,
}

#[derive(Debug)]
struct Reader {
    connection: SqliteConnection,
    /// When its read is cut off, in microseconds since the readers were opened.
    end: Arc<AtomicU64>,
}

impl Readers {
    /// Makes sure that the file can be read.
    pub async fn open(connect: SqliteConnectOptions, options: &SqliteOptions) -> StoreResult<Arc<Self>> {
        let size = options.readers.max(1);
        let readers = Arc::new(Self {
            connect,
            size,
            patience: options.patience,
            longest: options.read_timeout,
            opened: Instant::now(),
            is_closing: Arc::default(),
            room: Arc::new(Semaphore::new(usize::try_from(size).unwrap_or(1))),
            resting: Mutex::default(),
        });
        let first = readers.connect().await.map_err(store_error)?;
        readers.resting().push(first);
        Ok(readers)
    }

    /// A connection for one read, whose time starts now. Waits for one at most as long as the options
    /// say.
    pub async fn lease(self: &Arc<Self>) -> StoreResult<Lease> {
        let room = timeout(self.patience, Arc::clone(&self.room).acquire_owned()).await;
        let room = room.map_err(|_| unavailable("no reader of the file became free in time"))?;
        let room = room.map_err(|_| unavailable("the store is closed"))?;
        // The list is not locked while a connection is opened.
        let rested = self.resting().pop();
        let reader = match rested {
            Some(reader) => reader,
            None => self.connect().await.map_err(store_error)?,
        };
        reader.end.store(micros(self.opened.elapsed().saturating_add(self.longest)), Ordering::Relaxed);
        Ok(Lease { reader: Some(reader), readers: Arc::clone(self), _room: room })
    }

    async fn connect(&self) -> Result<Reader, sqlx::Error> {
        let mut connection = self.connect.connect().await?;
        let end = Arc::new(AtomicU64::new(u64::MAX));
        let (read_end, is_closing, opened) = (Arc::clone(&end), Arc::clone(&self.is_closing), self.opened);
        let may_go_on =
            move || !is_closing.load(Ordering::Relaxed) && micros(opened.elapsed()) < read_end.load(Ordering::Relaxed);
        connection.lock_handle().await?.set_progress_handler(STEPS, may_go_on);
        Ok(Reader { connection, end })
    }

    /// Cuts off what is being read, and closes every connection. Whoever asks later is refused.
    pub async fn close(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
        // Only whoever closed before could have taken them for good.
        let all = self.room.acquire_many(self.size).await;
        self.room.close();
        drop(all);
        let resting = std::mem::take(&mut *self.resting());
        for reader in resting {
            // A reader that can't be closed has nothing to lose.
            reader.connection.close().await.ok();
        }
    }

    fn resting(&self) -> MutexGuard<'_, Vec<Reader>> {
        // No code that can panic runs while it is held, and a list of connections has no invariant.
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection in use. Dropped without [`Lease::finish`], as by a caller who gives up, its read is cut
/// off and the connection closed: it may be in the middle of a statement or a transaction.
#[derive(Debug)]
pub struct Lease {
    /// Only taken by `finish` and `drop`, after which nobody can ask for it.
    reader: Option<Reader>,
    readers: Arc<Readers>,
    _room: OwnedSemaphorePermit,
}

impl Lease {
    /// Gives the connection back after its read. One that failed is closed.
    pub async fn finish<T>(mut self, outcome: Result<T, sqlx::Error>) -> StoreResult<T> {
        match (self.reader.take(), &outcome) {
            (Some(reader), Ok(_)) => self.readers.resting().push(reader),
            (Some(reader), Err(_)) => drop(reader.connection.close().await),
            (None, _) => {}
        }
        outcome.map_err(store_error)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.end.store(0, Ordering::Relaxed);
        }
    }
}

impl Deref for Lease {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        match &self.reader {
            Some(reader) => &reader.connection,
            None => unreachable!("a lease holds its reader until it is consumed"),
        }
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match &mut self.reader {
            Some(reader) => &mut reader.connection,
            None => unreachable!("a lease holds its reader until it is consumed"),
        }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

fn unavailable(why: &'static str) -> StoreError {
    StoreError::Unavailable(why.into())
}
