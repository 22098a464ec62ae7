//! Rules from files, and scenarios that know nothing of one another.

use super::{BILLING, action, create, field, given, play, rule, suite};
use crate::Desk;
use crate::condition::Kind;
use crate::desk::{DeskBuilder, NewWorkflow};
use crate::error::Error;
use crate::input::Input;
use crate::scenario::{RuleSource, ScenarioFile};
use crate::workflow::extension::{ActionCall, ActionError, ActionHandler, OwnAction, OwnField};
use async_trait::async_trait;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

fn source(name: &str, rules: Vec<Value>) -> RuleSource {
    let workflows = rules.into_iter().map(|rule| NewWorkflow::from_json(rule).unwrap()).collect();
    RuleSource { name: name.to_owned(), workflows }
}

fn tag(name: &str) -> Value {
    rule(name, "ticket_created", json!([]), json!([action("add_tags", json!({"tags": [name]}))]))
}

fn file(workflows: Value, then: Value) -> ScenarioFile {
    let file = json!({"rules": "rules.yaml", "workflows": workflows, "given": given(),
        "scenarios": [{"name": "One", "steps": [{"when": create(json!({})), "then": then}]}]});
    ScenarioFile::from_json(file).unwrap()
}

#[tokio::test]
async fn rules_of_files_come_before_those_of_the_file_itself() {
    let sources = vec![source("a.yaml", vec![tag("a"), tag("b")]), source("c.yaml", vec![tag("c")])];
    let suite = file(json!([tag("d")]), json!({"fired": ["a", "b", "c", "d"]})).suite(sources).unwrap();
    let reports = suite.play_all(Desk::builder).await;
    assert!(reports.len() == 1 && reports[0].passed, "{reports:#?}");
}

#[test]
fn rules_have_one_name_and_expectations_name_rules() {
    let sources = vec![source("a.yaml", vec![tag("a")])];
    let refused = file(json!([tag("a")]), json!({"fired": ["b"], "not_fired": ["a", "c"]})).suite(sources).err();
    let Some(Error::Invalid(errors)) = refused else { panic!("{refused:?}") };
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "workflows[0].name: a.yaml: workflows[0] has the same.",
            "scenarios[0].steps[0].then.fired[0]: No rule has this name.",
            "scenarios[0].steps[0].then.not_fired[1]: No rule has this name.",
        ]
    );
}

#[tokio::test]
async fn an_unsound_rule_fails_the_scenario_by_its_place() {
    let wrong = rule(
        "Wrong",
        "ticket_created",
        json!([field("prio", "equals", "high")]),
        json!([action("assign_ticket", json!({"team_id": "0198c0de-0000-7000-8000-00000000000f"}))]),
    );
    let told = file(json!([]), json!({})).suite(vec![source("rules.yaml", vec![tag("a"), wrong])]).unwrap();
    let why = told.play(0, Desk::builder()).await.unwrap().broken.unwrap();
    assert!(why.contains("rules.yaml: workflows[1].trigger_conditions[0].field: "), "{why}");
    assert!(why.contains("rules.yaml: workflows[1].actions[0].params.team_id: "), "{why}");
    // The same rule is sound where there is what it names.
    let sound =
        rule("Sound", "ticket_created", json!([]), json!([action("assign_ticket", json!({"team_id": BILLING}))]));
    let report = play(&[sound], &[json!({"when": create(json!({})), "then": {"ticket": {"team": "Billing"}}})]).await;
    assert!(report.passed, "{report:#?}");
}

#[tokio::test]
async fn what_the_desk_does_not_take_is_told_by_its_place() {
    let mut file = json!({"workflows": [tag("a")], "given": given(), "scenarios": [{"name": "One", "steps": []}]});
    file["given"]["people"][0]["time_zone"] = "Nowhere".into();
    assert!(ScenarioFile::from_json(file.clone()).is_err());
    file["given"]["people"][0]["time_zone"] = "Europe/Berlin".into();
    file["given"]["people"][2]["teams"] = json!([{"name": "Billing"}]);
    let suite = ScenarioFile::from_json(file).unwrap().suite(Vec::new()).unwrap();
    let why = suite.play(0, Desk::builder()).await.unwrap().broken.unwrap();
    assert!(why.starts_with("given.people[2].teams[0]"), "{why}");
    assert!(suite.play(1, Desk::builder()).await.is_none());
}

