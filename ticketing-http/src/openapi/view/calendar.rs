//! When the desk and its teams work.

use chrono::{DateTime, NaiveDate, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

/// A stretch of a day, by the wall clock.
#[derive(ToSchema)]
pub(crate) struct Slot {
    /// When work begins.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", example = "09:00")]
    start: String,
    /// When it ends; `24:00` is the end of the day.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", example = "17:00")]
    end: String,
}

/// When work is done on each day of the week.
#[derive(ToSchema)]
pub(crate) struct WeeklyHours {
    monday: Vec<Slot>,
    tuesday: Vec<Slot>,
    wednesday: Vec<Slot>,
    thursday: Vec<Slot>,
    friday: Vec<Slot>,
    saturday: Vec<Slot>,
    sunday: Vec<Slot>,
}

/// A day on which no work is done.
#[derive(ToSchema)]
pub(crate) struct Holiday {
    /// A day such as `2026-12-25`, or `--12-25` for every year.
    #[schema(pattern = "^(-|[0-9]{4})-[0-9]{2}-[0-9]{2}$", example = "--12-25")]
    date: String,
    /// What it is called.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// A stretch of days with hours of its own.
#[derive(ToSchema)]
pub(crate) struct Period {
    /// What it is called.
    #[schema(required)]
    name: Option<String>,
    /// Its first day.
    from: NaiveDate,
    /// Its last day.
    until: NaiveDate,
    /// The hours that count instead of the usual ones.
    weekly_hours: WeeklyHours,
}

/// When the desk or a team works.
#[derive(ToSchema)]
pub(crate) struct Calendar {
    /// Its id.
    id: Uuid,
    /// What people call it.
    name: String,
    /// The IANA name of the zone where the wall clock hangs.
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
    /// The usual hours.
    weekly_hours: WeeklyHours,
    /// The days on which no work is done.
    holidays: Vec<Holiday>,
    /// Stretches of days with other hours.
    periods: Vec<Period>,
    /// Whether it counts where a team has none of its own.
    is_default: bool,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

/// An event that is no holiday here.
#[derive(ToSchema)]
pub(crate) struct SkippedHoliday {
    /// What the event is called, where it says so.
    #[schema(required)]
    summary: Option<String>,
    /// Why it is left out.
    reason: String,
}

/// What became of a file of holidays.
#[derive(ToSchema)]
pub(crate) struct ImportedHolidays {
    /// The days that came in, or would.
    added: Vec<Holiday>,
    /// What was left out, and why.
    skipped: Vec<SkippedHoliday>,
}
