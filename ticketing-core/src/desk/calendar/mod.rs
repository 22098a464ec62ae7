//! Calendars: when the desk and its teams work. Read by staff, made and changed by administrators.

mod input;

pub use input::{CalendarPatch, NewCalendar};

use super::recorder::{Recorder, differences};
use super::setting::Kind;
use super::{Desk, Snapshot};
use crate::access::Call;
use crate::calendar::{Calendars, ImportError, Skipped, read_holidays};
use crate::error::Error;
use crate::event::FieldChanges;
use crate::fold::fold;
use crate::ids::CalendarId;
use crate::input::Patch;
use crate::model::{Calendar, Holiday, HolidayDate, Hours, Role, WeeklyHours};
use crate::setting::Stored;
use crate::time::Time;
use chrono_tz::Tz;
use serde::Serialize;
use std::collections::HashSet;
use std::sync::Arc;

/// A calendar as staff see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // The fields are the calendar's own; see `model::Calendar`.
pub struct CalendarView {
    pub id: CalendarId,
    pub name: String,
    #[serde(flatten)]
    pub hours: Hours,
    pub is_default: bool,
    /// For conditional changes.
    pub version: i64,
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl From<&Stored<Calendar>> for CalendarView {
    fn from(stored: &Stored<Calendar>) -> Self {
        let calendar = &stored.content;
        Self {
            id: CalendarId(stored.id),
            name: calendar.name.clone(),
            hours: calendar.hours.clone(),
            is_default: calendar.is_default,
            version: stored.version,
            created_at: calendar.created_at,
            updated_at: stored.saved_at,
        }
    }
}

impl Kind for Calendar {
    const ONE: &'static str = "calendar";
    const MANY: &'static str = "calendars";
    const LIMIT: usize = Self::MOST;
    const READERS: Role = Role::Agent;
    type View = CalendarView;

    fn all(snapshot: &Snapshot) -> impl Iterator<Item = &Stored<Self>> {
        snapshot.calendars.iter().map(|known| &known.stored)
    }

    async fn view(_: &Desk, _: &Snapshot, stored: &Stored<Self>) -> Result<CalendarView, Error> {
        Ok(stored.into())
    }

    /// Where it becomes the default, no other is any more.
    async fn prepare(recorder: &mut Recorder<'_>, _: Option<&Stored<Self>>, new: &Stored<Self>) -> Result<(), Error> {
        let snapshot = Arc::clone(&recorder.snapshot);
        check(&snapshot.calendars, new)?;
        let others = Self::all(&snapshot).filter(|other| other.id != new.id && other.content.is_default);
        for other in others.filter(|_| new.content.is_default) {
            let lesser = other.next(recorder.now, Self { is_default: false, ..other.content.clone() });
            recorder.version(&lesser, "updated", &Self::changes(Some(&other.content), &lesser.content))?;
        }
        Ok(())
    }

    /// The hours of the past, which change with those of now, are not told.
    fn changes(old: Option<&Self>, new: &Self) -> FieldChanges {
        let mut changes = differences(old, new);
        changes.remove("earlier");
        changes
    }

    fn remains(snapshot: &Snapshot, old: &Stored<Self>) -> Result<Self, Error> {
        match users(snapshot, CalendarId(old.id)).next() {
            Some(user) => {
                Err(Error::conflict("in_use", format!("{user} works by this calendar; give it another first.")))
            }
            None => Ok(old.content.clone()),
        }
    }
}

/// What became of a file of holidays.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportedHolidays {
    /// The days that came in, or would.
    pub added: Vec<Holiday>,
    /// What was left out, and why.
    pub skipped: Vec<Skipped>,
}

impl Desk {
    /// All calendars, oldest first. For staff.
    pub async fn calendars(&self, call: impl Into<Call>) -> Result<Vec<CalendarView>, Error> {
        call.into().actor.at_least(Role::Agent)?;
        Ok(self.snapshot().await?.calendars.iter().map(|known| CalendarView::from(&known.stored)).collect())
    }

    /// A calendar. For staff.
    pub async fn calendar(&self, call: impl Into<Call>, id: CalendarId) -> Result<CalendarView, Error> {
        self.setting::<Calendar>(&call.into(), id.0).await
    }

    /// Makes a calendar. For administrators.
    pub async fn create_calendar(&self, call: impl Into<Call>, input: NewCalendar) -> Result<CalendarView, Error> {
        let input = &input;
        self.create_setting(&call.into(), input, |recorder, _| {
            let (holidays, periods) = (Vec::new(), Vec::new());
            let hours = Hours { time_zone: Tz::UTC, weekly_hours: WeeklyHours::default(), holidays, periods };
            let created_at = recorder.now;
            let mut calendar =
                Calendar { name: String::new(), hours, is_default: false, created_at, earlier: Vec::new() };
            input.0.apply(&mut calendar, created_at);
            // What it was before it was there never counted.
            calendar.earlier.clear();
            Ok(calendar)
        })
        .await
    }

    /// Changes a calendar. Time that has passed stays counted as it was; other hours count from now on. For
    /// administrators.
    pub async fn update_calendar(
        &self,
        call: impl Into<Call>,
        id: CalendarId,
        input: CalendarPatch,
        expected: Option<i64>,
    ) -> Result<CalendarView, Error> {
        let input = &input;
        self.update_setting(&call.into(), input, id.0, expected, |recorder, mut calendar| {
            input.apply(&mut calendar, recorder.now);
            Ok(calendar)
        })
        .await
    }

