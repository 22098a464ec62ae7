//! What the store's connections are like, and how many there are.

use crate::{ALL, Database, changes, creation, customer};
use futures::future::join_all;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Executor};
use std::time::Duration;
use ticketing_core::TicketKey;
use ticketing_core::conformance::sample::Sample;
use ticketing_core::port::{Commit, SettingsRead, StoreError, TicketRead};
use ticketing_store::{PgOptions, PgStore};

/// Says for new connections to the database what a server's configuration would say.
async fn configure(database: &Database, setting: &str) {
    let alter = format!("EXECUTE format('ALTER DATABASE %I SET {setting}', current_database());");
    let mut connection = database.connection().await;
    connection.execute(AssertSqlSafe(format!("DO $$ BEGIN {alter} END $$"))).await.expect("it is set");
}

/// Which `synchronous_commit` a store that connects like this commits with.
async fn durability(database: &Database, connect: PgConnectOptions, seed: u64) -> String {
    let store = PgStore::connect_with(connect, PgOptions::default()).await.expect("it answers");
    customer(&store, &Sample::new(seed)).await;
    let mut other = database.connection().await;
    sqlx::query_scalar("DELETE FROM seen RETURNING setting").fetch_one(&mut other).await.expect("it is read")
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_are_durable_where_the_server_says_otherwise() {
    let database = Database::migrated().await;
    let mut other = database.connection().await;
    other
        .execute(
            "CREATE TABLE seen (setting text);
             CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO seen VALUES (current_setting('synchronous_commit'));
                RETURN NULL;
             END $$;
             CREATE TRIGGER seen AFTER INSERT ON person EXECUTE FUNCTION see()",
        )
        .await
        .expect("commits are watched");
    configure(&database, "synchronous_commit = off").await;
    assert_eq!(durability(&database, database.connect(), 1).await, "on");
    let own = database.connect().options([("synchronous_commit", "off")]);
    assert_eq!(durability(&database, own, 2).await, "off", "whoever asks for it gets it");
    configure(&database, "synchronous_commit = remote_apply").await;
    assert_eq!(durability(&database, database.connect(), 3).await, "remote_apply", "what is durable stays");
    drop(other);
    database.drop().await;
}

/// A standby can't be had here, so the database pretends: a function of its own hides the server's.
#[tokio::test(flavor = "multi_thread")]
async fn a_standby_is_not_worked_on() {
    let database = Database::migrated().await;
    let mut other = database.connection().await;
    other
        .execute("CREATE FUNCTION pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true'")
        .await
        .expect("the function is made");
    configure(&database, "search_path = public, pg_catalog").await;
    let outcome = PgStore::connect_with(database.connect(), PgOptions::default()).await;
    let Err(StoreError::Unavailable(cause)) = outcome else { panic!("{outcome:?}") };
    assert!(cause.to_string().contains("standby"), "{cause}");
    drop(other);
    database.drop().await;
}

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
