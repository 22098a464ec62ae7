//! Reading what strangers send: every failure of every field at once, nothing ignored.

use crate::decimal::{Decimal, NotADecimal};
use crate::error::{Error, FieldError};
use crate::time::{Time, to_micros};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::str::FromStr;
use uuid::Uuid;

/// What a patch says of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It becomes this.
    Set(T),
}

impl<T> Patch<T> {
    /// The new value, if there is one.
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The new value, if there is one.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Puts the new value in place; says whether that changed anything.
    pub fn apply(&self, place: &mut T) -> bool
    where
        T: Clone + PartialEq,
    {
        match self {
            Self::Set(value) if value != place => {
                place.clone_from(value);
                true
            }
            _ => false,
        }
    }
}

impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }
}

/// How many failures are told at once. Who sends more has other things to mend first, and looking
/// for repeats among them must not become work that a stranger can make us do.
const MOST_PROBLEMS: usize = 100;

/// Failures found so far, at most one a field: the first says enough.
#[derive(Clone, Debug, Default)]
pub struct Problems(Vec<FieldError>);

impl Problems {
    /// Notes a failure.
    pub fn add(&mut self, field: impl Into<String>, code: &'static str, message: impl Into<String>) {
        if self.0.len() >= MOST_PROBLEMS {
            return;
        }
        let field = field.into();
        if !self.0.iter().any(|known| known.field == field) {
            self.0.push(FieldError::new(field, code, message));
        }
    }

    /// Notes failures that were found elsewhere.
    pub fn extend(&mut self, errors: Vec<FieldError>) {
        for error in errors {
            self.add(error.field, error.code, error.message);
        }
    }

    /// Notes failures of other fields of the same input.
    pub fn extend_all(&mut self, others: Self) {
        self.extend(others.0);
    }

    /// Notes failures of what stands below a field.
    pub fn extend_below(&mut self, field: &str, inner: Self) {
        for error in inner.0 {
            self.add(format!("{field}.{}", error.field), error.code, error.message);
        }
    }

    /// How many were found.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing failed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All failures, if any.
    pub fn finish(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }

    /// A text of one line or many: length in characters, no NUL, no other control characters than
    /// line ends and tabs (and none of those in a single line).
    pub fn text(&mut self, field: &str, text: &str, length: std::ops::RangeInclusive<usize>, many_lines: bool) {
        let characters = text.chars().count();
        if characters < *length.start() {
            self.add(field, "required", "May not be empty.");
        } else if characters > *length.end() {
            self.add(field, "too_long", format!("May have at most {} characters; has {characters}.", length.end()));
        }
        let bad = |c: char| c.is_control() && !(many_lines && matches!(c, '\n' | '\r' | '\t'));
        if let Some(c) = text.chars().find(|c| bad(*c)) {
            self.add(field, "control_character", format!("May not contain the control character U+{:04X}.", c as u32));
        }
    }
}

/// A JSON object that is read field by field. What nobody asked for is an error at the end.
#[derive(Debug)]
pub struct Fields {
    map: Map<String, Value>,
    prefix: String,
    problems: Problems,
    /// The names of all fields that were asked for, where somebody wants to know.
    asked: Option<BTreeSet<String>>,
}

/// The names of all fields that an input of this kind reads, those of objects in it with a dot.
pub fn field_names<T: Input>() -> BTreeSet<String> {
    let mut fields = Fields::of(Map::new(), String::new());
    fields.asked = Some(BTreeSet::new());
    T::read(&mut fields);
    fields.asked.unwrap_or_default()
}

impl Fields {
    /// Reads an object; anything else is an error.
    pub fn new(value: Value) -> Result<Self, Error> {
        match value {
            Value::Object(map) => Ok(Self::of(map, String::new())),
            other => Err(Error::field("", "type", format!("Must be an object, is {}.", kind_of(&other)))),
        }
    }

