//! How a ticket's clocks go from one change to the next.

use super::policy::{KnownPolicy, SlaPolicies, calendar_of, time_of};
use crate::calendar::{Calendars, KnownCalendar};
use crate::model::{Sla, SlaClock, SlaMetric, SlaPolicyRef, SlaTargets, Ticket, calendar};
use crate::time::Time;
use chrono::TimeDelta;

/// How many times of being planned anew are kept from one event of a ticket to the next.
const MOST_REPLANS: usize = 8;

/// What was said in a change, by a person and in public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// By the customer.
    Customer,
    /// By staff.
    Staff,
}

/// A moment that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Struck {
    /// Of which clock.
    pub metric: SlaMetric,
    /// Since when that was promised.
    pub started_at: Time,
    /// When the promised time is or was over.
    pub due_at: Time,
    /// Whether it is over; otherwise somebody is warned.
    pub is_breach: bool,
}

/// Marks what is over or to be warned of by now, oldest first. Each is answered once.
pub fn strike(sla: &mut Sla, now: Time) -> Vec<Struck> {
    let mut all = Vec::new();
    for metric in SlaMetric::ALL {
        let Some(clock) = sla.clock_mut(*metric) else { continue };
        let counts = clock.counts_since.is_some() && clock.target > 0;
        let (true, None, Some(due_at)) = (counts, clock.breached_at, clock.due_at) else { continue };
        let is_breach = due_at <= now;
        let is_warning = clock.warned_at.is_none() && clock.warn_at.is_some_and(|at| at <= now);
        if is_breach {
            clock.breached_at = Some(due_at);
        } else if is_warning {
            clock.warned_at = Some(now);
        } else {
            continue;
        }
        all.push(Struck { metric: *metric, started_at: clock.started_at, due_at, is_breach });
    }
    sla.is_breached |= all.iter().any(|struck| struck.is_breach);
    all.sort_by_key(|struck| struck.due_at);
    all
}

/// The clocks after a change that left the ticket as it is, still with the clocks of before.
///
/// `before` is the ticket before the change, by whose team time counted until now; `now` is when it was made.
pub fn follow(
    before: Option<&Ticket>,
    ticket: &Ticket,
    said: Option<Said>,
    policies: &SlaPolicies,
    calendars: &Calendars,
    now: Time,
) -> Option<Sla> {
    let policy = policies.of(ticket, now);
    let former = ticket.sla.as_deref();
    if policy.is_none() && former.is_none() {
        return None;
    }
    let targets = policy.and_then(|policy| policy.targets(ticket));
    let is_over = !ticket.is_open();
    // While no policy is for the ticket, it waits as it did.
    let waits = || {
        let is_same = before.is_none_or(|before| before.status == ticket.status);
        is_same && former.is_some_and(|sla| sla.paused_since.is_some())
    };
    let is_paused = policy.map_or_else(waits, |policy| policy.stored.content.pause_on.contains(&ticket.status));
    let counted_by = former.and_then(|sla| sla.calendar_id).map(|id| calendars.get(id));
    let calendar = match policy {
        Some(policy) => calendar_of(calendars, policy.stored.content.calendar_id, ticket),
        None => counted_by.flatten(),
    };
    // By a calendar that is gone, nobody can count any more.
    let former_calendar = counted_by.and_then(|known| known.or(calendar));
    let counts = !is_over && !is_paused;
    let turn = Turn { before, ticket, said, policy, targets, calendar, former_calendar, now, counts };
    let planned_at = turn.since(former);
    // A ticket that nothing was promised to has waited since its status says so.
    let paused_since = match former {
        Some(sla) => sla.paused_since.unwrap_or(planned_at),
        None => ticket.last_status_change_at.unwrap_or(now),
    };
    let mut sla = Sla {
        policy: policy.map(|policy| SlaPolicyRef { id: policy.id(), version: policy.stored.version }),
        calendar_id: calendar.map(|known| calendar::id(&known.stored)),
        paused_since: (is_paused && !is_over).then_some(paused_since),
        first_response: Some(turn.clock(SlaMetric::FirstResponse, former)),
        next_response: None,
        resolution: Some(turn.clock(SlaMetric::Resolution, former)),
        is_breached: former.is_some_and(|sla| sla.is_breached),
        planned_at: Some(planned_at),
        is_replanned: false,
        replans: former.filter(|sla| sla.is_replanned).map(|sla| sla.replans.clone()).unwrap_or_default(),
    };
    let waits_for_first = sla.first_response.as_ref().is_some_and(|clock| clock.target > 0 && clock.met_at.is_none());
    sla.next_response = turn.next_response(former, waits_for_first);
    Some(sla)
}

