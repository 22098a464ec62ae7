//! What a rule is made of and changed by.

use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{ActionSource, Anchor, Matching, RuleMode, Schedule, Trigger, Workflow};
use serde_json::{Value, json};

/// Characters of a name.
const LONGEST_NAME: usize = 200;
/// Characters of what a rule is for.
const LONGEST_DESCRIPTION: usize = 4_000;
/// Characters of why a version was saved.
const LONGEST_NOTE: usize = 1_000;
/// The highest place.
pub(super) const LAST_POSITION: i64 = 1_000_000_000;

/// A rule to be made, or what one is replaced by: all that is said of it. Name, trigger and actions must be.
#[derive(Clone, Debug, PartialEq)]
pub struct NewWorkflow(pub WorkflowPatch);

impl NewWorkflow {
    /// A rule that acts whatever the ticket is like.
    pub fn new(name: impl Into<String>, trigger_type: Trigger, actions: Vec<ActionSource>) -> Self {
        Self(WorkflowPatch {
            name: Patch::Set(name.into()),
            trigger_type: Patch::Set(trigger_type),
            actions: Patch::Set(actions),
            ..WorkflowPatch::default()
        })
    }

    /// What it is called.
    pub(super) fn name(&self) -> &str {
        self.0.name.as_ref().map(|name| name.trim()).unwrap_or_default()
    }

    /// Makes the rule all that is said, and what is not said what it is where nothing is. Its place, its age and who
    /// made it stay.
    pub(super) fn replace(&self, workflow: &mut Workflow) {
        workflow.description = None;
        workflow.trigger_conditions = json!([]);
        workflow.matching = Matching::All;
        workflow.mode = RuleMode::WhenChanged;
        workflow.stop = false;
        workflow.is_active = true;
        workflow.schedule = None;
        self.0.apply(workflow);
        if workflow.is_active {
            workflow.disabled = None;
        }
    }
}

impl Input for NewWorkflow {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["name", "trigger_type", "actions"]);
        Self(WorkflowPatch::read(fields))
    }

    fn check(&self, problems: &mut Problems) {
        let Self(given) = self;
        given.check(problems);
        let is_there =
            [given.name.as_ref().is_some(), given.trigger_type.as_ref().is_some(), given.actions.as_ref().is_some()];
        for (field, is_there) in ["name", "trigger_type", "actions"].into_iter().zip(is_there) {
            if !is_there {
                problems.add(field, "required", "Is required.");
            }
        }
    }
}

/// What to change of a rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkflowPatch {
    /// What people call it.
    pub name: Patch<String>,
    /// What it is for.
    pub description: Patch<Option<String>>,
    /// What makes it look at a ticket.
    pub trigger_type: Patch<Trigger>,
    /// What must hold.
    pub trigger_conditions: Patch<Value>,
    /// How the conditions of the outermost list belong together.
    pub matching: Patch<Matching>,
    /// When it is looked at.
    pub mode: Patch<RuleMode>,
    /// Whether no later rule is looked at in the round in which it fires.
    pub stop: Patch<bool>,
    /// Its place among the rules, lowest first.
    pub position: Patch<i64>,
    /// Whether it is looked at at all. Switched on again, it begins anew.
    pub is_active: Patch<bool>,
    /// When, for a `time_based` rule.
    pub schedule: Patch<Option<Schedule>>,
    /// What it does, in order.
    pub actions: Patch<Vec<ActionSource>>,
    /// Why this version is saved.
    pub note: Patch<Option<String>>,
}

