//! How a ticket's clocks go from one change to the next.

use super::policy::{KnownPolicy, SlaPolicies, working_time};
use crate::calendar::Calendars;
use crate::ids::CalendarId;
use crate::model::{Sla, SlaClock, SlaMetric, SlaPolicyRef, SlaTargets, Ticket};
use crate::time::Time;
use chrono::TimeDelta;

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
    let content = policy.map(|policy| &policy.stored.content);
    let targets = policy.and_then(|policy| policy.targets(ticket));
    let is_over = !ticket.is_open();
    let is_paused = content.is_some_and(|content| content.pause_on.contains(&ticket.status));
    let since = former.and_then(|sla| sla.paused_since).or(ticket.last_status_change_at).unwrap_or(now);
    let turn = Turn { before, ticket, said, policy, targets, calendars, now, counts: !is_over && !is_paused };
    let mut sla = Sla {
        policy: policy.map(|policy| SlaPolicyRef { id: policy.id(), version: policy.stored.version }),
        calendar_id: turn.calendar_id(),
        paused_since: (is_paused && !is_over).then_some(since),
        first_response: turn.clock(SlaMetric::FirstResponse, former),
        next_response: None,
        resolution: turn.clock(SlaMetric::Resolution, former),
        is_breached: former.is_some_and(|sla| sla.is_breached),
    };
    let waits_for_first = sla.first_response.as_ref().is_some_and(|clock| clock.target > 0 && clock.met_at.is_none());
    sla.next_response = turn.next_response(former, waits_for_first);
    Some(sla)
}

/// One change, as each clock goes through it.
struct Turn<'a> {
    before: Option<&'a Ticket>,
    ticket: &'a Ticket,
    said: Option<Said>,
    policy: Option<&'a KnownPolicy>,
    targets: Option<&'a SlaTargets>,
    calendars: &'a Calendars,
    now: Time,
    /// Whether time counts after the change.
    counts: bool,
}

impl Turn<'_> {
    /// What is promised for this; nothing where it was and is no longer.
    fn target(&self, metric: SlaMetric) -> Option<TimeDelta> {
        self.targets.and_then(|targets| targets.of(metric))
    }

    fn calendar_id(&self) -> Option<CalendarId> {
        self.policy.and_then(|policy| policy.stored.content.calendar_id)
    }

    /// A clock that counts from the ticket's creation. Once it is there it stays, so that a promise that comes back
    /// goes on where it was and is broken once.
    fn clock(&self, metric: SlaMetric, former: Option<&Sla>) -> Option<SlaClock> {
        let target = self.target(metric);
        let known = former.and_then(|sla| sla.clock(metric)).cloned();
        let mut clock = match (known, target) {
            (Some(clock), _) => self.counted(former, clock),
            (None, Some(_)) => self.begun(self.ticket.created_at),
            (None, None) => return None,
        };
        clock.met_at = match metric {
            SlaMetric::FirstResponse => self.ticket.first_responded_at,
            SlaMetric::NextResponse => clock.met_at,
            SlaMetric::Resolution => self.resolved_at(),
        };
        self.plan(&mut clock, target);
        Some(clock)
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
            (Some(Said::Customer), _) if target.is_some() && !is_owed && !waits_for_first => self.begun(self.now),
            (Some(Said::Staff), Some(clock)) if is_owed => SlaClock { met_at: Some(self.now), ..clock },
            (_, Some(clock)) => clock,
            (_, None) => return None,
        };
        self.plan(&mut clock, target);
        Some(clock)
    }

    /// A clock that begins at a moment, which may be long ago where there was no promise before.
    fn begun(&self, started_at: Time) -> SlaClock {
        let working_time = self.working_time();
        // What a ticket waits for at the moment has not counted since it does.
        let paused = if self.counts { None } else { self.ticket.last_status_change_at };
        let until = paused.unwrap_or(self.now).clamp(started_at, self.now.max(started_at));
        let spent = self.spent(self.calendar_id(), self.ticket, working_time, started_at, until);
        SlaClock {
            started_at,
            target: 0,
            working_time,
            spent,
            counts_since: None,
            due_at: None,
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
            let mut spent = self.spent(former.calendar_id, ticket, clock.working_time, since, edit);
            let is_same = ticket.status == self.ticket.status;
            if edit < self.now && (self.counts || !is_same) {
                let (calendar, working_time) = (self.calendar_id(), self.working_time());
                spent = spent.saturating_add(self.spent(calendar, ticket, working_time, edit, self.now));
            }
            clock.spent = clock.spent.saturating_add(spent);
            clock.counts_since = Some(self.now.max(since));
        }
        clock
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

    /// How much counts from one moment to another, microseconds.
    fn spent(&self, calendar: Option<CalendarId>, ticket: &Ticket, is_working_time: bool, from: Time, to: Time) -> i64 {
        let time = working_time(self.calendars, calendar, ticket, is_working_time);
        time.between(from, to).num_microseconds().unwrap_or(i64::MAX)
    }

    /// Says when the clock is over from now on.
    fn plan(&self, clock: &mut SlaClock, target: Option<TimeDelta>) {
        clock.target = target.map_or(0, |target| target.num_seconds());
        if target.is_some() {
            clock.working_time = self.working_time();
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
        clock.counts_since = Some(since);
        // What was over stays over, wherever its end would be now.
        (clock.due_at, clock.warn_at) = (clock.breached_at, None);
        let Some(target) = target.filter(|_| clock.breached_at.is_none()) else { return };
        let time = working_time(self.calendars, self.calendar_id(), self.ticket, clock.working_time);
        let left = target - TimeDelta::microseconds(clock.spent);
        clock.due_at = time.add(since, left);
        let before = self.policy.and_then(|policy| policy.stored.content.warn_before);
        clock.warn_at = before.and_then(|before| time.add(since, left - before.of(target)));
    }
}