/// The clocks of a ticket that nothing happened to, under policies and calendars as they are now. No event tells of it,
/// so it is remembered up to the next one, for the ticket's story.
pub fn replan(ticket: &Ticket, policies: &SlaPolicies, calendars: &Calendars, now: Time) -> Option<Sla> {
    let mut sla = follow(Some(ticket), ticket, None, policies, calendars, now)?;
    let mut replans = std::mem::take(&mut sla.replans);
    replans.push(sla.clone());
    let too_many = replans.len().saturating_sub(MOST_REPLANS);
    replans.drain(..too_many);
    Some(Sla { is_replanned: true, replans, ..sla })
}

/// One change, as each clock goes through it.
struct Turn<'a> {
    before: Option<&'a Ticket>,
    ticket: &'a Ticket,
    said: Option<Said>,
    policy: Option<&'a KnownPolicy>,
    targets: Option<&'a SlaTargets>,
    /// By what working time counts from now on, and until now.
    calendar: Option<&'a KnownCalendar>,
    former_calendar: Option<&'a KnownCalendar>,
    now: Time,
    /// Whether time counts after the change.
    counts: bool,
}

impl Turn<'_> {
    /// What is promised for this; nothing where it was and is no longer.
    fn target(&self, metric: SlaMetric) -> Option<TimeDelta> {
        self.targets.and_then(|targets| targets.of(metric))
    }

    /// A clock that counts from the ticket's creation. It is there whatever is promised, so that a promise that comes
    /// or comes back finds what has counted, and is broken once.
    fn clock(&self, metric: SlaMetric, former: Option<&Sla>) -> SlaClock {
        let target = self.target(metric);
        let known = former.and_then(|sla| sla.clock(metric)).cloned();
        let mut clock = match known {
            Some(clock) => self.counted(former, clock),
            None => self.begun(self.ticket.created_at, target),
        };
        clock.met_at = match metric {
            SlaMetric::FirstResponse => self.ticket.first_responded_at,
            SlaMetric::NextResponse => clock.met_at,
            SlaMetric::Resolution => self.resolved_at(),
        };
        self.plan(&mut clock, target);
        clock
    }

    /// Since when it is resolved, also where it was closed without.
    fn resolved_at(&self) -> Option<Time> {
        if self.ticket.is_open() { None } else { self.ticket.resolved_at.or(self.ticket.closed_at) }
    }

    /// The clock of the response that is owed now, or was last.
    fn next_response(&self, former: Option<&Sla>, waits_for_first: bool) -> Option<SlaClock> {
        let target = self.target(SlaMetric::NextResponse);
        let known = former.and_then(|sla| sla.next_response.clone()).map(|clock| self.counted(former, clock));
        let is_owed = known.as_ref().is_some_and(|clock| clock.met_at.is_none());
        let mut clock = match (self.said, known) {
            (Some(Said::Customer), _) if !is_owed && !waits_for_first => self.begun(self.now, target),
            (Some(Said::Staff), Some(clock)) if is_owed => SlaClock { met_at: Some(self.now), ..clock },
            (_, Some(clock)) => clock,
            (_, None) => return None,
        };
        self.plan(&mut clock, target);
        Some(clock)
    }

    /// A clock that begins at a moment, which may be long ago where there was no promise before.
    fn begun(&self, started_at: Time, target: Option<TimeDelta>) -> SlaClock {
        let working_time = self.working_time();
        // What a ticket waits for at the moment has not counted since it does.
        let paused = if self.counts { None } else { self.ticket.last_status_change_at };
        let until = paused.unwrap_or(self.now).clamp(started_at, self.now.max(started_at));
        let time = time_of(self.calendar, working_time);
        let spent = micros(time.between(started_at, until));
        // What was over before anybody promised it was over then, not now.
        let due_at = target.and_then(|target| time.add(started_at, target)).filter(|due_at| *due_at <= self.now);
        SlaClock {
            started_at,
            target: 0,
            working_time,
            spent,
            counts_since: Some(self.now),
            due_at,
            warn_at: None,
            warned_at: None,
            breached_at: None,
            met_at: None,
        }
    }

    /// A clock that has counted up to now, by what held until now.
    fn counted(&self, former: Option<&Sla>, mut clock: SlaClock) -> SlaClock {
        if let (Some(since), Some(former)) = (clock.counts_since.take(), former) {
            let edit = self.edited_at(former).map_or(self.now, |edit| edit.clamp(since, self.now.max(since)));
            let ticket = self.before.unwrap_or(self.ticket);
            let mut spent = time_of(self.former_calendar, clock.working_time).between(since, edit);
            let is_same = ticket.status == self.ticket.status;
            if edit < self.now && (self.counts || !is_same) {
                spent += time_of(self.calendar, self.working_time()).between(edit, self.now);
            }
            let spent = micros(spent);
            clock.spent = clock.spent.saturating_add(spent);
            clock.counts_since = Some(self.now.max(since));
        }
        clock
    }

    /// From when on it counts by what holds now: what counted does so by an edited policy from its edit on, unless the
    /// ticket's status is another, too.
    fn since(&self, former: Option<&Sla>) -> Time {
        let is_same = self.before.is_none_or(|before| before.status == self.ticket.status);
        let counted = former.filter(|former| is_same && former.paused_since.is_none());
        let edit = counted.and_then(|former| self.edited_at(former));
        let earliest = former.and_then(|former| former.planned_at);
        edit.max(earliest.filter(|_| edit.is_some())).unwrap_or(self.now).min(self.now)
    }

    /// When the policy became what it is, where the ticket was under an earlier version of it until now: from then on
    /// time counts by what the policy says now.
    fn edited_at(&self, former: &Sla) -> Option<Time> {
        let (stored, former) = (&self.policy?.stored, former.policy?);
        let is_other = former.id.0 == stored.id && former.version != stored.version;
        is_other.then_some(stored.saved_at)
    }

    fn working_time(&self) -> bool {
        self.targets.is_none_or(|targets| targets.working_time)
    }

    /// Says when the clock is over from now on.
    fn plan(&self, clock: &mut SlaClock, target: Option<TimeDelta>) {
        // What is done was promised before that, or not at all.
        if clock.met_at.is_none() {
            clock.target = target.map_or(0, |target| target.num_seconds());
            clock.working_time = target.map_or(clock.working_time, |_| self.working_time());
        }
        if clock.met_at.is_some() || !self.counts {
            // A promise that was kept still says until when it could have been.
            if clock.met_at.is_none() {
                clock.due_at = clock.breached_at;
            }
            (clock.counts_since, clock.warn_at) = (None, None);
            return;
        }
        let since = clock.counts_since.unwrap_or(self.now).max(self.now);
        // An end that has passed and was not told yet is still when it was.
        // That of a clock that stood still until now is none.
        let passed = clock.due_at.filter(|due_at| clock.counts_since.is_some() && *due_at <= since);
        clock.counts_since = Some(since);
        // What was over stays over, wherever its end would be now.
        (clock.due_at, clock.warn_at) = (clock.breached_at, None);
        let Some(target) = target.filter(|_| clock.breached_at.is_none()) else { return };
        let time = time_of(self.calendar, clock.working_time);
        let left = target - TimeDelta::microseconds(clock.spent);
        clock.due_at = if left > TimeDelta::zero() { time.add(since, left) } else { Some(passed.unwrap_or(since)) };
        let before =
            self.policy.and_then(|policy| policy.stored.content.warn_before).filter(|_| clock.due_at.is_some());
        clock.warn_at = before.and_then(|before| time.add(since, left - before.of(target)));
    }
}

fn micros(time: TimeDelta) -> i64 {
    time.num_microseconds().unwrap_or(i64::MAX)
}
