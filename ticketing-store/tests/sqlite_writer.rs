//! Writers that meet on one file.
#![cfg(feature = "sqlite")]
// The helpers of these tests are tests too.
#![allow(clippy::unwrap_used)]

use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::access::{Scope, SystemReason};
use ticketing_core::changes::{Changes, Write};
use ticketing_core::conformance::sample::{Sample, add, tell};
use ticketing_core::event::Fact;
use ticketing_core::ids::{ChangeId, Seq};
use ticketing_core::model::{Role, User};
use ticketing_core::port::{ActivityRead, Commit, StoreError, TicketRead, Unique};
use ticketing_store::sqlite::{SqliteOptions, SqliteStore};

const ALL: Scope = Scope::System(SystemReason::Upkeep);

async fn open(path: &Path, options: SqliteOptions) -> SqliteStore {
    let store = SqliteStore::open(path, options).await.unwrap();
    store.migrate().await.unwrap();
    store
}

fn changes(sample: &Sample, writes: Vec<Write>) -> Changes {
    let id = ChangeId(sample.uuid());
    Changes { id, scope: ALL, settings: 1, bumps_settings: false, writes, guards: Vec::new() }
}

/// A store with one customer in it.
async fn desk(path: &Path, options: SqliteOptions, sample: &Sample) -> (SqliteStore, User) {
    let store = open(path, options).await;
    let customer = sample.user("Ada", Role::Customer);
    store.commit(changes(sample, vec![add(&customer)])).await.unwrap();
    (store, customer)
}

/// Another process in the middle of a write.
async fn lock(path: &Path) -> SqliteConnection {
    let mut other = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    other
}

async fn unlock(mut other: SqliteConnection) {
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
}

/// Long enough for the writer to take what was handed in and to meet the lock.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stores_on_one_file_lose_nothing() {
    const ROUNDS: usize = 25;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Arc::new(Sample::new(1));
    let (first, customer) = desk(&path, SqliteOptions::default(), &sample).await;
    let second = open(&path, SqliteOptions::default()).await;
    let mut tasks = Vec::new();
    for store in [&first, &second] {
        for _ in 0..16 {
            let (store, sample, customer) = (store.clone(), Arc::clone(&sample), customer.clone());
            tasks.push(tokio::spawn(async move {
                let mut seqs = Vec::new();
                for _ in 0..ROUNDS {
                    let ticket = sample.ticket(&customer);
                    let event = sample.event(&ticket, Fact::TicketCreated {}, &customer);
                    let committed = store.commit(changes(&sample, vec![add(&ticket), tell(&event)])).await.unwrap();
                    assert_eq!(committed.seqs.len(), 1);
                    seqs.push((committed.seqs[0], event.id));
                }
                seqs
            }));
        }
    }
    let mut answered = BTreeSet::new();
    for task in tasks {
        let seqs = task.await.unwrap();
        assert!(seqs.is_sorted(), "whoever waits for an answer comes later in the log");
        answered.extend(seqs);
    }
    let log = second.events(&ALL, Seq(0), 10_000).await.unwrap().events;
    let log: BTreeSet<_> = log.into_iter().map(|event| (event.seq, event.id)).collect();
    assert_eq!(log.len(), 2 * 16 * ROUNDS);
    assert_eq!(log, answered, "every answered event is in the log where the answer said");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_the_log_misses_nothing_while_two_stores_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Arc::new(Sample::new(1));
    let (first, customer) = desk(&path, SqliteOptions::default(), &sample).await;
    let second = open(&path, SqliteOptions::default()).await;
    let mut tasks = Vec::new();
    for store in [first.clone(), second, first.clone()] {
        let (sample, customer) = (Arc::clone(&sample), customer.clone());
        tasks.push(tokio::spawn(async move {
            for _ in 0..40 {
                let ticket = sample.ticket(&customer);
                let events = [Fact::TicketCreated {}, Fact::TicketResolved {}, Fact::TicketClosed {}];
                let events = events.map(|fact| tell(&sample.event(&ticket, fact, &customer)));
                let writes = [add(&ticket)].into_iter().chain(events).collect();
                store.commit(changes(&sample, writes)).await.unwrap();
            }
        }));
    }
    let (mut after, mut told) = (Seq(0), 0);
    while told < 3 * 40 * 3 {
        let is_over = tasks.iter().all(tokio::task::JoinHandle::is_finished);
        let page = first.events(&ALL, after, 7).await.unwrap();
        assert!(page.events.iter().all(|event| event.seq > after && event.seq <= page.next));
        told += page.events.len();
        assert!(!(is_over && page.events.is_empty() && page.next == after), "only {told} events were ever seen");
        after = page.next;
    }
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_failing_item_does_not_disturb_its_group() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let (store, customer) = desk(&path, SqliteOptions::default(), &sample).await;
    let other = lock(&path).await;
    let mut tickets: Vec<_> = (0..12).map(|_| sample.ticket(&customer)).collect();
    tickets[5].number = tickets[4].number.clone();
    let commits: Vec<_> = tickets
        .iter()
        .map(|ticket| {
            let (store, changes) = (store.clone(), changes(&sample, vec![add(ticket)]));
            tokio::spawn(async move { store.commit(changes).await })
        })
        .collect();
    a_moment().await;
    unlock(other).await;
    let mut answers = Vec::new();
    for commit in commits {
        answers.push(commit.await.unwrap());
    }
    let failed: Vec<_> = (0..12).filter(|place| answers[*place].is_err()).collect();
    // They are handed in by tasks of their own, so either of the two may come first.
    assert!(failed == [4] || failed == [5], "{answers:?}");
    assert!(matches!(answers[failed[0]], Err(StoreError::Duplicate(Unique::TicketNumber))));
    for (place, ticket) in tickets.iter().enumerate() {
        let stored = store.ticket(&ALL, &ticket.id.into()).await.unwrap();
        assert_eq!(stored.is_some(), answers[place].is_ok(), "ticket {place} is there where it was committed");
    }
}
