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
use ticketing_core::ids::{ChangeId, JobId, Seq, WorkerId};
use ticketing_core::model::{Job, JobKind, Role, User};
use ticketing_core::port::{ActivityRead, Claim, Commit, Queue, StoreError, TicketRead, Unique};
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

fn claim(sample: &Sample) -> Claim {
    let (worker, now) = (WorkerId(sample.uuid()), sample.now());
    Claim { worker, now, until: now + Duration::from_mins(1), room: 100, rooms: [].into(), limit: 100 }
}

async fn with_jobs(store: &SqliteStore, sample: &Sample, many: usize) -> Vec<JobId> {
    let jobs: Vec<Job> = (0..many).map(|_| sample.job(JobKind::Mail, "mail")).collect();
    let writes = jobs.iter().map(|job| Write::Job(Box::new(job.clone()))).collect();
    store.commit(changes(sample, writes)).await.unwrap();
    jobs.into_iter().map(|job| job.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_share_a_group_with_commits_that_fail() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let (store, customer) = desk(&path, SqliteOptions::default(), &sample).await;
    let jobs = with_jobs(&store, &sample, 12).await;
    let other = lock(&path).await;
    let mut claims = Vec::new();
    let mut commits = Vec::new();
    for _ in 0..6 {
        let (claiming, claim) = (store.clone(), Claim { limit: 2, ..claim(&sample) });
        claims.push(tokio::spawn(async move { claiming.claim_jobs(&claim).await }));
        let (committing, changes) = (store.clone(), changes(&sample, vec![add(&customer)]));
        commits.push(tokio::spawn(async move { committing.commit(changes).await }));
    }
    a_moment().await;
    unlock(other).await;
    let mut given = Vec::new();
    for claim in claims {
        given.extend(claim.await.unwrap().unwrap().into_iter().map(|job| job.id));
    }
    for commit in commits {
        assert!(matches!(commit.await.unwrap(), Err(StoreError::Duplicate(_))), "the customer is there");
    }
    given.sort_unstable();
    assert_eq!(given, jobs, "each job was given once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_waits_for_another_process_no_longer_than_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let patience = Duration::from_millis(100);
    let (store, _) = desk(&path, SqliteOptions { patience, ..SqliteOptions::default() }, &sample).await;
    let jobs = with_jobs(&store, &sample, 3).await;
    let other = lock(&path).await;
    let outcome = store.claim_jobs(&claim(&sample)).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    let free = store.free_jobs(sample.now(), 9).await;
    assert!(matches!(free, Err(StoreError::Unavailable(_))), "{free:?}");
    unlock(other).await;
    let given = store.claim_jobs(&claim(&sample)).await.unwrap();
    assert_eq!(given.into_iter().map(|job| job.id).collect::<Vec<_>>(), jobs, "the refused claim took nothing");
    store.close().await;
    let outcome = store.claim_jobs(&claim(&sample)).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_was_kept_waiting_and_left_takes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let (store, _) = desk(&path, SqliteOptions::default(), &sample).await;
    let jobs = with_jobs(&store, &sample, 3).await;
    let other = lock(&path).await;
    let (leaving, wanted) = (store.clone(), claim(&sample));
    let claiming = tokio::spawn(async move { leaving.claim_jobs(&wanted).await });
    a_moment().await;
    claiming.abort();
    assert!(claiming.await.unwrap_err().is_cancelled());
    unlock(other).await;
    let given = store.claim_jobs(&claim(&sample)).await.unwrap();
    assert_eq!(given.into_iter().map(|job| job.id).collect::<Vec<_>>(), jobs);
}
