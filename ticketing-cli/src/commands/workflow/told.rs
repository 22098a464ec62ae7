//! What was found of rules, for people.

use serde_json::Value;
use std::fmt::Write;
use ticketing_core::desk::{Basis, DryRun};
use ticketing_core::scenario::RuleStory;
use ticketing_core::workflow::trace::EffectTrace;

/// A trial for people: what was found of each condition, and what would be done.
pub(super) fn dry_run(name: &str, found: &DryRun) -> String {
    let verdict = if found.would_fire { "would fire" } else { "would not fire" };
    let (basis, at) = match found.basis {
        Basis::Event { at, .. } => ("the change of", at),
        Basis::Assumed { at } => ("the ticket as it stands, as if it happened", at),
    };
    let mut text = format!("{name}: {verdict} ({}, {basis} {at})\n", found.trigger);
    found.conditions.iter().for_each(|condition| tell(condition, 1, &mut text));
    found.effects.iter().for_each(|effect| tell_effect(effect, 1, &mut text));
    text
}

fn tell(condition: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let mark = match condition["result"].as_bool() {
        Some(true) => "yes",
        Some(false) => "no ",
        None => "?  ",
    };
    for group in ["all", "any", "not"] {
        let parts = match &condition[group] {
            Value::Null => continue,
            Value::Array(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        // Writing to a text does not fail.
        let _ = writeln!(text, "{indent}{mark} {group}");
        for part in parts {
            tell(part, depth + 1, text);
        }
        return;
    }
    let (field, operator) = (condition["field"].as_str(), condition["operator"].as_str());
    let (field, operator) = (field.unwrap_or_default(), operator.unwrap_or_default());
    let _ = writeln!(text, "{indent}{mark} {field} {operator} {} (is {})", condition["value"], condition["actual"]);
}

fn tell_effect(effect: &EffectTrace, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let how = match (&effect.reason, effect.done) {
        (None, _) => String::new(),
        (Some(reason), true) => format!(" ({reason})"),
        (Some(reason), false) => format!(" (not done: {reason})"),
    };
    let _ = writeln!(text, "{indent}-> {} {}{how}", effect.kind, Value::from(effect.params.clone()));
}

/// What a rule made of a step of a scenario.
pub(super) fn story(story: &RuleStory, depth: usize) -> String {
    let RuleStory { rule, trigger, reason, .. } = story;
    let verdict = if story.fired { "fired" } else { "did not fire" };
    let mut text = format!("{}{rule} {verdict} ({trigger}): {reason}\n", "  ".repeat(depth));
    story.conditions.iter().for_each(|condition| tell(condition, depth + 1, &mut text));
    story.effects.iter().for_each(|effect| tell_effect(effect, depth + 1, &mut text));
    text
}
