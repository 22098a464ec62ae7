//! Fields that a desk adds to its tickets, and what they may hold.

use super::words;
use crate::decimal::{Decimal, NotADecimal};
use crate::fold::fold;
use crate::input::Problems;
use crate::setting::{Setting, Stored};
use crate::time::{Time, calendar_day};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

words! {
    /// What a field holds and how it is asked for.
    FieldType {
        /// One line.
        Text = 0 "text",
        /// Many lines.
        Textarea = 1 "textarea",
        /// A number of at most four decimals.
        Number = 2 "number",
        /// A day, such as `2026-01-15`.
        Date = 3 "date",
        /// One of the options.
        Select = 4 "select",
        /// Some of the options.
        Multiselect = 5 "multiselect",
        /// Yes or no.
        Checkbox = 6 "checkbox",
    }
}

impl FieldType {
    /// Whether its values come from a list of options.
    pub const fn has_options(self) -> bool {
        matches!(self, Self::Select | Self::Multiselect)
    }
}

/// What the names of custom fields start with, where they stand among the ticket's own.
pub const CUSTOM: &str = "custom_fields.";

/// The name of a field in JSON, conditions and filters: a small letter, then small letters, digits and
/// underscores, at most 40 in all. It never changes, so it stands for the field wherever values are kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldKey {
    length: u8,
    /// In place, so that fields of conditions stay plain values.
    bytes: [u8; Self::LONGEST],
}

impl FieldKey {
    /// The most characters of a key.
    pub const LONGEST: usize = 40;

    /// The key as text.
    pub fn as_str(&self) -> &str {
        // Only ASCII ever goes in.
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

/// The text can't be the key of a field.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the key of a field")]
pub struct NotAFieldKey;

impl FromStr for FieldKey {
    type Err = NotAFieldKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let first = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        if !first || text.len() > Self::LONGEST || !text.bytes().all(fits) {
            return Err(NotAFieldKey);
        }
        let mut bytes = [0; Self::LONGEST];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { length: u8::try_from(text.len()).map_err(|_| NotAFieldKey)?, bytes })
    }
}

impl fmt::Display for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FieldKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for FieldKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomField {
    /// Its name for programs.
    pub key: FieldKey,
    /// Its name for people.
    pub label: String,
    /// What it holds; never changes.
    pub field_type: FieldType,
    /// What can be chosen from, for the two types that have options.
    pub options: Vec<String>,
    /// Whether a new ticket must have a value, of those who see the field.
    pub is_required: bool,
    /// Whether customers see the field and may fill it in.
    pub visible_to_customer: bool,
    /// The value of a new ticket that is made without one.
    pub default: Option<Value>,
    /// Where it stands among the fields, lowest first.
    pub position: i32,
    /// Whether it can be filled in. What tickets hold already stays.
    pub is_active: bool,
    /// Since when there is such a field.
    pub created_at: Time,
}

impl Setting for CustomField {
    const KIND: &'static str = "custom_field";
}

impl CustomField {
    /// Whether staff, or customers, see the field as one to fill in.
    pub fn is_open_to(&self, is_staff: bool) -> bool {
        self.is_active && (is_staff || self.visible_to_customer)
    }

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
                problems.text(at, text, 0..=longest, many_lines);
                return (!text.trim().is_empty()).then(|| value.clone());
            }
            (FieldType::Number, Value::Number(number)) => match Decimal::try_from(number) {
                Ok(_) => return Some(value.clone()),
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
                Some(_) => return Some(value.clone()),
                None => problems.add(at, "invalid_value", "Must be a day such as 2026-01-15."),
            },
            (FieldType::Select, Value::String(text)) if text.is_empty() => {}
            (FieldType::Select, Value::String(text)) => return self.option(text, at, problems).map(Value::from),
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

    /// The option that this text names, whatever its case, as the field spells it.
    fn option(&self, text: &str, at: &str, problems: &mut Problems) -> Option<&str> {
        let wanted = fold(text);
        let found = self.options.iter().find(|option| fold(option) == wanted);
        if found.is_none() {
            none_of_them(at, problems);
        }
        found.map(String::as_str)
    }

    /// Each option once, in the order of the field's own list.
    fn choices(&self, items: &[Value], at: &str, problems: &mut Problems) -> Option<Value> {
        // Folding each option once, not once an item.
        let known: HashMap<String, &str> = self.options.iter().map(|option| (fold(option), option.as_str())).collect();
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

/// All fields of a desk, in their order.
#[derive(Clone, Debug, Default)]
pub struct CustomFields(Vec<Stored<CustomField>>);

impl CustomFields {
    /// How many a desk can have.
    pub const MOST: usize = 200;

    /// The fields, sorted by position and then by age.
    pub fn new(mut fields: Vec<Stored<CustomField>>) -> Self {
        fields.sort_by_key(|field| (field.content.position, field.id));
        Self(fields)
    }

    /// The fields in their order, those that are no longer active too.
    pub fn iter(&self) -> impl Iterator<Item = &Stored<CustomField>> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The field with this key.
    pub fn by_key(&self, key: &str) -> Option<&CustomField> {
        self.iter().map(|field| &field.content).find(|field| field.key.as_str() == key)
    }

    /// The field with this id.
    pub fn by_id(&self, id: Uuid) -> Option<&Stored<CustomField>> {
        self.iter().find(|field| field.id == id)
    }

    /// Whether customers see what this field holds.
    pub fn shows_customers(&self, key: &str) -> bool {
        self.by_key(key).is_some_and(|field| field.is_open_to(false))
    }
}
