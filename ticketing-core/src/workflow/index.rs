//! Which rules a change can concern at all, found without asking each.
//!
//! A rule is filed once for each trigger, under what costs least to look up: a value that a field of the ticket must
//! have, a field that must have changed, or else among those that are always looked at.

use super::facts::Facts;
use super::rule::Rule;
use crate::condition::{Field, Kind, Literal, TicketFacts, custom_values};
use crate::model::{RuleMode, Trigger};
use crate::time::Time;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// A value that rules are found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Text(String),
    Id(Uuid),
    Number(i64),
    Time(Time),
    Flag(bool),
}

fn key(literal: &Literal) -> Option<Key> {
    Some(match literal {
        Literal::Text(text) => Key::Text(text.clone()),
        Literal::Id(id) => Key::Id(*id),
        Literal::Rank(rank) => Key::Number(i64::from(*rank)),
        Literal::Number(number) => Key::Number(*number),
        Literal::Time(at) => Key::Time(*at),
        Literal::Flag(yes) => Key::Flag(*yes),
        Literal::Date(date) => Key::Text(date.to_string()),
        Literal::Decimal(_) => return None,
    })
}

/// The most values that a rule is filed under.
const MOST: usize = 16;

/// The rules of one trigger, by their places among all that are active.
#[derive(Clone, Debug, Default)]
struct Shelf {
    always: Vec<u32>,
    by_value: HashMap<Field, HashMap<Key, Vec<u32>>>,
    by_change: HashMap<Field, Vec<u32>>,
}

/// Rules by what they ask for.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    shelves: HashMap<Trigger, Shelf>,
}

/// How few rules a value of this field is likely to leave, more is better.
fn sharpness(field: Field) -> u8 {
    match (field, field.kind()) {
        (Field::Custom(..), Kind::Flag) => 1,
        (Field::Status | Field::Priority | Field::Channel, _) => 2,
        (Field::EscalationLevel, _) => 3,
        (_, Kind::Texts) => 4,
        _ => 5,
    }
}

impl Index {
    pub(super) fn new(rules: &[Arc<Rule>]) -> Self {
        let mut index = Self::default();
        for (place, rule) in (0..).zip(rules) {
            index.shelves.entry(rule.source.trigger_type).or_default().file(place, rule);
        }
        index
    }

    /// Whether any rule looks at what this makes look.
    pub(super) fn has(&self, trigger: Trigger) -> bool {
        self.shelves.contains_key(&trigger)
    }

    /// The places of rules that may have something to say, lowest first, with what made them look.
    pub(super) fn candidates(&self, triggers: &[Trigger], facts: &Facts<'_>) -> Vec<(u32, Trigger)> {
        let mut found = Vec::new();
        for trigger in triggers {
            if let Some(shelf) = self.shelves.get(trigger) {
                shelf.candidates(facts, &mut |place| found.push((place, *trigger)));
            }
        }
        found.sort_unstable_by_key(|(place, _)| *place);
        found.dedup_by_key(|(place, _)| *place);
        found
    }
}

impl Shelf {
    fn file(&mut self, place: u32, rule: &Rule) {
        let fits = |values: &&[Literal]| values.len() <= MOST && values.iter().all(|value| key(value).is_some());
        let anchors = rule.tree.anchors();
        let anchor = anchors.into_iter().filter(|(_, values)| fits(values)).max_by_key(|(field, _)| sharpness(*field));
        let by_name = rule.source.trigger_type == Trigger::TicketUpdated && rule.source.mode == RuleMode::WhenChanged;
        match (anchor, rule.tree.must_change().first()) {
            (Some((field, values)), _) => {
                let shelf = self.by_value.entry(field).or_default();
                for key in values.iter().filter_map(key) {
                    shelf.entry(key).or_default().push(place);
                }
            }
            (None, Some(field)) => self.by_change.entry(*field).or_default().push(place),
            (None, None) if by_name && !rule.named.is_empty() => {
                for field in &rule.named {
                    self.by_change.entry(*field).or_default().push(place);
                }
            }
            (None, None) => self.always.push(place),
        }
    }

    fn candidates(&self, facts: &Facts<'_>, found: &mut impl FnMut(u32)) {
        self.always.iter().copied().for_each(&mut *found);
        for (field, places) in &self.by_change {
            if facts.changed().has(*field) {
                places.iter().copied().for_each(&mut *found);
            }
        }
        for (field, values) in &self.by_value {
            each_key(facts.current(), *field, facts, &mut |key| {
                values.get(&key).into_iter().flatten().copied().for_each(&mut *found);
            });
        }
    }
}

/// The keys of what a field holds.
fn each_key(ticket: &TicketFacts<'_>, field: Field, facts: &Facts<'_>, found: &mut impl FnMut(Key)) {
    if let Field::Custom(name, _) = field {
        for value in custom_values(&facts.subject().ticket.custom_fields).into_iter().filter(|v| v.key == name) {
            match value.text.as_deref() {
                Some("true") if field.kind() == Kind::Flag => found(Key::Flag(true)),
                Some("false") if field.kind() == Kind::Flag => found(Key::Flag(false)),
                Some(text) => found(Key::Text(text.to_owned())),
                None => {}
            }
        }
        return;
    }
    match ticket.scalar(field) {
        Some(literal) => key(&literal).into_iter().for_each(found),
        None => ticket.folded(field).iter().for_each(|text| found(Key::Text(text.clone()))),
    }
}
