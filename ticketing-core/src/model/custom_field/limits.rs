//! What the values of a field are held to beside its type.

use super::{CustomField, FieldType};
use crate::condition::limit::PATTERN_BYTES;
use crate::decimal::Decimal;
use crate::input::Problems;
use crate::time::calendar_day;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// Bounds of what a field takes. What tickets hold from before is held to none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldLimits {
    /// The least number or the first day.
    pub min: Option<Value>,
    /// The greatest number or the last day.
    pub max: Option<Value>,
    /// How many characters a text may have.
    pub max_length: Option<u32>,
    /// What a whole text must match.
    pub pattern: Option<FieldPattern>,
}

/// A regular expression that whole texts are held to. Matching takes time that grows with the text alone.
#[derive(Clone, Debug)]
pub struct FieldPattern {
    source: String,
    /// None where a library that came later does not read it any more: then nothing is held to it.
    whole: Option<Regex>,
}

impl FieldPattern {
    /// The most characters of one.
    pub const LONGEST: usize = 500;

    /// The pattern, whether it can be read or not.
    pub fn new(source: impl Into<String>) -> Self {
        let source = source.into();
        let build =
            |text: &str| RegexBuilder::new(text).size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_BYTES).build().ok();
        // By itself first: what closes the brackets that are put around it would mean something else within them.
        let whole = build(&source).and_then(|_| build(&format!(r"\A(?:{source})\z")));
        Self { source, whole }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.source
    }
}

impl PartialEq for FieldPattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Serialize for FieldPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.source)
    }
}

impl<'de> Deserialize<'de> for FieldPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl FieldLimits {
    /// Whether they fit the type, and one another.
    pub(crate) fn check(&self, field_type: FieldType, problems: &mut Problems) {
        let is_text = matches!(field_type, FieldType::Text | FieldType::Textarea);
        let has_order = matches!(field_type, FieldType::Number | FieldType::Date);
        for (name, is_given, fits, who) in [
            ("min", self.min.is_some(), has_order, "number and date"),
            ("max", self.max.is_some(), has_order, "number and date"),
            ("max_length", self.max_length.is_some(), is_text, "text and textarea"),
            ("pattern", self.pattern.is_some(), is_text, "text and textarea"),
        ] {
            if is_given && !fits {
                problems.add(name, "not_for_type", format!("Only {who} have one."));
            }
        }
        if has_order {
            self.check_ends(field_type, problems);
        }
        let longest = if field_type == FieldType::Text { CustomField::LONGEST_LINE } else { CustomField::LONGEST_TEXT };
        if self.max_length.is_some_and(|most| most == 0 || most as usize > longest) {
            problems.add("max_length", "out_of_range", format!("Must be 1 to {longest}."));
        }
        if let Some(pattern) = &self.pattern {
            problems.text("pattern", &pattern.source, 1..=FieldPattern::LONGEST, false);
            if pattern.whole.is_none() {
                problems.add("pattern", "invalid_value", "Is no regular expression, or one that is too costly.");
            }
        }
    }

    fn check_ends(&self, field_type: FieldType, problems: &mut Problems) {
        let wanted =
            if field_type == FieldType::Number { "a number of at most 4 decimals" } else { "a day such as 2026-01-15" };
        for (name, end) in [("min", &self.min), ("max", &self.max)] {
            let is_read = match field_type {
                FieldType::Number => number(end.as_ref()).is_some(),
                _ => day(end.as_ref()).is_some(),
            };
            if end.is_some() && !is_read {
                problems.add(name, "invalid_value", format!("Must be {wanted}."));
            }
        }
        let (numbers, days) = (
            number(self.min.as_ref()).zip(number(self.max.as_ref())).is_some_and(|(min, max)| min > max),
            day(self.min.as_ref()).zip(day(self.max.as_ref())).is_some_and(|(min, max)| min > max),
        );
        if numbers || days {
            problems.add("max", "contradiction", "May not be below min.");
        }
    }

    pub(super) fn check_number(&self, value: Decimal, at: &str, problems: &mut Problems) {
        if number(self.min.as_ref()).is_some_and(|min| value < min) {
            self.below(at, problems);
        }
        if number(self.max.as_ref()).is_some_and(|max| value > max) {
            self.above(at, problems);
        }
    }

    /// Days are compared as they are written.
    pub(super) fn check_day(&self, value: &str, at: &str, problems: &mut Problems) {
        if day(self.min.as_ref()).is_some_and(|min| value < min) {
            self.below(at, problems);
        }
        if day(self.max.as_ref()).is_some_and(|max| value > max) {
            self.above(at, problems);
        }
    }

    pub(super) fn check_form(&self, value: &str, at: &str, problems: &mut Problems) {
        let pattern = self.pattern.as_ref().and_then(|pattern| pattern.whole.as_ref());
        if pattern.is_some_and(|pattern| !pattern.is_match(value)) {
            problems.add(at, "invalid_value", "Does not have the form that this field asks for.");
        }
    }

    fn below(&self, at: &str, problems: &mut Problems) {
        problems.add(at, "out_of_range", format!("Must be {} at least.", shown(self.min.as_ref())));
    }

    fn above(&self, at: &str, problems: &mut Problems) {
        problems.add(at, "out_of_range", format!("Must be {} at most.", shown(self.max.as_ref())));
    }
}

fn number(end: Option<&Value>) -> Option<Decimal> {
    match end? {
        Value::Number(number) => Decimal::try_from(number).ok(),
        _ => None,
    }
}

fn day(end: Option<&Value>) -> Option<&str> {
    end?.as_str().filter(|text| calendar_day(text).is_some())
}

fn shown(end: Option<&Value>) -> String {
    match end {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
