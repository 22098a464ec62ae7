//! The variables of what rules write, and their values.

use super::facts::Facts;
use crate::model::CustomFields;
use crate::template::{Markup, Template, Vocabulary};
use serde_json::{Map, Value, json};
use std::cell::OnceCell;

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

/// The vocabularies of rules' texts on one desk.
#[derive(Clone, Debug)]
pub struct Variables {
    all: Vocabulary,
    without_customer: Vocabulary,
    without_organization: Vocabulary,
}

impl Variables {
    /// Over these fields of the desk.
    pub fn new(fields: &CustomFields) -> Self {
        Self {
            all: vocabulary(fields, true, true),
            without_customer: vocabulary(fields, false, true),
            without_organization: vocabulary(fields, true, false),
        }
    }

    /// What there is, for documentation.
    pub fn all(&self) -> &Vocabulary {
        &self.all
    }
}

fn vocabulary(fields: &CustomFields, customer: bool, organization: bool) -> Vocabulary {
    let mut all = Vocabulary::new()
        .text("old", "What the event changed, before it: status, priority, agent, team or level.")
        .text("new", "What the event changed, after it.")
        .text("actor.name", "Who made the change.")
        .text("comment.body", "What was said.")
        .text("comment.author", "Who said it.")
        .text("rule.name", "What the rule is called.");
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
    rule: &'v str,
    app_url: &'v str,
    needs: Needs,
    known: OnceCell<Value>,
}

impl<'v> Values<'v> {
    /// Of this ticket, for a rule of this name. What was not looked up is empty; [`Needs`] says what a text takes.
    pub fn new(facts: &'v Facts<'v>, rule: &'v str, app_url: &'v str, needs: Needs) -> Self {
        Self { facts, rule, app_url, needs, known: OnceCell::new() }
    }

    /// As JSON.
    pub fn get(&self) -> &Value {
        self.known.get_or_init(|| values(self.facts, self.rule, self.app_url, self.needs))
    }
}

fn values(facts: &Facts<'_>, rule: &str, app_url: &str, needs: Needs) -> Value {
    let subject = facts.subject();
    let ticket = subject.ticket;
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
    own["actor"] = json!({ "name": subject.actor.name });
    own["comment"] = json!({
        "body": subject.comment.map(|comment| &comment.body),
        "author": subject.comment.map(|comment| &comment.author.name),
    });
    own["rule"] = json!({ "name": rule });
    own["old"] = json!(facts.old());
    own["new"] = json!(facts.new_value());
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
        if source.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(("control_character", "May not contain control characters.".to_owned()));
        }
        if source.len() > LONGEST {
            return Err(("too_long", format!("May have at most {LONGEST} bytes.")));
        }
        let template =
            Template::parse(source, Markup::Text).map_err(|error| ("invalid_template", error.to_string()))?;
        if let Some(unknown) = template.unknown(&variables.all).first() {
            return Err(("unknown_variable", unknown.to_string()));
        }
        let needs = Needs {
            customer: !template.unknown(&variables.without_customer).is_empty(),
            organization: !template.unknown(&variables.without_organization).is_empty(),
        };
        let is_plain = template.unknown(&Vocabulary::new()).is_empty();
        Ok(Self { template, is_plain, needs })
    }

    /// The text itself, where nothing is filled in.
    pub(super) fn plain(&self) -> Option<&str> {
        self.template.plain()
    }

    /// The text with its values. Each is filled in once: what a customer wrote is never read as a template.
    pub fn fill(&self, values: &Values<'_>) -> Result<String, String> {
        let values = if self.is_plain { &Value::Null } else { values.get() };
        self.template.render(values).map_err(|error| error.to_string())
    }
}
