//! Actions as they are written.

use super::{Action, Does, Endpoint, Filling, Toward, Until};
use crate::ids::{TeamId, UserId, WebhookId};
use crate::input::Problems;
use crate::model::{ActionSource, EscalationTarget};
use crate::ticket::TicketPatch;
use crate::time::{Time, parse_duration, to_micros};
use crate::webhook::url;
use crate::workflow::extension::{OwnAction, ParamKind};
use crate::workflow::recipient::{Part, Purpose, Recipient};
use crate::workflow::rule::Context;
use crate::workflow::variable::{Needs, Text};
use chrono::DateTime;
use serde_json::{Map, Value};
use std::sync::Arc;
use uuid::Uuid;

crate::model::words! {
    /// What the desk itself can do.
    ActionKind {
        /// Writes a mail. `to`, `subject`, `body`.
        SendEmail = 0 "send_email",
        /// Tells people on the desk. `user_id`, `title`, `message`.
        SendNotification = 1 "send_notification",
        /// Changes fields of the ticket; the parameters are those of a PATCH.
        UpdateTicket = 2 "update_ticket",
        /// Gives the ticket to an agent or a team. `agent_id`, `team_id`.
        AssignTicket = 3 "assign_ticket",
        /// Says something. `body`, `is_internal`.
        AddComment = 4 "add_comment",
        /// Calls an endpoint. `webhook_id` or `url`.
        TriggerWebhook = 5 "trigger_webhook",
        /// Asks for more attention. `reason`, `to`.
        EscalateTicket = 6 "escalate_ticket",
        /// Adds labels. `tags`.
        AddTags = 7 "add_tags",
        /// Takes labels off. `tags`.
        RemoveTags = 8 "remove_tags",
        /// Lets people listen. `user_id`.
        AddWatchers = 9 "add_watchers",
        /// Lets them no longer. `user_id`.
        RemoveWatchers = 10 "remove_watchers",
        /// Puts the ticket off. `for` or `until`.
        Snooze = 11 "snooze",
    }
}

impl ActionKind {
    /// The names of its parameters.
    pub fn params(self) -> &'static [&'static str] {
        match self {
            Self::SendEmail => &["to", "subject", "body"],
            Self::SendNotification => &["user_id", "title", "message"],
            Self::UpdateTicket => &[],
            Self::AssignTicket => &["agent_id", "team_id"],
            Self::AddComment => &["body", "is_internal"],
            Self::TriggerWebhook => &["webhook_id", "url"],
            Self::EscalateTicket => &["reason", "to"],
            Self::AddTags | Self::RemoveTags => &["tags"],
            Self::AddWatchers | Self::RemoveWatchers => &["user_id"],
            Self::Snooze => &["for", "until"],
        }
    }
}

/// Reads actions, and notes all that is wrong with them.
pub struct ActionReader<'a> {
    context: &'a Context<'a>,
    /// What was found.
    pub problems: Problems,
}

impl<'a> ActionReader<'a> {
    /// Nothing is read yet.
    pub fn new(context: &'a Context<'a>) -> Self {
        Self { context, problems: Problems::default() }
    }

    /// Reads one that stands at this place.
    pub fn read(&mut self, source: &ActionSource, at: &str) -> Option<Action> {
        let params = &format!("{at}.params");
        let does = if let Ok(kind) = source.kind.parse::<ActionKind>() {
            if kind != ActionKind::UpdateTicket {
                self.only(&source.params, kind.params(), params);
            }
            self.of_kind(kind, &source.params, params)
        } else if let Some(own) = self.context.extensions.actions.get(&source.kind) {
            self.own(own, &source.params, params)
        } else {
            let own = self.context.extensions.actions.keys().map(String::as_str);
            let known: Vec<_> = ActionKind::ALL.iter().map(|kind| kind.as_str()).chain(own).collect();
            self.problems.add(format!("{at}.type"), "unknown_action", format!("Must be one of {}.", known.join(", ")));
            None
        }?;
        Some(Action { kind: source.kind.clone(), needs: does.needs(), does })
    }

