//! Moments as every store keeps them: UTC, to the microsecond.

use chrono::{DateTime, Datelike, NaiveDate, SubsecRound, TimeDelta, Utc};

/// A moment in UTC. Everything that is stored is cut to microseconds first, so that what is read
/// back equals what was written.
pub type Time = DateTime<Utc>;

/// Cuts a moment to the precision that every store keeps.
pub fn to_micros(at: Time) -> Time {
    at.trunc_subsecs(6)
}

/// The moment at this many microseconds since 1970, or `None` outside chrono's range.
pub fn from_micros(micros: i64) -> Option<Time> {
    DateTime::from_timestamp_micros(micros)
}

/// Years that both databases and RFC 3339 can say.
pub(crate) const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

/// The day of a text such as `2026-01-15`, written just so.
pub fn calendar_day(text: &str) -> Option<NaiveDate> {
    let date: NaiveDate = text.parse().ok()?;
    (date.to_string() == text && YEARS.contains(&date.year())).then_some(date)
}

/// The longest duration that anybody may name: ten years.
pub const LONGEST_DURATION: TimeDelta = TimeDelta::days(3_650);

/// Why a text is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDuration {
    /// It does not have the form.
    #[error("must be a whole number and s, m, h or d, such as 90s, 15m, 4h or 2d")]
    Form,
    /// It is longer than [`LONGEST_DURATION`].
    #[error("must be at most 3650d")]
    TooLong,
}

/// Seconds of each unit, greatest first.
const UNITS: [(char, i64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads `90s`, `15m`, `4h` or `2d`; a day is 24 hours. Nothing but digits and one unit: no sign, no
/// space, no fraction, no second part.
pub fn parse_duration(text: &str) -> Result<TimeDelta, BadDuration> {
    let (unit, seconds) = *UNITS.iter().find(|(unit, _)| text.ends_with(*unit)).ok_or(BadDuration::Form)?;
    let digits = text.strip_suffix(unit).ok_or(BadDuration::Form)?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadDuration::Form);
    }
    // Only digits are left, so what does not parse is too great for an i64.
    let count: i64 = digits.parse().map_err(|_| BadDuration::TooLong)?;
    let total = count.checked_mul(seconds).ok_or(BadDuration::TooLong)?;
    TimeDelta::try_seconds(total).filter(|duration| *duration <= LONGEST_DURATION).ok_or(BadDuration::TooLong)
}

/// The duration as [`parse_duration`] reads it, in the greatest unit that says it in whole numbers.
/// Parts of a second are left out, and what is negative counts as nothing.
pub fn duration_text(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds().max(0);
    let (unit, size) = UNITS.into_iter().find(|(_, size)| seconds > 0 && seconds % size == 0).unwrap_or(('s', 1));
    format!("{}{unit}", seconds / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("4h", 14_400), ("2d", 172_800), ("0s", 0), ("007m", 420)] {
            assert_eq!(parse_duration(text), Ok(TimeDelta::seconds(seconds)), "{text}");
        }
        for text in ["", "s", "5", "5 m", " 5m", "5m ", "-5m", "+5m", "1.5h", "1h30m", "5M", "5w", "٥m", "5ｍ", "m5"]
        {
            assert_eq!(parse_duration(text), Err(BadDuration::Form), "{text}");
        }
    }

    #[test]
    fn days_have_one_form() {
        for day in ["2026-01-15", "0001-01-01", "9999-12-31", "2028-02-29"] {
            assert_eq!(calendar_day(day).map(|date| date.to_string()).as_deref(), Some(day));
        }
        for bad in ["2026-1-15", "2026-02-30", "0000-01-01", "+2026-01-15", "10000-01-01", "2026-01-15 ", ""] {
            assert_eq!(calendar_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn durations_end_at_ten_years() {
        assert_eq!(parse_duration("3650d"), Ok(LONGEST_DURATION));
        for text in ["3651d", "315360001s", "9223372036854775807d", "99999999999999999999999s"] {
            assert_eq!(parse_duration(text), Err(BadDuration::TooLong), "{text}");
        }
    }

    #[test]
    fn a_duration_is_written_in_its_greatest_whole_unit() {
        for text in ["90s", "15m", "4h", "2d", "0s", "3650d", "25h", "61s"] {
            assert_eq!(duration_text(parse_duration(text).unwrap()), text);
        }
        assert_eq!(duration_text(TimeDelta::seconds(3_600)), "1h");
        assert_eq!(duration_text(TimeDelta::milliseconds(1_999)), "1s");
        assert_eq!(duration_text(TimeDelta::seconds(-5)), "0s");
    }
}
