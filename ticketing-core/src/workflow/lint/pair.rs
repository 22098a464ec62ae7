//! Two rules that work against each other.

use super::effect::clash;
use super::must::{Must, contradict};
use super::{Found, Known, WarningCode, limit};
use crate::condition::{Asked, Kind, Test};
use crate::model::{RuleMode, Trigger};
use crate::workflow::action::Sets;
use crate::workflow::field::RuleField;
use crate::workflow::rule::Rule;
use crate::workflow::tree::Tree;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Rules of the same trigger that write the same field, and may both fire.
pub(super) fn same_field(known: &[&Known<'_>], found: &mut Found) {
    let mut writers: BTreeMap<(i16, &str), Vec<usize>> = BTreeMap::new();
    for (place, one) in known.iter().enumerate() {
        for written in &one.writes {
            if matches!(written.sets, Sets::Says { .. } | Sets::Grows) {
                continue;
            }
            let places = writers.entry((one.rule.source.trigger_type.rank(), &written.field)).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
    }
    let mut budget = limit::PAIRS;
    for ((_, field), places) in writers {
        for (first, second) in likely_pairs(known, &places, &mut budget) {
            let (one, other) = (known[first], known[second]);
            if may_clash(one, other, field) {
                let message = format!(
                    "“{}” and “{}” may both fire about one change, and both write {field}. The later of them has the \
                     last word.",
                    one.rule.name, other.rule.name
                );
                found.add(WarningCode::SameField, &[one.rule, other.rule], message);
            }
        }
    }
    if budget == 0 {
        found.cut(WarningCode::SameField);
    }
}

/// Pairs of these that do not plainly exclude each other: those that ask for different values of the field of
/// which most values are asked for are left out without being compared.
fn likely_pairs(known: &[&Known<'_>], places: &[usize], budget: &mut usize) -> Vec<(usize, usize)> {
    let mut seen_values: HashMap<String, HashSet<String>> = HashMap::new();
    for place in places {
        for (field, values) in wanted(&known[*place].musts) {
            seen_values.entry(field).or_default().extend(values);
        }
    }
    let most = seen_values.into_iter().max_by(|a, b| (a.1.len(), &a.0).cmp(&(b.1.len(), &b.0)));
    let sharpest = most.map(|(field, _)| field);
    let mut by_value: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut rest = Vec::new();
    for place in places {
        let values = wanted(&known[*place].musts).into_iter().find(|(field, _)| Some(field) == sharpest.as_ref());
        match values {
            Some((_, values)) => {
                for value in values {
                    by_value.entry(value).or_default().push(*place);
                }
            }
            None => rest.push(*place),
        }
    }
    let mut pairs = Vec::new();
    let mut seen = HashSet::new();
    let mut add = |one: usize, other: usize| {
        if one == other || !seen.insert((one.min(other), one.max(other))) {
            return true;
        }
        *budget = budget.saturating_sub(1);
        if *budget > 0 {
            pairs.push((one.min(other), one.max(other)));
        }
        *budget > 0
    };
    for (place, one) in rest.iter().enumerate() {
        if !rest[place + 1..].iter().all(|other| add(*one, *other)) {
            break;
        }
    }
    for group in by_value.values() {
        for (place, one) in group.iter().enumerate() {
            if !group[place + 1..].iter().chain(&rest).all(|other| add(*one, *other)) {
                break;
            }
        }
    }
    pairs
}

/// Values of single fields of which one must be there.
fn wanted(musts: &[Must<'_>]) -> Vec<(String, Vec<String>)> {
    let wanted = musts.iter().filter_map(|must| match (&must.leaf.field, &must.leaf.test) {
        (field @ RuleField::Ticket(_), Test::In(values)) if must.holds && field.kind() != Kind::Texts => {
            Some((field.name().into_owned(), values.iter().map(|value| format!("{value:?}")).collect()))
        }
        _ => None,
    });
    wanted.collect()
}

fn may_clash(one: &Known<'_>, other: &Known<'_>, field: &str) -> bool {
    let of = |known: &Known<'_>| {
        let written = known.writes.iter().filter(|written| written.field == field);
        written.map(|written| written.sets.clone()).collect::<Vec<_>>()
    };
    let (own, theirs) = (of(one), of(other));
    let do_clash = own.iter().any(|own| theirs.iter().any(|their| clash(own, their)));
    // After a rule that stops the others there is no later word.
    do_clash && !one.rule.source.stop && {
        let both: Vec<Must<'_>> = one.musts.iter().chain(&other.musts).copied().collect();
        !contradict(&both)
    }
}

/// Rules that an earlier one, which stops the others, leaves nothing to do.
pub(super) fn shadowed(known: &[&Known<'_>], found: &mut Found) {
    let mut by_part: HashMap<(Trigger, String), Vec<usize>> = HashMap::new();
    let mut of_trigger: HashMap<Trigger, Vec<usize>> = HashMap::new();
    let parts: Vec<HashSet<String>> = known.iter().map(|one| parts(&one.rule.tree)).collect();
    for (place, one) in known.iter().enumerate() {
        let trigger = one.rule.source.trigger_type;
        of_trigger.entry(trigger).or_default().push(place);
        for part in &parts[place] {
            by_part.entry((trigger, part.clone())).or_default().push(place);
        }
    }
    let mut told = HashSet::new();
    let mut budget = limit::PAIRS;
    for (place, one) in known.iter().enumerate().filter(|(_, one)| one.rule.source.stop) {
        let trigger = one.rule.source.trigger_type;
        // The part that fewest others have leaves least to compare.
        let rarest =
            parts[place].iter().filter_map(|part| by_part.get(&(trigger, part.clone()))).min_by_key(|p| p.len());
        let others = rarest.or_else(|| of_trigger.get(&trigger)).into_iter().flatten().copied();
        for other in others.filter(|other| *other > place) {
            budget = budget.saturating_sub(1);
            if budget == 0 || found.is_full(WarningCode::Shadowed) {
                found.cut(WarningCode::Shadowed);
                return;
            }
            let later = known[other].rule;
            if parts[place].is_subset(&parts[other]) && is_due_with(one.rule, later) && told.insert(other) {
                let message = format!(
                    "“{}” comes earlier, stops the others, and fires whenever “{}” would.",
                    one.rule.name, later.name
                );
                found.add(WarningCode::Shadowed, &[one.rule, later], message);
            }
        }
    }
}

/// Whether the first is looked at whenever the second is.
fn is_due_with(first: &Rule, second: &Rule) -> bool {
    let is_always = |rule: &Rule| rule.source.mode == RuleMode::Always || rule.named.is_empty();
    let is_timed = first.source.schedule.is_some() || second.source.schedule.is_some();
    // Each rule of the calendar has moments of its own.
    !is_timed
        && (first.source.trigger_type != Trigger::TicketUpdated
            || is_always(first)
            || (!is_always(second) && second.named.iter().all(|field| first.named.contains(field))))
}

/// The conditions of which every one must hold, each in one form.
fn parts(tree: &Tree) -> HashSet<String> {
    match tree {
        Tree::All(parts) => parts.iter().flat_map(self::parts).collect(),
        other => HashSet::from([form(other).to_string()]),
    }
}

fn form(tree: &Tree) -> Value {
    match tree {
        Tree::All(parts) => json!({ "all": parts.iter().map(form).collect::<Vec<_>>() }),
        Tree::Any(parts) => json!({ "any": parts.iter().map(form).collect::<Vec<_>>() }),
        Tree::Not(part) => json!({ "not": form(part) }),
        Tree::Leaf(probe) => json!([probe.field.name(), probe.operator, probe.value]),
    }
}
