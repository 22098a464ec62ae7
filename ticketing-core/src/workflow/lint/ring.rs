//! Rules that set each other off.

use super::effect::{sets_off, undoes, wakes};
use super::{Found, Known, WarningCode, limit};
use crate::workflow::action::{Sets, Written};
use crate::workflow::rule::Rule;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Rules, at most three, each of which sets off the next one and the last the first, and which never come to rest.
pub(super) fn ping_pong(known: &[&Known<'_>], found: &mut Found) {
    let restless = restless_fields(known);
    let mut budget = limit::PAIRS;
    let next = edges(known, &restless, &mut budget);
    let mut told: HashSet<Vec<usize>> = HashSet::new();
    for first in 0..known.len() {
        for ring in rings(first, &next, &mut budget) {
            let mut places = ring.clone();
            places.sort_unstable();
            if goes_on(known, &ring) && told.insert(places) {
                tell(known, &ring, found);
            }
        }
        if budget == 0 || found.is_full(WarningCode::PingPong) {
            found.cut(WarningCode::PingPong);
            return;
        }
    }
}

/// Fields that rules write differently or that grow with every write: only they can go on changing.
fn restless_fields<'k>(known: &[&'k Known<'_>]) -> HashSet<&'k str> {
    let mut values: HashMap<&str, BTreeSet<String>> = HashMap::new();
    for written in known.iter().flat_map(|one| &one.writes) {
        let seen = values.entry(&written.field).or_default();
        seen.insert(format!("{:?}", written.sets));
        if matches!(written.sets, Sets::Grows | Sets::Says { .. }) {
            seen.insert(String::new());
        }
    }
    values.into_iter().filter(|(_, seen)| seen.len() > 1).map(|(field, _)| field).collect()
}

/// For each rule, those that it sets off.
fn edges(known: &[&Known<'_>], restless: &HashSet<&str>, budget: &mut usize) -> Vec<Vec<usize>> {
    // By what wakes them: only these are asked.
    let mut sleepers: HashMap<&str, Vec<usize>> = HashMap::new();
    for field in restless {
        let written = Written { field: (*field).to_owned(), sets: Sets::Something };
        let woken = known.iter().enumerate().filter(|(_, one)| wakes(&written, one.rule)).map(|(place, _)| place);
        sleepers.insert(field, woken.collect());
    }
    let of = |one: &Known<'_>, budget: &mut usize| {
        let mut set_off = BTreeSet::new();
        for written in one.writes.iter().filter(|written| restless.contains(&*written.field)) {
            for other in sleepers.get(&*written.field).into_iter().flatten() {
                *budget = budget.saturating_sub(1);
                if *budget == 0 {
                    return set_off;
                }
                if sets_off(&one.writes, known[*other].rule, &known[*other].musts) {
                    set_off.insert(*other);
                }
            }
        }
        set_off
    };
    known.iter().map(|one| of(one, budget).into_iter().collect()).collect()
}

/// Ways of at most three steps from a rule back to itself, over rules that come no earlier.
fn rings(first: usize, next: &[Vec<usize>], budget: &mut usize) -> Vec<Vec<usize>> {
    let mut rings = Vec::new();
    for second in next[first].iter().copied().filter(|second| *second >= first) {
        if second == first {
            rings.push(vec![first]);
            continue;
        }
        for third in next[second].iter().copied().filter(|third| *third >= first) {
            *budget = budget.saturating_sub(1);
            if *budget == 0 {
                return rings;
            }
            if third == first {
                rings.push(vec![first, second]);
            } else if third != second && next[third].contains(&first) {
                rings.push(vec![first, second, third]);
            }
        }
    }
    rings
}

/// Whether each of the ring changes something again in every turn: it says or counts, or another takes it back.
fn goes_on(known: &[&Known<'_>], ring: &[usize]) -> bool {
    let is_undone = |place: usize, written: &Written| {
        let others = ring.iter().filter(|other| **other != place).flat_map(|other| &known[*other].writes);
        others.filter(|other| other.field == written.field).any(|other| undoes(&written.sets, &other.sets))
    };
    (0..ring.len()).all(|step| {
        let (place, next) = (ring[step], ring[(step + 1) % ring.len()]);
        known[place].writes.iter().any(|written| {
            let is_new = matches!(written.sets, Sets::Grows | Sets::Says { .. }) || is_undone(place, written);
            is_new && wakes(written, known[next].rule)
        })
    })
}

fn tell(known: &[&Known<'_>], ring: &[usize], found: &mut Found) {
    let rules: Vec<&Rule> = ring.iter().map(|place| known[*place].rule).collect();
    let names: Vec<String> = rules.iter().map(|rule| format!("“{}”", rule.name)).collect();
    let message = match names.as_slice() {
        [one] => format!("{one} sets itself off."),
        names => format!("{} set each other off, and each takes back what another did.", names.join(", ")),
    };
    found.add(WarningCode::PingPong, &rules, message);
}