impl Input for WorkflowPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name"),
            description: fields.nullable_text("description"),
            trigger_type: fields.word("trigger_type", Trigger::ALL),
            trigger_conditions: fields.condition("trigger_conditions"),
            matching: fields.word("match", Matching::ALL),
            mode: fields.word("mode", RuleMode::ALL),
            stop: fields.flag("stop"),
            position: fields.integer("position"),
            is_active: fields.flag("is_active"),
            schedule: read_schedule(fields),
            actions: fields.list("actions", read_action),
            note: fields.nullable_text("note"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(name) = self.name.as_ref() {
            problems.text("name", name.trim(), 1..=LONGEST_NAME, false);
        }
        if let Some(Some(description)) = self.description.as_ref() {
            problems.text("description", description, 0..=LONGEST_DESCRIPTION, true);
        }
        if self.position.as_ref().is_some_and(|position| !(0..=LAST_POSITION).contains(position)) {
            problems.add("position", "out_of_range", format!("Must be 0 to {LAST_POSITION}."));
        }
        check_note(problems, self.note.as_ref().and_then(Option::as_ref));
    }
}

impl WorkflowPatch {
    /// Changes the rule. Whether it is one that can be run is for [`crate::workflow::rule::Rule::read`] to say.
    pub(super) fn apply(&self, workflow: &mut Workflow) {
        if let Some(name) = self.name.as_ref() {
            name.trim().clone_into(&mut workflow.name);
        }
        self.description.apply(&mut workflow.description);
        self.trigger_type.apply(&mut workflow.trigger_type);
        self.trigger_conditions.apply(&mut workflow.trigger_conditions);
        self.matching.apply(&mut workflow.matching);
        self.mode.apply(&mut workflow.mode);
        self.stop.apply(&mut workflow.stop);
        if let Some(position) = self.position.as_ref() {
            workflow.position = i32::try_from(*position).unwrap_or(i32::MAX);
        }
        self.is_active.apply(&mut workflow.is_active);
        if self.is_active == Patch::Set(true) {
            workflow.disabled = None;
        }
        self.schedule.apply(&mut workflow.schedule);
        self.actions.apply(&mut workflow.actions);
        // It says why this very version was saved.
        workflow.note = self.note.as_ref().cloned().flatten();
    }
}

/// Which version of a rule is to be brought back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestoreWorkflow {
    /// Which.
    pub version: i64,
    /// Why.
    pub note: Option<String>,
}

impl Input for RestoreWorkflow {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["version"]);
        Self {
            version: fields.integer("version").into_option().unwrap_or_default(),
            note: fields.nullable_text("note").into_option().flatten(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_note(problems, self.note.as_ref());
    }
}

fn check_note(problems: &mut Problems, note: Option<&String>) {
    if let Some(note) = note {
        problems.text("note", note, 0..=LONGEST_NOTE, true);
    }
}

pub(in crate::desk) fn read_action(fields: &mut Fields) -> ActionSource {
    ActionSource { kind: fields.required_text("type"), params: fields.map("params").into_option().unwrap_or_default() }
}

fn read_schedule(fields: &mut Fields) -> Patch<Option<Schedule>> {
    match fields.nullable_nested("schedule", read_way) {
        Patch::Keep => Patch::Keep,
        Patch::Set(None) => Patch::Set(None),
        Patch::Set(Some(Some(schedule))) => Patch::Set(Some(schedule)),
        Patch::Set(Some(None)) => {
            fields.fail("schedule", "required", "Takes one of every, cron and after.");
            Patch::Keep
        }
    }
}

/// What belongs to another way of saying when is no field of this one.
fn read_way(fields: &mut Fields) -> Option<Schedule> {
    if fields.has("every") {
        return Some(Schedule::Every { every: fields.required_text("every") });
    }
    if fields.has("cron") {
        let time_zone = fields.nullable_text("time_zone").into_option().flatten();
        return Some(Schedule::Cron { cron: fields.required_text("cron"), time_zone });
    }
    if !fields.has("after") {
        return None;
    }
    fields.require(&["since"]);
    Some(Schedule::After {
        after: fields.required_text("after"),
        since: fields.word("since", Anchor::ALL).into_option().unwrap_or(Anchor::CreatedAt),
        working_time: fields.flag("working_time").into_option().unwrap_or_default(),
    })
}
