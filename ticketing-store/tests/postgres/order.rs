//! The event log's order: what was read up to a place stays complete, however slow writers are.

use crate::{ALL, Database, changes, creation, customer};
use futures::future::join_all;
use sqlx::{Connection, Executor, PgConnection};
use std::time::Duration;
use ticketing_core::Seq;
use ticketing_core::conformance::sample::Sample;
use ticketing_core::port::{ActivityRead, Commit};
use ticketing_store::{PgJoined, PgStore};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_waits_for_a_writer_that_drew_its_place_and_is_not_done() {
    let database = Database::migrated().await;
    let store = database.store().await;
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let pool = sqlx::PgPool::connect_with(database.connect()).await.expect("it answers");

    let slow = PgJoined::new(pool.begin().await.expect("a transaction begins"));
    let first = slow.commit(changes(&sample, creation(&sample, &customer).1)).await.expect("it is written").seqs[0];
    let quick = store.commit(changes(&sample, creation(&sample, &customer).1)).await.expect("it is stored").seqs[0];
    assert!(first < quick);
    let page = store.events(&ALL, Seq(0), 10).await.expect("the log is read");
    assert!(page.events.is_empty(), "nothing may be told beyond a place that is still open: {page:?}");
    assert!(page.next < first, "{page:?}");
    let own = slow.events(&ALL, Seq(0), 10).await.expect("the log is read");
    assert_eq!(own.events.iter().map(|event| event.seq).collect::<Vec<_>>(), [first, quick], "the host sees both");

    let (transaction, _) = slow.release().expect("nobody uses it");
    transaction.commit().await.expect("the host commits");
    let page = store.events(&ALL, page.next, 10).await.expect("the log is read");
    assert_eq!(page.events.iter().map(|event| event.seq).collect::<Vec<_>>(), [first, quick]);
    assert_eq!(page.next, quick);
    pool.close().await;
    drop(store);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn locks_and_transactions_of_others_do_not_stop_the_log() {
    let database = Database::migrated().await;
    let store = database.store().await;
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let mut other = database.connection().await;
    // Any open transaction, and advisory locks of an application's own.
    other
        .execute("BEGIN; SELECT txid_current(), pg_advisory_lock_shared(0), pg_advisory_lock_shared(1, 1), pg_advisory_lock(7)")
        .await
        .expect("the locks are taken");
    let seq = store.commit(changes(&sample, creation(&sample, &customer).1)).await.expect("it is stored").seqs[0];
    let page = store.events(&ALL, Seq(0), 10).await.expect("the log is read");
    assert_eq!((page.events.len(), page.next), (1, seq));
    drop(other);
    drop(store);
    database.drop().await;
}

/// A place that was given up may be forgotten in a crash of the server and drawn again: whoever was told
/// that the log is complete up to it would miss the event that gets it.
#[tokio::test(flavor = "multi_thread")]
async fn no_place_is_told_beyond_the_last_event() {
    let database = Database::migrated().await;
    let store = database.store().await;
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let seq = store.commit(changes(&sample, creation(&sample, &customer).1)).await.expect("it is stored").seqs[0];
    let pool = sqlx::PgPool::connect_with(database.connect()).await.expect("it answers");
    let joined = PgJoined::new(pool.begin().await.expect("a transaction begins"));
    joined.commit(changes(&sample, creation(&sample, &customer).1)).await.expect("it is written");
    let (transaction, _) = joined.release().expect("nobody uses it");
    transaction.rollback().await.expect("the host thinks better of it");
    let page = store.events(&ALL, Seq(0), 10).await.expect("the log is read");
    assert_eq!((page.events.len(), page.next), (1, seq));
    let page = store.events(&ALL, page.next, 10).await.expect("the log is read");
    assert_eq!((page.events.len(), page.next), (0, seq));
    pool.close().await;
    drop(store);
    database.drop().await;
}

/// A host that commits in two phases: in between, no session holds the transaction.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_waits_for_a_prepared_transaction() {
    let database = Database::migrated().await;
    let mut other = database.connection().await;
    let allowed = sqlx::query_scalar::<_, String>("SHOW max_prepared_transactions").fetch_one(&mut other).await;
    if allowed.expect("it is shown") == "0" {
        // This server knows no prepared transactions. That of scripts/cluster does.
        database.drop().await;
        return;
    }
    let store = database.store().await;
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let pool = sqlx::PgPool::connect_with(database.connect()).await.expect("it answers");
    let joined = PgJoined::new(pool.begin().await.expect("a transaction begins"));
    let first = joined.commit(changes(&sample, creation(&sample, &customer).1)).await.expect("it is written").seqs[0];
    let (mut transaction, _) = joined.release().expect("nobody uses it");
    transaction.execute("PREPARE TRANSACTION 'desk'").await.expect("it is prepared");
    drop(transaction);
    let quick = store.commit(changes(&sample, creation(&sample, &customer).1)).await.expect("it is stored").seqs[0];
    let page = store.events(&ALL, Seq(0), 10).await.expect("the log is read");
    assert!(page.events.is_empty() && page.next < first, "{page:?}");
    other.execute("COMMIT PREPARED 'desk'").await.expect("the host commits");
    let page = store.events(&ALL, page.next, 10).await.expect("the log is read");
    assert_eq!(page.events.iter().map(|event| event.seq).collect::<Vec<_>>(), [first, quick]);
    pool.close().await;
    drop((store, other));
    database.drop().await;
}

