//! A ticket under the eyes of the rules: what it was, what became of it, and who has to do with it.

use super::field::RuleField;
use crate::access::{AgentVisibility, Scope};
use crate::calendar::Calendars;
use crate::condition::{Field, FieldValue, Leaf, Literal, Test, TicketFacts, passes};
use crate::decimal::Decimal;
use crate::fold::fold;
use crate::ids::UserId;
use crate::mail::inbound::Incoming;
use crate::model::{Comment, Directory, FieldKey, Organization, Person, Team, Ticket, Trigger, User};
use crate::time::Time;
use serde_json::{Value, json};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// Characters of a value that an explanation shows.
const SHOWN: usize = 200;

/// Something that may have been looked up, and may not be there.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Loaded<T> {
    /// Nobody has looked.
    #[default]
    Unknown,
    /// This was found, or nothing.
    Known(Option<T>),
}

/// What is known of people who are not in the directory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct People {
    /// The requester.
    pub customer: Loaded<User>,
    /// The ticket's company.
    pub organization: Loaded<Organization>,
    /// Of these people, whether they listen to the ticket.
    pub watching: BTreeMap<UserId, bool>,
    /// Of these people, who neither work here nor are the requester, whether they may see the ticket. That follows from
    /// whose ticket it is, which rules can't change.
    pub seeing: BTreeMap<UserId, bool>,
}

/// What rules had to know and nobody has looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// The requester.
    pub customer: bool,
    /// The ticket's company.
    pub organization: bool,
    /// Whether these people listen to the ticket.
    pub watching: BTreeSet<UserId>,
    /// Whether these people, who neither work here nor are the requester, may see the ticket.
    pub seeing: BTreeSet<UserId>,
}

impl Missing {
    /// Whether nothing was missing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, more: Self) {
        self.customer |= more.customer;
        self.organization |= more.organization;
        self.watching.extend(more.watching);
        self.seeing.extend(more.seeing);
    }
}

/// A ticket in a change, and all that is known beside it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The ticket as it is now, with what earlier rules did.
    pub ticket: &'a Ticket,
    /// The ticket before the change; none where the change made it.
    pub before: Option<&'a Ticket>,
    /// The ticket as the change left it.
    pub after: &'a Ticket,
    /// What was said in the change.
    pub comment: Option<&'a Comment>,
    /// The mail that it was said in.
    pub mail: Option<&'a Incoming>,
    /// Who made the change.
    pub actor: &'a Person,
    /// What is known of customers.
    pub people: &'a People,
    /// Who works here.
    pub directory: &'a Directory,
    /// How far agents see.
    pub agent_visibility: AgentVisibility,
    /// When the desk and its teams work.
    pub calendars: &'a Calendars,
    /// When.
    pub now: Time,
}

/// A subject, with what has been worked out about it so far.
#[derive(Debug)]
pub struct Facts<'a> {
    subject: Subject<'a>,
    current: TicketFacts<'a>,
    after: TicketFacts<'a>,
    before: Option<TicketFacts<'a>>,
    changed: &'a ChangedFields,
    trigger: Cell<Trigger>,
    said: OnceCell<String>,
    missing: RefCell<Missing>,
}

impl<'a> Facts<'a> {
    /// Nothing is worked out yet.
    pub fn new(subject: Subject<'a>, changed: &'a ChangedFields) -> Self {
        Self {
            subject,
            current: TicketFacts::new(subject.ticket, subject.now),
            after: TicketFacts::new(subject.after, subject.now),
            before: subject.before.map(|before| TicketFacts::new(before, subject.now)),
            changed,
            trigger: Cell::new(Trigger::TicketUpdated),
            said: OnceCell::new(),
            missing: RefCell::default(),
        }
    }

