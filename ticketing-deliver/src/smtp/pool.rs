//! Connections that wait for the next mail.

use super::connection::Connection;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep};

/// A bounded number of connections, and those of them that have nothing to do.
pub(super) struct Pool {
    places: Semaphore,
    idle_for: Duration,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    /// Oldest first.
    connections: Vec<(Instant, Connection)>,
    /// Whether somebody is there who ends those that nobody takes.
    is_swept: bool,
}

impl Pool {
    pub fn new(size: usize, idle_for: Duration) -> Arc<Self> {
        let size = size.clamp(1, Semaphore::MAX_PERMITS);
        Arc::new(Self { places: Semaphore::new(size), idle_for, idle: Mutex::default() })
    }

    /// Waits until one more connection may work.
    pub async fn place(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.places.acquire().await.ok()
    }

    /// The connection that worked last, if it did so not too long ago.
    pub fn take(&self) -> Option<Connection> {
        let mut idle = self.idle();
        let (since, connection) = idle.connections.pop()?;
        if since.elapsed() >= self.idle_for {
            // The others have waited even longer.
            idle.connections.clear();
            return None;
        }
        Some(connection)
    }

    /// Keeps a connection for the next mail.
    pub fn park(self: &Arc<Self>, connection: Connection) {
        let mut idle = self.idle();
        idle.connections.push((Instant::now(), connection));
        if !idle.is_swept {
            idle.is_swept = true;
            tokio::spawn(sweep(Arc::downgrade(self), self.idle_for));
        }
    }

    /// Takes out those that have waited too long, and says after what time to look again, if ever.
    fn overdue(&self) -> (Vec<Connection>, Option<Duration>) {
        let mut idle = self.idle();
        let count = idle.connections.partition_point(|(since, _)| since.elapsed() >= self.idle_for);
        let overdue = idle.connections.drain(..count).map(|(_, connection)| connection).collect();
        let next = idle.connections.first().map(|(since, _)| self.idle_for.saturating_sub(since.elapsed()));
        idle.is_swept = next.is_some();
        (overdue, next)
    }

    /// What waits, for as long as the guard lives; nobody may await while holding it.
    fn idle(&self) -> MutexGuard<'_, Idle> {
        // Nothing panics between one change and the next, so what lies behind a poisoned lock is whole.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends connections that nobody needs, until none is left or the pool is gone.
async fn sweep(pool: Weak<Pool>, mut wait: Duration) {
    loop {
        sleep(wait).await;
        let Some((overdue, next)) = pool.upgrade().map(|pool| pool.overdue()) else { return };
        for connection in overdue {
            connection.quit().await;
        }
        match next {
            Some(next) => wait = next,
            None => return,
        }
    }
}
