//! What a list is asked for and how it is walked: by key set, so that page 10,000 costs what page 1 costs.

mod text;

pub use text::SortText;

use crate::condition::{CUSTOM, Condition, custom_order};
use crate::ids::{
    AuditId, NotificationId, OrganizationId, TeamId, TicketId, TimeEntryId, UserId, WorkflowId, WorkflowRunId,
};
use crate::model::{CustomFields, FieldKey, FieldType, NotificationKind, Role, RunOutcome, Subject};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;
use uuid::Uuid;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts; none on the last.
    pub next: Option<Position>,
    /// How many rows there are in all, where that was asked for.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// The page with every row turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next, total: self.total }
    }
}

/// A place in a sorted list: the last row's key and id. Rows that come later in the order follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// The sort key: microseconds since 1970, a rank, or a scaled number; 0 where the key is a text, and [`NO_VALUE`]
    /// where there is none.
    pub key: i64,
    /// The sort key of lists that are sorted by a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<SortText>,
    /// Breaks ties, in the same direction as the key.
    pub id: Uuid,
}

/// Where tickets stand in lists by a field of the desk's own that have no value of it: no number is as great.
pub const NO_VALUE: i64 = i64::MAX;

/// What a list of tickets can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortField {
    /// When it was made.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
    /// How much it matters.
    Priority,
    /// Where it stands.
    Status,
    /// When the next promised time is over; tickets without one come after all others.
    SlaDueAt,
    /// What they hold in a field of the desk's own, of a type that [has an order](FieldType::has_order); tickets that hold
    /// nothing come after all others, in both directions.
    Custom(FieldKey, FieldType),
}

impl SortField {
    /// Those that every desk has.
    pub const OF_EVERY_DESK: [Self; 5] =
        [Self::CreatedAt, Self::UpdatedAt, Self::Priority, Self::Status, Self::SlaDueAt];

    /// Of a name as it is written, on a desk with these fields.
    fn named(name: &str, fields: &CustomFields) -> Option<Self> {
        if let Some(key) = name.strip_prefix(CUSTOM) {
            let field = fields.by_key(key)?;
            return field.field_type.has_order().then_some(Self::Custom(field.key, field.field_type));
        }
        Self::OF_EVERY_DESK.into_iter().find(|field| field.to_string() == name)
    }
}

impl fmt::Display for SortField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreatedAt => f.write_str("created_at"),
            Self::UpdatedAt => f.write_str("updated_at"),
            Self::Priority => f.write_str("priority"),
            Self::Status => f.write_str("status"),
            Self::SlaDueAt => f.write_str("sla_due_at"),
            Self::Custom(key, _) => write!(f, "{CUSTOM}{key}"),
        }
    }
}

/// Where tickets stand in [`SortField::SlaDueAt`] of which nothing is due: the end of the year 9999, microseconds.
pub const NEVER_DUE: i64 = 253_402_300_799_999_999;

/// An order. Ties are broken by id in the same direction. It is written as the field's word, with `-` before it where the
/// greatest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sort {
    /// By what.
    pub field: SortField,
    /// Greatest first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { field: SortField::CreatedAt, descending: true }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.field)
    }
}

/// A list of tickets.
#[derive(Clone, Debug)]
pub struct TicketQuery {
    /// Which.
    pub filter: Condition,
    /// In which order.
    pub sort: Sort,
    /// After which place.
    pub after: Option<Position>,
    /// At most how many.
    pub limit: usize,
    /// The moment that relative times of the filter count from.
    pub now: Time,
}

/// A list of people, oldest first.
#[derive(Clone, Debug, Default)]
pub struct UserQuery {
    /// Only these roles; empty for all.
    pub roles: Vec<Role>,
    /// Only these people; empty for all.
    pub ids: Vec<UserId>,
    /// Only people of this company.
    pub organization_id: Option<OrganizationId>,
    /// Only active people, or only others.
    pub is_active: Option<bool>,
    /// Folded text that name or address contains.
    pub text: Option<String>,
    /// After this person.
    pub after: Option<UserId>,
    /// At most how many.
    pub limit: usize,
}

/// A list of companies, oldest first.
#[derive(Clone, Debug, Default)]
pub struct OrganizationQuery {
    /// Folded text that the name or a mail domain contains.
    pub text: Option<String>,
    /// After this company.
    pub after: Option<OrganizationId>,
    /// At most how many.
    pub limit: usize,
}

/// A list of audit lines, newest first.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// Only acts of this person.
    pub actor: Option<UserId>,
    /// Only acts on this subject.
    pub subject: Option<Subject>,
    /// Only acts of this name.
    pub action: Option<String>,
    /// Not before.
    pub from: Option<Time>,
    /// Not after (exclusive).
    pub to: Option<Time>,
    /// Only lines older than this one: its moment and id.
    pub before: Option<(Time, AuditId)>,
    /// At most how many.
    pub limit: usize,
}

