//! Where the store's connections come from.

use super::commit;
use super::connect::{PgOptions, read_address};
use super::failure::in_read;
use super::migrate;
use super::queue::Bell;
use super::shelf::{Leased, Shelf};
use async_trait::async_trait;
use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;
use std::fmt;
use std::ops::DerefMut;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::changes::{Changes, Committed};
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::time::Time;

/// A store in PostgreSQL over some source of connections; see [`super::PgStore`] and
/// [`super::PgJoined`].
#[derive(Clone)]
pub struct Pg<S> {
    pub(super) source: S,
}

impl<S> fmt::Debug for Pg<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pg").finish_non_exhaustive()
    }
}

/// Connections to read with, and a way to commit.
#[async_trait]
pub trait Source: Clone + Send + Sync + 'static {
    /// A connection in use.
    type Lease: Lease;

    /// A connection to read with. May be given up at any moment.
    async fn lease(&self) -> StoreResult<Self::Lease>;

    /// Whether a statement that changes something commits by itself.
    const COMMITS: bool;

    /// A connection for a statement that changes something. May be given up at any moment, and nobody
    /// knows then whether it was run.
    async fn lease_to_write(&self) -> StoreResult<Self::Lease>;

    /// Tells workers in other processes that there is work, soon.
    fn ring(&self);

    /// Returns when such a one may have told so, or never.
    async fn rung(&self);

    /// Applies one change, in a task that is never given up.
    async fn commit(&self, changes: Changes) -> StoreResult<Committed>;
}

/// A connection in use.
pub trait Lease: DerefMut<Target = PgConnection> + Send {
    /// Gives it back after its work.
    fn finish<T>(self, outcome: StoreResult<T>) -> StoreResult<T>;
}

impl Lease for Leased {
    fn finish<T>(self, outcome: StoreResult<T>) -> StoreResult<T> {
        self.give_back(outcome)
    }
}

/// Connections that the store opens and keeps.
#[derive(Clone)]
pub struct Pooled {
    reads: Arc<Shelf>,
    commits: Arc<Shelf>,
    connect: PgConnectOptions,
    recovery: Duration,
    bell: Arc<Bell>,
    /// How a bus connects.
    bus: Arc<PgConnectOptions>,
}

impl Pg<Pooled> {
    /// Opens a store at a URL such as `postgres://user:secret@host/desk`. Makes sure that the
    /// database answers, takes changes and was not migrated by a newer program; its tables are made by
    /// [`Self::migrate`].
    ///
    /// Where the server says `synchronous_commit = off`, the store's own connections commit with `on`:
    /// what was answered outlasts a crash. A URL with `?options=-csynchronous_commit%3Doff` keeps it off.
    pub async fn connect(url: &str, options: PgOptions) -> StoreResult<Self> {
        Self::connect_with(read_address(url)?, options).await
    }

    /// The same with the driver's options in place of a URL.
    pub async fn connect_with(connect: PgConnectOptions, options: PgOptions) -> StoreResult<Self> {
        let (patience, longest) = (options.acquire_timeout, options.statement_timeout);
        let (for_reads, for_commits) = options.shares();
        let reads = Shelf::new(options.for_reads(&connect), for_reads, patience, longest);
        let commits = match for_commits {
            Some(size) => Shelf::new(options.for_commits(&connect), size, patience, longest),
            None => Arc::clone(&reads),
        };
        let mut first = reads.lease().await?;
        let known = migrate::refuse_newer(&mut first).await;
        first.give_back(known)?;
        let bell = Arc::new(Bell::new(Arc::clone(&commits), options.for_reads(&connect)));
        let bus = Arc::new(options.for_bus(&connect));
        Ok(Self { source: Pooled { reads, commits, connect, recovery: options.recovery_timeout, bell, bus } })
    }

    pub(super) fn bus_connect(&self) -> PgConnectOptions {
        (*self.source.bus).clone()
    }

    /// Brings the tables up to date. Any number of servers may do so at once: one does the work, the
    /// others wait for it.
    pub async fn migrate(&self) -> StoreResult<()> {
        migrate::migrate(&self.source.connect).await
    }

    /// The steps that [`Self::migrate`] would take, by their names, in their order.
    pub async fn pending_migrations(&self) -> StoreResult<Vec<String>> {
        let mut lease = self.source.lease().await?;
        let pending = migrate::pending(&mut lease).await;
        lease.finish(pending)
    }

    /// What time the database thinks it is. It should be the time that the desk's clock has.
    pub async fn now(&self) -> StoreResult<Time> {
        let mut lease = self.source.lease().await?;
        let now = sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(&mut *lease).await.map_err(in_read);
        lease.finish(now)
    }

    /// Closes the connections that are not in use, and the one that listens for work.
    pub async fn close(&self) {
        self.source.bell.close();
        self.source.reads.close().await;
        self.source.commits.close().await;
    }
}

#[async_trait]
impl Source for Pooled {
    type Lease = Leased;

    async fn lease(&self) -> StoreResult<Leased> {
        self.reads.lease().await
    }

    const COMMITS: bool = true;

    async fn lease_to_write(&self) -> StoreResult<Leased> {
        self.commits.lease().await
    }

    fn ring(&self) {
        self.bell.ring();
    }

    async fn rung(&self) {
        self.bell.rung().await;
    }

    async fn commit(&self, changes: Changes) -> StoreResult<Committed> {
        commit::commit(&self.commits, &changes, self.recovery).await
    }
}

/// Runs each change in order, in a task of the store: a caller that goes away cancels nothing.
pub(super) async fn commit_all<S: Source>(source: &S, batch: Vec<Changes>) -> Vec<StoreResult<Committed>> {
    let (source, count) = (source.clone(), batch.len());
    let task = tokio::spawn(async move {
        let mut answers = Vec::with_capacity(batch.len());
        for changes in batch {
            answers.push(source.commit(changes).await);
        }
        answers
    });
    match task.await {
        Ok(answers) => answers,
        Err(error) => {
            let cause = error.to_string();
            (0..count).map(|_| Err(StoreError::Unknown(cause.clone().into()))).collect()
        }
    }
}
