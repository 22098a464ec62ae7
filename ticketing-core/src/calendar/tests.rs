//! Working time against examples worked out by hand, and against an oracle that counts minutes.

mod example;
mod import;
mod oracle;
mod property;

use super::WorkingTime;
use crate::model::{Calendar, Hours, WeeklyHours};
use crate::time::Time;

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

/// A calendar from what its JSON says of its hours.
fn calendar(time_zone: &str, hours: serde_json::Value) -> Calendar {
    let mut whole = serde_json::json!({
        "name": "Office", "time_zone": time_zone, "weekly_hours": {}, "holidays": [], "periods": [],
        "is_default": false, "created_at": "2000-01-01T00:00:00Z", "earlier": [],
    });
    let serde_json::Value::Object(hours) = hours else { panic!("an object says which hours") };
    for (field, value) in hours {
        whole[field] = value;
    }
    serde_json::from_value(whole).unwrap()
}

/// The same slots on each day of the week.
fn daily(slots: &[(&str, &str)]) -> serde_json::Value {
    let slots: Vec<_> = slots.iter().map(|(start, end)| serde_json::json!({"start": start, "end": end})).collect();
    WeeklyHours::DAYS.iter().map(|(day, _)| ((*day).to_owned(), serde_json::Value::from(slots.clone()))).collect()
}

/// Slots from Monday to Friday.
fn workdays(slots: &[(&str, &str)]) -> serde_json::Value {
    let mut week = daily(slots);
    (week["saturday"], week["sunday"]) = (serde_json::json!([]), serde_json::json!([]));
    week
}

fn time(time_zone: &str, hours: serde_json::Value) -> WorkingTime {
    (&calendar(time_zone, hours)).into()
}

fn hours_of(calendar: &Calendar) -> Hours {
    calendar.hours.clone()
}
