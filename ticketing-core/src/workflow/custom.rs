//! Which of the desk's own fields a rule names, and where.

use crate::condition::CUSTOM;
use crate::input::Problems;
use crate::model::{ActionSource, CustomFields, Workflow};
use serde_json::Value;

/// Tells the key and the place of each of the desk's own fields that a rule names: in its conditions, among what it
/// changes and in its texts. Whether there is such a field is for others to say. What is only cleared is not told: that
/// may be done whatever became of the field.
pub(super) fn each_custom_field(rule: &Workflow, each: &mut impl FnMut(&str, &str)) {
    in_conditions(&rule.trigger_conditions, "trigger_conditions", each);
    each_in_actions(&rule.actions, each);
}

/// Whether the field of the desk that is named there is still filled in.
pub(super) fn check_in_use(key: &str, at: &str, custom: &CustomFields, problems: &mut Problems) {
    if custom.by_key(key).is_some_and(|field| !field.is_active) {
        problems.add(at, "inactive", "The field is no longer in use.");
    }
}

/// The same of actions alone.
pub(super) fn each_in_actions(actions: &[ActionSource], each: &mut impl FnMut(&str, &str)) {
    for (place, action) in actions.iter().enumerate() {
        for (name, value) in &action.params {
            in_param(name, value, &format!("actions[{place}].params.{name}"), each);
        }
    }
}

fn in_conditions(value: &Value, at: &str, each: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Array(parts) => {
            for (place, part) in parts.iter().enumerate() {
                in_conditions(part, &format!("{at}[{place}]"), each);
            }
        }
        Value::Object(map) => {
            for key in map.get("field").and_then(Value::as_str).into_iter().flat_map(keys_in) {
                each(key, &format!("{at}.field"));
            }
            for group in ["all", "any", "not"] {
                if let Some(inner) = map.get(group) {
                    in_conditions(inner, &format!("{at}.{group}"), each);
                }
            }
        }
        _ => {}
    }
}

fn in_param(name: &str, value: &Value, at: &str, each: &mut impl FnMut(&str, &str)) {
    if let Some(key) = name.strip_prefix(CUSTOM)
        && !value.is_null()
    {
        each(key, at);
    }
    if let (true, Value::Object(map)) = (format!("{name}.") == CUSTOM, value) {
        for (key, _) in map.iter().filter(|(_, value)| !value.is_null()) {
            each(key, &format!("{at}.{key}"));
        }
    }
    in_texts(value, at, each);
}

fn in_texts(value: &Value, at: &str, each: &mut impl FnMut(&str, &str)) {
    match value {
        Value::String(text) if text.contains("{{") => keys_in(text).for_each(|key| each(key, at)),
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                in_texts(item, &format!("{at}[{place}]"), each);
            }
        }
        Value::Object(map) => map.iter().for_each(|(name, item)| in_texts(item, &format!("{at}.{name}"), each)),
        _ => {}
    }
}

/// The keys that stand behind `custom_fields.` in a text.
fn keys_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(CUSTOM).map(|(start, prefix)| {
        let rest = &text[start + prefix.len()..];
        let is_of_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        &rest[..rest.find(|c| !is_of_key(c)).unwrap_or(rest.len())]
    })
}
