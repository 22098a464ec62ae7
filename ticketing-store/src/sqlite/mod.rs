//! The desk in one SQLite file: no server to run, as durable as a disk.
//!
//! One task owns the one connection that writes. It takes whatever waits, applies each item under a
//! savepoint of its own, commits all of them with one flush of the disk and answers. Readers have a
//! pool of their own that can't write; with the write-ahead log they never wait for the writer. A
//! second process, such as the command line, may write beside a running server: a write transaction
//! takes the file's lock at its start and waits its turn.
//!
//! Nothing here waits for ever: not a commit for the file's lock, nor for its place behind other
//! commits, nor a read for its end, nor the store for being closed.

mod activity;
mod apply;
mod attachment;
mod canned;
mod count;
mod failure;
#[cfg(test)]
mod field_plan;
mod inbound;
mod job_row;
mod link;
mod list;
mod migrate;
mod notification;
mod open;
mod order;
mod path;
mod people;
#[cfg(test)]
mod plan_test;
mod queue;
mod reader;
mod report;
mod routing;
mod row;
mod scope;
mod script;
mod seal;
mod setting;
mod ticket;
mod time;
mod timer;
mod workflow;
mod writer;

pub use open::{SqliteOptions, SqliteStore};

use async_trait::async_trait;
use ticketing_core::access::Scope;
use ticketing_core::changes::{Changes, Committed};
use ticketing_core::port::{Commit, SettingsRead, Store, StoreResult};
use ticketing_core::query::Countable;

#[async_trait]
impl Commit for SqliteStore {
    async fn commit_all(&self, batch: Vec<Changes>) -> Vec<StoreResult<Committed>> {
        self.writer.commit_all(batch).await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn ping(&self) -> StoreResult<()> {
        self.settings_version().await.map(drop)
    }

    async fn count(&self, scope: &Scope, list: Countable<'_>) -> StoreResult<u64> {
        count::rows(self, scope, list).await
    }
}
