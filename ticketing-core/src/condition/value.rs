//! Tests of values that are no field of a ticket: what is known of people, companies, comments.

use super::{Bound, Literal, Test, older_than_cut};
use crate::fold::fold;
use crate::time::Time;
use std::borrow::Cow;

/// A value of a field, as it is at one moment.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue<'a> {
    /// There is none.
    Nothing,
    /// A text as it was written; an empty one is none.
    Text(Cow<'a, str>),
    /// A long text that is folded once for many tests.
    Long {
        /// As it was written.
        text: &'a str,
        /// As it is compared.
        folded: &'a str,
    },
    /// Texts as they were written.
    Texts(Cow<'a, [String]>),
    /// Anything that is no text.
    One(Literal),
}

impl<'a> FieldValue<'a> {
    /// A text, or nothing where there is none.
    pub fn text(text: Option<&'a str>) -> Self {
        text.filter(|text| !text.is_empty()).map_or(Self::Nothing, |text| Self::Text(text.into()))
    }

    /// Anything that is no text, or nothing.
    pub fn one(value: Option<Literal>) -> Self {
        value.map_or(Self::Nothing, Self::One)
    }

    fn texts(&self) -> &[String] {
        match self {
            Self::Texts(texts) => texts,
            Self::Nothing | Self::Text(_) | Self::Long { .. } | Self::One(_) => &[],
        }
    }

    fn some_text(&self, holds: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Text(text) => holds(text),
            Self::Long { text, .. } => holds(text),
            _ => self.texts().iter().any(|text| holds(text)),
        }
    }

    fn some_folded(&self, holds: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Long { folded, .. } => holds(folded),
            _ => self.some_text(|text| holds(&fold(text))),
        }
    }
}

/// Whether the value passes a test that can hold for its kind; the same meaning as for a ticket's fields.
pub fn passes(value: &FieldValue<'_>, asked: &Test, now: Time) -> bool {
    match asked {
        Test::Empty => match value {
            FieldValue::Nothing => true,
            FieldValue::Text(own) => own.is_empty(),
            FieldValue::Long { text: own, .. } => own.is_empty(),
            FieldValue::Texts(texts) => texts.is_empty(),
            FieldValue::One(_) => false,
        },
        Test::In(wanted) => match value {
            FieldValue::One(own) => wanted.contains(own),
            _ => value
                .some_folded(|own| wanted.iter().any(|wanted| matches!(wanted, Literal::Text(text) if text == own))),
        },
        Test::Contains(part) => value.some_folded(|own| own.contains(part.as_str())),
        Test::StartsWith(part) => value.some_folded(|own| own.starts_with(part.as_str())),
        Test::Matches(pattern) => value.some_text(|own| pattern.0.is_match(own)),
        Test::Range { min, max } => match value {
            FieldValue::One(own) => lies_between(own, min.as_ref(), max.as_ref()),
            _ => false,
        },
        Test::OlderThan(age) => match (value, older_than_cut(now, *age)) {
            (FieldValue::One(Literal::Time(at)), Some(cut)) => *at < cut,
            _ => false,
        },
    }
}

/// The parser and [`super::Leaf::fits`] leave only values of one kind here, so the order is the kind's own.
pub(super) fn lies_between(own: &Literal, min: Option<&Bound>, max: Option<&Bound>) -> bool {
    let above = |bound: &Bound| *own > bound.value || (bound.inclusive && *own == bound.value);
    let below = |bound: &Bound| *own < bound.value || (bound.inclusive && *own == bound.value);
    min.is_none_or(above) && max.is_none_or(below)
}
