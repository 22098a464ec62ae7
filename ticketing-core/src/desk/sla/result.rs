//! What a change makes of promises: written in its commit, with the ticket as it stood at the moment, so that reports
//! need no history.

use crate::changes::Write;
use crate::desk::recorder::Recorder;
use crate::event::{Deadline, Fact, Told};
use crate::milestone::milestones;
use crate::model::{Sla, SlaClock, SlaMetric, SlaResult, Ticket};
use crate::time::Time;

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

impl Recorder<'_> {
    /// Adds what reports count to the commit: what became of promises, those that were over before the change and those
    /// that it keeps, and the moments of the ticket.
    pub(in crate::desk) fn write_results(&mut self, before: Option<&Ticket>, after: &Ticket, told: &[Told]) {
        for result in results(before, after, told, self.now) {
            self.write(Write::SlaResult(Box::new(result)));
        }
        for milestone in milestones(before, after, self.now) {
            self.write(Write::Milestone(milestone));
        }
    }
}

/// What a change makes of promises, in one moment.
pub(crate) fn results(before: Option<&Ticket>, after: &Ticket, told: &[Told], now: Time) -> Vec<SlaResult> {
    let deadlines = told.iter().filter_map(|told| match &told.fact {
        Fact::SlaBreached(deadline) => Some(deadline),
        _ => None,
    });
    let mut all: Vec<SlaResult> = deadlines.filter_map(|deadline| broken(before?, deadline)).collect();
    for (sla, metric, clock) in kept(before, after, now) {
        let is_it = |known: &&mut SlaResult| known.metric == metric && known.started_at == clock.started_at;
        if let Some(broken) = all.iter_mut().find(is_it) {
            (broken.met_at, broken.spent) = (clock.met_at, clock.spent / SECOND);
        } else if let Some(result) = of(after, sla, (metric, clock), clock.breached_at.unwrap_or(now)) {
            all.push(SlaResult { met_at: clock.met_at, breached_at: clock.breached_at, ..result });
        }
    }
    all
}

/// A promise that was over before anything else happened: the ticket of until then missed it.
fn broken(before: &Ticket, deadline: &Deadline) -> Option<SlaResult> {
    let sla = before.sla.as_deref()?;
    let clock = sla.clock(deadline.metric).filter(|clock| clock.started_at == deadline.started_at)?;
    // What was over before anybody promised it was missed by whoever had the ticket when it was promised.
    let at = clock.counts_since.map_or(deadline.due_at, |since| since.max(deadline.due_at));
    Some(SlaResult {
        // What has counted is known as of the last change: just the promised time, but where that was cut short.
        spent: clock.target.max(clock.spent / SECOND),
        breached_at: Some(deadline.due_at),
        ..of(before, sla, (deadline.metric, clock), at)?
    })
}

/// Clocks that this very change has met. What was done before it was promised keeps no promise, and a ticket that goes
/// into another is not resolved by that.
fn kept<'a>(
    before: Option<&'a Ticket>,
    after: &'a Ticket,
    now: Time,
) -> impl Iterator<Item = (&'a Sla, SlaMetric, &'a SlaClock)> {
    let met_before = move |metric| before.and_then(|ticket| ticket.sla.as_deref()?.clock(metric)?.met_at);
    let of_sla = move |sla: &'a Sla| sla.clocks().map(move |(metric, clock)| (sla, metric, clock));
    let all = after.sla.as_deref().into_iter().flat_map(of_sla);
    let is_moved = after.merged_into.is_some();
    let all = all.filter(move |(_, metric, _)| !(is_moved && *metric == SlaMetric::Resolution));
    all.filter(move |(_, metric, clock)| clock.met_at == Some(now) && met_before(*metric) != Some(now))
}

fn of(ticket: &Ticket, sla: &Sla, (metric, clock): (SlaMetric, &SlaClock), at: Time) -> Option<SlaResult> {
    Some(SlaResult {
        ticket_id: ticket.id,
        metric,
        started_at: clock.started_at,
        policy_id: sla.policy?.id,
        target: clock.target,
        spent: clock.spent / SECOND,
        at,
        met_at: None,
        breached_at: None,
        priority: ticket.priority,
        team_id: ticket.team_id,
        agent_id: ticket.assigned_agent_id,
    })
}
