//! What people are told on the desk: two servers at once, and how it is counted.

use crate::{Database, changes, told};
use sqlx::Row;
use std::sync::Arc;
use ticketing_core::changes::Write;
use ticketing_core::conformance::sample::{Sample, inform};
use ticketing_core::ids::UserId;
use ticketing_core::model::Notification;
use ticketing_core::port::{Commit, NotificationRead};
use ticketing_core::query::NotificationQuery;

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_one() {
    let database = Database::migrated().await;
    let store = database.store().await;
    told::many_at_once_are_one(Arc::new(store.clone())).await;
    store.close().await;
    database.drop().await;
}

/// What is unread is counted along its own index, however much was told and read.
#[tokio::test(flavor = "multi_thread")]
async fn the_unread_are_counted_by_their_index_alone() {
    let database = Database::migrated().await;
    let store = database.store().await;
    let sample = Sample::new(1);
    let person = UserId(sample.uuid());
    for page in 0..20 {
        let told = (0..500).map(|number| {
            let read_at = (page < 19 || number > 99).then(|| sample.now());
            inform(&Notification { read_at, ..sample.notification(person) })
        });
        let told: Vec<Write> = told.collect();
        store.commit(changes(&sample, told)).await.expect("it is told");
    }
    let mut connection = database.connection().await;
    sqlx::query("VACUUM ANALYZE notification").execute(&mut connection).await.expect("it is analysed");
    let query = NotificationQuery { unread: true, ..NotificationQuery::of(person, 9) };
    assert_eq!(store.notification_count(&query).await.expect("they are counted"), 100);
    let rows = sqlx::query("EXPLAIN SELECT count(*) FROM notification n WHERE n.user_id = $1 AND n.read_at IS NULL")
        .bind(person.0)
        .fetch_all(&mut connection)
        .await
        .expect("it is explained");
    let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let plan = plan.join("\n");
    assert!(plan.contains("Index Only Scan using notification_unread"), "{plan}");
    drop(connection);
    store.close().await;
    database.drop().await;
}
