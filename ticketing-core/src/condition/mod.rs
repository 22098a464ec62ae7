//! The one condition language: workflows, SLA selection, saved views, search, filters and exports
//! speak it.
//!
//! On the wire a condition is a leaf `{"field", "operator", "value"}`, a list of conditions (all of
//! them), or `{"all": […]}`, `{"any": […]}`, `{"not": …}`. Here it is the checked form: types are
//! right, values are folded and ranked, and every leaf is two-valued (a missing value fails every
//! test but [`Test::Empty`], so it passes every `not_…`). It is evaluated in memory ([`evaluate`])
//! and compiled to SQL by each store; a property test of the conformance suite holds them equal.
//!
//! | fields | value | operators |
//! |---|---|---|
//! | `ticket_number`, `subject`, `description`, `category` | text | `equals`, `not_equals`, `in`, `not_in`, `contains`, `not_contains`, `starts_with`, `is_empty`, `is_not_empty`, `matches` |
//! | `tags` | text | `equals`, `not_equals`, `in`, `not_in`, `contains`, `not_contains`, `starts_with`, `is_empty`, `is_not_empty`, `matches` |
//! | `status`, `priority` | word | `equals`, `not_equals`, `in`, `not_in`, `greater_than`, `less_than`, `between`, `is_empty`, `is_not_empty` |
//! | `channel` | word | `equals`, `not_equals`, `in`, `not_in`, `is_empty`, `is_not_empty` |
//! | `customer_id`, `organization_id`, `assigned_agent_id`, `team_id` | id | `equals`, `not_equals`, `in`, `not_in`, `is_empty`, `is_not_empty` |
//! | `escalation_level` | whole number | `equals`, `not_equals`, `in`, `not_in`, `greater_than`, `less_than`, `between`, `is_empty`, `is_not_empty` |
//! | `created_at`, `updated_at`, `first_responded_at`, `resolved_at`, `closed_at`, `wake_at`, `last_customer_reply_at`, `last_status_change_at`, `sla_due_at` | moment or date | `equals`, `not_equals`, `in`, `not_in`, `greater_than`, `less_than`, `between`, `is_empty`, `is_not_empty`, `older_than` |
//! | `is_sla_breached` | true or false | `equals`, `not_equals`, `in`, `not_in`, `is_empty`, `is_not_empty` |
//!
//! A custom field is `custom_fields.KEY`, and its type decides what can be asked of it:
//!
//! | type of custom field | value | operators |
//! |---|---|---|
//! | text, textarea, select | text | as `subject` |
//! | multiselect | text | as `tags` |
//! | number | number of at most four decimals | as `escalation_level` |
//! | date | date | as `created_at` |
//! | checkbox | true or false | as `channel` |
//!
//! `tag` is another name of `tags`, `number` of `ticket_number`. `changed`, `changed_from` and
//! `changed_to` are known but need history; a ticket as it stands has none.
//!
//! - Texts are compared folded ([`crate::fold`]), but `matches` asks the original. Of a list,
//!   `equals`, `in` and `contains` ask for a whole member; `starts_with` and `matches` for one member
//!   that does.
//! - `null` or an empty text in `equals` and `in` means that there is no value: `equals` with `null`
//!   is `is_empty`. `is_empty` takes no value.
//! - `between` takes `[min, max]`, both included. Words are ordered as the contract lists them.
//! - A moment is RFC 3339, cut to the microsecond. A bare date is that whole day in UTC:
//!   `equals` means within the day, `less_than` before it begins, `greater_than` after it has ended,
//!   `between` from the first day's beginning to the second day's end. It can't stand in `in`.
//! - `older_than` takes a duration ([`crate::time::parse_duration`]) and holds for what lies
//!   strictly further back; `matches` a regular expression of the linear-time kind.
//! - In a view, whose conditions mean something else to each who looks ([`parse_viewed`]), `me` stands for the reader in
//!   `assigned_agent_id` and `customer_id`, `my_teams` for the reader's teams in `team_id`, and `now`, `now+4h` and
//!   `now-2d` for moments. It can't ask `matches`.
//! - At most 8 groups deep, 100 tests of which 20 are `matches`, 200 values in a list, 1,000
//!   characters in a text.

