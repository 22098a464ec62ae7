//! What is SQLite's own: the file, the tables, and who may change what.
#![cfg(feature = "sqlite")]
// The helpers of these tests are tests too.
#![allow(clippy::unwrap_used)]

use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::Path;
use ticketing_core::access::{Scope, SystemReason};
use ticketing_core::changes::{Changes, Write};
use ticketing_core::conformance::sample::{Sample, add, note, tell};
use ticketing_core::event::Fact;
use ticketing_core::ids::ChangeId;
use ticketing_core::model::{AuditEntry, AuditSeal, Role, Subject};
use ticketing_core::port::{Commit, SettingsRead, Store, StoreError, TicketRead};
use ticketing_store::sqlite::{SqliteOptions, SqliteStore};

const ALL: Scope = Scope::System(SystemReason::Upkeep);

async fn open(path: &Path) -> SqliteStore {
    let store = SqliteStore::open(path, SqliteOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    store
}

/// A connection of somebody who knows nothing of the store.
async fn stranger(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).connect().await.unwrap()
}

fn changes(sample: &Sample, writes: Vec<Write>) -> Changes {
    let id = ChangeId(sample.uuid());
    Changes { id, scope: ALL, settings: 1, bumps_settings: false, writes, guards: Vec::new() }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_migrations_at_once_make_the_tables_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let tasks: Vec<_> = (0..5)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move { open(&path).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().settings_version().await.unwrap(), 1);
    }
    let steps: i64 = sqlx::query_scalar("SELECT count(*) FROM schema_migration")
        .fetch_one(&mut stranger(&path).await)
        .await
        .unwrap();
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite")).unwrap();
    assert_eq!(usize::try_from(steps).unwrap(), files.count());
}

/// The name under which this program is started again as one of several.
const CHILD: &str = "one_of_several_processes";

#[test]
fn five_processes_that_start_at_once_make_the_tables_once() {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let children: Vec<_> = (0..5)
        .map(|_| {
            let mut child = std::process::Command::new(&program);
            child.args(["--exact", CHILD, "--nocapture"]).current_dir(folder.path()).env("SQLITE_CHILD", "desk.db");
            child.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let told: i64 = runtime.block_on(async {
        let mut connection = stranger(&folder.path().join("desk.db")).await;
        sqlx::query_scalar("SELECT count(*) FROM event").fetch_one(&mut connection).await.unwrap()
    });
    assert_eq!(told, 5 * 20, "every process made the tables or waited for them, and wrote its part");
}

/// Does nothing where it is not started by the test above.
#[tokio::test(flavor = "multi_thread")]
async fn one_of_several_processes() {
    let Some(path) = std::env::var_os("SQLITE_CHILD") else { return };
    let store = open(Path::new(&path)).await;
    let sample = Sample::new(u64::from(std::process::id()));
    let customer = sample.user("Ada", Role::Customer);
    store.commit(changes(&sample, vec![add(&customer)])).await.unwrap();
    for _ in 0..20 {
        let ticket = sample.ticket(&customer);
        let event = sample.event(&ticket, Fact::TicketCreated {}, &customer);
        store.commit(changes(&sample, vec![add(&ticket), tell(&event)])).await.unwrap();
    }
    store.close().await;
}

#[tokio::test]
async fn a_closed_file_holds_everything_and_takes_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let (customer, store) = (sample.user("Ada", Role::Customer), open(&path).await);
    let ticket = sample.ticket(&customer);
    let (answer, ()) = tokio::join!(store.commit(changes(&sample, vec![add(&customer), add(&ticket)])), store.close());
    answer.unwrap();
    assert!(!folder.path().join("desk.db-wal").exists(), "the write-ahead log is folded into the file");
    let late = store.commit(changes(&sample, vec![add(&sample.ticket(&customer))])).await;
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    store.close().await;
    let store = open(&path).await;
    assert_eq!(store.ticket(&ALL, &ticket.id.into()).await.unwrap(), Some(ticket));
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let _store = open(&folder.path().join("desk.db")).await;
    for name in ["desk.db", "desk.db-wal", "desk.db-shm"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_file_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let store = open(&path).await;
    sqlx::query("INSERT INTO schema_migration VALUES (99, 'later', '')")
        .execute(&mut stranger(&path).await)
        .await
        .unwrap();
    let refused = store.migrate().await.unwrap_err();
    let StoreError::Other(why) = refused else { panic!("{refused:?}") };
    assert!(why.to_string().contains("newer program (step 99)"), "{why}");
}

#[tokio::test]
async fn a_missing_folder_is_said_plainly() {
    let folder = tempfile::tempdir().unwrap();
    let opened = SqliteStore::open(folder.path().join("none/desk.db"), SqliteOptions::default()).await;
    assert!(matches!(opened, Err(StoreError::Unavailable(_))), "{opened:?}");
}

fn sealed(entry: &AuditEntry) -> AuditSeal {
    let (ids, mac) = (entry.id.0.as_bytes().to_vec(), vec![1; 32]);
    AuditSeal { no: 1, at: entry.at, ids, digest: mac.clone(), prev: Vec::new(), key_id: "k".to_owned(), mac }
}

#[tokio::test]
async fn nobody_rewrites_what_happened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let sample = Sample::new(1);
    let (customer, store) = (sample.user("Ada", Role::Customer), open(&path).await);
    let ticket = sample.ticket(&customer);
    let event = sample.event(&ticket, Fact::TicketCreated {}, &customer);
    let entry = sample.audit(&customer, "ticket.created", Subject::Ticket(ticket.id));
    store.commit(changes(&sample, vec![add(&customer), add(&ticket), tell(&event), note(&entry)])).await.unwrap();
    store.commit(changes(&sample, vec![Write::Seal(Box::new(sealed(&entry)))])).await.unwrap();
    let mut stranger = stranger(&path).await;
    for statement in [
        "UPDATE audit SET action = 'nothing'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit",
        "INSERT OR REPLACE INTO audit (rowid, id, at, action, subject_kind, subject_id, detail_digest, key_id, mac) \
         SELECT rowid, zeroblob(16), at, action, subject_kind, subject_id, detail_digest, key_id, mac FROM audit",
        "DELETE FROM audit_detail",
        "UPDATE audit_detail SET body = '{}'",
        "UPDATE audit_detail SET body = '{\"changes\":null}'",
        "UPDATE audit_detail SET salt = zeroblob(16)",
        "UPDATE audit_detail SET body = '{\"changes\":null}', salt = zeroblob(16), person_id = NULL",
        "UPDATE OR REPLACE audit_detail SET rowid = rowid + 1",
        "INSERT OR REPLACE INTO audit_detail SELECT * FROM audit_detail",
        "INSERT OR REPLACE INTO audit_detail (rowid, audit_id, salt, body) \
         SELECT rowid, zeroblob(16), salt, body FROM audit_detail",
        "UPDATE audit_seal SET at = 0",
        "DELETE FROM audit_seal",
        "INSERT OR REPLACE INTO audit_seal SELECT * FROM audit_seal",
        "UPDATE OR REPLACE audit_seal SET no = no + 1",
        "UPDATE event SET type = 'nothing'",
        "INSERT OR REPLACE INTO event SELECT * FROM event",
    ] {
        let outcome = sqlx::query(statement).execute(&mut stranger).await;
        assert!(outcome.is_err(), "{statement} is refused");
    }
    let emptied = "UPDATE audit_detail SET body = '{\"changes\":null}', salt = zeroblob(16)";
    sqlx::query(emptied).execute(&mut stranger).await.unwrap();
}
