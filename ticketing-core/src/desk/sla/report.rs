//! How well a desk keeps what it promises, in numbers.

use crate::access::Call;
use crate::desk::period::{Period, ReportEdge, Unit, periods};
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::ids::TeamId;
use crate::model::{Role, SlaGroupBy, SlaMetric};
use crate::report::{SlaGroup, SlaGrouping, SlaTally, SlaTallyQuery};
use crate::time::Time;
use chrono::TimeDelta;
use chrono_tz::Tz;
use serde::Serialize;
use std::collections::BTreeMap;

/// How far back a report goes where nothing is said.
const SPAN: TimeDelta = TimeDelta::days(30);
/// How many periods a report has at most.
const MOST_PERIODS: usize = 400;
/// How many groups a report has at most.
const MOST_GROUPS: usize = 1_000;

/// What a report of promises is to count.
#[derive(Clone, Debug, Default)]
pub struct SlaReportQuery {
    /// Its beginning; thirty days before its end where nothing is said.
    pub from: Option<ReportEdge>,
    /// Its end; now where nothing is said.
    pub to: Option<ReportEdge>,
    /// By what it is parted; by metric where nothing is said.
    pub group_by: Option<SlaGroupBy>,
    /// Only these; all where it is empty.
    pub metrics: Vec<SlaMetric>,
    /// Only what was in this team's queue.
    pub team_id: Option<TeamId>,
    /// The zone of its days; UTC where nothing is said.
    pub time_zone: Option<Tz>,
}

/// How many promises of a kind were kept and broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct SlaAttainment {
    /// How many were kept.
    pub kept: u64,
    /// How many were broken, also where it was done later.
    pub broken: u64,
    /// The part of them that was kept, 0 to 1, rounded down to four places; none where there was no promise.
    pub attainment: Option<f64>,
    /// What had counted on one, on the average, seconds: until it was done, or until it was over where it was not.
    pub mean_seconds: Option<i64>,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlaReportGroup {
    /// What it is of: a word, an id, a day or a month. None for what was in no team's queue or nobody's hands.
    pub key: Option<String>,
    /// What people call that, where it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its numbers.
    pub metrics: BTreeMap<SlaMetric, SlaAttainment>,
}

/// How well the desk kept what it promised.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlaReport {
    /// Where it begins.
    pub from: Time,
    /// Where it ends.
    pub to: Time,
    /// By what it is parted.
    pub group_by: SlaGroupBy,
    /// All together.
    pub metrics: BTreeMap<SlaMetric, SlaAttainment>,
    /// Its parts: words in their order, names by name, periods by time.
    pub groups: Vec<SlaReportGroup>,
}

/// A query that makes sense.
pub(super) struct Plan {
    pub(super) from: Time,
    /// As it is told.
    pub(super) to: Time,
    group_by: SlaGroupBy,
    metrics: Vec<SlaMetric>,
    /// The periods, where it is parted by these.
    periods: Option<(Unit, Vec<Period>)>,
    pub(super) query: SlaTallyQuery,
}

impl Desk {
    /// How many promises were kept and broken in a stretch of time, by team, agent, priority and policy as they were at
    /// that moment. For managers and administrators.
    pub async fn sla_report(&self, call: impl Into<Call>, query: SlaReportQuery) -> Result<SlaReport, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Manager)?;
        let snapshot = self.snapshot().await?;
        let plan = query.plan(self.now())?;
        let tallies = self.store.sla_report(&self.scope(&call.actor), &plan.query).await?;
        let sums = Sums::of(&tallies, plan.group_by);
        if sums.groups.len() > MOST_GROUPS {
            let message = format!("There are more than {MOST_GROUPS}; choose another, or one team.");
            return Err(Error::field("group_by", "too_many", message));
        }
        let groups = match &plan.periods {
            Some((unit, periods)) => plan.of_periods(*unit, periods, &sums),
            None => self.named_groups(&snapshot, &plan, &sums).await?,
        };
        let Plan { from, to, group_by, metrics, .. } = plan;
        Ok(SlaReport { from, to, group_by, metrics: attainment(&metrics, &sums.whole), groups })
    }

    async fn named_groups(&self, snapshot: &Snapshot, plan: &Plan, sums: &Sums) -> Result<Vec<SlaReportGroup>, Error> {
        let agents = sums.groups.keys().filter_map(|part| match part {
            Part::Of(SlaGroup::Agent(id)) => *id,
            _ => None,
        });
        let agents = self.people_of(snapshot, agents).await?;
        let name = |part: &Part| match part {
            Part::Of(SlaGroup::Team(id)) => Some(snapshot.directory.team((*id)?)?.name.clone()),
            Part::Of(SlaGroup::Agent(id)) => Some(agents.get(&(*id)?)?.name.clone()),
            Part::Of(SlaGroup::Policy(id)) => Some(snapshot.sla_policies.get(*id)?.stored.content.name.clone()),
            _ => None,
        };
        let mut groups: Vec<SlaReportGroup> = sums
            .groups
            .iter()
            .map(|(part, sums)| {
                let metrics = if let Part::Metric(metric) = part { &[*metric][..] } else { &plan.metrics };
                SlaReportGroup { key: part.key(), name: name(part), metrics: attainment(metrics, sums) }
            })
            .collect();
        if matches!(plan.group_by, SlaGroupBy::Team | SlaGroupBy::Agent | SlaGroupBy::Policy) {
            groups.sort_by_key(|group| {
                (group.key.is_none(), group.name.is_none(), group.name.clone(), group.key.clone())
            });
        }
        Ok(groups)
    }
}

