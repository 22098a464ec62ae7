//! Calling for more attention, and for less again.

use super::{Assignment, Deescalation, Draft, Escalation, Ground, closed};
use crate::error::Error;
use crate::event::{Deadline, Fact, FieldChanges};
use crate::ids::{TeamId, UserId};
use crate::input::Patch;
use crate::model::{Directory, EscalationCause, EscalationTarget, OnBreach, Status, TeamRole, Ticket};
use chrono::SecondsFormat;
use serde_json::json;

impl Draft {
    /// One level up, and to somebody else if so asked.
    pub(crate) fn escalate(&mut self, ground: &Ground<'_>, input: &Escalation) -> Result<(), Error> {
        if !self.ticket.is_open() {
            return Err(Error::conflict("not_open", "A ticket that is resolved or closed can't be escalated."));
        }
        let to = input.to.map(|to| destination(ground.directory, &self.ticket, to)).transpose()?.flatten();
        let level = self.ticket.escalation_level;
        if level >= ground.max_escalation_level {
            return Err(Error::conflict("top_level", format!("The ticket is at the highest level, {level}.")));
        }
        let cause = if self.rule.is_some() { EscalationCause::Rule } else { EscalationCause::Manual };
        self.raise_level(ground, input.reason.trim().to_owned(), cause, to.as_ref());
        Ok(())
    }

    /// Does what a policy wants done where a promised time is over. Where the ticket is at the highest level already,
    /// there is nobody left to ask: nothing is done.
    pub(crate) fn answer_breach(&mut self, ground: &Ground<'_>, wanted: OnBreach, broken: &Deadline) {
        if wanted.escalate {
            if self.ticket.escalation_level >= ground.max_escalation_level {
                return;
            }
            let due_at = broken.due_at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            let reason = format!("{} was due at {due_at}", broken.metric);
            // Who was there when the policy was saved may be gone. That takes nothing from the urgency.
            let to = wanted.to.and_then(|to| destination(ground.directory, &self.ticket, to).ok().flatten());
            self.raise_level(ground, reason, EscalationCause::Sla, to.as_ref());
        }
        if wanted.raise_priority
            && let Some(raised) = self.ticket.priority.raised()
        {
            let pair = (json!(self.ticket.priority), json!(raised));
            self.ticket.priority = raised;
            let changes = FieldChanges::from([("priority".to_owned(), pair)]);
            self.fact(Fact::TicketUpdated { changes, reason: None });
        }
    }

    fn raise_level(&mut self, ground: &Ground<'_>, reason: String, cause: EscalationCause, to: Option<&Assignment>) {
        let level = self.ticket.escalation_level;
        self.ticket.escalation_level = level + 1;
        let changes = FieldChanges::from([("escalation_level".to_owned(), (json!(level), json!(level + 1)))]);
        self.fact(Fact::TicketEscalated { changes, level: level + 1, reason, cause });
        if let Some(assignment) = to {
            self.assign(ground, assignment);
        }
    }

    /// Some levels down: one, unless it is said to which.
    ///
    /// This is told as a `ticket.updated`: the events that webhooks can ask for are a closed set, and whoever hears of
    /// the level going up has to hear of it going down.
    pub(crate) fn deescalate(&mut self, input: &Deescalation) -> Result<(), Error> {
        if self.ticket.status == Status::Closed {
            return Err(closed());
        }
        let level = self.ticket.escalation_level;
        if level <= 0 {
            return Err(Error::conflict("not_escalated", "The ticket is not escalated."));
        }
        let to = input.to_level.unwrap_or(level - 1);
        if to >= level {
            return Err(Error::field("to_level", "not_lower", format!("Must be lower than the level now, {level}.")));
        }
        self.ticket.escalation_level = to;
        let changes = FieldChanges::from([("escalation_level".to_owned(), (json!(level), json!(to)))]);
        self.fact(Fact::TicketUpdated { changes, reason: Some(input.reason.trim().to_owned()) });
        Ok(())
    }
}

/// Whether a target that was written down can be meant.
pub(crate) fn is_known_target(directory: &Directory, to: EscalationTarget) -> bool {
    match to {
        EscalationTarget::Id(id) => named(directory, id).is_some(),
        EscalationTarget::NextRole | EscalationTarget::TeamLead | EscalationTarget::TeamManager => true,
    }
}

/// Whom the ticket goes to; nobody else where nobody has the role that is meant.
fn destination(directory: &Directory, ticket: &Ticket, to: EscalationTarget) -> Result<Option<Assignment>, Error> {
    let of_role = |role| ticket.team_id.and_then(|team| directory.first_of(team, role));
    let agent = match to {
        EscalationTarget::Id(id) => {
            let unknown = || Error::field("to", "unknown", "Is neither an active member of staff nor an active team.");
            return named(directory, id).map(Some).ok_or_else(unknown);
        }
        EscalationTarget::NextRole => {
            let own = ticket.team_id.zip(ticket.assigned_agent_id);
            let own = own.and_then(|(team, agent)| directory.membership(team, agent));
            // Where nobody of the team has it, its members are as good as asked.
            let own = own.map_or(TeamRole::Member, |membership| membership.role);
            TeamRole::ALL.iter().filter(|role| **role > own).find_map(|role| of_role(*role))
        }
        EscalationTarget::TeamLead => of_role(TeamRole::Lead).or_else(|| of_role(TeamRole::Manager)),
        EscalationTarget::TeamManager => of_role(TeamRole::Manager),
    };
    Ok(agent.map(|agent| Assignment { agent_id: Patch::Set(Some(agent)), team_id: Patch::Keep }))
}

/// The person or team that this id names.
fn named(directory: &Directory, id: uuid::Uuid) -> Option<Assignment> {
    let (agent, team) = (UserId(id), TeamId(id));
    if directory.staff(agent).is_some_and(|user| user.is_active) {
        return Some(Assignment { agent_id: Patch::Set(Some(agent)), team_id: Patch::Keep });
    }
    let is_team = directory.team(team).is_some_and(|team| team.is_active);
    is_team.then_some(Assignment { agent_id: Patch::Keep, team_id: Patch::Set(Some(team)) })
}
