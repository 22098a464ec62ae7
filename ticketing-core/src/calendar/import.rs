//! Holidays from an iCalendar file (RFC 5545), such as authorities and calendar programs give out.

use crate::model::{Calendar, Holiday, HolidayDate};
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;
use icalendar::parser::{Component, Property, unfold};
use serde::Serialize;

/// Bytes of a file.
pub const MOST_BYTES: usize = 1024 * 1024;
/// Events of a file.
pub const MOST_EVENTS: usize = 1_000;
/// Days of all events together.
const MOST_HOLIDAYS: usize = 5_000;
/// Days of one event.
const MOST_DAYS: i64 = 366;
/// How deep an event may hold others. Alarms are one deep; who nests endlessly wants to exhaust the reader.
const DEEPEST: usize = 3;

/// Why nothing could be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is too long.
    #[error("may have at most {MOST_BYTES} bytes")]
    TooLong,
    /// There are too many events in it.
    #[error("may have at most {MOST_EVENTS} events")]
    TooMany,
    /// There are too many days in them.
    #[error("may have at most {MOST_HOLIDAYS} days in it")]
    TooManyDays,
    /// There is no event in it.
    #[error("has no event in it: an iCalendar file with a VEVENT for each holiday is wanted")]
    NoEvent,
}

/// An event that is no holiday here, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// What the event is called, where it says so.
    pub summary: Option<String>,
    /// Why it is left out.
    pub reason: String,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The days, in the file's order.
    pub holidays: Vec<Holiday>,
    /// What could not be carried over.
    pub skipped: Vec<Skipped>,
}

/// Reads the holidays of a file for a desk in this zone. Each event is read by itself, so that one that is broken
/// spoils no other.
pub fn read_holidays(text: &str, zone: Tz) -> Result<Found, ImportError> {
    if text.len() > MOST_BYTES {
        return Err(ImportError::TooLong);
    }
    let text = unfold(text.trim_start_matches('\u{feff}'));
    let mut found = Found::default();
    let mut events = 0;
    for event in events_of(&text) {
        events += 1;
        if events > MOST_EVENTS {
            return Err(ImportError::TooMany);
        }
        let read = event.map_err(|reason| (None, reason)).and_then(|source| read_event(&source, zone));
        match read {
            Ok(holidays) => found.holidays.extend(holidays),
            Err((summary, reason)) => found.skipped.push(Skipped { summary, reason: reason.to_owned() }),
        }
        if found.holidays.len() > MOST_HOLIDAYS {
            return Err(ImportError::TooManyDays);
        }
    }
    if events == 0 { Err(ImportError::NoEvent) } else { Ok(found) }
}

/// The source of each event, or why it can't be read.
fn events_of(text: &str) -> impl Iterator<Item = Result<String, &'static str>> {
    let mut lines = text.lines();
    std::iter::from_fn(move || {
        lines.by_ref().find(|line| is_mark(line, "BEGIN", Some("VEVENT")))?;
        let (mut source, mut depth, mut deepest) = ("BEGIN:VEVENT\n".to_owned(), 1, 1);
        for line in lines.by_ref() {
            if is_mark(line, "END", Some("VEVENT")) {
                let event = source + "END:VEVENT\n";
                return Some(if deepest > DEEPEST { Err("it holds too many parts in one another") } else { Ok(event) });
            }
            if is_mark(line, "BEGIN", None) {
                depth += 1;
                deepest = deepest.max(depth);
            } else if is_mark(line, "END", None) {
                depth -= 1;
            }
            source.push_str(line);
            source.push('\n');
        }
        Some(Err("it has no end"))
    })
}

/// Whether a line begins or ends something, and just this.
fn is_mark(line: &str, mark: &str, of: Option<&str>) -> bool {
    line.trim_end().split_once(':').is_some_and(|(name, value)| {
        name.eq_ignore_ascii_case(mark) && of.is_none_or(|of| value.eq_ignore_ascii_case(of))
    })
}

type Refusal = (Option<String>, &'static str);

fn read_event(source: &str, zone: Tz) -> Result<Vec<Holiday>, Refusal> {
    let event = Component::try_from(source).map_err(|_| (None, "it can't be read"))?;
    let summary = property(&event, "SUMMARY").map(|summary| tidy(summary.val.as_str()));
    let summary = summary.filter(|summary| !summary.is_empty());
    let days = days_of(&event, zone).map_err(|reason| (summary.clone(), reason))?;
    let name = |date: &HolidayDate| summary.clone().unwrap_or_else(|| date.to_string());
    Ok(days.into_iter().map(|date| Holiday { name: name(&date), date }).collect())
}

fn property<'a>(event: &'a Component<'_>, name: &str) -> Option<&'a Property<'a>> {
    event.properties.iter().find(|property| property.name.as_str().eq_ignore_ascii_case(name))
}

