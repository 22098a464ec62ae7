//! Whom a rule means.

use super::facts::Facts;
use super::variable::{Needs, Text, Values, Variables};
use crate::ids::{TeamId, UserId};
use crate::input::{Problems, check_email};
use crate::model::{Directory, EscalationTarget, TeamRole};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// How many a rule may name at once.
const MOST: usize = 50;

/// Somebody, by what they are or by name.
#[derive(Clone, Debug)]
pub enum Recipient {
    /// A part that people play in the ticket.
    Role(Part),
    /// A person, or all members of a team.
    Id(Uuid),
    /// A mail address.
    Address(String),
    /// Whoever the text names once it is filled in.
    Filled(Text),
}

crate::model::words! {
    /// A part that people play in a ticket.
    Part {
        /// Who asks.
        Requester = 0 "requester",
        /// Who answers.
        Assignee = 1 "assignee",
        /// The members of its team.
        Team = 2 "team",
        /// Those of them who lead it.
        TeamLead = 3 "team_lead",
        /// Who listens.
        Watchers = 4 "watchers",
        /// Who made the change.
        Actor = 5 "actor",
    }
}

impl Part {
    /// The part of this word, or of another that means the same.
    pub(super) fn read(word: &str) -> Option<Self> {
        match word {
            "customer" => Some(Self::Requester),
            "agent" | "assigned_agent" => Some(Self::Assignee),
            word => word.parse().ok(),
        }
    }

    /// Whether it means one person, to whom a ticket can be given.
    pub fn is_one(self) -> bool {
        matches!(self, Self::Requester | Self::Assignee | Self::TeamLead | Self::Actor)
    }
}

/// What people are named for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A mail to them. Addresses will do.
    Mail,
    /// Telling them on the desk.
    Notice,
    /// Listening to the ticket, or no longer.
    Listening,
    /// Giving them an escalated ticket.
    Escalation,
}

impl Purpose {
    /// Who listens is known only when something is sent.
    fn takes(self, part: Part) -> bool {
        part != Part::Watchers || matches!(self, Self::Mail | Self::Notice)
    }

    /// What may be named, for whoever named something else.
    fn choice(self) -> String {
        let parts = Part::ALL.iter().filter(|part| self.takes(**part)).map(|part| part.as_str());
        let mut words: Vec<&str> = parts.collect();
        if self == Self::Escalation {
            words.extend(EscalationTarget::words());
            // A lead is both.
            words.sort_unstable();
            words.dedup();
        }
        let address = if self == Self::Mail { ", a mail address" } else { "" };
        format!(
            "Must be {}, the id of a member of staff or a team{address}, or a variable with one of these.",
            words.join(", ")
        )
    }
}

/// One addressee of what leaves the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A person.
    User(UserId),
    /// A mail address.
    Address(String),
    /// Whoever listens to the ticket by then, but this person.
    Watchers {
        /// Who made the change and need not be told.
        but: Option<UserId>,
    },
}

impl Recipient {
    /// Reads one, or a list of several.
    pub fn read_all(
        value: &Value,
        at: &str,
        purpose: Purpose,
        variables: &Variables,
        problems: &mut Problems,
    ) -> Vec<Self> {
        let texts: Vec<(String, &Value)> = match value {
            Value::Array(items) if items.len() > MOST => {
                problems.add(at, "too_many", format!("May name at most {MOST}."));
                return Vec::new();
            }
            Value::Array(items) => items.iter().enumerate().map(|(n, item)| (format!("{at}[{n}]"), item)).collect(),
            one => vec![(at.to_owned(), one)],
        };
        if texts.is_empty() {
            problems.add(at, "required", "Must name somebody.");
        }
        let read = texts.into_iter().filter_map(|(at, value)| {
            let Some(text) = value.as_str() else {
                problems.add(at, "type", "Must be a text.");
                return None;
            };
            Self::read(text, &at, purpose, variables, problems)
        });
        read.collect()
    }

    fn read(text: &str, at: &str, purpose: Purpose, variables: &Variables, problems: &mut Problems) -> Option<Self> {
        if text.contains("{{") {
            return match Text::read(text, variables) {
                Ok(text) => Some(Self::Filled(text)),
                Err((code, message)) => {
                    problems.add(at, code, message);
                    None
                }
            };
        }
        match named(text.trim()) {
            Some(Self::Address(address)) if purpose == Purpose::Mail => {
                let mut found = Problems::default();
                check_email(&mut found, at, &address);
                if found.is_empty() {
                    return Some(Self::Address(address));
                }
                check_email(problems, at, &address);
                None
            }
            Some(Self::Role(part)) if purpose.takes(part) => Some(Self::Role(part)),
            Some(Self::Id(id)) => Some(Self::Id(id)),
            _ => {
                problems.add(at, "unknown_recipient", purpose.choice());
                None
            }
        }
    }

    /// What it takes to know whom it means.
    pub fn needs(&self) -> Needs {
        match self {
            Self::Filled(text) => text.needs,
            _ => Needs::default(),
        }
    }

