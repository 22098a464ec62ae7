//! How a ticket's clocks came to stand where they stand: each stretch of time, counted or not, and why.

use super::policy::time_of;
use crate::calendar::{Calendars, KnownCalendar};
use crate::model::{Promise, Sla, SlaClock, SlaMetric, Status, Ticket};
use crate::time::Time;
use chrono::TimeDelta;
use serde::Serialize;

/// How many stretches are told of one clock; the oldest are left out.
pub const MOST_STRETCHES: usize = 1_000;

/// A ticket as a change left it.
#[derive(Clone, Debug)]
pub struct Station {
    /// When.
    pub at: Time,
    /// The ticket.
    pub ticket: Ticket,
}

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// It counts.
    Running,
    /// It waits, because of the ticket's status.
    Paused,
    /// The ticket was over before what was promised was done.
    Stopped,
    /// What was promised was done in time.
    Met,
    /// The time is or was over.
    Breached,
}

/// Why a stretch of time counts or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Why {
    /// It is working time, or all time counts.
    Counted,
    /// The desk was closed.
    Closed {
        /// The holidays that fall into it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        holidays: Vec<String>,
    },
    /// The ticket's status does not count.
    Paused {
        /// Which.
        status: Status,
    },
    /// The ticket was resolved or closed.
    Over {
        /// Which.
        status: Status,
    },
}

/// A stretch of time in which one thing was so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoryStretch {
    /// Its first moment.
    pub from: Time,
    /// The first moment after it.
    pub to: Time,
    /// Why it counted or did not.
    #[serde(flatten)]
    pub why: Why,
}

impl StoryStretch {
    /// How much it counted.
    pub fn counted(&self) -> TimeDelta {
        if self.why == Why::Counted { self.to - self.from } else { TimeDelta::zero() }
    }
}

/// One clock, explained.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClockStory {
    /// What was promised.
    pub metric: SlaMetric,
    /// How it stands.
    pub state: ClockState,
    /// How much time was promised.
    pub target: Promise,
    /// Whether only working time counts.
    pub working_time: bool,
    /// Since when.
    pub started_at: Time,
    /// When it is or was over; none while it does not count.
    pub due_at: Option<Time>,
    /// When somebody is warned.
    pub warn_at: Option<Time>,
    /// When somebody was warned.
    pub warned_at: Option<Time>,
    /// When the time was over.
    pub breached_at: Option<Time>,
    /// When what was promised was done.
    pub met_at: Option<Time>,
    /// How much has counted, seconds.
    pub spent_seconds: i64,
    /// How much is left, seconds; less than nothing where it is over.
    pub left_seconds: i64,
    /// Each stretch of time, oldest first.
    pub stretches: Vec<StoryStretch>,
    /// Whether older ones are left out.
    pub is_cut: bool,
}

/// Tells how each clock of a ticket came to stand where it stands. `stations` are its changes as far as they are
/// known, oldest first.
pub fn tell(ticket: &Ticket, stations: Vec<Station>, calendars: &Calendars, now: Time) -> Vec<ClockStory> {
    let Some(sla) = ticket.sla.as_deref() else { return Vec::new() };
    let stations = &with_replans(ticket, stations);
    let teller = Teller { ticket, sla, stations, calendars, now };
    sla.clocks().map(|(metric, clock)| teller.clock(metric, clock)).collect()
}

/// The changes, and between them each time that the ticket was planned anew, as its next change or it itself remembers.
fn with_replans(ticket: &Ticket, changes: Vec<Station>) -> Vec<Station> {
    let mut all: Vec<Station> = Vec::with_capacity(changes.len());
    let add_replans = |all: &mut Vec<Station>, sla: Option<&Sla>| {
        for replan in sla.map(|sla| sla.replans.as_slice()).unwrap_or_default() {
            // What two changes remember is known by its moment.
            let (Some(at), Some(last)) = (replan.planned_at, all.last()) else { continue };
            if at >= last.at {
                let ticket = Ticket { sla: Some(Box::new(replan.clone())), ..last.ticket.clone() };
                all.push(Station { at, ticket });
            }
        }
    };
    for Station { at, ticket } in changes {
        add_replans(&mut all, ticket.sla.as_deref());
        // An edit may have come shortly before, and counts from then on.
        let since = ticket.sla.as_deref().and_then(|sla| sla.planned_at).map_or(at, |since| since.min(at));
        let at = all.last().map_or(since, |last| since.max(last.at));
        all.push(Station { at, ticket });
    }
    add_replans(&mut all, ticket.sla.as_deref());
    // Of a long history not all is known; how it ended is.
    if let Some(at) = ticket.sla.as_deref().and_then(|sla| sla.planned_at)
        && all.last().is_some_and(|last| last.at < at)
    {
        all.push(Station { at, ticket: ticket.clone() });
    }
    all
}

struct Teller<'a> {
    ticket: &'a Ticket,
    sla: &'a Sla,
    stations: &'a [Station],
    calendars: &'a Calendars,
    now: Time,
}

