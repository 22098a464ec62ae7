//! What the house promises about its own shape, read from the tree and from cargo.

#![allow(clippy::expect_used, reason = "a test may panic")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use ticketing_core::FieldCode;

const MAX_LINES: usize = 500;

/// Which workspace crates a crate may use. Examples and benches may use anything.
const MAY_USE: &[(&str, &[&str])] = &[
    ("ticketing-core", &[]),
    ("ticketing-store", &["ticketing-core"]),
    ("ticketing-deliver", &["ticketing-core"]),
    ("ticketing-http", &["ticketing-core"]),
    ("ticketing-cli", &["ticketing-core", "ticketing-store", "ticketing-deliver", "ticketing-http"]),
];

/// What the core must not even meet by way of another crate.
const NOT_IN_CORE: &[&str] = &["sqlx", "axum", "lettre", "reqwest", "hyper", "tower-http"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace").to_owned()
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output().expect(program);
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Every text file that belongs to the project, with its content.
fn files() -> Vec<(String, String)> {
    // Whoever runs the tests need not own the checkout.
    let list = ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = run("git", &list);
    let files: Vec<_> = listed
        .split('\0')
        .filter(|name| !name.is_empty())
        .filter_map(|name| Some((name.to_owned(), std::fs::read_to_string(root().join(name)).ok()?)))
        .collect();
    assert!(files.iter().any(|(name, _)| name == "ticketing-cli/tests/tidy.rs"), "this file is not among {files:?}");
    files
}

fn has_extension(name: &str, extensions: &[&str]) -> bool {
    Path::new(name).extension().is_some_and(|found| extensions.iter().any(|wanted| found == *wanted))
}

#[test]
fn arrows_between_crates_point_one_way() {
    let metadata: Value =
        serde_json::from_str(&run(env!("CARGO"), &["metadata", "--format-version", "1", "--no-deps", "--locked"]))
            .expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let mut wrong = Vec::new();
    for (name, allowed) in MAY_USE {
        let package = packages.iter().find(|p| p["name"] == *name).unwrap_or_else(|| panic!("no package {name}"));
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let used = dependency["name"].as_str().expect("a name");
            let is_ours = dependency["path"].is_string();
            // A crate may name itself among its development dependencies, to switch on a feature for its own tests.
            if is_ours && used != *name && !allowed.contains(&used) {
                wrong.push(format!("{name} must not use {used}"));
            }
        }
    }
    let known: BTreeSet<_> =
        MAY_USE.iter().map(|(name, _)| *name).chain(["ticketing-examples", "ticketing-benches"]).collect();
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        if !known.contains(name) {
            wrong.push(format!("{name} has no rule here: say what it may use"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn core_knows_no_database_no_mail_and_no_http() {
    let tree = run(
        env!("CARGO"),
        &["tree", "--locked", "-p", "ticketing-core", "--all-features", "-e", "normal,build", "--prefix", "none"],
    );
    let met: Vec<_> =
        tree.lines().filter(|line| line.split(' ').next().is_some_and(|name| NOT_IN_CORE.contains(&name))).collect();
    assert!(tree.lines().any(|line| line.starts_with("serde ")), "the tree was not read:\n{tree}");
    assert!(met.is_empty(), "ticketing-core reaches {met:#?}");
}

#[test]
fn no_source_file_is_too_long_to_read() {
    let long: Vec<_> = files()
        .iter()
        .filter(|(name, _)| has_extension(name, &["rs"]))
        .map(|(name, text)| (text.lines().count(), name.clone()))
        .filter(|(lines, _)| *lines > MAX_LINES)
        .collect();
    assert!(long.is_empty(), "split these, they have more than {MAX_LINES} lines: {long:#?}");
}

#[test]
fn migrations_come_in_pairs() {
    let names = |dialect: &str| -> BTreeSet<String> {
        let folder = root().join("ticketing-store/migrations").join(dialect);
        std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
            .collect()
    };
    let (postgres, sqlite) = (names("postgres"), names("sqlite"));
    assert!(!postgres.is_empty());
    assert_eq!(postgres, sqlite, "each migration exists for PostgreSQL and for SQLite, under the same name");
}

/// Finds `needle` where it is not a part of a longer word.
fn stands_alone(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(at, _)| {
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !is_word(line[..at].chars().next_back()) && !is_word(line[at + needle.len()..].chars().next())
    })
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not hold what it looks for.
    let marks =
        ["TO".to_owned() + "DO", "FIX".to_owned() + "ME", "to".to_owned() + "do!", "unimple".to_owned() + "mented!"];
    let mut found = Vec::new();
    for (name, text) in files() {
        if has_extension(&name, &["rs", "sql", "toml", "sh"]) || name.starts_with("scripts/") {
            for (number, line) in text.lines().enumerate() {
                if marks
                    .iter()
                    .any(|mark| stands_alone(line, mark.trim_end_matches('!')) && line.contains(mark.as_str()))
                {
                    found.push(format!("{name}:{}: {line}", number + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_path_of_somebodys_machine_is_in_the_tree() {
    let homes = ["/ro".to_owned() + "ot/", "/wo".to_owned() + "rk/", "/ho".to_owned() + "me/"];
    let mut found = Vec::new();
    for (name, text) in files() {
        for (number, line) in text.lines().enumerate() {
            // Behind a letter or a dot it is part of an address, or of a path inside something else.
            let is_absolute =
                |at: usize| !line[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || "._-~}".contains(c));
            if homes.iter().any(|home| line.match_indices(home.as_str()).any(|(at, _)| is_absolute(at))) {
                found.push(format!("{name}:{}: {line}", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// The argument behind the first one, where the call that begins here has it.
fn second_argument(call: &str) -> Option<&str> {
    let (mut depth, mut is_text, mut is_escaped) = (0, false, false);
    for (at, c) in call.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_text => is_escaped = true,
            '"' => is_text = !is_text,
            _ if is_text => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return None,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => return Some(call[at + 1..].trim_start()),
            _ => {}
        }
    }
    None
}

#[test]
fn every_code_of_a_field_is_listed_and_every_listed_one_is_said() {
    const CALLS: [&str; 5] = [".add(", ".fail(", ".fail::<()>(", "Error::field(", "FieldError::new("];
    let mut said = BTreeSet::new();
    for (_, text) in files().iter().filter(|(name, _)| {
        has_extension(name, &["rs"])
            && name.contains("/src/")
            && !name.contains("/tests/")
            && !name.ends_with("/tests.rs")
    }) {
        for call in CALLS.iter().flat_map(|call| text.match_indices(call).map(|(at, call)| &text[at + call.len()..])) {
            if let Some((code, _)) = second_argument(call).and_then(|rest| rest.strip_prefix('"')?.split_once('"')) {
                said.insert(code.to_owned());
            }
        }
    }
    let listed: BTreeSet<_> = FieldCode::ALL.iter().map(ToString::to_string).collect();
    // What is told of a code in other languages is found by the list: `console/src/ui/fault.ts`.
    assert_eq!(said, listed);
}
