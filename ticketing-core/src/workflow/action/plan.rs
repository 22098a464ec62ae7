//! From an action to what it comes to for one ticket, and what that does to it.

use super::read::{nested, rename};
use super::{Action, Does, Endpoint, Toward, Until};
use crate::error::Error;
use crate::event::{Fact, FieldChanges};
use crate::ids::{CommentId, TeamId, UserId};
use crate::input::{Input, Patch, Problems};
use crate::model::{Channel, Comment, EscalationTarget, Person};
use crate::port::IdSource;
use crate::ticket::{Assignment, Draft, Escalation, Ground, TicketPatch, check_assignment, closed};
use crate::time::Time;
use crate::webhook::url;
use crate::workflow::facts::Facts;
use crate::workflow::recipient::{Part, Recipient, Target, lead};
use crate::workflow::variable::Values;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The longest comment, mail and notification that a rule writes, in characters.
const LONGEST: usize = 20_000;

/// What leaves the change, as a promise of its commit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// A mail to each of these.
    Mail {
        /// Who gets it.
        to: Vec<Target>,
        /// Its subject.
        subject: String,
        /// Its text.
        body: String,
    },
    /// A notification on the desk to each of these.
    Notification {
        /// Who gets it.
        to: Vec<Target>,
        /// One line.
        title: String,
        /// More of it.
        message: String,
    },
    /// A call.
    Call(Endpoint),
    /// An action of the embedding application.
    Own {
        /// Which.
        action: String,
        /// With what.
        params: Map<String, Value>,
    },
}

/// An action, worked out for one ticket.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What it comes to.
    pub plan: Plan,
    /// With what, for who asks.
    pub params: Map<String, Value>,
    /// What of it can't be done, and why not.
    pub left_out: Option<(Map<String, Value>, String)>,
}

/// What an action comes to.
#[derive(Clone, Debug)]
pub enum Plan {
    /// Something that leaves the change.
    Outside(Outside),
    /// A change of fields.
    Update(Box<TicketPatch>),
    /// Another agent or team.
    Assign(Assignment),
    /// Something is said.
    Say {
        /// What.
        body: String,
        /// Whether to staff alone.
        is_internal: bool,
    },
    /// More attention.
    Escalate(Escalation),
    /// Labels are put on or taken off.
    Tag {
        /// Which.
        tags: Vec<String>,
        /// Whether they are put on.
        adds: bool,
    },
    /// People listen, or no longer.
    Watch {
        /// Who, and whether they listened before the change.
        users: Vec<(UserId, bool)>,
        /// Whether they listen from now on.
        on: bool,
    },
    /// The ticket is put off.
    Snooze(Time),
}

