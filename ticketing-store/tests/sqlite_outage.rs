//! What becomes of calls while the file, the disk or another process does not play along.
#![cfg(feature = "sqlite")]
// The helpers of these tests are tests too.
#![allow(clippy::unwrap_used)]

use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::Path;
use std::time::{Duration, Instant};
use ticketing_core::access::{Scope, SystemReason};
use ticketing_core::changes::{Changes, Write};
use ticketing_core::conformance::sample::{Sample, add};
use ticketing_core::ids::ChangeId;
use ticketing_core::model::{Role, User};
use ticketing_core::port::{Commit, SettingsRead, StoreError, TicketRead};
use ticketing_store::sqlite::{SqliteOptions, SqliteStore};

const ALL: Scope = Scope::System(SystemReason::Upkeep);

fn changes(sample: &Sample, writes: Vec<Write>) -> Changes {
    let id = ChangeId(sample.uuid());
    Changes { id, scope: ALL, settings: 1, bumps_settings: false, writes, guards: Vec::new() }
}

/// A store with one customer in it.
async fn desk(path: &Path, options: SqliteOptions, sample: &Sample) -> (SqliteStore, User) {
    let store = SqliteStore::open(path, options).await.unwrap();
    store.migrate().await.unwrap();
    let customer = sample.user("Ada", Role::Customer);
    store.commit(changes(sample, vec![add(&customer)])).await.unwrap();
    (store, customer)
}

async fn stranger(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).connect().await.unwrap()
}

/// Makes the read of the settings' version count for hours.
async fn endless(path: &Path) {
    let view = "ALTER TABLE settings_head RENAME TO head; CREATE VIEW settings_head AS \
         WITH RECURSIVE n (version) AS (SELECT 1 UNION ALL SELECT version + 1 FROM n WHERE version < 1000000000000) \
         SELECT max(version) AS version FROM n";
    sqlx::query(view).execute(&mut stranger(path).await).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_takes_too_long_is_cut_off_and_leaves_its_reader_free() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let options = SqliteOptions { readers: 1, read_timeout: Duration::from_millis(200), ..SqliteOptions::default() };
    let (store, customer) = desk(&path, options, &sample).await;
    let ticket = sample.ticket(&customer);
    store.commit(changes(&sample, vec![add(&ticket)])).await.unwrap();
    endless(&path).await;
    for _ in 0..2 {
        let start = Instant::now();
        let read = tokio::time::timeout(Duration::from_secs(20), store.settings_version()).await.unwrap();
        assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
        assert!(start.elapsed() >= Duration::from_millis(200), "it had its time");
        // The only reader has all of its time again.
        assert_eq!(store.ticket(&ALL, &ticket.id.into()).await.unwrap().as_ref(), Some(&ticket));
    }
    // A caller who gives up leaves a read behind, which is cut off all the same.
    let given_up = tokio::time::timeout(Duration::from_millis(50), store.settings_version()).await;
    assert!(given_up.is_err());
    assert_eq!(store.ticket(&ALL, &ticket.id.into()).await.unwrap(), Some(ticket));
}
