//! A file of scenarios, and the same with the rules that it is about.

use super::given::Given;
use super::judge::Play;
use super::name::Names;
use super::report::ScenarioReport;
use super::step::{Before, Step};
use crate::desk::{DeskBuilder, NewWorkflow};
use crate::error::Error;
use crate::input::{Fields, Input, Problems};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most scenarios of a file.
const MOST_SCENARIOS: usize = 1_000;
/// The most steps of a scenario.
const MOST_STEPS: usize = 1_000;
/// Characters of a scenario's name.
const LONGEST_NAME: usize = 200;

/// A file of scenarios as it was read. The rules of other files are for the caller to look up.
pub struct ScenarioFile {
    /// The files that its rules stand in, as they are written.
    pub rules: Vec<String>,
    /// The rules that stand in the file itself.
    pub workflows: Vec<NewWorkflow>,
    given: Given,
    scenarios: Vec<Scenario>,
}

/// One story: what is given beside what all are given, and what happens then, step by step.
#[derive(Clone)]
pub struct Scenario {
    /// What people call it.
    pub name: String,
    pub(super) given: Given,
    pub(super) steps: Vec<Step>,
}

/// The rules of one file.
#[derive(Clone, Debug)]
pub struct RuleSource {
    /// What the file is called where something is wrong with it; empty for the file of scenarios itself.
    pub name: String,
    /// Its rules.
    pub workflows: Vec<NewWorkflow>,
}

/// Scenarios that can be played.
pub struct Suite {
    pub(super) given: Given,
    pub(super) sources: Vec<RuleSource>,
    scenarios: Vec<Scenario>,
}

impl Input for ScenarioFile {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["scenarios"]);
        if !fields.has("rules") && !fields.has("workflows") {
            fields.fail("rules", "required", "Name the files of the rules, or give workflows.");
        }
        Self {
            rules: read_paths(fields),
            workflows: fields.list("workflows", NewWorkflow::read).into_option().unwrap_or_default(),
            given: fields.nested("given", Given::read).unwrap_or_default(),
            scenarios: fields.list("scenarios", Scenario::read).into_option().unwrap_or_default(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        for (place, rule) in self.workflows.iter().enumerate() {
            super::given::check_below(problems, &format!("workflows[{place}]"), rule);
        }
        let mut names = Names::default();
        self.given.name("given", &mut names, problems);
        self.given.check("given", &names, problems);
        if self.scenarios.len() > MOST_SCENARIOS {
            problems.add("scenarios", "too_many", format!("May have at most {MOST_SCENARIOS} entries."));
            return;
        }
        let mut titles = BTreeMap::new();
        for (place, scenario) in self.scenarios.iter().enumerate() {
            let at = format!("scenarios[{place}]");
            if let Some(first) = titles.insert(&scenario.name, place) {
                problems.add(format!("{at}.name"), "duplicate", format!("scenarios[{first}] has the same name."));
            }
            scenario.check(&at, names.clone(), problems);
        }
    }
}

/// One path, or a list of them.
fn read_paths(fields: &mut Fields) -> Vec<String> {
    match fields.nullable_value("rules").into_option() {
        Some(Some(Value::String(path))) => vec![path],
        Some(Some(Value::Array(paths))) => {
            paths.into_iter().filter_map(|path| path.as_str().map(str::to_owned)).collect()
        }
        None => Vec::new(),
        Some(_) => {
            fields.fail("rules", "type", "Must be a path or a list of paths.");
            Vec::new()
        }
    }
}

impl Scenario {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["steps"]);
        Self {
            name: fields.required_text("name").trim().to_owned(),
            given: fields.nested("given", Given::read).unwrap_or_default(),
            steps: fields.list("steps", Step::read).into_option().unwrap_or_default(),
        }
    }

    fn check(&self, at: &str, mut names: Names, problems: &mut Problems) {
        problems.text(&format!("{at}.name"), &self.name, 1..=LONGEST_NAME, false);
        let given = format!("{at}.given");
        self.given.name(&given, &mut names, problems);
        self.given.check(&given, &names, problems);
        if self.steps.len() > MOST_STEPS {
            problems.add(format!("{at}.steps"), "too_many", format!("May have at most {MOST_STEPS} entries."));
            return;
        }
        let mut before = Before::default();
        for (place, step) in self.steps.iter().enumerate() {
            step.check(&format!("{at}.steps[{place}]"), &names, &mut before, problems);
        }
    }
}

impl ScenarioFile {
    /// The scenarios with the rules of the files that they name, or all that does not fit together.
    pub fn suite(self, mut sources: Vec<RuleSource>) -> Result<Suite, Error> {
        self.checked()?;
        sources.push(RuleSource { name: String::new(), workflows: self.workflows });
        let mut problems = Problems::default();
        let mut rules: BTreeMap<String, String> = BTreeMap::new();
        for source in &sources {
            for (place, rule) in source.workflows.iter().enumerate() {
                let at = format!("{}workflows[{place}]", source.prefix());
                if let Some(first) = rules.insert(rule_name(rule), at.clone()) {
                    problems.add(format!("{at}.name"), "duplicate", format!("{first} has the same."));
                }
            }
        }
        for (number, scenario) in self.scenarios.iter().enumerate() {
            for (place, step) in scenario.steps.iter().enumerate() {
                for (list, _) in step.then.rules().filter(|(_, name)| !rules.contains_key(*name)) {
                    let at = format!("scenarios[{number}].steps[{place}].then.{list}");
                    problems.add(at, "unknown", "No rule has this name.");
                }
            }
        }
        problems.finish()?;
        Ok(Suite { given: self.given, sources, scenarios: self.scenarios })
    }
}

impl RuleSource {
    /// What stands before the place of anything in it.
    pub(super) fn prefix(&self) -> String {
        if self.name.is_empty() { String::new() } else { format!("{}: ", self.name) }
    }
}

/// What a rule is called.
pub(super) fn rule_name(rule: &NewWorkflow) -> String {
    rule.0.name.as_ref().map(|name| name.trim().to_owned()).unwrap_or_default()
}

impl Suite {
    /// The scenarios in the order of their file.
    pub fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }

    /// Plays one scenario, by its place, on a desk of its own. What the builder has of an application's own is kept;
    /// store, clock, ids, mailer and caller of webhooks are those of the scenario.
    pub async fn play(&self, place: usize, builder: DeskBuilder) -> Option<ScenarioReport> {
        let scenario = self.scenarios.get(place)?;
        Some(Play::new(self, scenario, place).run(builder).await)
    }

    /// Plays all scenarios, each on a desk from this builder.
    pub async fn play_all(&self, builder: impl Fn() -> DeskBuilder) -> Vec<ScenarioReport> {
        let mut reports = Vec::with_capacity(self.scenarios.len());
        for place in 0..self.scenarios.len() {
            reports.extend(self.play(place, builder()).await);
        }
        reports
    }
}
