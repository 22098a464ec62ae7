//! Settings that change while a commit waits.

use crate::{ALL, Database, changes, creation, customer};
use sqlx::Executor;
use std::time::Duration;
use ticketing_core::changes::Changes;
use ticketing_core::conformance::sample::{Sample, change};
use ticketing_core::ids::TicketKey;
use ticketing_core::port::{Commit, StoreError, TicketRead};

/// A statement sees what was there when it began. One that then waits for a row must not land under
/// settings that were replaced, and answered, meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_waited_is_held_against_the_settings_of_its_end() {
    let database = Database::migrated().await;
    let store = database.store().await;
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let (mut ticket, writes) = creation(&sample, &customer);
    store.commit(changes(&sample, writes)).await.expect("it is stored");
    let mut other = database.connection().await;
    other.execute("BEGIN; SELECT 1 FROM ticket FOR UPDATE").await.expect("the row is locked");
    let late = change(&mut ticket, |ticket| ticket.subject = "Too late".to_owned());
    let commit = tokio::spawn({
        let (store, late) = (store.clone(), changes(&sample, vec![late]));
        async move { store.commit(late).await }
    });
    let mut watcher = database.connection().await;
    let waits = "SELECT count(*) > 0 FROM pg_stat_activity \
        WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut watcher).await.expect("it answers") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    store.commit(Changes { bumps_settings: true, ..changes(&sample, vec![]) }).await.expect("the settings change");
    other.execute("ROLLBACK").await.expect("the row is free");
    let answer = commit.await.expect("it ends");
    assert!(matches!(answer, Err(StoreError::StaleSettings)), "{answer:?}");
    let kept = store.ticket(&ALL, &TicketKey::Id(ticket.id)).await.expect("it is read").expect("it is there");
    assert_ne!(kept.subject, "Too late");
    drop(store);
    database.drop().await;
}