    fn only(&mut self, params: &Map<String, Value>, known: &[&str], at: &str) {
        for name in params.keys().filter(|name| !known.contains(&name.as_str())) {
            let name: String = name.chars().take(100).collect();
            self.problems.add(format!("{at}.{name}"), "unknown_param", format!("Takes {}.", known.join(", ")));
        }
    }

    fn of_kind(&mut self, kind: ActionKind, params: &Map<String, Value>, at: &str) -> Option<Does> {
        match kind {
            ActionKind::SendEmail => {
                let to = self.recipients(params, "to", at, Purpose::Mail);
                let (subject, body) = (self.text(params, "subject", at), self.text(params, "body", at));
                Some(Does::Mail { to: to?, subject: subject?, body: body? })
            }
            ActionKind::SendNotification => {
                let to = self.recipients(params, "user_id", at, Purpose::Notice);
                let (title, message) = (self.text(params, "title", at), self.text(params, "message", at));
                Some(Does::Notify { to: to?, title: title?, message: message? })
            }
            ActionKind::UpdateTicket => self.update(params, at),
            ActionKind::AssignTicket => self.assign(params, at),
            ActionKind::AddComment => {
                let is_internal = self.flag(params, "is_internal", at);
                Some(Does::Comment { body: self.text(params, "body", at)?, is_internal: is_internal? })
            }
            ActionKind::TriggerWebhook => self.endpoint(params, at),
            ActionKind::EscalateTicket => {
                let reason = self.text(params, "reason", at);
                let to = match params.get("to").filter(|to| !to.is_null()) {
                    Some(to) => Some(match to.as_str().map(str::trim).map(str::parse) {
                        Some(Ok(EscalationTarget::Id(_)) | Err(_)) | None => {
                            Toward::Recipient(self.one_recipient(params, "to", at)?)
                        }
                        Some(Ok(role)) => Toward::Role(role),
                    }),
                    None => None,
                };
                Some(Does::Escalate { reason: reason?, to })
            }
            ActionKind::AddTags => Some(Does::Tag { tags: self.tags(params, at)?, adds: true }),
            ActionKind::RemoveTags => Some(Does::Tag { tags: self.tags(params, at)?, adds: false }),
            ActionKind::AddWatchers | ActionKind::RemoveWatchers => {
                let who = self.recipients(params, "user_id", at, Purpose::Listening)?;
                Some(Does::Watch { who, on: kind == ActionKind::AddWatchers })
            }
            ActionKind::Snooze => self.until(params, at).map(Does::Snooze),
        }
    }

