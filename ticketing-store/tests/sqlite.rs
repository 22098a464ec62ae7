//! The SQLite store keeps every rule that the core asks of a store.
#![cfg(feature = "sqlite")]
// Where there is no store to test, the test fails with the reason.
#![allow(clippy::expect_used)]

use async_trait::async_trait;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use ticketing_core::conformance::{Harness, run};
use ticketing_core::port::Store;
use ticketing_store::sqlite::{SqliteOptions, SqliteStore};

/// A new file in a folder that goes with the test.
struct Files {
    folder: tempfile::TempDir,
    made: AtomicUsize,
}

impl Files {
    fn next(&self) -> PathBuf {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        self.folder.path().join(format!("desk-{number}.db"))
    }
}

#[async_trait]
impl Harness for Files {
    async fn fresh(&self) -> Arc<dyn Store> {
        let store = SqliteStore::open(self.next(), SqliteOptions::default()).await.expect("the file is opened");
        store.migrate().await.expect("the tables are made");
        Arc::new(store)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keeps_every_rule_of_a_store() {
    let files = Files { folder: tempfile::tempdir().expect("a folder is made"), made: AtomicUsize::new(0) };
    run(&files, None).await.assert_passed();
}
