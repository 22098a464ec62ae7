//! Conditions in memory: the meaning that every store's SQL is held to.

use super::custom::{CustomValue, originals_of, values_of};
use super::value::lies_between;
use super::{Bound, Condition, Field, Leaf, Literal, Test, older_than_cut, older_than_day};
use crate::fold::fold;
use crate::model::{FieldKey, Ticket};
use crate::time::Time;
use std::cell::OnceCell;
use std::cmp::Ordering;
use uuid::Uuid;

/// Whether the condition holds for the ticket as it stands at `now`.
pub fn evaluate(condition: &Condition, ticket: &Ticket, now: Time) -> bool {
    TicketFacts::new(ticket, now).hold(condition)
}

impl Condition {
    /// Whether it holds for the ticket as it stands at `now`.
    pub fn holds(&self, ticket: &Ticket, now: Time) -> bool {
        evaluate(self, ticket, now)
    }
}

/// A ticket under examination. Folding a long description costs far more than any test of it, so
/// each text is folded when it is first asked for and at most once.
#[derive(Debug)]
pub struct TicketFacts<'a> {
    ticket: &'a Ticket,
    now: Time,
    number: OnceCell<String>,
    subject: OnceCell<String>,
    description: OnceCell<String>,
    category: OnceCell<String>,
    tags: OnceCell<Vec<String>>,
}

impl<'a> TicketFacts<'a> {
    /// Nothing is folded yet.
    pub fn new(ticket: &'a Ticket, now: Time) -> Self {
        Self {
            ticket,
            now,
            number: OnceCell::new(),
            subject: OnceCell::new(),
            description: OnceCell::new(),
            category: OnceCell::new(),
            tags: OnceCell::new(),
        }
    }

    fn hold(&self, condition: &Condition) -> bool {
        condition.holds_by(&mut |leaf| self.pass(leaf))
    }

    fn pass(&self, leaf: &Leaf) -> bool {
        leaf.fits() && self.passes(leaf.field, &leaf.test)
    }

    /// Whether the field passes a test that can hold for its kind.
    pub fn passes(&self, field: Field, test: &Test) -> bool {
        if let Field::Custom(key, _) = field {
            return self.pass_custom(key, test);
        }
        match test {
            Test::In(values) => self.is_one_of(field, values),
            Test::Contains(part) => self.folded(field).iter().any(|own| own.contains(part.as_str())),
            Test::StartsWith(part) => self.folded(field).iter().any(|own| own.starts_with(part.as_str())),
            Test::Range { min, max } => {
                self.scalar(field).is_some_and(|own| lies_between(&own, min.as_ref(), max.as_ref()))
            }
            Test::Empty => self.is_empty(field),
            Test::OlderThan(age) => match (self.time(field), older_than_cut(self.now, *age)) {
                (Some(at), Some(cut)) => at < cut,
                _ => false,
            },
            Test::Matches(pattern) => self.originals(field).iter().any(|own| pattern.0.is_match(own)),
        }
    }

    /// As SQL asks it of the rows of the field's values.
    fn pass_custom(&self, key: FieldKey, test: &Test) -> bool {
        let value = self.ticket.custom_fields.get(key.as_str());
        let values = value.map(|value| values_of(key, value)).unwrap_or_default();
        let some_text = |holds: &dyn Fn(&str) -> bool| values.iter().filter_map(|v| v.text.as_deref()).any(holds);
        match test {
            Test::In(wanted) => values.iter().any(|own| wanted.iter().any(|wanted| is_custom(own, wanted))),
            Test::Contains(part) => some_text(&|own| own.contains(part.as_str())),
            Test::StartsWith(part) => some_text(&|own| own.starts_with(part.as_str())),
            Test::Range { min, max } => values.iter().any(|own| custom_lies_between(own, min.as_ref(), max.as_ref())),
            Test::Empty => values.is_empty(),
            Test::OlderThan(age) => match older_than_day(self.now, *age) {
                Some(cut) => some_text(&|own| own < cut.to_string().as_str()),
                None => false,
            },
            Test::Matches(pattern) => {
                value.is_some_and(|value| originals_of(value).into_iter().any(|own| pattern.0.is_match(own)))
            }
        }
    }

    /// Each text that a field of the desk is compared as.
    pub(crate) fn each_custom_text(&self, key: FieldKey, mut each: impl FnMut(&str)) {
        let value = self.ticket.custom_fields.get(key.as_str());
        let values = value.map(|value| values_of(key, value)).unwrap_or_default();
        values.iter().filter_map(|value| value.text.as_deref()).for_each(&mut each);
    }

