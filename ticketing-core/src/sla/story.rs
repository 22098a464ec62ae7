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
}

/// Tells how each clock of a ticket came to stand where it stands. `stations` are its changes as far as they are
/// known, oldest first.
pub fn tell(ticket: &Ticket, stations: &[Station], calendars: &Calendars, now: Time) -> Vec<ClockStory> {
    let Some(sla) = ticket.sla.as_deref() else { return Vec::new() };
    let teller = Teller { ticket, sla, stations, calendars, now };
    sla.clocks().map(|(metric, clock)| teller.clock(metric, clock)).collect()
}

struct Teller<'a> {
    ticket: &'a Ticket,
    sla: &'a Sla,
    stations: &'a [Station],
    calendars: &'a Calendars,
    now: Time,
}

impl Teller<'_> {
    fn clock(&self, metric: SlaMetric, clock: &SlaClock) -> ClockStory {
        let end = clock.met_at.unwrap_or(self.now).max(clock.started_at);
        let mut stretches = Vec::new();
        let mut from = clock.started_at;
        let later = self.stations.iter().filter(|station| station.at > clock.started_at && station.at < end);
        let mut known = self.stations.iter().rfind(|station| station.at <= clock.started_at);
        for station in later {
            self.between(metric, clock, known, from, station.at, &mut stretches);
            (from, known) = (station.at, Some(station));
        }
        self.between(metric, clock, known, from, end, &mut stretches);
        let too_many = stretches.len().saturating_sub(MOST_STRETCHES);
        stretches.drain(..too_many);
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
        }
    }

    fn calendar(&self, sla: &Sla) -> Option<&KnownCalendar> {
        sla.calendar_id.and_then(|id| self.calendars.get(id))
    }

    /// What has counted since the last change.
    fn running(&self, clock: &SlaClock) -> TimeDelta {
        let time = time_of(self.calendar(self.sla), clock.working_time);
        clock.counts_since.map_or(TimeDelta::zero(), |since| time.between(since, self.now))
    }

    /// Between two changes all is as the first of them left it. Where nothing is known of it, time counted by what
    /// holds now.
    fn between(
        &self,
        metric: SlaMetric,
        clock: &SlaClock,
        known: Option<&Station>,
        from: Time,
        to: Time,
        told: &mut Vec<StoryStretch>,
    ) {
        if from >= to {
            return;
        }
        let then = known.map_or(self.ticket, |station| &station.ticket);
        let sla = then.sla.as_deref().unwrap_or(self.sla);
        let own = sla.clock(metric).filter(|own| own.started_at == clock.started_at).unwrap_or(clock);
        let status = then.status;
        if known.is_some() && !then.is_open() {
            return told.push(StoryStretch { from, to, why: Why::Over { status } });
        }
        if known.is_some() && own.counts_since.is_none() {
            return told.push(StoryStretch { from, to, why: Why::Paused { status } });
        }
        let calendar = self.calendar(sla);
        let time = time_of(calendar, own.working_time);
        let mut at = from;
        for open in time.spans(from, to) {
            closed(calendar, at, open.start, told);
            match told.last_mut().filter(|last| last.why == Why::Counted && last.to == open.start) {
                Some(last) => last.to = open.end,
                None => told.push(StoryStretch { from: open.start, to: open.end, why: Why::Counted }),
            }
            at = open.end;
        }
        closed(calendar, at, to, told);
    }
}

fn closed(calendar: Option<&KnownCalendar>, from: Time, to: Time, told: &mut Vec<StoryStretch>) {
    if from < to {
        let holidays = calendar.map(|known| known.holidays_between(from, to)).unwrap_or_default();
        told.push(StoryStretch { from, to, why: Why::Closed { holidays } });
    }
}