impl Action {
    /// What it comes to for this ticket, or why it can't be done. Where something had to be looked up first,
    /// the facts know, and the answer says nothing.
    pub fn plan(&self, facts: &Facts<'_>, values: &Values<'_>, ground: &Ground<'_>) -> Result<Planned, String> {
        let mut params = Map::new();
        let mut left_out = None;
        let plan = match &self.does {
            Does::Mail { to, subject, body } => {
                let to = everybody(to, facts, values)?;
                let (subject, body) = (one_line(&subject.fill(values)?), within(body.fill(values)?)?);
                params = shown([("to", json!(names(&to))), ("subject", json!(subject)), ("body", json!(body))]);
                Plan::Outside(Outside::Mail { to, subject, body })
            }
            Does::Notify { to, title, message } => {
                let to = everybody(to, facts, values)?;
                if let Some(Target::Address(address)) = to.iter().find(|to| matches!(to, Target::Address(_))) {
                    return Err(format!("{address} is a mail address; only people are told on the desk"));
                }
                let (title, message) = (one_line(&title.fill(values)?), within(message.fill(values)?)?);
                params = shown([("user_id", json!(names(&to))), ("title", json!(title)), ("message", json!(message))]);
                Plan::Outside(Outside::Notification { to, title, message })
            }
            Does::Update(filling) => {
                let wanted = filling.fill(values)?;
                params = wanted.as_object().cloned().unwrap_or_default();
                Plan::Update(Box::new(patch(&nested(&params), ground)?))
            }
            Does::Assign(filling) => {
                let mut wanted = filling.fill(values)?.as_object().cloned().unwrap_or_default();
                resolve_agent(&mut wanted, facts)?;
                params.clone_from(&wanted);
                rename(&mut wanted, "agent_id", "assigned_agent_id");
                Plan::Assign(patch(&wanted, ground)?.assignment)
            }
            Does::Comment { body, is_internal } => {
                let body = within(body.fill(values)?)?;
                if body.trim().is_empty() {
                    return Err("the comment says nothing".to_owned());
                }
                params = shown([("body", json!(body)), ("is_internal", json!(is_internal))]);
                Plan::Say { body, is_internal: *is_internal }
            }
            Does::Call { is_there: false, .. } => return Err("the webhook was deleted".to_owned()),
            Does::Call { endpoint, .. } => {
                params = match endpoint {
                    Endpoint::Webhook(id) => shown([("webhook_id", json!(id))]),
                    // What follows the origin may be as good as a password.
                    Endpoint::Url(url) => shown([("url", json!(format!("{}/…", url::origin(url))))]),
                };
                Plan::Outside(Outside::Call(endpoint.clone()))
            }
            Does::Escalate { reason, to } => {
                let reason = one_line(&reason.fill(values)?);
                let to = to.as_ref().map(|to| to.target(facts, values)).transpose()?;
                params = shown([("reason", json!(reason)), ("to", json!(to))]);
                Plan::Escalate(Escalation { reason, to })
            }
            Does::Tag { tags, adds } => {
                let tags: Vec<String> = tags.iter().map(|tag| tag.fill(values)).collect::<Result<_, _>>()?;
                let tags: Vec<String> = tags.into_iter().filter(|tag| !tag.trim().is_empty()).collect();
                params = shown([("tags", json!(tags))]);
                Plan::Tag { tags, adds: *adds }
            }
            Does::Watch { who, on } => {
                let users = everybody(who, facts, values)?.into_iter().filter_map(|target| match target {
                    Target::User(id) => Some(id),
                    Target::Address(_) | Target::Watchers { .. } => None,
                });
                let users: Vec<(UserId, bool)> = users.map(|id| (id, facts.watches(id))).collect();
                // Whoever listens is told what happens, so it is for those who see it.
                let sees = |(id, _): &(UserId, bool)| !on || facts.may_see(*id);
                let (users, blind): (Vec<_>, Vec<_>) = users.into_iter().partition(sees);
                let told = |users: &[(UserId, bool)]| {
                    let ids: Vec<UserId> = users.iter().map(|(id, _)| *id).collect();
                    shown([("user_id", json!(ids))])
                };
                if !blind.is_empty() {
                    left_out = Some((told(&blind), "may not see the ticket".to_owned()));
                }
                params = told(&users);
                Plan::Watch { users, on: *on }
            }
            Does::Snooze(until) => {
                let until = match until {
                    Until::For(time) => {
                        facts.subject().now.checked_add_signed(*time).ok_or("the moment is too far away")?
                    }
                    Until::At(at) => *at,
                };
                params = shown([("until", json!(until))]);
                Plan::Snooze(until)
            }
            Does::Own { action, params: filling } => {
                params = filling.fill(values)?.as_object().cloned().unwrap_or_default();
                Plan::Outside(Outside::Own { action: action.name.clone(), params: params.clone() })
            }
        };
        Ok(Planned { plan, params, left_out })
    }
}

impl Toward {
    /// Whom it means now.
    fn target(&self, facts: &Facts<'_>, values: &Values<'_>) -> Result<EscalationTarget, String> {
        let recipient = match self {
            Self::Role(role) => return Ok(*role),
            Self::Recipient(recipient) => recipient,
        };
        if let Recipient::Filled(text) = recipient
            && let Ok(target) = text.fill(values)?.trim().parse()
        {
            return Ok(target);
        }
        let id = recipient.one(facts, values)?;
        if let Recipient::Role(part) = recipient
            && part.is_one()
        {
            check_staff("to", part.as_str(), UserId(id), facts)?;
        }
        Ok(EscalationTarget::Id(id))
    }
}

fn shown<const N: usize>(params: [(&str, Value); N]) -> Map<String, Value> {
    params.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn one_line(text: &str) -> String {
    let line =
        text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(500).collect()
}

/// A text that is not too long.
fn within(text: String) -> Result<String, String> {
    if text.chars().nth(LONGEST).is_some() {
        return Err(format!("the text would have more than {LONGEST} characters"));
    }
    Ok(text)
}

fn everybody(recipients: &[Recipient], facts: &Facts<'_>, values: &Values<'_>) -> Result<Vec<Target>, String> {
    let mut all = Vec::new();
    for recipient in recipients {
        for target in recipient.targets(facts, values)? {
            if !all.contains(&target) {
                all.push(target);
            }
        }
    }
    if all.is_empty() { Err("there is nobody whom it means".to_owned()) } else { Ok(all) }
}

fn names(targets: &[Target]) -> Vec<String> {
    let name = |target: &Target| match target {
        Target::User(id) => id.to_string(),
        Target::Address(address) => address.clone(),
        Target::Watchers { .. } => "watchers".to_owned(),
    };
    targets.iter().map(name).collect()
}

/// Parts that people play instead of an id, and only people who can have a ticket.
fn resolve_agent(wanted: &mut Map<String, Value>, facts: &Facts<'_>) -> Result<(), String> {
    let Some(Value::String(text)) = wanted.get("agent_id") else { return Ok(()) };
    if text.is_empty() {
        wanted.insert("agent_id".to_owned(), Value::Null);
        return Ok(());
    }
    let named = Uuid::parse_str(text).ok().map(UserId);
    let id = named.map_or_else(|| player(text, wanted, facts), Ok)?;
    check_staff("agent_id", text, id, facts)?;
    wanted.insert("agent_id".to_owned(), json!(id));
    Ok(())
}

/// A ticket goes to nobody who does not work here, such as most who ask.
fn check_staff(param: &str, named: &str, id: UserId, facts: &Facts<'_>) -> Result<(), String> {
    match facts.subject().directory.staff(id).filter(|user| user.is_active) {
        Some(_) => Ok(()),
        None => Err(format!("{param}: {named} is no active member of staff, and can't be given a ticket")),
    }
}

/// The person who plays this part.
fn player(text: &str, wanted: &Map<String, Value>, facts: &Facts<'_>) -> Result<UserId, String> {
    let part = match text.parse() {
        Ok(Part::Actor) => facts.actor().id,
        Ok(Part::Requester) => Some(facts.subject().ticket.customer_id),
        Ok(Part::Assignee) => facts.subject().ticket.assigned_agent_id,
        // Where a team comes along, it is that one's.
        Ok(Part::TeamLead) => {
            let given = wanted.get("team_id").and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok());
            given.map(TeamId).or(facts.subject().ticket.team_id).and_then(|team| lead(facts, team))
        }
        Ok(Part::Team | Part::Watchers) | Err(_) => return Err(format!("`{text}` names nobody")),
    };
    part.ok_or_else(|| "there is nobody whom it means".to_owned())
}

