//! Who works on a ticket, and who is called when that is not enough.

use super::{Assignment, Draft, Escalation, Ground};
use crate::error::Error;
use crate::event::{Fact, FieldChanges};
use crate::ids::{TeamId, UserId};
use crate::input::{Patch, Problems};
use crate::model::Directory;
use serde_json::json;

impl Draft {
    /// One level up, and to somebody else if so asked.
    pub(crate) fn escalate(&mut self, ground: &Ground<'_>, input: &Escalation) -> Result<(), Error> {
        if !self.ticket.is_open() {
            return Err(Error::conflict("not_open", "A ticket that is resolved or closed can't be escalated."));
        }
        let to = input.to.map(|id| target(ground.directory, id)).transpose()?;
        let level = self.ticket.escalation_level;
        if level >= ground.max_escalation_level {
            return Err(Error::conflict("top_level", format!("The ticket is at the highest level, {level}.")));
        }
        self.ticket.escalation_level = level + 1;
        self.fact(Fact::TicketEscalated {
            changes: FieldChanges::from([("escalation_level".to_owned(), (json!(level), json!(level + 1)))]),
            level: level + 1,
            reason: input.reason.trim().to_owned(),
        });
        if let Some(assignment) = to {
            self.assign(ground, &assignment);
        }
        Ok(())
    }

    /// Sets agent and team, checked before.
    pub(crate) fn assign(&mut self, ground: &Ground<'_>, input: &Assignment) {
        let (agent, team) = (self.ticket.assigned_agent_id, self.ticket.team_id);
        input.team_id.apply(&mut self.ticket.team_id);
        match (&input.agent_id, &input.team_id) {
            (Patch::Set(agent), _) => self.ticket.assigned_agent_id = *agent,
            (Patch::Keep, Patch::Set(Some(team))) => {
                let stays = agent.filter(|agent| ground.directory.membership(*team, *agent).is_some());
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
pub(crate) fn check_assignment(
    ground: &Ground<'_>,
    input: &Assignment,
    (agent_field, team_field): (&str, &str),
    problems: &mut Problems,
) {
    if let Patch::Set(Some(agent)) = input.agent_id
        && ground.directory.staff(agent).is_none_or(|user| !user.is_active)
    {
        problems.add(agent_field, "unknown", "There is no such active member of staff.");
    }
    if let Patch::Set(Some(team)) = input.team_id
        && ground.directory.team(team).is_none_or(|team| !team.is_active)
    {
        problems.add(team_field, "unknown", "There is no such active team.");
    }
}

/// The person or team that this id names.
fn target(directory: &Directory, id: uuid::Uuid) -> Result<Assignment, Error> {
    let (agent, team) = (UserId(id), TeamId(id));
    if directory.staff(agent).is_some_and(|user| user.is_active) {
        return Ok(Assignment { agent_id: Patch::Set(Some(agent)), team_id: Patch::Keep });
    }
    if directory.team(team).is_some_and(|team| team.is_active) {
        return Ok(Assignment { agent_id: Patch::Keep, team_id: Patch::Set(Some(team)) });
    }
    Err(Error::field("to", "unknown", "Is neither an active member of staff nor an active team."))
}
