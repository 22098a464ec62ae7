//! What the clock makes of a ticket that comes from elsewhere.

use crate::changes::Write;
use crate::desk::Snapshot;
use crate::milestone::milestones;
use crate::model::{Fired, Status, Ticket};
use crate::sla;
use crate::time::Time;
use crate::timer::{FiredSet, Moment, Occasion, moments, next_wake};

/// What was over by now was over elsewhere, and nobody is told of it here: a promise that would be broken is marked as that,
/// what rules would have looked at counts as looked at, and what would have closed by itself is closed since then. What is
/// still to come is planned. Answers what is written beside the ticket.
pub(super) fn settle(ticket: &mut Ticket, snapshot: &Snapshot, now: Time) -> Vec<Write> {
    let timing = snapshot.timing();
    let is_over = |moment: &&Moment| moment.occasion == Occasion::AutoClose && moment.due_at <= now;
    if let Some(closed) = moments(ticket, &timing).iter().find(is_over) {
        ticket.status = Status::Closed;
        ticket.closed_at = Some(closed.due_at);
        ticket.updated_at = closed.due_at;
        ticket.last_status_change_at = Some(closed.due_at);
    }
    let ended_at = ticket.resolved_at.or(ticket.closed_at).unwrap_or(ticket.created_at);
    let looked = if ticket.is_open() {
        pass(ticket, snapshot, now)
    } else {
        // It may be opened again: then nobody is told either of what was over when it ended.
        let (resolved_at, closed_at) = (None, None);
        let mut opened = Ticket { status: Status::Open, resolved_at, closed_at, ..ticket.clone() };
        let looked = pass(&mut opened, snapshot, ended_at);
        ticket.sla.clone_from(&opened.sla);
        let (policies, calendars) = (&snapshot.sla_policies, &snapshot.calendars);
        let promised = sla::follow(Some(&opened), ticket, None, policies, calendars, ended_at);
        ticket.sla = promised.map(Box::new);
        looked
    };
    let fired: FiredSet = looked.iter().copied().collect();
    let mut writes: Vec<Write> = looked.into_iter().map(Write::Fired).collect();
    if let Some(due_at) = next_wake(&moments(ticket, &timing), &fired) {
        writes.push(Write::TicketWake { ticket_id: ticket.id, due_at: Some(due_at) });
    }
    writes.extend(milestones(None, ticket, ended_at).into_iter().map(Write::Milestone));
    writes
}

/// Promises an open ticket what its policy says, marks what of that was over by then, and answers which rules have looked at
/// it by then.
fn pass(ticket: &mut Ticket, snapshot: &Snapshot, until: Time) -> Vec<Fired> {
    let mut promised = sla::follow(None, ticket, None, &snapshot.sla_policies, &snapshot.calendars, until);
    if let Some(promised) = &mut promised {
        sla::strike(promised, until);
    }
    ticket.sla = promised.map(Box::new);
    let planned = moments(ticket, &snapshot.timing());
    let looked = planned.iter().filter(|moment| moment.due_at <= until).filter_map(|moment| match moment.occasion {
        Occasion::Rule { rule_id, anchor_at } => Some(Fired { ticket_id: ticket.id, rule_id, anchor_at }),
        Occasion::SnoozeEnds | Occasion::Deadline | Occasion::AutoClose => None,
    });
    looked.collect()
}
