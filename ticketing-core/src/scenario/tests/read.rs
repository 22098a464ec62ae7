//! What a file may say.

use super::given;
use crate::error::Error;
use crate::input::Input;
use crate::scenario::ScenarioFile;
use serde_json::{Value, json};

/// All that is wrong with a file, by its places.
fn problems(file: Value) -> Vec<String> {
    match ScenarioFile::from_json(file).map(drop) {
        Err(Error::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
        other => panic!("{other:?}"),
    }
}

/// The same of a file with this scenario.
fn of_steps(steps: Value) -> Vec<String> {
    problems(json!({"workflows": [], "given": given(), "scenarios": [{"name": "One", "steps": steps}]}))
        .into_iter()
        .map(|field| field.strip_prefix("scenarios[0].steps").unwrap_or(&field).to_owned())
        .collect()
}

fn new() -> Value {
    json!({"create_ticket": {"subject": "A", "description": "B", "customer": {"email": "a@b.example", "name": "A"}}})
}

#[test]
fn every_unknown_key_is_told_by_its_place() {
    let file = json!({
        "workflow": [], "workflows": [], "given": {"persons": [], "people": [{"email": "a@b.example", "rolle": "agent"}],
            "teams": [{"name": "A", "lead": "x"}], "webhooks": [{"name": "H", "url": "https://h.example", "x": 1}]},
        "scenarios": [{"name": "One", "step": [], "given": {"nwo": 1}, "steps": [
            {"when": {"create_ticket": {"subject": "A", "description": "B", "prio": "high"}}, "than": {},
                "then": {"mail": [], "mails": [{"too": "x"}], "ticket": {"state": "open"}, "calls": [{"hook": "x"}]}},
            {"when": {"comment": {"text": "x", "body": "x"}}},
        ]}],
    });
    let mut found = problems(file);
    found.sort();
    assert_eq!(
        found,
        [
            "given.people[0].rolle",
            "given.persons",
            "given.teams[0].lead",
            "given.webhooks[0].x",
            "scenarios[0].given.nwo",
            "scenarios[0].step",
            "scenarios[0].steps[0].than",
            "scenarios[0].steps[0].then.calls[0].hook",
            "scenarios[0].steps[0].then.mail",
            "scenarios[0].steps[0].then.mails[0].too",
            "scenarios[0].steps[0].then.ticket.state",
            "scenarios[0].steps[0].when.create_ticket.prio",
            "scenarios[0].steps[1].when.comment.text",
            "workflow",
        ]
    );
}

#[test]
fn what_is_missing_is_told() {
    assert_eq!(problems(json!({})), ["scenarios", "rules"]);
    let file = json!({"rules": [1], "scenarios": [{}, {"name": " ", "steps": [{}, {"when": {}}]}]});
    assert_eq!(
        problems(file),
        [
            "rules",
            "scenarios[0].steps",
            "scenarios[0].name",
            "scenarios[1].steps[0].when",
            "scenarios[1].steps[1].when",
            "scenarios[1].name"
        ]
    );
    assert_eq!(problems(json!({"rules": true, "scenarios": []})), ["rules"]);
    let both = ScenarioFile::from_json(json!({"rules": "a.yaml", "scenarios": []})).unwrap();
    assert_eq!(both.rules, ["a.yaml"]);
    let both = ScenarioFile::from_json(json!({"rules": ["a.yaml", "b.yaml"], "scenarios": []})).unwrap();
    assert_eq!(both.rules, ["a.yaml", "b.yaml"]);
}

#[test]
fn a_step_is_one_thing_that_can_be_done() {
    let say = |more: Value| {
        let mut say = json!({"body": "x"});
        more.as_object().unwrap().iter().for_each(|(name, value)| say[name] = value.clone());
        json!({"when": {"comment": say}})
    };
    assert_eq!(
        of_steps(json!([{"when": {"comment": {"body": "x"}, "wait": "1h"}}])),
        ["[0].when.wait", "[0].when.comment.ticket"]
    );
    assert_eq!(of_steps(json!([say(json!({}))])), ["[0].when.comment.ticket"]);
    assert_eq!(of_steps(json!([{"when": new()}, say(json!({"ticket": "a"}))])), ["[1].when.comment.ticket"]);
    assert_eq!(of_steps(json!([{"when": new()}, say(json!({"as": "nobody@x.example"}))])), ["[1].when.comment.as"]);
    assert_eq!(of_steps(json!([{"when": new(), "ticket": "a"}])), ["[0].ticket"]);
    assert_eq!(of_steps(json!([{"when": {"wait": "soon"}}])), ["[0].when.wait"]);
    assert_eq!(of_steps(json!([{"when": {"wait": "4000d"}}])), ["[0].when.wait"]);
    assert_eq!(of_steps(json!([{"when": new()}, {"when": {"assign": {}}}])), ["[1].when.assign.agent"]);
    let twice = json!({"update_ticket": {"team": "Billing", "team_id": null, "assignee": "x", "status": "gone"}});
    let wrong = ["[1].when.update_ticket.status", "[1].when.update_ticket.team", "[1].when.update_ticket.assignee"];
    assert_eq!(of_steps(json!([{"when": new()}, {"when": twice}])), wrong);
    let up = json!({"escalate": {"reason": "", "to": "Nobody"}});
    assert_eq!(of_steps(json!([{"when": new()}, {"when": up}])), ["[1].when.escalate.reason", "[1].when.escalate.to"]);
    let same = |name: &str| {
        let mut new = new();
        new["create_ticket"]["ticket"] = name.into();
        json!({"when": new})
    };
    assert_eq!(of_steps(json!([same("a"), same("a")])), ["[1].when.create_ticket.ticket"]);
    let empty = json!({"create_ticket": {"subject": "", "description": "B", "tags": ["a,b"]}});
    assert_eq!(
        of_steps(json!([{"when": empty}])),
        ["[0].when.create_ticket.subject", "[0].when.create_ticket.tags[0]"]
    );
}

#[test]
fn an_expectation_names_what_is_there() {
    let wrong = json!({"ticket": {"team": "Nobody", "assignee": "x@y.example", "organization": "Z", "status": "gone",
        "priority": 1, "escalation_level": "1"}, "calls": [{"webhook": "Pager"}], "fired": "A"});
    let mut found = of_steps(json!([{"when": new(), "then": wrong}]));
    found.sort();
    let all = [
        "calls[0].webhook",
        "fired",
        "ticket.assignee",
        "ticket.escalation_level",
        "ticket.organization",
        "ticket.priority",
        "ticket.status",
        "ticket.team",
    ];
    assert_eq!(found, all.map(|field| format!("[0].then.{field}")));
    let early =
        json!([{"when": {"wait": "1h"}, "then": {"ticket": {"status": "open"}, "watchers": [], "comments": []}}]);
    assert_eq!(of_steps(early), ["[0].then.ticket", "[0].then.watchers", "[0].then.comments"]);
}

#[test]
fn what_is_given_has_one_name_and_id_and_fits_together() {
    let id = "0198c0de-0000-7000-8000-000000000001";
    let file = json!({"workflows": [], "given": {"teams": [{"name": "A", "id": id}, {"name": "a"}, {"name": " A "}],
            "people": [{"email": "a@b.example", "teams": [{"name": "C"}], "organization": "D"}, {"email": "x", "id": id}]},
        "scenarios": [{"name": "One", "steps": [], "given": {"people": [{"email": "A@b.example", "name": "",
            "teams": [{"name": "A", "role": "boss"}]}]}}, {"name": "One", "steps": []}]});
    let mut found = problems(file);
    found.sort();
    assert_eq!(
        found,
        [
            "given.people[0].organization",
            "given.people[0].teams[0].name",
            "given.people[1].email",
            "given.people[1].id",
            "given.teams[2].name",
            "scenarios[0].given.people[0].email",
            "scenarios[0].given.people[0].name",
            "scenarios[0].given.people[0].teams[0].role",
            "scenarios[1].name",
        ]
    );
}

#[test]
fn there_is_an_end_of_scenarios_and_steps() {
    let scenarios: Vec<Value> = (0..1_001).map(|n| json!({"name": n.to_string(), "steps": []})).collect();
    assert_eq!(problems(json!({"workflows": [], "scenarios": scenarios})), ["scenarios"]);
    assert!(ScenarioFile::from_json(json!({"workflows": [], "scenarios": scenarios[..1_000]})).is_ok());
    let steps = vec![json!({"when": {"wait": "1s"}}); 1_001];
    assert_eq!(
        problems(json!({"workflows": [], "scenarios": [{"name": "A", "steps": steps}]})),
        ["scenarios[0].steps"]
    );
    let name = "x".repeat(201);
    assert_eq!(problems(json!({"workflows": [], "scenarios": [{"name": name, "steps": []}]})), ["scenarios[0].name"]);
}
