//! Opening and closing the file.

use super::failure::{is_busy, store_error};
use super::migrate;
use super::reader::Readers;
use super::writer::{WriterHandle, spawn};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::port::{StoreError, StoreResult};
use tokio::time::{Instant, sleep, timeout};

/// How often to look whether another process has stopped writing. Short, because the gap between
/// two transactions of a busy process is short too and a long sleeper would miss every one.
pub const POLL: Duration = Duration::from_millis(1);

/// How long the disk may take to finish what was accepted and to fold the log into the file.
const CLOSING: Duration = Duration::from_secs(5);

/// How a file is used.
#[derive(Clone, Copy, Debug)]
pub struct SqliteOptions {
    /// How many reads may run at the same time.
    pub readers: u32,
    /// How long to wait for another process that writes, or for a free reader, before a call is
    /// answered with [`StoreError::Unavailable`].
    pub patience: Duration,
    /// How long one read may run before it is cut off and answered with [`StoreError::Unavailable`].
    pub read_timeout: Duration,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { readers: 4, patience: Duration::from_secs(5), read_timeout: Duration::from_secs(30) }
    }
}

/// A desk in one SQLite file. Cheap to clone; all clones share one writer.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    pub(super) readers: Arc<Readers>,
    pub(super) writer: WriterHandle,
    pub(super) read_timeout: Duration,
    write: WriteAccess,
}

/// How a connection that writes is opened, and how long it waits for others that write.
#[derive(Clone, Debug)]
pub struct WriteAccess {
    options: SqliteConnectOptions,
    /// How long to wait for others that write.
    pub patience: Duration,
}

impl SqliteStore {
    /// Opens the file, and makes it where there is none. [`SqliteStore::migrate`] makes the tables.
    pub async fn open(path: impl AsRef<Path>, options: SqliteOptions) -> StoreResult<Self> {
        // A relative name could be taken for a URI, and would change with the working directory.
        let path = std::path::absolute(path).map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        make_private(&path)?;
        let shared = SqliteConnectOptions::new()
            .filename(&path)
            .disable_statement_logging()
            .pragma("cache_size", "-16384")
            .pragma("temp_store", "memory");
        let write = shared
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::ZERO)
            .statement_cache_capacity(256)
            // Pages that change often are folded into the file once for many changes.
            .pragma("wal_autocheckpoint", "4000")
            .pragma("journal_size_limit", "67108864");
        // The first connection turns the write-ahead log on, which readers need.
        let write = WriteAccess { options: write, patience: options.patience };
        let connection = write.connect().await?;
        let read_options =
            shared.read_only(true).busy_timeout(options.patience).row_buffer_size(256).pragma("query_only", "on");
        let readers = Readers::open(read_options, &options).await?;
        let writer = spawn(write.clone(), connection, Arc::clone(&readers));
        Ok(Self { readers, writer, read_timeout: options.read_timeout, write })
    }

    /// Brings the tables to what this program expects. Processes that start at the same time wait for
    /// one another, and one of them does it.
    pub async fn migrate(&self) -> StoreResult<()> {
        let mut connection = self.write.connect().await?;
        let done = migrate::run(&self.write, &mut connection).await;
        let closed = connection.close().await.map_err(store_error);
        done.and(closed)
    }

    /// The steps that [`SqliteStore::migrate`] would take, by their names, in their order.
    pub async fn pending_migrations(&self) -> StoreResult<Vec<String>> {
        migrate::pending(self).await
    }

    /// Finishes what was accepted, cuts off reads that still run, folds the write-ahead log into the
    /// file and lets go of it. Every later call answers that the store is unavailable. Where the disk
    /// or another process does not let this happen in good time, it goes on in the background.
    pub async fn close(&self) {
        if timeout(self.write.patience + CLOSING, self.writer.close()).await.is_err() {
            tracing::warn!("the SQLite file is still being closed");
        }
    }
}

impl WriteAccess {
    /// Opens a connection, waiting for others that switch the log or recover the file just now.
    /// SQLite does not wait for these by itself.
    pub async fn connect(&self) -> StoreResult<SqliteConnection> {
        let deadline = Instant::now() + self.patience;
        loop {
            match self.options.connect().await {
                Err(error) if is_busy(&error) && Instant::now() < deadline => sleep(POLL).await,
                other => return other.map_err(store_error),
            }
        }
    }

    /// Takes the file's write lock, waiting for others that write.
    pub async fn begin(&self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let deadline = Instant::now() + self.patience;
        loop {
            match sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await.map(drop) {
                Err(error) if is_busy(&error) && Instant::now() < deadline => sleep(POLL).await,
                other => return other,
            }
        }
    }
}

/// Makes the file for its owner's eyes only, before SQLite would make it readable for all. The
/// write-ahead log takes over its permissions.
#[cfg(unix)]
fn make_private(path: &Path) -> StoreResult<()> {
    use std::io::ErrorKind;
    use std::os::unix::fs::OpenOptionsExt;
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(StoreError::Unavailable(Box::new(error))),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> StoreResult<()> {
    let made = std::fs::OpenOptions::new().append(true).create(true).open(path);
    made.map(drop).map_err(|error| StoreError::Unavailable(Box::new(error)))
}