    fn of(map: Map<String, Value>, prefix: String) -> Self {
        Self { map, prefix, problems: Problems::default(), asked: None }
    }

    fn name(&self, field: &str) -> String {
        format!("{}{field}", self.prefix)
    }

    fn wrong(&mut self, field: &str, wanted: &str, found: &Value) {
        let message = format!("Must be {wanted}, is {}.", kind_of(found));
        self.problems.add(self.name(field), "type", message);
    }

    /// Notes a failure of this object's field.
    pub fn fail(&mut self, field: &str, code: &'static str, message: impl Into<String>) {
        self.problems.add(self.name(field), code, message);
    }

    /// Whether the field is there, null included.
    pub fn has(&self, field: &str) -> bool {
        self.map.contains_key(field)
    }

    fn read<T>(&mut self, field: &str, wanted: &str, read: impl FnOnce(&Value) -> Option<T>) -> Patch<Option<T>> {
        let name = self.asked.is_some().then(|| self.name(field));
        if let (Some(asked), Some(name)) = (&mut self.asked, name) {
            asked.insert(name);
        }
        match self.map.remove(field) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Set(None),
            Some(value) => {
                let found = read(&value);
                if found.is_none() {
                    self.wrong(field, wanted, &value);
                    return Patch::Keep;
                }
                Patch::Set(found)
            }
        }
    }

    /// A value that may be null; `Keep` where it is absent or wrong.
    pub fn nullable_text(&mut self, field: &str) -> Patch<Option<String>> {
        self.read(field, "a text", |v| v.as_str().map(str::to_owned))
    }

    /// An id that may be null.
    pub fn nullable_id(&mut self, field: &str) -> Patch<Option<Uuid>> {
        self.read(field, "an id (UUID)", |v| v.as_str().and_then(|s| Uuid::parse_str(s).ok()))
    }

    /// A whole number that may be null.
    pub fn nullable_integer(&mut self, field: &str) -> Patch<Option<i64>> {
        self.read(field, "a whole number", Value::as_i64)
    }

    /// A number with at most four decimals, exactly as it was written, that may be null.
    pub fn nullable_decimal(&mut self, field: &str) -> Patch<Option<Decimal>> {
        match self.read(field, "a number", |v| v.as_number().cloned()) {
            Patch::Keep => Patch::Keep,
            Patch::Set(None) => Patch::Set(None),
            Patch::Set(Some(number)) => match Decimal::try_from(&number) {
                Ok(decimal) => Patch::Set(Some(decimal)),
                Err(NotADecimal::TooPrecise) => {
                    self.fail(field, "too_precise", "Has more digits behind the point than can be kept.");
                    Patch::Keep
                }
                Err(NotADecimal::TooLarge | NotADecimal::Form) => {
                    self.fail(field, "out_of_range", "Has too many digits.");
                    Patch::Keep
                }
            },
        }
    }

    /// A value as a custom field may hold it, or null; whether it fits is for the field to say.
    pub fn nullable_value(&mut self, field: &str) -> Patch<Option<Value>> {
        self.read(field, "a text, a number, true or false, or a list of texts", |v| {
            let fits = match v {
                Value::Array(items) => items.iter().all(Value::is_string),
                other => !other.is_object(),
            };
            fits.then(|| v.clone())
        })
    }

    /// A condition, or null; what it says is for [`crate::condition::parse`] to read.
    pub fn nullable_condition(&mut self, field: &str) -> Patch<Option<Value>> {
        self.read(field, "a condition", |v| (v.is_object() || v.is_array()).then(|| v.clone()))
    }

    /// A condition, not null.
    pub fn condition(&mut self, field: &str) -> Patch<Value> {
        let read = self.nullable_condition(field);
        self.solid(field, "a condition", read)
    }

    /// An object, or null, as it is.
    pub fn nullable_map(&mut self, field: &str) -> Patch<Option<Map<String, Value>>> {
        self.read(field, "an object", |v| v.as_object().cloned())
    }

    /// A whole number that may be absent but not null.
    pub fn integer(&mut self, field: &str) -> Patch<i64> {
        let read = self.nullable_integer(field);
        self.solid(field, "a whole number", read)
    }

    /// A moment with a time zone (RFC 3339) that may be null.
    pub fn nullable_time(&mut self, field: &str) -> Patch<Option<Time>> {
        self.read(field, "a moment such as 2026-01-15T10:00:00Z", |v| {
            let moment = chrono::DateTime::parse_from_rfc3339(v.as_str()?).ok()?;
            Some(to_micros(moment.to_utc()))
        })
    }

    /// A moment with a time zone (RFC 3339), not null.
    pub fn time(&mut self, field: &str) -> Patch<Time> {
        let read = self.nullable_time(field);
        self.solid(field, "a moment such as 2026-01-15T10:00:00Z", read)
    }

    /// A value that may be absent but not null.
    fn solid<T>(&mut self, field: &str, wanted: &str, read: Patch<Option<T>>) -> Patch<T> {
        match read {
            Patch::Keep => Patch::Keep,
            Patch::Set(Some(value)) => Patch::Set(value),
            Patch::Set(None) => {
                self.wrong(field, wanted, &Value::Null);
                Patch::Keep
            }
        }
    }

    /// A text that may be absent but not null.
    pub fn text(&mut self, field: &str) -> Patch<String> {
        let read = self.nullable_text(field);
        self.solid(field, "a text", read)
    }

    /// Notes which of these are not there.
    pub fn require(&mut self, fields: &[&str]) {
        for field in fields {
            if !self.has(field) {
                self.fail(field, "required", "Is required.");
            }
        }
    }

    /// A text that must be there.
    pub fn required_text(&mut self, field: &str) -> String {
        self.require(&[field]);
        self.text(field).into_option().unwrap_or_default()
    }

    /// An id that must be there.
    pub fn required_id(&mut self, field: &str) -> Uuid {
        self.require(&[field]);
        let read = self.nullable_id(field);
        self.solid(field, "an id (UUID)", read).into_option().unwrap_or_default()
    }

    /// True or false, not null.
    pub fn flag(&mut self, field: &str) -> Patch<bool> {
        let read = self.read(field, "true or false", Value::as_bool);
        self.solid(field, "true or false", read)
    }

    /// One of a closed set of words, not null.
    pub fn word<T: FromStr + Copy + std::fmt::Display>(&mut self, field: &str, all: &[T]) -> Patch<T> {
        match self.text(field) {
            Patch::Keep => Patch::Keep,
            Patch::Set(text) => {
                if let Ok(word) = text.parse() {
                    return Patch::Set(word);
                }
                let words = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                self.fail(field, "unknown_value", format!("Must be one of {words}."));
                Patch::Keep
            }
        }
    }

    /// A list of texts, not null.
    pub fn texts(&mut self, field: &str) -> Patch<Vec<String>> {
        let read = self.read(field, "a list of texts", |v| {
            v.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
        });
        self.solid(field, "a list of texts", read)
    }

    /// An object, not null, as it is.
    pub fn map(&mut self, field: &str) -> Patch<Map<String, Value>> {
        let read = self.nullable_map(field);
        self.solid(field, "an object", read)
    }

    /// An object that is read field by field; its failures join this one's.
    pub fn nested<T>(&mut self, field: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let map = self.map(field).into_option();
        if map.is_none() && self.asked.is_none() {
            return None;
        }
        let mut inner = Self::of(map.unwrap_or_default(), format!("{}{field}.", self.prefix));
        inner.asked = self.asked.take();
        let value = read(&mut inner);
        self.asked = inner.asked.take();
        let problems = inner.finish();
        self.problems.extend(problems.0);
        Some(value)
    }

    /// An object that may be null and is read field by field; its failures join this one's.
    pub fn nullable_nested<T>(&mut self, field: &str, read: impl FnOnce(&mut Self) -> T) -> Patch<Option<T>> {
        match self.nullable_map(field) {
            Patch::Keep => Patch::Keep,
            Patch::Set(None) => Patch::Set(None),
            Patch::Set(Some(map)) => Patch::Set(Some(self.below(field, map, read))),
        }
    }

    /// A list of objects, not null, each of which is read field by field; their failures join this one's.
    pub fn list<T>(&mut self, field: &str, mut read: impl FnMut(&mut Self) -> T) -> Patch<Vec<T>> {
        let items = self.read(field, "a list of objects", |v| {
            v.as_array()?.iter().map(|item| item.as_object().cloned()).collect::<Option<Vec<_>>>()
        });
        let Patch::Set(items) = self.solid(field, "a list of objects", items) else { return Patch::Keep };
        let items = items.into_iter().enumerate();
        Patch::Set(items.map(|(place, item)| self.below(&format!("{field}[{place}]"), item, &mut read)).collect())
    }

    fn below<T>(&mut self, field: &str, map: Map<String, Value>, read: impl FnOnce(&mut Self) -> T) -> T {
        let mut inner = Self::of(map, format!("{}{field}.", self.prefix));
        let value = read(&mut inner);
        self.problems.extend(inner.finish().0);
        value
    }

    /// All failures, with a line for each field that nobody asked for.
    pub fn finish(mut self) -> Problems {
        let unknown: Vec<String> = self.map.keys().take(MOST_PROBLEMS).map(|field| self.name(field)).collect();
        for field in unknown {
            self.problems.add(field, "unknown_field", "There is no such field.");
        }
        self.problems
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// An input of a use case: read from JSON, or made in Rust; checked the same way.
pub trait Input: Sized {
    /// Reads the fields; failures are noted in `fields`.
    fn read(fields: &mut Fields) -> Self;

    /// Checks what needs no store.
    fn check(&self, problems: &mut Problems);

    /// The new password in the field `password`, where there is one. How long it may be is for the desk
    /// to say: [`crate::Desk::read_input`].
    fn new_password(&self) -> Option<&str> {
        None
    }

    /// The input from a JSON body, or all that is wrong with it.
    fn from_json(value: Value) -> Result<Self, Error> {
        let (input, problems) = Self::read_json(value)?;
        problems.finish()?;
        Ok(input)
    }

    /// As much of the input as a JSON body gives, and all that is wrong with it.
    fn read_json(value: Value) -> Result<(Self, Problems), Error> {
        let mut fields = Fields::new(value)?;
        let input = Self::read(&mut fields);
        let mut problems = fields.finish();
        input.check(&mut problems);
        Ok((input, problems))
    }

    /// The input itself, or all that is wrong with it.
    fn checked(&self) -> Result<(), Error> {
        let mut problems = Problems::default();
        self.check(&mut problems);
        problems.finish()
    }
}
/// One `@`, a name before it, a domain behind it, nothing that a mail header could trip over.
pub(crate) fn check_email(problems: &mut Problems, field: &str, email: &str) {
    let email = email.trim();
    problems.text(field, email, 1..=254, false);
    let fits = email.split_once('@').is_some_and(|(name, domain)| {
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"@".contains(c);
        let dots = |part: &str| part.starts_with('.') || part.ends_with('.') || part.contains("..");
        !name.is_empty()
            && name.len() <= 64
            && !name.contains(forbidden)
            && !dots(name)
            && !domain.is_empty()
            && !domain.contains(forbidden)
            && !dots(domain)
    });
    // Nobody who is not erased may look so.
    if !fits || crate::fold::fold(email).ends_with(crate::model::user::ERASED_DOMAIN) {
        problems.add(field, "not_an_address", "Is not an email address.");
    }
}

/// What people are called.
pub(crate) fn check_name(problems: &mut Problems, field: &str, name: &str) {
    problems.text(field, name.trim(), 1..=200, false);
}
