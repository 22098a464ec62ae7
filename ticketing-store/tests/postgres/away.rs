//! Servers that are away, end their connections or take no changes.

use crate::{ALL, Database, changes, creation, customer};
use sqlx::Executor;
use std::time::{Duration, Instant};
use ticketing_core::conformance::sample::{Sample, add};
use ticketing_core::ids::TicketKey;
use ticketing_core::model::Role;
use ticketing_core::port::{Commit, SettingsRead, Store, StoreError, TicketRead};
use ticketing_store::{PgOptions, PgStore};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_is_unavailable() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let nobody = format!("postgres://desk@localhost/desk?host={}", folder.path().display());
    let outcome = PgStore::connect(&nobody, PgOptions::default()).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_whose_connections_are_all_taken_is_unavailable_for_commits_and_still_reads() {
    let database = Database::migrated().await;
    let options = PgOptions { pool_size: 2, acquire_timeout: Duration::from_millis(300), ..PgOptions::default() };
    let store = PgStore::connect_with(database.connect(), options).await.expect("it answers");
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let (ticket, writes) = creation(&sample, &customer);
    store.commit(changes(&sample, writes)).await.expect("it is stored");
    let mut other = database.connection().await;
    other.execute("BEGIN; LOCK TABLE person IN ACCESS EXCLUSIVE MODE").await.expect("the table is locked");
    let waiting = tokio::spawn({
        let (store, change) = (store.clone(), changes(&sample, vec![add(&sample.user("Ben", customer.role))]));
        async move { store.commit(change).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let started = Instant::now();
    let outcome = store.commit(changes(&sample, vec![add(&sample.user("Cem", customer.role))])).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    assert!(started.elapsed() < Duration::from_secs(3), "it waited for {:?}", started.elapsed());
    assert!(store.ticket(&ALL, &TicketKey::Id(ticket.id)).await.expect("reads go on").is_some());
    other.execute("ROLLBACK").await.expect("the lock is given back");
    waiting.await.expect("it ends").expect("it was only late");
    drop(store);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_closed_its_connections_is_found_again() {
    let database = Database::migrated().await;
    let store = database.store().await;
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let mut other = database.connection().await;
    other
        .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        .await
        .expect("they are closed");
    let (_, writes) = creation(&sample, &customer);
    store.commit(changes(&sample, writes)).await.expect("a commit that tells something finds its way");
    // A read may meet its broken connection once; it must not meet it twice.
    let _ = store.ping().await;
    store.ping().await.expect("the store answers");
    drop(store);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_broken_connection_takes_the_others_at_rest_with_it() {
    let database = Database::migrated().await;
    let store = database.store().await;
    let mut other = database.connection().await;
    // Several reads at the same time leave several connections at rest.
    other.execute("BEGIN; LOCK TABLE settings_head IN ACCESS EXCLUSIVE MODE").await.expect("the table is locked");
    let waiting = [0; 4].map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.settings_version().await })
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    other.execute("ROLLBACK").await.expect("the lock is given back");
    for read in waiting {
        read.await.expect("it ends").expect("it is read");
    }
    other.execute("BEGIN; LOCK TABLE settings_head IN ACCESS EXCLUSIVE MODE").await.expect("the table is locked");
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.settings_version().await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let closed = sqlx::query_scalar::<_, i64>(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    assert!(closed.fetch_one(&mut other).await.expect("they are closed") >= 4);
    // The server says to a statement that runs why it ends.
    let outcome = waiting.await.expect("it ends");
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    other.execute("ROLLBACK").await.expect("the lock is given back");
    store.ping().await.expect("the store answers");
    drop((store, other));
    database.drop().await;
}

/// As after a failover that the connection outlived: its server takes no changes, a new one would.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_takes_no_changes_is_not_kept() {
    let database = Database::migrated().await;
    let store = database.store().await;
    let sample = Sample::new(1);
    let mut other = database.connection().await;
    let set = |value: &str| {
        let set = "EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = ";
        sqlx::AssertSqlSafe(format!("DO $$ BEGIN {set}{value}', current_database()); END $$"))
    };
    other.execute(set("on")).await.expect("it is set");
    let ben = sample.user("Ben", Role::Customer);
    let outcome = store.commit(changes(&sample, vec![add(&ben)])).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    other.execute(set("off")).await.expect("it is set");
    store.commit(changes(&sample, vec![add(&ben)])).await.expect("a new connection is tried");
    drop((store, other));
    database.drop().await;
}
