//! When a desk works: the hours of each weekday, the days it is closed, and stretches of days with other hours.

use crate::ids::CalendarId;
use crate::setting::{Setting, Stored};
use crate::time::{Time, calendar_day};
use chrono::{Datelike, NaiveDate, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A time of the wall clock to the minute, from 00:00 to 24:00, which is the end of the day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

/// The text is no time of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a time from 00:00 to 24:00, such as 09:30")]
pub struct NotATimeOfDay;

impl TimeOfDay {
    /// When a day begins.
    pub const START: Self = Self(0);
    /// When a day ends.
    pub const END: Self = Self(24 * 60);

    /// Minutes since the day began, by the wall clock.
    pub const fn minutes(self) -> u16 {
        self.0
    }

    /// The time this many minutes after the day began, if the day is as long.
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes <= Self::END.0 { Some(Self(minutes)) } else { None }
    }
}

impl FromStr for TimeOfDay {
    type Err = NotATimeOfDay;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (hours, minutes) = text.split_once(':').ok_or(NotATimeOfDay)?;
        let read = |part: &str| {
            let is_pair = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            if is_pair { part.parse::<u16>().ok() } else { None }
        };
        let (hours, minutes) = (read(hours).ok_or(NotATimeOfDay)?, read(minutes).ok_or(NotATimeOfDay)?);
        if minutes > 59 {
            return Err(NotATimeOfDay);
        }
        Self::from_minutes(hours * 60 + minutes).ok_or(NotATimeOfDay)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// When a holiday is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HolidayDate {
    /// On this day: `2026-12-25`.
    Once(NaiveDate),
    /// On this day of every year that has it: `--12-25`.
    Yearly {
        /// 1 to 12.
        month: u32,
        /// 1 to 31.
        day: u32,
    },
}

/// The text is no day, and no day of every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a day such as 2026-12-25, or --12-25 for every year")]
pub struct NotAHolidayDate;

/// A year that has every day.
const LEAP_YEAR: i32 = 2_000;

impl HolidayDate {
    /// The same day of every year.
    pub fn yearly(day: NaiveDate) -> Self {
        Self::Yearly { month: day.month(), day: day.day() }
    }
}

impl FromStr for HolidayDate {
    type Err = NotAHolidayDate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let whole = text.strip_prefix("--").map(|day| format!("{LEAP_YEAR}-{day}"));
        match whole {
            Some(whole) => calendar_day(&whole).map(Self::yearly),
            None => calendar_day(text).map(Self::Once),
        }
        .ok_or(NotAHolidayDate)
    }
}

impl fmt::Display for HolidayDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once(day) => day.fmt(f),
            Self::Yearly { month, day } => write!(f, "--{month:02}-{day:02}"),
        }
    }
}

/// Values that are texts in JSON.
macro_rules! texts {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

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

texts!(TimeOfDay, HolidayDate);

/// A stretch of a day: from its start, up to but not including its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slot {
    /// When work begins.
    pub start: TimeOfDay,
    /// When it ends.
    pub end: TimeOfDay,
}

/// When work is done on each day of the week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)] // The days of the week.
pub struct WeeklyHours {
    pub monday: Vec<Slot>,
    pub tuesday: Vec<Slot>,
    pub wednesday: Vec<Slot>,
    pub thursday: Vec<Slot>,
    pub friday: Vec<Slot>,
    pub saturday: Vec<Slot>,
    pub sunday: Vec<Slot>,
}

impl WeeklyHours {
    /// The days by their names on the wire, Monday first.
    pub const DAYS: [(&'static str, Weekday); 7] = [
        ("monday", Weekday::Mon),
        ("tuesday", Weekday::Tue),
        ("wednesday", Weekday::Wed),
        ("thursday", Weekday::Thu),
        ("friday", Weekday::Fri),
        ("saturday", Weekday::Sat),
        ("sunday", Weekday::Sun),
    ];

    /// The slots of a day.
    pub fn of(&self, day: Weekday) -> &[Slot] {
        match day {
            Weekday::Mon => &self.monday,
            Weekday::Tue => &self.tuesday,
            Weekday::Wed => &self.wednesday,
            Weekday::Thu => &self.thursday,
            Weekday::Fri => &self.friday,
            Weekday::Sat => &self.saturday,
            Weekday::Sun => &self.sunday,
        }
    }

    /// The slots of a day, to be changed.
    pub fn of_mut(&mut self, day: Weekday) -> &mut Vec<Slot> {
        match day {
            Weekday::Mon => &mut self.monday,
            Weekday::Tue => &mut self.tuesday,
            Weekday::Wed => &mut self.wednesday,
            Weekday::Thu => &mut self.thursday,
            Weekday::Fri => &mut self.friday,
            Weekday::Sat => &mut self.saturday,
            Weekday::Sun => &mut self.sunday,
        }
    }

    /// The same with the slots of each day in their order.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        for (_, day) in Self::DAYS {
            self.of_mut(day).sort_unstable();
        }
        self
    }

    /// Whether no work is done on any day.
    pub fn is_empty(&self) -> bool {
        Self::DAYS.iter().all(|(_, day)| self.of(*day).is_empty())
    }
}

/// A day on which no work is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// When.
    pub date: HolidayDate,
    /// What it is called.
    pub name: String,
}

/// A stretch of days with hours of its own, such as a summer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// What it is called.
    pub name: Option<String>,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
    /// The hours that count instead of the usual ones.
    pub weekly_hours: WeeklyHours,
}

