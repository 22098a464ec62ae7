//! Conditions in PostgreSQL's words.

use super::{Dialect, custom_text};
use sqlx::{Postgres, QueryBuilder};
use ticketing_core::condition::Literal;
use ticketing_core::decimal::Decimal;

impl Dialect for Postgres {
    fn push_literal(query: &mut QueryBuilder<Self>, value: &Literal) {
        match value {
            Literal::Text(text) => query.push_bind(text.clone()),
            Literal::Id(id) => query.push_bind(*id),
            Literal::Rank(rank) => query.push_bind(*rank),
            Literal::Number(number) => query.push_bind(*number),
            Literal::Time(at) => query.push_bind(*at),
            Literal::Decimal(number) => query.push_bind(number.scaled()),
            Literal::Date(_) | Literal::Flag(_) => query.push_bind(custom_text(value)),
        };
    }

    /// One array is one parameter, so lists of any length share a prepared statement.
    fn push_one_of(query: &mut QueryBuilder<Self>, column: &str, values: &[Literal]) {
        /// The values of one variant as an array of the driver's type.
        macro_rules! array {
            ($variant:ident) => {
                values
                    .iter()
                    .filter_map(|value| if let Literal::$variant(v) = value { Some(v.clone()) } else { None })
                    .collect::<Vec<_>>()
            };
        }
        query.push(column).push(" = ANY(");
        match values.first() {
            Some(Literal::Text(_)) | None => query.push_bind(array!(Text)),
            Some(Literal::Id(_)) => query.push_bind(array!(Id)),
            Some(Literal::Rank(_)) => query.push_bind(array!(Rank)),
            Some(Literal::Number(_)) => query.push_bind(array!(Number)),
            Some(Literal::Time(_)) => query.push_bind(array!(Time)),
            Some(Literal::Decimal(_)) => {
                query.push_bind(array!(Decimal).into_iter().map(Decimal::scaled).collect::<Vec<_>>())
            }
            Some(Literal::Date(_) | Literal::Flag(_)) => {
                query.push_bind(values.iter().map(custom_text).collect::<Vec<_>>())
            }
        };
        query.push(")");
    }

    fn push_contains(query: &mut QueryBuilder<Self>, column: &str, text: &str) {
        query.push("strpos(").push(column).push(", ").push_bind(text.to_owned()).push(") > 0");
    }

    fn push_starts_with(query: &mut QueryBuilder<Self>, column: &str, text: &str) {
        query.push("starts_with(").push(column).push(", ").push_bind(text.to_owned()).push(")");
    }
}