    fn is_one_of(&self, field: Field, values: &[Literal]) -> bool {
        if let Some(own) = self.scalar(field) {
            return values.contains(&own);
        }
        self.folded(field)
            .iter()
            .any(|own| values.iter().any(|value| matches!(value, Literal::Text(text) if text == own)))
    }

    fn is_empty(&self, field: Field) -> bool {
        match field {
            Field::TicketNumber => self.ticket.number.as_str().is_empty(),
            Field::Subject => self.ticket.subject.is_empty(),
            Field::Description => self.ticket.description.is_empty(),
            Field::Category => self.ticket.category.as_deref().is_none_or(str::is_empty),
            Field::Tags => self.ticket.tags.is_empty(),
            _ => self.scalar(field).is_none(),
        }
    }

    /// The values of a text field as comparisons see them: one, or as many as a list has.
    pub(crate) fn folded(&self, field: Field) -> &[String] {
        let ticket = self.ticket;
        match field {
            Field::TicketNumber => std::slice::from_ref(self.number.get_or_init(|| fold(ticket.number.as_str()))),
            Field::Subject => std::slice::from_ref(self.subject.get_or_init(|| fold(&ticket.subject))),
            Field::Description => std::slice::from_ref(self.description.get_or_init(|| fold(&ticket.description))),
            Field::Category => ticket
                .category
                .as_deref()
                .map_or(&[], |text| std::slice::from_ref(self.category.get_or_init(|| fold(text)))),
            Field::Tags => self.tags.get_or_init(|| ticket.tags.iter().map(|tag| fold(tag)).collect()),
            _ => &[],
        }
    }

    /// The values of a text field as people wrote them.
    fn originals(&self, field: Field) -> Vec<&'a str> {
        let ticket = self.ticket;
        match field {
            Field::TicketNumber => vec![ticket.number.as_str()],
            Field::Subject => vec![&ticket.subject],
            Field::Description => vec![&ticket.description],
            Field::Category => ticket.category.as_deref().into_iter().collect(),
            Field::Tags => ticket.tags.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The value of a field that is no text, where it has one.
    pub(crate) fn scalar(&self, field: Field) -> Option<Literal> {
        let ticket = self.ticket;
        let id = |id: Option<Uuid>| id.map(Literal::Id);
        match field {
            Field::Status => Some(Literal::Rank(ticket.status.rank())),
            Field::Priority => Some(Literal::Rank(ticket.priority.rank())),
            Field::Channel => Some(Literal::Rank(ticket.channel.rank())),
            Field::CustomerId => id(Some(ticket.customer_id.0)),
            Field::OrganizationId => id(ticket.organization_id.map(|o| o.0)),
            Field::AssignedAgentId => id(ticket.assigned_agent_id.map(|a| a.0)),
            Field::TeamId => id(ticket.team_id.map(|t| t.0)),
            Field::EscalationLevel => Some(Literal::Number(i64::from(ticket.escalation_level))),
            Field::IsSlaBreached => Some(Literal::Flag(ticket.is_sla_breached())),
            _ => self.time(field).map(Literal::Time),
        }
    }

    pub(crate) fn time(&self, field: Field) -> Option<Time> {
        match field {
            Field::CreatedAt => Some(self.ticket.created_at),
            Field::UpdatedAt => Some(self.ticket.updated_at),
            Field::FirstRespondedAt => self.ticket.first_responded_at,
            Field::ResolvedAt => self.ticket.resolved_at,
            Field::ClosedAt => self.ticket.closed_at,
            Field::WakeAt => self.ticket.wake_at,
            Field::LastCustomerReplyAt => self.ticket.last_customer_reply_at,
            Field::LastStatusChangeAt => self.ticket.last_status_change_at,
            Field::SlaDueAt => self.ticket.sla_due_at(),
            _ => None,
        }
    }
}

fn is_custom(own: &CustomValue, wanted: &Literal) -> bool {
    match wanted {
        Literal::Decimal(number) => own.number == Some(*number),
        other => other.custom_text().is_some_and(|text| own.text.as_deref() == Some(&*text)),
    }
}

fn custom_lies_between(own: &CustomValue, min: Option<&Bound>, max: Option<&Bound>) -> bool {
    let order = |bound: &Bound| match &bound.value {
        Literal::Decimal(number) => own.number.map(|own| own.cmp(number)),
        other => own.text.as_deref().zip(other.custom_text()).map(|(own, text)| own.cmp(&text)),
    };
    let within = |bound: &Bound, outside: Ordering| {
        order(bound).is_some_and(|order| order == outside || (bound.inclusive && order.is_eq()))
    };
    min.is_none_or(|bound| within(bound, Ordering::Greater)) && max.is_none_or(|bound| within(bound, Ordering::Less))
}
