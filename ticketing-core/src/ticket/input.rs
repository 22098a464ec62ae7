//! What the use cases of tickets take.

use super::field::{check_values, first_values};
use crate::access::Actor;
use crate::error::Error;
use crate::fold::fold;
use crate::ids::{TeamId, UserId};
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{CustomFields, EscalationTarget, Priority, Status, Topic};
use crate::time::Time;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How many labels a ticket may have.
const MOST_TAGS: usize = 50;

/// Who asks for help.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Requester {
    /// Whoever makes the ticket.
    #[default]
    Actor,
    /// Somebody known.
    User(UserId),
    /// Somebody with this address; added as a customer where nobody has it.
    Address(NewCustomer),
}

/// A customer known by address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCustomer {
    /// The address.
    pub email: String,
    /// The name, if the person has to be added.
    pub name: String,
}

/// A ticket to be made.
#[derive(Clone, Debug)]
pub struct NewTicket {
    /// One line that says what it is about.
    pub subject: String,
    /// The first message.
    pub description: String,
    /// How much it matters.
    pub priority: Priority,
    /// The desk's own kind of question.
    pub category: Option<String>,
    /// Short labels.
    pub tags: Vec<String>,
    /// Values of the desk's own fields.
    pub custom_fields: Map<String, Value>,
    /// Who asks.
    pub requester: Requester,
    /// Whose queue it goes to.
    pub team_id: Option<TeamId>,
    /// Who answers.
    pub assigned_agent_id: Option<UserId>,
}

impl NewTicket {
    /// A ticket of medium priority from whoever makes it.
    pub fn new(subject: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            description: description.into(),
            priority: Priority::Medium,
            category: None,
            tags: Vec::new(),
            custom_fields: Map::new(),
            requester: Requester::Actor,
            team_id: None,
            assigned_agent_id: None,
        }
    }
}

impl NewTicket {
    /// The input from a JSON body, or all that is wrong with it, what this actor may not say and these
    /// fields do not take included.
    pub fn from_json_of(actor: &Actor, fields: &CustomFields, value: Value) -> Result<Self, Error> {
        let (input, mut problems) = Self::read_json(value)?;
        input.check_customers_own(actor, &mut problems);
        first_values(fields, &input.custom_fields, actor.is_staff(), input.topic(), &mut problems);
        problems.finish()?;
        Ok(input)
    }

    /// The input itself, or all that is wrong with it.
    pub(crate) fn checked_for(&self, actor: &Actor) -> Result<(), Error> {
        let mut problems = Problems::default();
        self.check(&mut problems);
        self.check_customers_own(actor, &mut problems);
        problems.finish()
    }

    /// What it is about, as far as fields go.
    pub(crate) fn topic(&self) -> Topic<'_> {
        Topic { category: self.category.as_deref(), team_id: self.team_id }
    }

    /// A customer asks for oneself and does not say who works on it.
    fn check_customers_own(&self, actor: &Actor, problems: &mut Problems) {
        if actor.is_staff() {
            return;
        }
        let why = "Only staff may set this.";
        match &self.requester {
            Requester::Actor => {}
            Requester::User(id) if actor.user_id() == Some(*id) => {}
            Requester::User(_) => problems.add("customer_id", "forbidden", why),
            Requester::Address(_) => problems.add("customer", "forbidden", why),
        }
        if self.team_id.is_some() {
            problems.add("team_id", "forbidden", why);
        }
        if self.assigned_agent_id.is_some() {
            problems.add("assigned_agent_id", "forbidden", why);
        }
    }
}

