//! Values of conditions as they come over the wire.

use super::parse::Reader;
use super::{Asked, Grammar, Kind, Literal, limit};
use crate::decimal::Decimal;
use crate::fold::fold;
use crate::time::{Time, YEARS, calendar_day, from_micros};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta};
use serde_json::Value;
use uuid::Uuid;

/// A value that a field is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    /// `null` or an empty text: that there is no value.
    Nothing,
    /// One value.
    One(Literal),
    /// A word that stands for several values, or for none.
    Several(Vec<Literal>),
    /// A bare date: a whole day in UTC.
    Day {
        /// Its first microsecond.
        first: Literal,
        /// Its last microsecond.
        last: Literal,
    },
}

impl<G: Grammar> Reader<'_, G> {
    pub(super) fn operand(&mut self, field: &G::Field, value: &Value, at: &str) -> Option<Operand> {
        if value.is_null() {
            return Some(Operand::Nothing);
        }
        if let Some(meant) = value.as_str().and_then(|word| self.grammar.word(field, word)) {
            return Some(match <[Literal; 1]>::try_from(meant) {
                Ok([one]) => Operand::One(one),
                Err(several) => Operand::Several(several),
            });
        }
        let literal = match field.kind() {
            Kind::Text | Kind::Texts => {
                let text = self.folded(value, at)?;
                if text.is_empty() {
                    return Some(Operand::Nothing);
                }
                Some(Literal::Text(text))
            }
            Kind::Word => value.as_str().and_then(|word| field.rank_of(word)).map(Literal::Rank),
            Kind::Id => value.as_str().and_then(|id| Uuid::parse_str(id).ok()).map(Literal::Id),
            Kind::Number => value.as_i64().map(Literal::Number),
            Kind::Time => match value.as_str().and_then(moment_or_day) {
                Some(day @ Operand::Day { .. }) => return Some(day),
                Some(Operand::One(literal)) => Some(literal),
                _ => None,
            },
            Kind::Decimal => match value {
                Value::Number(number) => Decimal::try_from(number).ok().map(Literal::Decimal),
                _ => None,
            },
            Kind::Date => value.as_str().and_then(calendar_day).map(Literal::Date),
            Kind::Flag => value.as_bool().map(Literal::Flag),
        };
        match literal {
            Some(literal) => Some(Operand::One(literal)),
            None => self.fail(at, "invalid_value", expectation(field)),
        }
    }

    /// The ends of a value that must be there; both are the same but for a bare date.
    pub(super) fn some_operand(&mut self, field: &G::Field, value: &Value, at: &str) -> Option<(Literal, Literal)> {
        match self.operand(field, value, at)? {
            Operand::One(literal) => Some((literal.clone(), literal)),
            Operand::Day { first, last } => Some((first, last)),
            Operand::Nothing | Operand::Several(_) => self.fail(at, "invalid_value", expectation(field)),
        }
    }

    /// A folded text that says something.
    pub(super) fn some_text(&mut self, value: &Value, at: &str) -> Option<String> {
        let text = self.folded(value, at)?;
        if text.is_empty() { self.fail(at, "invalid_value", "May not be empty.") } else { Some(text) }
    }

    fn folded(&mut self, value: &Value, at: &str) -> Option<String> {
        let folded = fold(self.text(value, at)?);
        // Folding can make a text several times as long.
        self.within_length(&folded, at).map(str::to_owned)
    }

    pub(super) fn text<'v>(&mut self, value: &'v Value, at: &str) -> Option<&'v str> {
        let Value::String(text) = value else {
            return self.fail(at, "invalid_value", "Must be a text.");
        };
        if text.contains('\0') {
            // PostgreSQL can't keep one, so no text of a ticket has one.
            return self.fail(at, "invalid_value", "May not contain the control character U+0000.");
        }
        self.within_length(text, at)
    }

    fn within_length<'v>(&mut self, text: &'v str, at: &str) -> Option<&'v str> {
        if text.chars().nth(limit::TEXT).is_some() {
            return self.fail(at, "too_long", format!("May have at most {} characters.", limit::TEXT));
        }
        Some(text)
    }
}

fn expectation(field: &impl Asked) -> String {
    match field.kind() {
        Kind::Text | Kind::Texts => "Must be a text that is not empty.".to_owned(),
        Kind::Word => format!("Must be one of {}.", field.words().join(", ")),
        Kind::Id => "Must be an id, or null where there is none.".to_owned(),
        Kind::Number => "Must be a whole number.".to_owned(),
        Kind::Time => "Must be a moment such as 2026-01-15T10:00:00Z or a date such as 2026-01-15.".to_owned(),
        Kind::Decimal => "Must be a number with at most 4 digits behind the point.".to_owned(),
        Kind::Date => "Must be a date such as 2026-01-15.".to_owned(),
        Kind::Flag => "Must be true or false.".to_owned(),
    }
}

fn moment_or_day(text: &str) -> Option<Operand> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        // Through microseconds, so that a leap second, too, becomes a moment that stores can keep.
        let moment = from_micros(moment.timestamp_micros())?;
        return YEARS.contains(&moment.year()).then_some(Operand::One(Literal::Time(moment)));
    }
    let (first, last) = day_of(calendar_day(text)?)?;
    Some(Operand::Day { first: Literal::Time(first), last: Literal::Time(last) })
}

/// The first and the last microsecond of a day in UTC.
pub(super) fn day_of(date: NaiveDate) -> Option<(Time, Time)> {
    let first = date.and_time(NaiveTime::MIN).and_utc();
    let last = first.checked_add_signed(TimeDelta::days(1) - TimeDelta::microseconds(1))?;
    Some((first, last))
}
