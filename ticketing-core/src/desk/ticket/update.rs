//! Changing what a ticket says.

use super::TicketPatch;
use crate::access::Call;
use crate::desk::recorder::Recorder;
use crate::desk::{Desk, check_version};
use crate::error::Error;
use crate::ids::{TicketId, TicketKey};
use crate::input::{Input, Patch};
use crate::model::view::TicketView;
use crate::model::{Status, Ticket};

impl Desk {
    /// Changes a ticket. For staff. What is as asked already is not written.
    pub async fn update_ticket(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        input: TicketPatch,
        expected: Option<i64>,
    ) -> Result<TicketView, Error> {
        let (call, input) = (&call.into(), &input);
        self.staff_change(call, key).await?;
        input.checked()?;
        let id = self.ticket_id(call, key).await?;
        let _turn = self.parts.turns.take(&id).await;
        let ticket = self.insist(move || self.try_update(call, id, input, expected)).await?;
        Ok(self.staff_view(ticket))
    }

    async fn try_update(
        &self,
        call: &Call,
        id: TicketId,
        input: &TicketPatch,
        expected: Option<i64>,
    ) -> Result<Ticket, Error> {
        let recorder = Recorder::begin(self, call).await?;
        let before = self.seen_ticket(call, &id.into()).await?;
        check_version(expected, before.version)?;
        self.check_patch(call, &before, input).await?;
        let changed = Self::change_loaded(recorder, before, None, move |change| change.apply(input)).await;
        changed.map(|(ticket, ())| ticket)
    }

    /// Looks at what only the store can tell before a patch is applied.
    pub(in crate::desk) async fn check_patch(
        &self,
        call: &Call,
        before: &Ticket,
        input: &TicketPatch,
    ) -> Result<(), Error> {
        let resolves = input.status == Patch::Set(Status::Resolved) && before.is_open();
        if resolves && !input.ignore_blockers { self.check_blockers(call, before.id).await } else { Ok(()) }
    }
}
