//! Who works on a ticket, and who is called when that is not enough.

use super::change::Change;
use super::{Assignment, Escalation};
use crate::access::Call;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::event::{Fact, FieldChanges};
use crate::ids::{TeamId, TicketKey, UserId};
use crate::input::{Input, Patch, Problems};
use crate::model::view::TicketView;
use crate::model::{Role, Status};
use serde_json::json;

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
                    return Err(super::closed());
                }
                let mut problems = Problems::default();
                check_assignment(&change.snapshot, input, ("agent_id", "team_id"), &mut problems);
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
        let (ticket, ()) = self
            .change_ticket(call, key, expected, move |change| {
                if !change.ticket.is_open() {
                    return Err(Error::conflict("not_open", "A ticket that is resolved or closed can't be escalated."));
                }
                let to = input.to.map(|id| target(&change.snapshot, id)).transpose()?;
                let level = change.ticket.escalation_level;
                if level >= change.snapshot.profile.max_escalation_level {
                    return Err(Error::conflict("top_level", format!("The ticket is at the highest level, {level}.")));
                }
                change.ticket.escalation_level = level + 1;
                change.fact(Fact::TicketEscalated {
                    changes: FieldChanges::from([("escalation_level".to_owned(), (json!(level), json!(level + 1)))]),
                    level: level + 1,
                    reason: input.reason.trim().to_owned(),
                });
                if let Some(assignment) = to {
                    change.assign(&assignment);
                }
                Ok(())
            })
            .await?;
        Ok(self.staff_view(ticket))
    }

    /// Lets only staff go on, and says nothing of a ticket that the actor may not see.
    pub(super) async fn staff_change(&self, call: &Call, key: &TicketKey) -> Result<(), Error> {
        if !call.actor.is_staff() {
            self.seen_ticket(call, key).await?;
        }
        call.actor.at_least(Role::Agent)
    }
}

impl Change {
    /// Sets agent and team, checked before.
    pub(super) fn assign(&mut self, input: &Assignment) {
        let (agent, team) = (self.ticket.assigned_agent_id, self.ticket.team_id);
        input.team_id.apply(&mut self.ticket.team_id);
        match (&input.agent_id, &input.team_id) {
            (Patch::Set(agent), _) => self.ticket.assigned_agent_id = *agent,
            (Patch::Keep, Patch::Set(Some(team))) => {
                let stays = agent.filter(|agent| self.snapshot.membership(*team, *agent).is_some());
                self.ticket.assigned_agent_id = stays;
            }
            (Patch::Keep, _) => {}
        }
        let mut changes = FieldChanges::new();
        if self.ticket.assigned_agent_id != agent {
            changes.insert("assigned_agent_id".to_owned(), (json!(agent), json!(self.ticket.assigned_agent_id)));
        }
        if self.ticket.team_id != team {
            changes.insert("team_id".to_owned(), (json!(team), json!(self.ticket.team_id)));
        }
        if !changes.is_empty() {
            self.fact(Fact::TicketAssigned { changes });
        }
    }
}

/// Whether agent and team of an assignment can take tickets.
pub(super) fn check_assignment(
    snapshot: &Snapshot,
    input: &Assignment,
    (agent_field, team_field): (&str, &str),
    problems: &mut Problems,
) {
    if let Patch::Set(Some(agent)) = input.agent_id
        && snapshot.staff(agent).is_none_or(|user| !user.is_active)
    {
        problems.add(agent_field, "unknown", "There is no such active member of staff.");
    }
    if let Patch::Set(Some(team)) = input.team_id
        && snapshot.team(team).is_none_or(|team| !team.is_active)
    {
        problems.add(team_field, "unknown", "There is no such active team.");
    }
}

/// The person or team that this id names.
fn target(snapshot: &Snapshot, id: uuid::Uuid) -> Result<Assignment, Error> {
    let (agent, team) = (UserId(id), TeamId(id));
    if snapshot.staff(agent).is_some_and(|user| user.is_active) {
        return Ok(Assignment { agent_id: Patch::Set(Some(agent)), team_id: Patch::Keep });
    }
    if snapshot.team(team).is_some_and(|team| team.is_active) {
        return Ok(Assignment { agent_id: Patch::Keep, team_id: Patch::Set(Some(team)) });
    }
    Err(Error::field("to", "unknown", "Is neither an active member of staff nor an active team."))
}
