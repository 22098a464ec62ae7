//! Who works on a ticket, and who is called when that is not enough.

use super::{Assignment, Deescalation, Escalation};
use crate::access::Call;
use crate::desk::Desk;
use crate::error::Error;
use crate::ids::TicketKey;
use crate::input::{Input, Problems};
use crate::model::view::TicketView;
use crate::model::{Role, Status};
use crate::ticket::{check_assignment, closed};

impl Desk {
    /// Gives a ticket to an agent, a team or both, or takes it off. For staff.
    pub async fn assign_ticket(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        input: Assignment,
        expected: Option<i64>,
    ) -> Result<TicketView, Error> {
        let (call, input) = (&call.into(), &input);
        self.staff_change(call, key).await?;
        let (ticket, ()) = self
            .change_ticket(call, key, expected, move |change| {
                if change.ticket.status == Status::Closed {
                    return Err(closed());
                }
                let mut problems = Problems::default();
                check_assignment(&change.ground(), input, ("agent_id", "team_id"), &mut problems);
                problems.finish()?;
                change.assign(input);
                Ok(())
            })
            .await?;
        Ok(self.staff_view(ticket))
    }

    /// Calls for more attention: one level up, and to somebody else if so asked. For staff.
    pub async fn escalate_ticket(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        input: Escalation,
        expected: Option<i64>,
    ) -> Result<TicketView, Error> {
        let (call, input) = (&call.into(), &input);
        self.staff_change(call, key).await?;
        input.checked()?;
        let (ticket, ()) = self.change_ticket(call, key, expected, move |change| change.escalate(input)).await?;
        Ok(self.staff_view(ticket))
    }

    /// Says that less attention is enough: a level down, or to a lower one that is named. For staff.
    pub async fn deescalate_ticket(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        input: Deescalation,
        expected: Option<i64>,
    ) -> Result<TicketView, Error> {
        let (call, input) = (&call.into(), &input);
        self.staff_change(call, key).await?;
        input.checked()?;
        let (ticket, ()) = self.change_ticket(call, key, expected, move |change| change.deescalate(input)).await?;
        Ok(self.staff_view(ticket))
    }

    /// Lets only staff go on, and says nothing of a ticket that the actor may not see.
    pub(in crate::desk) async fn staff_change(&self, call: &Call, key: &TicketKey) -> Result<(), Error> {
        if !call.actor.is_staff() {
            self.seen_ticket(call, key).await?;
        }
        call.actor.at_least(Role::Agent)
    }
}
