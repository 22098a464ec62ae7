//! What is due by the clock, in PostgreSQL.

use super::database::Database;
use super::{changes, clock, customer};
use chrono::TimeDelta;
use sqlx::PgConnection;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::changes::Write;
use ticketing_core::conformance::sample::{Sample, add};
use ticketing_core::port::{Commit, Timers};
use ticketing_store::{PgOptions, PgStore};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_done_once() {
    let database = Database::migrated().await;
    let store = database.store().await;
    Box::pin(clock::what_is_due_is_done_once(Arc::new(store.clone()))).await;
    store.close().await;
    database.drop().await;
}

/// How many entries of the index by moment were read so far, and whether the table was ever read from end to end.
async fn read(connection: &mut PgConnection) -> (i64, i64) {
    sqlx::query_as(
        "SELECT i.idx_tup_read, t.seq_scan FROM pg_stat_user_indexes i JOIN pg_stat_user_tables t USING (relid) \
         WHERE i.indexrelname = 'ticket_wake_due'",
    )
    .fetch_one(connection)
    .await
    .expect("it is counted")
}

#[tokio::test]
async fn a_claim_reads_no_more_than_it_takes() {
    let database = Database::migrated().await;
    // One connection for writes, so that its counters are all of them.
    let options = PgOptions { pool_size: 2, ..PgOptions::default() };
    let store = PgStore::connect_with(database.connect(), options).await.expect("it answers");
    let sample = Sample::new(3);
    let customer = customer(&store, &sample).await;
    let now = sample.now();
    for _ in 0..20 {
        let tickets: Vec<_> = (0..500).map(|_| sample.ticket(&customer)).collect();
        let wake = |(place, ticket): (i64, &ticketing_core::model::Ticket)| {
            // One of fifty is due, some of them with others that are not between.
            let due_at =
                if place % 50 == 0 { now - TimeDelta::seconds(place) } else { now + TimeDelta::seconds(place) };
            Write::TicketWake { ticket_id: ticket.id, due_at: Some(due_at) }
        };
        let writes = tickets.iter().map(add).chain((0..).zip(&tickets).map(wake));
        store.commit(changes(&sample, writes.collect())).await.expect("they are stored");
    }
    let mut connection = database.connection().await;
    sqlx::query("ANALYZE").execute(&mut connection).await.expect("it is analysed");
    let before = read(&mut connection).await;
    let claimed = store.claim_wakes(now, now + TimeDelta::hours(1), 100).await.expect("they are claimed");
    assert_eq!(claimed.len(), 100);
    store.close().await;
    // The counters come when the connection has ended.
    let mut after = read(&mut connection).await;
    for _ in 0..200 {
        if after.0 > before.0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        after = read(&mut connection).await;
    }
    let (entries, scans) = (after.0 - before.0, after.1 - before.1);
    assert!((100..=200).contains(&entries), "{entries} entries of 10000 were read");
    assert_eq!(scans, 0, "the table was not read from end to end");
    drop(connection);
    database.drop().await;
}
