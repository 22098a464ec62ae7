//! What a calendar is made of and changed by.

use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{Calendar, Holiday, HolidayDate, Period, Slot, TimeOfDay, WeeklyHours};
use crate::time::{Time, calendar_day};
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::collections::HashSet;

/// A calendar to be made: all that is said of it. Name, time zone and weekly hours must be.
#[derive(Clone, Debug)]
pub struct NewCalendar(pub CalendarPatch);

impl NewCalendar {
    /// A calendar without holidays.
    pub fn new(name: impl Into<String>, time_zone: impl Into<String>, weekly_hours: WeeklyHours) -> Self {
        Self(CalendarPatch {
            name: Patch::Set(name.into()),
            time_zone: Patch::Set(time_zone.into()),
            weekly_hours: Patch::Set(weekly_hours),
            ..CalendarPatch::default()
        })
    }
}

impl Input for NewCalendar {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["name", "time_zone", "weekly_hours"]);
        Self(CalendarPatch::read(fields))
    }

    fn check(&self, problems: &mut Problems) {
        let Self(given) = self;
        given.check(problems);
        let is_there =
            [given.name.as_ref().is_some(), given.time_zone.as_ref().is_some(), given.weekly_hours.as_ref().is_some()];
        for (field, is_there) in ["name", "time_zone", "weekly_hours"].into_iter().zip(is_there) {
            if !is_there {
                problems.add(field, "required", "Is required.");
            }
        }
    }
}

/// What to change of a calendar. Lists and the week are replaced as a whole.
#[derive(Clone, Debug, Default)]
pub struct CalendarPatch {
    /// What people call it. No other is called so.
    pub name: Patch<String>,
    /// The IANA name of the zone where the wall clock hangs.
    pub time_zone: Patch<String>,
    /// The usual hours. On a day that is not named no work is done.
    pub weekly_hours: Patch<WeeklyHours>,
    /// The days on which no work is done.
    pub holidays: Patch<Vec<Holiday>>,
    /// Stretches of days with other hours.
    pub periods: Patch<Vec<Period>>,
    /// Whether it counts where a team has none of its own; then no other does.
    pub is_default: Patch<bool>,
}

impl Input for CalendarPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name"),
            time_zone: fields.text("time_zone"),
            weekly_hours: fields.nested("weekly_hours", read_week).into(),
            holidays: whole(fields.list("holidays", read_holiday)),
            periods: whole(fields.list("periods", read_period)),
            is_default: fields.flag("is_default"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(name) = self.name.as_ref() {
            problems.text("name", name.trim(), 1..=Calendar::LONGEST_NAME, false);
        }
        if self.time_zone.as_ref().is_some_and(|zone| zone.parse::<Tz>().is_err()) {
            problems.add("time_zone", "unknown_value", "Is not an IANA time zone such as Europe/Berlin.");
        }
        if let Some(week) = self.weekly_hours.as_ref() {
            check_week(problems, "weekly_hours", week);
        }
        if let Some(holidays) = self.holidays.as_ref() {
            check_holidays(problems, holidays);
        }
        if let Some(periods) = self.periods.as_ref() {
            check_periods(problems, periods);
        }
    }
}

impl CalendarPatch {
    /// Changes a calendar; other hours count from this moment on. Everything was checked before.
    pub(super) fn apply(&self, calendar: &mut Calendar, at: Time) {
        if let Some(name) = self.name.as_ref() {
            name.trim().clone_into(&mut calendar.name);
        }
        let mut hours = calendar.hours.clone();
        if let Some(zone) = self.time_zone.as_ref().and_then(|zone| zone.parse().ok()) {
            hours.time_zone = zone;
        }
        if let Some(week) = self.weekly_hours.as_ref() {
            hours.weekly_hours = week.clone().sorted();
        }
        if let Some(holidays) = self.holidays.as_ref() {
            hours.holidays.clone_from(holidays);
            for holiday in &mut hours.holidays {
                holiday.name = holiday.name.trim().to_owned();
            }
        }
        if let Some(periods) = self.periods.as_ref() {
            hours.periods = periods.iter().map(tidy_period).collect();
        }
        calendar.change_hours(hours, at);
        self.is_default.apply(&mut calendar.is_default);
    }
}

fn tidy_period(period: &Period) -> Period {
    let name = period.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    Period { name: name.map(str::to_owned), weekly_hours: period.weekly_hours.clone().sorted(), ..*period }
}

