//! The audit log of a running server: sealed while it runs and when it stops, and proved by a verb.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "server/database.rs"]
#[allow(dead_code, reason = "these tests need a part of it")]
mod database;
mod program;

use database::Database;
use program::{Place, pause};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn add(place: &Place, email: &str) {
    // With a password nobody is mailed a link, which would be one more line.
    let who = ["user", "create", "--email", email, "--name", "Somebody", "--role", "agent"];
    let arguments = [&who[..], &["--password", "correct horse battery"]].concat();
    place.run(&arguments).done();
}

fn head(place: &Place) -> Option<Value> {
    let text = std::fs::read_to_string(place.path("head.json")).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// Waits until the server has sealed up to a later seal than this one.
fn sealed_after(place: &Place, no: i64) -> Value {
    let begun = Instant::now();
    loop {
        if let Some(head) = head(place).filter(|head| head["no"].as_i64().unwrap() > no) {
            return head;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "nothing was sealed");
        pause();
    }
}

fn a_log_is_sealed_and_proved(place: &Place) {
    let server = place.serve(&[]);
    add(place, "ada@b.example");
    let first = sealed_after(place, 0);
    add(place, "bob@b.example");
    let second = sealed_after(place, first["no"].as_i64().unwrap());
    assert_eq!(second["mac"].as_str().unwrap().len(), 64);
    add(place, "cy@b.example");
    // A stop seals what is left.
    server.stop();
    // Three people, and the link that the first start made.
    let proof = place.run(&["audit", "verify", "--json"]).done().stdout.clone();
    assert_eq!(serde_json::from_str::<Value>(&proof).unwrap(), json!({"ok": true, "checked": 4}));
    let last = head(place).unwrap();
    assert!(last["no"].as_i64() > second["no"].as_i64(), "{last}");
    assert_eq!(place.run(&["audit", "verify"]).done().stdout, "the audit log is whole: 4 lines checked\n");
}

#[test]
fn a_log_in_a_file_is_sealed_and_proved() {
    let place = Place::new().with("AUDIT_HEAD_PATH", "head.json");
    a_log_is_sealed_and_proved(&place);
    // Another key, and nobody says what the one before was.
    let secret = std::fs::read_to_string(place.path("data/secrets/audit_key")).unwrap();
    let other = [("AUDIT_KEY", "another-key-that-is-long-enough-to-be-one")];
    let unknown = place.run_with(&other, &["audit", "verify"], "");
    assert_eq!(unknown.code, Some(1), "{unknown:?}");
    assert!(unknown.stdout.starts_with("the audit log is not whole: unknown key, line "), "{unknown:?}");
    let both = [other[0], ("AUDIT_KEY_FORMER", secret.trim())];
    place.run_with(&both, &["audit", "verify"], "").done();
    // A head that the chain does not have.
    let mut cut = head(&place).unwrap();
    cut["no"] = json!(cut["no"].as_i64().unwrap() + 1);
    place.write("head.json", &cut.to_string());
    let outcome = place.run(&["audit", "verify"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stdout.starts_with("the audit log is not whole: cut, seal "), "{outcome:?}");
    // The only proof of that is not overwritten by the next server, which says so.
    let server = place.serve(&[]);
    add(&place, "dee@b.example");
    server.stop();
    assert_eq!(head(&place), Some(cut));
    place.write("head.json", "damaged");
    place.run(&["audit", "verify"]).failed_with(1, "ticketing: AUDIT_HEAD_PATH: head.json: ");
}

#[test]
fn a_log_on_postgresql_is_sealed_and_proved_and_damage_is_named() {
    let database = Database::create();
    let place = Place::new().with("DATABASE_URL", &database.url()).with("AUDIT_HEAD_PATH", "head.json");
    a_log_is_sealed_and_proved(&place);
    let line = database.query("SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 1");
    database.query("ALTER TABLE audit DISABLE TRIGGER ALL");
    database.query(&format!("UPDATE audit SET action = 'nothing.done' WHERE id = '{line}'"));
    let outcome = place.run(&["audit", "verify", "--json"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    let wanted = json!({"ok": false, "checked": 1, "first_bad": {"kind": "line_changed", "line": line}});
    assert_eq!(serde_json::from_str::<Value>(&outcome.stdout).unwrap(), wanted);
}
