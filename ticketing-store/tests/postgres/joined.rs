//! The store inside of a transaction of the embedding application.

use crate::{ALL, Database, changes, creation, customer};
use sqlx::{Executor, PgPool};
use ticketing_core::Seq;
use ticketing_core::conformance::sample::{Sample, add, change};
use ticketing_core::ids::TicketKey;
use ticketing_core::model::Role;
use ticketing_core::port::{ActivityRead, Commit, PeopleRead, Store, StoreError, TicketRead, Unique};
use ticketing_store::PgJoined;
use ticketing_store::postgres::ReleaseError;

async fn host(database: &Database) -> PgPool {
    let pool = PgPool::connect_with(database.connect()).await.expect("it answers");
    pool.execute("CREATE TABLE host_order (id int PRIMARY KEY)").await.expect("the host has a table");
    pool
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_and_the_hosts_own_row_are_both_kept_or_neither() {
    let database = Database::migrated().await;
    let (store, pool, sample) = (database.store().await, host(&database).await, Sample::new(1));
    let customer = customer(&store, &sample).await;
    for keep in [false, true] {
        let mut transaction = pool.begin().await.expect("a transaction begins");
        transaction.execute("INSERT INTO host_order VALUES (1)").await.expect("the host writes");
        let joined = PgJoined::new(transaction);
        let (ticket, writes) = creation(&sample, &customer);
        let committed = joined.commit(changes(&sample, writes)).await.expect("it is written");
        let key = TicketKey::Id(ticket.id);
        assert_eq!(joined.ticket(&ALL, &key).await.expect("it is read"), Some(ticket.clone()), "the desk sees its own");
        assert_eq!(store.ticket(&ALL, &key).await.expect("it is read"), None, "nobody else sees it yet");
        let (transaction, receipt) = joined.release().expect("nobody uses it");
        assert_eq!(receipt.committed, [committed]);
        if keep {
            transaction.commit().await.expect("the host commits");
        } else {
            transaction.rollback().await.expect("the host thinks better of it");
        }
        let orders: i64 =
            sqlx::query_scalar("SELECT count(*) FROM host_order").fetch_one(&pool).await.expect("it is counted");
        assert_eq!(orders == 1, keep);
        assert_eq!(store.ticket(&ALL, &key).await.expect("it is read"), keep.then_some(ticket));
        let log = store.events(&ALL, Seq(0), 10).await.expect("the log is read");
        assert_eq!(log.events.len(), usize::from(keep));
    }
    pool.close().await;
    drop(store);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_sees_rows_that_the_host_has_not_committed() {
    let database = Database::migrated().await;
    let (store, pool, sample) = (database.store().await, host(&database).await, Sample::new(1));
    let known = customer(&store, &sample).await;
    let mut transaction = pool.begin().await.expect("a transaction begins");
    sqlx::query("UPDATE person SET name = 'Renamed by the host' WHERE id = $1")
        .bind(known.id.0)
        .execute(&mut *transaction)
        .await
        .expect("the host writes");
    let joined = PgJoined::new(transaction);
    joined.ping().await.expect("it answers");
    let read = joined.user(&ALL, known.id).await.expect("it is read").expect("the person is there");
    assert_eq!(read.name, "Renamed by the host");
    joined.release().expect("nobody uses it").0.rollback().await.expect("it ends");
    pool.close().await;
    drop(store);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_change_leaves_the_transaction_usable_and_can_be_decided_again() {
    let database = Database::migrated().await;
    let (store, pool, sample) = (database.store().await, host(&database).await, Sample::new(1));
    let customer = customer(&store, &sample).await;
    let (mut ticket, writes) = creation(&sample, &customer);
    store.commit(changes(&sample, writes)).await.expect("it is stored");
    let mut stale = ticket.clone();
    store
        .commit(changes(&sample, vec![change(&mut ticket, |ticket| ticket.subject = "Ours".to_owned())]))
        .await
        .expect("it is stored");

    let mut transaction = pool.begin().await.expect("a transaction begins");
    transaction.execute("INSERT INTO host_order VALUES (1)").await.expect("the host writes");
    let joined = PgJoined::new(transaction);
    let late = change(&mut stale, |ticket| ticket.subject = "Theirs".to_owned());
    let newcomer = sample.user("Dora", Role::Customer);
    let refused = joined.commit(changes(&sample, vec![add(&newcomer), late])).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    assert!(joined.user(&ALL, newcomer.id).await.expect("it is read").is_none(), "nothing of it was applied");
    let mut twin = sample.user("Dora", Role::Customer);
    twin.email.clone_from(&customer.email);
    let refused = joined.commit(changes(&sample, vec![add(&twin)])).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Unique::Email))), "{refused:?}");

    let again = change(&mut ticket, |ticket| ticket.subject = "Theirs".to_owned());
    joined.commit(changes(&sample, vec![again])).await.expect("it is decided again");
    let (transaction, receipt) = joined.release().expect("nobody uses it");
    assert_eq!(receipt.committed.len(), 1);
    transaction.commit().await.expect("the host commits");
    assert_eq!(store.ticket(&ALL, &TicketKey::Id(ticket.id)).await.expect("it is read"), Some(ticket));
    pool.close().await;
    drop(store);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_store_is_of_no_more_use_to_its_clones() {
    let database = Database::migrated().await;
    let pool = host(&database).await;
    let joined = PgJoined::new(pool.begin().await.expect("a transaction begins"));
    let clone = joined.clone();
    joined.release().expect("nobody uses it").0.commit().await.expect("the host commits");
    assert!(matches!(clone.ping().await, Err(StoreError::Unavailable(_))));
    assert_eq!(clone.release().map(drop), Err(ReleaseError::Released));
    pool.close().await;
    database.drop().await;
}

/// In a transaction that keeps its first snapshot, what others commit stays invisible, so no place
/// of the log may be called complete.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_with_one_snapshot_is_told_no_events() {
    let database = Database::migrated().await;
    let (store, pool, sample) = (database.store().await, host(&database).await, Sample::new(1));
    let customer = customer(&store, &sample).await;
    let transaction = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await.expect("a transaction begins");
    let joined = PgJoined::new(transaction);
    joined.ping().await.expect("the snapshot is taken");
    store.commit(changes(&sample, creation(&sample, &customer).1)).await.expect("it is stored");
    let page = joined.events(&ALL, Seq(0), 10).await.expect("the log is read");
    assert_eq!((page.events.len(), page.next), (0, Seq(0)));
    joined.release().expect("nobody uses it").0.rollback().await.expect("it ends");
    pool.close().await;
    drop(store);
    database.drop().await;
}