mod custom;
mod evaluate;
mod grammar;
mod json;
mod operand;
mod operator;
mod parse;
#[cfg(all(test, feature = "conformance"))]
mod property;
#[cfg(test)]
mod tests;
mod value;
mod viewed;

pub use crate::model::custom_field::CUSTOM;
pub use custom::{CustomValue, custom_order, custom_values};
pub use evaluate::{TicketFacts, evaluate};
pub use grammar::{Asked, Grammar, History, Wire};
pub use operator::Operator;
pub use parse::{parse, parse_field, read, spellings};
pub use value::{FieldValue, passes};
pub use viewed::{Viewer, parse_viewed};

use crate::decimal::Decimal;
use crate::model::{FieldKey, FieldType, Matching};
use crate::time::{Time, to_micros};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use std::borrow::Cow;
use uuid::Uuid;

/// How much a condition may ask for. It is evaluated at every change and in every list.
pub mod limit {
    /// Groups around a test.
    pub const DEPTH: usize = 8;
    /// Tests in all; an empty group counts as one.
    pub const LEAVES: usize = 100;
    /// Values of a list.
    pub const LIST: usize = 200;
    /// Characters of a text, as it was sent and as it is folded.
    pub const TEXT: usize = 1_000;
    /// Regular expressions in all.
    pub const PATTERNS: usize = 20;
    /// Bytes that a compiled regular expression takes, and its cache again.
    pub const PATTERN_BYTES: usize = 1024 * 1024;
    /// Failures that are told at once.
    pub(super) const ERRORS: usize = 200;
    /// Characters of a stranger's key that a failure repeats.
    pub(super) const KEY: usize = 100;
}

/// A checked condition: over a ticket as it stands, unless it asks for other fields.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition<F = Field> {
    /// Every one holds; true when empty.
    All(Vec<Self>),
    /// At least one holds; false when empty.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// A test of one field.
    Leaf(Leaf<F>),
}

impl<F> Condition<F> {
    /// Holds for every ticket.
    pub const fn always() -> Self {
        Self::All(Vec::new())
    }

    /// A test of one field.
    pub fn leaf(field: F, test: Test) -> Self {
        Self::Leaf(Leaf { field, test })
    }

    /// Whether it holds where each test does or does not, as this says of it. No more are asked than
    /// it takes.
    pub fn holds_by(&self, passes: &mut impl FnMut(&Leaf<F>) -> bool) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds_by(passes)),
            Self::Any(parts) => parts.iter().any(|part| part.holds_by(passes)),
            Self::Not(inner) => !inner.holds_by(passes),
            Self::Leaf(leaf) => passes(leaf),
        }
    }

    /// The outermost list of conditions, as it was said that they belong together. One alternative of none would hold
    /// for nothing; where nothing is asked, it holds for everything.
    #[must_use]
    pub fn matching(self, matching: Matching) -> Self {
        match (self, matching) {
            (Self::All(parts), Matching::Any) if !parts.is_empty() => Self::Any(parts),
            (condition, _) => condition,
        }
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }
}

impl Condition {
    /// Whether any test asks for this field of the desk.
    pub fn asks_for(&self, key: FieldKey) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.asks_for(key)),
            Self::Not(inner) => inner.asks_for(key),
            Self::Leaf(leaf) => matches!(leaf.field, Field::Custom(own, _) if own == key),
        }
    }
}

/// A test of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf<F = Field> {
    /// The field.
    pub field: F,
    /// What is asked of it.
    pub test: Test,
}

