//! What a condition may be about, and what it is read into.

use super::{Condition, Field, Kind, Literal, Operator};
use crate::model::CustomFields;
use serde_json::Value;
use std::borrow::Cow;

/// Something that conditions can ask for.
pub trait Asked: Clone + PartialEq {
    /// The name on the wire.
    fn name(&self) -> Cow<'static, str>;

    /// What kind of value it holds; it decides which operators fit.
    fn kind(&self) -> Kind;

    /// Whether one value can be greater than another. Nobody can say so of the channels.
    fn is_ordered(&self) -> bool {
        true
    }

    /// The words of a closed set, lowest rank first; none for a field of another kind.
    fn words(&self) -> Vec<&'static str>;

    /// The rank of a word.
    fn rank_of(&self, word: &str) -> Option<i16> {
        let place = self.words().iter().position(|own| *own == word)?;
        i16::try_from(place).ok()
    }
}

/// A leaf as it was written.
#[derive(Clone, Copy, Debug)]
pub struct Wire<'v> {
    /// The operator's name.
    pub operator: &'v str,
    /// The value, where there is one.
    pub value: Option<&'v Value>,
}

/// The fields by which a change of another is asked for.
#[derive(Clone, Copy, Debug)]
pub struct History<F> {
    /// True where it changed.
    pub changed: F,
    /// What it was before.
    pub before: F,
    /// What it became.
    pub after: F,
}

/// What can be asked in one place, and what a condition there is read into.
pub trait Grammar {
    /// What is asked for.
    type Field: Asked;
    /// What is made of it.
    type Node;

    /// The field of this name or alias.
    fn field(&self, name: &str) -> Option<Self::Field>;

    /// What a field must be, for people: `Must be one of …`.
    fn fields(&self) -> String;

    /// What is known of a change of this field; none where nothing is known but how things stand.
    fn history(&self, field: &Self::Field) -> Option<History<Self::Field>>;

    /// All folded texts that mean the same as this one where a field is compared with it: an option's former names too.
    fn spellings(&self, field: &Self::Field, text: &str) -> Vec<String>;

    /// A leaf by an operator that is none of [`Operator::ALL`], or why it can't be; none where there is no
    /// such operator.
    fn other_leaf(&self, field: &Self::Field, wire: Wire<'_>) -> Option<Result<Self::Node, String>>;

    /// The names of such operators.
    fn other_operators(&self) -> Vec<&str>;

    /// The values that a word stands for here in the place of a field's value; none where it is no such word.
    fn word(&self, _field: &Self::Field, _word: &str) -> Option<Vec<Literal>> {
        None
    }

    /// Why this operator can't be asked here, where another place may ask it.
    fn refuses(&self, _operator: Operator) -> Option<&'static str> {
        None
    }

    /// A leaf that was checked, and what it says.
    fn leaf(&self, field: &Self::Field, wire: Wire<'_>, says: Condition<Self::Field>) -> Self::Node;

    /// All of these.
    fn all(&self, parts: Vec<Self::Node>) -> Self::Node;

    /// Any of these.
    fn any(&self, parts: Vec<Self::Node>) -> Self::Node;

    /// Not this.
    fn not(&self, part: Self::Node) -> Self::Node;
}

/// Tickets as they stand: lists, views, filters.
pub(super) struct Standing<'a>(pub(super) &'a CustomFields);

impl Grammar for Standing<'_> {
    type Field = Field;
    type Node = Condition;

    fn field(&self, name: &str) -> Option<Field> {
        super::parse_field(name, self.0)
    }

    fn fields(&self) -> String {
        let known: Vec<_> = Field::ALL.iter().map(Asked::name).collect();
        format!("Must be one of {}, or {} and the key of a custom field.", known.join(", "), super::CUSTOM)
    }

    fn history(&self, _: &Field) -> Option<History<Field>> {
        None
    }

    fn spellings(&self, field: &Field, text: &str) -> Vec<String> {
        super::spellings(*field, text, self.0)
    }

    fn other_leaf(&self, _: &Field, _: Wire<'_>) -> Option<Result<Condition, String>> {
        None
    }

    fn other_operators(&self) -> Vec<&str> {
        Vec::new()
    }

    fn leaf(&self, _: &Field, _: Wire<'_>, says: Condition) -> Condition {
        says
    }

    fn all(&self, parts: Vec<Condition>) -> Condition {
        Condition::All(parts)
    }

    fn any(&self, parts: Vec<Condition>) -> Condition {
        Condition::Any(parts)
    }

    fn not(&self, part: Condition) -> Condition {
        part.negated()
    }
}

/// The names of all operators that there are here.
pub(super) fn operators(grammar: &impl Grammar) -> String {
    let known = Operator::ALL.iter().map(|operator| operator.as_str());
    known.chain(grammar.other_operators()).collect::<Vec<_>>().join(", ")
}
