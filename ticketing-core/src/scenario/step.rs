//! One step: what happens, and what is to come of it.

use super::given::check_below;
use super::name::{Names, Noun};
use super::then::Then;
use crate::desk::{Assignment, Escalation, NewComment, NewTicket, Requester, TicketPatch};
use crate::fold::fold;
use crate::input::{Fields, Input, Patch, Problems};
use crate::time::parse_duration;
use chrono::TimeDelta;
use std::collections::BTreeSet;
use uuid::Uuid;

/// All that can happen.
const COMMANDS: [&str; 6] = ["create_ticket", "comment", "update_ticket", "assign", "escalate", "wait"];

/// One thing that happens, and what is to come of it.
#[derive(Clone)]
pub(super) struct Step {
    pub(super) when: Option<Command>,
    pub(super) then: Then,
}

/// What happens.
#[derive(Clone)]
pub(super) struct Command {
    /// Whose address; the desk itself unless said.
    pub(super) by: Option<String>,
    /// To which ticket; the latest unless said. What a new one is called.
    pub(super) ticket: Option<String>,
    pub(super) what: What,
}

/// A command of the desk, with people and teams by their names.
#[derive(Clone)]
pub(super) enum What {
    Create { input: Box<NewTicket>, team: Named, assignee: Named },
    Comment(NewComment),
    Update { input: Box<TicketPatch>, team: Named, assignee: Named },
    Assign { input: Assignment, team: Named, agent: Named },
    Escalate { reason: String, to: Option<String> },
    Wait(TimeDelta),
}

/// A thing by its name, or none.
pub(super) type Named = Patch<Option<String>>;

/// What the steps before have left.
#[derive(Default)]
pub(super) struct Before {
    tickets: BTreeSet<String>,
    any_ticket: bool,
    /// Folded addresses of customers who came with a ticket.
    customers: BTreeSet<String>,
}

impl What {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Create { .. } => COMMANDS[0],
            Self::Comment(_) => COMMANDS[1],
            Self::Update { .. } => COMMANDS[2],
            Self::Assign { .. } => COMMANDS[3],
            Self::Escalate { .. } => COMMANDS[4],
            Self::Wait(_) => COMMANDS[5],
        }
    }

    fn read(command: &str, fields: &mut Fields) -> Self {
        let mut named = |field| fields.nullable_text(field);
        match command {
            "create_ticket" => {
                let (team, assignee) = (named("team"), named("assignee"));
                Self::Create { input: Box::new(NewTicket::read(fields)), team, assignee }
            }
            "comment" => Self::Comment(read_comment(fields)),
            "update_ticket" => {
                let (team, assignee) = (named("team"), named("assignee"));
                Self::Update { input: Box::new(TicketPatch::read(fields)), team, assignee }
            }
            "assign" => {
                let (team, agent) = (named("team"), named("agent"));
                let by_id = fields.has("agent_id") || fields.has("team_id");
                if !by_id && team == Patch::Keep && agent == Patch::Keep {
                    fields.fail("agent", "required", "Give agent, team or both.");
                }
                let input = if by_id { Assignment::read(fields) } else { Assignment::default() };
                Self::Assign { input, team, agent }
            }
            _ => Self::Escalate {
                reason: fields.required_text("reason"),
                to: fields.nullable_text("to").into_option().flatten(),
            },
        }
    }
}

/// The desk's own input, whose flag may be called as an expectation calls it.
fn read_comment(fields: &mut Fields) -> NewComment {
    let internal = fields.flag("internal").into_option();
    let input = NewComment::read(fields);
    NewComment { is_internal: internal.unwrap_or(input.is_internal), ..input }
}

impl Command {
    fn read(fields: &mut Fields) -> Option<Self> {
        let named: Vec<&str> = COMMANDS.into_iter().filter(|command| fields.has(command)).collect();
        for more in named.iter().skip(1) {
            fields.fail(more, "ambiguous", "One thing happens in a step.");
        }
        let command = *named.first()?;
        if command == "wait" {
            let text = fields.text("wait").into_option()?;
            return match parse_duration(&text) {
                Ok(by) => Some(Self { by: None, ticket: None, what: What::Wait(by) }),
                Err(bad) => {
                    fields.fail("wait", "invalid_value", format!("It {bad}."));
                    None
                }
            };
        }
        fields.nested(command, |fields| Self {
            by: fields.text("as").into_option(),
            ticket: fields.text("ticket").into_option(),
            what: What::read(command, fields),
        })
    }

