//! What a field takes, and how tickets keep it.

use super::{CustomField, FieldType};
use crate::decimal::{Decimal, NotADecimal};
use crate::fold::fold;
use crate::input::Problems;
use crate::time::calendar_day;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

impl CustomField {
    /// Characters of a single line.
    pub const LONGEST_LINE: usize = 1_000;
    /// Characters of a text of many lines.
    pub const LONGEST_TEXT: usize = 10_000;

    /// The value as tickets keep it, or nothing where it says nothing: null, an empty text or list.
    /// What is wrong with it is noted under `at`.
    pub fn read(&self, value: &Value, at: &str, problems: &mut Problems) -> Option<Value> {
        if value.is_null() {
            return None;
        }
        let wrong = |problems: &mut Problems, wanted: &str| problems.add(at, "type", format!("Must be {wanted}."));
        match (self.field_type, value) {
            (FieldType::Text | FieldType::Textarea, Value::String(text)) => {
                let (longest, many_lines) = match self.field_type {
                    FieldType::Text => (Self::LONGEST_LINE, false),
                    _ => (Self::LONGEST_TEXT, true),
                };
                if text.trim().is_empty() {
                    problems.text(at, text, 0..=longest, many_lines);
                    return None;
                }
                let longest = self.limits.max_length.map_or(longest, |most| longest.min(most as usize));
                problems.text(at, text, 0..=longest, many_lines);
                self.limits.check_form(text, at, problems);
                return Some(value.clone());
            }
            (FieldType::Number, Value::Number(number)) => match Decimal::try_from(number) {
                Ok(number) => {
                    self.limits.check_number(number, at, problems);
                    return Some(value.clone());
                }
                Err(NotADecimal::TooPrecise) => {
                    problems.add(at, "too_precise", "May have at most 4 digits behind the point.");
                }
                Err(NotADecimal::TooLarge | NotADecimal::Form) => {
                    let message = "May have at most 14 digits, with decimals 11 before the point.";
                    problems.add(at, "out_of_range", message);
                }
            },
            (FieldType::Date, Value::String(text)) if text.is_empty() => {}
            (FieldType::Date, Value::String(text)) => match calendar_day(text) {
                Some(_) => {
                    self.limits.check_day(text, at, problems);
                    return Some(value.clone());
                }
                None => problems.add(at, "invalid_value", "Must be a day such as 2026-01-15."),
            },
            (FieldType::Select, Value::String(text)) if text.is_empty() => {}
            (FieldType::Select, Value::String(text)) => return self.named_option(text, at, problems).map(Value::from),
            (FieldType::Multiselect, Value::Array(items)) => return self.choices(items, at, problems),
            (FieldType::Checkbox, Value::Bool(_)) => return Some(value.clone()),
            (FieldType::Text | FieldType::Textarea, _) => wrong(problems, "a text"),
            (FieldType::Number, _) => wrong(problems, "a number"),
            (FieldType::Date, _) => wrong(problems, "a day such as 2026-01-15"),
            (FieldType::Select, _) => wrong(problems, "one of the options, as a text"),
            (FieldType::Multiselect, _) => wrong(problems, "a list of options"),
            (FieldType::Checkbox, _) => wrong(problems, "true or false"),
        }
        None
    }

    /// The option that this text names, whatever its case and by whichever of its names, as the field spells it now.
    pub fn option(&self, text: &str) -> Option<&str> {
        let wanted = fold(text);
        let wanted = self.former_options.get(&wanted).map_or(wanted, |now| fold(now));
        self.options.iter().find(|option| fold(option) == wanted).map(String::as_str)
    }

    /// All folded names under which tickets may hold the option that this text names: its name of now and those that it
    /// had, which stay on tickets until the job has come by. The text itself where it names none.
    pub fn spellings(&self, text: &str) -> Vec<String> {
        let Some(option) = self.option(text).filter(|_| !self.former_options.is_empty()) else {
            return vec![fold(text)];
        };
        let former = self.former_options.iter().filter(|(_, now)| *now == option).map(|(former, _)| former.clone());
        std::iter::once(fold(option)).chain(former).collect()
    }

    fn named_option(&self, text: &str, at: &str, problems: &mut Problems) -> Option<&str> {
        let found = self.option(text);
        if found.is_none() {
            none_of_them(at, problems);
        }
        found
    }

    /// Each option once, in the order of the field's own list.
    fn choices(&self, items: &[Value], at: &str, problems: &mut Problems) -> Option<Value> {
        // Folding each option once, not once an item.
        let mut known: HashMap<String, &str> =
            self.former_options.iter().map(|(former, now)| (former.clone(), now.as_str())).collect();
        known.extend(self.options.iter().map(|option| (fold(option), option.as_str())));
        let mut chosen = HashSet::new();
        for (place, item) in items.iter().enumerate().take(self.options.len() + 1) {
            let at = format!("{at}[{place}]");
            match item {
                Value::String(text) => match known.get(&fold(text)) {
                    Some(option) => drop(chosen.insert(*option)),
                    None => none_of_them(&at, problems),
                },
                _ => problems.add(at, "type", "Must be one of the options, as a text."),
            }
        }
        if items.len() > self.options.len() {
            problems.add(at, "too_many", format!("May have at most {} entries.", self.options.len()));
        }
        let kept: Vec<&str> =
            self.options.iter().map(String::as_str).filter(|option| chosen.contains(option)).collect();
        (!kept.is_empty()).then(|| kept.into())
    }
}

fn none_of_them(at: &str, problems: &mut Problems) {
    problems.add(at, "unknown_value", "Is none of the options.");
}
