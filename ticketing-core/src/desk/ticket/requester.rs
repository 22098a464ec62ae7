//! What whoever asked may do about where the ticket stands.

use super::change::Change;
use crate::access::Call;
use crate::desk::Desk;
use crate::desk::comment::is_over;
use crate::error::Error;
use crate::ids::TicketKey;
use crate::model::Status;
use crate::model::view::TicketView;

impl Desk {
    /// Closes a ticket: whoever asked needs no more help. One that is closed already stays as it is. For its requester;
    /// staff set the status.
    pub async fn close_ticket(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        expected: Option<i64>,
    ) -> Result<TicketView, Error> {
        self.change_own_status(&call.into(), key, expected, move |change| change.set_status(Status::Closed)).await
    }

    /// Opens a resolved ticket again: it is not solved. As with a comment, this ends some time after it was resolved.
    /// For its requester; staff set the status.
    pub async fn reopen_ticket(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        expected: Option<i64>,
    ) -> Result<TicketView, Error> {
        let window = self.options().reopen_window;
        let reopen = move |change: &mut Change| {
            if change.ticket.status == Status::Closed {
                return Err(Error::conflict("ticket_closed", "The ticket is closed. A comment begins a new one."));
            }
            if change.ticket.status != Status::Resolved {
                return Err(Error::conflict("not_resolved", "Only a resolved ticket can be opened again."));
            }
            if is_over(&change.ticket, change.now, window) {
                let why = "The ticket was resolved too long ago to be opened again. A comment begins a new one.";
                return Err(Error::conflict("resolved_long_ago", why));
            }
            change.set_status(Status::Open)
        };
        self.change_own_status(&call.into(), key, expected, reopen).await
    }

    async fn change_own_status(
        &self,
        call: &Call,
        key: &TicketKey,
        expected: Option<i64>,
        decide: impl Fn(&mut Change) -> Result<(), Error> + Send + Sync,
    ) -> Result<TicketView, Error> {
        let own = move |change: &mut Change| {
            if call.actor.user_id() != Some(change.ticket.customer_id) {
                let why = "This is for whoever asked. Staff set the status of the ticket.";
                return Err(Error::forbidden(why));
            }
            decide(change)
        };
        let (ticket, ()) = self.change_ticket(call, key, expected, own).await?;
        let snapshot = self.snapshot().await?;
        Ok(self.view(call, &snapshot, ticket))
    }
}
