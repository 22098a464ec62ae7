//! Playing one scenario, and saying what did not come as it says.

use super::act::Done;
use super::compare;
use super::name::{Noun, key};
use super::report::{Broken, RuleStory, ScenarioReport, Unmet, UnmetKind};
use super::stage::Stage;
use super::step::{Command, Step, What};
use super::suite::{Scenario, Suite};
use super::then::{Kind, Then};
use crate::desk::{Basis, DeskBuilder, DryRun, WorkflowRunView, WorkflowUnderTest, WorkflowView};
use crate::ids::TicketId;
use crate::model::{Matching, RunOutcome};
use serde_json::{Value, json};
use uuid::Uuid;

/// One scenario of a suite.
pub(super) struct Play<'s> {
    suite: &'s Suite,
    scenario: &'s Scenario,
    /// Its place in the file.
    at: String,
}

/// A step that is over.
struct Past<'s> {
    at: String,
    then: &'s Then,
    done: Done,
    mark: Uuid,
    runs: Vec<WorkflowRunView>,
}

impl<'s> Play<'s> {
    pub(super) fn new(suite: &'s Suite, scenario: &'s Scenario, place: usize) -> Self {
        Self { suite, scenario, at: format!("scenarios[{place}]") }
    }

    pub(super) async fn run(&self, builder: DeskBuilder) -> ScenarioReport {
        let mut unmet = Vec::new();
        let broken = Box::pin(self.play(builder, &mut unmet)).await.err().map(|Broken(why)| why);
        ScenarioReport { name: self.scenario.name.clone(), passed: broken.is_none() && unmet.is_empty(), broken, unmet }
    }

    async fn play(&self, builder: DeskBuilder, unmet: &mut Vec<Unmet>) -> Result<(), Broken> {
        let mut stage = Stage::set(self.suite, (self.scenario, &self.at), builder).await?;
        for (place, step) in self.scenario.steps.iter().enumerate() {
            let at = format!("{}.steps[{place}]", self.at);
            unmet.extend(stage.step(at, step).await?);
        }
        Ok(())
    }
}

impl Stage {
    /// Does a step, and all that follows from it at that moment.
    async fn step(&mut self, at: String, step: &Step) -> Result<Vec<Unmet>, Broken> {
        let Some(command) = &step.when else { return Ok(Vec::new()) };
        let mark = self.mark();
        let done = self.act(&at, command).await?;
        self.work().await?;
        let runs = self.runs(&self.tickets_of(command, &done), mark).await?;
        let past = Past { at: format!("{at}.then"), then: &step.then, done, mark, runs };
        self.judge(&past).await
    }

    /// Time passes for all tickets; everything else happens to one.
    fn tickets_of(&self, command: &Command, done: &Done) -> Vec<TicketId> {
        match command.what {
            What::Wait(_) => self.all_tickets.clone(),
            _ => done.ticket.into_iter().collect(),
        }
    }

    async fn judge(&mut self, past: &Past<'_>) -> Result<Vec<Unmet>, Broken> {
        let Past { at, then, done, mark, .. } = past;
        let mut unmet = self.judge_rules(past).await?;
        let found = match done.ticket {
            Some(id) => self.ticket(id).await?,
            None => serde_json::Map::new(),
        };
        let number = found.get("ticket_number").and_then(Value::as_str).unwrap_or_default();
        unmet.extend(compare::ticket(&format!("{at}.ticket"), &then.ticket, &found, number));
        if let (Some(wanted), Some(id)) = (&then.watchers, done.ticket) {
            let found = self.watchers(id).await?;
            unmet.extend(compare::differs(format!("{at}.watchers"), json!(addresses(wanted)), &json!(found)));
        }
        let caused = self.caused(*mark).await?;
        for (kind, wanted) in &then.lists {
            let at = format!("{at}.{}", kind.name());
            let said = match (kind, done.ticket) {
                (Kind::Comments, Some(id)) => self.comments(id, *mark, done.said).await?,
                _ => Vec::new(),
            };
            let found = if *kind == Kind::Comments { said.as_slice() } else { caused.of(*kind) };
            unmet.extend(compare::list(&at, wanted, found, number));
        }
        Ok(unmet)
    }

