//! `ticketing workflow …`: rules from files.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod program;

use program::{Outcome, Place};
use serde_json::Value;

const RULES: &str = "\
workflows:
  - name: Tag what is urgent
    trigger_type: ticket_created
    trigger_conditions:
      - { field: subject, operator: contains, value: urgent }
    actions:
      - type: add_tags
        params: { tags: [urgent] }
  - name: Tell the team
    trigger_type: status_change
    actions:
      - type: send_notification
        params: { user_id: team, title: 'Ticket {{ticket_number}}', message: 'It is {{status}} now.' }
";

fn json_of(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.done().stdout).unwrap_or_else(|error| panic!("{error}: {outcome:?}"))
}

#[test]
fn rules_are_carried_from_desk_to_desk() {
    let place = Place::new();
    place.write("rules.yaml", RULES);
    let tried = place.run(&["workflow", "import", "rules.yaml", "--dry-run"]);
    assert!(tried.done().stdout.contains("would be created: Tag what is urgent (version 1)"), "{tried:?}");
    let taken = json_of(&place.run(&["workflow", "import", "rules.yaml", "--json"]));
    assert_eq!((taken["created"].as_array().unwrap().len(), taken["updated"].as_array().unwrap().len()), (2, 0));
    let again = place.run(&["workflow", "import", "rules.yaml"]);
    assert!(again.done().stdout.contains("unchanged: Tell the team (version 1)"), "{again:?}");
    for file in ["out.yaml", "out.json"] {
        place.run(&["workflow", "export", file]).done();
        let other = Place::new();
        other.write(file, &std::fs::read_to_string(place.path(file)).unwrap());
        let taken = json_of(&other.run(&["workflow", "import", file, "--json"]));
        assert_eq!(taken["created"].as_array().unwrap().len(), 2, "{file}");
        let text = |place: &Place| place.run(&["workflow", "export"]).done().stdout.clone();
        assert_eq!(text(&other), text(&place));
    }
}

#[test]
fn rules_are_looked_through() {
    let place = Place::new();
    place.write("rules.yaml", RULES);
    let fine = place.run(&["workflow", "lint", "rules.yaml"]);
    assert_eq!(fine.done().stdout, "nothing is wrong with 2 rules\n");
    place.write("never.yaml", &RULES.replace("contains, value: urgent", "changed"));
    let found = place.run(&["workflow", "lint", "never.yaml"]);
    assert_eq!((found.code, found.stdout.split(':').next()), (Some(1), Some("unreachable")), "{found:?}");
    let found = place.run(&["workflow", "lint", "never.yaml", "--json"]);
    let warnings: Value = serde_json::from_str(&found.stdout).unwrap();
    assert_eq!(warnings["warnings"][0]["code"], "unreachable");
    // What can't be saved can't be looked through.
    place.write("wrong.yaml", &RULES.replace("{{status}}", "{{nothing}}"));
    let wrong = place.run(&["workflow", "lint", "wrong.yaml"]);
    wrong.failed_with(1, "ticketing: invalid input: workflows[1].actions[0].params.message");
    place.run(&["workflow", "lint", "nothing.yaml"]).failed_with(1, "ticketing: nothing.yaml can't be opened");
    place.write("broken.yaml", "workflows: [");
    place.run(&["workflow", "lint", "broken.yaml"]).failed_with(1, "ticketing: broken.yaml: ");
}

#[test]
fn rules_are_tried() {
    let place = Place::new();
    let server = place.serve(&["--demo"]);
    place.write("rules.yaml", RULES);
    let all = json_of(&place.run(&["workflow", "backtest", "rules.yaml", "--from", "2000-01-01", "--json"]));
    let reports = all.as_array().unwrap();
    assert_eq!((reports.len(), &reports[1]["name"]), (2, &Value::from("Tell the team")));
    assert!(reports[1]["matched"].as_u64().unwrap() > 0, "{all}");
    let number = reports[1]["tickets"][0].as_str().unwrap();
    let told = place.run(&["workflow", "backtest", "rules.yaml", "--from", "2000-01-01"]);
    assert!(told.done().stdout.contains("Tell the team: would have fired in "), "{told:?}");
    let told = place.run(&["workflow", "dry-run", "rules.yaml", "--ticket", number]);
    let text = &told.done().stdout;
    assert!(text.contains("Tell the team: would fire (status_change, the change of "), "{text}");
    assert!(text.contains("subject contains \"urgent\" (is "), "{text}");
    let both = json_of(&place.run(&["workflow", "dry-run", "rules.yaml", "--ticket", number, "--json"]));
    assert_eq!((&both[1]["name"], &both[1]["would_fire"]), (&Value::from("Tell the team"), &Value::from(true)));
    let none = place.run(&["workflow", "dry-run", "rules.yaml", "--ticket", "01890000-0000-7000-8000-000000000000"]);
    assert_eq!(none.code, Some(1), "{none:?}");
    assert_eq!(place.run(&["workflow", "dry-run", "rules.yaml", "--ticket", "~"]).code, Some(2));
    assert_eq!(place.run(&["workflow", "backtest", "rules.yaml", "--from", "soon"]).code, Some(2));
    drop(server);
}