    /// Deletes a calendar that nobody works by. Where it was the default, the desk works round the clock. For
    /// administrators.
    pub async fn delete_calendar(
        &self,
        call: impl Into<Call>,
        id: CalendarId,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        self.delete_setting::<Calendar>(&call.into(), id.0, expected).await
    }

    /// Adds the holidays of an iCalendar file to a calendar, or, in a dry run, only says which. What is a holiday
    /// already stays as it is. For administrators.
    pub async fn import_holidays(
        &self,
        call: impl Into<Call>,
        id: CalendarId,
        file: &str,
        dry_run: bool,
    ) -> Result<ImportedHolidays, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = snapshot.setting::<Calendar>(id.0)?;
            let mut hours = old.content.hours.clone();
            let imported = import(&mut hours, file)?;
            if dry_run {
                return Ok(imported);
            }
            recorder.answer(|| &imported)?;
            if imported.added.is_empty() {
                recorder.unchanged().await?;
                return Ok(imported);
            }
            let mut content = old.content.clone();
            content.change_hours(hours, recorder.now);
            let new = old.next(recorder.now, content);
            recorder.save(Some(old), new, "holidays_imported").await?;
            Ok(imported)
        })
        .await
    }
}

/// All calendars as they would be with this one in the place of another from now on.
pub(super) fn proposed_calendars(
    snapshot: &Snapshot,
    input: &NewCalendar,
    id: CalendarId,
    now: Time,
) -> Result<Calendars, Error> {
    let old = snapshot.setting::<Calendar>(id.0)?;
    let whole = CalendarPatch {
        holidays: Patch::Set(input.0.holidays.as_ref().cloned().unwrap_or_default()),
        periods: Patch::Set(input.0.periods.as_ref().cloned().unwrap_or_default()),
        ..input.0.clone()
    };
    let mut content = old.content.clone();
    whole.apply(&mut content, now);
    let new = old.next(now, content);
    check(&snapshot.calendars, &new)?;
    let mut all: Vec<_> = snapshot.calendars.iter().map(|known| known.stored.clone()).collect();
    for calendar in &mut all {
        calendar.content.is_default &= !new.content.is_default;
    }
    all.retain(|calendar| calendar.id != new.id);
    all.push(new);
    Ok(Calendars::new(all, snapshot.directory.teams()))
}

/// Who works by a calendar, for people.
fn users(snapshot: &Snapshot, id: CalendarId) -> impl Iterator<Item = String> {
    let teams = snapshot.directory.teams().filter(move |team| team.calendar_id == Some(id));
    let policies = snapshot.sla_policies.iter().map(|known| &known.stored.content);
    let policies = policies.filter(move |policy| policy.calendar_id == Some(id));
    let teams = teams.map(|team| format!("The team {}", team.name));
    teams.chain(policies.map(|policy| format!("The SLA policy {}", policy.name)))
}

/// Adds the days of a file that are no holidays yet.
fn import(hours: &mut Hours, file: &str) -> Result<ImportedHolidays, Error> {
    let refuse = |why: ImportError| Error::field("file", "invalid_value", format!("The file {why}."));
    let found = read_holidays(file, hours.time_zone).map_err(refuse)?;
    let mut known: HashSet<HolidayDate> = hours.holidays.iter().map(|holiday| holiday.date).collect();
    let (mut added, mut skipped) = (Vec::new(), found.skipped);
    for holiday in found.holidays {
        let comes_yearly = |day| known.contains(&HolidayDate::yearly(day));
        let is_there = match holiday.date {
            HolidayDate::Once(day) => known.contains(&holiday.date) || comes_yearly(day),
            HolidayDate::Yearly { .. } => known.contains(&holiday.date),
        };
        if is_there {
            let reason = format!("{} is a holiday already", holiday.date);
            skipped.push(Skipped { summary: Some(holiday.name), reason });
        } else {
            known.insert(holiday.date);
            added.push(holiday);
        }
    }
    if hours.holidays.len() + added.len() > Calendar::MOST_HOLIDAYS {
        let message = format!("A calendar may have at most {} holidays.", Calendar::MOST_HOLIDAYS);
        return Err(Error::field("file", "too_many", message));
    }
    hours.holidays.extend_from_slice(&added);
    Ok(ImportedHolidays { added, skipped })
}

/// What only all of a calendar together, or all calendars, can say.
fn check(calendars: &Calendars, calendar: &Stored<Calendar>) -> Result<(), Error> {
    let Calendar { name, hours, .. } = &calendar.content;
    let folded = fold(name);
    let is_same = |other: &Stored<Calendar>| other.id != calendar.id && fold(&other.content.name) == folded;
    if calendars.iter().any(|known| is_same(&known.stored)) {
        return Err(Error::field("name", "duplicate", "There is another calendar with this name."));
    }
    if hours.weekly_hours.is_empty() && hours.periods.iter().all(|period| period.weekly_hours.is_empty()) {
        return Err(Error::field("weekly_hours", "required", "Give at least one slot, or nobody ever works."));
    }
    Ok(())
}
