//! The status machine: which changes are legal, and what follows from each.

use super::change::Change;
use crate::error::Error;
use crate::event::{Fact, FieldChanges};
use crate::model::Status;
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

impl Change {
    /// Sets the status and the moments that follow from it, with the facts to tell.
    pub(super) fn set_status(&mut self, to: Status) -> Result<(), Error> {
        let from = self.ticket.status;
        from.transition(to)?;
        if from == to {
            return Ok(());
        }
        let (resolved, closed) = (self.ticket.resolved_at, self.ticket.closed_at);
        self.ticket.status = to;
        match to {
            Status::Resolved => {
                self.ticket.resolved_at = Some(self.now);
            }
            Status::Closed => self.ticket.closed_at = Some(self.now),
            Status::Open | Status::InProgress | Status::Pending | Status::OnHold => {
                self.ticket.resolved_at = None;
                self.ticket.closed_at = None;
            }
        }
        let mut changes = FieldChanges::from([("status".to_owned(), (json!(from), json!(to)))]);
        let mut moment = |field: &str, old: Value, new: Value| {
            if old != new {
                changes.insert(field.to_owned(), (old, new));
            }
        };
        moment("resolved_at", json!(resolved), json!(self.ticket.resolved_at));
        moment("closed_at", json!(closed), json!(self.ticket.closed_at));
        self.fact(Fact::TicketStatusChanged { changes });
        let was_over = matches!(from, Status::Resolved | Status::Closed);
        match to {
            Status::Resolved => self.fact(Fact::TicketResolved {}),
            Status::Closed => self.fact(Fact::TicketClosed {}),
            _ if was_over => self.fact(Fact::TicketReopened {}),
            _ => {}
        }
        Ok(())
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