fn patch(wanted: &Map<String, Value>, ground: &Ground<'_>) -> Result<TicketPatch, String> {
    let patch =
        TicketPatch::from_json_with(ground.custom_fields, Value::Object(wanted.clone())).map_err(|e| reason(&e))?;
    let mut problems = Problems::default();
    check_assignment(ground, &patch.assignment, ("assigned_agent_id", "team_id"), &mut problems);
    problems.finish().map_err(|error| reason(&error))?;
    Ok(patch)
}

/// Why something can't be done, for people.
pub(in crate::workflow) fn reason(error: &Error) -> String {
    match error {
        Error::Invalid(errors) => {
            errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// What rules have added to a change beside the ticket itself.
#[derive(Clone, Debug, Default)]
pub struct Additions {
    /// What was said.
    pub comments: Vec<Comment>,
    /// Who listens from now on, or no longer.
    pub watching: Vec<(UserId, bool)>,
}

impl Plan {
    /// Does it to the ticket; answers whether it changed anything, or why it could not be done.
    pub(in crate::workflow) fn apply(
        self,
        draft: &mut Draft,
        ground: &Ground<'_>,
        additions: &mut Additions,
        ids: &dyn IdSource,
    ) -> Result<bool, Error> {
        if matches!(self, Self::Outside(_)) {
            return Ok(true);
        }
        let (before, told) = (draft.ticket.clone(), draft.facts.len());
        let done = self.change(draft, ground, additions, ids);
        if done.is_err() {
            // What was done of it by then is not done.
            draft.ticket = before;
            draft.facts.truncate(told);
        }
        done.map(|()| draft.facts.len() > told)
    }

    fn change(
        self,
        next: &mut Draft,
        ground: &Ground<'_>,
        additions: &mut Additions,
        ids: &dyn IdSource,
    ) -> Result<(), Error> {
        match self {
            Self::Outside(_) => {}
            Self::Update(patch) => next.apply(ground, &patch)?,
            Self::Assign(assignment) => {
                let patch = TicketPatch { assignment, ..TicketPatch::default() };
                next.apply(ground, &patch)?;
            }
            Self::Escalate(escalation) => {
                escalation.checked()?;
                next.escalate(ground, &escalation)?;
            }
            Self::Tag { tags, adds } => {
                let patch = if adds {
                    let patch = TicketPatch { add_tags: tags, ..TicketPatch::default() };
                    patch.checked()?;
                    patch
                } else {
                    // What could be no label is none that would have to come off.
                    TicketPatch { remove_tags: tags, ..TicketPatch::default() }
                };
                next.apply(ground, &patch)?;
            }
            Self::Snooze(until) => {
                let patch = TicketPatch { wake_at: Patch::Set(Some(until)), ..TicketPatch::default() };
                next.apply(ground, &patch)?;
            }
            Self::Say { body, is_internal } => {
                if next.ticket.closed_at.is_some() {
                    return Err(closed());
                }
                let comment = Comment {
                    id: CommentId(ids.uuid(next.now)),
                    ticket_id: next.ticket.id,
                    author: Person::system(),
                    body,
                    is_internal,
                    channel: Channel::Api,
                    version: 1,
                    created_at: next.now,
                    edited_at: None,
                };
                // A rule's word is no answer to the customer: it is not the first response.
                next.fact(Fact::CommentAdded { comment_id: comment.id, is_internal, changes: FieldChanges::new() });
                additions.comments.push(comment);
            }
            Self::Watch { users, on } => {
                for (user_id, was_on) in users {
                    // Rules before this one may have said so already, or the opposite.
                    let lately = additions.watching.iter().rev().find(|(id, _)| *id == user_id);
                    if lately.map_or(was_on, |(_, on)| *on) == on {
                        continue;
                    }
                    next.fact(if on { Fact::WatcherAdded { user_id } } else { Fact::WatcherRemoved { user_id } });
                    additions.watching.push((user_id, on));
                }
            }
        }
        Ok(())
    }
}
