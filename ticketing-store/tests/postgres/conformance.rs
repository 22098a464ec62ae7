//! The suite of the core, on the store and on the store inside of a transaction.

use crate::Database;
use async_trait::async_trait;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::sync::{Arc, Mutex};
use ticketing_core::conformance::{Harness, run};
use ticketing_core::port::Store;
use ticketing_store::PgJoined;

/// A new database for each test.
#[derive(Default)]
struct Databases {
    made: Mutex<Vec<Database>>,
}

#[async_trait]
impl Harness for Databases {
    async fn fresh(&self) -> Arc<dyn Store> {
        let database = Database::migrated().await;
        let store = database.store().await;
        self.made.lock().expect("nobody panicked").push(database);
        Arc::new(store)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_keeps_every_rule() {
    let databases = Databases::default();
    let report = run(&databases, None).await;
    let made = std::mem::take(&mut *databases.made.lock().expect("nobody panicked"));
    for database in made {
        database.drop().await;
    }
    report.assert_passed();
}

/// One database, and a transaction for each test that is rolled back after it.
struct Transactions {
    pool: PgPool,
}

#[async_trait]
impl Harness for Transactions {
    /// There is one connection, so this waits for the end of the last test's transaction.
    async fn fresh(&self) -> Arc<dyn Store> {
        Arc::new(PgJoined::new(self.pool.begin().await.expect("a transaction begins")))
    }

    fn at_once(&self) -> usize {
        1
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_inside_of_a_transaction_keeps_every_rule() {
    let database = Database::migrated().await;
    let pool = PgPoolOptions::new().max_connections(1).connect_with(database.connect()).await.expect("it answers");
    let report = run(&Transactions { pool: pool.clone() }, None).await;
    pool.close().await;
    database.drop().await;
    report.assert_passed();
}
