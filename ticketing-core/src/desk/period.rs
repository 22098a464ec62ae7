//! The days, weeks and months of a time zone between two moments.

use crate::time::Time;
use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

/// Where a report begins or ends; both belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportEdge {
    /// At this moment.
    At(Time),
    /// With this whole day of the report's zone.
    Day(NaiveDate),
}

impl ReportEdge {
    /// The first moment of a report that begins here.
    pub(super) fn beginning(self, zone: Tz) -> Time {
        match self {
            Self::At(at) => at,
            Self::Day(day) => day_start(zone, day),
        }
    }

    /// What is told of a report that ends here, and the first moment that does not belong to it.
    pub(super) fn end(self, zone: Tz) -> (Time, Time) {
        match self {
            Self::At(at) => (at, at.checked_add_signed(TimeDelta::microseconds(1)).unwrap_or(at)),
            Self::Day(day) => {
                let next = day.checked_add_days(Days::new(1)).map_or(Time::MAX_UTC, |day| day_start(zone, day));
                (next, next)
            }
        }
    }
}

/// What a report counts in each of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
}

/// A period that begins at this moment, or was begun before where it is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub start: Time,
    /// Its first day.
    pub day: NaiveDate,
}

impl Unit {
    fn first_day(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => Some(day),
            Self::Week => day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())),
            Self::Month => day.with_day(1),
        }
    }

    fn next(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => day.checked_add_days(Days::new(1)),
            Self::Week => day.checked_add_days(Days::new(7)),
            Self::Month => day.checked_add_months(Months::new(1)),
        }
    }

    /// What a period is called: its first day, or the month.
    pub fn name(self, period: Period) -> String {
        match self {
            Self::Day | Self::Week => period.day.to_string(),
            Self::Month => period.day.format("%Y-%m").to_string(),
        }
    }
}

/// The first moment of a day.
pub(super) fn day_start(zone: Tz, day: NaiveDate) -> Time {
    let midnight = day.and_time(NaiveTime::MIN);
    // Where clocks skip midnight, the day begins with the first minute that there is; zones have skipped a whole day.
    let minutes = (0..=2 * 24 * 60).filter_map(|past| midnight.checked_add_signed(TimeDelta::minutes(past)));
    let mut real = minutes.filter_map(|local| zone.from_local_datetime(&local).earliest());
    real.next().map_or_else(|| midnight.and_utc(), |start| start.to_utc())
}

/// The periods that `from` up to `to` falls into, oldest first; none where there are more than `most`.
pub(super) fn periods(unit: Unit, zone: Tz, (from, to): (Time, Time), most: usize) -> Option<Vec<Period>> {
    let mut all: Vec<Period> = Vec::new();
    let mut next = unit.first_day(from.with_timezone(&zone).date_naive());
    while let Some(day) = next {
        let start = day_start(zone, day).max(from);
        if start >= to {
            break;
        }
        // A day that was skipped has no time.
        if all.last().is_some_and(|last| last.start == start) {
            all.pop();
        }
        if all.len() == most {
            return None;
        }
        all.push(Period { start, day });
        next = unit.next(day);
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn told(unit: Unit, zone: &str, from: &str, to: &str) -> Vec<(String, String)> {
        let all = periods(unit, zone.parse().unwrap(), (at(from), at(to)), 400).unwrap();
        let time = |start: Time| start.format("%dT%H:%M").to_string();
        all.into_iter().map(|period| (unit.name(period), time(period.start))).collect()
    }

    fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
        all.iter().map(|(name, start)| ((*name).to_owned(), (*start).to_owned())).collect()
    }

    #[test]
    fn days_are_those_of_the_zone_also_where_clocks_change() {
        let days = told(Unit::Day, "Europe/Berlin", "2026-03-28T10:00:00Z", "2026-03-30T22:00:00Z");
        let expected = [("2026-03-28", "28T10:00"), ("2026-03-29", "28T23:00"), ("2026-03-30", "29T22:00")];
        assert_eq!(days, pairs(&expected));
        // Midnight is skipped there on that day.
        let days = told(Unit::Day, "Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-24T12:00:00Z");
        assert_eq!(days, pairs(&[("2026-04-23", "23T12:00"), ("2026-04-24", "23T22:00")]));
        // And the thirtieth was on no calendar in Samoa.
        let days = told(Unit::Day, "Pacific/Apia", "2011-12-29T20:00:00Z", "2011-12-31T10:00:00Z");
        assert_eq!(days, pairs(&[("2011-12-29", "29T20:00"), ("2011-12-31", "30T10:00")]));
    }

    #[test]
    fn weeks_begin_on_monday_and_months_have_their_own_names() {
        let weeks = told(Unit::Week, "UTC", "2026-01-01T00:00:00Z", "2026-01-12T00:00:01Z");
        let expected = [("2025-12-29", "01T00:00"), ("2026-01-05", "05T00:00"), ("2026-01-12", "12T00:00")];
        assert_eq!(weeks, pairs(&expected));
        let months = told(Unit::Month, "America/New_York", "2026-01-31T12:00:00Z", "2026-04-01T04:00:00Z");
        assert_eq!(months, pairs(&[("2026-01", "31T12:00"), ("2026-02", "01T05:00"), ("2026-03", "01T05:00")]));
    }

    #[test]
    fn there_are_not_more_than_so_many() {
        let from = at("2026-01-01T00:00:00Z");
        let days = |days| periods(Unit::Day, Tz::UTC, (from, from + TimeDelta::days(days)), 400).map(|all| all.len());
        assert_eq!((days(400), days(401)), (Some(400), None));
        let all = (at("0001-01-01T00:00:00Z"), at("9999-12-31T00:00:00Z"));
        assert_eq!(periods(Unit::Month, Tz::UTC, all, 400), None);
    }
}
