//! A ticket's clocks inside of a commit: what is over is told first, and what was done is followed last.

use crate::changes::{Expect, Row, Write};
use crate::desk::Snapshot;
use crate::desk::recorder::Recorder;
use crate::event::{Deadline, Fact, Told};
use crate::model::{Comment, Role, Sla, SlaClock, Ticket};
use crate::sla::{self, Said, Struck};
use crate::ticket::Draft;
use crate::time::Time;

/// Says which promised times are over or nearly so, before anything else that happens: also before the ticket is
/// resolved. Only clocks that counted until now can be over.
///
/// What the policy wants done about it comes last, upon what the change did, and before rules look. A clock is over
/// once, so it is done once for each promise.
pub(in crate::desk) fn strike(draft: &mut Draft, snapshot: &Snapshot) {
    let Some(sla) = draft.ticket.sla.as_deref_mut() else { return };
    let policy = sla.policy.and_then(|policy| snapshot.sla_policies.get(policy.id));
    let policy = policy.map(|known| &known.stored.content);
    let on_breach = policy.filter(|policy| policy.is_active).and_then(|policy| policy.on_breach);
    let struck = sla::strike(sla, draft.now);
    let deadline = |struck: &Struck| {
        let Struck { metric, started_at, due_at, .. } = *struck;
        Deadline { metric, started_at, due_at }
    };
    let told = struck.iter().map(|one| {
        let fact = if one.is_breach { Fact::SlaBreached(deadline(one)) } else { Fact::SlaWarning(deadline(one)) };
        Told { fact, rule: None, by_desk: true }
    });
    draft.facts.splice(..0, told);
    let Some(on_breach) = on_breach.filter(|_| draft.ticket.is_open()) else { return };
    draft.by_desk = true;
    for broken in struck.iter().filter(|struck| struck.is_breach) {
        draft.answer_breach(&snapshot.ground(), on_breach, &deadline(broken));
    }
    draft.by_desk = false;
}

/// Who has said something in public. Staff who ask themselves are customers here.
fn said(ticket: &Ticket, comment: &Comment) -> Option<Said> {
    if comment.is_internal {
        return None;
    }
    let is_staff = comment.author.role != Role::Customer.as_str();
    if is_staff && comment.author.id != Some(ticket.customer_id) { Some(Said::Staff) } else { Some(Said::Customer) }
}

/// Whether a promised time of an open ticket is over or nearly so by now, and nobody has told it yet.
pub(in crate::desk) fn is_untold(ticket: &Ticket, now: Time) -> bool {
    let wake_at = ticket.sla.as_deref().filter(|_| ticket.is_open()).and_then(Sla::wake_at);
    wake_at.is_some_and(|at| at <= now)
}

/// Lets a ticket's clocks follow what was done to it.
pub(in crate::desk) fn follow(
    snapshot: &Snapshot,
    before: Option<&Ticket>,
    ticket: &mut Ticket,
    comment: Option<&Comment>,
    now: Time,
) {
    let said = comment.and_then(|comment| said(ticket, comment));
    let sla = sla::follow(before, ticket, said, &snapshot.sla_policies, &snapshot.calendars, now);
    ticket.sla = sla.map(Box::new);
}

impl Recorder<'_> {
    /// Holds an open ticket's clocks against the policies and calendars as they are now. Answers the ticket as that
    /// leaves it; the commit lands only where it is still as it was found. Nothing is told: nothing happened to it.
    ///
    /// A promise that is over by now was broken under what held until now. Such a ticket is left to the clock, which
    /// tells that first and lets the ticket follow then.
    pub(in crate::desk) fn replan_clocks(&mut self, before: &Ticket) -> Ticket {
        let mut ticket = before.clone();
        let now = self.now.max(before.updated_at);
        if ticket.is_open() && ticket.merged_into.is_none() && !is_untold(before, now) {
            let sla = sla::replan(before, &self.snapshot.sla_policies, &self.snapshot.calendars, now);
            ticket.sla = sla.map(Box::new);
        }
        if is_planned_alike(before.sla.as_deref(), ticket.sla.as_deref()) {
            self.guard(Row::Ticket(before.id), before.version);
            return before.clone();
        }
        ticket.version = before.version + 1;
        let expect = Expect::Version(before.version);
        self.write(Write::Ticket { ticket: Box::new(ticket.clone()), expect, text: false });
        ticket
    }
}

/// Whether all that is still to come is the same, however far each clock has counted.
fn is_planned_alike(old: Option<&Sla>, new: Option<&Sla>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return old.is_none() && new.is_none() };
    let plan = |clock: &SlaClock| {
        (clock.started_at, clock.target, clock.working_time, clock.counts_since.is_some(), clock.due_at, clock.warn_at)
    };
    let plans = |sla: &Sla| sla.clocks().map(|(metric, clock)| (metric, plan(clock))).collect::<Vec<_>>();
    // Another version that says the same is no other plan.
    let under = |sla: &Sla| (sla.policy.map(|policy| policy.id), sla.calendar_id, sla.paused_since);
    under(old) == under(new) && plans(old) == plans(new)
}
