//! What cells say, as the desk's inputs take it.

use crate::input::Problems;
use crate::model::{CustomField, FieldType};
use crate::time::{Time, to_micros};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::{Number, Value, json};

/// Entries of a list, parted by semicolons or commas.
pub(super) fn list(text: &str) -> Vec<String> {
    text.split([';', ',']).map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
}

/// Yes or no.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "x" => Some(true),
        "false" | "no" | "n" | "0" => Some(false),
        _ => None,
    }
}

/// A moment with a time zone, or one in UTC without, or the beginning of a day in UTC.
pub(super) fn moment(text: &str) -> Option<Time> {
    let text = text.trim();
    let zoned = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%:z"));
    if let Ok(moment) = zoned {
        return Some(to_micros(moment.to_utc()));
    }
    let plain = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    let plain = plain.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.and_time(NaiveTime::MIN));
    plain.or_else(day).map(|moment| to_micros(moment.and_utc()))
}

/// The same under a field's name; none of what is later than now.
pub(super) fn past(text: Option<&str>, field: &str, now: Time, problems: &mut Problems) -> Option<Time> {
    let moment = moment(text?);
    match moment {
        None => problems.add(field, "not_a_time", "Is no moment such as 2026-01-15T10:00:00Z or 2026-01-15 10:00."),
        Some(moment) if moment > now => problems.add(field, "future", "May not lie in the future."),
        Some(_) => {}
    }
    moment
}

/// A value of one of the desk's own fields, as JSON has it. What does not fit is left as a text, and the field says why.
pub(super) fn custom(field: &CustomField, text: &str) -> Value {
    let trimmed = text.trim();
    match field.field_type {
        FieldType::Text | FieldType::Textarea | FieldType::Date | FieldType::Select => json!(text),
        FieldType::Number => trimmed.parse::<Number>().map_or_else(|_| json!(text), Value::Number),
        FieldType::Checkbox => flag(trimmed).map_or_else(|| json!(text), Value::Bool),
        // No option has a comma.
        FieldType::Multiselect => json!(list(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_the_ways_that_tables_have_them() {
        let noon = "2026-01-15T12:00:00Z".parse::<Time>().unwrap();
        for text in [
            "2026-01-15T12:00:00Z",
            "2026-01-15T13:00:00+01:00",
            "2026-01-15 13:00:00+01:00",
            "2026-01-15 12:00:00",
            "2026-01-15 12:00",
            " 2026-01-15T12:00:00.000 ",
        ] {
            assert_eq!(moment(text), Some(noon), "{text}");
        }
        assert_eq!(moment("2026-01-15"), "2026-01-15T00:00:00Z".parse().ok());
        for text in ["", "15.01.2026", "01/15/2026", "2026-02-30", "soon", "12:00"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn lists_and_flags_are_read_as_people_write_them() {
        assert_eq!(list("a, b;c ;; d"), ["a", "b", "c", "d"]);
        assert_eq!(list(" ; "), [""; 0]);
        assert_eq!(
            ["Yes", "1", "TRUE", "no", "0", "perhaps"].map(flag),
            [Some(true), Some(true), Some(true), Some(false), Some(false), None]
        );
    }
}
