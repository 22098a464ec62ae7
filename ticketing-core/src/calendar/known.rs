//! All calendars of a desk, and whose time counts by which.

use super::WorkingTime;
use crate::ids::{CalendarId, TeamId};
use crate::model::{Calendar, Team, calendar};
use crate::setting::Stored;
use std::collections::HashMap;

/// A calendar, ready to be asked.
#[derive(Debug)]
pub struct KnownCalendar {
    /// What it is.
    pub stored: Stored<Calendar>,
    /// When it says that work is done.
    pub time: WorkingTime,
}

/// All calendars of a desk, oldest first.
#[derive(Debug)]
pub struct Calendars {
    all: Vec<KnownCalendar>,
    /// The place of each.
    by_id: HashMap<CalendarId, usize>,
    /// The place of the one that counts for everybody else.
    default: Option<usize>,
    /// The place of each team's own.
    by_team: HashMap<TeamId, usize>,
    round_the_clock: WorkingTime,
}

impl Calendars {
    /// These calendars, for these teams.
    pub fn new<'a>(mut all: Vec<Stored<Calendar>>, teams: impl IntoIterator<Item = &'a Team>) -> Self {
        all.sort_by_key(|stored| stored.id);
        let by_id: HashMap<_, _> =
            all.iter().enumerate().map(|(place, stored)| (calendar::id(stored), place)).collect();
        let of_team = |team: &Team| Some((team.id, *by_id.get(&team.calendar_id?)?));
        Self {
            by_team: teams.into_iter().filter_map(of_team).collect(),
            default: all.iter().position(|stored| stored.content.is_default),
            all: all.into_iter().map(|stored| KnownCalendar { time: (&stored.content).into(), stored }).collect(),
            by_id,
            round_the_clock: WorkingTime::round_the_clock(),
        }
    }

    /// The calendars, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &KnownCalendar> {
        self.all.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The calendar with this id.
    pub fn get(&self, id: CalendarId) -> Option<&KnownCalendar> {
        self.by_id.get(&id).map(|place| &self.all[*place])
    }

    /// When the desk as a whole works: by the default calendar, else round the clock.
    pub fn default(&self) -> &WorkingTime {
        self.default.map_or(&self.round_the_clock, |place| &self.all[place].time)
    }

    /// When a team works: by its own calendar, else as the desk as a whole; so does no team.
    pub fn of_team(&self, team: Option<TeamId>) -> &WorkingTime {
        let own = team.and_then(|team| self.by_team.get(&team));
        own.map_or_else(|| self.default(), |place| &self.all[*place].time)
    }
}
