//! What people say of time that they have spent, and what it must be like.

use crate::error::Error;
use crate::ids::UserId;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{TimeEntry, TimeSpent, TimeTracking};
use crate::time::Time;
use chrono::{DateTime, TimeDelta};

/// How many characters a description has at most.
const LONGEST_DESCRIPTION: usize = 4_000;

/// How far ahead of the desk's clock that of somebody who logs time may be.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// Time that somebody has spent on a ticket.
#[derive(Clone, Debug, Default)]
pub struct NewTimeEntry {
    /// How much. May be left out where beginning and end are there.
    pub hours: Option<TimeSpent>,
    /// What was done.
    pub description: Option<String>,
    /// Whether somebody pays for it; the desk's rule where nothing is said.
    pub billable: Option<bool>,
    /// When it began.
    pub started_at: Option<Time>,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// Who has spent it; the actor where nothing is said. Managers may name another.
    pub user_id: Option<UserId>,
}

impl Input for NewTimeEntry {
    fn read(fields: &mut Fields) -> Self {
        Self {
            hours: read_hours(fields).into_option().flatten(),
            description: fields.nullable_text("description").into_option().flatten(),
            billable: fields.flag("billable").into_option(),
            started_at: fields.nullable_time("started_at").into_option().flatten(),
            ended_at: fields.nullable_time("ended_at").into_option().flatten(),
            user_id: fields.nullable_id("user_id").into_option().flatten().map(UserId),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_hours(problems, self.hours);
        check_description(problems, self.description.as_deref());
        check_stretch(problems, self.started_at, self.ended_at);
        if self.hours.is_none() && (self.started_at.is_none() || self.ended_at.is_none()) && problems.is_empty() {
            problems.add("hours", "required", "Is required where started_at and ended_at are not both there.");
        }
    }
}

/// What to change of time that was logged. Null takes a description, a beginning or an end away.
#[derive(Clone, Debug, Default)]
pub struct TimeEntryPatch {
    /// How much.
    pub hours: Patch<TimeSpent>,
    /// What was done.
    pub description: Patch<Option<String>>,
    /// Whether somebody pays for it.
    pub billable: Patch<bool>,
    /// When it began.
    pub started_at: Patch<Option<Time>>,
    /// When it ended.
    pub ended_at: Patch<Option<Time>>,
}

impl Input for TimeEntryPatch {
    fn read(fields: &mut Fields) -> Self {
        let hours = match read_hours(fields) {
            Patch::Set(None) => {
                fields.fail("hours", "type", "Must be a number, is null.");
                Patch::Keep
            }
            Patch::Set(Some(hours)) => Patch::Set(hours),
            Patch::Keep => Patch::Keep,
        };
        Self {
            hours,
            description: fields.nullable_text("description"),
            billable: fields.flag("billable"),
            started_at: fields.nullable_time("started_at"),
            ended_at: fields.nullable_time("ended_at"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_hours(problems, self.hours.as_ref().copied());
        check_description(problems, self.description.as_ref().and_then(Option::as_deref));
        if let (Some(started_at), Some(ended_at)) = (self.started_at.as_ref(), self.ended_at.as_ref()) {
            check_stretch(problems, *started_at, *ended_at);
        }
    }
}

fn read_hours(fields: &mut Fields) -> Patch<Option<TimeSpent>> {
    let read = match fields.nullable_decimal("hours") {
        Patch::Keep => return Patch::Keep,
        Patch::Set(read) => read,
    };
    let hours = read.map(TimeSpent::of_hours);
    if hours == Some(None) {
        fields.fail("hours", "too_precise", "May have two digits behind the point.");
        return Patch::Keep;
    }
    Patch::Set(hours.flatten())
}

fn check_hours(problems: &mut Problems, hours: Option<TimeSpent>) {
    if hours.is_some_and(|hours| hours < TimeSpent::LEAST || hours > TimeSpent::MOST) {
        problems.add("hours", "out_of_range", "Must be from 0.01 to 24.");
    }
}

/// What a description must be like.
pub(super) fn check_description(problems: &mut Problems, description: Option<&str>) {
    if let Some(description) = description {
        problems.text("description", description, 0..=LONGEST_DESCRIPTION, true);
    }
}

/// A description as it is kept: none where there is nothing to read.
pub(super) fn kept(description: Option<&str>) -> Option<String> {
    description.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn check_stretch(problems: &mut Problems, started_at: Option<Time>, ended_at: Option<Time>) {
    for (field, moment) in [("started_at", started_at), ("ended_at", ended_at)] {
        if moment.is_some_and(|at| at < DateTime::UNIX_EPOCH) {
            problems.add(field, "out_of_range", "Must not be before 1970.");
        }
    }
    match (started_at, ended_at) {
        (None, Some(_)) => problems.add("started_at", "required", "Is required where ended_at is there."),
        (Some(start), Some(end)) if end <= start => {
            problems.add("ended_at", "out_of_range", "Must be after started_at.");
        }
        (Some(start), Some(end)) if end - start > TimeEntry::LONGEST => {
            problems.add("ended_at", "out_of_range", "Must be at most 24 hours after started_at.");
        }
        _ => {}
    }
}

/// How much it is, of what people say: what is between beginning and end by the desk's rule, which hours that are said
/// too must agree with; else what they say.
pub(super) fn settle(
    rule: &TimeTracking,
    hours: Option<TimeSpent>,
    (started_at, ended_at): (Option<Time>, Option<Time>),
    now: Time,
) -> Result<TimeSpent, Error> {
    let mut problems = Problems::default();
    check_stretch(&mut problems, started_at, ended_at);
    for (field, moment) in [("started_at", started_at), ("ended_at", ended_at)] {
        if moment.is_some_and(|at| at > now + AHEAD) {
            problems.add(field, "future", "May not lie in the future.");
        }
    }
    let Some((start, end)) = started_at.zip(ended_at).filter(|_| problems.is_empty()) else {
        problems.finish()?;
        return hours.ok_or_else(|| Error::field("hours", "required", "Is required."));
    };
    let measured = rule.count(end - start);
    if hours.is_some_and(|hours| hours != measured) {
        let message = format!("From started_at to ended_at it is {measured}. Leave hours out, or one of the two.");
        problems.add("hours", "contradiction", message);
    }
    problems.finish().map(|()| measured)
}
