//! Values of the desk's own fields on their way into a ticket.

use crate::condition::CUSTOM;
use crate::event::FieldChanges;
use crate::input::Problems;
use crate::model::{CustomField, CustomFields};
use serde_json::{Map, Value, json};

/// Values by key.
type Values = Map<String, Value>;

/// The values of a new ticket: what was given, and the defaults of what was not. A customer gives
/// values to the fields that customers see, and knows of no others; required is what the giver sees.
pub(crate) fn first_values(fields: &CustomFields, given: &Values, is_staff: bool, problems: &mut Problems) -> Values {
    let open = |field: &CustomField| field.is_open_to(is_staff);
    let mut values = Values::new();
    for (key, value) in within_bounds(given, problems) {
        match fields.by_key(key).filter(|field| open(field)) {
            Some(field) => values.extend(field.read(value, &at(key), problems).map(|value| (key.clone(), value))),
            None => unknown(key, problems),
        }
    }
    for field in fields.iter().map(|stored| &stored.content).filter(|field| field.is_active) {
        let key = field.key.as_str();
        if values.contains_key(key) {
            continue;
        }
        if let Some(default) = field.default.as_ref().filter(|_| !given.contains_key(key)) {
            values.insert(key.to_owned(), default.clone());
        } else if field.is_required && open(field) {
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
                check_value(field, value, problems);
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

fn check_value(field: &CustomField, value: &Value, problems: &mut Problems) -> Option<Value> {
    let at = at(field.key.as_str());
    let read = field.read(value, &at, problems);
    if read.is_some() && !field.is_active {
        problems.add(at, "inactive", "The field is no longer in use; it can only be cleared.");
    } else if read.is_none() && field.is_active && field.is_required {
        problems.add(at, "required", "May not be cleared.");
    }
    read
}

/// Gives a ticket other values, key by key; nothing clears one. Answers what that changed. What a
/// ticket holds already may stay, whatever became of its field.
pub(crate) fn change_values(
    fields: &CustomFields,
    values: &mut Values,
    given: &Values,
    problems: &mut Problems,
) -> FieldChanges {
    let mut changes = FieldChanges::new();
    for (key, value) in within_bounds(given, problems) {
        let old = values.get(key).cloned().unwrap_or_default();
        if old == *value {
            continue;
        }
        let new = match fields.by_key(key) {
            Some(field) => check_value(field, value, problems),
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

fn unknown(key: &str, problems: &mut Problems) {
    problems.add(at(key), "unknown_field", "There is no such field.");
}

/// Where a value stands in what was sent. A stranger's key may be as long as the request, so it is cut.
fn at(key: &str) -> String {
    let key: String = key.chars().take(100).collect();
    format!("{CUSTOM}{key}")
}