/// A list of what rules did, newest first.
#[derive(Clone, Debug, Default)]
pub struct WorkflowRunQuery {
    /// Only those of this ticket.
    pub ticket_id: Option<TicketId>,
    /// Only those of this rule.
    pub workflow_id: Option<WorkflowId>,
    /// Only those that ended so; all where it is empty.
    pub outcomes: Vec<RunOutcome>,
    /// Only older ones than this.
    pub before: Option<WorkflowRunId>,
    /// At most how many.
    pub limit: usize,
}

/// A list of what a person was told on the desk, newest first.
#[derive(Clone, Debug)]
pub struct NotificationQuery {
    /// Whose.
    pub user_id: UserId,
    /// Only what is unread.
    pub unread: bool,
    /// Only of these kinds; all where it is empty.
    pub kinds: Vec<NotificationKind>,
    /// Only about this ticket.
    pub ticket_id: Option<TicketId>,
    /// Only older ones than this.
    pub before: Option<NotificationId>,
    /// At most how many.
    pub limit: usize,
}

impl NotificationQuery {
    /// The newest of a person's.
    pub fn of(user_id: UserId, limit: usize) -> Self {
        Self { user_id, unread: false, kinds: Vec::new(), ticket_id: None, before: None, limit }
    }
}

/// Which time that was spent on tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimeFilter {
    /// Not before.
    pub from: Option<Time>,
    /// Not after (exclusive).
    pub to: Option<Time>,
    /// Only on these tickets; none where the list is there and empty.
    pub tickets: Option<Vec<TicketId>>,
    /// Only this person's.
    pub user_id: Option<UserId>,
    /// Only for this customer.
    pub customer_id: Option<UserId>,
    /// Only for this company.
    pub organization_id: Option<OrganizationId>,
    /// Only what was spent on tickets of this team.
    pub team_id: Option<TeamId>,
    /// Only what somebody pays for, or only what nobody does.
    pub billable: Option<bool>,
}

/// A list of time that was spent on tickets, by the moment that it counts at, latest first.
#[derive(Clone, Debug, Default)]
pub struct TimeQuery {
    /// Which.
    pub filter: TimeFilter,
    /// Only what counts before this: moment and id.
    pub before: Option<(Time, TimeEntryId)>,
    /// At most how many.
    pub limit: usize,
}

/// A list whose rows can be counted, whatever page of it is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Countable<'a> {
    /// People; `after` and `limit` do not matter.
    Users(&'a UserQuery),
    /// Companies; `after` and `limit` do not matter.
    Organizations(&'a OrganizationQuery),
    /// Comments of a ticket.
    Comments(TicketId),
    /// Who listens to a ticket.
    Watchers(TicketId),
    /// Events of a ticket.
    TicketEvents(TicketId),
    /// Audit lines; `before` and `limit` do not matter.
    Audit(&'a AuditQuery),
}

impl Sort {
    /// Of an order as it is written, on a desk with these fields.
    pub fn read(text: &str, fields: &CustomFields) -> Option<Self> {
        let (descending, name) = text.strip_prefix('-').map_or((false, text), |name| (true, name));
        SortField::named(name, fields).map(|field| Self { field, descending })
    }

    /// Which of two places comes first.
    pub fn compare(self, one: &Position, other: &Position) -> Ordering {
        let has_none = |place: &Position| matches!(self.field, SortField::Custom(..)) && place.key == NO_VALUE;
        let order = one.cmp(other);
        has_none(one).cmp(&has_none(other)).then(if self.descending { order.reverse() } else { order })
    }
}

impl Position {
    /// The place of a row with this key.
    pub const fn at(key: i64, id: Uuid) -> Self {
        Self { key, text: None, id }
    }

    /// The place of a ticket in an order.
    pub fn of_ticket(sort: Sort, ticket: &crate::model::Ticket) -> Self {
        let key = match sort.field {
            SortField::CreatedAt => ticket.created_at.timestamp_micros(),
            SortField::UpdatedAt => ticket.updated_at.timestamp_micros(),
            SortField::Priority => i64::from(ticket.priority.rank()),
            SortField::Status => i64::from(ticket.status.rank()),
            SortField::SlaDueAt => ticket.sla_due_at().map_or(NEVER_DUE, |at| at.timestamp_micros()),
            SortField::Custom(key, field_type) => {
                let (key, text) = custom_order(&ticket.custom_fields, key, field_type).unwrap_or((NO_VALUE, None));
                return Self { key, text, id: ticket.id.0 };
            }
        };
        Self::at(key, ticket.id.0)
    }

    /// The ticket id that breaks ties.
    pub fn ticket_id(self) -> TicketId {
        TicketId(self.id)
    }
}
