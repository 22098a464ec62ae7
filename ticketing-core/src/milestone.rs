//! Which moments of a ticket a change brings about, all pure.

use crate::model::{Milestone, MilestoneKind, Ticket};
use crate::time::Time;

/// What a change makes of a ticket that reports count. A ticket that goes into another is neither resolved nor left by
/// that: it is counted where it was.
pub fn milestones(before: Option<&Ticket>, after: &Ticket, now: Time) -> Vec<Milestone> {
    let of = |ticket: &Ticket, kind, at: Time| Milestone {
        ticket_id: after.id,
        kind,
        at,
        team_id: ticket.team_id,
        agent_id: ticket.assigned_agent_id,
        priority: after.priority,
        spent: (at - after.created_at).num_seconds().max(0),
    };
    let mut found = Vec::new();
    match before {
        None => found.push(of(after, MilestoneKind::Created, after.created_at)),
        Some(before) if before.team_id != after.team_id => {
            if before.team_id.is_some() {
                found.push(of(before, MilestoneKind::Left, now));
            }
            if after.team_id.is_some() {
                found.push(of(after, MilestoneKind::Joined, now));
            }
        }
        Some(_) => {}
    }
    if before.is_none_or(|before| before.first_responded_at.is_none())
        && let Some(at) = after.first_responded_at
    {
        found.push(of(after, MilestoneKind::FirstResponse, at));
    }
    let was_open = before.is_none_or(Ticket::is_open);
    if was_open && !after.is_open() && after.merged_into.is_none() {
        found.push(of(after, MilestoneKind::Resolved, now));
    }
    if !was_open && after.is_open() && before.is_some_and(|before| before.merged_into.is_none()) {
        found.push(of(after, MilestoneKind::Reopened, now));
    }
    found
}
