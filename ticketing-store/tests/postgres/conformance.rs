//! The suite of the core, on the store and on the store inside of a transaction.

use crate::Database;
use async_trait::async_trait;
use std::sync::{Arc, Mutex};
use ticketing_core::conformance::{Harness, run};
use ticketing_core::port::Store;

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
async fn keeps_every_rule_of_a_store() {
    let databases = Databases::default();
    let report = run(&databases, None).await;
    let made = std::mem::take(&mut *databases.made.lock().expect("nobody panicked"));
    for database in made {
        database.drop().await;
    }
    report.assert_passed();
}
