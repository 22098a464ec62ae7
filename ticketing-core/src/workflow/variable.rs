//! The variables of what rules and people have written for many tickets, and their values.

use super::facts::Facts;
use crate::model::CustomFields;
use crate::template::{Markup, Rendered, Template, UnknownVariable, Vocabulary};
use serde_json::{Map, Value, json};
use std::cell::{OnceCell, RefCell};

/// The longest text that a variable is filled into, in bytes.
const LONGEST: usize = 20_000;

/// What a text needs to be known of customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The requester.
    pub customer: bool,
    /// The ticket's company.
    pub organization: bool,
}

impl Needs {
    pub(super) fn and(self, other: Self) -> Self {
        Self { customer: self.customer || other.customer, organization: self.organization || other.organization }
    }
}

/// Who writes a text, on a ticket that they had not seen when they wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writer {
    /// A rule, about something that happened.
    Rule,
    /// A person, who says it in their own name.
    Person,
}

/// The vocabularies of rules' texts on one desk, or of people's.
#[derive(Clone, Debug)]
pub struct Variables {
    all: Vocabulary,
    without_customer: Vocabulary,
    without_organization: Vocabulary,
}

impl Variables {
    /// Of rules, over these fields of the desk.
    pub fn new(fields: &CustomFields) -> Self {
        Self::of(Writer::Rule, fields)
    }

    /// Of canned responses and macros. Nothing has happened that they could speak of, and `agent_name` is whoever uses
    /// them.
    pub fn of_people(fields: &CustomFields) -> Self {
        Self::of(Writer::Person, fields)
    }

    fn of(writer: Writer, fields: &CustomFields) -> Self {
        Self {
            all: vocabulary(writer, fields, true, true),
            without_customer: vocabulary(writer, fields, false, true),
            without_organization: vocabulary(writer, fields, true, false),
        }
    }

    /// What there is, for documentation.
    pub fn all(&self) -> &Vocabulary {
        &self.all
    }
}

/// What is known of what happened.
fn of_event() -> Vocabulary {
    Vocabulary::new()
        .text("old", "What the event changed, before it: status, priority, agent, team or level.")
        .text("new", "What the event changed, after it.")
        .text("actor.name", "Who made the change.")
        .text("comment.body", "What was said.")
        .text("comment.author", "Who said it.")
        .text("rule.name", "What the rule is called.")
}

fn vocabulary(writer: Writer, fields: &CustomFields, customer: bool, organization: bool) -> Vocabulary {
    let mut all = match writer {
        Writer::Rule => of_event(),
        Writer::Person => Vocabulary::new(),
    };
    for under in ["", "ticket."] {
        for (name, about) in [
            ("ticket_number", "The ticket's number."),
            ("subject", "What it is about."),
            ("description", "The first message."),
            ("status", "Where it stands."),
            ("priority", "How much it matters."),
            ("category", "The desk's own kind of question."),
            ("escalation_level", "How often it was escalated."),
            ("channel", "How it came in."),
            ("assigned_agent_id", "The id of its agent."),
            ("agent_name", "What its agent is called."),
            ("customer_id", "The id of the requester."),
            ("team_id", "The id of its team."),
            ("team_name", "What its team is called."),
            ("ticket_url", "Where it is found."),
            ("created_at", "When it was made."),
        ] {
            all = all.text(&format!("{under}{name}"), about);
        }
        all = all.texts(&format!("{under}tags"), "Its labels.");
        if customer {
            all = all.text(&format!("{under}customer_name"), "What the requester is called.");
            all = all.text(&format!("{under}customer_email"), "The requester's address.");
        }
        for field in fields.iter() {
            let about = format!("The ticket's {}.", field.content.label);
            all = all.text(&format!("{under}custom_fields.{}", field.content.key), about);
        }
    }
    all = all.text("ticket.id", "The ticket's id.").text("ticket.number", "The ticket's number.");
    all = all.text("ticket.url", "Where the ticket is found.");
    for (group, name, id) in [("agent", "agent_name", "assigned_agent_id"), ("team", "team_name", "team_id")] {
        for (path, about) in [("id", "Its id."), ("name", "Its name."), (name, "Its name."), (id, "Its id.")] {
            all = all.text(&format!("{group}.{path}"), about);
        }
    }
    all = all.text("agent.email", "The agent's address.");
    if writer == Writer::Person {
        for path in ["agent_name", "agent.name", "agent.agent_name"] {
            all = all.text(path, "What whoever answers is called.");
        }
        all = all.text("agent.id", "The id of whoever answers.");
        all = all.text("agent.email", "The address of whoever answers.");
    }
    all = all.text("customer.id", "The requester's id.").text("customer.customer_id", "The requester's id.");
    if customer {
        for path in ["name", "customer_name"] {
            all = all.text(&format!("customer.{path}"), "What the requester is called.");
        }
        for path in ["email", "customer_email"] {
            all = all.text(&format!("customer.{path}"), "The requester's address.");
        }
    }
    if organization {
        all = all.text("organization.name", "What the ticket's company is called.");
    }
    all
}