/// One line of at most as many characters as a name may have.
fn tidy(summary: &str) -> String {
    let words = summary.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    line.chars().take(Calendar::LONGEST_NAME).collect::<String>().trim_end().to_owned()
}

fn days_of(event: &Component<'_>, zone: Tz) -> Result<Vec<HolidayDate>, &'static str> {
    if property(event, "STATUS").is_some_and(|status| status.val.as_str().eq_ignore_ascii_case("CANCELLED")) {
        return Err("it is cancelled");
    }
    if property(event, "RECURRENCE-ID").is_some() {
        return Err("it changes one day of a repetition");
    }
    let start = property(event, "DTSTART").ok_or("it has no day")?;
    let start = moment(start.val.as_str(), zone).ok_or("its day can't be read")?;
    let (first, last) = (start.day, last_day(event, start, zone)?);
    if (last - first).num_days() >= MOST_DAYS {
        return Err("it takes more than a year");
    }
    let days = first.iter_days().take_while(|day| *day <= last);
    if ["RDATE", "EXDATE"].iter().any(|name| property(event, name).is_some()) {
        return Err("it repeats on days of a list");
    }
    match property(event, "RRULE") {
        None => Ok(days.map(HolidayDate::Once).collect()),
        Some(rule) if is_yearly(rule.val.as_str(), first) => Ok(days.map(HolidayDate::yearly).collect()),
        Some(_) => Err("it repeats otherwise than each year on its day, without an end"),
    }
}

/// The last day, which is in it. An event ends before the day or the midnight that it names as its end.
fn last_day(event: &Component<'_>, start: Moment, zone: Tz) -> Result<NaiveDate, &'static str> {
    if let Some(end) = property(event, "DTEND") {
        let end = moment(end.val.as_str(), zone).filter(|end| end.day >= start.day).ok_or("its end can't be read")?;
        let is_before = end.time.unwrap_or(NaiveTime::MIN) == NaiveTime::MIN;
        let last = if is_before { end.day.pred_opt() } else { Some(end.day) };
        return Ok(last.unwrap_or(start.day).max(start.day));
    }
    let Some(duration) = property(event, "DURATION") else { return Ok(start.day) };
    let days = whole_days(duration.val.as_str());
    let last = days.and_then(|days| start.day.checked_add_days(Days::new(days.max(1) - 1)));
    last.ok_or("how long it takes can't be read")
}

/// `P3D` and `P1W`; what takes hours is on its day alone.
fn whole_days(duration: &str) -> Option<u64> {
    let text = duration.strip_prefix('+').unwrap_or(duration).strip_prefix('P')?;
    let number = |digits: &str| digits.parse::<u64>().ok().filter(|count| *count <= 10_000);
    if let Some(weeks) = text.strip_suffix('W') {
        return number(weeks).map(|weeks| weeks * 7);
    }
    let (days, time) = text.split_once('T').unwrap_or((text, ""));
    match days.strip_suffix('D') {
        Some(days) => number(days),
        None => (days.is_empty() && !time.is_empty()).then_some(1),
    }
}

/// A day, and the time of it unless all of it is meant.
#[derive(Clone, Copy)]
struct Moment {
    day: NaiveDate,
    time: Option<NaiveTime>,
}

/// `20261225`, or `20261225T090000` as the wall clock of the event has it, or with a `Z` in UTC, which is then brought
/// to the zone.
fn moment(text: &str, zone: Tz) -> Option<Moment> {
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'T');
    let read = if text.len() == 8 && is_plain {
        Moment { day: NaiveDate::parse_from_str(text, "%Y%m%d").ok()?, time: None }
    } else if text.len() == 15 && is_plain {
        of(NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok()?)
    } else {
        let utc = NaiveDateTime::parse_from_str(text.strip_suffix('Z')?, "%Y%m%dT%H%M%S").ok()?;
        of(utc.and_utc().with_timezone(&zone).naive_local())
    };
    crate::time::YEARS.contains(&read.day.year()).then_some(read)
}

fn of(local: NaiveDateTime) -> Moment {
    Moment { day: local.date(), time: Some(local.time()) }
}

/// Whether a rule says nothing but "each year on this day, for ever".
fn is_yearly(rule: &str, day: NaiveDate) -> bool {
    let mut is_yearly = false;
    let parts = rule.split(';').filter(|part| !part.is_empty());
    let all_fit = parts.map(|part| part.split_once('=').unwrap_or((part, ""))).all(|(name, value)| {
        match name.to_ascii_uppercase().as_str() {
            "FREQ" => {
                is_yearly = value.eq_ignore_ascii_case("YEARLY");
                is_yearly
            }
            "INTERVAL" => value.parse() == Ok(1),
            "BYMONTH" => value.parse() == Ok(day.month()),
            "BYMONTHDAY" => value.parse() == Ok(day.day()),
            // When weeks begin changes no day of a year.
            "WKST" => true,
            _ => false,
        }
    });
    is_yearly && all_fit
}
