//! What the small desk promises: a calendar with holidays and two policies, one for companies and one for everybody.

use super::dice::{Dice, moment};
use super::house::{Deed, deed};
use super::rhythm::{DAY, MINUTE};
use crate::calendar::Calendars;
use crate::ids::CalendarId;
use crate::model::calendar::{Calendar, Holiday, HolidayDate, Hours, Slot, TimeOfDay, WeeklyHours};
use crate::model::{CustomFields, Matching, Priority, Promise, Sla, SlaPolicy, SlaTargets, Status, Ticket, WarnBefore};
use crate::port::IdSource;
use crate::setting::Stored;
use crate::sla::{Said, SlaPolicies, follow};
use crate::time::Time;
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use chrono_tz::Tz;
use serde_json::json;

/// Days on which nobody works, each year.
const HOLIDAYS: [(u32, u32, &str); 5] =
    [(1, 1, "New Year"), (5, 1, "Labour Day"), (10, 3, "Unity Day"), (12, 25, "Christmas"), (12, 26, "Boxing Day")];

/// Hours until the first response, each further one, and the resolution.
type Terms = (Priority, [i64; 3]);
/// What is critical counts around the clock, everything else by the calendar.
const COMPANIES: [Terms; 4] = [
    (Priority::Critical, [1, 4, 48]),
    (Priority::High, [6, 8, 60]),
    (Priority::Medium, [14, 24, 90]),
    (Priority::Low, [30, 40, 120]),
];
const EVERYBODY: [Terms; 4] = [
    (Priority::Critical, [1, 6, 72]),
    (Priority::High, [8, 12, 80]),
    (Priority::Medium, [20, 30, 110]),
    (Priority::Low, [40, 50, 150]),
];

/// What is promised to tickets, and by which working time.
pub(super) struct Promises {
    calendar: Stored<Calendar>,
    policies: [Stored<SlaPolicy>; 2],
    known_calendars: Calendars,
    known_policies: SlaPolicies,
}

impl Promises {
    /// Those that were made when the company moved in.
    pub(super) fn new(opening: i64, until: Time, dice: &Dice) -> Self {
        let at = moment(opening + 30 * MINUTE);
        let content = calendar(at, outing(until));
        let calendar = Stored { id: dice.uuid(at), version: 1, saved_at: at, content };
        let of_companies = json!([{"field": "organization_id", "operator": "is_not_empty"}]);
        let policies = [
            ("Companies", "Who has a contract.", 10, of_companies, COMPANIES),
            ("Everybody", "Riders without a contract.", 20, json!([]), EVERYBODY),
        ];
        let policies = policies.map(|(name, about, position, conditions, terms)| {
            let content = SlaPolicy {
                name: name.to_owned(),
                description: Some(about.to_owned()),
                position,
                conditions,
                matching: Matching::All,
                calendar_id: Some(CalendarId(calendar.id)),
                targets: terms.into_iter().map(|(priority, hours)| (priority, targets(priority, hours))).collect(),
                pause_on: vec![Status::Pending, Status::OnHold],
                warn_before: Some(WarnBefore::Percent(20)),
                on_breach: None,
                is_active: true,
                created_at: at,
            };
            Stored { id: dice.uuid(at), version: 1, saved_at: at, content }
        });
        let known_calendars = Calendars::new(vec![calendar.clone()], []);
        let known_policies = SlaPolicies::new(policies.to_vec(), &CustomFields::default());
        Self { calendar, policies, known_calendars, known_policies }
    }

    /// The clocks after a step that left the ticket as it is.
    pub(super) fn follow(
        &self,
        before: Option<&Ticket>,
        ticket: &Ticket,
        said: Option<Said>,
        now: Time,
    ) -> Option<Sla> {
        follow(before, ticket, said, &self.known_policies, &self.known_calendars, now)
    }

    /// When the desk works.
    pub(super) fn calendars(&self) -> Calendars {
        Calendars::new(vec![self.calendar.clone()], [])
    }

    /// How they were made.
    pub(super) fn first(&self) -> Vec<Deed> {
        let policies = self.policies.iter().map(|policy| deed(None, policy, None));
        std::iter::once(deed(None, &self.calendar, None)).chain(policies).collect()
    }
}

/// The Friday on which everybody rides out together, some weeks from now.
fn outing(until: Time) -> NaiveDate {
    let earliest = moment(until.timestamp_micros() + 20 * DAY).date_naive();
    earliest.iter_days().take(7).find(|day| day.weekday() == Weekday::Fri).unwrap_or(earliest)
}

/// From eight to six on weekdays.
fn calendar(at: Time, outing: NaiveDate) -> Calendar {
    let time = |hour: u16| TimeOfDay::from_minutes(hour * 60).unwrap_or(TimeOfDay::START);
    let day = vec![Slot { start: time(8), end: time(18) }];
    let weekly_hours = WeeklyHours {
        monday: day.clone(),
        tuesday: day.clone(),
        wednesday: day.clone(),
        thursday: day.clone(),
        friday: day,
        ..WeeklyHours::default()
    };
    let holiday = |(month, day, name): &(u32, u32, &str)| Holiday {
        date: HolidayDate::Yearly { month: *month, day: *day },
        name: (*name).to_owned(),
    };
    let once = Holiday { date: HolidayDate::Once(outing), name: "Company ride".to_owned() };
    let holidays = HOLIDAYS.iter().map(holiday).chain([once]).collect();
    let hours = Hours { time_zone: Tz::Europe__Berlin, weekly_hours, holidays, periods: Vec::new() };
    Calendar { name: "Office".to_owned(), hours, is_default: true, created_at: at, earlier: Vec::new() }
}

fn targets(priority: Priority, hours: [i64; 3]) -> SlaTargets {
    let [first_response, next_response, resolution] = hours.map(|hours| Some(Promise(TimeDelta::hours(hours))));
    SlaTargets { first_response, next_response, resolution, working_time: priority != Priority::Critical }
}
