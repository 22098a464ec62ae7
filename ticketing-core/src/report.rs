//! What reports count, and how a store is asked for it: in groups, never row by row.

use crate::ids::{OrganizationId, SlaPolicyId, TeamId, TicketId, UserId};
use crate::model::{Currency, MilestoneKind, Priority, SlaMetric, TimeSpent};
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

/// Which moments of tickets are counted for a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TeamTallyQuery {
    /// The team, as it was then.
    pub team_id: TeamId,
    /// Not before.
    pub from: Time,
    /// Not after (exclusive).
    pub to: Time,
}

/// How often something happened in somebody's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MilestoneTally {
    /// What happened.
    pub kind: MilestoneKind,
    /// In whose hands; none in nobody's.
    pub agent_id: Option<UserId>,
    /// How often.
    pub count: u64,
    /// How long after they were made that was for all of them together, seconds.
    pub spent: i64,
}

/// How long something took, in the middle and at the worse end, seconds: of so many values in their order the one at the
/// place `ceil(count * part)`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spread {
    /// What happened.
    pub kind: MilestoneKind,
    /// Half of them took at most so long.
    pub median: i64,
    /// Nine tenths of them took at most so long.
    pub p90: i64,
}

/// What happened in a team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeamTally {
    /// By kind and agent, in any order. None is empty.
    pub counts: Vec<MilestoneTally>,
    /// Of first responses and resolutions, in any order. Of what never happened there is none.
    pub spreads: Vec<Spread>,
    /// How many tickets of the team are neither resolved nor closed at this moment.
    pub open: u64,
}

/// Of which kinds a [`Spread`] is told.
pub const SPREADS: [MilestoneKind; 2] = [MilestoneKind::FirstResponse, MilestoneKind::Resolved];
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
