//! Commits whose connection breaks before their answer is heard.

use crate::wire::{Fate, Wire};
use crate::{ALL, Database, changes, creation, customer};
use sqlx::Executor;
use std::time::Duration;
use ticketing_core::Seq;
use ticketing_core::conformance::sample::{Sample, add, change};
use ticketing_core::ids::TicketKey;
use ticketing_core::port::{ActivityRead, Commit, StoreError, TicketRead};
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
