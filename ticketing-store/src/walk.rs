//! In how many stretches a list of tickets is walked, each along an order that an index has.

use ticketing_core::model::{FieldKey, FieldType};
use ticketing_core::query::{NO_VALUE, Position, Sort, SortField};

/// A stretch of a list. By a field of the desk's own there are two: those that have a value, in its order, and then the
/// others, by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stretch {
    /// All that there is.
    Whole,
    /// Tickets that have a value of this field, which stands in this column.
    Valued(FieldKey, &'static str),
    /// Tickets that have none.
    Rest(FieldKey, &'static str),
}

impl Stretch {
    /// The one that goes on after this place.
    pub(crate) fn after(sort: Sort, after: Option<Position>) -> Self {
        let SortField::Custom(key, field_type) = sort.field else { return Self::Whole };
        let column = if field_type == FieldType::Number { "num" } else { "sort_text" };
        match after {
            Some(place) if place.key == NO_VALUE => Self::Rest(key, column),
            _ => Self::Valued(key, column),
        }
    }

    /// The one that follows it.
    pub(crate) fn next(self) -> Option<Self> {
        match self {
            Self::Valued(key, column) => Some(Self::Rest(key, column)),
            Self::Whole | Self::Rest(..) => None,
        }
    }
}
