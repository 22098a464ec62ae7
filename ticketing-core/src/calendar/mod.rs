//! Working time: when a desk is open, and arithmetic with what counts of the time that passes. All pure.
//!
//! - The desk is open at a moment when the wall clock of its time zone says so: the clock stands in a slot of that
//!   day, from the slot's start up to but not including its end, and the day is no holiday. So a slot that a clock set
//!   forward jumps over is shorter by that much, and one that a clock set back goes through twice is open twice: what
//!   counts is the time that really passes. A day that a zone skips has no time at all.
//! - A holiday closes the whole local day, in a period too. In a [`Period`](crate::model::Period) its hours
//!   count instead of the usual ones.
//! - Hours that an edit replaced count up to the moment of the edit, and the new ones from then on.
//! - A deadline that falls on the end of a slot is that end, not the next opening. No working time after any moment,
//!   open or closed, is that moment itself.

mod era;
mod import;
mod known;
#[cfg(test)]
mod tests;

pub use import::{Found, ImportError, MOST_BYTES, MOST_EVENTS, Skipped, read_holidays};
pub use known::{Calendars, KnownCalendar};

use crate::model::{Calendar, Hours, Slot, TimeOfDay, WeeklyHours};
use crate::time::Time;
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use era::{Era, Stretch};
use std::sync::Arc;

/// How long the desk may be closed at a stretch. What would take longer never comes.
const LONGEST_CLOSED: TimeDelta = TimeDelta::days(3_653);
/// How far from now anything is looked for.
const HORIZON: TimeDelta = TimeDelta::days(36_525);

/// When the desk works, as [the module](self) explains. Cheap to clone.
#[derive(Clone, Debug)]
pub struct WorkingTime {
    /// What held when, oldest first; the last holds for good.
    eras: Arc<[Era]>,
    /// Whether it is open at every moment.
    is_always: bool,
}

/// A stretch of open time within one local day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The day, where the desk is.
    pub day: NaiveDate,
    /// The first moment of it.
    pub start: Time,
    /// The first moment after it.
    pub end: Time,
}

impl Span {
    /// How much time passes in it.
    pub fn length(&self) -> TimeDelta {
        self.end - self.start
    }
}

impl WorkingTime {
    /// Open at every moment: 24 hours on 7 days.
    pub fn round_the_clock() -> Self {
        let mut weekly_hours = WeeklyHours::default();
        for (_, day) in WeeklyHours::DAYS {
            weekly_hours.of_mut(day).push(Slot { start: TimeOfDay::START, end: TimeOfDay::END });
        }
        let hours = Hours { time_zone: Tz::UTC, weekly_hours, holidays: Vec::new(), periods: Vec::new() };
        Self::of(vec![Era::new(&hours, None)])
    }

    fn of(eras: Vec<Era>) -> Self {
        let is_always = eras.iter().all(Era::is_always);
        Self { eras: eras.into(), is_always }
    }

    /// Whether the desk is open at this moment.
    pub fn is_open(&self, at: Time) -> bool {
        self.is_always || self.era(at).is_some_and(|era| era.is_open(at))
    }

    /// When the desk opens next; the moment itself where it is open. None where it stays closed for ten years.
    pub fn next_open(&self, at: Time) -> Option<Time> {
        if self.is_always {
            return Some(at);
        }
        self.spans(at, later(at, LONGEST_CLOSED)).next().map(|span| span.start)
    }

    /// When the desk closes next; the moment itself where it is closed. None where it stays open for ten years.
    pub fn next_close(&self, at: Time) -> Option<Time> {
        if self.is_always {
            return None;
        }
        let until = later(at, LONGEST_CLOSED);
        let mut close = at;
        for span in self.spans(at, until) {
            if span.start > close {
                break;
            }
            close = span.end;
        }
        (close < until).then_some(close)
    }

    /// The moment at which this much working time has passed since another. Nothing, or less, passes at once. None
    /// where the desk stays closed for ten years before, or it would take more than a hundred.
    pub fn add(&self, from: Time, duration: TimeDelta) -> Option<Time> {
        if duration <= TimeDelta::zero() {
            return Some(from);
        }
        if self.is_always {
            return from.checked_add_signed(duration);
        }
        let mut left = duration;
        let mut closed_since = from;
        for span in self.spans(from, later(from, HORIZON)) {
            if span.start - closed_since > LONGEST_CLOSED {
                return None;
            }
            if left <= span.length() {
                return Some(span.start + left);
            }
            left -= span.length();
            closed_since = span.end;
        }
        None
    }

    /// How much working time passes from one moment to another; nothing where the other is no later.
    pub fn between(&self, from: Time, to: Time) -> TimeDelta {
        if self.is_always {
            return (to - from).max(TimeDelta::zero());
        }
        self.spans(from, to).fold(TimeDelta::zero(), |sum, span| sum + span.length())
    }

    /// The open time between two moments in its order, in pieces of one day and slot at most.
    pub fn spans(&self, from: Time, to: Time) -> impl Iterator<Item = Span> {
        self.stretches(from, to).flat_map(Stretch::spans)
    }

    /// The time between two moments, open or not, cut at midnights, clock changes and edits.
    fn stretches(&self, from: Time, to: Time) -> impl Iterator<Item = Stretch<'_>> {
        let mut at = from;
        std::iter::from_fn(move || {
            if at >= to {
                return None;
            }
            let stretch = self.era(at)?.stretch(at, to)?;
            at = stretch.end;
            Some(stretch)
        })
    }

    /// What holds at a moment.
    fn era(&self, at: Time) -> Option<&Era> {
        self.eras.iter().find(|era| era.holds_at(at))
    }
}

impl From<&Calendar> for WorkingTime {
    fn from(calendar: &Calendar) -> Self {
        let former = calendar.earlier.iter().map(|former| Era::new(&former.hours, Some(former.until)));
        Self::of(former.chain([Era::new(&calendar.hours, None)]).collect())
    }
}

fn later(at: Time, by: TimeDelta) -> Time {
    at.checked_add_signed(by).unwrap_or(Time::MAX_UTC)
}
