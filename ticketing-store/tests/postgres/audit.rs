//! The audit log against its own database.

use crate::damage::{DAMAGES, Log, many_write_and_seal, only_the_erased_are_forgotten};
use crate::database::Database;
use sqlx::{AssertSqlSafe, Executor};
use std::sync::Arc;
use ticketing_core::desk::FlawKind;

/// As the role that the store itself works as.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_rewrites_what_happened() {
    let database = Database::migrated().await;
    let log = Log::on(Arc::new(database.store().await)).await;
    let mut connection = database.connection().await;
    for statement in [
        "UPDATE audit SET action = 'nothing'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "INSERT INTO audit SELECT * FROM audit ON CONFLICT (id) DO UPDATE SET action = 'nothing'",
        "UPDATE audit_detail SET body = '{}'",
        "UPDATE audit_detail SET body = '{\"changes\":null}'",
        "UPDATE audit_detail SET salt = decode(repeat('00', 16), 'hex')",
        "UPDATE audit_detail SET body = '{\"changes\":null}', salt = decode(repeat('00', 16), 'hex'), person_id = NULL",
        "DELETE FROM audit_detail",
        "TRUNCATE audit_detail",
        "UPDATE audit_seal SET no = no + 10",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
        "UPDATE event SET type = 'nothing'",
        "SET session_replication_role = replica; DELETE FROM audit",
    ] {
        let outcome = connection.execute(sqlx::raw_sql(statement)).await;
        let refusal = outcome.expect_err(statement).to_string();
        assert!(refusal.contains("are never changed or removed"), "{statement}: {refusal}");
        connection.execute("SET session_replication_role = origin").await.expect("it is set back");
    }
    assert_eq!(log.flaw(true).await, None);
    let emptied = "UPDATE audit_detail SET body = '{\"changes\":null}', salt = decode(repeat('00', 16), 'hex')";
    connection.execute(emptied).await.expect("a detail can be emptied");
    let flaw = log.flaw(true).await.expect("what is gone is missed");
    assert_eq!((flaw.kind, flaw.line), (FlawKind::DetailChanged, Some(log.lines[0])));
    drop((log, connection));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_owner_does_to_the_log_is_found_and_named() {
    for damage in DAMAGES {
        let database = Database::migrated().await;
        let log = Log::on(Arc::new(database.store().await)).await;
        assert_eq!(log.flaw(true).await, None);
        let mut connection = database.connection().await;
        for table in ["audit", "audit_detail", "audit_seal"] {
            let sql = format!("ALTER TABLE {table} DISABLE TRIGGER ALL");
            connection.execute(AssertSqlSafe(sql)).await.expect("the owner may do that");
        }
        connection.execute(sqlx::raw_sql(damage.sql)).await.expect(damage.sql);
        damage.is_found(&log).await;
        drop((log, connection));
        database.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn details_of_the_erased_are_empty_and_others_are_missed() {
    let database = Database::migrated().await;
    let empties = "UPDATE audit_detail SET body = '{\"changes\":null}', salt = decode(repeat('00', 16), 'hex') \
        WHERE audit_id = (SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET";
    let run = async |sql: String| {
        database.connection().await.execute(AssertSqlSafe(sql)).await.expect("a detail can be emptied");
    };
    only_the_erased_are_forgotten(Arc::new(database.store().await), empties, run).await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_was_put_in_afterwards_is_found() {
    let database = Database::migrated().await;
    let log = Log::on(Arc::new(database.store().await)).await;
    let mut connection = database.connection().await;
    let forged = "INSERT INTO audit SELECT 'ffffffff-ffff-7fff-bfff-ffffffffffff', at, actor_id, action, subject_kind, \
        subject_id, request_id, detail_digest, key_id, mac FROM audit LIMIT 1";
    connection.execute(forged).await.expect("lines can be added");
    let flaw = log.flaw(true).await.expect("it is no line of the desk's");
    let line = flaw.line.expect("it is named").to_string();
    assert_eq!((flaw.kind, line.as_str()), (FlawKind::LineChanged, "ffffffff-ffff-7fff-bfff-ffffffffffff"));
    drop((log, connection));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_servers_write_and_seal_at_once() {
    let database = Database::migrated().await;
    many_write_and_seal([Arc::new(database.store().await), Arc::new(database.store().await)]).await;
    database.drop().await;
}
