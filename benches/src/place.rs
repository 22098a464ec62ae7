//! A place for a desk to be proven on, which is gone afterwards.

use crate::cluster::Cluster;
use crate::program::Program;
use anyhow::{Result, bail};
use clap::ValueEnum;
use std::future::Future;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use ticketing_core::port::Store;
use ticketing_store::postgres::{PgOptions, PgStore};
use ticketing_store::sqlite::{SqliteOptions, SqliteStore};
use tokio::signal::unix::{SignalKind, signal};

/// Where a desk keeps its data; `PostgreSQL` is a throwaway cluster with durable commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Database {
    /// A file.
    Sqlite,
    /// A cluster.
    Postgres,
}

/// A folder, and a cluster where one is needed.
pub struct Place {
    cluster: Option<Cluster>,
    folder: TempDir,
}

impl Place {
    /// An empty one.
    pub fn new(database: Database) -> Result<Self> {
        let cluster = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(Cluster::start(&["synchronous_commit=on"])?),
        };
        Ok(Self { cluster, folder: TempDir::new()? })
    }

    /// The program on it; by default the one built beside this.
    pub fn program(&self, server: Option<&PathBuf>) -> Result<Program> {
        let binary = server.cloned().map_or_else(Program::beside_this_one, Ok)?;
        Program::new(&binary, self.folder.path(), self.cluster.as_ref().map(|cluster| cluster.url.as_str()))
    }

    /// Where the program keeps what is in no database.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Does something with its store, past the program. The program has made it before.
    pub async fn with_store(&self, work: impl AsyncFnOnce(&dyn Store) -> Result<()>) -> Result<()> {
        if let Some(cluster) = &self.cluster {
            let store = PgStore::connect(&cluster.url, PgOptions::default()).await?;
            let done = work(&store).await;
            store.close().await;
            return done;
        }
        let store = SqliteStore::open(self.folder.path().join("ticketing.db"), SqliteOptions::default()).await?;
        let done = work(&store).await;
        store.close().await;
        done
    }
}

/// What the proof comes to. Where it is told to stop before, all that it holds (servers, clusters, folders) is taken
/// away with it.
pub async fn unless_stopped<T>(proof: impl Future<Output = Result<T>>) -> Result<T> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        proven = proof => proven,
        _ = interrupt.recv() => bail!("interrupted"),
        _ = terminate.recv() => bail!("terminated"),
    }
}