impl Input for NewTicket {
    fn read(fields: &mut Fields) -> Self {
        let user = fields.nullable_id("customer_id").into_option().flatten().map(UserId);
        let address = fields.nested("customer", |inner| NewCustomer {
            email: inner.required_text("email"),
            name: inner.required_text("name"),
        });
        if user.is_some() && address.is_some() {
            fields.fail("customer", "ambiguous", "Give either customer_id or customer.");
        }
        Self {
            subject: fields.required_text("subject"),
            description: fields.required_text("description"),
            priority: fields.word("priority", Priority::ALL).into_option().unwrap_or(Priority::Medium),
            category: fields.nullable_text("category").into_option().flatten(),
            tags: fields.texts("tags").into_option().unwrap_or_default(),
            custom_fields: fields.map("custom_fields").into_option().unwrap_or_default(),
            requester: match (user, address) {
                (Some(id), _) => Requester::User(id),
                (None, Some(address)) => Requester::Address(address),
                (None, None) => Requester::Actor,
            },
            team_id: fields.nullable_id("team_id").into_option().flatten().map(TeamId),
            assigned_agent_id: fields.nullable_id("assigned_agent_id").into_option().flatten().map(UserId),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_subject(problems, &self.subject);
        check_description(problems, &self.description);
        check_category(problems, self.category.as_deref());
        check_tags(problems, "tags", &self.tags);
        if let Requester::Address(customer) = &self.requester {
            crate::input::check_email(problems, "customer.email", &customer.email);
            crate::input::check_name(problems, "customer.name", &customer.name);
        }
    }
}

/// What to change of a ticket.
#[derive(Clone, Debug, Default)]
pub struct TicketPatch {
    /// The subject.
    pub subject: Patch<String>,
    /// The first message.
    pub description: Patch<String>,
    /// Where it stands.
    pub status: Patch<Status>,
    /// How much it matters.
    pub priority: Patch<Priority>,
    /// The desk's own kind of question.
    pub category: Patch<Option<String>>,
    /// All labels.
    pub tags: Patch<Vec<String>>,
    /// Labels to put on beside those that are there.
    pub add_tags: Vec<String>,
    /// Labels to take off, before others are put on.
    pub remove_tags: Vec<String>,
    /// Values of the desk's own fields, key by key; null clears one.
    pub custom_fields: Patch<Map<String, Value>>,
    /// Agent and team.
    pub assignment: Assignment,
    /// When a pending ticket asks for work again; without a status it becomes pending.
    pub wake_at: Patch<Option<Time>>,
    /// Whether it may be resolved while open tickets block it.
    pub ignore_blockers: bool,
}

impl TicketPatch {
    /// The input from a JSON body, or all that is wrong with it, what these fields do not take included.
    pub fn from_json_with(fields: &CustomFields, value: Value) -> Result<Self, Error> {
        let (input, mut problems) = Self::read_json(value)?;
        input.check_custom(fields, &mut problems);
        problems.finish()?;
        Ok(input)
    }

    pub(crate) fn check_custom(&self, fields: &CustomFields, problems: &mut Problems) {
        if let Some(values) = self.custom_fields.as_ref() {
            check_values(fields, values, problems);
        }
    }
}

impl Input for TicketPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            subject: fields.text("subject"),
            description: fields.text("description"),
            status: fields.word("status", Status::ALL),
            priority: fields.word("priority", Priority::ALL),
            category: fields.nullable_text("category"),
            tags: fields.texts("tags"),
            add_tags: fields.texts("add_tags").into_option().unwrap_or_default(),
            remove_tags: fields.texts("remove_tags").into_option().unwrap_or_default(),
            custom_fields: fields.map("custom_fields"),
            assignment: Assignment::read_as(fields, "assigned_agent_id"),
            wake_at: fields.nullable_time("wake_at"),
            ignore_blockers: fields.flag("ignore_blockers").into_option().unwrap_or_default(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(subject) = self.subject.as_ref() {
            check_subject(problems, subject);
        }
        if let Some(description) = self.description.as_ref() {
            check_description(problems, description);
        }
        check_category(problems, self.category.as_ref().and_then(|c| c.as_deref()));
        if let Some(tags) = self.tags.as_ref() {
            check_tags(problems, "tags", tags);
        }
        for (field, tags) in [("add_tags", &self.add_tags), ("remove_tags", &self.remove_tags)] {
            check_tags(problems, field, tags);
            if !tags.is_empty() && self.tags != Patch::Keep {
                problems.add(field, "contradiction", "Say either all tags, or which come and go.");
            }
        }
        let sleeps = matches!(self.wake_at, Patch::Set(Some(_)));
        if sleeps && self.status.as_ref().is_some_and(|status| *status != Status::Pending) {
            problems.add("wake_at", "contradiction", "Only a pending ticket can be put off.");
        }
    }
}

/// To whom a ticket goes. `Set(None)` takes it off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// The agent.
    pub agent_id: Patch<Option<UserId>>,
    /// The team. A team alone keeps the agent only where the agent is one of its members.
    pub team_id: Patch<Option<TeamId>>,
}

