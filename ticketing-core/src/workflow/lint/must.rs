//! What must hold for a rule's conditions to hold, and what can't hold together.

use crate::condition::{Asked, Bound, Condition, FieldValue, Kind, Leaf, Literal, Test, passes};
use crate::model::Trigger;
use crate::time::Time;
use crate::workflow::extension::read_value;
use crate::workflow::field::RuleField;
use crate::workflow::tree::Tree;
use serde_json::Value;

/// A test that must come out one way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Must<'r> {
    /// What is asked.
    pub(super) leaf: &'r Leaf<RuleField>,
    /// The way.
    pub(super) holds: bool,
}

/// All that must hold where the tree does. What is one of several ways is not among it.
pub(super) fn musts(tree: &Tree) -> Vec<Must<'_>> {
    let mut all = Vec::new();
    of_tree(tree, true, &mut all);
    all
}

fn of_tree<'r>(tree: &'r Tree, holds: bool, all: &mut Vec<Must<'r>>) {
    match (tree, holds) {
        (Tree::All(parts), true) | (Tree::Any(parts), false) => {
            for part in parts {
                of_tree(part, holds, all);
            }
        }
        (Tree::All(parts), false) | (Tree::Any(parts), true) => {
            if let [only] = parts.as_slice() {
                of_tree(only, holds, all);
            }
        }
        (Tree::Not(part), _) => of_tree(part, !holds, all),
        (Tree::Leaf(probe), _) => {
            if let Some(says) = probe.says() {
                of_condition(says, holds, all);
            }
        }
    }
}

fn of_condition<'r>(says: &'r Condition<RuleField>, holds: bool, all: &mut Vec<Must<'r>>) {
    match (says, holds) {
        (Condition::All(parts), true) | (Condition::Any(parts), false) => {
            for part in parts {
                of_condition(part, holds, all);
            }
        }
        (Condition::All(parts), false) | (Condition::Any(parts), true) => {
            if let [only] = parts.as_slice() {
                of_condition(only, holds, all);
            }
        }
        (Condition::Not(part), _) => of_condition(part, !holds, all),
        (Condition::Leaf(leaf), _) => all.push(Must { leaf, holds }),
    }
}

/// Whether no ticket can ever meet the tree under this trigger.
pub(super) fn is_impossible(tree: &Tree, trigger: Trigger) -> bool {
    let musts = musts(tree);
    if contradict(&musts) || musts.iter().any(|must| never_under(must, trigger)) {
        return true;
    }
    match tree {
        Tree::All(parts) => parts.iter().any(|part| is_impossible(part, trigger)),
        Tree::Any(parts) => parts.iter().all(|part| is_impossible(part, trigger)),
        Tree::Not(part) => matches!(&**part, Tree::All(parts) if parts.is_empty()),
        Tree::Leaf(_) => false,
    }
}

/// Nothing has changed yet where a ticket is new, or where only time has passed.
fn never_under(must: &Must<'_>, trigger: Trigger) -> bool {
    let has_no_change = matches!(trigger, Trigger::TicketCreated | Trigger::TimeBased | Trigger::SlaBreach);
    has_no_change && is_change(must)
}

/// Whether it asks that a field changed.
pub(super) fn is_change(must: &Must<'_>) -> bool {
    let yes = Test::In(vec![Literal::Flag(true)]);
    must.holds && matches!(must.leaf.field, RuleField::Changed(_)) && must.leaf.test == yes
}

/// Whether these can never hold together.
pub(super) fn contradict(musts: &[Must<'_>]) -> bool {
    musts.iter().enumerate().any(|(place, must)| {
        is_left_without(must, musts)
            || musts[place + 1..].iter().any(|other| must.leaf.field == other.leaf.field && exclude(must, other))
            || is_change(must) && stays_the_same(must, musts)
    })
}

/// A field changed, and was before what it is after.
fn stays_the_same(change: &Must<'_>, musts: &[Must<'_>]) -> bool {
    let only = |must: &Must<'_>| match &must.leaf.test {
        Test::In(values) if must.holds && values.len() == 1 => values.first().cloned(),
        _ => None,
    };
    let field = change.leaf.field.of_ticket();
    let of = |wanted: fn(&RuleField) -> bool| {
        let mut same = musts.iter().filter(|must| wanted(&must.leaf.field) && must.leaf.field.of_ticket() == field);
        same.find_map(only)
    };
    let before = of(|field| matches!(field, RuleField::Before(_)));
    let after = of(|field| matches!(field, RuleField::After(_)));
    before.is_some() && before == after && change.leaf.field.kind() != Kind::Texts
}

fn is_single(field: &RuleField) -> bool {
    field.kind() != Kind::Texts
}

/// One of these values is wanted, and each of them is ruled out.
fn is_left_without(must: &Must<'_>, musts: &[Must<'_>]) -> bool {
    let (field, Test::In(values)) = (&must.leaf.field, &must.leaf.test) else { return false };
    if !must.holds || !is_single(field) {
        return false;
    }
    let others = || musts.iter().filter(|other| other.leaf.field == *field);
    values.iter().all(|value| others().any(|other| decides(&value_of(value), &other.leaf.test) == Some(!other.holds)))
}

fn value_of(literal: &Literal) -> FieldValue<'_> {
    match literal {
        Literal::Text(text) => FieldValue::Text(text.as_str().into()),
        other => FieldValue::One(other.clone()),
    }
}

/// How a test comes out for a value, where that follows from it alone.
fn decides(value: &FieldValue<'_>, test: &Test) -> Option<bool> {
    match test {
        // The one depends on the hour, the other on how a text is written.
        Test::OlderThan(_) | Test::Matches(_) => None,
        test => Some(passes(value, test, Time::default())),
    }
}

/// Whether two tests of one field can't come out their ways together.
fn exclude(one: &Must<'_>, other: &Must<'_>) -> bool {
    let (a, b) = (&one.leaf.test, &other.leaf.test);
    match (one.holds, other.holds) {
        (true, true) => match (a, b) {
            (Test::Empty, Test::Empty) => false,
            (Test::Empty, _) | (_, Test::Empty) => true,
            (Test::Range { min, max }, Test::Range { min: low, max: high }) => {
                is_above(min.as_ref(), high.as_ref()) || is_above(low.as_ref(), max.as_ref())
            }
            _ => false,
        },
        (true, false) => covers(b, a),
        (false, true) => covers(a, b),
        (false, false) => false,
    }
}

/// Whether the second holds only where the first does.
fn covers(first: &Test, second: &Test) -> bool {
    match (first, second) {
        (Test::In(all), Test::In(some)) => some.iter().all(|value| all.contains(value)),
        (first, second) => first == second,
    }
}

fn is_above(min: Option<&Bound>, max: Option<&Bound>) -> bool {
    let Some((min, max)) = min.zip(max) else { return false };
    min.value > max.value || (min.value == max.value && !(min.inclusive && max.inclusive))
}

/// What a test is likely to come to once a value was written: it follows from the value, or is not known.
pub(super) fn decides_json(field: &RuleField, value: &Value, test: &Test) -> Option<bool> {
    let value = match field.kind() {
        Kind::Word => {
            let rank = value.as_str().and_then(|word| field.rank_of(word));
            FieldValue::one(rank.map(Literal::Rank))
        }
        kind => read_value(kind, value),
    };
    decides(&value, test)
}
