//! When the desk and its teams work.

use super::super::view::{Holiday, Slot};
use chrono::NaiveDate;
use utoipa::ToSchema;

/// When work is done on each day of the week; on a day that is not named none is.
#[derive(ToSchema)]
pub(crate) struct NewWeeklyHours {
    /// Slots that do not overlap.
    #[schema(required = false, max_items = 10)]
    monday: Vec<Slot>,
    /// Slots that do not overlap.
    #[schema(required = false, max_items = 10)]
    tuesday: Vec<Slot>,
    /// Slots that do not overlap.
    #[schema(required = false, max_items = 10)]
    wednesday: Vec<Slot>,
    /// Slots that do not overlap.
    #[schema(required = false, max_items = 10)]
    thursday: Vec<Slot>,
    /// Slots that do not overlap.
    #[schema(required = false, max_items = 10)]
    friday: Vec<Slot>,
    /// Slots that do not overlap.
    #[schema(required = false, max_items = 10)]
    saturday: Vec<Slot>,
    /// Slots that do not overlap.
    #[schema(required = false, max_items = 10)]
    sunday: Vec<Slot>,
}

/// A stretch of days with hours of its own. No two of a calendar have a day in common.
#[derive(ToSchema)]
pub(crate) struct NewPeriod {
    /// What it is called.
    #[schema(max_length = 100)]
    name: Option<String>,
    /// Its first day.
    from: NaiveDate,
    /// Its last day.
    until: NaiveDate,
    /// The hours that count instead of the usual ones.
    weekly_hours: NewWeeklyHours,
}

/// A calendar to be made.
#[derive(ToSchema)]
#[schema(example = json!({
    "name": "Berlin office", "time_zone": "Europe/Berlin",
    "weekly_hours": {
        "monday": [{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "17:00"}],
        "tuesday": [{"start": "09:00", "end": "17:00"}]
    },
    "holidays": [{"date": "--12-25", "name": "Christmas"}, {"date": "2026-05-14", "name": "Ascension"}],
    "periods": [{"name": "Summer", "from": "2026-07-01", "until": "2026-08-31", "weekly_hours": {
        "monday": [{"start": "08:00", "end": "13:00"}]
    }}]
}))]
pub(crate) struct NewCalendar {
    /// What people call it. No other may be called so.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The IANA name of the zone where the wall clock hangs.
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
    /// The usual hours.
    weekly_hours: NewWeeklyHours,
    /// The days on which no work is done.
    #[schema(required = false, max_items = 1_000)]
    holidays: Vec<Holiday>,
    /// Stretches of days with other hours.
    #[schema(required = false, max_items = 50)]
    periods: Vec<NewPeriod>,
    /// Whether it counts where a team has none of its own; then no other does.
    #[schema(required = false)]
    is_default: bool,
}

/// What to change of a calendar. Lists and the week are replaced as a whole; time that has passed stays counted as it
/// was.
#[derive(ToSchema)]
#[schema(example = json!({"holidays": [{"date": "--12-25", "name": "Christmas"}], "is_default": true}))]
pub(crate) struct CalendarPatch {
    /// What people call it.
    #[schema(required = false, min_length = 1, max_length = 100)]
    name: String,
    /// The IANA name of the zone where the wall clock hangs.
    #[schema(required = false, example = "Europe/Berlin")]
    time_zone: String,
    /// The usual hours.
    #[schema(required = false)]
    weekly_hours: NewWeeklyHours,
    /// The days on which no work is done.
    #[schema(required = false, max_items = 1_000)]
    holidays: Vec<Holiday>,
    /// Stretches of days with other hours.
    #[schema(required = false, max_items = 50)]
    periods: Vec<NewPeriod>,
    /// Whether it counts where a team has none of its own; then no other does.
    #[schema(required = false)]
    is_default: bool,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}
