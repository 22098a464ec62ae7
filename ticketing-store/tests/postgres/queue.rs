//! The queue of jobs where it is PostgreSQL's own: what a claim reads and locks, what it costs on the wire,
//! what becomes of lost commits, and the bell between processes.

use crate::wire::{Fate, Wire};
use crate::{Database, changes, creation, customer};
use chrono::TimeDelta;
use sqlx::{Connection, Executor, PgConnection, PgPool};
use std::collections::BTreeMap;
use std::time::Duration;
use ticketing_core::WorkerId;
use ticketing_core::changes::Write;
use ticketing_core::conformance::sample::{Sample, add, change};
use ticketing_core::model::{Attempt, Job, JobEnd, JobKind, JobOutcome, JobState};
use ticketing_core::port::{Claim, Commit, Queue};
use ticketing_store::{PgJoined, PgOptions, PgStore};
use tokio::time::timeout;

fn put(job: &Job) -> Write {
    Write::Job(Box::new(job.clone()))
}

fn claim(sample: &Sample) -> Claim {
    let now = sample.now();
    let worker = WorkerId(sample.uuid());
    Claim { worker, now, until: now + TimeDelta::minutes(1), room: 8, rooms: BTreeMap::new(), limit: 10 }
}

/// Ten lanes of a thousand jobs and one of twenty thousand, one job behind all of them, and fifty lanes
/// whose jobs are not due for a while.
async fn backlog(store: &impl Commit, sample: &Sample) -> Job {
    let mut jobs: Vec<Job> = (0..20_000).map(|_| sample.job(JobKind::Webhook, "webhook:long")).collect();
    for lane in 0..10 {
        jobs.extend((0..1_000).map(|_| sample.job(JobKind::Mail, &format!("mail:{lane}"))));
    }
    let due_at = sample.now() + TimeDelta::days(1);
    for lane in 0..50 {
        let later = || Job { due_at, ..sample.job(JobKind::Webhook, &format!("later:{lane}")) };
        jobs.extend((0..20).map(|_| later()));
    }
    let last = sample.job(JobKind::Mail, "z:short");
    jobs.push(last.clone());
    for jobs in jobs.chunks(2_500) {
        store.commit(changes(sample, jobs.iter().map(put).collect())).await.expect("they are stored");
    }
    last
}

/// How often the table of jobs was read as a whole, and how many of its rows were fetched by an index.
async fn counters(transaction: &mut PgConnection) -> (i64, i64) {
    let counters = "SELECT seq_scan, coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = 'job'";
    sqlx::query_as(counters).fetch_one(transaction).await.expect("the counters are read")
}