/// Eight writers draw their places and dawdle before they commit or give up, while a reader follows.
#[tokio::test(flavor = "multi_thread")]
async fn a_tail_beside_slow_writers_misses_nothing_and_repeats_nothing() {
    const ROUNDS: usize = 25;
    let database = Database::migrated().await;
    let store = database.store().await;
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let pool = sqlx::PgPool::connect_with(database.connect()).await.expect("it answers");
    let writers = join_all((0..8_u64).map(|writer| {
        let (pool, customer, store) = (pool.clone(), customer.clone(), store.clone());
        tokio::spawn(async move {
            let sample = Sample::new(100 + writer);
            for round in 0..ROUNDS {
                let change = changes(&sample, creation(&sample, &customer).1);
                if writer % 2 == 0 {
                    store.commit(change).await.expect("it is stored");
                    continue;
                }
                let joined = PgJoined::new(pool.begin().await.expect("a transaction begins"));
                joined.commit(change).await.expect("it is written");
                // Seven moments from none to eighteen milliseconds, another one for each writer and round.
                let pause = (writer * 5 + round as u64 * 3) % 7;
                tokio::time::sleep(Duration::from_millis(pause * 3)).await;
                let (transaction, _) = joined.release().expect("nobody uses it");
                if round % 5 == 4 {
                    transaction.rollback().await.expect("the host thinks better of it");
                } else {
                    transaction.commit().await.expect("the host commits");
                }
            }
        })
    }));
    let reader = tokio::spawn(follow(store.clone(), 4 * ROUNDS + 4 * (ROUNDS - ROUNDS / 5)));
    for writer in writers.await {
        writer.expect("the writer ends");
    }
    let told = tokio::time::timeout(Duration::from_mins(1), reader).await.expect("the tail catches up");
    let told = told.expect("the reader ends");
    let mut connection = PgConnection::connect_with(&database.connect()).await.expect("it answers");
    let log: Vec<Uuid> =
        sqlx::query_scalar("SELECT id FROM event ORDER BY seq").fetch_all(&mut connection).await.expect("it is read");
    assert_eq!(told, log);
    pool.close().await;
    drop((store, connection));
    database.drop().await;
}

/// Reads on from where each page ends until so many events were told.
async fn follow(store: PgStore, count: usize) -> Vec<Uuid> {
    let (mut told, mut after) = (Vec::new(), Seq(0));
    while told.len() < count {
        let page = store.events(&ALL, after, 7).await.expect("the log is read");
        assert!(page.next >= after, "the place never goes back");
        told.extend(page.events.iter().map(|event| event.id.0));
        after = page.next;
        tokio::task::yield_now().await;
    }
    told
}
