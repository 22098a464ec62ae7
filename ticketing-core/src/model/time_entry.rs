//! Time that was spent on tickets, and what it is worth.

use super::UnknownWord;
use crate::decimal::Decimal;
use crate::ids::{OrganizationId, TeamId, TicketId, TimeEntryId, UserId};
use crate::time::Time;
use chrono::TimeDelta;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::fmt;
use std::ops::AddAssign;
use std::str::FromStr;

/// An amount of working time in whole hundredths of an hour, which are 36 seconds.
///
/// Hours with two decimals are what people log, read and bill. Kept in seconds, three entries of ten minutes would be shown
/// as 0.17 each and as 0.50 together; kept as what is shown, every sum is that of what one sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeSpent(i64);

impl TimeSpent {
    /// The least that can be logged.
    pub const LEAST: Self = Self(1);
    /// The most that one entry holds: a day.
    pub const MOST: Self = Self(2_400);
    /// How long a hundredth of an hour is.
    pub const UNIT: TimeDelta = TimeDelta::seconds(36);

    /// So many hundredths of an hour.
    pub const fn hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// How many hundredths of an hour it is.
    pub const fn as_hundredths(self) -> i64 {
        self.0
    }

    /// From hours as they were written; none where there are more than two digits behind the point.
    pub fn of_hours(hours: Decimal) -> Option<Self> {
        (hours.scaled() % 100 == 0).then(|| Self(hours.scaled() / 100))
    }
}

impl AddAssign for TimeSpent {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }
}

impl From<TimeSpent> for Value {
    fn from(time: TimeSpent) -> Self {
        // What has more digits than a number of the wire holds is no sum of working time.
        time.0.checked_mul(100).and_then(Decimal::from_scaled).map_or(Self::Null, Self::from)
    }
}

impl Serialize for TimeSpent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from(*self).serialize(serializer)
    }
}

impl fmt::Display for TimeSpent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// A currency by its three letters (ISO 4217).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// What stands for no currency (ISO 4217).
    pub const NONE: Self = Self(*b"XXX");

    /// Its three letters.
    pub fn as_str(&self) -> &str {
        // Made of ASCII letters alone.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Currency {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let letters: [u8; 3] = text.as_bytes().try_into().map_err(|_| UnknownWord)?;
        if letters.iter().all(u8::is_ascii_uppercase) { Ok(Self(letters)) } else { Err(UnknownWord) }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Money, exactly: so many of the currency's smallest unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// How many of the smallest unit, such as cents.
    pub amount_minor: i64,
    /// Of which currency.
    pub currency: Currency,
}

impl Money {
    /// The most that an hour may cost: a million of what has hundredths.
    pub const MOST_AN_HOUR: i64 = 100_000_000;

    /// What so much time costs at this price of an hour, rounded to the nearest smallest unit, halves up.
    #[must_use]
    pub fn for_time(self, time: TimeSpent) -> Self {
        let hundredths = self.amount_minor.saturating_mul(time.0);
        Self { amount_minor: hundredths.saturating_add(50).div_euclid(100), ..self }
    }
}

/// Time that somebody spent on a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeEntry {
    /// Its id.
    pub id: TimeEntryId,
    /// The ticket that it is with.
    pub ticket_id: TicketId,
    /// The ticket that it was logged on. Another than `ticket_id` once that one was merged.
    #[serde(skip)]
    pub logged_on: TicketId,
    /// Who spent it.
    pub user_id: UserId,
    /// How much.
    pub hours: TimeSpent,
    /// Whether somebody pays for it.
    #[serde(rename = "billable")]
    pub is_billable: bool,
    /// What was done.
    pub description: Option<String>,
    /// When it began, where that was said.
    pub started_at: Option<Time>,
    /// When it ended, where that was said and nothing lay between.
    pub ended_at: Option<Time>,
    /// The price of an hour when it was logged. Later prices change nothing about it.
    pub rate: Option<Money>,
    /// Who asked for the ticket then.
    pub customer_id: UserId,
    /// The company of the ticket then.
    pub organization_id: Option<OrganizationId>,
    /// The team that had the ticket then.
    pub team_id: Option<TeamId>,
    /// For conditional changes; stays where only the ticket is another.
    pub version: i64,
    /// When it was logged.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl TimeEntry {
    /// How long one lasts at most.
    pub const LONGEST: TimeDelta = TimeDelta::days(1);

    /// The moment that it counts at: when it began, else when it was logged.
    pub fn at(&self) -> Time {
        self.started_at.unwrap_or(self.created_at)
    }

    /// What it earns: nothing where nobody pays for it, or no price was set.
    pub fn amount(&self) -> Option<Money> {
        self.rate.filter(|_| self.is_billable).map(|rate| rate.for_time(self.hours))
    }
}

/// A stopwatch that runs or rests while somebody works on a ticket. A person has one at most. It is a row and no process:
/// what it shows follows from the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopwatch {
    /// Whose.
    pub user_id: UserId,
    /// For which ticket.
    pub ticket_id: TicketId,
    /// When it was started.
    pub started_at: Time,
    /// Since when it runs; none while it rests.
    pub running_since: Option<Time>,
    /// What it had counted when it last began to run, microseconds.
    pub counted: i64,
    /// What is being done.
    pub description: Option<String>,
    /// Whether somebody pays for it; as the desk's rule is then where nothing was said.
    pub is_billable: Option<bool>,
    /// For conditional changes.
    pub version: i64,
}

impl Stopwatch {
    /// What it shows at this moment, uncapped. A clock that went back counts as one that stood still.
    pub fn elapsed(&self, now: Time) -> TimeDelta {
        let runs = self.running_since.map_or(TimeDelta::zero(), |since| (now - since).max(TimeDelta::zero()));
        TimeDelta::microseconds(self.counted) + runs
    }

    /// Whether it ever rested, so that its beginning and end say more than it counted.
    pub fn has_rested(&self) -> bool {
        self.running_since != Some(self.started_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(text: &str) -> Option<TimeSpent> {
        TimeSpent::of_hours(Decimal::parse(text).unwrap())
    }

    #[test]
    fn hours_have_two_decimals_and_are_written_as_they_were_read() {
        for (text, json) in [("2.5", "2.5"), ("0.01", "0.01"), ("24", "24"), ("0.1", "0.1"), ("1.10", "1.1")] {
            assert_eq!(serde_json::to_string(&hours(text).unwrap()).unwrap(), json);
        }
        assert_eq!(hours("0.125"), None);
        assert_eq!(hours("0.07").unwrap().to_string(), "0.07");
        let mut sum = TimeSpent::default();
        for _ in 0..3 {
            sum += hours("0.1").unwrap();
        }
        assert_eq!(serde_json::to_string(&sum).unwrap(), "0.3");
    }

    #[test]
    fn money_is_rounded_to_the_nearest_unit() {
        let rate = |amount_minor| Money { amount_minor, currency: "EUR".parse().unwrap() };
        for (per_hour, hundredths, amount) in
            [(9_000, 250, 22_500), (9_999, 1, 100), (149, 1, 1), (150, 1, 2), (0, 9, 0)]
        {
            assert_eq!(rate(per_hour).for_time(TimeSpent(hundredths)).amount_minor, amount, "{per_hour} {hundredths}");
        }
        for bad in ["eur", "EU", "EURO", "E1R", "ÄÖ"] {
            assert!(bad.parse::<Currency>().is_err(), "{bad}");
        }
    }
}
