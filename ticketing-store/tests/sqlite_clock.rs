//! What happens by the clock, in a file.
#![cfg(feature = "sqlite")]
// The helpers of these tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod clock;

use std::sync::Arc;
use ticketing_store::sqlite::{SqliteOptions, SqliteStore};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_done_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("desk.db"), SqliteOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    Box::pin(clock::what_is_due_is_done_once(Arc::new(store))).await;
}
