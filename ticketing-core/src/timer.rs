//! What a ticket asks for by the clock, all pure: what becomes due on it and when, of which the earliest is planned in
//! the commit that moves it.
//!
//! Whether something was done already is remembered by the moment that it counts from, never by comparing clocks, so a
//! clock that jumps does nothing twice.

use crate::calendar::Calendars;
use crate::ids::WorkflowId;
use crate::model::{Fired, Sla, Status, Ticket};
use crate::time::Time;
use crate::workflow::schedule::After;
use chrono::TimeDelta;
use std::collections::HashSet;

/// What the desk wants to happen by the clock.
#[derive(Clone, Copy, Debug)]
pub struct Timing<'a> {
    /// Rules that look at a ticket some time after a moment of it.
    pub rules: &'a [After],
    /// How long after it was resolved a ticket is closed.
    pub auto_close_after: Option<TimeDelta>,
    /// When the desk and its teams work.
    pub calendars: &'a Calendars,
}

/// What becomes due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// A ticket that was put off asks for work again.
    SnoozeEnds,
    /// A rule looks at it.
    Rule {
        /// The rule.
        rule_id: WorkflowId,
        /// The moment that it counts from.
        anchor_at: Time,
    },
    /// A promised time is over, or nearly so.
    Deadline,
    /// A resolved ticket is closed.
    AutoClose,
}

/// Something that becomes due on a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub due_at: Time,
    /// What.
    pub occasion: Occasion,
}

/// All that becomes due on a ticket as it is, whether it was done already or not. On a closed one nothing does.
pub fn moments(ticket: &Ticket, timing: &Timing<'_>) -> Vec<Moment> {
    if ticket.status == Status::Closed {
        return Vec::new();
    }
    let snooze = ticket.wake_at.map(|due_at| Moment { due_at, occasion: Occasion::SnoozeEnds });
    let rules = timing.rules.iter().filter_map(|rule| {
        let anchor_at = rule.anchor(ticket)?;
        let due_at = if rule.working_time {
            timing.calendars.of_team(ticket.team_id).add(anchor_at, rule.after)
        } else {
            anchor_at.checked_add_signed(rule.after)
        };
        Some(Moment { due_at: due_at?, occasion: Occasion::Rule { rule_id: rule.rule_id, anchor_at } })
    });
    let resolved_at = ticket.resolved_at.filter(|_| ticket.status == Status::Resolved);
    let close = resolved_at.zip(timing.auto_close_after).and_then(|(at, after)| at.checked_add_signed(after));
    let close = close.map(|due_at| Moment { due_at, occasion: Occasion::AutoClose });
    let promised = ticket.sla.as_deref().filter(|_| ticket.is_open()).and_then(Sla::wake_at);
    let promised = promised.map(|due_at| Moment { due_at, occasion: Occasion::Deadline });
    snooze.into_iter().chain(rules).chain(promised).chain(close).collect()
}

/// What rules have looked at one ticket for.
#[derive(Clone, Debug, Default)]
pub struct FiredSet(HashSet<(WorkflowId, Time)>);

impl FromIterator<Fired> for FiredSet {
    fn from_iter<I: IntoIterator<Item = Fired>>(all: I) -> Self {
        Self(all.into_iter().map(|fired| (fired.rule_id, fired.anchor_at)).collect())
    }
}

impl FiredSet {
    /// Remembers one more.
    pub fn add(&mut self, fired: &Fired) {
        self.0.insert((fired.rule_id, fired.anchor_at));
    }

    fn is_open(&self, moment: &Moment) -> bool {
        match moment.occasion {
            Occasion::Rule { rule_id, anchor_at } => !self.0.contains(&(rule_id, anchor_at)),
            // These are no more once they are done.
            Occasion::SnoozeEnds | Occasion::Deadline | Occasion::AutoClose => true,
        }
    }
}