    /// What it is about.
    pub fn subject(&self) -> &Subject<'a> {
        &self.subject
    }

    /// The ticket as it is now.
    pub(super) fn current(&self) -> &TicketFacts<'a> {
        &self.current
    }

    /// What the change changed.
    pub(super) fn changed(&self) -> &'a ChangedFields {
        self.changed
    }

    /// From here on a rule is looked at that this made look.
    pub(super) fn triggered_by(&self, trigger: Trigger) {
        self.trigger.set(trigger);
    }

    /// What had to be known and was not, since this was last asked.
    pub(super) fn take_missing(&self) -> Missing {
        self.missing.take()
    }

    /// What is asked of them, where it takes no look to know; what it does take is among what is missing.
    pub(super) fn known<T>(&self, ask: impl FnOnce() -> T) -> Option<T> {
        let before = self.take_missing();
        let answer = ask();
        let mut missing = self.missing.borrow_mut();
        let is_known = missing.is_nothing();
        missing.add(before);
        is_known.then_some(answer)
    }

    /// The requester.
    pub fn customer(&self) -> Option<&'a User> {
        if let Loaded::Known(user) = &self.subject.people.customer {
            return user.as_ref();
        }
        // Staff may ask, too.
        let staff = self.subject.directory.staff(self.subject.ticket.customer_id);
        if staff.is_none() {
            self.missing.borrow_mut().customer = true;
        }
        staff
    }

    /// The ticket's company.
    pub fn organization(&self) -> Option<&'a Organization> {
        match &self.subject.people.organization {
            Loaded::Known(company) => company.as_ref(),
            Loaded::Unknown => {
                self.missing.borrow_mut().organization |= self.subject.ticket.organization_id.is_some();
                None
            }
        }
    }

    /// The ticket's team.
    pub fn team(&self) -> Option<&'a Team> {
        self.subject.ticket.team_id.and_then(|id| self.subject.directory.team(id))
    }

    /// Whether the ticket's team works at the moment.
    pub fn is_open(&self) -> bool {
        self.subject.calendars.of_team(self.subject.ticket.team_id).is_open(self.subject.now)
    }

    /// The ticket's agent.
    pub fn agent(&self) -> Option<&'a User> {
        self.subject.ticket.assigned_agent_id.and_then(|id| self.subject.directory.staff(id))
    }

    /// The mail that it came in.
    pub fn mail(&self) -> Option<&'a Incoming> {
        self.subject.mail
    }

    /// What a header of that mail says: its values in their order, one a line.
    pub(super) fn header(&self, name: &str) -> FieldValue<'static> {
        let values = self.mail().map(|mail| mail.header(name)).unwrap_or_default();
        if values.is_empty() { FieldValue::Nothing } else { FieldValue::Text(values.join("\n").into()) }
    }

    /// What was said.
    pub fn comment(&self) -> Option<&'a Comment> {
        self.subject.comment
    }

    /// Who made the change.
    pub fn actor(&self) -> &'a Person {
        self.subject.actor
    }

    /// What was said, folded once.
    pub(super) fn said(&self) -> FieldValue<'_> {
        self.subject.comment.map_or(FieldValue::Nothing, |comment| FieldValue::Long {
            text: &comment.body,
            folded: self.said.get_or_init(|| fold(&comment.body)),
        })
    }

    /// Whether this person listens to the ticket; no where nobody has looked.
    pub(super) fn watches(&self, user: UserId) -> bool {
        let known = self.subject.people.watching.get(&user).copied();
        if known.is_none() {
            self.missing.borrow_mut().watching.insert(user);
        }
        known.unwrap_or_default()
    }

    /// Whether this person may see the ticket as it is now; no where nobody has looked. Who has left sees nothing.
    pub(super) fn may_see(&self, user: UserId) -> bool {
        let Subject { ticket, directory, people, .. } = &self.subject;
        if let Some(staff) = directory.staff(user) {
            let scope = Scope::of_staff(user, staff.role, directory.teams_of(user), self.subject.agent_visibility);
            return staff.is_active && scope.sees(ticket);
        }
        // Perhaps the requester is added in this very commit, so that no store knows them.
        if ticket.customer_id == user {
            return self.customer().is_some_and(|customer| customer.is_active);
        }
        let known = people.seeing.get(&user).copied();
        if known.is_none() {
            self.missing.borrow_mut().seeing.insert(user);
        }
        known.unwrap_or_default()
    }

    /// The field whose old and new value are the event's.
    fn of_event(&self) -> Option<Field> {
        let changed = |field: &Field| self.changed.has(*field);
        match self.trigger.get() {
            Trigger::StatusChange => Some(Field::Status),
            Trigger::PriorityChange => Some(Field::Priority),
            Trigger::Escalation => Some(Field::EscalationLevel),
            Trigger::Assignment => [Field::AssignedAgentId, Field::TeamId].into_iter().find(changed),
            _ => Field::ALL.iter().copied().find(changed),
        }
    }

    /// What the event changed, before it, for people.
    pub fn old(&self) -> Option<String> {
        let before = self.subject.before?;
        self.of_event().and_then(|field| text_of(&ticket_value(before, field)))
    }

    /// What the event changed, after it, for people.
    pub fn new_value(&self) -> Option<String> {
        self.of_event().and_then(|field| text_of(&ticket_value(self.subject.after, field)))
    }

    /// Whether the leaf holds.
    pub fn pass(&self, leaf: &Leaf<RuleField>) -> bool {
        if !leaf.fits() {
            return false;
        }
        let now = self.subject.now;
        match &leaf.field {
            RuleField::Ticket(field) => self.current.passes(*field, &leaf.test),
            RuleField::After(field) => self.after.passes(*field, &leaf.test),
            RuleField::Before(field) => match &self.before {
                Some(before) => before.passes(*field, &leaf.test),
                None => leaf.test == Test::Empty,
            },
            RuleField::Changed(field) => {
                let changed = FieldValue::One(Literal::Flag(self.changed.has(*field)));
                passes(&changed, &leaf.test, now)
            }
            RuleField::HoursSince(field) => passes(&self.hours_since(*field), &leaf.test, now),
            RuleField::Named(named) => passes(&named.value(self), &leaf.test, now),
            RuleField::Header(name) => passes(&self.header(name), &leaf.test, now),
            RuleField::Own(own) => {
                let value = (own.get)(&self.subject);
                passes(&own.read(&value), &leaf.test, now)
            }
        }
    }

    /// To four decimals, cut off.
    fn hours_since(&self, field: Field) -> FieldValue<'static> {
        let since = self.current.time(field).map(|at| self.subject.now - at);
        let scaled = since.and_then(|since| since.num_milliseconds().checked_mul(10)).map(|tenths| tenths / 3_600);
        FieldValue::one(scaled.and_then(Decimal::from_scaled).map(Literal::Decimal))
    }

    /// The field's value as JSON, for operators of the application's own and for who asks why.
    pub fn actual(&self, field: &RuleField) -> Value {
        match field {
            RuleField::Ticket(field) => ticket_value(self.subject.ticket, *field),
            RuleField::After(field) => ticket_value(self.subject.after, *field),
            RuleField::Before(field) => self.subject.before.map_or(Value::Null, |t| ticket_value(t, *field)),
            RuleField::Changed(field) => {
                let before = self.subject.before.map_or(Value::Null, |ticket| ticket_value(ticket, *field));
                json!({ "old": before, "new": ticket_value(self.subject.after, *field) })
            }
            RuleField::HoursSince(moment) => value_json(field, &self.hours_since(*moment)),
            RuleField::Named(named) => value_json(field, &named.value(self)),
            RuleField::Header(name) => value_json(field, &self.header(name)),
            RuleField::Own(own) => (own.get)(&self.subject),
        }
    }

    /// The same, no longer than an explanation shows.
    pub(super) fn shown(&self, field: &RuleField) -> Value {
        cut(self.actual(field))
    }
}