    fn given<'v>(&mut self, params: &'v Map<String, Value>, name: &str, at: &str) -> Option<&'v Value> {
        let given = params.get(name).filter(|value| !value.is_null());
        if given.is_none() {
            self.problems.add(format!("{at}.{name}"), "required", "Is required.");
        }
        given
    }

    fn recipients(
        &mut self,
        params: &Map<String, Value>,
        name: &str,
        at: &str,
        purpose: Purpose,
    ) -> Option<Vec<Recipient>> {
        let value = self.given(params, name, at)?;
        let at = format!("{at}.{name}");
        let (variables, problems) = (&self.context.variables, &mut self.problems);
        let read = Recipient::read_all(value, &at, purpose, variables, problems);
        for id in read.iter().filter_map(Recipient::id) {
            let directory = self.context.ground.directory;
            let is_known = directory.staff(UserId(id)).is_some_and(|user| user.is_active)
                || directory.team(TeamId(id)).is_some_and(|team| team.is_active);
            if !is_known {
                let message = "Is neither an active member of staff nor an active team.";
                self.problems.add(at.clone(), "unknown", message);
            }
        }
        (!read.is_empty()).then_some(read)
    }

    fn one_recipient(&mut self, params: &Map<String, Value>, name: &str, at: &str) -> Option<Recipient> {
        let mut read = self.recipients(params, name, at, Purpose::Escalation)?;
        if read.len() > 1 {
            self.problems.add(format!("{at}.{name}"), "too_many", "May name only one.");
        }
        read.pop()
    }

    fn text(&mut self, params: &Map<String, Value>, name: &str, at: &str) -> Option<Text> {
        let value = self.given(params, name, at)?;
        self.text_of(value, &format!("{at}.{name}"))
    }

    fn text_of(&mut self, value: &Value, at: &str) -> Option<Text> {
        let Some(source) = value.as_str() else {
            self.problems.add(at, "type", "Must be a text.");
            return None;
        };
        if source.trim().is_empty() {
            self.problems.add(at, "required", "May not be empty.");
            return None;
        }
        match Text::read(source, self.context.variables) {
            Ok(text) => Some(text),
            Err((code, message)) => {
                self.problems.add(at, code, message);
                None
            }
        }
    }

    fn flag(&mut self, params: &Map<String, Value>, name: &str, at: &str) -> Option<bool> {
        match params.get(name) {
            None | Some(Value::Null) => Some(false),
            Some(Value::Bool(flag)) => Some(*flag),
            Some(_) => {
                self.problems.add(format!("{at}.{name}"), "type", "Must be true or false.");
                None
            }
        }
    }

    fn tags(&mut self, params: &Map<String, Value>, at: &str) -> Option<Vec<Text>> {
        let value = self.given(params, "tags", at)?;
        let at = format!("{at}.tags");
        let items = match value {
            Value::Array(items) if !items.is_empty() && items.len() <= 50 => items.as_slice(),
            Value::String(_) => std::slice::from_ref(value),
            _ => {
                self.problems.add(at, "type", "Must be a list of 1 to 50 texts.");
                return None;
            }
        };
        let read: Vec<_> =
            items.iter().enumerate().map(|(n, item)| self.text_of(item, &format!("{at}[{n}]"))).collect();
        read.into_iter().collect()
    }

    fn until(&mut self, params: &Map<String, Value>, at: &str) -> Option<Until> {
        match (params.get("for"), params.get("until")) {
            (Some(Value::String(text)), None) => match parse_duration(text) {
                Ok(duration) => return Some(Until::For(duration)),
                Err(error) => self.problems.add(format!("{at}.for"), "invalid_value", format!("A duration {error}.")),
            },
            (None, Some(Value::String(text))) => match DateTime::parse_from_rfc3339(text) {
                Ok(moment) => return Some(Until::At(to_micros(Time::from(moment)))),
                Err(_) => {
                    self.problems.add(format!("{at}.until"), "invalid_value", "Must be a moment as RFC 3339 has it.");
                }
            },
            _ => self.problems.add(at, "required", "Takes either for, a duration, or until, a moment."),
        }
        None
    }

    fn endpoint(&mut self, params: &Map<String, Value>, at: &str) -> Option<Does> {
        match (params.get("webhook_id"), params.get("url")) {
            (Some(Value::String(text)), None) => {
                let id = Uuid::parse_str(text).ok();
                let is_there = id.is_some_and(|id| self.context.webhooks.by_id(id).is_some());
                if !is_there {
                    self.problems.add(format!("{at}.webhook_id"), "unknown", "There is no such webhook.");
                }
                // What else the rule does goes on without it.
                id.map(|id| Does::Call { endpoint: Endpoint::Webhook(WebhookId(id)), is_there })
            }
            (None, Some(Value::String(text))) => {
                if url::check_form(text.trim()).is_ok() {
                    return Some(Does::Call { endpoint: Endpoint::Url(text.trim().to_owned()), is_there: true });
                }
                self.problems.add(format!("{at}.url"), "invalid_value", "Must be an address that can be called.");
                None
            }
            _ => {
                self.problems.add(at, "required", "Takes either webhook_id or url, as a text.");
                None
            }
        }
    }

    fn assign(&mut self, params: &Map<String, Value>, at: &str) -> Option<Does> {
        if params.is_empty() {
            self.problems.add(at, "required", "Takes agent_id, team_id or both.");
            return None;
        }
        let filling = self.filling(&Value::Object(params.clone()), at, 0)?;
        if let Some(fixed) = filling.fixed() {
            let mut wanted = fixed;
            // Parts that people play are known when it is done.
            if let Value::Object(map) = &mut wanted {
                map.retain(|_, value| {
                    value.as_str().is_none_or(|text| Uuid::parse_str(text).is_ok() || text.is_empty())
                });
                rename(map, "agent_id", "assigned_agent_id");
                self.patch(wanted, at, &[("assigned_agent_id", "agent_id")]);
            }
        }
        for name in ["agent_id", "team_id"] {
            let Some(Value::String(text)) = params.get(name) else { continue };
            let is_part = name == "agent_id" && text.parse::<Part>().is_ok_and(Part::is_one);
            if !text.contains("{{") && Uuid::parse_str(text).is_err() && !is_part {
                let parts: Vec<&str> =
                    Part::ALL.iter().filter(|part| part.is_one()).map(|part| part.as_str()).collect();
                let message =
                    format!("Must be an id, null, or a variable with one; agent_id also {}.", parts.join(", "));
                self.problems.add(format!("{at}.{name}"), "invalid_value", message);
            }
        }
        Some(Does::Assign(filling))
    }

    fn update(&mut self, params: &Map<String, Value>, at: &str) -> Option<Does> {
        if params.is_empty() {
            self.problems.add(at, "required", "Takes the fields that are to change.");
            return None;
        }
        let params = nested(params);
        let filling = self.filling(&Value::Object(params.clone()), at, 0)?;
        let mut fixed = filling.fixed()?;
        // These say how a change is made. Rules have actions of their own for labels that come and go.
        let mut known = crate::input::field_names::<TicketPatch>();
        known.retain(|name| !["ignore_blockers", "add_tags", "remove_tags"].contains(&name.as_str()));
        for name in params.keys().filter(|name| !known.contains(*name)) {
            let name: String = name.chars().take(100).collect();
            self.problems.add(format!("{at}.{name}"), "unknown_field", "Is no field of a ticket that can change.");
        }
        if let Value::Object(map) = &mut fixed {
            map.retain(|name, _| known.contains(name));
        }
        self.options(&fixed, at);
        self.patch(fixed, at, &[]);
        Some(Does::Update(filling))
    }

    /// What one ticket may hold from before is no value for all of them: an option has to be one now.
    fn options(&mut self, fixed: &Value, at: &str) {
        let custom = self.context.ground.custom_fields;
        for (key, value) in fixed.get("custom_fields").and_then(Value::as_object).into_iter().flatten() {
            if let Some(field) = custom.by_key(key).filter(|field| field.is_active && field.field_type.has_options()) {
                field.read(value, &format!("{at}.custom_fields.{key}"), &mut self.problems);
            }
        }
    }

    /// Holds what is there of a patch against what a patch may be.
    fn patch(&mut self, wanted: Value, at: &str, renamed: &[(&str, &str)]) {
        let ground = &self.context.ground;
        let read = TicketPatch::from_json_with(ground.custom_fields, wanted);
        let mut found = Problems::default();
        match read {
            Ok(patch) => {
                let (agent, team) = ("assigned_agent_id", "team_id");
                crate::ticket::check_assignment(ground, &patch.assignment, (agent, team), &mut found);
            }
            Err(crate::error::Error::Invalid(errors)) => found.extend(errors),
            Err(error) => found.add("", "invalid_value", error.to_string()),
        }
        let mut named = Problems::default();
        if let Err(crate::error::Error::Invalid(errors)) = found.finish() {
            for mut error in errors {
                if let Some((_, name)) = renamed.iter().find(|(own, _)| *own == error.field) {
                    (*name).clone_into(&mut error.field);
                }
                named.add(error.field, error.code, error.message);
            }
        }
        self.problems.extend_below(at, named);
    }

    fn filling(&mut self, value: &Value, at: &str, depth: usize) -> Option<Filling> {
        if depth > 3 {
            self.problems.add(at, "too_deep", "Is nested too deep.");
            return None;
        }
        Some(match value {
            Value::String(text) if text.contains("{{") => Filling::Text(self.text_of(value, at)?),
            Value::Array(items) => {
                let read: Vec<_> = items
                    .iter()
                    .enumerate()
                    .map(|(n, item)| self.filling(item, &format!("{at}[{n}]"), depth + 1))
                    .collect();
                Filling::List(read.into_iter().collect::<Option<_>>()?)
            }
            Value::Object(map) => {
                let read: Vec<_> = map
                    .iter()
                    .map(|(key, value)| Some((key.clone(), self.filling(value, &format!("{at}.{key}"), depth + 1)?)))
                    .collect();
                Filling::Map(read.into_iter().collect::<Option<_>>()?)
            }
            other => Filling::Fixed(other.clone()),
        })
    }

    fn own(&mut self, own: &Arc<OwnAction>, params: &Map<String, Value>, at: &str) -> Option<Does> {
        let known: Vec<&str> = own.params.iter().map(|param| param.name.as_str()).collect();
        self.only(params, &known, at);
        for param in &own.params {
            let at = format!("{at}.{}", param.name);
            let Some(value) = params.get(&param.name).filter(|value| !value.is_null()) else {
                if param.is_required {
                    self.problems.add(at, "required", "Is required.");
                }
                continue;
            };
            let (fits, wanted) = match param.kind {
                ParamKind::Text => (value.is_string(), "a text"),
                ParamKind::Number => (value.is_number(), "a number"),
                ParamKind::Flag => (value.is_boolean(), "true or false"),
            };
            if !fits {
                self.problems.add(at, "type", format!("Must be {wanted}."));
            }
        }
        let params = self.filling(&Value::Object(params.clone()), at, 0)?;
        Some(Does::Own { action: Arc::clone(own), params })
    }
}