/// Claims in a transaction that is taken back, and tells what it cost.
async fn cost(pool: &PgPool, setup: &'static str, claim: &Claim) -> (Vec<Job>, i64, i64) {
    let mut transaction = pool.begin().await.expect("a transaction begins");
    transaction.execute(setup).await.expect("it is set");
    // The server has not told all of what went before yet.
    let before = counters(&mut transaction).await;
    let joined = PgJoined::new(transaction);
    let given = joined.claim_jobs(claim).await.expect("jobs are claimed");
    let (mut transaction, _) = joined.release().expect("nobody else has it");
    let after = counters(&mut transaction).await;
    transaction.rollback().await.expect("it is taken back");
    (given, after.0 - before.0, after.1 - before.1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_costs_what_it_gives_however_many_jobs_wait() {
    let database = Database::migrated().await;
    let (store, sample) = (database.store().await, Sample::new(1));
    let last = backlog(&store, &sample).await;
    let pool = PgPool::connect_with(database.connect()).await.expect("it answers");
    for statistics in ["SELECT", "ANALYZE job", "VACUUM ANALYZE job"] {
        pool.execute(statistics).await.expect("it is done");
        for mode in ["SET LOCAL plan_cache_mode = force_generic_plan", "SET LOCAL plan_cache_mode = auto"] {
            let all = Claim { limit: 100, ..claim(&sample) };
            let (given, scans, fetched) = cost(&pool, mode, &all).await;
            assert!(given.iter().any(|job| job.id == last.id), "{statistics}, {mode}: the lone job is given");
            assert_eq!(given.len(), 89, "eight of each long lane and the lone one");
            // Sixty-two lanes are jumped to, and each job given is fetched twice: to be locked and to be written.
            assert_eq!(scans, 0, "{statistics}, {mode}: the table is never read as a whole");
            assert!(fetched <= 62 + 2 * 89, "{statistics}, {mode}: {fetched} rows were fetched");
            let rooms = BTreeMap::from([("webhook:long".to_owned(), 3)]);
            let one = Claim { room: 0, rooms, ..claim(&sample) };
            let (given, scans, fetched) = cost(&pool, mode, &one).await;
            assert_eq!((given.len(), scans), (3, 0), "{statistics}, {mode}");
            assert!(fetched <= 62 + 2 * 3, "{statistics}, {mode}: {fetched} rows were fetched for one lane");
        }
    }
    pool.close().await;
    drop(store);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_passes_by_what_another_holds() {
    let database = Database::migrated().await;
    let (store, sample) = (database.store().await, Sample::new(1));
    let jobs: Vec<Job> = (0..3).map(|_| sample.job(JobKind::Mail, "mail")).collect();
    store.commit(changes(&sample, jobs.iter().map(put).collect())).await.expect("they are stored");
    let mut other = database.connection().await;
    let mut held = other.begin().await.expect("a transaction begins");
    let lock = sqlx::query("SELECT 1 FROM job WHERE id = $1 FOR UPDATE").bind(jobs[0].id.0);
    lock.execute(&mut *held).await.expect("the row is locked");
    let quick = async || timeout(Duration::from_secs(5), store.claim_jobs(&claim(&sample))).await;
    let given = quick().await.expect("nobody waits").expect("jobs are claimed");
    assert_eq!(given.iter().map(|job| job.id).collect::<Vec<_>>(), [jobs[1].id, jobs[2].id]);
    held.rollback().await.expect("the lock is given back");
    let given = quick().await.expect("nobody waits").expect("jobs are claimed");
    assert_eq!(given.iter().map(|job| job.id).collect::<Vec<_>>(), [jobs[0].id]);
    drop(store);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_beside_a_ticket_costs_no_round_trip_and_a_claim_costs_one() {
    let database = Database::migrated().await;
    let wire = Wire::to(&database);
    // One connection for commits, so that the second of each finds it prepared.
    let options = PgOptions { pool_size: 2, ..PgOptions::default() };
    let store = PgStore::connect_with(wire.connect(&database), options).await.expect("it answers");
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let worker = WorkerId(sample.uuid());
    for round in ["prepared", "counted"] {
        let counted = |what: &str| {
            let counts = wire.counts();
            assert!(round == "prepared" || counts == (1, 1), "{what}: {counts:?} statements and round trips");
        };
        let (_, mut writes) = creation(&sample, &customer);
        let job = sample.job(JobKind::Dispatch, "dispatch");
        writes.push(put(&job));
        wire.counts();
        store.commit(changes(&sample, writes)).await.expect("it is stored");
        counted("a create with a job");
        let given = store.claim_jobs(&Claim { worker, ..claim(&sample) }).await.expect("it is claimed");
        counted("a claim");
        assert_eq!(given.len(), 1);
        let until = sample.now() + TimeDelta::minutes(2);
        assert_eq!(store.extend_leases(worker, &[job.id], until).await.expect("it is extended"), [job.id]);
        counted("an extension");
        let follow_up = sample.job(JobKind::Mail, "later");
        let follow_up = Job { due_at: sample.now() + TimeDelta::days(1), ..follow_up };
        let ended = Write::EndJob(Box::new(end(&sample, &given[0], worker)));
        store.commit(changes(&sample, vec![ended, put(&follow_up)])).await.expect("it is ended");
        counted("an end with a job that follows");
    }
    drop(store);
    database.drop().await;
}

fn end(sample: &Sample, job: &Job, worker: WorkerId) -> JobEnd {
    let at = sample.now();
    let attempt =
        Attempt { job_id: job.id, at, duration_ms: 1, status_code: None, response: None, error: None, request: None };
    JobEnd { id: job.id, worker, at, outcome: JobOutcome::Done, attempt: Some(attempt), must_hold: false }
}

/// What a worker commits has neither an event nor a line of the audit log to find it by.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_worker_commits_is_found_or_written_where_the_answer_was_lost() {
    for fate in [Fate::AnswerLost, Fate::RequestLost] {
        let database = Database::migrated().await;
        let wire = Wire::to(&database);
        let store = PgStore::connect_with(wire.connect(&database), PgOptions::default()).await.expect("it answers");
        let sample = Sample::new(1);
        customer(&store, &sample).await;
        let commit = async |write: Write| {
            wire.doom(fate);
            store.commit(changes(&sample, vec![write])).await.expect("the store finds out");
        };
        let job = sample.job(JobKind::Mail, "mail");
        commit(put(&job)).await;
        let stored = async || store.job(job.id).await.expect("it is read").expect("it is there");
        assert_eq!(stored().await, job, "{fate:?}");
        let claim = claim(&sample);
        for (outcome, state) in [
            (JobOutcome::Retry { due_at: claim.now, error: "no".to_owned() }, JobState::Ready),
            (JobOutcome::Done, JobState::Done),
        ] {
            let given = store.claim_jobs(&claim).await.expect("it is claimed");
            let end = JobEnd { outcome, ..end(&sample, &given[0], claim.worker) };
            commit(Write::EndJob(Box::new(end))).await;
            assert_eq!(stored().await.state, state, "{fate:?}");
        }
        assert_eq!(stored().await.attempts, 2, "{fate:?}: each attempt counts once");
        assert_eq!(store.attempts(&[job.id]).await.expect("they are read").len(), 2, "{fate:?}");
        commit(Write::RedoJob { id: job.id, at: sample.now() }).await;
        assert_eq!(stored().await.state, JobState::Ready, "{fate:?}");
        commit(Write::TakeJob { id: job.id, at: sample.now() }).await;
        assert_eq!(stored().await.state, JobState::Done, "{fate:?}");
        let mut record = sample.mail_record("ana@people.example");
        commit(add(&record)).await;
        commit(change(&mut record, |record| record.held += 1)).await;
        let key = (record.address.clone(), None);
        assert_eq!(store.mail_records(&[key]).await.expect("it is read"), [record], "{fate:?}");
        drop(store);
        database.drop().await;
    }
}

/// What a claim says of durability holds for the claim alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_leaves_its_connection_durable() {
    let database = Database::migrated().await;
    // One connection for everything.
    let options = PgOptions { pool_size: 1, ..PgOptions::default() };
    let store = PgStore::connect_with(database.connect(), options).await.expect("it answers");
    let sample = Sample::new(1);
    let job = sample.job(JobKind::Mail, "mail");
    store.commit(changes(&sample, vec![put(&job)])).await.expect("it is stored");
    assert_eq!(store.claim_jobs(&claim(&sample)).await.expect("it is claimed").len(), 1);
    // Joined to a transaction, it must not say it for the host.
    let pool = PgPool::connect_with(database.connect()).await.expect("it answers");
    let mut transaction = pool.begin().await.expect("a transaction begins");
    transaction.execute("SET LOCAL synchronous_commit = on").await.expect("it is set");
    let joined = PgJoined::new(transaction);
    joined.commit(changes(&sample, vec![put(&sample.job(JobKind::Mail, "mail"))])).await.expect("it is stored");
    assert_eq!(joined.claim_jobs(&claim(&sample)).await.expect("it is claimed").len(), 1);
    let (mut transaction, _) = joined.release().expect("nobody else has it");
    let said: String =
        sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&mut *transaction).await.expect("it is read");
    assert_eq!(said, "on");
    transaction.rollback().await.expect("it is taken back");
    pool.close().await;
    drop(store);
    database.drop().await;
}

const A_SECOND: Duration = Duration::from_secs(1);
/// Long enough for a connection to be made anew on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

async fn listeners(connection: &mut PgConnection) -> i64 {
    let listening = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
        AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'";
    sqlx::query_scalar(listening).fetch_one(connection).await.expect("it is counted")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ring_in_one_store_is_heard_in_another() {
    let database = Database::migrated().await;
    let (here, there) = (database.store().await, database.store().await);
    let mut looks = database.connection().await;
    assert_eq!(listeners(&mut looks).await, 0, "nobody listens who was not asked to");
    for store in [&here, &there] {
        // What was rung before anybody listened may have been missed.
        timeout(PATIENCE, store.rung()).await.expect("it begins to listen");
    }
    assert!(timeout(Duration::from_millis(100), there.rung()).await.is_err(), "nobody has rung");
    // Whoever waits hears it, and all of them by one connection.
    let waiting: Vec<_> = (0..5)
        .map(|_| {
            let there = there.clone();
            tokio::spawn(async move { timeout(A_SECOND, there.rung()).await })
        })
        .collect();
    tokio::task::yield_now().await;
    for _ in 0..50 {
        here.ring().await.expect("it is rung");
    }
    for waiting in waiting {
        waiting.await.expect("it ends").expect("it is heard");
    }
    assert_eq!(listeners(&mut looks).await, 2, "one connection for each store");
    assert!(timeout(Duration::from_millis(100), here.rung()).await.is_err(), "a store does not wake itself");
    // A ring that nobody waited for just then is heard by whoever asks next.
    here.ring().await.expect("it is rung");
    timeout(A_SECOND, there.rung()).await.expect("it is heard");
    drop((here, there));
    let gone = async {
        while listeners(&mut looks).await > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, gone).await.expect("the listening ends with the store");
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bell_whose_connection_is_lost_is_hung_up_again() {
    let database = Database::migrated().await;
    let (here, there) = (database.store().await, database.store().await);
    timeout(PATIENCE, there.rung()).await.expect("it begins to listen");
    let mut other = database.connection().await;
    let ended = other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
         AND query LIKE 'LISTEN%'",
    );
    ended.await.expect("the connection is ended");
    timeout(PATIENCE, there.rung()).await.expect("something may have been missed");
    here.ring().await.expect("it is rung");
    timeout(A_SECOND, there.rung()).await.expect("it is heard");
    there.close().await;
    drop((here, there));
    database.drop().await;
}
