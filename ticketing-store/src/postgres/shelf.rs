//! Connections at rest.
//!
//! sqlx's own pool asks the server for a sign of life around each use, which doubles the round trips
//! of a store whose every call is one statement. Here a connection that ended its work cleanly goes
//! back as it is, one that was left in the middle of something is brought to rest first, and only
//! one that has rested for a while is asked whether it still lives.

use super::failure::{ends_connection, unavailable};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use ticketing_core::port::StoreResult;
use ticketing_core::time::Time;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// A connection that rested no longer than this is taken to be alive.
const FRESH: Duration = Duration::from_secs(2);
/// A connection that nobody needed for this long is closed.
const SPARE: Duration = Duration::from_mins(10);
/// How long a connection may take to answer that it lives.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// Who serves a new connection. Answered changes must outlast a crash, so the connection commits
/// durably where the server's settings do not; only what the connection asks for itself stays.
const OPENED: &str = "SELECT a.pid, a.backend_start, pg_is_in_recovery(),
        (SELECT set_config('synchronous_commit', 'on', false) FROM pg_settings
         WHERE name = 'synchronous_commit' AND setting = 'off' AND source <> 'client')
    FROM pg_stat_activity a WHERE a.pid = pg_backend_pid()";

/// A set of connections of one kind.
#[derive(Debug)]
pub struct Shelf {
    connect: PgConnectOptions,
    patience: Duration,
    /// How long a connection that was left in the middle of a statement may take to come to rest.
    longest: Duration,
    room: Arc<Semaphore>,
    resting: Mutex<Vec<Resting>>,
}

#[derive(Debug)]
struct Resting {
    connection: PgConnection,
    session: Session,
    since: Instant,
}

/// The server's side of a connection. Process ids come again, so the moment belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// The process.
    pub pid: i32,
    /// When it was started.
    pub since: Time,
}

impl Shelf {
    pub fn new(connect: PgConnectOptions, size: usize, patience: Duration, longest: Duration) -> Arc<Self> {
        let room = Arc::new(Semaphore::new(size));
        Arc::new(Self { connect, patience, longest, room, resting: Mutex::default() })
    }

    /// A connection of one's own. Waits for one at most as long as the options say.
    pub async fn lease(self: &Arc<Self>) -> StoreResult<Leased> {
        timeout(self.patience, self.take())
            .await
            .unwrap_or_else(|_| Err(unavailable("no connection to PostgreSQL became free in time")))
    }

    async fn take(self: &Arc<Self>) -> StoreResult<Leased> {
        let room = Arc::clone(&self.room).acquire_owned().await.map_err(unavailable)?;
        loop {
            // The list is not locked while a connection is tried.
            let rested = self.resting().pop();
            let Some(mut rested) = rested else { break };
            if rested.since.elapsed() < FRESH || is_alive(&mut rested.connection, SIGN_OF_LIFE).await {
                return Ok(self.leased(rested.connection, rested.session, room));
            }
        }
        let mut connection = PgConnection::connect_with(&self.connect).await.map_err(unavailable)?;
        let opened = sqlx::query_as::<_, (i32, Time, bool, Option<String>)>(OPENED);
        let (pid, since, is_standby, _) = opened.fetch_one(&mut connection).await.map_err(unavailable)?;
        if is_standby {
            // It may lack what was answered, and knows nothing of the locks that keep the log's order.
            return Err(unavailable("the server is a standby: it takes no changes, and what it shows may be old"));
        }
        Ok(self.leased(connection, Session { pid, since }, room))
    }

    fn leased(self: &Arc<Self>, connection: PgConnection, session: Session, room: OwnedSemaphorePermit) -> Leased {
        Leased { connection: Some(connection), session, room: Some(room), shelf: Arc::clone(self) }
    }

    /// Closes every connection that rests. Those in use are closed by being put back into nothing
    /// when the last owner of the store is gone.
    pub async fn close(&self) {
        let resting = std::mem::take(&mut *self.resting());
        for rested in resting {
            // A connection that can't say goodbye is as closed as any.
            rested.connection.close().await.ok();
        }
    }

    fn put(&self, connection: PgConnection, session: Session) {
        let mut resting = self.resting();
        // The last one put is the first one taken, so those that nobody needs gather at the front.
        if resting.first().is_some_and(|oldest| oldest.since.elapsed() > SPARE) {
            resting.remove(0);
        }
        resting.push(Resting { connection, session, since: Instant::now() });
    }

    fn resting(&self) -> MutexGuard<'_, Vec<Resting>> {
        // No code that can panic runs while it is held, and a list of connections has no invariant.
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn is_alive(connection: &mut PgConnection, within: Duration) -> bool {
    matches!(timeout(within, connection.ping()).await, Ok(Ok(())))
}

/// A connection in use.
#[derive(Debug)]
pub struct Leased {
    /// Only taken by `give_back` and `drop`, after which nobody can ask for it.
    connection: Option<PgConnection>,
    /// The server's side of it.
    pub session: Session,
    room: Option<OwnedSemaphorePermit>,
    shelf: Arc<Shelf>,
}

impl Leased {
    /// Gives the connection back after its work. A server that is gone is gone for all connections.
    pub fn give_back<T>(mut self, outcome: StoreResult<T>) -> StoreResult<T> {
        match &outcome {
            Ok(_) => {
                if let Some(connection) = self.connection.take() {
                    self.shelf.put(connection, self.session);
                }
            }
            Err(error) if ends_connection(error) => {
                self.connection.take();
                self.shelf.resting().clear();
            }
            Err(_) => {}
        }
        outcome
    }
}

impl Drop for Leased {
    /// A call that was given up or failed leaves its connection in the middle of something. It is
    /// brought to rest before its place is free again, so that hanging up can't open ever more of
    /// them.
    fn drop(&mut self) {
        let (Some(mut connection), Some(room)) = (self.connection.take(), self.room.take()) else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (home, session) = (Arc::clone(&self.shelf), self.session);
        runtime.spawn(async move {
            if is_alive(&mut connection, home.longest).await {
                home.put(connection, session);
            }
            drop(room);
        });
    }
}

impl Deref for Leased {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match &self.connection {
            Some(connection) => connection,
            None => unreachable!("a lease holds its connection until it is consumed"),
        }
    }
}

impl DerefMut for Leased {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match &mut self.connection {
            Some(connection) => connection,
            None => unreachable!("a lease holds its connection until it is consumed"),
        }
    }
}