impl Assignment {
    fn read_as(fields: &mut Fields, agent: &str) -> Self {
        let agent_id = match fields.nullable_id(agent) {
            Patch::Keep => Patch::Keep,
            Patch::Set(id) => Patch::Set(id.map(UserId)),
        };
        let team_id = match fields.nullable_id("team_id") {
            Patch::Keep => Patch::Keep,
            Patch::Set(id) => Patch::Set(id.map(TeamId)),
        };
        Self { agent_id, team_id }
    }
}

impl Input for Assignment {
    fn read(fields: &mut Fields) -> Self {
        if !fields.has("agent_id") && !fields.has("team_id") {
            fields.fail("agent_id", "required", "Give agent_id, team_id or both.");
        }
        Self::read_as(fields, "agent_id")
    }

    fn check(&self, _: &mut Problems) {}
}

/// A call for more attention.
#[derive(Clone, Debug)]
pub struct Escalation {
    /// Why.
    pub reason: String,
    /// Whom it goes to; to whoever has it where nothing is said.
    pub to: Option<EscalationTarget>,
}

impl Input for Escalation {
    fn read(fields: &mut Fields) -> Self {
        Self { reason: fields.required_text("reason"), to: read_target(fields) }
    }

    fn check(&self, problems: &mut Problems) {
        check_reason(problems, &self.reason);
    }
}

/// That less attention is enough.
#[derive(Clone, Debug)]
pub struct Deescalation {
    /// Why.
    pub reason: String,
    /// The level that is enough; one less where nothing is said.
    pub to_level: Option<i16>,
}

impl Input for Deescalation {
    fn read(fields: &mut Fields) -> Self {
        let reason = fields.required_text("reason");
        let to_level = match fields.nullable_integer("to_level").into_option().flatten().map(i16::try_from) {
            Some(Ok(level @ 0..)) => Some(level),
            Some(_) => {
                fields.fail("to_level", "out_of_range", format!("Must be 0 to {}.", i16::MAX));
                None
            }
            None => None,
        };
        Self { reason, to_level }
    }

    fn check(&self, problems: &mut Problems) {
        check_reason(problems, &self.reason);
        if self.to_level.is_some_and(|level| level < 0) {
            problems.add("to_level", "out_of_range", "Must be 0 at least.");
        }
    }
}

/// Whom an escalated ticket goes to.
pub(crate) fn read_target(fields: &mut Fields) -> Option<EscalationTarget> {
    let text = fields.nullable_text("to").into_option().flatten()?;
    match text.trim().parse() {
        Ok(target) => Some(target),
        Err(error) => {
            fields.fail("to", "invalid_value", format!("It {error}."));
            None
        }
    }
}

fn check_reason(problems: &mut Problems, reason: &str) {
    problems.text("reason", reason.trim(), 1..=1_000, true);
}

pub(crate) fn check_subject(problems: &mut Problems, subject: &str) {
    problems.text("subject", subject.trim(), 1..=255, false);
}

fn check_description(problems: &mut Problems, description: &str) {
    if description.trim().is_empty() {
        problems.add("description", "required", "May not be empty.");
    }
    problems.text("description", description, 1..=100_000, true);
}

fn check_category(problems: &mut Problems, category: Option<&str>) {
    if let Some(category) = category {
        problems.text("category", category.trim(), 1..=100, false);
    }
}

fn check_tags(problems: &mut Problems, field: &str, tags: &[String]) {
    check_number_of_tags(problems, field, tags);
    for (place, tag) in tags.iter().enumerate().take(MOST_TAGS + 1) {
        let field = format!("{field}[{place}]");
        problems.text(&field, tag.trim(), 1..=64, false);
        if tag.contains(',') {
            problems.add(field, "comma", "May not contain a comma, which separates tags in filters.");
        }
    }
}

pub(crate) fn check_number_of_tags(problems: &mut Problems, field: &str, tags: &[String]) {
    if tags.len() > MOST_TAGS {
        problems.add(field, "too_many", format!("May have at most {MOST_TAGS} entries."));
    }
}

/// Tags as they are kept: trimmed, one of each folded form, sorted by it.
pub(crate) fn tidy_tags(tags: &[String]) -> Vec<String> {
    let by_fold: BTreeMap<String, &str> = tags.iter().rev().map(|tag| (fold(tag.trim()), tag.trim())).collect();
    by_fold.into_values().map(str::to_owned).collect()
}

/// A category as it is kept.
pub(crate) fn tidy_category(category: Option<&String>) -> Option<String> {
    category.map(|category| category.trim().to_owned())
}
