//! A desk that moves from store to store, and tables that are taken in, with the program as an operator runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "server/database.rs"]
#[allow(dead_code, reason = "these tests need a part of it")]
mod database;
mod program;

use database::Database;
use program::{Place, pause};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

/// A place with the demo desk in a file, whose server has stopped.
fn demo() -> Place {
    let place = Place::new().with("PASSWORD_HASH", "bcrypt");
    place.serve(&["--demo"]).stop();
    place
}

/// The rows of a desk's file: all but its header, which names a moment, and its footer, whose checksum covers that.
fn rows(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert!(lines.pop().unwrap().starts_with("{\"type\":\"footer\""));
    assert!(lines.remove(0).starts_with("{\"type\":\"header\""));
    lines
}

fn text_of(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn assert_same(found: &[String], wanted: &[String]) {
    // A whole desk twice in a message says nothing to anybody.
    let differs = found.iter().zip(wanted).position(|(found, wanted)| found != wanted);
    if let Some(place) = differs {
        panic!("line {}: {}\nis not\n{}", place + 2, found[place], wanted[place]);
    }
    assert_eq!(found.len(), wanted.len());
}

#[test]
fn a_desk_moves_from_a_file_to_postgresql_and_back_and_is_the_same() {
    let first = demo();
    let from_file = first.path("first.jsonl");
    let told = first.run(&["export", text_of(&from_file), "--with-secrets", "--files", "--json"]).done().stdout.clone();
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["counts"]["ticket"], 400);
    let wanted = rows(&from_file);

    let database = Database::create();
    let second = Place::new().with("DATABASE_URL", &database.url());
    let looked = second.run(&["import", text_of(&from_file), "--dry-run"]).done().stdout.clone();
    assert!(looked.contains("would be taken in"), "{looked}");
    assert_eq!(database.query("SELECT count(*) FROM ticket"), "0");
    second.run(&["import", text_of(&from_file)]).done();
    let from_database = second.path("second.jsonl");
    second.run(&["export", text_of(&from_database), "--with-secrets"]).done();
    assert_same(&rows(&from_database), &wanted);
    second.run(&["audit", "verify"]).done();

    let third = Place::new().with("PASSWORD_HASH", "bcrypt");
    third.run(&["import", text_of(&from_database)]).done();
    let from_third = third.path("third.jsonl");
    third.run(&["export", text_of(&from_third), "--with-secrets"]).done();
    assert_same(&rows(&from_third), &wanted);
    // Without secrets there is nobody's password in it, and standard output does as well.
    let shown = third.run(&["export", "-"]).done().stdout.clone();
    assert!(!shown.contains("password_hash") && shown.lines().last().unwrap().contains("\"passwords\""));
    // Whoever signed in there signs in here.
    let server = third.serve(&[]);
    assert!(server.errors().iter().all(|line| !line.contains("ERROR")), "{:?}", server.errors());
    server.stop();
}