/// The variables' values at one moment, worked out when a text first asks for one.
pub struct Values<'v> {
    facts: &'v Facts<'v>,
    /// The rule's name; none where a person speaks.
    rule: Option<&'v str>,
    app_url: &'v str,
    needs: Needs,
    known: OnceCell<Value>,
    missing: RefCell<Vec<String>>,
}

impl<'v> Values<'v> {
    /// Of this ticket, for a rule of this name. What was not looked up is empty; [`Needs`] says what a text takes.
    pub fn new(facts: &'v Facts<'v>, rule: &'v str, app_url: &'v str, needs: Needs) -> Self {
        Self { facts, rule: Some(rule), app_url, needs, known: OnceCell::new(), missing: RefCell::default() }
    }

    /// Of this ticket, for a text that the actor says in their own name.
    pub fn of_person(facts: &'v Facts<'v>, app_url: &'v str, needs: Needs) -> Self {
        Self { facts, rule: None, app_url, needs, known: OnceCell::new(), missing: RefCell::default() }
    }

    /// As JSON.
    pub fn get(&self) -> &Value {
        self.known.get_or_init(|| {
            let mut values = of_ticket(self.facts, self.app_url, self.needs);
            match self.rule {
                Some(rule) => add_event(&mut values, self.facts, rule),
                None => add_speaker(&mut values, self.facts),
            }
            values
        })
    }

    /// What texts have asked for since this was last asked, and is not there, each once.
    pub fn take_missing(&self) -> Vec<String> {
        self.missing.take()
    }

    fn note_missing(&self, names: Vec<String>) {
        let mut missing = self.missing.borrow_mut();
        for name in names {
            if !missing.contains(&name) {
                missing.push(name);
            }
        }
    }
}

/// Adds what happened, for a rule of this name.
fn add_event(values: &mut Value, facts: &Facts<'_>, rule: &str) {
    let subject = facts.subject();
    values["actor"] = json!({ "name": subject.actor.name });
    values["comment"] = json!({
        "body": subject.comment.map(|comment| &comment.body),
        "author": subject.comment.map(|comment| &comment.author.name),
    });
    values["rule"] = json!({ "name": rule });
    values["old"] = json!(facts.old());
    values["new"] = json!(facts.new_value());
}

/// Lets whoever acts be the agent who speaks; the ticket's own keeps the name that stands under `ticket`.
fn add_speaker(values: &mut Value, facts: &Facts<'_>) {
    let subject = facts.subject();
    let speaker = subject.actor;
    values["agent_name"] = json!(speaker.name);
    values["agent"]["id"] = json!(speaker.id);
    values["agent"]["name"] = json!(speaker.name);
    values["agent"]["agent_name"] = json!(speaker.name);
    values["agent"]["email"] = json!(speaker.id.and_then(|id| subject.directory.staff(id)).map(|user| &user.email));
}

