//! The verbs: what they answer, how they end, and that they work beside a running server.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "server/database.rs"]
#[allow(dead_code, reason = "these tests need no cluster of their own")]
#[allow(clippy::expect_used, reason = "a test may panic")]
mod database;
mod program;

use database::Database;
use program::{Place, Server, pause};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Duration;

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn create(place: &Place, email: &str, role: &str) {
    let arguments =
        ["user", "create", "--email", email, "--name", "Some One", "--role", role, "--password", "long-enough-1"];
    place.run(&arguments).done();
}

fn post(server: &Server, path: &str, token: &str, body: &Value) -> (u16, String) {
    request(server, "POST", path, token, body)
}

/// One request with a JSON body; answers its status and body.
fn request(server: &Server, method: &str, path: &str, token: &str, body: &Value) -> (u16, String) {
    let body = body.to_string();
    let mut stream = TcpStream::connect(server.authority()).unwrap();
    write!(stream, "{method} {path} HTTP/1.1\r\nhost: desk\r\nauthorization: Bearer {token}\r\nconnection: close\r\n")
        .unwrap();
    write!(stream, "content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    answer(&mut stream)
}

fn sign_in(server: &Server, email: &str, password: &str) -> u16 {
    // An empty token is no token; the sign-in does not ask for one.
    post(server, "/api/auth/login", "", &json!({ "email": email, "password": password })).0
}

/// Reads an answer to its end.
fn answer(stream: &mut TcpStream) -> (u16, String) {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    (status.unwrap_or_else(|| panic!("no answer: {answer:?}")), body.unwrap_or_default())
}

#[test]
fn exit_codes_tell_wrong_usage_from_failure() {
    let place = Place::new();
    for usage in [&[][..], &["bogus"], &["user"], &["serve", "--bogus"], &["user", "create"], &["completions", "tcl"]] {
        let outcome = place.run(usage);
        assert_eq!(outcome.code, Some(2), "{usage:?}: {outcome:?}");
        assert!(outcome.stdout.is_empty() && !outcome.stderr.is_empty(), "{usage:?}: {outcome:?}");
    }
    place.run(&["serve", "--port", "abc"]).failed_with(2, "ticketing: PORT: \"abc\" is not a port");
    let role = ["user", "create", "--email", "a@b.example", "--name", "A", "--role", "boss"];
    assert_eq!(place.run(&role).code, Some(2));
    assert!(place.run(&role).stderr.contains("customer, agent, manager, admin"));
    let both = ["user", "set-password", "a@b.example", "--password", "x", "--password-stdin"];
    assert_eq!(place.run(&both).code, Some(2));
    assert_eq!(place.run(&["--help"]).code, Some(0));
    assert_eq!(place.run(&["--version"]).done().stdout.split(' ').next(), Some("ticketing"));
    place.run(&["user", "set-role", "nobody@b.example", "admin"]).failed_with(1, "ticketing: there is no person");
}

#[test]
fn people_are_made_listed_and_changed() {
    let place = Place::new();
    let create = ["user", "create", "--email", "Zoë@b.example", "--name", "Zoë Ångström", "--role", "agent", "--json"];
    let made = json_of(&place.run(&create).done().stdout);
    assert_eq!(
        (&made["email"], &made["role"], &made["version"]),
        (&json!("Zoë@b.example"), &json!("agent"), &json!(1))
    );
    place.run(&create).failed_with(1, "ticketing: There is another person with this email address");
    let short = ["user", "create", "--email", "bad", "--name", "B", "--role", "agent", "--password", "x"];
    let outcome = place.run(&short);
    outcome.failed_with(1, "ticketing: invalid input: email: ");
    assert!(outcome.stderr.contains("password: "), "all failures at once: {outcome:?}");
    let piped = ["user", "create", "--email", "b@b.example", "--name", "B", "--role", "customer", "--password-stdin"];
    place.run(&piped).failed_with(1, "ticketing: no password came from stdin");
    place.run_with(&[], &piped, "long-enough-2\n").done();
    let changed = json_of(&place.run(&["user", "set-role", "ZOË@B.example", "manager", "--json"]).done().stdout);
    assert_eq!((&changed["role"], &changed["id"]), (&json!("manager"), &made["id"]));
    let listed = json_of(&place.run(&["user", "list", "--json"]).done().stdout);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(listed[0], changed);
    let text = place.run(&["user", "list"]).done().stdout.clone();
    assert_eq!(text, "manager  Zoë@b.example Zoë Ångström\ncustomer b@b.example B\n");
}

#[test]
fn verbs_work_beside_a_running_server() {
    let place = Place::new();
    let server = place.serve(&[]);
    assert!(server.said[0].contains("/setup?token="), "{:?}", server.said);
    create(&place, "ada@b.example", "admin");
    assert_eq!(sign_in(&server, "ada@b.example", "long-enough-1"), 200);
    place.run_with(&[], &["user", "set-password", "ada@b.example"], "long-enough-2\n").done();
    assert_eq!(sign_in(&server, "ada@b.example", "long-enough-1"), 401);
    assert_eq!(sign_in(&server, "ada@b.example", "long-enough-2"), 200);
    place.run(&["doctor"]).done();
    server.stop();
    let again = place.serve(&[]);
    assert_eq!(again.said, [format!("listening on {}", again.url)], "there is an administrator now");
    assert_eq!(sign_in(&again, "ada@b.example", "long-enough-2"), 200);
    again.stop();
}

#[test]
fn the_first_administrator_is_made_once() {
    let place = Place::new().with("ADMIN_EMAIL", "root@b.example").with("ADMIN_PASSWORD", "long-enough-1");
    let servers: Vec<Server> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..3).map(|_| scope.spawn(|| place.serve(&[]))).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    for server in &servers {
        assert_eq!(sign_in(server, "root@b.example", "long-enough-1"), 200);
    }
    for server in servers {
        server.stop();
    }
    let people = json_of(&place.run(&["user", "list", "--json"]).done().stdout);
    assert_eq!(people.as_array().unwrap().len(), 1, "{people}");
    // Where there is an administrator, another start changes nothing.
    place.run(&["user", "set-password", "root@b.example", "--password", "changed-by-hand"]).done();
    let server = place.serve(&[]);
    assert_eq!(sign_in(&server, "root@b.example", "changed-by-hand"), 200);
    server.stop();
}

