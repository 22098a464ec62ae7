//! Values of the desk's own fields on their way into a ticket.

use crate::condition::CUSTOM;
use crate::event::FieldChanges;
use crate::input::Problems;
use crate::model::{CustomField, CustomFields, Required, Topic};
use serde_json::{Map, Value, json};

const CLEARED: &str = "May not be cleared.";

/// Values by key.
type Values = Map<String, Value>;

/// The values of a new ticket about this: what was given, and the defaults of what was not and is asked for. A
/// customer knows of the fields that customers see alone; required is what its giver may fill in.
pub(crate) fn first_values(
    fields: &CustomFields,
    given: &Values,
    is_staff: bool,
    topic: Topic<'_>,
    problems: &mut Problems,
) -> Values {
    let mut values = Values::new();
    for (key, value) in within_bounds(given, problems) {
        match fields.by_key(key).filter(|field| field.is_open_to(is_staff)) {
            Some(field) if !field.is_filled_in_by(is_staff) => {
                problems.add(at(key), "forbidden", "Only staff may set this.");
            }
            Some(field) => values.extend(field.read(value, &at(key), problems).map(|value| (key.clone(), value))),
            None => unknown(key, problems),
        }
    }
    for field in fields.iter().map(|stored| &stored.content).filter(|field| field.is_active && field.when.fits(topic)) {
        let key = field.key.as_str();
        if values.contains_key(key) {
            continue;
        }
        if let Some(default) = field.default.as_ref().filter(|_| !given.contains_key(key)) {
            values.insert(key.to_owned(), default.clone());
        } else if field.is_needed(Required::Create, topic) && field.is_filled_in_by(is_staff) {
            problems.add(at(key), "required", "Is required.");
        }
    }
    values
}

/// Whether staff may give these values at all, whichever ticket they are for. What a ticket may hold from
/// before (of a field or option that is no more) is for [`change_values`] to judge.
pub(crate) fn check_values(fields: &CustomFields, given: &Values, problems: &mut Problems) {
    for (key, value) in within_bounds(given, problems) {
        match fields.by_key(key) {
            Some(field) if field.is_active && !field.field_type.has_options() => {
                let found = problems.len();
                let is_cleared = read_value(field, value, problems).is_none() && problems.len() == found;
                if is_cleared && field.required == Required::Create && field.when.is_always() {
                    problems.add(at(key), "required", CLEARED);
                }
            }
            None if !value.is_null() => unknown(key, problems),
            _ => {}
        }
    }
}

/// No desk has more fields than this, and looking each of a stranger's keys up is work.
fn within_bounds<'v>(
    given: &'v Values,
    problems: &mut Problems,
) -> impl Iterator<Item = (&'v String, &'v Value)> + use<'v> {
    if given.len() > CustomFields::MOST {
        problems.add("custom_fields", "too_many", format!("May have at most {} entries.", CustomFields::MOST));
    }
    given.iter().take(CustomFields::MOST)
}

fn read_value(field: &CustomField, value: &Value, problems: &mut Problems) -> Option<Value> {
    let at = at(field.key.as_str());
    let read = field.read(value, &at, problems);
    if read.is_some() && !field.is_active {
        problems.add(at, "inactive", "The field is no longer in use; it can only be cleared.");
    }
    read
}

/// Gives a ticket, which is about this from now on, other values, key by key; nothing clears one. Answers what that
/// changed. What a ticket holds already may stay, whatever became of its field.
pub(crate) fn change_values(
    fields: &CustomFields,
    values: &mut Values,
    given: &Values,
    topic: Topic<'_>,
    problems: &mut Problems,
) -> FieldChanges {
    let mut changes = FieldChanges::new();
    for (key, value) in within_bounds(given, problems) {
        let old = values.get(key).cloned().unwrap_or_default();
        if old == *value {
            continue;
        }
        let new = match fields.by_key(key) {
            Some(field) => {
                let found = problems.len();
                let new = read_value(field, value, problems);
                // What was read as nothing because it is wrong was told of already.
                let is_cleared = new.is_none() && problems.len() == found;
                if is_cleared && field.is_needed(Required::Create, topic) {
                    problems.add(at(key), "required", CLEARED);
                }
                new
            }
            // A value that its field left behind.
            None if value.is_null() => None,
            None => {
                unknown(key, problems);
                continue;
            }
        };
        let told = json!(new);
        if told == old {
            continue;
        }
        match new {
            Some(new) => values.insert(key.clone(), new),
            None => values.remove(key),
        };
        changes.insert(at(key), (old, told));
    }
    changes
}

/// Notes which values a ticket about this lacks that is resolved, or closed without that: all of them, or those that
/// these changes took away.
pub(crate) fn check_complete(
    fields: &CustomFields,
    values: &Values,
    topic: Topic<'_>,
    changes: Option<&FieldChanges>,
    problems: &mut Problems,
) {
    let needed = fields.iter().map(|stored| &stored.content).filter(|field| field.is_needed(Required::Resolve, topic));
    let lacking = needed.filter(|field| !values.contains_key(field.key.as_str()));
    for field in lacking.filter(|field| changes.is_none_or(|gone| gone.contains_key(&at(field.key.as_str())))) {
        problems.add(at(field.key.as_str()), "required", "Is required before the ticket is resolved.");
    }
}

fn unknown(key: &str, problems: &mut Problems) {
    problems.add(at(key), "unknown_field", "There is no such field.");
}

/// Where a value stands in what was sent. A stranger's key may be as long as the request, so it is cut.
fn at(key: &str) -> String {
    let key: String = key.chars().take(100).collect();
    format!("{CUSTOM}{key}")
}
