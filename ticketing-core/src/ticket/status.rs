//! The status machine: which changes are legal, and what follows from each.

use super::Draft;
use crate::error::Error;
use crate::event::{Fact, FieldChanges, Stand};
use crate::model::{Status, Ticket};
use serde_json::{Value, json};

/// A change of status that is not legal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A ticket can't go from {from} to {to}: {why}")]
pub struct IllegalTransition {
    /// Where it stands.
    pub from: Status,
    /// Where it should go.
    pub to: Status,
    /// Why not.
    pub why: &'static str,
}

impl From<IllegalTransition> for Error {
    fn from(refused: IllegalTransition) -> Self {
        Self::conflict("illegal_transition", refused.to_string())
    }
}

impl Status {
    /// Whether a ticket may go from here to there. Any status may follow any other, but a closed
    /// ticket only goes back to `open`.
    pub fn transition(self, to: Self) -> Result<(), IllegalTransition> {
        if self == Self::Closed && !matches!(to, Self::Closed | Self::Open) {
            let why = "a closed ticket only goes back to open.";
            return Err(IllegalTransition { from: self, to, why });
        }
        Ok(())
    }
}

impl Ticket {
    /// Where it stands, and since when.
    pub(crate) fn stand(&self) -> Stand {
        let Self { status, resolved_at, closed_at, wake_at, .. } = *self;
        Stand { status, resolved_at, closed_at, wake_at }
    }
}

impl Draft {
    /// Sets the status and the moments that follow from it, with the facts to tell.
    pub(crate) fn set_status(&mut self, to: Status) -> Result<(), Error> {
        let mut stand = self.ticket.stand();
        stand.status.transition(to)?;
        if stand.status == to {
            return Ok(());
        }
        stand.status = to;
        // Only what is pending sleeps.
        stand.wake_at = None;
        match to {
            Status::Resolved => stand.resolved_at = Some(self.now),
            Status::Closed => stand.closed_at = Some(self.now),
            Status::Open | Status::InProgress | Status::Pending | Status::OnHold => {
                stand.resolved_at = None;
                stand.closed_at = None;
            }
        }
        self.set_stand(stand);
        Ok(())
    }

    /// Puts the ticket where it is said to stand, legal or not, with the facts to tell.
    pub(crate) fn set_stand(&mut self, to: Stand) {
        let from = self.ticket.stand();
        let Stand { status, resolved_at, closed_at, wake_at } = to;
        let ticket = &mut self.ticket;
        (ticket.status, ticket.resolved_at, ticket.closed_at, ticket.wake_at) =
            (status, resolved_at, closed_at, wake_at);
        let mut changes = FieldChanges::new();
        let mut note = |field: &str, old: Value, new: Value| {
            if old != new {
                changes.insert(field.to_owned(), (old, new));
            }
        };
        note("status", json!(from.status), json!(status));
        note("resolved_at", json!(from.resolved_at), json!(resolved_at));
        note("closed_at", json!(from.closed_at), json!(closed_at));
        note("wake_at", json!(from.wake_at), json!(wake_at));
        if from.status == status {
            if !changes.is_empty() {
                self.fact(Fact::TicketUpdated { changes, reason: None });
            }
            return;
        }
        self.ticket.last_status_change_at = Some(self.now);
        self.fact(Fact::TicketStatusChanged { changes });
        let was_over = matches!(from.status, Status::Resolved | Status::Closed);
        match status {
            Status::Resolved => self.fact(Fact::TicketResolved {}),
            Status::Closed => self.fact(Fact::TicketClosed {}),
            _ if was_over => self.fact(Fact::TicketReopened {}),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_follows_every_other_except_out_of_closed() {
        for from in Status::ALL {
            for to in Status::ALL {
                let legal = *from != Status::Closed || matches!(to, Status::Open | Status::Closed);
                assert_eq!(from.transition(*to).is_ok(), legal, "{from} to {to}");
            }
        }
    }

    #[test]
    fn a_refusal_says_from_where_to_where_and_why() {
        let refused = Status::Closed.transition(Status::Pending).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "A ticket can't go from closed to pending: a closed ticket only goes back to open."
        );
    }
}