/// All that says when work is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Where the wall clock hangs.
    #[serde(with = "zone")]
    pub time_zone: Tz,
    /// The usual hours.
    pub weekly_hours: WeeklyHours,
    /// The days on which no work is done.
    pub holidays: Vec<Holiday>,
    /// Stretches of days with other hours; no two have a day in common.
    pub periods: Vec<Period>,
}

/// Zones by their IANA names.
mod zone {
    use super::{Deserialize, Deserializer, Serializer, Tz};

    #[allow(clippy::trivially_copy_pass_by_ref)] // Serde hands values over so.
    pub(super) fn serialize<S: Serializer>(zone: &Tz, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(zone.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Hours that held until an edit replaced them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerHours {
    /// When they ceased to hold.
    pub until: Time,
    /// What they were.
    pub hours: Hours,
}

/// One calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// What people call it.
    pub name: String,
    /// When work is done.
    #[serde(flatten)]
    pub hours: Hours,
    /// Whether it counts where a team has none of its own; one calendar at most.
    pub is_default: bool,
    /// Since when there is such a calendar.
    pub created_at: Time,
    /// What its hours were before edits, oldest first: time that has passed is counted by what held then.
    pub earlier: Vec<FormerHours>,
}

impl Setting for Calendar {
    const KIND: &'static str = "calendar";
}

impl Calendar {
    /// How many a desk can have.
    pub const MOST: usize = 200;
    /// Slots of one day.
    pub const MOST_SLOTS: usize = 10;
    /// Holidays of one calendar.
    pub const MOST_HOLIDAYS: usize = 1_000;
    /// Periods of one calendar.
    pub const MOST_PERIODS: usize = 50;
    /// Former hours that are kept of one calendar.
    pub const MOST_EARLIER: usize = 100;
    /// Holidays that all former hours together may have, so that a document stays small.
    const MOST_EARLIER_HOLIDAYS: usize = 10_000;
    /// Characters of any name.
    pub const LONGEST_NAME: usize = 100;

    /// Other hours from this moment on.
    pub fn change_hours(&mut self, hours: Hours, at: Time) {
        if hours == self.hours {
            return;
        }
        let former = std::mem::replace(&mut self.hours, hours);
        self.earlier.push(FormerHours { until: at, hours: former });
        let mut holidays = 0;
        let kept = self.earlier.iter().rev().take(Self::MOST_EARLIER).take_while(|former| {
            holidays += former.hours.holidays.len();
            holidays <= Self::MOST_EARLIER_HOLIDAYS
        });
        let dropped = self.earlier.len() - kept.count();
        self.earlier.drain(..dropped);
    }
}

/// The id of a stored calendar.
pub(crate) fn id(stored: &Stored<Calendar>) -> CalendarId {
    CalendarId(stored.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_the_day_have_one_form() {
        for (text, minutes) in [("00:00", 0), ("09:30", 570), ("23:59", 1_439), ("24:00", 1_440)] {
            let time: TimeOfDay = text.parse().unwrap();
            assert_eq!((time.minutes(), time.to_string().as_str()), (minutes, text));
        }
        for bad in ["", "9:30", "09:60", "24:01", "25:00", "09:30:00", "09.30", "+9:30", "-1:00", "٠٩:٣٠", " 09:30"]
        {
            assert_eq!(bad.parse::<TimeOfDay>(), Err(NotATimeOfDay), "{bad}");
        }
    }

    #[test]
    fn holidays_are_of_one_year_or_of_every_one() {
        for text in ["2026-12-25", "2028-02-29", "--12-25", "--02-29"] {
            assert_eq!(text.parse::<HolidayDate>().unwrap().to_string(), text);
        }
        for bad in ["", "12-25", "-12-25", "--2-29", "--02-30", "2026-02-29", "---12-25", "--2026-12-25", "--12-25 "] {
            assert_eq!(bad.parse::<HolidayDate>(), Err(NotAHolidayDate), "{bad}");
        }
    }

    fn hours(holidays: usize, name: &str) -> Hours {
        let holiday = Holiday { date: "--12-25".parse().unwrap(), name: name.to_owned() };
        let (weekly_hours, periods) = (WeeklyHours::default(), Vec::new());
        Hours { time_zone: Tz::UTC, weekly_hours, holidays: vec![holiday; holidays], periods }
    }

    #[test]
    fn former_hours_are_kept_newest_first_and_not_endlessly() {
        let created_at = Time::default();
        let mut calendar = Calendar {
            name: "Office".to_owned(),
            hours: hours(1, "0"),
            is_default: true,
            created_at,
            earlier: Vec::new(),
        };
        let at = |turn: usize| Time::from_timestamp(i64::try_from(turn).unwrap(), 0).unwrap();
        calendar.change_hours(hours(1, "0"), at(0));
        assert!(calendar.earlier.is_empty(), "nothing has changed");
        for turn in 1..=150 {
            calendar.change_hours(hours(1, &turn.to_string()), at(turn));
        }
        assert_eq!(calendar.earlier.len(), Calendar::MOST_EARLIER);
        let (oldest, newest) = (&calendar.earlier[0], &calendar.earlier[99]);
        assert_eq!((oldest.until, oldest.hours.holidays[0].name.as_str()), (at(51), "50"));
        assert_eq!((newest.until, newest.hours.holidays[0].name.as_str()), (at(150), "149"));
        for turn in 151..=165 {
            calendar.change_hours(hours(1_000, &turn.to_string()), at(turn));
        }
        assert_eq!(calendar.earlier.len(), 10, "ten times a thousand holidays");
        let back: Calendar = serde_json::from_value(serde_json::to_value(&calendar).unwrap()).unwrap();
        assert_eq!(back, calendar);
    }
}
