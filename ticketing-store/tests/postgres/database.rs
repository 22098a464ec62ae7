//! A database of its own for each test.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use ticketing_store::{PgOptions, PgStore};

/// A database that a test made and drops at its end. One that is left behind by a test that failed
/// is dropped by the next run that makes one of its name.
#[derive(Clone)]
pub struct Database {
    name: String,
    server: PgConnectOptions,
}

impl Database {
    /// A new database without any tables.
    pub async fn empty() -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let name = format!("desk_test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let database = Self { name, server: server() };
        database.drop().await;
        database.on_server(format!("CREATE DATABASE {} TEMPLATE template0", database.name)).await;
        database
    }

    /// A new database with the desk's tables.
    pub async fn migrated() -> Self {
        let database = Self::empty().await;
        let store = database.store().await;
        store.migrate().await.expect("the tables are made");
        store.close().await;
        database
    }

    /// How to connect to it.
    pub fn connect(&self) -> PgConnectOptions {
        self.server.clone().database(&self.name)
    }

    /// A store in it with few connections.
    pub async fn store(&self) -> PgStore {
        let options = PgOptions { pool_size: 12, ..PgOptions::default() };
        PgStore::connect_with(self.connect(), options).await.expect("the database answers")
    }

    /// A connection that is not the store's.
    pub async fn connection(&self) -> PgConnection {
        PgConnection::connect_with(&self.connect()).await.expect("the database answers")
    }

    /// Ends all its connections and takes no new ones.
    pub async fn let_nobody_in(&self) {
        self.on_server(format!("ALTER DATABASE {} ALLOW_CONNECTIONS false", self.name)).await;
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname";
        self.on_server(format!("{end} = '{}'", self.name)).await;
    }

    /// Takes connections again.
    pub async fn let_all_in(&self) {
        self.on_server(format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.name)).await;
    }

    /// Removes it with all that is in it.
    pub async fn drop(&self) {
        self.on_server(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await;
    }

    async fn on_server(&self, sql: String) {
        let mut connection = PgConnection::connect_with(&self.server).await.expect("PostgreSQL answers");
        // The names are made above of digits and plain letters.
        connection.execute(AssertSqlSafe(sql)).await.expect("the database is made or dropped");
        connection.close().await.expect("the connection ends");
    }
}

#[allow(clippy::disallowed_methods)] // Which server to test on is for whoever runs the tests to say.
fn server() -> PgConnectOptions {
    let url = std::env::var("TEST_DATABASE_URL").unwrap_or_else(|_| {
        panic!(
            "TEST_DATABASE_URL is not set: these tests need a PostgreSQL server and a role that may create \
             databases, such as postgres://postgres@localhost/postgres; scripts/test starts one"
        )
    });
    PgConnectOptions::from_str(&url).expect("TEST_DATABASE_URL is a PostgreSQL URL")
}
