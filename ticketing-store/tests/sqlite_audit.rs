//! The audit log against its own file.
#![cfg(feature = "sqlite")]
// The helpers of these tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod damage;

use damage::{DAMAGES, Log, many_write_and_seal, only_the_erased_are_forgotten};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use std::path::Path;
use std::sync::Arc;
use ticketing_core::desk::FlawKind;
use ticketing_store::sqlite::{SqliteOptions, SqliteStore};

async fn store(path: &Path) -> Arc<SqliteStore> {
    let store = SqliteStore::open(path, SqliteOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    Arc::new(store)
}

/// The owner of the file, whom no trigger stops.
async fn owner(path: &Path) -> SqliteConnection {
    let mut owner = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    let triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'";
    let triggers: Vec<String> = sqlx::query_scalar(triggers).fetch_all(&mut owner).await.unwrap();
    for trigger in triggers {
        owner.execute(AssertSqlSafe(format!("DROP TRIGGER {trigger}"))).await.unwrap();
    }
    owner
}

#[tokio::test]
async fn what_its_owner_does_to_the_log_is_found_and_named() {
    for damage in DAMAGES {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.db");
        let log = Log::on(store(&path).await).await;
        assert_eq!(log.flaw(true).await, None);
        owner(&path).await.execute(sqlx::raw_sql(damage.sql)).await.expect(damage.sql);
        damage.is_found(&log).await;
    }
}

#[tokio::test]
async fn details_of_the_erased_are_empty_and_others_are_missed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let empties = "UPDATE audit_detail SET body = '{\"changes\":null}', salt = zeroblob(16) \
        WHERE audit_id = (SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET";
    let run = async |sql: String| {
        let mut anybody = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
        anybody.execute(AssertSqlSafe(sql)).await.unwrap();
    };
    only_the_erased_are_forgotten(store(&path).await, empties, run).await;
}

/// A line that says that somebody was erased, by somebody who does not know the key.
#[tokio::test]
async fn a_forged_erasure_excuses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let log = Log::on(store(&path).await).await;
    let forged = "INSERT INTO audit SELECT x'ffffffffffff7fffbfffffffffffffff', at, actor_id, 'user.erased', \
        subject_kind, subject_id, request_id, detail_digest, key_id, mac FROM audit ORDER BY id LIMIT 1 OFFSET 6; \
        UPDATE audit_detail SET body = '{\"changes\":null}', salt = zeroblob(16) \
        WHERE audit_id = (SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 6)";
    owner(&path).await.execute(sqlx::raw_sql(forged)).await.unwrap();
    let flaw = log.flaw(true).await.unwrap();
    assert_eq!((flaw.kind, flaw.line), (FlawKind::DetailChanged, Some(log.lines[6])));
}

/// Bytes that are no text, and a line of nobody's.
#[tokio::test]
async fn damage_of_any_kind_is_named_and_fails_nothing() {
    let id = "(SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 2)";
    let detail = format!("UPDATE audit_detail SET body = CAST(x'ff7b' AS TEXT) WHERE audit_id = {id}");
    let line = format!("UPDATE audit SET subject_kind = CAST(x'ff' AS TEXT) WHERE id = {id}");
    for (sql, kind) in [(detail, FlawKind::DetailChanged), (line, FlawKind::LineChanged)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.db");
        let log = Log::on(store(&path).await).await;
        owner(&path).await.execute(AssertSqlSafe(sql)).await.unwrap();
        let flaw = log.flaw(true).await.unwrap();
        assert_eq!((flaw.kind, flaw.line), (kind, Some(log.lines[2])));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let log = Log::on(store(&path).await).await;
    let forged = "INSERT INTO audit SELECT x'ffffffffffff7fffbfffffffffffffff', at, actor_id, action, subject_kind, \
        subject_id, request_id, detail_digest, key_id, mac FROM audit LIMIT 1";
    owner(&path).await.execute(forged).await.unwrap();
    let flaw = log.flaw(true).await.unwrap();
    assert_eq!((flaw.kind, flaw.line.unwrap().0.to_string().get(..8)), (FlawKind::LineChanged, Some("ffffffff")));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_servers_write_and_seal_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    many_write_and_seal([store(&path).await, store(&path).await]).await;
}