#[test]
fn an_address_that_is_taken_makes_no_administrator() {
    let place = Place::new();
    create(&place, "cus@b.example", "customer");
    let taken = [("ADMIN_EMAIL", "cus@b.example"), ("ADMIN_PASSWORD", "long-enough-1")];
    let outcome = place.run_with(&taken, &["serve", "--port", "0"], "");
    outcome.failed_with(1, "ticketing: ADMIN_EMAIL: cus@b.example is no administrator");
}

#[test]
fn a_request_in_flight_is_finished_before_the_end() {
    let place = Place::new().with("RUST_LOG", "off");
    let mut server = place.serve(&[]);
    let body = r#"{"email":"a@b.example","password":"long-enough-1"}"#;
    let mut stream = TcpStream::connect(server.authority()).unwrap();
    let head = format!(
        "POST /api/auth/login HTTP/1.1\r\nhost: desk\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body.as_bytes()[..10]).unwrap();
    // An answered request on another connection: the server has surely read the first one's head.
    assert_eq!(sign_in(&server, "a@b.example", "long-enough-1"), 401);
    server.signal(Signal::TERM);
    while TcpStream::connect(server.authority()).is_ok() {
        pause();
    }
    stream.write_all(&body.as_bytes()[10..]).unwrap();
    assert_eq!(answer(&mut stream).0, 401);
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn a_stop_waits_no_longer_than_it_was_told_and_a_second_signal_ends_it_at_once() {
    let place = Place::new();
    let stuck = |server: &Server| {
        let mut stream = TcpStream::connect(server.authority()).unwrap();
        stream.write_all(b"POST /api/auth/login HTTP/1.1\r\nhost: desk\r\ncontent-length: 9\r\n\r\n{").unwrap();
        assert_eq!(sign_in(server, "a@b.example", "long-enough-1"), 401);
        stream
    };
    let mut server = place.serve(&["--shutdown-timeout", "1s"]);
    let held = stuck(&server);
    server.signal(Signal::INT);
    assert_eq!(server.wait(), Some(0));
    drop(held);
    let mut server = place.serve(&["--shutdown-timeout", "1h"]);
    let held = stuck(&server);
    server.signal(Signal::TERM);
    while TcpStream::connect(server.authority()).is_ok() {
        pause();
    }
    server.signal(Signal::TERM);
    assert_eq!(server.wait(), Some(1));
    drop(held);
}

#[test]
fn a_port_that_is_taken_is_one_line() {
    let place = Place::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let outcome = place.run(&["serve", "--port", &port, "--rust-log", "off"]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.starts_with(&format!("ticketing: PORT: can't listen on 127.0.0.1:{port}: ")), "{outcome:?}");
}

#[test]
fn doctor_says_what_is_and_makes_nothing() {
    let place = Place::new();
    let outcome = place.run(&["doctor"]);
    outcome.done();
    assert!(outcome.stdout.lines().all(|line| line.starts_with("ok   ")), "{outcome:?}");
    assert!(!place.path("data").exists(), "doctor makes nothing");
    std::fs::create_dir(place.path("data")).unwrap();
    std::fs::write(place.path("data/ticketing.db"), "").unwrap();
    let behind = place.run(&["doctor"]);
    assert_eq!(behind.code, Some(1), "{behind:?}");
    assert!(
        behind
            .stdout
            .contains("ticketing.db is not up to date; bring it there with: ticketing migrate (pending: 0001_desk"),
        "{behind:?}"
    );
    place.run(&["migrate"]).done();
    let answer = json_of(&place.run(&["doctor", "--json"]).done().stdout);
    assert_eq!(answer["ok"], json!(true));
    let states: Vec<_> = answer["checks"].as_array().unwrap().iter().map(|c| (&c["name"], &c["state"])).collect();
    assert!(states.contains(&(&json!("store"), &json!("ok"))), "{states:?}");
    assert!(states.contains(&(&json!("administrator"), &json!("warn"))), "{states:?}");
}

#[test]
fn doctor_fails_where_something_needed_does_not_work_and_shows_no_secret() {
    let place = Place::new();
    create(&place, "ada@b.example", "admin");
    let secret = std::fs::read_to_string(place.path("data/secrets/audit_key")).unwrap();
    let weak = place.run_with(&[("JWT_SECRET", "canary-canary")], &["doctor"], "");
    assert!(weak.done().stdout.contains("warn JWT_SECRET — is too short"), "{weak:?}");
    std::fs::set_permissions(place.path("data/secrets/audit_key"), PermissionsExt::from_mode(0o644)).unwrap();
    let open = place.run(&["doctor"]);
    assert!(open.done().stdout.contains("warn AUDIT_KEY — others can read it: chmod 600 "), "{open:?}");
    std::fs::write(place.path("data/ticketing.db"), "this is no database, whatever its name says").unwrap();
    let broken = place.run(&["doctor"]);
    assert_eq!(broken.code, Some(1), "{broken:?}");
    assert!(broken.stdout.contains("fail store — "), "{broken:?}");
    let away = place.run_with(&[("DATABASE_URL", "postgres://u:canary-pass@127.0.0.1:1/d")], &["doctor"], "");
    assert_eq!(away.code, Some(1), "{away:?}");
    assert!(away.stdout.contains("fail store — "), "{away:?}");
    for said in [weak, open, broken, away].map(|outcome| outcome.stdout + &outcome.stderr) {
        assert!(!said.contains("canary") && !said.contains(secret.trim()), "{said}");
    }
}

#[test]
fn a_desk_that_people_depend_on_is_never_filled_with_demo_data() {
    let place = Place::new().with("TICKETING_ENV", "production");
    let place = place.with("JWT_SECRET", "Zq3vT8mN1xR5yW9kB4hJ7pL2dF6gS0cA");
    place.run(&["serve", "--demo"]).failed_with(1, "ticketing: --demo: refused with TICKETING_ENV=production");
    assert!(!place.path("data").exists());
}

#[test]
fn a_demo_desk_prints_sign_ins_and_a_line_that_works_when_pasted() {
    let place = Place::new();
    let server = place.serve(&["--demo"]);
    let said = server.said.join("\n");
    let curl =
        server.said.iter().find(|line| line.trim_start().starts_with("curl ")).unwrap_or_else(|| panic!("{said}"));
    let outcome = Command::new("sh").args(["-c", curl]).output().unwrap();
    let listed = json_of(&String::from_utf8(outcome.stdout).unwrap());
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(3), "{listed}");
    let password = said.split("with the password ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    for role in ["admin", "manager", "agent", "customer"] {
        let line = server.said.iter().find(|line| line.trim_start().starts_with(&format!("{role} "))).unwrap();
        let email = line.split_whitespace().nth(1).unwrap();
        assert_eq!(sign_in(&server, email, password), 200, "{line}");
    }
    server.stop();
    let people = place.run(&["user", "list"]).done().stdout.clone();
    let again = place.serve(&["--demo"]);
    assert!(again.said[0].contains("is left as it is"), "{:?}", again.said);
    assert!(again.said.join("\n").contains(password), "{:?}", again.said);
    again.stop();
    assert_eq!(place.run(&["user", "list"]).stdout, people);
}

/// Kills the first start, and looks at what the second makes of it. Answers whether the first was in the
/// middle of its work.
fn demo_is_whole_after_a_crash(place: &Place, after: Duration) -> bool {
    place.cut_off(&["serve", "--port", "0", "--demo"], "filling the store", after);
    let begun = json_of(&place.run(&["user", "list", "--json"]).done().stdout);
    let server = place.serve(&["--demo"]);
    let said = server.said.join("\n");
    let login = json!({ "email": "ingrid.solberg@fjordrad.example", "password": "demo-desk-2026" });
    let session = json_of(&post(&server, "/api/auth/login", "", &login).1);
    let token = session["token"].as_str().unwrap_or_else(|| panic!("{said}"));
    let (_, tickets) = request(&server, "GET", "/api/tickets?limit=1&count=true", token, &Value::Null);
    assert_eq!(json_of(&tickets)["total"], 400, "{said}");
    server.stop();
    let people = json_of(&place.run(&["user", "list", "--json"]).done().stdout);
    assert_eq!(people.as_array().unwrap().len(), 96, "{said}");
    let again = place.serve(&["--demo"]);
    assert!(again.said[0].contains("is left as it is"), "{:?}", again.said);
    again.stop();
    begun != json!([]) && !said.contains("is left as it is")
}

#[test]
fn a_demo_that_was_cut_off_is_finished_by_the_next_start() {
    // How long it works before it writes depends on the machine: later and later, until one comes in the middle.
    let moments = || std::iter::successors(Some(50), |after| Some(after * 4 / 3)).take(14).map(Duration::from_millis);
    let is_found = moments().any(|after| demo_is_whole_after_a_crash(&Place::new(), after));
    assert!(is_found, "no crash came in the middle");
    let is_found = moments().any(|after| {
        let database = Database::create();
        demo_is_whole_after_a_crash(&Place::new().with("DATABASE_URL", &database.url()), after)
    });
    assert!(is_found, "no crash came in the middle, on PostgreSQL");
}

#[test]
fn a_desk_of_somebodys_own_is_left_as_it_is() {
    let place = Place::new();
    create(&place, "ada@b.example", "admin");
    let left = "--demo: the store has people or tickets already and is left as it is";
    let server = place.serve(&["--demo"]);
    assert_eq!(server.said[0], left, "who set it up does not share it with people whose password all know");
    let login = json!({ "email": "ada@b.example", "password": "long-enough-1" });
    let session = json_of(&post(&server, "/api/auth/login", "", &login).1);
    let customer = json!({ "email": "kim@b.example", "name": "Kim" });
    let ticket = json!({ "subject": "Hello", "description": "Is anybody there?", "customer": customer });
    assert_eq!(post(&server, "/api/tickets", session["token"].as_str().unwrap(), &ticket).0, 201);
    server.stop();
    let server = place.serve(&["--demo"]);
    assert_eq!(server.said[0], left);
    assert!(!server.said.join("\n").contains("demo-desk"), "no sign-ins that do not exist: {:?}", server.said);
    server.stop();
    let people = json_of(&place.run(&["user", "list", "--json"]).done().stdout);
    assert_eq!(people.as_array().unwrap().len(), 2, "{people}");
}

#[test]
fn on_postgresql_the_verbs_share_the_database_and_doctor_compares_clocks() {
    let database = Database::create();
    let place = Place::new().with("DATABASE_URL", &database.url());
    let fresh = place.run(&["doctor"]);
    assert_eq!(fresh.code, Some(1), "{fresh:?}");
    assert!(
        fresh.stdout.contains("is not up to date; bring it there with: ticketing migrate (pending: 0001_desk"),
        "{fresh:?}"
    );
    std::thread::scope(|scope| {
        let starts: Vec<_> = (0..5).map(|_| scope.spawn(|| place.run(&["migrate", "--json"]))).collect();
        for outcome in starts.into_iter().map(|start| start.join().unwrap()) {
            assert_eq!(json_of(&outcome.done().stdout), json!({ "migrated": true }));
        }
    });
    create(&place, "ada@b.example", "admin");
    let server = place.serve(&[]);
    assert_eq!(sign_in(&server, "ada@b.example", "long-enough-1"), 200);
    let well = place.run(&["doctor"]);
    assert!(well.done().stdout.lines().all(|line| line.starts_with("ok   ")), "{well:?}");
    assert!(well.stdout.contains("clock — the database's clock is at most "), "{well:?}");
    server.stop();
    // A database whose tables all work, and that is a step behind all the same.
    database.query("CREATE TABLE kept AS SELECT * FROM desk_migration; DELETE FROM desk_migration");
    let behind = place.run(&["doctor"]);
    assert_eq!(behind.code, Some(1), "{behind:?}");
    assert!(
        behind.stdout.contains(
            "fail store — PostgreSQL is not up to date; bring it there with: ticketing migrate (pending: 0001_desk"
        ),
        "{behind:?}"
    );
    database.query("INSERT INTO desk_migration SELECT * FROM kept");
    let name = database.query("SELECT current_database()");
    database.query(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    let unwritable = place.run(&["doctor"]);
    assert_eq!(unwritable.code, Some(1), "{unwritable:?}");
    assert!(unwritable.stdout.contains("fail store — PostgreSQL can't be written: "), "{unwritable:?}");
}

#[test]
fn completions_know_the_verbs() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = place.run(&["completions", shell]).done().stdout.clone();
        assert!(script.contains("set-password") && script.contains("doctor"), "{shell}");
    }
    assert!(!place.path("data").exists(), "completions need no desk");
}

#[test]
fn the_description_in_the_docs_is_what_the_program_prints() {
    let printed = Place::new().run(&["openapi"]).done().stdout.clone();
    let kept = include_str!("../../docs/openapi.json");
    assert!(printed == kept, "cargo run -- openapi > docs/openapi.json");
}