pub(super) fn cut(value: Value) -> Value {
    match value {
        Value::String(text) if text.chars().nth(SHOWN).is_some() => {
            format!("{}…", text.chars().take(SHOWN).collect::<String>()).into()
        }
        Value::Array(items) => items.into_iter().take(20).map(cut).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, cut(value))).collect(),
        other => other,
    }
}

fn value_json(field: &RuleField, value: &FieldValue<'_>) -> Value {
    use crate::condition::Asked;
    match value {
        FieldValue::Nothing => Value::Null,
        FieldValue::Text(text) => json!(text),
        FieldValue::Long { text, .. } => json!(text),
        FieldValue::Texts(texts) => json!(texts),
        FieldValue::One(literal) => match literal {
            Literal::Text(text) => json!(text),
            Literal::Id(id) => json!(id),
            Literal::Rank(rank) => {
                let place = usize::try_from(*rank).ok();
                place.and_then(|place| field.words().get(place).copied()).map_or(json!(rank), |word| json!(word))
            }
            Literal::Number(number) => json!(number),
            Literal::Time(at) => json!(at),
            Literal::Decimal(number) => Value::from(*number),
            Literal::Date(date) => json!(date.to_string()),
            Literal::Flag(yes) => json!(yes),
        },
    }
}

/// The value of a ticket's field as JSON.
pub(super) fn ticket_value(ticket: &Ticket, field: Field) -> Value {
    match field {
        Field::TicketNumber => json!(ticket.number),
        Field::Subject => json!(ticket.subject),
        Field::Description => json!(ticket.description),
        Field::Status => json!(ticket.status),
        Field::Priority => json!(ticket.priority),
        Field::Category => json!(ticket.category),
        Field::Tags => json!(ticket.tags),
        Field::Channel => json!(ticket.channel),
        Field::CustomerId => json!(ticket.customer_id),
        Field::OrganizationId => json!(ticket.organization_id),
        Field::AssignedAgentId => json!(ticket.assigned_agent_id),
        Field::TeamId => json!(ticket.team_id),
        Field::EscalationLevel => json!(ticket.escalation_level),
        Field::CreatedAt => json!(ticket.created_at),
        Field::UpdatedAt => json!(ticket.updated_at),
        Field::FirstRespondedAt => json!(ticket.first_responded_at),
        Field::ResolvedAt => json!(ticket.resolved_at),
        Field::ClosedAt => json!(ticket.closed_at),
        Field::WakeAt => json!(ticket.wake_at),
        Field::LastCustomerReplyAt => json!(ticket.last_customer_reply_at),
        Field::LastStatusChangeAt => json!(ticket.last_status_change_at),
        Field::SlaDueAt => json!(ticket.sla_due_at()),
        Field::IsSlaBreached => json!(ticket.is_sla_breached()),
        Field::Custom(key, _) => ticket.custom_fields.get(key.as_str()).cloned().unwrap_or_default(),
    }
}

