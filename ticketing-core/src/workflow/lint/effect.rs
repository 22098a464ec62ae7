//! What a rule's actions do to conditions: its own, and those of others.

use super::must::{Must, decides_json, is_change};
use crate::condition::{Asked, Test};
use crate::fold::fold;
use crate::model::{RuleMode, Trigger};
use crate::workflow::action::{Sets, Written};
use crate::workflow::field::RuleField;
use crate::workflow::rule::Rule;
use serde_json::{Value, json};

/// What was written does to a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It holds then.
    Meets,
    /// It does not hold then.
    Breaks,
    /// It stays as it was.
    Keeps,
    /// It can't be said.
    Open,
    /// Nothing: it is about something else.
    None,
}

/// What this does to a condition.
pub(super) fn effect(written: &Written, must: &Must<'_>) -> Effect {
    let (field, test) = (&must.leaf.field, &must.leaf.test);
    if let Sets::Says { is_internal } = written.sets {
        return said(field, test, is_internal).map_or(Effect::None, |holds| as_effect(holds == must.holds));
    }
    if field.of_ticket().is_none_or(|own| own.name() != *written.field) {
        return Effect::None;
    }
    match field {
        RuleField::Ticket(_) | RuleField::After(_) => {}
        RuleField::Changed(_) if is_change(must) => return Effect::Meets,
        _ => return Effect::Open,
    }
    let holds = match (&written.sets, test) {
        (Sets::To(value), test) => decides_json(field, value, test),
        // What grows is out of the range some time.
        (Sets::Adds(_), Test::Empty) | (Sets::Grows, Test::Range { max: Some(_), .. }) => Some(false),
        (Sets::Adds(added), Test::In(wanted)) if wants(wanted, added) => Some(true),
        (Sets::Removes(removed), Test::In(wanted)) if wants(wanted, removed) => (wanted.len() == 1).then_some(false),
        (Sets::Adds(_) | Sets::Removes(_), Test::In(_)) => return Effect::Keeps,
        (Sets::Grows, Test::Range { min: Some(_), .. }) => Some(true),
        _ => None,
    };
    holds.map_or(Effect::Open, |holds| as_effect(holds == must.holds))
}

fn as_effect(meets: bool) -> Effect {
    if meets { Effect::Meets } else { Effect::Breaks }
}

fn wants(wanted: &[crate::condition::Literal], words: &[String]) -> bool {
    use crate::condition::Literal;
    words.iter().any(|word| wanted.contains(&Literal::Text(fold(word.trim()))))
}

/// How a test of a comment comes out for one that a rule wrote.
fn said(field: &RuleField, test: &Test, is_internal: bool) -> Option<bool> {
    let value = match &*field.name() {
        "comment.author_role" => json!("system"),
        "comment.is_internal" => json!(is_internal),
        "comment.channel" => json!("api"),
        _ => return None,
    };
    decides_json(field, &value, test)
}

/// Whether what one writes makes a rule look.
pub(super) fn wakes(written: &Written, rule: &Rule) -> bool {
    let field = written.field.as_str();
    match rule.source.trigger_type {
        Trigger::StatusChange => field == "status",
        Trigger::PriorityChange => field == "priority",
        Trigger::Assignment => matches!(field, "assigned_agent_id" | "team_id"),
        Trigger::Escalation => field == "escalation_level",
        Trigger::CommentAdded => field == "comment",
        Trigger::TicketUpdated => {
            let is_always = rule.source.mode == RuleMode::Always || rule.named.is_empty();
            field != "comment" && (is_always || rule.named.iter().any(|named| named.name() == field))
        }
        Trigger::TicketCreated | Trigger::SlaBreach | Trigger::TimeBased => false,
    }
}

/// Whether a rule that does this sets off one with these conditions, as far as can be said.
pub(super) fn sets_off(writes: &[Written], rule: &Rule, musts: &[Must<'_>]) -> bool {
    let is_met = |must: &Must<'_>| {
        let effects: Vec<Effect> = writes.iter().map(|written| effect(written, must)).collect();
        if effects.contains(&Effect::Breaks) || by_a_rule(must) == Some(false) {
            return false;
        }
        // A field that must have changed has to be one of those that are written.
        !is_change(must) || effects.contains(&Effect::Meets)
    };
    writes.iter().any(|written| wakes(written, rule)) && musts.iter().all(is_met)
}

/// How a test of who did it comes out where a rule did.
fn by_a_rule(must: &Must<'_>) -> Option<bool> {
    let is_role = &*must.leaf.field.name() == "actor.role";
    is_role.then(|| decides_json(&must.leaf.field, &json!("system"), &must.leaf.test) == Some(must.holds))
}

/// Whether one takes back what another has written.
pub(super) fn undoes(one: &Sets, other: &Sets) -> bool {
    let share = |added: &[String], removed: &[String]| added.iter().any(|tag| removed.contains(tag));
    match (one, other) {
        (Sets::To(one), Sets::To(other)) => !same(one, other),
        (Sets::Adds(added), Sets::Removes(removed)) | (Sets::Removes(removed), Sets::Adds(added)) => {
            share(added, removed)
        }
        _ => false,
    }
}

/// Whether two rules that write these leave the field as the last of them likes.
pub(super) fn clash(one: &Sets, other: &Sets) -> bool {
    match (one, other) {
        (Sets::To(one), Sets::To(other)) => !same(one, other),
        (Sets::Something, Sets::To(_) | Sets::Something) | (Sets::To(_), Sets::Something) => true,
        _ => undoes(one, other),
    }
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => fold(one) == fold(other),
        (one, other) => one == other,
    }
}
