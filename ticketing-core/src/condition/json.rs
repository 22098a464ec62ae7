//! From the checked form back to JSON.

use super::operand::day_of;
use super::{Bound, Condition, Field, Leaf, Literal, Test, limit};
use crate::decimal::Decimal;
use crate::model::FieldType;
use crate::time::{YEARS, duration_text};
use chrono::{Datelike, NaiveDate, SecondsFormat, TimeDelta};
use serde_json::{Value, json};

impl Condition {
    /// The condition on the wire: what [`super::parse`] reads as the same condition. One that no
    /// wire form says exactly comes back as another that holds for the same tickets.
    ///
    /// Negations and lists with `null` get their short form again, so that the wire form is never
    /// deeper than the one that was read.
    pub fn to_json(&self) -> Value {
        match self {
            Self::All(parts) => json!({ "all": parts.iter().map(Self::to_json).collect::<Vec<_>>() }),
            Self::Any(parts) => match list_with_nothing(parts) {
                Some((field, list)) => leaf_json(field, "in", list),
                None => json!({ "any": parts.iter().map(Self::to_json).collect::<Vec<_>>() }),
            },
            Self::Not(inner) => negated_json(inner),
            Self::Leaf(leaf) => positive_json(leaf),
        }
    }
}

fn negated_json(inner: &Condition) -> Value {
    let short = match inner {
        Condition::Any(parts) => list_with_nothing(parts).map(|(field, list)| leaf_json(field, "not_in", list)),
        Condition::Leaf(leaf) => negative_json(leaf),
        _ => None,
    };
    short.unwrap_or_else(|| json!({ "not": inner.to_json() }))
}

fn negative_json(leaf: &Leaf) -> Option<Value> {
    let field = leaf.field;
    match &leaf.test {
        Test::In(values) => Some(match values.as_slice() {
            [one] => leaf_json(field, "not_equals", literal_json(field, one)),
            several => leaf_json(field, "not_in", list_json(field, several)),
        }),
        Test::Contains(text) => Some(leaf_json(field, "not_contains", json!(text))),
        Test::Empty => Some(json!({ "field": field.name(), "operator": "is_not_empty" })),
        Test::Range { min, max } => match Span::of(field, min.as_ref(), max.as_ref()) {
            Span::Within(min, max) => whole_day(&min, &max).map(|day| leaf_json(field, "not_equals", day)),
            _ => None,
        },
        Test::StartsWith(_) | Test::OlderThan(_) | Test::Matches(_) => None,
    }
}

fn positive_json(leaf: &Leaf) -> Value {
    let field = leaf.field;
    match &leaf.test {
        Test::In(values) => match values.as_slice() {
            [one] => leaf_json(field, "equals", literal_json(field, one)),
            several => leaf_json(field, "in", list_json(field, several)),
        },
        Test::Contains(text) => leaf_json(field, "contains", json!(text)),
        Test::StartsWith(text) => leaf_json(field, "starts_with", json!(text)),
        Test::Empty => json!({ "field": field.name(), "operator": "is_empty" }),
        Test::OlderThan(age) => leaf_json(field, "older_than", json!(duration_text(*age))),
        Test::Matches(pattern) => leaf_json(field, "matches", json!(pattern.0.as_str())),
        Test::Range { min, max } => match Span::of(field, min.as_ref(), max.as_ref()) {
            Span::Never => leaf_json(field, "in", json!([])),
            Span::Present => json!({ "field": field.name(), "operator": "is_not_empty" }),
            Span::Above(value) => leaf_json(field, "greater_than", literal_json(field, &value)),
            Span::Below(value) => leaf_json(field, "less_than", literal_json(field, &value)),
            Span::Within(min, max) => match whole_day(&min, &max) {
                Some(day) => leaf_json(field, "equals", day),
                None => leaf_json(field, "between", list_json(field, &[min, max])),
            },
        },
    }
}

fn leaf_json(field: Field, operator: &str, value: Value) -> Value {
    let mut leaf = json!({ "field": field.name(), "operator": operator });
    leaf["value"] = value;
    leaf
}

/// A list that holds `null` beside values was read as two leaves.
fn list_with_nothing(parts: &[Condition]) -> Option<(Field, Value)> {
    let [Condition::Leaf(empty), Condition::Leaf(Leaf { field, test: Test::In(values) })] = parts else {
        return None;
    };
    let fits = empty.field == *field && empty.test == Test::Empty && !values.is_empty() && values.len() < limit::LIST;
    fits.then(|| {
        let mut list = vec![Value::Null];
        list.extend(values.iter().map(|value| literal_json(*field, value)));
        (*field, Value::Array(list))
    })
}

