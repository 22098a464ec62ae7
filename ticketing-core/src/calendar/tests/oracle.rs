//! What working time is, minute by minute, from the wall clock alone: slow, and too simple to be wrong in the same way.

use crate::model::{Calendar, HolidayDate, Hours};
use crate::time::Time;
use chrono::{Datelike, TimeDelta, Timelike};

/// All offsets from UTC are of whole minutes since 1973, so a minute is open as a whole or not at all.
const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// A stretch of time, minute by minute.
pub(super) struct Minutes {
    start: Time,
    is_open: Vec<bool>,
}

impl Minutes {
    /// So many minutes from a whole one on.
    pub(super) fn count(calendar: &Calendar, start: Time, minutes: usize) -> Self {
        let (mut at, mut is_open) = (start, Vec::with_capacity(minutes));
        for _ in 0..minutes {
            is_open.push(works_in(calendar, at));
            at += MINUTE;
        }
        Self { start, is_open }
    }

    /// The moment at which a minute begins.
    pub(super) fn at(&self, minute: usize) -> Time {
        self.start + TimeDelta::minutes(i64::try_from(minute).unwrap())
    }

    pub(super) fn is_open(&self, minute: usize) -> bool {
        self.is_open[minute]
    }

    /// How many open minutes there are from one up to another.
    pub(super) fn between(&self, from: usize, to: usize) -> usize {
        (from..to).filter(|minute| self.is_open[*minute]).count()
    }

    /// The minute behind the last of so many open ones, unless it is beyond the end.
    pub(super) fn add(&self, from: usize, mut minutes: usize) -> Option<usize> {
        let mut at = from;
        while minutes > 0 {
            minutes -= usize::from(*self.is_open.get(at)?);
            at += 1;
        }
        Some(at)
    }

    /// The first minute from one on that is open, or closed, unless it is beyond the end.
    pub(super) fn next(&self, from: usize, open: bool) -> Option<usize> {
        (from..self.is_open.len()).find(|minute| self.is_open[*minute] == open)
    }
}

/// Whether the desk works in the minute that begins at this moment.
fn works_in(calendar: &Calendar, at: Time) -> bool {
    let mut hours = &calendar.hours;
    for former in calendar.earlier.iter().rev() {
        if at < former.until {
            hours = &former.hours;
        }
    }
    reads_open(hours, at)
}

/// What the wall clock says.
fn reads_open(hours: &Hours, at: Time) -> bool {
    let clock = at.with_timezone(&hours.time_zone).naive_local();
    let is_off = hours.holidays.iter().any(|holiday| match holiday.date {
        HolidayDate::Once(day) => day == clock.date(),
        HolidayDate::Yearly { month, day } => month == clock.month() && day == clock.day(),
    });
    let period = hours.periods.iter().find(|period| (period.from..=period.until).contains(&clock.date()));
    let week = period.map_or(&hours.weekly_hours, |period| &period.weekly_hours);
    let minute = clock.hour() * 60 + clock.minute();
    let mut slots = week.of(clock.weekday()).iter();
    !is_off && slots.any(|slot| (u32::from(slot.start.minutes())..u32::from(slot.end.minutes())).contains(&minute))
}
