//! What an endpoint is sent about an event.

use super::Hook;
use super::short::{slack, teams};
use crate::event::{Fact, FieldChanges};
use crate::ids::{EventId, WorkflowId};
use crate::model::view::{Reader, TicketView};
use crate::model::{Comment, EscalationCause, PayloadKind, Person, Ticket, User};
use crate::template::{RenderError, Template, Vocabulary};
use crate::time::Time;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The most bytes of a body.
pub const LONGEST: usize = 256 * 1024;
/// How long texts may be where the whole would be too long, step by step.
const CUTS: [usize; 6] = [64 * 1024, 16 * 1024, 4 * 1024, 1024, 256, 64];
/// What stands where a text was cut.
const ELLIPSIS: char = '…';

/// What happened, with all that is told of it.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The event's id.
    pub id: EventId,
    /// What happened, such as `ticket.created`.
    pub name: &'a str,
    /// When.
    pub at: Time,
    /// Who did it.
    pub actor: &'a Person,
    /// The fact, where it comes from the event log.
    pub fact: Option<&'a Fact>,
    /// The ticket as it was then.
    pub ticket: &'a Ticket,
    /// Who asked, where that is known.
    pub customer: Option<&'a User>,
    /// The name of who answers.
    pub agent_name: Option<&'a str>,
    /// The name of whose queue it is in.
    pub team_name: Option<&'a str>,
    /// What was said, where that is what happened.
    pub comment: Option<&'a Comment>,
    /// The rule that asks for the call, where one does.
    pub workflow: Option<Triggering<'a>>,
}

/// A rule that asks for a call.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Triggering<'a> {
    /// Which.
    pub id: WorkflowId,
    /// What people call it.
    pub name: &'a str,
    /// Its version.
    pub version: i64,
}

impl Occasion<'_> {
    /// Whether it tells what was said among staff. A comment that became a note since then counts as one.
    pub fn is_internal(&self) -> bool {
        let was = matches!(self.fact, Some(Fact::CommentAdded { is_internal: true, .. }));
        was || self.comment.is_some_and(|comment| comment.is_internal)
    }

    /// What changed, for the events that tell it.
    pub fn changes(&self) -> Option<&FieldChanges> {
        match self.fact? {
            Fact::TicketUpdated { changes, .. }
            | Fact::TicketStatusChanged { changes }
            | Fact::TicketAssigned { changes }
            | Fact::TicketEscalated { changes, .. } => Some(changes),
            _ => None,
        }
    }

    /// Where people look at the ticket.
    pub fn url(&self, app_url: &str) -> String {
        format!("{app_url}/tickets/{}", self.ticket.number)
    }
}

/// Why there is nothing to send.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// There is no template that can be read.
    #[error("the payload's template can't be read")]
    NoTemplate,
    /// The template could not be filled in.
    #[error("the payload's template can't be filled in: {0}")]
    Render(#[from] RenderError),
    /// What the template made is not JSON.
    #[error("what the payload's template makes is not JSON: {0}")]
    NotJson(String),
    /// However much is cut, it stays too long.
    #[error("the payload would have more than {} KiB", LONGEST / 1024)]
    TooLong,
}

/// What this webhook is sent.
pub fn body(hook: &Hook, occasion: &Occasion<'_>, app_url: &str) -> Result<String, PayloadError> {
    match hook.stored.content.payload {
        PayloadKind::Default => default_body(occasion, app_url),
        PayloadKind::Slack => Ok(slack(occasion, app_url).to_string()),
        PayloadKind::Teams => Ok(teams(occasion, app_url).to_string()),
        PayloadKind::Template => template_body(hook.template().ok_or(PayloadError::NoTemplate)?, occasion, app_url),
    }
}

/// The event with its ticket, as text.
pub fn default_body(occasion: &Occasion<'_>, app_url: &str) -> Result<String, PayloadError> {
    cut_until(document(occasion, app_url), |values| {
        let text = values.to_string();
        (text.len() <= LONGEST).then_some(text)
    })
    .ok_or(PayloadError::TooLong)
}

/// What the template makes of the event: valid JSON, or why there is none.
pub fn template_body(template: &Template, occasion: &Occasion<'_>, app_url: &str) -> Result<String, PayloadError> {
    let rendered = cut_until(values(occasion, app_url), |values| match template.render(values) {
        Err(RenderError::TooLong) => None,
        Ok(text) if text.len() > LONGEST => None,
        answer => Some(answer),
    });
    let text = rendered.ok_or(PayloadError::TooLong)??;
    // Only the form is looked at, so nothing is built of it.
    match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(PayloadError::NotJson(error.to_string())),
    }
}

