//! `ticketing workflow test …`: rules held to scenarios.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod program;

use program::Place;
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../docs/WORKFLOWS.md");
const RECIPES: &str = include_str!("../../examples/scenarios/recipes.yaml");

/// The blocks of this kind of a page.
fn blocks(page: &'static str, kind: &str) -> Vec<&'static str> {
    page.split(&format!("```{kind}\n")).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// A folder with the rules and the scenarios that the page shows.
fn place_of_page() -> Place {
    let place = Place::new();
    let shown = blocks(PAGE, "yaml");
    assert_eq!(shown.len(), 2, "rules and scenarios");
    place.write("rules.yaml", shown[0]);
    place.write("rules.test.yaml", shown[1]);
    place
}

fn test(place: &Place, more: &[&str]) -> program::Outcome {
    place.run(&[&["workflow", "test", "rules.test.yaml"], more].concat())
}

#[test]
fn a_good_file_passes_and_needs_nothing_but_files() {
    // What is set for a server is not even read.
    let place = place_of_page().with("DATABASE_URL", "nonsense://").with("PORT", "x");
    place.write("ticketing.toml", "no = [toml");
    let passed = test(&place, &[]);
    assert_eq!(passed.done().stdout, "ok  A critical ticket goes to billing\n1 of 1 scenarios passed\n");
    assert_eq!(passed.stderr, "");
    let left: Vec<_> = std::fs::read_dir(place.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
    let told: Value = serde_json::from_str(&test(&place, &["--json"]).done().stdout).unwrap();
    assert_eq!(
        told,
        json!({"passed": 1, "failed": 0,
            "scenarios": [{"name": "A critical ticket goes to billing", "passed": true, "unmet": []}]})
    );
}

#[test]
fn a_failure_is_told_with_what_was_found() {
    let place = place_of_page();
    let scenarios = blocks(PAGE, "yaml")[1].replace("priority: critical", "priority: high");
    place.write("rules.test.yaml", &scenarios);
    let failed = test(&place, &[]);
    assert_eq!((failed.code, &*failed.stderr), (Some(1), ""), "{failed:?}");
    assert_eq!(failed.stdout, blocks(PAGE, "text")[0], "as the page shows it");
    let failed = test(&place, &["--json"]);
    let told: Value = serde_json::from_str(&failed.stdout).unwrap();
    assert_eq!((failed.code, &told["failed"]), (Some(1), &json!(1)));
    let unmet = &told["scenarios"][0]["unmet"][0];
    assert_eq!((&unmet["at"], &unmet["kind"]), (&json!("scenarios[0].steps[0].then.fired"), &json!("differs")));
    assert_eq!(unmet["rules"][0]["conditions"][0]["actual"], "high");
}

#[test]
fn scenarios_are_chosen_by_their_names() {
    let place = place_of_page();
    let more = "  - name: Nothing happens\n    steps: []\n";
    place.write("rules.test.yaml", &format!("{}{more}", blocks(PAGE, "yaml")[1]));
    let all = test(&place, &[]);
    assert!(all.done().stdout.ends_with("ok  Nothing happens\n2 of 2 scenarios passed\n"), "{all:?}");
    let one = test(&place, &["--filter", "Nothing"]);
    assert_eq!(one.done().stdout, "ok  Nothing happens\n1 of 1 scenarios passed\n");
    test(&place, &["--filter", "else"]).failed_with(1, "ticketing: there is no such scenario");
}

#[test]
fn a_file_that_can_t_be_read_is_no_failure_of_rules() {
    let place = place_of_page();
    place
        .run(&["workflow", "test", "nothing.yaml"])
        .failed_with(2, "ticketing: the scenarios can't be read: nothing.yaml can't be opened");
    let good = blocks(PAGE, "yaml")[1];
    for (wrong, why) in [
        (
            good.replace("mails: [{ to", "mails: [{ too"),
            "scenarios[0].steps[0].then.mails[0].too: There is no such field.",
        ),
        (good.replace("rules: rules.yaml", "rules: [gone.yaml]"), "gone.yaml can't be opened"),
        (
            good.replace("fired: [Escalate]", "fired: [Escalates]"),
            "scenarios[0].steps[0].then.fired[0]: No rule has this name.",
        ),
        (good.replace("given:", "given: ["), "rules.test.yaml: "),
    ] {
        place.write("rules.test.yaml", &wrong);
        let refused = test(&place, &[]);
        refused.failed_with(2, "ticketing: the scenarios can't be read: ");
        assert!(refused.stderr.contains(why), "{why}: {refused:?}");
    }
    // What only the desk can tell fails the scenario.
    place.write("rules.test.yaml", good);
    place.write("rules.yaml", &blocks(PAGE, "yaml")[0].replace("to: requester", "to: boss"));
    let refused = test(&place, &[]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stdout.contains("\n  rules.yaml: workflows[0].actions[1].params.to: "), "{refused:?}");
}

#[test]
fn paths_begin_where_the_file_is() {
    let place = place_of_page();
    std::fs::create_dir(place.path("tests")).unwrap();
    let scenarios = blocks(PAGE, "yaml")[1].replace("rules: rules.yaml", "rules: ../rules.yaml");
    place.write("tests/rules.test.yaml", &scenarios);
    place.run(&["workflow", "test", "tests/rules.test.yaml"]).done();
}

#[test]
fn the_recipes_do_what_their_scenarios_say() {
    let place = Place::new();
    // The first block is the example at the top of the page.
    let rules: Vec<Value> =
        blocks(PAGE, "json").into_iter().skip(1).map(|rule| serde_json::from_str(rule).unwrap()).collect();
    place.write("recipes.json", &Value::from(rules).to_string());
    place.write("recipes.yaml", RECIPES);
    let tested = place.run(&["workflow", "test", "recipes.yaml"]);
    assert!(tested.stdout.ends_with("10 of 10 scenarios passed\n"), "{}", tested.stdout);
    // Each of them is held to something: without its rule it fails.
    let whole: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(place.path("recipes.json")).unwrap()).unwrap();
    for (place_of_rule, rule) in whole.iter().enumerate() {
        let mut without = whole.clone();
        without[place_of_rule]["is_active"] = false.into();
        place.write("recipes.json", &Value::from(without).to_string());
        let number = format!("{}. ", place_of_rule + 1);
        let tested = place.run(&["workflow", "test", "recipes.yaml", "--filter", &number]);
        let told = format!("{} did not fire", rule["name"].as_str().unwrap());
        assert!(tested.code == Some(1) && tested.stdout.contains(&told), "{tested:?}");
    }
}