impl<F: Asked> Leaf<F> {
    /// Whether the test can hold for this kind of field at all. One that does not fit is false for
    /// every ticket, in memory and in SQL alike; the parser lets none through.
    pub fn fits(&self) -> bool {
        let kind = self.field.kind();
        match &self.test {
            Test::In(_) | Test::Empty => true,
            Test::Contains(_) => kind == Kind::Text,
            Test::StartsWith(_) | Test::Matches(_) => matches!(kind, Kind::Text | Kind::Texts),
            Test::Range { min, max } => {
                matches!(kind, Kind::Word | Kind::Number | Kind::Time | Kind::Decimal | Kind::Date)
                    && [min, max].into_iter().flatten().all(|bound| bound.value.fits(kind))
            }
            Test::OlderThan(_) => matches!(kind, Kind::Time | Kind::Date),
        }
    }
}

/// The moment before which something is older than `age`, or `None` where that is before all time.
pub fn older_than_cut(now: Time, age: TimeDelta) -> Option<Time> {
    now.checked_sub_signed(age).map(to_micros)
}

/// The day before which a day has begun longer than `age` ago, or `None` where that is before all time.
pub fn older_than_day(now: Time, age: TimeDelta) -> Option<NaiveDate> {
    let cut = older_than_cut(now, age)?;
    if cut.time() == NaiveTime::MIN { Some(cut.date_naive()) } else { cut.date_naive().succ_opt() }
}

/// What is asked of a field's value. `not_equals`, `not_in`, `not_contains` and `is_not_empty` are
/// the same tests under [`Condition::Not`].
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// The value, or one of a list's values, is one of these.
    In(Vec<Literal>),
    /// The folded text contains this folded text. Text fields only.
    Contains(String),
    /// The folded text starts with this folded text; for a list, one member does.
    StartsWith(String),
    /// The value lies between the bounds. Ranks, numbers, moments and days only.
    Range {
        /// The lower bound, if any.
        min: Option<Bound>,
        /// The upper bound, if any.
        max: Option<Bound>,
    },
    /// There is no value, an empty text or an empty list.
    Empty,
    /// The moment, or the beginning of the day (UTC), lies further back than this before now.
    OlderThan(TimeDelta),
    /// The original text, or one of a list's members, matches this linear-time regular expression.
    /// SQL can't say it: stores answer TRUE and the caller checks in memory.
    Matches(Pattern),
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// Where.
    pub value: Literal,
    /// Whether the end itself belongs to the range.
    pub inclusive: bool,
}

impl Bound {
    /// An end that belongs to the range.
    pub const fn at(value: Literal) -> Self {
        Self { value, inclusive: true }
    }

    /// An end that the range only comes near.
    pub const fn beyond(value: Literal) -> Self {
        Self { value, inclusive: false }
    }
}

/// A checked value. Values of one kind have their own order; of different kinds, none that means
/// anything.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub enum Literal {
    /// Folded text.
    Text(String),
    /// An id.
    Id(Uuid),
    /// The rank of a status, priority or channel.
    Rank(i16),
    /// A number.
    Number(i64),
    /// A moment.
    Time(Time),
    /// A number with decimals.
    Decimal(Decimal),
    /// A day. Written in its one form, days are ordered as texts are.
    Date(NaiveDate),
    /// Yes or no.
    Flag(bool),
}

impl Literal {
    /// Whether a field of this kind can have such a value.
    pub fn fits(&self, kind: Kind) -> bool {
        match self {
            Self::Text(_) => matches!(kind, Kind::Text | Kind::Texts),
            Self::Id(_) => kind == Kind::Id,
            Self::Rank(_) => kind == Kind::Word,
            Self::Number(_) => kind == Kind::Number,
            Self::Time(_) => kind == Kind::Time,
            Self::Decimal(_) => kind == Kind::Decimal,
            Self::Date(_) => kind == Kind::Date,
            Self::Flag(_) => kind == Kind::Flag,
        }
    }

    /// The text that such a value is compared as among the values of custom fields; none for a number,
    /// which is compared as one, and for what no custom field holds.
    pub fn custom_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(text.as_str().into()),
            Self::Date(date) => Some(date.to_string().into()),
            Self::Flag(yes) => Some((if *yes { "true" } else { "false" }).into()),
            Self::Id(_) | Self::Rank(_) | Self::Number(_) | Self::Time(_) | Self::Decimal(_) => None,
        }
    }
}