/// The event with its ticket.
pub fn document(occasion: &Occasion<'_>, app_url: &str) -> Value {
    let Occasion { id, name, at, actor, ticket, .. } = occasion;
    let view = TicketView::new((*ticket).clone(), Reader::Staff, app_url);
    let mut told = serde_json::to_value(view).unwrap_or_default();
    told["customer"] = customer(occasion);
    let mut document = Map::new();
    let mut tell = |field: &str, value: Value| drop(document.insert(field.to_owned(), value));
    tell("id", json!(id));
    tell("event", json!(name));
    tell("type", json!(name));
    tell("timestamp", json!(at));
    tell("actor", json!(actor));
    tell("ticket", told);
    if let Some(workflow) = occasion.workflow {
        tell("workflow", json!(workflow));
    }
    if let Some(changes) = occasion.changes() {
        tell("changes", json!(changes));
    }
    match occasion.fact {
        Some(Fact::TicketEscalated { level, reason, cause, .. }) => {
            tell("escalation", json!({ "level": level, "reason": reason, "cause": cause }));
        }
        Some(Fact::TicketUpdated { changes, reason: Some(reason) }) => {
            let level = changes.get("escalation_level").map(|(_, level)| level);
            tell("escalation", json!({ "level": level, "reason": reason, "cause": EscalationCause::Manual }));
        }
        Some(Fact::SlaWarning(deadline) | Fact::SlaBreached(deadline)) => {
            tell(
                "sla",
                json!({ "metric": deadline.metric, "started_at": deadline.started_at, "due_at": deadline.due_at }),
            );
        }
        Some(Fact::TicketMerged(merge)) => {
            tell("merged_from", json!(merge.source_id));
            tell("merged_into", json!(merge.target_id));
        }
        Some(Fact::CommentAdded { comment_id, is_internal, .. }) => tell(
            "comment",
            match occasion.comment {
                Some(comment) => comment_json(comment, *is_internal),
                None => json!({ "id": comment_id, "is_internal": is_internal }),
            },
        ),
        _ => {}
    }
    document.into()
}

fn customer(occasion: &Occasion<'_>) -> Value {
    let known = occasion.customer;
    json!({
        "id": occasion.ticket.customer_id,
        "name": known.map(|user| &user.name),
        "email": known.map(|user| &user.email),
    })
}

fn comment_json(comment: &Comment, was_internal: bool) -> Value {
    json!({
        "id": comment.id,
        "author": comment.author,
        "body": comment.body,
        "is_internal": comment.is_internal || was_internal,
        "created_at": comment.created_at,
    })
}

/// What a template can ask for: the document, with names beside ids, and changes as a list.
pub(super) fn values(occasion: &Occasion<'_>, app_url: &str) -> Value {
    let mut values = document(occasion, app_url);
    let customer = customer(occasion);
    let ticket = occasion.ticket;
    let change = |(field, (old, new)): (&String, &(Value, Value))| json!({ "field": field, "old": old, "new": new });
    values["changes"] = occasion.changes().into_iter().flatten().map(change).collect();
    for (field, value) in [
        ("ticket_number", json!(ticket.number)),
        ("subject", json!(ticket.subject)),
        ("description", json!(ticket.description)),
        ("status", json!(ticket.status)),
        ("priority", json!(ticket.priority)),
        ("category", json!(ticket.category)),
        ("ticket_url", json!(occasion.url(app_url))),
        ("customer_name", customer["name"].clone()),
        ("customer_email", customer["email"].clone()),
        ("agent_name", json!(occasion.agent_name)),
        ("team_name", json!(occasion.team_name)),
        ("agent", json!({ "id": ticket.assigned_agent_id, "name": occasion.agent_name })),
        ("team", json!({ "id": ticket.team_id, "name": occasion.team_name })),
        ("customer", customer),
    ] {
        values[field] = value;
    }
    values
}

