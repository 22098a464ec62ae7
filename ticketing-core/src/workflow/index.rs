//! Which rules a change can concern at all, found without asking each.
//!
//! A rule is filed once for each trigger, under what costs least to look up: a value that a field of the ticket must
//! have, a field that must have changed, or else among those that are always looked at.

use super::facts::Facts;
use super::rule::Rule;
use crate::condition::{Field, Kind, Literal, TicketFacts};
use crate::model::{RuleMode, Trigger};
use crate::time::Time;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// A value that rules are found by and that is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Id(Uuid),
    Number(i64),
    Time(Time),
}

fn key(literal: &Literal) -> Option<Key> {
    Some(match literal {
        Literal::Id(id) => Key::Id(*id),
        Literal::Rank(rank) => Key::Number(i64::from(*rank)),
        Literal::Number(number) => Key::Number(*number),
        Literal::Time(at) => Key::Time(*at),
        Literal::Text(_) | Literal::Flag(_) | Literal::Date(_) | Literal::Decimal(_) => return None,
    })
}

/// The rules that ask for one of some values of a field, by value.
#[derive(Clone, Debug, Default)]
struct Values {
    texts: HashMap<String, Vec<u32>>,
    others: HashMap<Key, Vec<u32>>,
}

impl Values {
    fn file(&mut self, value: &Literal, place: u32) {
        match (key(value), value.custom_text()) {
            (Some(key), _) => self.others.entry(key).or_default().push(place),
            (None, Some(text)) => self.texts.entry(text.into_owned()).or_default().push(place),
            (None, None) => {}
        }
    }

    /// Those that ask for this value, found as it was filed.
    fn filed(&self, value: &Literal) -> Option<&[u32]> {
        let places = match key(value) {
            Some(key) => self.others.get(&key),
            None => self.texts.get(&*value.custom_text()?),
        };
        places.map(Vec::as_slice)
    }

    /// Those that ask for what the field holds.
    fn find(&self, field: Field, ticket: &TicketFacts<'_>, found: &mut impl FnMut(&[u32])) {
        if let Field::Custom(key, _) = field {
            ticket.each_custom_text(key, |text| {
                self.texts.get(text).map(Vec::as_slice).into_iter().for_each(&mut *found);
            });
        } else if let Some(value) = ticket.scalar(field) {
            self.filed(&value).into_iter().for_each(found);
        } else {
            let filed = ticket.folded(field).iter().filter_map(|text| self.texts.get(text));
            filed.map(Vec::as_slice).for_each(found);
        }
    }
}

/// The most values that a rule is filed under.
const MOST: usize = 16;

/// The rules of one trigger, by their places among all that are active.
#[derive(Clone, Debug, Default)]
struct Shelf {
    always: Vec<u32>,
    by_value: Vec<(Field, Values)>,
    by_change: Vec<(Field, Vec<u32>)>,
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

    #[cfg(all(test, feature = "conformance"))]
    pub(super) fn unfiled(rules: &[Arc<Rule>]) -> Self {
        let mut index = Self::default();
        for (place, rule) in (0..).zip(rules) {
            index.shelves.entry(rule.source.trigger_type).or_default().always.push(place);
        }
        index
    }

    /// Whether any rule looks at what this makes look.
    pub(super) fn has(&self, trigger: Trigger) -> bool {
        self.shelves.contains_key(&trigger)
    }

    /// The places, from this one on, of rules that may have something to say, lowest first, with what made them
    /// look.
    pub(super) fn candidates(&self, triggers: &[Trigger], facts: &Facts<'_>, from: u32) -> Vec<(u32, Trigger)> {
        let mut found = Vec::new();
        for trigger in triggers {
            if let Some(shelf) = self.shelves.get(trigger) {
                // Places are filed lowest first.
                shelf.candidates(facts, &mut |places| {
                    let start = places.partition_point(|place| *place < from);
                    found.extend(places[start..].iter().map(|place| (*place, *trigger)));
                });
            }
        }
        found.sort_unstable_by_key(|(place, _)| *place);
        found.dedup_by_key(|(place, _)| *place);
        found
    }
}

impl Shelf {
    fn file(&mut self, place: u32, rule: &Rule) {
        let fits = |values: &&[Literal]| {
            values.len() <= MOST && !values.iter().any(|value| matches!(value, Literal::Decimal(_)))
        };
        let anchors = rule.tree.anchors();
        let anchor = anchors.into_iter().filter(|(_, values)| fits(values)).max_by_key(|(field, _)| sharpness(*field));
        let by_name = rule.source.trigger_type == Trigger::TicketUpdated && rule.source.mode == RuleMode::WhenChanged;
        match (anchor, rule.tree.must_change().first()) {
            (Some((field, values)), _) => {
                let filed = entry(&mut self.by_value, field);
                for value in values {
                    filed.file(value, place);
                }
            }
            (None, Some(field)) => entry(&mut self.by_change, *field).push(place),
            (None, None) if by_name && !rule.named.is_empty() => {
                for field in &rule.named {
                    entry(&mut self.by_change, *field).push(place);
                }
            }
            (None, None) => self.always.push(place),
        }
    }

    fn candidates(&self, facts: &Facts<'_>, found: &mut impl FnMut(&[u32])) {
        found(&self.always);
        for (_, places) in self.by_change.iter().filter(|(field, _)| facts.changed().has(*field)) {
            found(places);
        }
        for (field, values) in &self.by_value {
            values.find(*field, facts.current(), found);
        }
    }
}

/// What is filed under a field. There are few of them, so that looking through a list is quickest.
fn entry<T: Default>(filed: &mut Vec<(Field, T)>, field: Field) -> &mut T {
    let place = filed.iter().position(|(own, _)| *own == field).unwrap_or_else(|| {
        filed.push((field, T::default()));
        filed.len() - 1
    });
    &mut filed[place].1
}
