//! What people are told on the desk, in a file.
#![cfg(feature = "sqlite")]
// The helpers of these tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod told;

use std::sync::Arc;
use ticketing_store::sqlite::{SqliteOptions, SqliteStore};

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("desk.db"), SqliteOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    told::many_at_once_are_one(Arc::new(store)).await;
}
