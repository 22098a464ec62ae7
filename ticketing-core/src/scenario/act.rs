//! Doing what a step says, by the desk's own calls.

use super::name::Noun;
use super::report::Broken;
use super::stage::Stage;
use super::step::{Command, Named, What};
use crate::access::{Call, Origin, Scope};
use crate::desk::{Assignment, Escalation};
use crate::error::Error;
use crate::fold::fold;
use crate::ids::{CommentId, TeamId, TicketId, UserId};
use crate::input::Patch;
use crate::model::EscalationTarget;
use uuid::Uuid;

/// What was done.
#[derive(Default)]
pub(super) struct Done {
    /// To which ticket; none where time passed and there is none yet.
    pub(super) ticket: Option<TicketId>,
    /// What was said by whoever did it.
    pub(super) said: Option<CommentId>,
}

impl Stage {
    /// Does it. What it brings about is still to be done.
    pub(super) async fn act(&mut self, at: &str, command: &Command) -> Result<Done, Broken> {
        let at = format!("{at}.when.{}", command.what.name());
        let refused = |error: Error| Broken::at(&at, &error);
        let call = self.call(command.by.as_deref(), &at).await?;
        let desk = self.desk.clone();
        let known = self.ticket_of(command);
        let Some(ticket) = known else { return self.begin(command, &call, &at).await };
        let (key, mut said) = (ticket.into(), None);
        match &command.what {
            What::Create { .. } => return self.begin(command, &call, &at).await,
            What::Comment(input) => {
                let comment = desk.add_comment(&call, &key, input.clone()).await.map_err(refused)?;
                said = Some(comment.id);
                // A customer's word about what is over begins a new ticket.
                if comment.ticket_id != ticket && !self.all_tickets.contains(&comment.ticket_id) {
                    self.all_tickets.push(comment.ticket_id);
                }
                return Ok(Done { ticket: Some(comment.ticket_id), said });
            }
            What::Update { input, team, assignee } => {
                let mut input = input.clone();
                let agent = &mut input.assignment.agent_id;
                self.fill(agent, Noun::Person, assignee, UserId)?;
                self.fill(&mut input.assignment.team_id, Noun::Team, team, TeamId)?;
                desk.update_ticket(&call, &key, *input, None).await.map_err(refused)?;
            }
            What::Assign { input, team, agent } => {
                let mut input: Assignment = input.clone();
                self.fill(&mut input.agent_id, Noun::Person, agent, UserId)?;
                self.fill(&mut input.team_id, Noun::Team, team, TeamId)?;
                desk.assign_ticket(&call, &key, input, None).await.map_err(refused)?;
            }
            What::Escalate { reason, to } => {
                let to = to.as_deref().map(|to| self.target(to)).transpose()?;
                let input = Escalation { reason: reason.clone(), to };
                desk.escalate_ticket(&call, &key, input, None).await.map_err(refused)?;
            }
            What::Wait(by) => self.pass(*by)?,
        }
        Ok(Done { ticket: Some(ticket), said })
    }

    /// What needs no ticket that is there.
    async fn begin(&mut self, command: &Command, call: &Call, at: &str) -> Result<Done, Broken> {
        let (input, team, assignee) = match &command.what {
            What::Create { input, team, assignee } => (input, team, assignee),
            What::Wait(by) => {
                self.pass(*by)?;
                return Ok(Done::default());
            }
            _ => return Err(Broken(format!("{at}.ticket: no step before made it"))),
        };
        let mut input = input.clone();
        let mut given = (Patch::Keep, Patch::Keep);
        self.fill(&mut given.0, Noun::Team, team, TeamId)?;
        self.fill(&mut given.1, Noun::Person, assignee, UserId)?;
        given.0.apply(&mut input.team_id);
        given.1.apply(&mut input.assigned_agent_id);
        let made = self.desk.create_ticket(call, *input).await.map_err(|error| Broken::at(at, &error))?;
        self.all_tickets.push(made.id());
        if let Some(name) = &command.ticket {
            self.tickets.insert(name.clone(), made.id());
        }
        Ok(Done { ticket: Some(made.id()), said: None })
    }

    /// The ticket that a step is about: the one that it names, or the latest.
    fn ticket_of(&self, command: &Command) -> Option<TicketId> {
        match &command.ticket {
            Some(name) => self.tickets.get(name).copied(),
            None => self.all_tickets.last().copied(),
        }
    }

    /// The call of whoever does it: a person by the portal or the console, or the application.
    async fn call(&self, by: Option<&str>, at: &str) -> Result<Call, Broken> {
        let Some(email) = by else { return Ok((&self.host).into()) };
        let id = if let Ok(id) = self.thing(Noun::Person, email) {
            Some(UserId(id))
        } else {
            // Somebody who came with a ticket.
            let found = self.desk.store().credential(&Scope::UPKEEP, &fold(email.trim())).await;
            found.map_err(Error::from)?.map(|found| found.user.id)
        };
        let id = id.ok_or_else(|| Broken(format!("{at}.as: there is no such person")))?;
        let actor = self.desk.actor_of(id, None).await.map_err(|error| Broken::at(&format!("{at}.as"), &error))?;
        let origin = Origin::Http { ip: None, peer: None, user_agent: None };
        Ok(Call { origin, ..Call::from(&actor) })
    }

    fn fill<T>(
        &self,
        place: &mut Patch<Option<T>>,
        noun: Noun,
        name: &Named,
        id: impl Fn(Uuid) -> T,
    ) -> Result<(), Broken> {
        if let Patch::Set(name) = name {
            *place = Patch::Set(name.as_deref().map(|name| self.thing(noun, name).map(id)).transpose()?);
        }
        Ok(())
    }

    fn target(&self, name: &str) -> Result<EscalationTarget, Broken> {
        if let Ok(target) = name.parse() {
            return Ok(target);
        }
        let id = self.thing(Noun::Person, name).or_else(|_| self.thing(Noun::Team, name))?;
        Ok(EscalationTarget::Id(id))
    }
}