/// A compiled regular expression; equal where the source is.
#[derive(Clone, Debug)]
pub struct Pattern(pub regex::Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// A field of a ticket that conditions can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names are the ticket's own; see `model::Ticket`.
pub enum Field {
    TicketNumber,
    Subject,
    Description,
    Status,
    Priority,
    Category,
    Tags,
    Channel,
    CustomerId,
    OrganizationId,
    AssignedAgentId,
    TeamId,
    EscalationLevel,
    CreatedAt,
    UpdatedAt,
    FirstRespondedAt,
    ResolvedAt,
    ClosedAt,
    WakeAt,
    LastCustomerReplyAt,
    LastStatusChangeAt,
    SlaDueAt,
    IsSlaBreached,
    /// A field that the desk has added.
    Custom(FieldKey, FieldType),
}

/// What kind of value a field holds; it decides which operators fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, compared folded.
    Text,
    /// A list of texts, compared folded.
    Texts,
    /// One of a closed set of words with a rank.
    Word,
    /// An id, or none.
    Id,
    /// A number.
    Number,
    /// A moment, or none.
    Time,
    /// A number with decimals, or none.
    Decimal,
    /// A day, or none.
    Date,
    /// Yes, no, or neither.
    Flag,
}

impl Field {
    /// Every field that all desks have.
    pub const ALL: &'static [Self] = &[
        Self::TicketNumber,
        Self::Subject,
        Self::Description,
        Self::Status,
        Self::Priority,
        Self::Category,
        Self::Tags,
        Self::Channel,
        Self::CustomerId,
        Self::OrganizationId,
        Self::AssignedAgentId,
        Self::TeamId,
        Self::EscalationLevel,
        Self::CreatedAt,
        Self::UpdatedAt,
        Self::FirstRespondedAt,
        Self::ResolvedAt,
        Self::ClosedAt,
        Self::WakeAt,
        Self::LastCustomerReplyAt,
        Self::LastStatusChangeAt,
        Self::SlaDueAt,
        Self::IsSlaBreached,
    ];

    /// The name on the wire.
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Custom(key, _) => return Cow::Owned(format!("{CUSTOM}{key}")),
            Self::TicketNumber => "ticket_number",
            Self::Subject => "subject",
            Self::Description => "description",
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Category => "category",
            Self::Tags => "tags",
            Self::Channel => "channel",
            Self::CustomerId => "customer_id",
            Self::OrganizationId => "organization_id",
            Self::AssignedAgentId => "assigned_agent_id",
            Self::TeamId => "team_id",
            Self::EscalationLevel => "escalation_level",
            Self::CreatedAt => "created_at",
            Self::UpdatedAt => "updated_at",
            Self::FirstRespondedAt => "first_responded_at",
            Self::ResolvedAt => "resolved_at",
            Self::ClosedAt => "closed_at",
            Self::WakeAt => "wake_at",
            Self::LastCustomerReplyAt => "last_customer_reply_at",
            Self::LastStatusChangeAt => "last_status_change_at",
            Self::SlaDueAt => "sla_due_at",
            Self::IsSlaBreached => "is_sla_breached",
        })
    }

    /// What kind of value it holds.
    pub const fn kind(self) -> Kind {
        match self {
            Self::TicketNumber | Self::Subject | Self::Description | Self::Category => Kind::Text,
            Self::Tags => Kind::Texts,
            Self::Status | Self::Priority | Self::Channel => Kind::Word,
            Self::CustomerId | Self::OrganizationId | Self::AssignedAgentId | Self::TeamId => Kind::Id,
            Self::EscalationLevel => Kind::Number,
            Self::IsSlaBreached => Kind::Flag,
            Self::CreatedAt
            | Self::UpdatedAt
            | Self::FirstRespondedAt
            | Self::ResolvedAt
            | Self::ClosedAt
            | Self::WakeAt
            | Self::LastCustomerReplyAt
            | Self::LastStatusChangeAt
            | Self::SlaDueAt => Kind::Time,
            Self::Custom(_, field_type) => field_type.kind(),
        }
    }
}
