//! Conditions in SQLite's words.

use super::{Dialect, custom_text};
use sqlx::{QueryBuilder, Sqlite};
use ticketing_core::condition::Literal;

impl Dialect for Sqlite {
    fn push_literal(query: &mut QueryBuilder<Self>, value: &Literal) {
        match value {
            Literal::Text(text) => query.push_bind(text.clone()),
            Literal::Id(id) => query.push_bind(*id),
            Literal::Rank(rank) => query.push_bind(i64::from(*rank)),
            Literal::Number(number) => query.push_bind(*number),
            Literal::Time(at) => query.push_bind(at.timestamp_micros()),
            Literal::Decimal(number) => query.push_bind(number.scaled()),
            Literal::Date(_) | Literal::Flag(_) => query.push_bind(custom_text(value)),
        };
    }

    fn push_one_of(query: &mut QueryBuilder<Self>, column: &str, values: &[Literal]) {
        query.push(column).push(" IN (");
        for (place, value) in values.iter().enumerate() {
            if place > 0 {
                query.push(", ");
            }
            Self::push_literal(query, value);
        }
        query.push(")");
    }

    fn push_contains(query: &mut QueryBuilder<Self>, column: &str, text: &str) {
        query.push("instr(").push(column).push(", ").push_bind(text.to_owned()).push(") > 0");
    }

    /// The driver has no numbered parameters here, so the text is bound twice.
    fn push_starts_with(query: &mut QueryBuilder<Self>, column: &str, text: &str) {
        query.push("substr(").push(column).push(", 1, length(").push_bind(text.to_owned());
        query.push(")) = ").push_bind(text.to_owned());
    }
}