fn unit(group_by: SlaGroupBy) -> Option<Unit> {
    match group_by {
        SlaGroupBy::Day => Some(Unit::Day),
        SlaGroupBy::Week => Some(Unit::Week),
        SlaGroupBy::Month => Some(Unit::Month),
        _ => None,
    }
}

impl SlaReportQuery {
    pub(super) fn plan(self, now: Time) -> Result<Plan, Error> {
        let zone = self.time_zone.unwrap_or(Tz::UTC);
        let (to, end) = self.to.unwrap_or(ReportEdge::At(now)).end(zone);
        let from = match self.from {
            Some(from) => from.beginning(zone),
            None => to.checked_sub_signed(SPAN).unwrap_or(to),
        };
        if from >= end {
            return Err(Error::field("from", "out_of_range", "Must not be after the report's end."));
        }
        let group_by = self.group_by.unwrap_or(SlaGroupBy::Metric);
        let periods = match unit(group_by) {
            Some(unit) => {
                let message = format!("From first to last there may be at most {MOST_PERIODS} of them.");
                let all = periods(unit, zone, (from, end), MOST_PERIODS);
                Some((unit, all.ok_or_else(|| Error::field("group_by", "too_many", message))?))
            }
            None => None,
        };
        let grouping = match (group_by, &periods) {
            (_, Some((_, all))) => SlaGrouping::Periods(all.iter().map(|period| period.start).collect()),
            (SlaGroupBy::Priority, _) => SlaGrouping::Priority,
            (SlaGroupBy::Team, _) => SlaGrouping::Team,
            (SlaGroupBy::Agent, _) => SlaGrouping::Agent,
            (SlaGroupBy::Policy, _) => SlaGrouping::Policy,
            _ => SlaGrouping::Whole,
        };
        let query = SlaTallyQuery {
            from,
            to: end,
            group_by: grouping,
            metrics: self.metrics.clone(),
            team_id: self.team_id,
            // One more than there may be says that there are too many.
            limit: MOST_GROUPS * SlaMetric::ALL.len() + 1,
        };
        let metrics = if self.metrics.is_empty() { SlaMetric::ALL.to_vec() } else { self.metrics };
        Ok(Plan { from, to, group_by, metrics, periods, query })
    }
}

impl Plan {
    /// How all of these promises were kept.
    pub(super) fn whole(&self, tallies: &[SlaTally]) -> BTreeMap<SlaMetric, SlaAttainment> {
        attainment(&self.metrics, &Sums::of(tallies, self.group_by).whole)
    }

    /// Every period, also one in which nothing was promised.
    fn of_periods(&self, unit: Unit, periods: &[Period], sums: &Sums) -> Vec<SlaReportGroup> {
        let none = BTreeMap::new();
        let group = |(place, period): (usize, &Period)| {
            let sums = sums.groups.get(&Part::Of(SlaGroup::Period(place))).unwrap_or(&none);
            SlaReportGroup { key: Some(unit.name(*period)), name: None, metrics: attainment(&self.metrics, sums) }
        };
        periods.iter().enumerate().map(group).collect()
    }
}

/// What a group of the report is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Metric(SlaMetric),
    Of(SlaGroup),
}

impl Part {
    fn key(&self) -> Option<String> {
        match self {
            Self::Metric(metric) => Some(metric.to_string()),
            Self::Of(SlaGroup::Priority(priority)) => Some(priority.to_string()),
            Self::Of(SlaGroup::Team(id)) => id.map(|id| id.to_string()),
            Self::Of(SlaGroup::Agent(id)) => id.map(|id| id.to_string()),
            Self::Of(SlaGroup::Policy(id)) => Some(id.to_string()),
            Self::Of(SlaGroup::Whole | SlaGroup::Period(_)) => None,
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Sum {
    kept: u64,
    broken: u64,
    spent: i64,
}

impl Sum {
    fn add(&mut self, tally: &SlaTally) {
        self.kept += tally.kept;
        self.broken += tally.broken;
        self.spent = self.spent.saturating_add(tally.spent);
    }
}

/// What was counted, all together and by group.
#[derive(Default)]
struct Sums {
    whole: BTreeMap<SlaMetric, Sum>,
    groups: BTreeMap<Part, BTreeMap<SlaMetric, Sum>>,
}

impl Sums {
    fn of(tallies: &[SlaTally], group_by: SlaGroupBy) -> Self {
        let mut sums = Self::default();
        for tally in tallies {
            let part = if group_by == SlaGroupBy::Metric { Part::Metric(tally.metric) } else { Part::Of(tally.group) };
            sums.whole.entry(tally.metric).or_default().add(tally);
            sums.groups.entry(part).or_default().entry(tally.metric).or_default().add(tally);
        }
        sums
    }
}

fn attainment(metrics: &[SlaMetric], sums: &BTreeMap<SlaMetric, Sum>) -> BTreeMap<SlaMetric, SlaAttainment> {
    metrics.iter().map(|metric| (*metric, sums.get(metric).copied().unwrap_or_default().into())).collect()
}

impl From<Sum> for SlaAttainment {
    fn from(Sum { kept, broken, spent }: Sum) -> Self {
        let all = kept + broken;
        Self {
            kept,
            broken,
            // Rounded down: one broken promise is never all kept.
            attainment: (kept * 10_000)
                .checked_div(all)
                .and_then(|part| u16::try_from(part).ok())
                .map(|part| f64::from(part) / 10_000.0),
            mean_seconds: i64::try_from(all).ok().and_then(|all| spent.checked_div(all)),
        }
    }
}
