//! Promised times: what a desk promises, and how a ticket stands to it.

use super::{EscalationTarget, Matching, Priority, Status, words};
use crate::ids::{CalendarId, SlaPolicyId, TeamId, TicketId, UserId};
use crate::setting::{Setting, Stored};
use crate::time::{BadDuration, Time, duration_text, parse_duration};
use chrono::TimeDelta;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

words! {
    /// What a time is promised for.
    SlaMetric {
        /// The first public comment of staff.
        FirstResponse = 0 "first_response",
        /// A public comment of staff after each word of the customer that has none yet.
        NextResponse = 1 "next_response",
        /// That the ticket is resolved.
        Resolution = 2 "resolution",
    }
}

words! {
    /// By what a report of promises is parted.
    SlaGroupBy {
        /// By what was promised.
        Metric = 0 "metric",
        /// By how much the ticket mattered.
        Priority = 1 "priority",
        /// By whose queue it was in.
        Team = 2 "team",
        /// By whose hands it was in.
        Agent = 3 "agent",
        /// By which policy it was promised.
        Policy = 4 "policy",
        /// By day.
        Day = 5 "day",
        /// By week, from Monday on.
        Week = 6 "week",
        /// By month.
        Month = 7 "month",
    }
}

/// A promised time; whole seconds. On the wire a duration such as `4h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Promise(pub TimeDelta);

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&duration_text(self.0))
    }
}

impl FromStr for Promise {
    type Err = BadDuration;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_duration(text).map(Self)
    }
}

/// How long before the end of a promised time somebody is warned: a duration, or a part of the promised time in
/// percent such as `20%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarnBefore {
    /// So long before.
    Time(TimeDelta),
    /// This part of the promised time before, 1 to 99 in a hundred.
    Percent(u8),
}

impl WarnBefore {
    /// How long before the end that is, of this promised time; never more than all of it.
    pub fn of(self, promised: TimeDelta) -> TimeDelta {
        match self {
            Self::Time(time) => time.min(promised),
            Self::Percent(part) => promised / 100 * i32::from(part),
        }
    }
}

impl fmt::Display for WarnBefore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => f.write_str(&duration_text(*time)),
            Self::Percent(part) => write!(f, "{part}%"),
        }
    }
}

/// Why a text is no [`WarnBefore`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a duration such as 15m, or a part such as 20% of 1% to 99%")]
pub struct BadWarning;

impl FromStr for WarnBefore {
    type Err = BadWarning;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some(digits) = text.strip_suffix('%') else {
            return parse_duration(text).map(Self::Time).map_err(|_| BadWarning);
        };
        let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let part = digits.parse().ok().filter(|part| is_number && (1..=99).contains(part));
        part.map(Self::Percent).ok_or(BadWarning)
    }
}

macro_rules! as_text {
    ($($name:ident),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
as_text!(Promise, WarnBefore);

/// What is promised to tickets of one priority. What has no time is not promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlaTargets {
    /// Until the first response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_response: Option<Promise>,
    /// Until each further response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_response: Option<Promise>,
    /// Until the ticket is resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Promise>,
    /// Whether only working time counts, by the calendar. Otherwise all time does.
    #[serde(default = "yes")]
    pub working_time: bool,
}

fn yes() -> bool {
    true
}

impl SlaTargets {
    /// What is promised for this.
    pub fn of(&self, metric: SlaMetric) -> Option<TimeDelta> {
        let promise = match metric {
            SlaMetric::FirstResponse => self.first_response,
            SlaMetric::NextResponse => self.next_response,
            SlaMetric::Resolution => self.resolution,
        };
        promise.map(|promise| promise.0)
    }
}

/// What is done with a ticket where a promise of the policy was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnBreach {
    /// Whether it goes a level up.
    pub escalate: bool,
    /// Whom it goes to then; stays with whoever has it where nothing is said.
    pub to: Option<EscalationTarget>,
    /// Whether its priority goes a step up.
    pub raise_priority: bool,
}

/// What a desk promises to some of its tickets. Of all policies the first whose conditions hold counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlaPolicy {
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Its place among the policies, lowest first.
    pub position: i32,
    /// Which tickets it is for, as it was written.
    pub conditions: Value,
    /// How the conditions of the outermost list belong together.
    #[serde(rename = "match")]
    pub matching: Matching,
    /// The calendar that working time is counted by; else the ticket's team's, else the desk's.
    pub calendar_id: Option<CalendarId>,
    /// What is promised, by priority.
    pub targets: BTreeMap<Priority, SlaTargets>,
    /// In which of these nothing counts.
    pub pause_on: Vec<Status>,
    /// How long before the end of a promised time somebody is warned.
    pub warn_before: Option<WarnBefore>,
    /// What is done where a promise was broken, beside telling it.
    #[serde(default)]
    pub on_breach: Option<OnBreach>,
    /// Whether it counts.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Time,
}

impl Setting for SlaPolicy {
    const KIND: &'static str = "sla_policy";
}

/// The policy's id.
pub fn policy_id(stored: &Stored<SlaPolicy>) -> SlaPolicyId {
    SlaPolicyId(stored.id)
}