    /// Whom it means now, each once. Who made the change is left out of groups.
    pub fn targets(&self, facts: &Facts<'_>, values: &Values<'_>) -> Result<Vec<Target>, String> {
        let Self::Filled(text) = self else { return self.at_once(facts) };
        let text = text.fill(values)?;
        let mut targets = Vec::new();
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        if names.clone().nth(MOST).is_some() {
            return Err(format!("it names more than {MOST}"));
        }
        for name in names {
            let one = named(name).filter(is_sound).ok_or_else(|| format!("`{}` names nobody", cut(name)))?;
            for target in one.at_once(facts)? {
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
        Ok(targets)
    }

    fn at_once(&self, facts: &Facts<'_>) -> Result<Vec<Target>, String> {
        let (ticket, directory) = (facts.subject().ticket, facts.subject().directory);
        let actor = facts.actor().id;
        let user = |id: Option<UserId>| id.map(Target::User).into_iter().collect();
        Ok(match self {
            Self::Role(Part::Requester) => user(Some(ticket.customer_id)),
            Self::Role(Part::Assignee) => user(directory.agent_of(ticket)),
            Self::Role(Part::Actor) => user(actor),
            Self::Role(Part::Watchers) => vec![Target::Watchers { but: actor }],
            Self::Role(Part::Team) => ticket.team_id.map(|id| members(directory, id, None, actor)).unwrap_or_default(),
            Self::Role(Part::TeamLead) => ticket.team_id.map(|id| leads(directory, id, actor)).unwrap_or_default(),
            Self::Id(id) if directory.team(TeamId(*id)).is_some_and(|team| team.is_active) => {
                members(directory, TeamId(*id), None, actor)
            }
            Self::Id(id) if is_there(UserId(*id), facts) => user(Some(UserId(*id))),
            // It was there when the rule was saved.
            Self::Id(id) => return Err(format!("{id} is neither a person of the ticket, nor active staff or team")),
            Self::Address(address) => vec![Target::Address(address.clone())],
            Self::Filled(_) => Vec::new(),
        })
    }

    /// The one person or team that it means.
    pub fn one(&self, facts: &Facts<'_>, values: &Values<'_>) -> Result<Uuid, String> {
        let nobody = || "there is nobody whom it means".to_owned();
        match self {
            Self::Id(id) => Ok(*id),
            Self::Role(Part::Team) => facts.subject().ticket.team_id.map(|id| id.0).ok_or_else(nobody),
            Self::Filled(text) => named(text.fill(values)?.trim()).ok_or_else(nobody)?.one(facts, values),
            Self::Role(_) | Self::Address(_) => match self.at_once(facts)?.first() {
                Some(Target::User(id)) => Ok(id.0),
                _ => Err(nobody()),
            },
        }
    }

    /// The ids that it names as they stand, for who checks that they are there.
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::Id(id) => Some(*id),
            _ => None,
        }
    }
}

/// Whether somebody can be told of a ticket: active staff, and customers who have to do with it.
fn is_there(id: UserId, facts: &Facts<'_>) -> bool {
    let subject = facts.subject();
    if let Some(user) = subject.directory.staff(id) {
        return user.is_active;
    }
    let author = subject.comment.and_then(|comment| comment.author.id);
    subject.ticket.customer_id == id || facts.actor().id == Some(id) || author == Some(id)
}

/// Whether an address that a variable gave can be written to.
fn is_sound(recipient: &Recipient) -> bool {
    let Recipient::Address(address) = recipient else { return true };
    let mut found = Problems::default();
    check_email(&mut found, "to", address);
    found.is_empty()
}

/// What a customer wrote may be long.
fn cut(name: &str) -> String {
    name.chars().take(100).collect()
}

/// A name that is no variable.
fn named(text: &str) -> Option<Recipient> {
    if let Some(part) = Part::read(text) {
        return Some(Recipient::Role(part));
    }
    match Uuid::parse_str(text) {
        Ok(id) => Some(Recipient::Id(id)),
        Err(_) => text.contains('@').then(|| Recipient::Address(text.to_owned())),
    }
}

fn members(directory: &Directory, team: TeamId, role: Option<TeamRole>, but: Option<UserId>) -> Vec<Target> {
    let wanted = directory.members(team).filter(|member| role.is_none_or(|role| member.role == role));
    let active = wanted.filter(|member| directory.staff(member.user_id).is_some_and(|user| user.is_active));
    active.map(|member| member.user_id).filter(|id| but != Some(*id)).map(Target::User).collect()
}

/// Who leads a team; its managers where nobody does.
fn leads(directory: &Directory, team: TeamId, but: Option<UserId>) -> Vec<Target> {
    let has_lead = !members(directory, team, Some(TeamRole::Lead), None).is_empty();
    let role = if has_lead { TeamRole::Lead } else { TeamRole::Manager };
    members(directory, team, Some(role), but)
}

/// The first who leads this team.
pub(super) fn lead(facts: &Facts<'_>, team: TeamId) -> Option<UserId> {
    leads(facts.subject().directory, team, None).into_iter().find_map(|target| match target {
        Target::User(id) => Some(id),
        Target::Address(_) | Target::Watchers { .. } => None,
    })
}