/// What a webhook's template can ask for.
pub fn vocabulary() -> Vocabulary {
    let change =
        Vocabulary::new().text("field", "The field.").text("old", "What it was.").text("new", "What it is now.");
    let texts = [
        ("id", "The event's id."),
        ("event", "What happened, such as ticket.created."),
        ("type", "The same as event."),
        ("timestamp", "When it happened."),
        ("truncated", "Whether long texts were cut."),
        ("actor.id", "Who did it."),
        ("actor.name", "The name of who did it."),
        ("actor.role", "The role of who did it."),
        ("comment.id", "The comment, where one was added."),
        ("comment.body", "What was said."),
        ("comment.is_internal", "Whether it is a note among staff."),
        ("comment.created_at", "When it was said."),
        ("comment.author.id", "Who said it."),
        ("comment.author.name", "The name of who said it."),
        ("comment.author.role", "The role of who said it."),
        ("escalation.level", "How often it was escalated, where it was."),
        ("escalation.reason", "Why it was escalated, or is no longer."),
        ("escalation.cause", "What brought that about: manual, rule or sla."),
        ("sla.metric", "What was promised, where a promised time is over or nearly so."),
        ("sla.started_at", "Since when it was promised."),
        ("sla.due_at", "When the promised time is over."),
        ("merged_from", "The ticket that was merged, where one was."),
        ("merged_into", "The ticket that it was merged into."),
        ("workflow.id", "The rule that asks for the call, where one does."),
        ("workflow.name", "The name of that rule."),
        ("workflow.version", "The version of that rule."),
        ("ticket_number", "The ticket's number."),
        ("subject", "The ticket's subject."),
        ("description", "The ticket's first message."),
        ("status", "The ticket's status."),
        ("priority", "The ticket's priority."),
        ("category", "The ticket's category."),
        ("ticket_url", "Where people look at the ticket."),
        ("customer_name", "The name of who asks."),
        ("customer_email", "The address of who asks."),
        ("agent_name", "The name of who answers."),
        ("team_name", "The name of whose queue it is in."),
        ("customer.id", "Who asks."),
        ("customer.name", "The name of who asks."),
        ("customer.email", "The address of who asks."),
        ("agent.id", "Who answers."),
        ("agent.name", "The name of who answers."),
        ("team.id", "Whose queue it is in."),
        ("team.name", "The name of whose queue it is in."),
        ("ticket.customer.id", "Who asks."),
        ("ticket.customer.name", "The name of who asks."),
        ("ticket.customer.email", "The address of who asks."),
    ];
    let all = texts.into_iter().fold(Vocabulary::new(), |known, (path, about)| known.text(path, about));
    let all = TICKET_TEXTS
        .into_iter()
        .fold(all, |known, field| known.text(&format!("ticket.{field}"), format!("The ticket's field {field}.")));
    all.texts("ticket.tags", "The ticket's tags.").open("ticket.custom_fields", "A field of the desk's own.").list(
        "changes",
        "What changed.",
        change,
    )
}

/// Fields of a ticket that have one value.
const TICKET_TEXTS: [&str; 33] = [
    "id",
    "ticket_number",
    "subject",
    "description",
    "status",
    "priority",
    "category",
    "channel",
    "customer_id",
    "organization_id",
    "assigned_agent_id",
    "team_id",
    "version",
    "created_at",
    "updated_at",
    "first_responded_at",
    "resolved_at",
    "closed_at",
    "merged_into",
    "url",
    "escalation_level",
    "wake_at",
    "is_sla_breached",
    "sla.policy_id",
    "sla.due_metric",
    "sla.due_at",
    "sla.first_response_due_at",
    "sla.next_response_due_at",
    "sla.resolution_due_at",
    "sla.paused_since",
    "sla.first_response_breached",
    "sla.next_response_breached",
    "sla.resolution_breached",
];

/// What `made` makes of the values once they are short enough for it: first as they are, then with ever shorter
/// texts, at last without what could be of any number.
fn cut_until<T>(mut values: Value, made: impl Fn(&Value) -> Option<T>) -> Option<T> {
    if let Some(whole) = made(&values) {
        return Some(whole);
    }
    values["truncated"] = true.into();
    for longest in CUTS {
        cut_texts(&mut values, longest);
        if let Some(cut) = made(&values) {
            return Some(cut);
        }
    }
    values["ticket"]["custom_fields"] = json!({});
    values["changes"] = if values["changes"].is_array() { json!([]) } else { json!({}) };
    made(&values)
}

fn cut_texts(value: &mut Value, longest: usize) {
    match value {
        Value::String(text) if text.len() > longest => *text = cut(text, longest),
        Value::Array(items) => items.iter_mut().for_each(|item| cut_texts(item, longest)),
        Value::Object(map) => map.values_mut().for_each(|value| cut_texts(value, longest)),
        _ => {}
    }
}

/// The beginning of a text, at most this many bytes, and that there was more.
fn cut(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    let mut end = longest.saturating_sub(ELLIPSIS.len_utf8());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{ELLIPSIS}", &text[..end])
}
