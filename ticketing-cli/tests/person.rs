//! Forgetting a person and telling what is kept of one, from the command line.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "server/database.rs"]
#[allow(dead_code, reason = "these tests need a part of it")]
mod database;
mod program;

use database::Database;
use program::Place;
use serde_json::{Value, json};

fn add(place: &Place, email: &str, role: &str) -> Value {
    let arguments = ["user", "create", "--email", email, "--name", "Bob Bobson", "--role", role, "--json"];
    serde_json::from_str(&place.run(&arguments).done().stdout).unwrap()
}

fn exported(place: &Place, who: &str) -> Value {
    serde_json::from_str(&place.run(&["user", "export", who]).done().stdout).unwrap()
}

fn a_person_is_told_of_and_forgotten(place: &Place) {
    let user = add(place, "bob@mail.example", "customer");
    let id = user["id"].as_str().unwrap();
    let (by_address, by_id) = (exported(place, "BOB@mail.example"), exported(place, id));
    assert_eq!(by_address, by_id);
    assert_eq!(by_id["user"], user);
    assert_eq!(by_id["audit_about"][0]["changes"]["email"], json!([null, "bob@mail.example"]));
    let empty = json!([]);
    for list in ["memberships", "api_keys", "tickets", "comments", "time_entries", "audit_by"] {
        assert_eq!(by_id[list], empty, "{list}");
    }
    place.run(&["user", "export", "nobody@mail.example"]).failed_with(1, "ticketing: there is no person ");
    let nobody = "019b0000-0000-7000-8000-000000000000";
    place.run(&["user", "erase", nobody, "--yes"]).failed_with(1, "ticketing: 019b0000-");
    place.run(&["user", "erase", "bob@mail.example"]).failed_with(2, "ticketing: nobody can be asked ");
    let said = place.run(&["user", "erase", "bob@mail.example", "--yes", "--json"]).done().stdout.clone();
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap(), json!({"id": id, "emptied": 1}));
    place.run(&["user", "erase", "bob@mail.example", "--yes"]).failed_with(1, "ticketing: there is no person ");
    let again = place.run(&["user", "erase", id, "--yes"]).done().stdout.clone();
    assert_eq!(again, format!("erased {id}, and what 0 lines of the audit log said\n"));
    let left = place.run(&["user", "export", id]).done().stdout.clone();
    assert!(!left.to_lowercase().contains("bob"), "{left}");
    let left: Value = serde_json::from_str(&left).unwrap();
    assert_eq!(left["user"]["email"], json!(format!("erased-{id}@erased.invalid")));
    assert_eq!(left["audit_about"][0]["action"], "user.erased");
    // Somebody else may have the address now.
    add(place, "bob@mail.example", "customer");
    place.run(&["audit", "verify"]).done();
    place.run(&["user", "list"]).done();
}

#[test]
fn a_person_in_a_file_is_told_of_and_forgotten() {
    let place = Place::new();
    a_person_is_told_of_and_forgotten(&place);
    // The only administrator stays.
    add(&place, "ada@desk.example", "admin");
    let refused = place.run(&["user", "erase", "ada@desk.example", "--yes"]);
    refused.failed_with(1, "ticketing: Nobody else could run the desk.");
}

#[test]
fn a_person_on_postgresql_is_told_of_and_forgotten_and_nobody_else_is() {
    let database = Database::create();
    let place = Place::new().with("DATABASE_URL", &database.url());
    a_person_is_told_of_and_forgotten(&place);
    // Whoever empties what is said of somebody who was not erased is found.
    let line = database.query("SELECT id FROM audit ORDER BY id DESC LIMIT 1");
    database.query(&format!(
        "UPDATE audit_detail SET body = '{{\"changes\":null}}', salt = decode(repeat('00', 16), 'hex') \
         WHERE audit_id = '{line}'"
    ));
    let outcome = place.run(&["audit", "verify"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stdout.starts_with("the audit log is not whole: detail changed, line "), "{outcome:?}");
}