/// The list, where every part of it could be read; else it is not looked at any further.
fn whole<T>(list: Patch<Vec<Option<T>>>) -> Patch<Vec<T>> {
    list.into_option().and_then(|all| all.into_iter().collect::<Option<Vec<T>>>()).into()
}

fn read_week(fields: &mut Fields) -> WeeklyHours {
    let mut week = WeeklyHours::default();
    for (name, day) in WeeklyHours::DAYS {
        *week.of_mut(day) = whole(fields.list(name, read_slot)).into_option().unwrap_or_default();
    }
    week
}

/// A text that must be there and have a form.
fn read_text<T: std::str::FromStr>(fields: &mut Fields, field: &str, form: &str) -> Option<T> {
    let read = fields.required_text(field).parse().ok();
    if read.is_none() {
        fields.fail(field, "invalid_value", format!("Must be {form}."));
    }
    read
}

fn read_slot(fields: &mut Fields) -> Option<Slot> {
    let form = "a time from 00:00 to 24:00, such as 09:30";
    let (start, end) = (read_text::<TimeOfDay>(fields, "start", form), read_text::<TimeOfDay>(fields, "end", form));
    Some(Slot { start: start?, end: end? })
}

fn read_holiday(fields: &mut Fields) -> Option<Holiday> {
    let date = read_text::<HolidayDate>(fields, "date", "a day such as 2026-12-25, or --12-25 for every year");
    let name = fields.required_text("name");
    Some(Holiday { date: date?, name })
}

fn read_period(fields: &mut Fields) -> Option<Period> {
    let name = fields.nullable_text("name").into_option().flatten();
    let mut day = |field: &str| {
        let day = calendar_day(&fields.required_text(field));
        if day.is_none() {
            fields.fail(field, "invalid_value", "Must be a day such as 2026-07-01.");
        }
        day
    };
    let (from, until) = (day("from"), day("until"));
    fields.require(&["weekly_hours"]);
    let weekly_hours = fields.nested("weekly_hours", read_week);
    Some(Period { name, from: from?, until: until?, weekly_hours: weekly_hours? })
}

fn check_week(problems: &mut Problems, at: &str, week: &WeeklyHours) {
    for (name, day) in WeeklyHours::DAYS {
        let (at, slots) = (format!("{at}.{name}"), week.of(day));
        if slots.len() > Calendar::MOST_SLOTS {
            let message = format!("May have at most {} slots a day.", Calendar::MOST_SLOTS);
            problems.add(at.as_str(), "too_many", message);
            continue;
        }
        for (place, slot) in slots.iter().enumerate() {
            let overlaps = |other: &Slot| other.start < slot.end && slot.start < other.end;
            if slot.end <= slot.start {
                problems.add(format!("{at}[{place}].end"), "invalid_value", "Must be after the start.");
            } else if slots[..place].iter().any(overlaps) {
                problems.add(format!("{at}[{place}]"), "overlap", "Overlaps another slot of the day.");
            }
        }
    }
}

fn check_holidays(problems: &mut Problems, holidays: &[Holiday]) {
    if holidays.len() > Calendar::MOST_HOLIDAYS {
        problems.add("holidays", "too_many", format!("May have at most {} entries.", Calendar::MOST_HOLIDAYS));
        return;
    }
    let mut known = HashSet::new();
    for (place, holiday) in holidays.iter().enumerate() {
        let name = format!("holidays[{place}].name");
        problems.text(&name, holiday.name.trim(), 1..=Calendar::LONGEST_NAME, false);
        if !known.insert(holiday.date) {
            problems.add(format!("holidays[{place}].date"), "duplicate", "Is there twice.");
        }
    }
}

fn check_periods(problems: &mut Problems, periods: &[Period]) {
    if periods.len() > Calendar::MOST_PERIODS {
        problems.add("periods", "too_many", format!("May have at most {} entries.", Calendar::MOST_PERIODS));
        return;
    }
    for (place, period) in periods.iter().enumerate() {
        let at = format!("periods[{place}]");
        if let Some(name) = &period.name {
            problems.text(&format!("{at}.name"), name.trim(), 0..=Calendar::LONGEST_NAME, false);
        }
        let days = |period: &Period| -> (NaiveDate, NaiveDate) { (period.from, period.until) };
        let (from, until) = days(period);
        if until < from {
            problems.add(format!("{at}.until"), "invalid_value", "May not be before the first day.");
        } else if periods[..place].iter().map(days).any(|(first, last)| first <= until && from <= last) {
            problems.add(at.as_str(), "overlap", "Has a day in common with another period.");
        }
        check_week(problems, &format!("{at}.weekly_hours"), &period.weekly_hours);
    }
}
