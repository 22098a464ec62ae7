//! The operators by their names on the wire, and what each may be asked of.

use super::{Asked, Field, Kind};
use std::borrow::Cow;

/// What a leaf asks, by the name it has on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names say it; the table in the module's docs says the rest.
pub enum Operator {
    Equals,
    NotEquals,
    In,
    NotIn,
    Contains,
    NotContains,
    StartsWith,
    GreaterThan,
    LessThan,
    Between,
    IsEmpty,
    IsNotEmpty,
    OlderThan,
    Matches,
    Changed,
    ChangedFrom,
    ChangedTo,
}

impl Operator {
    /// Every operator.
    pub const ALL: &'static [Self] = &[
        Self::Equals,
        Self::NotEquals,
        Self::In,
        Self::NotIn,
        Self::Contains,
        Self::NotContains,
        Self::StartsWith,
        Self::GreaterThan,
        Self::LessThan,
        Self::Between,
        Self::IsEmpty,
        Self::IsNotEmpty,
        Self::OlderThan,
        Self::Matches,
        Self::Changed,
        Self::ChangedFrom,
        Self::ChangedTo,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equals => "equals",
            Self::NotEquals => "not_equals",
            Self::In => "in",
            Self::NotIn => "not_in",
            Self::Contains => "contains",
            Self::NotContains => "not_contains",
            Self::StartsWith => "starts_with",
            Self::GreaterThan => "greater_than",
            Self::LessThan => "less_than",
            Self::Between => "between",
            Self::IsEmpty => "is_empty",
            Self::IsNotEmpty => "is_not_empty",
            Self::OlderThan => "older_than",
            Self::Matches => "matches",
            Self::Changed => "changed",
            Self::ChangedFrom => "changed_from",
            Self::ChangedTo => "changed_to",
        }
    }

    /// The operator of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operator| operator.as_str() == name)
    }

    /// Whether it compares with what the ticket was before. Such a thing can only be asked while a
    /// change is under way, never of a ticket as it stands.
    pub const fn needs_history(self) -> bool {
        matches!(self, Self::Changed | Self::ChangedFrom | Self::ChangedTo)
    }

    /// Whether it can be asked of a field as it stands.
    pub fn fits(self, field: &impl Asked) -> bool {
        let kind = field.kind();
        match self {
            Self::Equals | Self::NotEquals | Self::In | Self::NotIn | Self::IsEmpty | Self::IsNotEmpty => true,
            Self::Contains | Self::NotContains | Self::StartsWith | Self::Matches => {
                matches!(kind, Kind::Text | Kind::Texts)
            }
            // Nobody can say whether a mail is greater than a phone call.
            Self::GreaterThan | Self::LessThan | Self::Between => {
                matches!(kind, Kind::Word | Kind::Number | Kind::Time | Kind::Decimal | Kind::Date)
                    && field.is_ordered()
            }
            Self::OlderThan => matches!(kind, Kind::Time | Kind::Date),
            Self::Changed | Self::ChangedFrom | Self::ChangedTo => false,
        }
    }

    /// The operator that this one negates, where it does.
    pub(super) const fn positive(self) -> Option<Self> {
        match self {
            Self::NotEquals => Some(Self::Equals),
            Self::NotIn => Some(Self::In),
            Self::NotContains => Some(Self::Contains),
            Self::IsNotEmpty => Some(Self::IsEmpty),
            _ => None,
        }
    }
}

impl Asked for Field {
    fn name(&self) -> Cow<'static, str> {
        Self::name(*self)
    }

    fn kind(&self) -> Kind {
        Self::kind(*self)
    }

    fn is_ordered(&self) -> bool {
        *self != Self::Channel
    }

    fn words(&self) -> Vec<&'static str> {
        use crate::model::{Channel, Priority, Status};
        match self {
            Self::Status => Status::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Priority => Priority::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Channel => Channel::ALL.iter().map(|word| word.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    fn rank_of(&self, word: &str) -> Option<i16> {
        use crate::model::{Channel, Priority, Status};
        match self {
            Self::Status => word.parse().ok().map(Status::rank),
            Self::Priority => word.parse().ok().map(Priority::rank),
            Self::Channel => word.parse().ok().map(Channel::rank),
            _ => None,
        }
    }
}

impl Field {
    /// The word of a rank.
    pub(super) fn word_of(self, rank: i16) -> Option<&'static str> {
        use crate::model::{Channel, Priority, Status};
        match self {
            Self::Status => Status::from_rank(rank).map(Status::as_str),
            Self::Priority => Priority::from_rank(rank).map(Priority::as_str),
            Self::Channel => Channel::from_rank(rank).map(Channel::as_str),
            _ => None,
        }
    }
}
