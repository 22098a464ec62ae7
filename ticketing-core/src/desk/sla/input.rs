//! What an SLA policy is made of and changed by.

use crate::ids::CalendarId;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{Matching, OnBreach, Priority, Promise, SlaPolicy, SlaTargets, Status, WarnBefore};
use crate::ticket::read_target;
use chrono::TimeDelta;
use serde_json::Value;
use std::collections::BTreeMap;

/// Characters of a name.
const LONGEST_NAME: usize = 100;
/// Characters of what a policy is for.
const LONGEST_DESCRIPTION: usize = 4_000;
/// The highest place.
pub(super) const LAST_POSITION: i64 = 1_000_000;

/// A policy to be made. Name and targets must be.
#[derive(Clone, Debug)]
pub struct NewSlaPolicy(pub SlaPolicyPatch);

impl Input for NewSlaPolicy {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["name", "targets"]);
        Self(SlaPolicyPatch::read(fields))
    }

    fn check(&self, problems: &mut Problems) {
        self.0.check(problems);
    }
}

/// What to change of a policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SlaPolicyPatch {
    /// What people call it.
    pub name: Patch<String>,
    /// What it is for.
    pub description: Patch<Option<String>>,
    /// Its place among the policies, lowest first.
    pub position: Patch<i64>,
    /// Which tickets it is for.
    pub conditions: Patch<Value>,
    /// How the conditions of the outermost list belong together.
    pub matching: Patch<Matching>,
    /// The calendar that working time is counted by.
    pub calendar_id: Patch<Option<CalendarId>>,
    /// What is promised, by priority; all of it.
    pub targets: Patch<BTreeMap<Priority, SlaTargets>>,
    /// In which states of a ticket nothing counts.
    pub pause_on: Patch<Vec<Status>>,
    /// How long before the end somebody is warned.
    pub warn_before: Patch<Option<WarnBefore>>,
    /// What is done where a promise was broken, beside telling it.
    pub on_breach: Patch<Option<OnBreach>>,
    /// Whether it counts.
    pub is_active: Patch<bool>,
}

impl Input for SlaPolicyPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name"),
            description: fields.nullable_text("description"),
            position: fields.integer("position"),
            conditions: fields.condition("conditions"),
            matching: fields.word("match", Matching::ALL),
            calendar_id: match fields.nullable_id("calendar_id") {
                Patch::Keep => Patch::Keep,
                Patch::Set(id) => Patch::Set(id.map(CalendarId)),
            },
            targets: read_all_targets(fields),
            pause_on: read_statuses(fields),
            warn_before: read_text(fields, "warn_before"),
            on_breach: fields.nullable_nested("on_breach", read_on_breach),
            is_active: fields.flag("is_active"),
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
        if let Some(targets) = self.targets.as_ref() {
            check_targets(targets, problems);
        }
    }
}

/// A policy that promises nothing would take tickets away from those behind it without a word.
fn check_targets(targets: &BTreeMap<Priority, SlaTargets>, problems: &mut Problems) {
    if targets.is_empty() {
        problems.add("targets", "required", "Must say what is promised to one priority at least.");
    }
    for (priority, targets) in targets {
        let all = [
            ("first_response", targets.first_response),
            ("next_response", targets.next_response),
            ("resolution", targets.resolution),
        ];
        if all.iter().all(|(_, promise)| promise.is_none()) {
            let message = "Must promise a first_response, a next_response or a resolution.";
            problems.add(format!("targets.{priority}"), "required", message);
        }
        for (name, promise) in all {
            if promise.is_some_and(|Promise(time)| time < TimeDelta::seconds(1)) {
                let message = "Must be 1 second at least.";
                problems.add(format!("targets.{priority}.{name}"), "out_of_range", message);
            }
        }
    }
}

fn read_all_targets(fields: &mut Fields) -> Patch<BTreeMap<Priority, SlaTargets>> {
    match fields.nullable_nested("targets", read_targets) {
        Patch::Keep => Patch::Keep,
        Patch::Set(Some(targets)) => Patch::Set(targets),
        Patch::Set(None) => {
            fields.fail("targets", "type", "Must be an object, not null.");
            Patch::Keep
        }
    }
}

fn read_targets(fields: &mut Fields) -> BTreeMap<Priority, SlaTargets> {
    let mut targets = BTreeMap::new();
    for priority in Priority::ALL {
        let name = priority.as_str();
        let Patch::Set(Some(of_priority)) = fields.nullable_nested(name, read_of_priority) else { continue };
        targets.insert(*priority, of_priority);
    }
    targets
}

fn read_of_priority(fields: &mut Fields) -> SlaTargets {
    SlaTargets {
        first_response: read_text(fields, "first_response").into_option().flatten(),
        next_response: read_text(fields, "next_response").into_option().flatten(),
        resolution: read_text(fields, "resolution").into_option().flatten(),
        working_time: fields.flag("working_time").into_option().unwrap_or(true),
    }
}

/// A value that is written as a text, or null.
fn read_text<T>(fields: &mut Fields, field: &str) -> Patch<Option<T>>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    match fields.nullable_text(field) {
        Patch::Keep => Patch::Keep,
        Patch::Set(None) => Patch::Set(None),
        Patch::Set(Some(text)) => match text.parse() {
            Ok(value) => Patch::Set(Some(value)),
            Err(error) => {
                fields.fail(field, "invalid_value", format!("It {error}."));
                Patch::Keep
            }
        },
    }
}

fn read_on_breach(fields: &mut Fields) -> OnBreach {
    let escalate = fields.flag("escalate").into_option().unwrap_or_default();
    let to = read_target(fields);
    if to.is_some() && !escalate {
        fields.fail("to", "contradiction", "Goes with escalate alone.");
    }
    OnBreach { escalate, to, raise_priority: fields.flag("raise_priority").into_option().unwrap_or_default() }
}

fn read_statuses(fields: &mut Fields) -> Patch<Vec<Status>> {
    let Patch::Set(words) = fields.texts("pause_on") else { return Patch::Keep };
    let mut all = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let status = word.parse().ok().filter(|status| !matches!(status, Status::Resolved | Status::Closed));
        all.extend(status);
        if status.is_none() {
            let message = "Must be open, in_progress, pending or on_hold.";
            fields.fail(&format!("pause_on[{place}]"), "unknown_value", message);
        }
    }
    all.sort_unstable();
    all.dedup();
    Patch::Set(all)
}

impl SlaPolicyPatch {
    /// Changes the policy.
    pub(super) fn apply(&self, policy: &mut SlaPolicy) {
        if let Some(name) = self.name.as_ref() {
            name.trim().clone_into(&mut policy.name);
        }
        self.description.apply(&mut policy.description);
        if let Some(position) = self.position.as_ref() {
            policy.position = i32::try_from(*position).unwrap_or(i32::MAX);
        }
        self.conditions.apply(&mut policy.conditions);
        self.matching.apply(&mut policy.matching);
        self.calendar_id.apply(&mut policy.calendar_id);
        self.targets.apply(&mut policy.targets);
        self.pause_on.apply(&mut policy.pause_on);
        self.warn_before.apply(&mut policy.warn_before);
        self.on_breach.apply(&mut policy.on_breach);
        self.is_active.apply(&mut policy.is_active);
    }
}
