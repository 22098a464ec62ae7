//! Hours that held for a while, made ready to be asked.

use super::Span;
use crate::model::{HolidayDate, Hours, Slot, TimeOfDay, WeeklyHours};
use crate::time::Time;
use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use std::collections::HashSet;

const DAY: TimeDelta = TimeDelta::days(1);
/// Less than any clock change takes.
const INSTANT: TimeDelta = TimeDelta::microseconds(1);

/// What held up to a moment, or holds for good.
#[derive(Debug)]
pub(super) struct Era {
    until: Option<Time>,
    zone: Tz,
    week: WeeklyHours,
    once: HashSet<NaiveDate>,
    /// Month and day.
    yearly: HashSet<(u32, u32)>,
    /// First day, last day and hours, in their order.
    periods: Vec<(NaiveDate, NaiveDate, WeeklyHours)>,
}

impl Era {
    pub(super) fn new(hours: &Hours, until: Option<Time>) -> Self {
        let (mut once, mut yearly) = (HashSet::new(), HashSet::new());
        for holiday in &hours.holidays {
            match holiday.date {
                HolidayDate::Once(day) => drop(once.insert(day)),
                HolidayDate::Yearly { month, day } => drop(yearly.insert((month, day))),
            }
        }
        let of = |period: &crate::model::Period| (period.from, period.until, period.weekly_hours.clone().sorted());
        let mut periods: Vec<_> = hours.periods.iter().map(of).collect();
        periods.sort_by_key(|(from, ..)| *from);
        Self { until, zone: hours.time_zone, week: hours.weekly_hours.clone().sorted(), once, yearly, periods }
    }

    /// Whether it is what counts at a moment, unless an older one does.
    pub(super) fn holds_at(&self, at: Time) -> bool {
        self.until.is_none_or(|until| at < until)
    }

    /// Whether it is open at every moment.
    pub(super) fn is_always(&self) -> bool {
        let whole = [Slot { start: TimeOfDay::START, end: TimeOfDay::END }];
        let is_whole = |week: &WeeklyHours| WeeklyHours::DAYS.iter().all(|(_, day)| week.of(*day) == whole);
        self.once.is_empty()
            && self.yearly.is_empty()
            && is_whole(&self.week)
            && self.periods.iter().all(|(.., week)| is_whole(week))
    }

    /// The slots of a day.
    fn slots(&self, day: NaiveDate) -> &[Slot] {
        if self.once.contains(&day) || self.yearly.contains(&(day.month(), day.day())) {
            return &[];
        }
        let after = self.periods.partition_point(|(from, ..)| *from <= day);
        let period = after.checked_sub(1).map(|place| &self.periods[place]).filter(|(_, until, _)| day <= *until);
        period.map_or(&self.week, |(.., week)| week).of(day.weekday())
    }

    pub(super) fn is_open(&self, at: Time) -> bool {
        let Some(midnight) = self.midnight(at) else { return false };
        self.slots(midnight.1)
            .iter()
            .any(|slot| from_midnight(midnight.0, *slot).is_some_and(|(a, b)| a <= at && at < b))
    }

    /// When the local day of a moment began by its offset from UTC, whether or not the clock was set since, and
    /// which day it is. None at the ends of chrono's range.
    fn midnight(&self, at: Time) -> Option<(Time, NaiveDate)> {
        let local = at.naive_utc().checked_add_offset(self.offset(at))?;
        let since = local.time() - chrono::NaiveTime::MIN;
        Some((at.checked_sub_signed(since)?, local.date()))
    }

    fn offset(&self, at: Time) -> chrono::FixedOffset {
        self.zone.offset_from_utc_datetime(&at.naive_utc()).fix()
    }

    /// The time from a moment on that lies in one local day, under one offset from UTC, in this era and before another
    /// moment.
    pub(super) fn stretch(&self, at: Time, to: Time) -> Option<Stretch<'_>> {
        let (midnight, day) = self.midnight(at)?;
        let mut end = midnight.checked_add_signed(DAY)?.min(to);
        if let Some(until) = self.until {
            end = end.min(until);
        }
        // No zone has ever set its clock and set it back within a day.
        if self.offset(end - INSTANT) != self.offset(at) {
            end = self.clock_change(at, end)?;
        }
        Some(Stretch { day, midnight, start: at, end, slots: self.slots(day) })
    }

    /// The first moment after one, and before another, that has another offset.
    fn clock_change(&self, at: Time, end: Time) -> Option<Time> {
        let offset = self.offset(at);
        // Clocks are set at whole seconds.
        let (mut same, mut other) = (at.timestamp(), (end - INSTANT).timestamp());
        while other - same > 1 {
            let middle = same + (other - same) / 2;
            if self.offset(DateTime::from_timestamp(middle, 0)?) == offset {
                same = middle;
            } else {
                other = middle;
            }
        }
        DateTime::from_timestamp(other, 0)
    }
}

/// The first moment of a slot and the first after it, where midnight is this.
fn from_midnight(midnight: Time, slot: Slot) -> Option<(Time, Time)> {
    let at = |time: TimeOfDay| midnight.checked_add_signed(TimeDelta::minutes(time.minutes().into()));
    Some((at(slot.start)?, at(slot.end)?))
}

/// A piece of time in which the wall clock runs evenly through one day.
#[derive(Debug)]
pub(super) struct Stretch<'a> {
    day: NaiveDate,
    midnight: Time,
    start: Time,
    pub(super) end: Time,
    slots: &'a [Slot],
}

impl<'a> Stretch<'a> {
    /// What of it is open. Slots are in their order.
    pub(super) fn spans(self) -> impl Iterator<Item = Span> + use<'a> {
        let Self { day, midnight, start, end, slots } = self;
        slots.iter().filter_map(move |slot| {
            let (opens, closes) = from_midnight(midnight, *slot)?;
            let (start, end) = (opens.max(start), closes.min(end));
            (start < end).then_some(Span { day, start, end })
        })
    }
}
