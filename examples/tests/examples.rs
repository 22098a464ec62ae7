//! Each example runs as its reader would run it, and the documentation shows their code.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A program that is killed where its test ends early.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_nested_desk_answers_beside_the_application() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_nested"));
    let mut program = Running(program.arg("0").stdout(Stdio::piped()).spawn().unwrap());
    let lines = BufReader::new(program.0.stdout.take().unwrap()).lines();
    let said: Vec<String> = lines.map(Result::unwrap).take(2).collect();
    let number = said[0].strip_prefix("made ").unwrap();
    let support = said[1].strip_prefix("listening on ").unwrap();

    // Nothing here speaks TLS, but the client wants to know how it would.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::new();
    let shop = client.get(support.strip_suffix("support").unwrap()).send().await.unwrap();
    assert_eq!(shop.text().await.unwrap(), "The shop. Help is under /support.");
    let login = json!({ "email": "ada@shop.example", "password": "nested-2026" });
    let session = client.post(format!("{support}/api/auth/login")).json(&login).send().await.unwrap();
    let session: Value = session.json().await.unwrap();
    let list = client.get(format!("{support}/api/tickets")).bearer_auth(session["token"].as_str().unwrap());
    let list: Value = list.send().await.unwrap().json().await.unwrap();
    assert_eq!(list["items"][0]["ticket_number"], json!(number), "{list}");
    let url = list["items"][0]["url"].as_str().unwrap();
    assert!(url.starts_with(support), "links lead to where the desk is nested: {url}");
}

/// Makes a database of the test's own in the cluster that `TEST_DATABASE_URL` names.
async fn new_database() -> (String, String) {
    let cluster = std::env::vars().find(|(name, _)| name == "TEST_DATABASE_URL").map(|(_, value)| value);
    let cluster = cluster.expect("TEST_DATABASE_URL must name a PostgreSQL database; scripts/test sets it");
    let name = format!("example_{}", std::process::id());
    let mut connection = PgConnection::connect(&cluster).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    let (address, parameters) = cluster.split_once('?').map_or((&*cluster, None), |(a, p)| (a, Some(p)));
    let (server, _) = address.rsplit_once('/').unwrap();
    let url = format!("{server}/{name}{}", parameters.map(|p| format!("?{p}")).unwrap_or_default());
    (url, format!("DROP DATABASE {name} WITH (FORCE)"))
}

#[tokio::test]
async fn the_application_s_row_and_the_ticket_are_both_there_or_neither() {
    let (url, drop) = new_database().await;
    for _ in 0..2 {
        let outcome = Command::new(env!("CARGO_BIN_EXE_host_transaction")).arg(&url).output().unwrap();
        let said = String::from_utf8(outcome.stdout).unwrap();
        let errors = String::from_utf8(outcome.stderr).unwrap();
        assert!(outcome.status.success(), "{said}{errors}");
        assert_eq!(said, "a refund and its ticket: 1 and 1 more\na refund that is refused: 0 and 0 more\n");
    }
    let (server, parameters) = url.split_once("/example_").unwrap();
    let parameters = parameters.split_once('?').map(|(_, p)| format!("?{p}")).unwrap_or_default();
    let mut connection = PgConnection::connect(&format!("{server}/postgres{parameters}")).await.unwrap();
    sqlx::query(AssertSqlSafe(drop)).execute(&mut connection).await.unwrap();
}

#[test]
fn a_store_of_one_s_own_passes_the_suite() {
    let outcome = Command::new(env!("CARGO_BIN_EXE_own_store")).output().unwrap();
    let said = String::from_utf8(outcome.stdout).unwrap();
    assert!(outcome.status.success(), "{said}");
    assert!(said.starts_with("adding a person: ") && said.contains(" passed, 0 failed"), "{said}");
}

#[test]
fn every_mail_can_be_looked_at() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mails-{}", std::process::id()));
    let outcome = Command::new(env!("CARGO_BIN_EXE_mail_gallery")).arg(&folder).arg("de").output().unwrap();
    assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
    assert_eq!(String::from_utf8(outcome.stdout).unwrap(), "wrote 28 mails\n");
    let mail = std::fs::read_to_string(folder.join("comment_added-customer.html")).unwrap();
    assert!(mail.contains("Amy Stone hat auf Ihre Anfrage geantwortet."), "{mail}");
    assert!(std::fs::read_to_string(folder.join("digest-staff.txt")).unwrap().starts_with("Subject: [TKT-"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_the_desk_promises_leaves_it() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = Command::new(env!("CARGO_BIN_EXE_outbox")).arg(folder.path()).output().unwrap();
    assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
    let said = String::from_utf8(outcome.stdout).unwrap();
    let (made, subject) = said.split_once('\n').unwrap();
    let number = made.strip_prefix("made ").unwrap();
    assert_eq!(subject, format!("Subject: [{number}] Where is my parcel?\n"));
}

#[test]
fn a_rule_calls_the_application() {
    let outcome = Command::new(env!("CARGO_BIN_EXE_own_action")).output().unwrap();
    assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
    let said = String::from_utf8(outcome.stdout).unwrap();
    assert!(said.starts_with("refused: ") && said.ends_with("charged [Number(49.0)]\n"), "{said}");
}

/// Every block of Rust in the page stands in the example that is named before it, line by line.
#[test]
fn the_documentation_shows_the_code_of_the_examples() {
    let page = include_str!("../../docs/EMBEDDING.md");
    let sources = [
        ("outbox.rs", include_str!("../src/bin/outbox.rs")),
        ("nested.rs", include_str!("../src/bin/nested.rs")),
        ("host_transaction.rs", include_str!("../src/bin/host_transaction.rs")),
        ("own_store", include_str!("../src/bin/own_store/main.rs")),
        ("own_action.rs", include_str!("../src/bin/own_action.rs")),
    ];
    let mut blocks = 0;
    for (before, rest) in page.split("```rust\n").collect::<Vec<_>>().windows(2).map(|pair| (pair[0], pair[1])) {
        let block = rest.split("```").next().unwrap();
        let named = |name: &str| before.rfind(name).unwrap_or(0);
        let (name, source) = sources.iter().max_by_key(|(name, _)| named(name)).unwrap();
        assert!(before.contains(name), "no example is named before:\n{block}");
        for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
            assert!(source.lines().any(|known| known.trim() == line), "{name} has no line:\n{line}");
        }
        blocks += 1;
    }
    assert_eq!(blocks, 6, "the page was read whole");
}