impl Does {
    fn needs(&self) -> Needs {
        let of = |recipients: &[Recipient]| recipients.iter().map(Recipient::needs).fold(Needs::default(), Needs::and);
        match self {
            Self::Mail { to, subject: one, body: other } | Self::Notify { to, title: one, message: other } => {
                of(to).and(one.needs).and(other.needs)
            }
            Self::Update(filling) | Self::Assign(filling) | Self::Own { params: filling, .. } => filling.needs(),
            Self::Comment { body, .. } => body.needs,
            Self::Escalate { reason, to: Some(Toward::Recipient(to)) } => reason.needs.and(to.needs()),
            Self::Escalate { reason, .. } => reason.needs,
            Self::Tag { tags, .. } => tags.iter().map(|tag| tag.needs).fold(Needs::default(), Needs::and),
            Self::Watch { who, .. } => of(who),
            Self::Call { .. } | Self::Snooze(_) => Needs::default(),
        }
    }
}

/// `custom_fields.KEY` written as one name means the same as the value in `custom_fields`.
pub(super) fn nested(params: &Map<String, Value>) -> Map<String, Value> {
    let mut whole = Map::new();
    let mut custom = Map::new();
    for (name, value) in params {
        match name.strip_prefix(crate::condition::CUSTOM) {
            Some(key) => drop(custom.insert(key.to_owned(), value.clone())),
            None => drop(whole.insert(name.clone(), value.clone())),
        }
    }
    if !custom.is_empty() {
        let given = whole.entry("custom_fields").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(given) = given {
            given.extend(custom);
        }
    }
    whole
}

pub(super) fn rename(map: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = map.remove(from) {
        map.insert(to.to_owned(), value);
    }
}
