//! How a desk counts working time, and what it asks for it.

use super::{Money, TimeSpent, words};
use crate::ids::OrganizationId;
use crate::setting::{Setting, SingleSetting};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

words! {
    /// To which side measured time is rounded.
    Rounding {
        /// To the next step.
        Up = 0 "up",
        /// To the nearest step, halves up.
        Nearest = 1 "nearest",
        /// To the step before, though never to nothing.
        Down = 2 "down",
    }
}

/// What an hour costs a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationRate {
    /// Which company.
    pub organization_id: OrganizationId,
    /// What an hour costs it.
    #[serde(flatten)]
    pub rate: Money,
}

/// How a desk counts working time; there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TimeTracking {
    /// The step that measured time is rounded to; none where it is 0.
    pub round_to_minutes: i64,
    /// To which side.
    pub round: Rounding,
    /// Whether somebody pays for time of which nothing is said.
    pub default_billable: bool,
    /// What an hour costs whoever has no price of their own.
    pub default_rate: Option<Money>,
    /// What it costs companies that have one.
    pub rates: Vec<OrganizationRate>,
}

impl TimeTracking {
    /// The steps that there are, minutes.
    pub const STEPS: [i64; 8] = [0, 1, 5, 6, 10, 15, 30, 60];
    /// How many companies may have a price of their own.
    pub const MOST_RATES: usize = 500;

    /// How much a measured stretch of time counts. What would be rounded to nothing counts as one step.
    pub fn count(&self, measured: TimeDelta) -> TimeSpent {
        let measured = measured.num_microseconds().unwrap_or(i64::MAX);
        let step = TimeDelta::minutes(self.round_to_minutes).num_microseconds().unwrap_or_default();
        let measured = if step == 0 { measured } else { self.steps(measured, step).max(1).saturating_mul(step) };
        let unit = TimeSpent::UNIT.num_microseconds().unwrap_or(1);
        // Steps that are no whole hundredths of an hour are told as closely as those can say.
        let hundredths = if step == 0 { self.steps(measured, unit) } else { Self::NEAREST.steps(measured, unit) };
        TimeSpent::hundredths(hundredths).max(TimeSpent::LEAST)
    }

    const NEAREST: Self = Self {
        round_to_minutes: 0,
        round: Rounding::Nearest,
        default_billable: false,
        default_rate: None,
        rates: Vec::new(),
    };

    /// How many of these steps a stretch of time is, microseconds both.
    fn steps(&self, measured: i64, step: i64) -> i64 {
        let more = match self.round {
            Rounding::Up => step - 1,
            Rounding::Nearest => step / 2,
            Rounding::Down => 0,
        };
        measured.max(0).saturating_add(more) / step
    }

    /// What an hour costs this company, or somebody of none.
    pub fn rate_of(&self, organization_id: Option<OrganizationId>) -> Option<Money> {
        let own = self.rates.iter().find(|rate| Some(rate.organization_id) == organization_id);
        own.map(|own| own.rate).or(self.default_rate)
    }
}

impl Default for TimeTracking {
    fn default() -> Self {
        Self::NEAREST
    }
}

impl Setting for TimeTracking {
    const KIND: &'static str = "time_tracking";
}

impl SingleSetting for TimeTracking {}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(round_to_minutes: i64, round: Rounding, seconds: i64) -> i64 {
        let rule = TimeTracking { round_to_minutes, round, ..TimeTracking::default() };
        rule.count(TimeDelta::seconds(seconds)).as_hundredths()
    }

    #[test]
    fn measured_time_is_rounded_by_the_rule() {
        use Rounding::{Down, Nearest, Up};
        for (step, round, seconds, hundredths) in [
            (0, Nearest, 9_000, 250),
            (0, Nearest, 600, 17),
            (0, Nearest, 17, 1),
            (0, Nearest, 53, 1),
            (0, Nearest, 54, 2),
            (0, Up, 37, 2),
            (0, Down, 71, 1),
            (15, Up, 901, 50),
            (15, Up, 900, 25),
            (15, Nearest, 1_349, 25),
            (15, Nearest, 1_350, 50),
            (15, Down, 1_799, 25),
            (15, Down, 60, 25),
            (6, Up, 1, 10),
            (5, Up, 1, 8),
            (60, Nearest, 86_400, 2_400),
            (1, Down, 0, 2),
            (0, Down, 0, 1),
        ] {
            assert_eq!(count(step, round, seconds), hundredths, "{seconds} s to {step} min {round}");
        }
    }
}
