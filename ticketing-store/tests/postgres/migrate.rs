//! Making the tables.

use crate::Database;
use futures::future::join_all;
use sqlx::{Executor, Row};
use ticketing_core::port::Store;

#[tokio::test(flavor = "multi_thread")]
async fn five_servers_that_start_at_once_migrate_once() {
    let database = Database::empty().await;
    let stores = join_all((0..5).map(|_| database.store())).await;
    assert!(stores[0].ping().await.is_err(), "a database without tables is not ready");
    for outcome in join_all(stores.iter().map(ticketing_store::PgStore::migrate)).await {
        outcome.expect("every server sees the tables made");
    }
    stores[4].ping().await.expect("it is ready");
    let mut connection = database.connection().await;
    let row = connection.fetch_one("SELECT count(*), count(DISTINCT version) FROM desk_migration").await;
    let row = row.expect("the list of migrations is there");
    assert_eq!(row.get::<i64, _>(0), row.get::<i64, _>(1));
    assert!(row.get::<i64, _>(0) >= 1);
    let versions = connection.fetch_one("SELECT count(*), min(version) FROM settings_head").await;
    let versions = versions.expect("the settings have a version");
    assert_eq!((versions.get::<i64, _>(0), versions.get::<i64, _>(1)), (1, 1));
    drop(stores);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_was_changed_is_refused() {
    let database = Database::migrated().await;
    let mut connection = database.connection().await;
    connection.execute("UPDATE desk_migration SET checksum = 'another'").await.expect("it is changed");
    let refused = database.store().await.migrate().await;
    let message = format!("{:?}", refused.expect_err("it is refused"));
    assert!(message.contains("another form"), "{message}");
    drop(connection);
    database.drop().await;
}
