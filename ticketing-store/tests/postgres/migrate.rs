//! Making the tables.

use crate::{ALL, Database, changes, creation, customer};
use futures::future::join_all;
use sqlx::{Executor, Row};
use ticketing_core::conformance::sample::{Sample, add, note};
use ticketing_core::model::Subject;
use ticketing_core::port::{ActivityRead, Commit, PeopleRead, SettingsRead, Store, StoreError, TicketRead};
use ticketing_core::query::AuditQuery;
use ticketing_core::{Scope, Seq, TicketKey};
use ticketing_store::{PgOptions, PgStore};

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

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_a_newer_program_migrated_is_refused() {
    let database = Database::migrated().await;
    let running = database.store().await;
    let mut connection = database.connection().await;
    connection
        .execute("INSERT INTO desk_migration (version, name, checksum) VALUES (4711, 'later', 'x')")
        .await
        .expect("it is noted");
    let told = |refused: StoreError| {
        let message = format!("{refused:?}");
        assert!(message.contains("migration 4711 of a newer program"), "{message}");
    };
    told(PgStore::connect_with(database.connect(), PgOptions::default()).await.expect_err("it is refused"));
    told(running.migrate().await.expect_err("it is refused"));
    running.ping().await.expect("a server that runs already goes on");
    drop((running, connection));
    database.drop().await;
}

/// While servers are replaced one by one, the first of the new ones migrates under the old ones.
#[tokio::test(flavor = "multi_thread")]
async fn new_columns_do_not_break_the_statements_of_a_running_server() {
    let database = Database::migrated().await;
    // Two connections: one reads and one commits, each with its prepared statements.
    let options = PgOptions { pool_size: 2, ..PgOptions::default() };
    let store = PgStore::connect_with(database.connect(), options).await.expect("it answers");
    let sample = Sample::new(1);
    for round in 0..2 {
        let customer = customer(&store, &sample).await;
        let (session, key) = (sample.session(&customer), sample.api_key(&customer));
        let document = sample.document("note", serde_json::json!({ "round": round }));
        let (ticket, mut writes) = creation(&sample, &customer);
        writes.extend([add(&session), add(&key), add(&document)]);
        writes.push(note(&sample.audit(&customer, "ticket.created", Subject::Ticket(ticket.id))));
        store.commit(changes(&sample, writes)).await.expect("it is stored");
        let read = "it is read";
        assert_eq!(store.session(&ALL, session.id).await.expect(read), Some(session));
        assert_eq!(store.api_key(&ALL, &key.prefix).await.expect(read), Some(key));
        assert_eq!(store.document_history("note", document.id, 9).await.expect(read), [document]);
        assert_eq!(store.ticket(&ALL, &TicketKey::Id(ticket.id)).await.expect(read), Some(ticket));
        assert_eq!(store.user(&ALL, customer.id).await.expect(read).as_ref(), Some(&customer));
        assert!(store.credential_by_id(&ALL, customer.id).await.expect(read).is_some());
        assert_eq!(store.settings().await.expect(read).documents.len(), round + 1);
        let own = Scope::Customer { user_id: customer.id, organization_id: None };
        assert_eq!(store.events(&own, Seq(0), 9).await.expect(read).events.len(), 1);
        assert_eq!(
            store.audit(&ALL, &AuditQuery { limit: 9, ..AuditQuery::default() }).await.expect(read).len(),
            round + 1
        );
        let mut other = database.connection().await;
        other
            .execute(
                "DO $$ DECLARE name text; BEGIN
                    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
                        EXECUTE format('ALTER TABLE %I ADD COLUMN IF NOT EXISTS later_added integer', name);
                    END LOOP;
                END $$",
            )
            .await
            .expect("the columns are added");
    }
    drop(store);
    database.drop().await;
}