    async fn judge_rules(&self, past: &Past<'_>) -> Result<Vec<Unmet>, Broken> {
        let Past { at, then, runs, .. } = past;
        let fired: Vec<&str> =
            runs.iter().filter(|run| run.outcome == RunOutcome::Fired).map(|run| &*run.workflow_name).collect();
        let mut unmet = Vec::new();
        if let Some(wanted) = &then.fired {
            let wanted: Vec<&str> = wanted.iter().map(|name| name.trim()).collect();
            let differs = compare::differs(format!("{at}.fired"), json!(wanted), &json!(fired));
            if let Some(mut differs) = differs {
                for name in wanted.iter().filter(|name| !fired.contains(name)) {
                    differs.rules.extend(self.story(name, past).await?);
                }
                for name in fired.iter().filter(|name| !wanted.contains(name)) {
                    differs.rules.extend(self.story(name, past).await?);
                }
                unmet.push(differs);
            }
        }
        for (place, name) in then.not_fired.iter().enumerate() {
            if fired.contains(&name.trim()) {
                unmet.push(Unmet {
                    at: format!("{at}.not_fired[{place}]"),
                    kind: UnmetKind::Unexpected,
                    expected: Value::Null,
                    actual: name.trim().into(),
                    rules: self.story(name.trim(), past).await?.into_iter().collect(),
                });
            }
        }
        Ok(unmet)
    }

    /// What a rule made of a step, and why: as it was kept, or, where it did not look, as a dry run tells it.
    async fn story(&self, name: &str, past: &Past<'_>) -> Result<Option<RuleStory>, Broken> {
        let Some(id) = self.rules.get(name).copied() else { return Ok(None) };
        let rule = name.to_owned();
        let of_rule = || past.runs.iter().filter(|run| run.workflow_id == id);
        let kept = of_rule().find(|run| run.outcome == RunOutcome::Fired).or_else(|| of_rule().next_back());
        if let Some(run) = kept {
            let reason = match run.outcome {
                RunOutcome::Fired => "its conditions held",
                RunOutcome::NotMatched => "its conditions did not hold",
                RunOutcome::Suppressed | RunOutcome::HeldBack => "its conditions held, but rules may do no more",
            };
            return Ok(Some(RuleStory {
                rule,
                fired: run.outcome == RunOutcome::Fired,
                trigger: run.trigger,
                reason: reason.to_owned(),
                conditions: run.conditions.clone(),
                effects: run.effects.clone(),
            }));
        }
        let known = self.desk.workflow(&self.host, id).await?;
        let mut story = RuleStory {
            rule,
            fired: false,
            trigger: known.trigger_type,
            reason: "it is switched off".to_owned(),
            conditions: Vec::new(),
            effects: Vec::new(),
        };
        if !known.is_active {
            return Ok(Some(story));
        }
        "what was done in this step does not make it look".clone_into(&mut story.reason);
        let Some(ticket) = past.done.ticket else { return Ok(Some(story)) };
        let found = self.desk.dry_run_workflow(&self.host, WorkflowUnderTest::Known(id), &ticket.into()).await?;
        match found.basis {
            Basis::Event { event_id, .. } if event_id.0 > past.mark => {
                story.reason = tried(&found, is_any(&known)).to_owned();
                story.effects = found.effects;
            }
            // An earlier change explains nothing.
            Basis::Event { .. } => return Ok(Some(story)),
            // What rules did may have made it look, which a dry run does not tell; the ticket as it stands does.
            Basis::Assumed { .. } => story.reason.push_str("; this is the ticket as it stands"),
        }
        story.conditions = found.conditions;
        Ok(Some(story))
    }
}

/// Whether one of the outermost conditions is enough.
fn is_any(rule: &WorkflowView) -> bool {
    match &rule.trigger_conditions {
        Value::Object(group) => group.contains_key("any"),
        _ => rule.matching == Matching::Any,
    }
}

/// Why a rule did not look, by what it would do if it were alone.
fn tried(found: &DryRun, any: bool) -> &'static str {
    let held = |condition: &Value| condition["result"] == true;
    let holds = if any { found.conditions.iter().any(held) } else { found.conditions.iter().all(held) };
    if found.would_fire {
        "alone it would have fired, but an earlier rule stopped the round or changed the ticket"
    } else if holds {
        "no field changed that its conditions name"
    } else {
        "its conditions did not hold"
    }
}

/// Addresses as they are compared, in their order.
fn addresses(given: &[String]) -> Vec<String> {
    let mut all: Vec<String> = given.iter().map(|one| key(Noun::Person, one)).collect();
    all.sort();
    all
}
