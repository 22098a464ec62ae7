//! What reports count, and how a store is asked for it: in groups, never row by row.

use crate::ids::{OrganizationId, SlaPolicyId, TeamId, TicketId, UserId};
use crate::model::{Currency, Priority, SlaMetric, TimeSpent};
use crate::query::TimeFilter;
use crate::time::Time;

/// By what promises are counted apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlaGrouping {
    /// All together.
    Whole,
    /// By priority.
    Priority,
    /// By team.
    Team,
    /// By agent.
    Agent,
    /// By policy.
    Policy,
    /// By periods that begin at these moments, in their order. The first begins where the report does, the last ends
    /// with it.
    Periods(Vec<Time>),
}

/// Which promises are counted, and how: those kept or broken in a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlaTallyQuery {
    /// Not before.
    pub from: Time,
    /// Not after (exclusive).
    pub to: Time,
    /// By what they are counted apart.
    pub group_by: SlaGrouping,
    /// Only these; all where it is empty.
    pub metrics: Vec<SlaMetric>,
    /// Only those that were in this team's queue.
    pub team_id: Option<TeamId>,
    /// At most how many tallies.
    pub limit: usize,
}

/// A group of promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SlaGroup {
    /// All together.
    Whole,
    /// Of tickets that mattered so.
    Priority(Priority),
    /// In this team's queue, or in none.
    Team(Option<TeamId>),
    /// In this person's hands, or in nobody's.
    Agent(Option<UserId>),
    /// By this policy.
    Policy(SlaPolicyId),
    /// In the period at this place.
    Period(usize),
}

/// What became of the promises of one group and metric. None is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SlaTally {
    /// Which group.
    pub group: SlaGroup,
    /// What was promised.
    pub metric: SlaMetric,
    /// How many were kept.
    pub kept: u64,
    /// How many were broken, whether or not it was done later.
    pub broken: u64,
    /// What had counted on all of them together, seconds.
    pub spent: i64,
}

/// By what working time is counted apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeGrouping {
    /// All together.
    Whole,
    /// By the ticket that it is with.
    Ticket,
    /// By who spent it.
    Agent,
    /// By whom it was for.
    Customer,
    /// By the company that it was for.
    Organization,
    /// By periods that begin at these moments, in their order. The first begins no later than what is counted.
    Periods(Vec<Time>),
}

/// Which working time is counted, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeTallyQuery {
    /// Which.
    pub filter: TimeFilter,
    /// By what it is counted apart.
    pub group_by: TimeGrouping,
    /// At most how many tallies.
    pub limit: usize,
}

/// A group of working time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeGroup {
    /// All together.
    Whole,
    /// With this ticket.
    Ticket(TicketId),
    /// Of this person.
    Agent(UserId),
    /// For this customer.
    Customer(UserId),
    /// For this company, or for nobody's.
    Organization(Option<OrganizationId>),
    /// In the period at this place.
    Period(usize),
}

/// The working time of one group that earns in one currency, or earns nothing. None is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeTally {
    /// Which group.
    pub group: TimeGroup,
    /// What it earns in; none where it earns nothing.
    pub currency: Option<Currency>,
    /// All of it.
    pub hours: TimeSpent,
    /// What somebody pays for.
    pub billable_hours: TimeSpent,
    /// How many entries it is of.
    pub entries: u64,
    /// What it earns, in the currency's smallest unit: the sum of what each entry earns.
    pub amount_minor: i64,
}