#[tokio::test]
async fn a_scenario_comes_out_the_same_each_time_and_knows_nothing_of_others() {
    let steps = [json!({"when": create(json!({})), "then": {"mails": []}})];
    let mail = rule(
        "Mail",
        "ticket_created",
        json!([]),
        json!([action(
            "send_email",
            json!({"to": "requester", "subject": "{{ticket_number}}", "body": "{{ticket_url}}"})
        )]),
    );
    let suite = suite(&[mail], &steps);
    let (one, other) = (suite.play(0, Desk::builder()).await, suite.play(0, Desk::builder()).await);
    assert_eq!(one, other);
    let actual = &one.unwrap().unmet[0].actual;
    assert!(actual["subject"].as_str().unwrap().starts_with("TKT-"), "{actual}");
}

#[tokio::test]
async fn a_scenario_s_own_things_are_beside_what_all_have() {
    let own = json!({"now": "2027-01-01T00:00:00Z", "people": [{"email": "zoe@desk.example", "role": "agent",
        "teams": [{"name": "Billing", "role": "member"}]}]});
    let snooze = rule(
        "Sleep",
        "assignment",
        json!([field("agent.email", "equals", "zoe@desk.example")]),
        json!([action("snooze", json!({"for": "1d"}))]),
    );
    let steps = json!([{"when": create(json!({}))}, {"when": {"assign": {"agent": "zoe@desk.example"}},
        "then": {"fired": ["Sleep"], "ticket": {"wake_at": "2027-01-02T00:00:00Z"}}}]);
    let file = json!({"workflows": [snooze], "given": given(), "scenarios": [
        {"name": "With her", "given": own, "steps": steps}, {"name": "Without", "steps": [{"when": create(json!({}))}]}]});
    let suite = ScenarioFile::from_json(file).unwrap().suite(Vec::new()).unwrap();
    let reports = suite.play_all(Desk::builder).await;
    assert!(reports.iter().all(|report| report.passed), "{reports:#?}");
    assert_eq!(suite.scenarios().iter().map(|scenario| &*scenario.name).collect::<Vec<_>>(), ["With her", "Without"]);
}

#[derive(Default)]
struct Till(Mutex<Vec<Value>>);

#[async_trait]
impl ActionHandler for Till {
    async fn perform(&self, call: &ActionCall) -> Result<(), ActionError> {
        self.0.lock().unwrap().push(json!(call.params));
        Ok(())
    }
}

/// What an application may spawn.
fn on_any_thread<T: Send>(future: T) -> T {
    future
}

#[tokio::test]
async fn an_application_s_fields_and_actions_take_part() {
    let till = Arc::new(Till::default());
    let handler = Arc::clone(&till);
    let builder = move || -> DeskBuilder {
        Desk::builder()
            .rule_field(OwnField {
                name: "shop.letters".to_owned(),
                kind: Kind::Number,
                about: "Letters of the subject.".to_owned(),
                get: Box::new(|subject| json!(subject.ticket.subject.len())),
            })
            .action(OwnAction {
                name: "charge".to_owned(),
                about: "Charges.".to_owned(),
                params: Vec::new(),
                handler: Arc::clone(&handler) as Arc<dyn ActionHandler>,
            })
    };
    let charge = rule(
        "Charge",
        "ticket_created",
        json!([field("shop.letters", "equals", 6)]),
        json!([action("charge", json!({}))]),
    );
    let suite = suite(&[charge], &[json!({"when": create(json!({})), "then": {"fired": ["Charge"]}})]);
    assert!(suite.play(0, Desk::builder()).await.unwrap().broken.is_some(), "only that application knows them");
    let report = on_any_thread(suite.play(0, builder())).await.unwrap();
    assert!(report.passed, "{report:#?}");
    assert_eq!(*till.0.lock().unwrap(), [json!({})]);
}
