//! Servers that are away and connections that break.

use crate::wire::{Fate, Wire};
use crate::{ALL, Database, changes, creation, customer};
use sqlx::Executor;
use std::time::{Duration, Instant};
use ticketing_core::Seq;
use ticketing_core::conformance::sample::{Sample, add, change};
use ticketing_core::ids::TicketKey;
use ticketing_core::port::{ActivityRead, Commit, Store, StoreError, TicketRead};
use ticketing_store::{PgOptions, PgStore};

async fn over(wire: &Wire, database: &Database) -> PgStore {
    PgStore::connect_with(wire.connect(database), PgOptions::default()).await.expect("it answers")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_was_lost_is_answered_all_the_same_and_applied_once() {
    for fate in [Fate::AnswerLost, Fate::RequestLost] {
        let database = Database::migrated().await;
        let wire = Wire::to(&database);
        let store = over(&wire, &database).await;
        let sample = Sample::new(1);
        let customer = customer(&store, &sample).await;
        let (ticket, writes) = creation(&sample, &customer);
        wire.doom(fate);
        let committed = store.commit(changes(&sample, writes)).await.expect("the store finds out");
        let log = store.events(&ALL, Seq(0), 10).await.expect("the log is read");
        assert_eq!(log.events.iter().map(|event| event.seq).collect::<Vec<_>>(), committed.seqs, "{fate:?}");
        assert_eq!(log.events.len(), 1, "{fate:?}");
        assert!(store.ticket(&ALL, &TicketKey::Id(ticket.id)).await.expect("it is read").is_some());
        drop(store);
        database.drop().await;
    }
}

/// The first attempt still waits for a lock when the connection breaks. Whoever asks then finds nothing
/// of it; it must not land later beside a second one, nor make the second one a conflict.
#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_is_still_under_way_does_not_land_beside_the_next() {
    let database = Database::migrated().await;
    let wire = Wire::to(&database);
    let store = over(&wire, &database).await;
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let (mut ticket, writes) = creation(&sample, &customer);
    store.commit(changes(&sample, writes)).await.expect("it is stored");
    let mut other = database.connection().await;
    other.execute("BEGIN; SELECT 1 FROM ticket FOR UPDATE").await.expect("the row is locked");
    wire.doom(Fate::AnswerLost);
    let event = sample.event(&ticket, ticketing_core::event::Fact::TicketResolved {}, &customer);
    let write = change(&mut ticket, |ticket| ticket.subject = "It moves again".to_owned());
    let change = changes(&sample, vec![write, ticketing_core::conformance::sample::tell(&event)]);
    let commit = tokio::spawn({
        let store = store.clone();
        async move { store.commit(change).await }
    });
    tokio::time::sleep(Duration::from_millis(400)).await;
    other.execute("COMMIT").await.expect("the lock is given back");
    let committed = commit.await.expect("it ends").expect("the store finds out");
    let log = store.events(&ALL, Seq(0), 10).await.expect("the log is read").events;
    assert_eq!(log.len(), 2, "the change was applied once");
    assert_eq!(vec![log[1].seq], committed.seqs);
    drop(store);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_event_to_look_for_the_outcome_stays_unknown() {
    let database = Database::migrated().await;
    let wire = Wire::to(&database);
    let store = over(&wire, &database).await;
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let ticket = sample.ticket(&customer);
    wire.doom(Fate::AnswerLost);
    let outcome = store.commit(changes(&sample, vec![add(&ticket)])).await;
    assert!(matches!(outcome, Err(StoreError::Unknown(_))), "{outcome:?}");
    drop(store);
    database.drop().await;
}

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