/// Whether it takes knowing what rules have done to say which of these is next.
pub fn may_have_fired(moments: &[Moment], now: Time) -> bool {
    moments.iter().any(|moment| moment.due_at <= now && matches!(moment.occasion, Occasion::Rule { .. }))
}

/// When the ticket asks next.
pub fn next_wake(moments: &[Moment], fired: &FiredSet) -> Option<Time> {
    moments.iter().filter(|moment| fired.is_open(moment)).map(|moment| moment.due_at).min()
}

/// What is due now and was not done, the earliest first. A ticket is closed when nothing that was due before is left.
pub fn due(moments: &[Moment], fired: &FiredSet, now: Time) -> Vec<Moment> {
    let is_due = |moment: &&Moment| moment.due_at <= now && fired.is_open(moment);
    let mut due: Vec<Moment> = moments.iter().filter(is_due).copied().collect();
    due.sort_by_key(|moment| (moment.due_at, moment.occasion == Occasion::AutoClose));
    match due.iter().position(|moment| moment.occasion == Occasion::AutoClose) {
        // Closed, it would take nothing of what comes later.
        Some(0) => due.truncate(1),
        Some(place) => due.truncate(place),
        None => {}
    }
    due
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TicketId;
    use uuid::Uuid;

    fn at(minute: i64) -> Time {
        Time::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn rule(number: u128, minute: i64) -> Moment {
        let rule_id = WorkflowId(Uuid::from_u128(number));
        Moment { due_at: at(minute), occasion: Occasion::Rule { rule_id, anchor_at: at(0) } }
    }

    fn other(occasion: Occasion, minute: i64) -> Moment {
        Moment { due_at: at(minute), occasion }
    }

    fn has_fired(number: u128, anchor_at: Time) -> FiredSet {
        let rule_id = WorkflowId(Uuid::from_u128(number));
        [Fired { ticket_id: TicketId(Uuid::nil()), rule_id, anchor_at }].into_iter().collect()
    }

    #[test]
    fn what_is_due_comes_in_the_order_of_its_moments() {
        let (late, early) = (rule(1, 9), rule(2, 3));
        let snooze = other(Occasion::SnoozeEnds, 5);
        let all = [late, early, snooze, rule(3, 11)];
        assert_eq!(due(&all, &FiredSet::default(), at(10)), [early, snooze, late]);
        assert_eq!(next_wake(&all, &FiredSet::default()), Some(at(3)));
        assert_eq!(due(&all, &FiredSet::default(), at(2)), []);
    }

    #[test]
    fn a_rule_that_has_looked_for_its_moment_is_due_no_more() {
        let all = [rule(1, 1), rule(2, 5)];
        assert_eq!(due(&all, &has_fired(1, at(0)), at(9)), [rule(2, 5)]);
        assert_eq!(next_wake(&all, &has_fired(1, at(0))), Some(at(5)));
        // For another moment it has.
        assert_eq!(next_wake(&all, &has_fired(1, at(1))), Some(at(1)));
        assert_eq!(next_wake(&all[..1], &has_fired(1, at(0))), None);
    }

    #[test]
    fn a_ticket_is_closed_when_all_that_was_due_before_is_done() {
        let close = other(Occasion::AutoClose, 5);
        let all = [close, rule(1, 3), rule(2, 7)];
        assert_eq!(due(&all, &FiredSet::default(), at(9)), [rule(1, 3)]);
        assert_eq!(due(&all, &has_fired(1, at(0)), at(9)), [close], "closed, it takes nothing of what comes later");
        assert_eq!(due(&[close, rule(1, 5)], &FiredSet::default(), at(9)), [rule(1, 5)], "at one moment it goes last");
    }

    #[test]
    fn only_a_rule_that_is_overdue_may_have_fired() {
        assert!(may_have_fired(&[rule(1, 3)], at(3)));
        assert!(!may_have_fired(&[rule(1, 3)], at(2)));
        assert!(!may_have_fired(&[other(Occasion::SnoozeEnds, 1), other(Occasion::AutoClose, 1)], at(9)));
    }
}