    fn check(&self, at: &str, names: &Names, before: &mut Before, problems: &mut Problems) {
        let at = format!("{at}.when.{}", self.what.name());
        if let Some(by) = self.by.as_ref().filter(|by| !before.customers.contains(&fold(by.trim()))) {
            names.check(problems, format!("{at}.as"), Noun::Person, Some(by));
        }
        self.check_ticket(&at, before, problems);
        let mut stands_for = |field: &str, noun, name: &Named, id_field: &str, is_by_id: bool| {
            let field = format!("{at}.{field}");
            names.check(problems, &field, noun, name.as_ref().and_then(Option::as_deref));
            if is_by_id && *name != Patch::Keep {
                problems.add(field, "ambiguous", format!("Give either this or {id_field}."));
            }
        };
        match &self.what {
            What::Create { input, team, assignee } => {
                stands_for("team", Noun::Team, team, "team_id", input.team_id.is_some());
                let is_by_id = input.assigned_agent_id.is_some();
                stands_for("assignee", Noun::Person, assignee, "assigned_agent_id", is_by_id);
                check_below(problems, &at, &**input);
                if let Requester::Address(customer) = &input.requester {
                    before.customers.insert(fold(customer.email.trim()));
                }
            }
            What::Comment(input) => check_below(problems, &at, input),
            What::Update { input, team, assignee } => {
                let Assignment { agent_id, team_id } = &input.assignment;
                stands_for("team", Noun::Team, team, "team_id", *team_id != Patch::Keep);
                stands_for("assignee", Noun::Person, assignee, "assigned_agent_id", *agent_id != Patch::Keep);
                check_below(problems, &at, &**input);
            }
            What::Assign { input, team, agent } => {
                stands_for("team", Noun::Team, team, "team_id", input.team_id != Patch::Keep);
                stands_for("agent", Noun::Person, agent, "agent_id", input.agent_id != Patch::Keep);
            }
            What::Escalate { reason, to } => {
                check_below(problems, &at, &Escalation { reason: reason.clone(), to: None });
                let is_known = |to: &String| {
                    to.parse::<Uuid>().is_ok() || names.has(Noun::Person, to) || names.has(Noun::Team, to)
                };
                if !to.as_ref().is_none_or(is_known) {
                    problems.add(format!("{at}.to"), "unknown", "Is neither a person nor a team among what is given.");
                }
            }
            What::Wait(_) => {}
        }
    }

    fn check_ticket(&self, at: &str, before: &mut Before, problems: &mut Problems) {
        let field = format!("{at}.ticket");
        if matches!(self.what, What::Create { .. }) {
            before.any_ticket = true;
            if let Some(name) = &self.ticket
                && !before.tickets.insert(name.clone())
            {
                problems.add(field, "duplicate", "There is a ticket of this name already.");
            }
        } else if let Some(name) = &self.ticket {
            if !before.tickets.contains(name) {
                problems.add(field, "unknown", "No step before made a ticket of this name.");
            }
        } else if !before.any_ticket && !matches!(self.what, What::Wait(_)) {
            problems.add(field, "required", "No step before made a ticket.");
        }
    }
}

impl Step {
    pub(super) fn read(fields: &mut Fields) -> Self {
        let has_when = fields.has("when");
        let mut named = false;
        let mut when = fields.nested("when", |fields| {
            named = COMMANDS.iter().any(|command| fields.has(command));
            Command::read(fields)
        });
        if !has_when || (when.is_some() && !named) {
            fields.fail("when", "required", format!("Must be one of {}.", COMMANDS.join(", ")));
        }
        let ticket = fields.text("ticket").into_option();
        if let (Some(ticket), Some(Some(command))) = (ticket, &mut when) {
            if matches!(command.what, What::Wait(_)) {
                command.ticket = Some(ticket);
            } else {
                let place = format!("Belongs into when.{}.", command.what.name());
                fields.fail("ticket", "not_allowed", place);
            }
        }
        Self { when: when.flatten(), then: fields.nested("then", Then::read).unwrap_or_default() }
    }

    /// Notes what is wrong with it, where these names stand for something and this was before.
    pub(super) fn check(&self, at: &str, names: &Names, before: &mut Before, problems: &mut Problems) {
        if let Some(command) = &self.when {
            command.check(at, names, before, problems);
        }
        self.then.check(&format!("{at}.then"), names, before.any_ticket, problems);
    }
}
