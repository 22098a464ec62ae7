//! The store's connections.

use crate::{ALL, Database, changes, creation, customer};
use futures::future::join_all;
use sqlx::Executor;
use std::time::Duration;
use ticketing_core::TicketKey;
use ticketing_core::conformance::sample::Sample;
use ticketing_core::port::{Commit, SettingsRead, TicketRead};
use ticketing_store::{PgOptions, PgStore};

#[tokio::test(flavor = "multi_thread")]
async fn a_store_holds_no_more_connections_than_it_was_told() {
    let database = Database::migrated().await;
    let mut other = database.connection().await;
    for pool_size in [1, 2, 3, 5] {
        let options = PgOptions { pool_size, ..PgOptions::default() };
        let store = PgStore::connect_with(database.connect(), options).await.expect("it answers");
        let sample = Sample::new(u64::from(pool_size));
        let customer = customer(&store, &sample).await;
        other.execute("BEGIN; LOCK TABLE ticket IN ACCESS EXCLUSIVE MODE").await.expect("the table is locked");
        let calls = (0..8).map(|_| {
            let (ticket, writes) = creation(&sample, &customer);
            let (store, change) = (store.clone(), changes(&sample, writes));
            tokio::spawn(async move {
                let key = TicketKey::Id(ticket.id);
                let (read, written) = tokio::join!(store.ticket(&ALL, &key), store.commit(change));
                read.map(drop).and(written.map(drop))
            })
        });
        let calls: Vec<_> = calls.collect();
        tokio::time::sleep(Duration::from_millis(400)).await;
        let sessions = "SELECT count(*) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'ticketing'";
        let sessions: i64 = sqlx::query_scalar(sessions).fetch_one(&mut other).await.expect("they are counted");
        assert_eq!(sessions, i64::from(pool_size));
        other.execute("ROLLBACK").await.expect("the lock is given back");
        for call in join_all(calls).await {
            call.expect("it ends").expect("it was only late");
        }
        store.settings_version().await.expect("it answers");
        // Of this size none may be left when the next one is counted.
        let pids = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        sqlx::query_scalar::<_, i64>(pids).fetch_one(&mut other).await.expect("they are closed");
    }
    drop(other);
    database.drop().await;
}