/// A version of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlaPolicyRef {
    /// Which.
    pub id: SlaPolicyId,
    /// Which of its versions.
    pub version: i64,
}

/// How a ticket stands to what was promised. It changes only with its ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sla {
    /// By which policy; none where none is for it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<SlaPolicyRef>,
    /// The calendar that working time counts by: the policy's, else the team's or the desk's. None where that is all
    /// time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_id: Option<CalendarId>,
    /// Since when nothing counts, because of the ticket's status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_since: Option<Time>,
    /// Until the first response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_response: Option<SlaClock>,
    /// Until the next response; the last of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_response: Option<SlaClock>,
    /// Until it is resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<SlaClock>,
    /// Whether any promise was ever broken, also by a clock that is no longer there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_breached: bool,
    /// From when on it counts so: since the ticket's last change, or since the edit of a setting after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_at: Option<Time>,
    /// Whether it was last planned because of a setting, without an event of the ticket.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_replanned: bool,
    /// How it stood each time that it was planned so between the ticket's last two events, or since the last one, oldest
    /// first; some of them, of many the last. No event tells of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replans: Vec<Sla>,
}

/// One promised time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlaClock {
    /// Since when it is promised.
    pub started_at: Time,
    /// What is promised, seconds; 0 where it is promised no longer. The clock goes on, for it may be promised again.
    pub target: i64,
    /// Whether only working time counts.
    pub working_time: bool,
    /// What had counted at the ticket's last change, microseconds.
    pub spent: i64,
    /// Since when it counts on; none while it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts_since: Option<Time>,
    /// When it is over if nothing happens; none while it does not count. Of a promise that was kept, when it would
    /// have been over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Time>,
    /// When somebody is warned if nothing happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_at: Option<Time>,
    /// When somebody was warned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned_at: Option<Time>,
    /// When it was over and the promise not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breached_at: Option<Time>,
    /// When what was promised was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met_at: Option<Time>,
}

impl Sla {
    /// The clock of a metric.
    pub fn clock(&self, metric: SlaMetric) -> Option<&SlaClock> {
        match metric {
            SlaMetric::FirstResponse => self.first_response.as_ref(),
            SlaMetric::NextResponse => self.next_response.as_ref(),
            SlaMetric::Resolution => self.resolution.as_ref(),
        }
    }

    /// The clock's place.
    pub fn clock_mut(&mut self, metric: SlaMetric) -> &mut Option<SlaClock> {
        match metric {
            SlaMetric::FirstResponse => &mut self.first_response,
            SlaMetric::NextResponse => &mut self.next_response,
            SlaMetric::Resolution => &mut self.resolution,
        }
    }

    /// The clocks of what is promised.
    pub fn clocks(&self) -> impl Iterator<Item = (SlaMetric, &SlaClock)> {
        let all = SlaMetric::ALL.iter().filter_map(|metric| Some((*metric, self.clock(*metric)?)));
        all.filter(|(_, clock)| clock.target > 0)
    }

    /// The promise that still counts and is over first, and when that is or was.
    pub fn next_due(&self) -> Option<(SlaMetric, Time)> {
        let counting = self.clocks().filter(|(_, clock)| clock.counts_since.is_some());
        counting.filter_map(|(metric, clock)| Some((metric, clock.due_at?))).min_by_key(|(_, due_at)| *due_at)
    }

    /// The first moment at which something is to be told if nothing happens.
    pub fn wake_at(&self) -> Option<Time> {
        self.clocks().filter_map(|(_, clock)| clock.wake_at()).min()
    }
}

impl SlaClock {
    /// When something is to be told of it if nothing happens.
    fn wake_at(&self) -> Option<Time> {
        self.counts_since?;
        if self.breached_at.is_some() {
            return None;
        }
        let due_at = self.due_at.filter(|_| self.target > 0)?;
        Some(self.warn_at.filter(|_| self.warned_at.is_none()).map_or(due_at, |warn_at| warn_at.min(due_at)))
    }
}

/// What became of one promise. Priority, team and agent are those that the ticket had at the moment, so what is done to
/// the ticket later moves no numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlaResult {
    /// Of which ticket.
    pub ticket_id: TicketId,
    /// What was promised.
    pub metric: SlaMetric,
    /// Since when.
    pub started_at: Time,
    /// By which policy.
    pub policy_id: SlaPolicyId,
    /// What was promised, seconds.
    pub target: i64,
    /// What had counted when it was kept; of a promise that was broken and not yet kept, when it was over. Seconds.
    pub spent: i64,
    /// The moment: when it was broken, of what was over before it was promised when that was, else when it was kept.
    pub at: Time,
    /// When what was promised was done.
    pub met_at: Option<Time>,
    /// When it was over and the promise not kept.
    pub breached_at: Option<Time>,
    /// How much the ticket mattered.
    pub priority: Priority,
    /// Whose queue it was in.
    pub team_id: Option<TeamId>,
    /// Whose hands it was in.
    pub agent_id: Option<UserId>,
}