fn list_json(field: Field, values: &[Literal]) -> Value {
    values.iter().map(|value| literal_json(field, value)).collect()
}

fn literal_json(field: Field, literal: &Literal) -> Value {
    match literal {
        Literal::Text(text) => json!(text),
        Literal::Id(id) => json!(id),
        Literal::Rank(rank) => field.word_of(*rank).map_or_else(|| json!(rank), |word| json!(word)),
        Literal::Number(number) => json!(number),
        Literal::Time(at) => json!(at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        Literal::Decimal(number) => Value::from(*number),
        Literal::Date(date) => json!(date.to_string()),
        Literal::Flag(yes) => json!(yes),
    }
}

fn whole_day(min: &Literal, max: &Literal) -> Option<Value> {
    let (Literal::Time(min), Literal::Time(max)) = (min, max) else {
        return None;
    };
    let date = min.date_naive();
    (day_of(date)? == (*min, *max)).then(|| json!(date.to_string()))
}

/// A range as the wire can say it: open at one side without its end, or closed with both ends. What
/// has ranges is discrete (ranks, numbers, microseconds), so any range has such a form.
enum Span {
    /// Nothing lies in it.
    Never,
    /// Every value lies in it.
    Present,
    /// Above this value.
    Above(Literal),
    /// Below this value.
    Below(Literal),
    /// Between these, both included.
    Within(Literal, Literal),
}

impl Span {
    /// Every value that the field can be compared by. What a ticket holds of another type is a value, too, which lies in no
    /// range that has an end.
    fn whole(field: Field) -> Self {
        let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).map(Literal::Date);
        let ends = match field {
            Field::Custom(_, FieldType::Number) => {
                (Some(Literal::Decimal(Decimal::LOWEST)), Some(Literal::Decimal(Decimal::HIGHEST)))
            }
            Field::Custom(_, FieldType::Date) => (date(*YEARS.start(), 1, 1), date(*YEARS.end(), 12, 31)),
            _ => (None, None),
        };
        if let (Some(lowest), Some(highest)) = ends { Self::Within(lowest, highest) } else { Self::Present }
    }

    fn of(field: Field, min: Option<&Bound>, max: Option<&Bound>) -> Self {
        let ends = match (min, max) {
            (None, None) => return Self::Present,
            (Some(Bound { value, inclusive: false }), None) => return Self::Above(value.clone()),
            (None, Some(Bound { value, inclusive: false })) => return Self::Below(value.clone()),
            (Some(Bound { value, inclusive: true }), None) => match step(field, value, -1) {
                Some(below) => return Self::Above(below),
                // The lowest value of all: whatever there is lies above it.
                None => return Self::whole(field),
            },
            (None, Some(Bound { value, inclusive: true })) => match step(field, value, 1) {
                Some(above) => return Self::Below(above),
                None => return Self::whole(field),
            },
            (Some(min), Some(max)) => (min, max),
        };
        let inner =
            |bound: &Bound, by| if bound.inclusive { Some(bound.value.clone()) } else { step(field, &bound.value, by) };
        match (inner(ends.0, 1), inner(ends.1, -1)) {
            (Some(min), Some(max)) if min <= max => Self::Within(min, max),
            _ => Self::Never,
        }
    }
}

/// The next value up or down, if there is one.
fn step(field: Field, value: &Literal, by: i16) -> Option<Literal> {
    match value {
        Literal::Rank(rank) => {
            let next = rank.checked_add(by)?;
            field.word_of(next).map(|_| Literal::Rank(next))
        }
        Literal::Number(number) => number.checked_add(i64::from(by)).map(Literal::Number),
        Literal::Time(at) => at.checked_add_signed(TimeDelta::microseconds(i64::from(by))).map(Literal::Time),
        Literal::Decimal(number) => number.next(by > 0).map(Literal::Decimal),
        Literal::Date(date) => {
            let next = if by > 0 { date.succ_opt() } else { date.pred_opt() };
            next.filter(|date| YEARS.contains(&date.year())).map(Literal::Date)
        }
        Literal::Text(_) | Literal::Id(_) | Literal::Flag(_) => None,
    }
}