fn of_ticket(facts: &Facts<'_>, app_url: &str, needs: Needs) -> Value {
    let ticket = facts.subject().ticket;
    let customer = if needs.customer { facts.customer() } else { None };
    let (agent, team) = (facts.agent(), facts.team());
    let organization = if needs.organization { facts.organization() } else { None };
    let url = format!("{app_url}/tickets/{}", ticket.number);
    let mut own = json!({
        "ticket_number": ticket.number,
        "subject": ticket.subject,
        "description": ticket.description,
        "status": ticket.status,
        "priority": ticket.priority,
        "category": ticket.category,
        "tags": ticket.tags,
        "escalation_level": ticket.escalation_level,
        "channel": ticket.channel,
        "assigned_agent_id": ticket.assigned_agent_id,
        "agent_name": agent.map(|user| &user.name),
        "customer_id": ticket.customer_id,
        "customer_name": customer.map(|user| &user.name),
        "customer_email": customer.map(|user| &user.email),
        "team_id": ticket.team_id,
        "team_name": team.map(|team| &team.name),
        "ticket_url": url,
        "created_at": ticket.created_at,
        "custom_fields": texts(&ticket.custom_fields),
    });
    let mut of_ticket = own.clone();
    of_ticket["id"] = json!(ticket.id);
    of_ticket["number"] = json!(ticket.number);
    of_ticket["url"] = json!(url);
    own["ticket"] = of_ticket;
    own["customer"] = json!({
        "id": ticket.customer_id,
        "customer_id": ticket.customer_id,
        "name": customer.map(|user| &user.name),
        "customer_name": customer.map(|user| &user.name),
        "email": customer.map(|user| &user.email),
        "customer_email": customer.map(|user| &user.email),
    });
    own["agent"] = json!({
        "id": ticket.assigned_agent_id,
        "assigned_agent_id": ticket.assigned_agent_id,
        "name": agent.map(|user| &user.name),
        "agent_name": agent.map(|user| &user.name),
        "email": agent.map(|user| &user.email),
    });
    own["team"] = json!({
        "id": ticket.team_id,
        "team_id": ticket.team_id,
        "name": team.map(|team| &team.name),
        "team_name": team.map(|team| &team.name),
    });
    own["organization"] = json!({ "name": organization.map(|company| &company.name) });
    own
}

/// Values of the desk's own fields as a text shows them: a list as its members.
fn texts(fields: &Map<String, Value>) -> Map<String, Value> {
    let shown = |value: &Value| match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ").into(),
        other => other.clone(),
    };
    fields.iter().map(|(key, value)| (key.clone(), shown(value))).collect()
}

/// A text with variables.
#[derive(Clone, Debug)]
pub struct Text {
    template: Template,
    /// Whether nothing is filled in.
    is_plain: bool,
    /// What it takes to fill it in.
    pub needs: Needs,
}

impl Text {
    /// Reads a text; what is wrong with it is said for people.
    pub fn read(source: &str, variables: &Variables) -> Result<Self, (&'static str, String)> {
        let (text, unknown) = Self::read_leniently(source, variables)?;
        match unknown.first() {
            None => Ok(text),
            Some(unknown) => Err(("unknown_variable", unknown.to_string())),
        }
    }

    /// The same, whatever the text asks for; and what of that there is not.
    pub fn read_leniently(
        source: &str,
        variables: &Variables,
    ) -> Result<(Self, Vec<UnknownVariable>), (&'static str, String)> {
        if source.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(("control_character", "May not contain control characters.".to_owned()));
        }
        if source.len() > LONGEST {
            return Err(("too_long", format!("May have at most {LONGEST} bytes.")));
        }
        let template =
            Template::parse(source, Markup::Text).map_err(|error| ("invalid_template", error.to_string()))?;
        let unknown = template.unknown(&variables.all);
        let needs = Needs {
            customer: template.unknown(&variables.without_customer) != unknown,
            organization: template.unknown(&variables.without_organization) != unknown,
        };
        let is_plain = template.unknown(&Vocabulary::new()).is_empty();
        Ok((Self { template, is_plain, needs }, unknown))
    }

    /// The text itself, where nothing is filled in.
    pub(super) fn plain(&self) -> Option<&str> {
        self.template.plain()
    }

    /// The text with its values. Each is filled in once: what a customer wrote is never read as a template.
    pub fn fill(&self, values: &Values<'_>) -> Result<String, String> {
        if self.is_plain {
            return self.template.render(&Value::Null).map_err(|error| error.to_string());
        }
        let Rendered { text, missing } =
            self.template.render_noting(values.get()).map_err(|error| error.to_string())?;
        values.note_missing(missing);
        Ok(text)
    }

    /// The same, but it ends after so many bytes; and whether it had to. It can't fail.
    pub fn fill_cut(&self, values: &Values<'_>, most: usize) -> (Rendered, bool) {
        let known = if self.is_plain { &Value::Null } else { values.get() };
        self.template.render_cut(known, most)
    }

    /// The same, but what is missing stands there as one asks for it.
    pub fn fill_marked(&self, values: &Values<'_>, most: usize) -> String {
        self.template.render_marked(values.get(), most)
    }
}
