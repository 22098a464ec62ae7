//! Who works on a ticket.

use super::{Assignment, Draft, Ground};
use crate::event::{Fact, FieldChanges};
use crate::input::{Patch, Problems};
use serde_json::json;

impl Draft {
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
