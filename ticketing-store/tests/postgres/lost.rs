//! Commits whose connection breaks before their answer is heard.

use crate::wire::{Fate, Wire};
use crate::{ALL, Database, changes, creation, customer};
use sqlx::Executor;
use std::time::Duration;
use ticketing_core::changes::Write;
use ticketing_core::conformance::sample::{Sample, add, change, inform, note, ran};
use ticketing_core::ids::TicketKey;
use ticketing_core::model::{Answer, IdempotencyKey, Subject};
use ticketing_core::port::{ActivityRead, Commit, NotificationRead, PeopleRead, StoreError, TicketRead};
use ticketing_core::query::{AuditQuery, NotificationQuery, WorkflowRunQuery};
use ticketing_core::{Seq, TicketId};
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

/// A refresh writes a session and nothing else. If it landed and were called unknown, the client would
/// come again with a token that is spent, which ends the sign-in.
#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_whose_answer_was_lost_is_answered_all_the_same() {
    for fate in [Fate::AnswerLost, Fate::RequestLost] {
        let database = Database::migrated().await;
        let wire = Wire::to(&database);
        let store = over(&wire, &database).await;
        let sample = Sample::new(1);
        let customer = customer(&store, &sample).await;
        let mut session = sample.session(&customer);
        wire.doom(fate);
        store.commit(changes(&sample, vec![add(&session)])).await.expect("the store finds out");
        for _ in 0..2 {
            let secret = sample.session(&customer).current_hash;
            let refresh = change(&mut session, |session| session.current_hash = secret);
            wire.doom(fate);
            store.commit(changes(&sample, vec![refresh])).await.expect("the store finds out");
            let stored = store.session(&ALL, session.id).await.expect("it is read");
            assert_eq!(stored.as_ref(), Some(&session), "{fate:?}");
        }
        drop(store);
        database.drop().await;
    }
}

/// Two refreshes race. That of the other has landed when the first one's connection breaks, and both
/// write the same version: the first must not take the other's row for its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_another_wrote_is_not_taken_for_ones_own() {
    let database = Database::migrated().await;
    let wire = Wire::to(&database);
    let store = over(&wire, &database).await;
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let session = sample.session(&customer);
    store.commit(changes(&sample, vec![add(&session)])).await.expect("it is stored");
    let refresh = || {
        let (mut next, secret) = (session.clone(), sample.session(&customer).current_hash);
        let write = change(&mut next, |session| session.current_hash = secret);
        (next, changes(&sample, vec![write]))
    };
    let (first, (others, second)) = (refresh().1, refresh());
    database.store().await.commit(second).await.expect("the other is stored");
    wire.doom(Fate::RequestLost);
    let outcome = store.commit(first).await;
    assert!(matches!(outcome, Err(StoreError::Unknown(_) | StoreError::Conflict)), "{outcome:?}");
    assert_eq!(store.session(&ALL, session.id).await.expect("it is read"), Some(others));
    drop(store);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_the_audit_log_tells_what_became_of_a_lost_commit() {
    for fate in [Fate::AnswerLost, Fate::RequestLost] {
        let database = Database::migrated().await;
        let wire = Wire::to(&database);
        let store = over(&wire, &database).await;
        let sample = Sample::new(1);
        let customer = customer(&store, &sample).await;
        let team = sample.team("Billing");
        let line = sample.audit(&customer, "team.created", Subject::Team(team.id));
        wire.doom(fate);
        store.commit(changes(&sample, vec![add(&team), note(&line)])).await.expect("the store finds out");
        let query = AuditQuery { limit: 10, ..AuditQuery::default() };
        let lines = store.audit(&ALL, &query).await.expect("it is read");
        assert_eq!(lines.iter().map(|line| line.id).collect::<Vec<_>>(), [line.id], "{fate:?}");
        drop(store);
        database.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leaves_no_trace_of_its_own_stays_unknown() {
    let database = Database::migrated().await;
    let wire = Wire::to(&database);
    let store = over(&wire, &database).await;
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let (ticket, writes) = creation(&sample, &customer);
    store.commit(changes(&sample, writes)).await.expect("it is stored");
    wire.doom(Fate::AnswerLost);
    let watch = Write::Watch { ticket_id: ticket.id, user_id: customer.id, at: sample.now() };
    let outcome = store.commit(changes(&sample, vec![watch])).await;
    assert!(matches!(outcome, Err(StoreError::Unknown(_))), "{outcome:?}");
    drop(store);
    database.drop().await;
}

/// A call that changed nothing leaves its answer alone to find out by.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_commit_was_lost_is_found_or_written() {
    for fate in [Fate::AnswerLost, Fate::RequestLost] {
        let database = Database::migrated().await;
        let wire = Wire::to(&database);
        let store = over(&wire, &database).await;
        let sample = Sample::new(1);
        // Opens the connection that is going to break.
        customer(&store, &sample).await;
        let key = IdempotencyKey {
            owner: "person".to_owned(),
            route: "/api/tickets".to_owned(),
            key: "k".to_owned(),
            digest: [1; 32],
        };
        let answer = Answer { key, output: None, at: sample.now() };
        wire.doom(fate);
        let write = Write::Answer(Box::new(answer.clone()));
        store.commit(changes(&sample, vec![write])).await.expect("the store finds out");
        assert_eq!(store.answer(&ALL, &answer.key).await.expect("it is read"), Some(answer), "{fate:?}");
        drop(store);
        database.drop().await;
    }
}

/// A rule that found nothing to do leaves its run alone to find out by; a notification proves nothing, since the
/// person may have been told before.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_tells_what_became_of_a_lost_commit() {
    for fate in [Fate::AnswerLost, Fate::RequestLost] {
        let database = Database::migrated().await;
        let wire = Wire::to(&database);
        let store = over(&wire, &database).await;
        let sample = Sample::new(1);
        let customer = customer(&store, &sample).await;
        let (run, told) = (sample.run(sample.rule(), TicketId(sample.uuid())), sample.notification(customer.id));
        wire.doom(fate);
        store.commit(changes(&sample, vec![inform(&told), ran(&run)])).await.expect("the store finds out");
        let query = WorkflowRunQuery { limit: 9, ..WorkflowRunQuery::default() };
        assert_eq!(store.workflow_runs(&ALL, &query).await.expect("they are read"), [run], "{fate:?}");
        assert_eq!(
            store.notifications(&NotificationQuery::of(customer.id, 9)).await.expect("they are read"),
            [told],
            "{fate:?}"
        );
        let told = sample.notification(customer.id);
        wire.doom(fate);
        let outcome = store.commit(changes(&sample, vec![inform(&told)])).await;
        assert_eq!(outcome.is_ok(), fate == Fate::RequestLost, "{fate:?}: {outcome:?}");
        let stored = store.notifications(&NotificationQuery::of(customer.id, 1)).await.expect("they are read");
        assert_eq!(stored, [told], "{fate:?}");
        drop(store);
        database.drop().await;
    }
}
