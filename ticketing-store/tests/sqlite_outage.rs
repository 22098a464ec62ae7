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

fn patience(patience: Duration) -> SqliteOptions {
    SqliteOptions { patience, ..SqliteOptions::default() }
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

/// Another process in the middle of a write.
async fn lock(path: &Path) -> SqliteConnection {
    let mut other = stranger(path).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    other
}

async fn unlock(mut other: SqliteConnection) {
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_caller_has_gone_while_the_file_was_locked_is_left_undone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let (store, customer) = desk(&path, SqliteOptions::default(), &sample).await;
    let other = lock(&path).await;
    let (gone, stays) = (sample.ticket(&customer), sample.ticket(&customer));
    let stayed = tokio::spawn({
        let (store, changes) = (store.clone(), changes(&sample, vec![add(&stays)]));
        async move { store.commit(changes).await }
    });
    // The writer waits for the file with the first one when this one comes.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let mut commit = store.commit(changes(&sample, vec![add(&gone)]));
    let hung_up = tokio::time::timeout(Duration::from_millis(100), &mut commit).await;
    assert!(hung_up.is_err(), "it waits for the other process");
    drop(commit);
    unlock(other).await;
    stayed.await.unwrap().unwrap();
    // What is handed in later is done later, so by its answer the first ones have been decided.
    store.commit(changes(&sample, vec![add(&sample.ticket(&customer))])).await.unwrap();
    assert_eq!(store.ticket(&ALL, &gone.id.into()).await.unwrap(), None, "nobody waits for it any more");
    assert_eq!(store.ticket(&ALL, &stays.id.into()).await.unwrap(), Some(stays));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_when_too_many_wait_is_answered_at_once() {
    const CALLS: usize = 1_400;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let (store, customer) = desk(&path, patience(Duration::from_mins(10)), &sample).await;
    let other = lock(&path).await;
    let mut calls: Vec<_> = (0..CALLS)
        .map(|_| {
            let (store, changes) = (store.clone(), changes(&sample, vec![add(&sample.ticket(&customer))]));
            tokio::spawn(async move { store.commit(changes).await })
        })
        .collect();
    let deadline = Instant::now() + Duration::from_mins(1);
    while calls.iter().filter(|call| call.is_finished()).count() < 200 {
        assert!(Instant::now() < deadline, "some are refused while the file is still locked");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    unlock(other).await;
    let mut refused = 0;
    for call in &mut calls {
        match call.await.unwrap() {
            Ok(_) => {}
            Err(StoreError::Unavailable(_)) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!((200..=CALLS - 1_024).contains(&refused), "{refused} were refused");
    let stored: i64 =
        sqlx::query_scalar("SELECT count(*) FROM ticket").fetch_one(&mut stranger(&path).await).await.unwrap();
    assert_eq!(usize::try_from(stored).unwrap(), CALLS - refused, "a refused commit is not applied");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_locked_file_longer_than_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let (store, customer) = desk(&path, patience(Duration::from_millis(500)), &sample).await;
    let other = lock(&path).await;
    // Ten groups of the writer; one after the other would take five seconds.
    let batch = (0..640).map(|_| changes(&sample, vec![add(&sample.ticket(&customer))])).collect();
    let start = Instant::now();
    let answers = store.commit_all(batch).await;
    assert!(start.elapsed() < Duration::from_millis(2_500), "it took {:?}", start.elapsed());
    assert!(answers.iter().all(|answer| matches!(answer, Err(StoreError::Unavailable(_)))), "{answers:?}");
    unlock(other).await;
    store.commit(changes(&sample, vec![add(&sample.ticket(&customer))])).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_closed_though_the_file_is_locked_and_a_read_has_no_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let (store, customer) = desk(&path, patience(Duration::from_millis(300)), &sample).await;
    endless(&path).await;
    let read = tokio::spawn({
        let store = store.clone();
        async move { store.settings_version().await }
    });
    let other = lock(&path).await;
    let commit = tokio::spawn({
        let (store, changes) = (store.clone(), changes(&sample, vec![add(&sample.ticket(&customer))]));
        async move { store.commit(changes).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!read.is_finished(), "it has no end");
    let start = Instant::now();
    store.close().await;
    assert!(start.elapsed() < Duration::from_secs(5), "it took {:?}", start.elapsed());
    assert!(matches!(commit.await.unwrap(), Err(StoreError::Unavailable(_))));
    assert!(matches!(read.await.unwrap(), Err(StoreError::Unavailable(_))));
    unlock(other).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_held_for_long_is_an_outage_and_passes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let (store, customer) = desk(&path, patience(Duration::from_millis(100)), &sample).await;
    let ticket = sample.ticket(&customer);
    let other = lock(&path).await;
    let outcome = store.commit(changes(&sample, vec![add(&ticket)])).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    assert_eq!(store.ticket(&ALL, &ticket.id.into()).await.unwrap(), None, "readers do not wait for the lock");
    unlock(other).await;
    store.commit(changes(&sample, vec![add(&ticket)])).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_fails_the_group_and_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let (store, customer) = desk(&path, SqliteOptions::default(), &sample).await;
    // A table that stops taking rows half-way, as a full disk does.
    let mut other = stranger(&path).await;
    let refuse = "CREATE TRIGGER full BEFORE INSERT ON ticket_body BEGIN SELECT RAISE(ROLLBACK, 'full'); END";
    sqlx::query(refuse).execute(&mut other).await.unwrap();
    let (first, second) = (sample.ticket(&customer), sample.ticket(&customer));
    let answers =
        store.commit_all(vec![changes(&sample, vec![add(&first)]), changes(&sample, vec![add(&second)])]).await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(StoreError::Unavailable(_)))), "{answers:?}");
    let alone = store.commit(changes(&sample, vec![add(&first)])).await;
    assert!(matches!(alone, Err(StoreError::Unavailable(_))), "nothing was to be committed: {alone:?}");
    sqlx::query("DROP TRIGGER full").execute(&mut other).await.unwrap();
    assert_eq!(store.ticket(&ALL, &first.id.into()).await.unwrap(), None);
    store.commit(changes(&sample, vec![add(&first)])).await.unwrap();
    assert_eq!(store.ticket(&ALL, &first.id.into()).await.unwrap(), Some(first));
}

/// The name under which this program is started again with a disk that takes little.
#[cfg(unix)]
const CHILD: &str = "writes_until_the_disk_fails";

#[cfg(unix)]
#[test]
fn nobody_knows_what_became_of_a_commit_that_the_disk_failed() {
    let folder = tempfile::tempdir().unwrap();
    // No file may grow beyond a few hundred kilobytes: the write-ahead log meets that in a COMMIT.
    let script = "trap '' XFSZ; ulimit -f 4000; exec \"$@\"";
    let program = std::env::current_exe().unwrap();
    let mut child = std::process::Command::new("sh");
    child.args(["-c", script, "sh"]).arg(program).args(["--exact", CHILD, "--nocapture"]);
    let output = child.env("SQLITE_CHILD", folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{complained}");
}

/// Does nothing where it is not started by the test above.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn writes_until_the_disk_fails() {
    let Some(folder) = std::env::var_os("SQLITE_CHILD") else { return };
    let path = Path::new(&folder).join("desk.db");
    let sample = Sample::new(1);
    let (store, customer) = desk(&path, SqliteOptions::default(), &sample).await;
    let (mut answered, mut failed) = (Vec::new(), None);
    for _ in 0..1_000 {
        let mut ticket = sample.ticket(&customer);
        ticket.description = "long ".repeat(4_000);
        match store.commit(changes(&sample, vec![add(&ticket)])).await {
            Ok(_) => answered.push(ticket.id),
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    assert!(matches!(failed, Some(StoreError::Unknown(_))), "after {}: {failed:?}", answered.len());
    for id in answered {
        assert!(store.ticket(&ALL, &id.into()).await.unwrap().is_some(), "what was answered stays");
    }
}