impl<'a> Teller<'a> {
    fn clock(&self, metric: SlaMetric, clock: &'a SlaClock) -> ClockStory {
        let mut stretches = self.stretches(metric, clock);
        let too_many = stretches.len().saturating_sub(MOST_STRETCHES);
        stretches.drain(..too_many);
        let is_cut = too_many > 0;
        let target = TimeDelta::seconds(clock.target);
        let spent = TimeDelta::microseconds(clock.spent) + self.running(clock);
        let state = match (clock.breached_at, clock.met_at, clock.counts_since) {
            (Some(_), ..) => ClockState::Breached,
            (None, Some(_), _) => ClockState::Met,
            (None, None, Some(_)) => ClockState::Running,
            (None, None, None) if self.ticket.is_open() => ClockState::Paused,
            (None, None, None) => ClockState::Stopped,
        };
        ClockStory {
            metric,
            state,
            target: Promise(target),
            working_time: clock.working_time,
            started_at: clock.started_at,
            due_at: clock.due_at,
            warn_at: clock.warn_at,
            warned_at: clock.warned_at,
            breached_at: clock.breached_at,
            met_at: clock.met_at,
            spent_seconds: spent.num_seconds(),
            left_seconds: (target - spent).num_seconds(),
            stretches,
            is_cut,
        }
    }

    fn stretches(&self, metric: SlaMetric, clock: &'a SlaClock) -> Vec<StoryStretch> {
        let mut told = Vec::new();
        let stand = |ticket| self.stand(metric, clock.started_at, ticket);
        let first = self.stations.iter().find_map(|station| stand(&station.ticket));
        let first = first.unwrap_or(Stand { ticket: self.ticket, clock, calendar: self.calendar(self.sla) });
        let mut between = |known: Option<Stand<'_>>, from, to| match known {
            Some(known) => known.tell(from, to, &mut told),
            None => first.tell_before(from, to, &mut told),
        };
        let (mut from, end) = (clock.started_at, clock.met_at.unwrap_or(self.now).max(clock.started_at));
        let known = self.stations.iter().rfind(|station| station.at <= from);
        let mut known = known.and_then(|station| stand(&station.ticket));
        for station in self.stations.iter().filter(|station| station.at > clock.started_at && station.at < end) {
            between(known, from, station.at);
            (from, known) = (station.at, stand(&station.ticket));
        }
        between(known, from, end);
        told
    }

    fn calendar(&self, sla: &Sla) -> Option<&'a KnownCalendar> {
        sla.calendar_id.and_then(|id| self.calendars.get(id))
    }

    /// What has counted since the last change.
    fn running(&self, clock: &SlaClock) -> TimeDelta {
        let time = time_of(self.calendar(self.sla), clock.working_time);
        clock.counts_since.map_or(TimeDelta::zero(), |since| time.between(since, self.now))
    }

    /// How the clock that began then stood on a ticket, where it was there already.
    fn stand(&self, metric: SlaMetric, started_at: Time, ticket: &'a Ticket) -> Option<Stand<'a>> {
        let sla = ticket.sla.as_deref()?;
        let clock = sla.clock(metric).filter(|clock| clock.started_at == started_at)?;
        Some(Stand { ticket, clock, calendar: self.calendar(sla) })
    }
}

/// A clock as a change left it.
#[derive(Clone, Copy)]
struct Stand<'a> {
    ticket: &'a Ticket,
    clock: &'a SlaClock,
    calendar: Option<&'a KnownCalendar>,
}

impl Stand<'_> {
    /// Tells a stretch of time up to the next change: until then all is as this one left it.
    fn tell(&self, from: Time, to: Time, told: &mut Vec<StoryStretch>) {
        if self.ticket.is_open() && self.clock.counts_since.is_some() {
            self.tell_counted(from, to, told);
        } else {
            self.tell_still(from, to, told);
        }
    }

    /// The same for time before this change, which brought the clock. It counts from its start then, whatever the
    /// ticket's status was, but not while the ticket had been waiting or over just then.
    fn tell_before(&self, from: Time, to: Time, told: &mut Vec<StoryStretch>) {
        let is_over = !self.ticket.is_open();
        let paused_since = self.ticket.sla.as_deref().and_then(|sla| sla.paused_since);
        let since = if is_over { self.ticket.last_status_change_at } else { paused_since };
        let since = since.unwrap_or(to).clamp(from, to);
        self.tell_counted(from, since, told);
        self.tell_still(since, to, told);
    }

    fn tell_still(&self, from: Time, to: Time, told: &mut Vec<StoryStretch>) {
        let status = self.ticket.status;
        let why = if self.ticket.is_open() { Why::Paused { status } } else { Why::Over { status } };
        if from < to {
            told.push(StoryStretch { from, to, why });
        }
    }

    fn tell_counted(&self, from: Time, to: Time, told: &mut Vec<StoryStretch>) {
        if from >= to {
            return;
        }
        let time = time_of(self.calendar, self.clock.working_time);
        let mut at = from;
        for open in time.spans(from, to) {
            closed(self.calendar, at, open.start, told);
            match told.last_mut().filter(|last| last.why == Why::Counted && last.to == open.start) {
                Some(last) => last.to = open.end,
                None => told.push(StoryStretch { from: open.start, to: open.end, why: Why::Counted }),
            }
            at = open.end;
        }
        closed(self.calendar, at, to, told);
    }
}

fn closed(calendar: Option<&KnownCalendar>, from: Time, to: Time, told: &mut Vec<StoryStretch>) {
    if from < to {
        let holidays = calendar.map(|known| known.holidays_between(from, to)).unwrap_or_default();
        told.push(StoryStretch { from, to, why: Why::Closed { holidays } });
    }
}