/// A value as a text, where it says something.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Which fields of a ticket a change has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedFields {
    own: Vec<Field>,
    custom: Vec<FieldKey>,
}

impl ChangedFields {
    /// Those in which the two differ, but when it was last changed.
    pub fn between(before: &Ticket, after: &Ticket) -> Self {
        let differs = |field: &&Field| match field {
            // Moments that follow from other changes are none of their own.
            Field::UpdatedAt
            | Field::TicketNumber
            | Field::LastCustomerReplyAt
            | Field::SlaDueAt
            | Field::Custom(..) => false,
            Field::Subject => before.subject != after.subject,
            Field::Description => before.description != after.description,
            Field::Status => before.status != after.status,
            Field::Priority => before.priority != after.priority,
            Field::Category => before.category != after.category,
            Field::Tags => before.tags != after.tags,
            Field::Channel => before.channel != after.channel,
            Field::CustomerId => before.customer_id != after.customer_id,
            Field::OrganizationId => before.organization_id != after.organization_id,
            Field::AssignedAgentId => before.assigned_agent_id != after.assigned_agent_id,
            Field::TeamId => before.team_id != after.team_id,
            Field::EscalationLevel => before.escalation_level != after.escalation_level,
            Field::CreatedAt => before.created_at != after.created_at,
            Field::FirstRespondedAt => before.first_responded_at != after.first_responded_at,
            Field::ResolvedAt => before.resolved_at != after.resolved_at,
            Field::ClosedAt => before.closed_at != after.closed_at,
            Field::WakeAt => before.wake_at != after.wake_at,
            Field::IsSlaBreached => before.is_sla_breached() != after.is_sla_breached(),
            // A status that went and came back has not changed, whatever the clock says.
            Field::LastStatusChangeAt => {
                before.status != after.status && before.last_status_change_at != after.last_status_change_at
            }
        };
        let own = Field::ALL.iter().filter(differs).copied().collect();
        let mut custom = Vec::new();
        if before.custom_fields != after.custom_fields {
            let keys: BTreeSet<&String> = before.custom_fields.keys().chain(after.custom_fields.keys()).collect();
            let differs = |key: &&&String| before.custom_fields.get(**key) != after.custom_fields.get(**key);
            custom = keys.iter().filter(differs).filter_map(|key| key.parse().ok()).collect();
        }
        Self { own, custom }
    }

    /// Whether this field is among them.
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Custom(key, _) => self.custom.contains(&key),
            field => self.own.contains(&field),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.custom.is_empty()
    }

    /// The fields that all desks have.
    pub fn own(&self) -> &[Field] {
        &self.own
    }

    /// The keys of the desk's own.
    pub fn custom(&self) -> &[FieldKey] {
        &self.custom
    }
}