#[test]
fn an_import_that_was_killed_goes_on() {
    let first = demo();
    let file = first.path("desk.jsonl");
    first.run(&["export", text_of(&file), "--with-secrets"]).done();
    let wanted = rows(&file);
    let database = Database::create();
    let second = Place::new().with("DATABASE_URL", &database.url());
    second.run(&["migrate"]).done();
    let mut child = second.start(&["import", text_of(&file)]);
    while database.query("SELECT count(*) FROM ticket") == "0" {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
        pause();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let again = second.run(&["import", text_of(&file), "--json"]).done().stdout.clone();
    assert_eq!(serde_json::from_str::<Value>(&again).unwrap()["is_resumed"], true);
    let written = second.path("again.jsonl");
    second.run(&["export", text_of(&written), "--with-secrets"]).done();
    assert_same(&rows(&written), &wanted);
    let third = second.run(&["import", text_of(&file)]).done().stdout.clone();
    assert!(third.contains("was taken in before"), "{third}");
}

#[test]
fn what_is_no_whole_desk_or_no_new_one_is_refused() {
    let place = Place::new();
    let made = ["user", "create", "--email", "ada@desk.example", "--name", "Ada", "--role", "admin"];
    place.run(&made).done();
    let file = place.path("desk.jsonl");
    place.run(&["export", text_of(&file)]).done();
    let refused = place.run(&["import", text_of(&file)]);
    refused.failed_with(1, &format!("ticketing: {}: A desk is taken in by a new store alone", file.display()));
    let other = Place::new();
    let text = std::fs::read_to_string(&file).unwrap();
    let changed = other.write("changed.jsonl", &text.replace("\"Ada\"", "\"Eve\""));
    other.run(&["import", text_of(&changed)]).failed_with(1, &format!("ticketing: {}: line 3: ", changed.display()));
    assert_eq!(other.run(&["user", "list", "--json"]).done().stdout.lines().count(), 1);
    other.run(&["import", "nothing.jsonl"]).failed_with(1, "ticketing: nothing.jsonl can't be opened");
    let mixed = other.run(&["import", text_of(&changed), "--skip-bad"]);
    mixed.failed_with(2, "ticketing: FILE is a desk");
    other.run(&["export", "-", "--files"]).failed_with(2, "ticketing: --files needs a FILE");
}

fn a_table_is_taken_in(place: &Place) {
    let mut table = "Ref;Subject;Description;Customer Email;Created At\n".to_owned();
    for number in 0..450 {
        writeln!(table, "{number};Ticket {number};Text;c{}@mail.example;2026-01-01 10:00", number % 40).unwrap();
    }
    table.push_str("451;;Text;nobody;\n");
    let file = place.write("old.csv", &table);
    let map = ["import", "old.csv", "--map", "Ref=external_id"];
    let looked = place.run(&[&map[..], &["--dry-run"]].concat());
    assert_eq!(looked.code, Some(1), "{looked:?}");
    let said: Vec<&str> = looked.stdout.lines().collect();
    assert_eq!(said[0], "line 452: subject: Is required. (required)");
    assert_eq!(said[1], "line 452: customer_email: Is not an email address. (not_an_address)");
    assert!(said[3].starts_with("451 lines of tickets: 450 would be made, and 40 customers"), "{said:?}");
    let refused = place.run(&map);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stdout.contains("nothing was written"), "{refused:?}");
    let done = place.run(&[&map[..], &["--skip-bad", "--json"]].concat()).done().stdout.clone();
    let done: Value = serde_json::from_str(&done).unwrap();
    assert_eq!((&done["made"], &done["new_customers"], &done["wrong_rows"]), (&json!(450), &json!(40), &json!(1)));
    let rejected = std::fs::read_to_string(place.path("old.csv.rejected.csv")).unwrap();
    assert_eq!(rejected.lines().count(), 2);
    assert_eq!(rejected.lines().last(), Some("451;;Text;nobody;"));
    // Mended, the whole file goes in: what is here already is passed over.
    std::fs::write(&file, table.replace("451;;Text;nobody;", "451;Mended;Text;c1@mail.example;")).unwrap();
    let again = place.run(&map).done().stdout.clone();
    assert_eq!(again, "451 lines of tickets: 1 were made; 450 are here already\n");
    place.run(&["audit", "verify"]).done();
    place.run(&["import", "old.csv"]).failed_with(1, "ticketing: old.csv: invalid input: ref: ");
    place.run(&["import", "old.csv", "--map", "Ref"]).code.filter(|code| *code == 2).unwrap();
}

#[test]
fn a_table_is_taken_in_by_a_file() {
    a_table_is_taken_in(&Place::new());
}

#[test]
fn a_table_is_taken_in_by_postgresql() {
    let database = Database::create();
    a_table_is_taken_in(&Place::new().with("DATABASE_URL", &database.url()));
    // Nobody is told of any of it.
    assert_eq!(database.query("SELECT count(*) FROM notification"), "0");
    assert_eq!(database.query("SELECT count(*) FROM job"), "0");
}
