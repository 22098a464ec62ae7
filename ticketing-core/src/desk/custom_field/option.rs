//! What can be chosen from: options that come, go, and are called something else.

use crate::error::Error;
use crate::fold::fold;
use crate::input::Problems;
use crate::model::CustomField;
use std::collections::{BTreeMap, HashSet};

const MOST_OPTIONS: usize = 200;
const LONGEST_OPTION: usize = 100;

/// How many former names a field remembers.
const MOST_FORMER: usize = 500;

pub(super) fn tidy(options: &[String]) -> Vec<String> {
    options.iter().map(|option| option.trim().to_owned()).collect()
}

/// Where a new name stands in what was sent. A stranger's text may be as long as the request, so it is cut.
pub(super) fn at_renamed(old: &str) -> String {
    format!("renamed_options.{}", old.chars().take(LONGEST_OPTION).collect::<String>())
}

/// Calls options something else. Their former names stay known, so that all that names them, on tickets, in rules, views
/// and links, goes on meaning the same.
pub(super) fn rename(field: &mut CustomField, renamed: &BTreeMap<String, String>) -> Result<(), Error> {
    let mut problems = Problems::default();
    let places: Vec<(usize, &str, &str)> = renamed
        .iter()
        .filter_map(|(old, new)| {
            let (old, new) = (old.trim(), new.trim());
            let place = field.options.iter().position(|option| fold(option) == fold(old));
            if place.is_none() {
                problems.add(at_renamed(old), "unknown_value", "Is none of the options.");
            }
            place.map(|place| (place, old, new))
        })
        .collect();
    for (place, old, new) in &places {
        // What takes the name of another, even of one that is renamed at the same time, could not be told from it on
        // tickets that the job has not come by yet.
        let is_other = |(n, option): (usize, &String)| n != *place && fold(option) == fold(new);
        let is_twice = places.iter().filter(|(n, _, other)| n == place || fold(other) == fold(new)).count() > 1;
        if is_twice || field.options.iter().enumerate().any(is_other) {
            problems.add(at_renamed(old), "duplicate", "Is there twice.");
        }
    }
    problems.finish()?;
    for (place, _, new) in places {
        let Some(option) = field.options.get_mut(place) else { continue };
        let old = std::mem::replace(option, new.to_owned());
        field.former_options.values_mut().filter(|now| **now == old).for_each(|now| new.clone_into(now));
        field.former_options.insert(fold(&old), new.to_owned());
    }
    Ok(())
}

/// Notes what is wrong with the options, and forgets former names of those that are gone.
pub(super) fn check(field: &mut CustomField, problems: &mut Problems) {
    let options = &field.options;
    if !field.field_type.has_options() {
        if !options.is_empty() {
            problems.add("options", "not_for_type", "Only select and multiselect have options.");
        }
        return;
    }
    if options.is_empty() {
        problems.add("options", "required", "Give at least one option.");
    }
    if options.len() > MOST_OPTIONS {
        problems.add("options", "too_many", format!("May have at most {MOST_OPTIONS} entries."));
    }
    let by_fold: BTreeMap<String, &String> = options.iter().map(|option| (fold(option), option)).collect();
    let respelled = |now: &String| by_fold.get(&fold(now)).map(|option| (*option).clone());
    let former = std::mem::take(&mut field.former_options);
    let former: BTreeMap<_, _> = former.into_iter().filter_map(|(old, now)| Some((old, respelled(&now)?))).collect();
    let mut known = HashSet::new();
    for (place, option) in options.iter().enumerate().take(MOST_OPTIONS) {
        let at = format!("options[{place}]");
        problems.text(&at, option, 1..=LONGEST_OPTION, false);
        if option.contains(',') {
            problems.add(at.as_str(), "comma", "May not contain a comma, which separates values in filters.");
        }
        if former.get(&fold(option)).is_some_and(|now| now != option) {
            problems.add(at.as_str(), "reused", "Is the former name of another option.");
        }
        if !known.insert(fold(option)) {
            problems.add(at, "duplicate", "Is there twice.");
        }
    }
    // A name that an option has again is none of its former ones.
    field.former_options = former.into_iter().filter(|(old, _)| !known.contains(old)).collect();
    if field.former_options.len() > MOST_FORMER {
        problems.add("renamed_options", "too_many", format!("May have at most {MOST_FORMER} former names."));
    }
}

/// The folded names of options that are called or spelled otherwise from now on: tickets that hold them are to be
/// written anew.
pub(super) fn outdated(old: &CustomField, new: &CustomField) -> Vec<String> {
    let is_outdated = |option: &&String| new.option(option).is_some_and(|now| now != *option);
    old.options.iter().filter(is_outdated).map(|option| fold(option)).collect()
}
