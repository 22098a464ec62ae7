//! What leaves the desk: the outputs of its use cases, ready to serialise.
//!
//! What may go to a customer has its own types. They can't hold an internal note, an escalation
//! level or anything else that is for staff: there is no field for it.

use super::custom_field::CUSTOM;
use super::{
    Attachment, Channel, Comment, CustomFields, Person, Priority, RuleRef, Sla, SlaMetric, Status, Ticket, Watcher,
};
use crate::error::FieldError;
use crate::event::{Audience, Event, Fact, FieldChanges};
use crate::ids::{
    AttachmentId, CommentId, EventId, OrganizationId, SlaPolicyId, TeamId, TicketId, TicketNumber, UserId,
};
use crate::time::Time;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Map, Value};

/// Who looks, as far as that decides what is shown.
#[derive(Clone, Copy, Debug)]
pub enum Reader<'a> {
    /// Somebody who works here sees all.
    Staff,
    /// A customer sees what these fields hold only where customers may.
    Customer(&'a CustomFields),
}

impl Reader<'_> {
    const fn is_staff(self) -> bool {
        matches!(self, Self::Staff)
    }

    /// Whether the reader is told of the custom field with this key.
    fn sees(self, key: &str) -> bool {
        match self {
            Self::Staff => true,
            Self::Customer(fields) => fields.shows_customers(key),
        }
    }
}

/// A ticket as the one who asked may see it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum TicketView {
    /// For staff.
    Staff(Box<StaffTicket>),
    /// For a customer.
    Customer(Box<CustomerTicket>),
}

/// Declares the ticket for customers, and both serialisations: a flattened struct would go through
/// a buffer, which costs more than all the rest of a list's answer.
macro_rules! ticket_views {
    ($($field:ident: $kind:ty),+ $(,)?) => {
        /// A ticket without anything that is for staff.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs)] // The fields are the ticket's own; see `model::Ticket`.
        pub struct CustomerTicket {
            $(pub $field: $kind,)+
            /// The ticket that took this one in; on the wire only where there is one.
            pub merged_into: Option<TicketId>,
            /// Where people look at it.
            pub url: String,
        }

        impl CustomerTicket {
            const FIELDS: usize = [$(stringify!($field)),+].len() + 2;

            fn write_fields<S: SerializeStruct>(&self, out: &mut S) -> Result<(), S::Error> {
                $(out.serialize_field(stringify!($field), &self.$field)?;)+
                if let Some(target) = &self.merged_into {
                    out.serialize_field("merged_into", target)?;
                }
                out.serialize_field("url", &self.url)
            }
        }
    };
}

ticket_views! {
    id: TicketId,
    ticket_number: TicketNumber,
    subject: String,
    description: String,
    status: Status,
    priority: Priority,
    category: Option<String>,
    tags: Vec<String>,
    custom_fields: Map<String, Value>,
    channel: Channel,
    customer_id: UserId,
    organization_id: Option<OrganizationId>,
    assigned_agent_id: Option<UserId>,
    team_id: Option<TeamId>,
    version: i64,
    created_at: Time,
    updated_at: Time,
    first_responded_at: Option<Time>,
    resolved_at: Option<Time>,
    closed_at: Option<Time>,
}

impl Serialize for CustomerTicket {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Ticket", Self::FIELDS)?;
        self.write_fields(&mut out)?;
        out.end()
    }
}

/// A ticket with all that staff may see.
#[derive(Clone, Debug, PartialEq)]
pub struct StaffTicket {
    /// What the customer sees too.
    pub public: CustomerTicket,
    /// How often it was escalated.
    pub escalation_level: i16,
    /// When it asks for work again, if it is put off.
    pub wake_at: Option<Time>,
    /// How it stands to what was promised, where something was.
    pub sla: Option<SlaView>,
    /// Whether a promise was ever broken.
    pub is_sla_breached: bool,
}

/// How a ticket stands to what was promised, in short. A moment is none where nothing was promised, or where its time
/// does not count at present.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[allow(missing_docs)] // See `model::Sla`.
pub struct SlaView {
    pub policy_id: SlaPolicyId,
    pub due_metric: Option<SlaMetric>,
    pub due_at: Option<Time>,
    pub first_response_due_at: Option<Time>,
    pub next_response_due_at: Option<Time>,
    pub resolution_due_at: Option<Time>,
    pub paused_since: Option<Time>,
    pub first_response_breached: bool,
    pub next_response_breached: bool,
    pub resolution_breached: bool,
}

impl SlaView {
    /// None where nothing is promised any more.
    fn of(sla: &Sla) -> Option<Self> {
        let policy = sla.policy?;
        let due = |metric| sla.clock(metric).and_then(|clock| clock.due_at);
        let is_breached = |metric| sla.clock(metric).is_some_and(|clock| clock.breached_at.is_some());
        let next_due = sla.next_due();
        Some(Self {
            policy_id: policy.id,
            due_metric: next_due.map(|(metric, _)| metric),
            due_at: next_due.map(|(_, due_at)| due_at),
            first_response_due_at: due(SlaMetric::FirstResponse),
            next_response_due_at: due(SlaMetric::NextResponse),
            resolution_due_at: due(SlaMetric::Resolution),
            paused_since: sla.paused_since,
            first_response_breached: is_breached(SlaMetric::FirstResponse),
            next_response_breached: is_breached(SlaMetric::NextResponse),
            resolution_breached: is_breached(SlaMetric::Resolution),
        })
    }
}

impl Serialize for StaffTicket {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Ticket", CustomerTicket::FIELDS + 4)?;
        self.public.write_fields(&mut out)?;
        out.serialize_field("escalation_level", &self.escalation_level)?;
        out.serialize_field("wake_at", &self.wake_at)?;
        out.serialize_field("sla", &self.sla)?;
        out.serialize_field("is_sla_breached", &self.is_sla_breached)?;
        out.end()
    }
}

impl TicketView {
    /// The view of a ticket. `link` is the address that ticket pages start with.
    pub fn new(mut ticket: Ticket, reader: Reader<'_>, link: &str) -> Self {
        if !reader.is_staff() {
            ticket.custom_fields.retain(|key, _| reader.sees(key));
        }
        let (escalation_level, wake_at) = (ticket.escalation_level, ticket.wake_at);
        let (sla, is_sla_breached) = (ticket.sla.as_deref().and_then(SlaView::of), ticket.is_sla_breached());
        let public = CustomerTicket {
            url: format!("{link}/tickets/{}", ticket.number),
            id: ticket.id,
            ticket_number: ticket.number,
            subject: ticket.subject,
            description: ticket.description,
            status: ticket.status,
            priority: ticket.priority,
            category: ticket.category,
            tags: ticket.tags,
            custom_fields: ticket.custom_fields,
            channel: ticket.channel,
            customer_id: ticket.customer_id,
            organization_id: ticket.organization_id,
            assigned_agent_id: ticket.assigned_agent_id,
            team_id: ticket.team_id,
            version: ticket.version,
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
            first_responded_at: ticket.first_responded_at,
            resolved_at: ticket.resolved_at,
            closed_at: ticket.closed_at,
            merged_into: ticket.merged_into,
        };
        if reader.is_staff() {
            Self::Staff(Box::new(StaffTicket { public, escalation_level, wake_at, sla, is_sla_breached }))
        } else {
            Self::Customer(Box::new(public))
        }
    }

    /// The part that everybody who sees the ticket may see.
    pub fn public(&self) -> &CustomerTicket {
        match self {
            Self::Staff(ticket) => &ticket.public,
            Self::Customer(ticket) => ticket,
        }
    }

    /// Its id.
    pub fn id(&self) -> TicketId {
        self.public().id
    }

    /// Its name for people.
    pub fn number(&self) -> &TicketNumber {
        &self.public().ticket_number
    }

    /// Its version.
    pub fn version(&self) -> i64 {
        self.public().version
    }
}

/// A file, for everybody who sees what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AttachmentView {
    /// Its id.
    pub id: AttachmentId,
    /// What its sender calls it.
    pub filename: String,
    /// What it says to be. Nothing that a browser may believe.
    pub content_type: String,
    /// How many bytes it has.
    pub size: i64,
    /// Its bytes' SHA-256, as 64 small hexadecimal digits.
    pub sha256: String,
    /// Who brought it; nobody where that is not known.
    pub uploaded_by: Option<UserId>,
    /// When.
    pub created_at: Time,
    /// Where it is had.
    pub url: String,
}

impl AttachmentView {
    /// The view of a file of the desk at this address.
    pub fn new(file: Attachment, app_url: &str) -> Self {
        Self {
            url: format!("{app_url}/api/attachments/{}", file.id),
            id: file.id,
            filename: file.filename,
            content_type: file.content_type,
            size: file.size,
            sha256: file.blob.to_string(),
            uploaded_by: file.uploaded_by,
            created_at: file.created_at,
        }
    }
}

/// A comment as the one who asked may see it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct CommentView {
    /// Its id.
    pub id: CommentId,
    /// The ticket it belongs to.
    pub ticket_id: TicketId,
    /// Who said it.
    pub author: Person,
    /// What was said.
    pub body: String,
    /// True for a note among staff; never true in what a customer gets.
    pub is_internal: bool,
    /// How it came in.
    pub channel: Channel,
    /// Files that came with it.
    pub attachments: Vec<AttachmentView>,
    /// For conditional edits.
    pub version: i64,
    /// When it was said.
    pub created_at: Time,
    /// When it was last edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Time>,
    /// What did not come about as its author may expect; only in the answer to a member of staff who has just said it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<FieldError>,
}

impl CommentView {
    /// The view of a comment without its files, or nothing where it is a note and the reader is a customer.
    pub fn new(comment: Comment, staff: bool) -> Option<Self> {
        (staff || !comment.is_internal).then(|| Self {
            id: comment.id,
            ticket_id: comment.ticket_id,
            author: comment.author,
            body: comment.body,
            is_internal: comment.is_internal,
            channel: comment.channel,
            attachments: Vec::new(),
            version: comment.version,
            created_at: comment.created_at,
            edited_at: comment.edited_at,
            warnings: Vec::new(),
        })
    }
}

/// Somebody who listens to a ticket.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct WatcherView {
    /// The ticket.
    pub ticket_id: TicketId,
    /// Who.
    pub user_id: Option<UserId>,
    /// The person's name.
    pub name: String,
    /// The person's role.
    pub role: String,
    /// Since when.
    pub created_at: Time,
}

impl From<Watcher> for WatcherView {
    fn from(watcher: Watcher) -> Self {
        let Watcher { ticket_id, user, created_at } = watcher;
        Self { ticket_id, user_id: user.id, name: user.name, role: user.role, created_at }
    }
}

/// An event as the one who asked may see it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct EventView {
    /// Its id.
    pub event_id: EventId,
    /// What happened, such as `ticket.assigned`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When.
    pub at: Time,
    /// Who did it.
    pub actor: Person,
    /// The ticket.
    pub ticket_id: TicketId,
    /// What the kind of event says: `changes`, `comment_id`, `reason`, …; in a timeline `comment`.
    pub data: Value,
    /// The event that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<EventId>,
    /// The rule that did it; staff are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleRef>,
}

/// Fields whose changes no customer hears of. A comment's earlier text is one: what its author took
/// back in time is not shown again.
const STAFF_FIELDS: &[&str] = &["escalation_level", "body", "wake_at"];

impl Reader<'_> {
    /// Whether the reader is told how this field changed at that moment. A custom field that was added since
    /// is another one of the same name.
    fn sees_change(self, field: &str, at: Time) -> bool {
        let is_shown = || match (field.strip_prefix(CUSTOM), self) {
            (Some(key), Self::Customer(fields)) => {
                fields.by_key(key).is_some_and(|field| field.is_open_to(false) && field.created_at <= at)
            }
            _ => !STAFF_FIELDS.contains(&field),
        };
        self.is_staff() || is_shown()
    }
}

impl EventView {
    /// The view of an event, or nothing where it is not for the reader.
    pub fn new(event: Event, reader: Reader<'_>) -> Option<Self> {
        if !reader.is_staff() && event.audience == Audience::Staff {
            return None;
        }
        let hides = |field: &String| !reader.sees_change(field, event.at);
        if let Fact::TicketUpdated { changes, .. } = &event.fact
            && changes.keys().all(hides)
        {
            // What the reader does not see is no event either, though the ticket's version tells that there was one.
            return None;
        }
        let kind = event.fact.name();
        Some(Self {
            event_id: event.id,
            kind,
            at: event.at,
            actor: event.actor,
            ticket_id: event.ticket_id,
            data: fact_data(&event.fact, event.at, reader),
            // What it follows from may be hidden from customers.
            cause: event.cause.filter(|_| reader.is_staff() || event.rule.is_none()),
            rule: event.rule.filter(|_| reader.is_staff()),
        })
    }
}

fn fact_data(fact: &Fact, at: Time, reader: Reader<'_>) -> Value {
    let mut data = Map::new();
    if let Some(changes) = fact.changes().filter(|c| !c.is_empty()) {
        data.insert("changes".to_owned(), visible_changes(changes, at, reader));
    }
    match fact {
        Fact::TicketEscalated { level, reason, cause, .. } => {
            data.insert("level".to_owned(), (*level).into());
            data.insert("reason".to_owned(), reason.as_str().into());
            data.insert("cause".to_owned(), cause.as_str().into());
        }
        Fact::TicketUpdated { reason: Some(reason), .. } if reader.is_staff() => {
            data.insert("reason".to_owned(), reason.as_str().into());
        }
        Fact::SlaWarning(deadline) | Fact::SlaBreached(deadline) => {
            data.insert("metric".to_owned(), deadline.metric.as_str().into());
            data.insert("started_at".to_owned(), serde_json::json!(deadline.started_at));
            data.insert("due_at".to_owned(), serde_json::json!(deadline.due_at));
        }
        Fact::CommentAdded { comment_id, is_internal, .. } | Fact::CommentEdited { comment_id, is_internal, .. } => {
            data.insert("comment_id".to_owned(), comment_id.to_string().into());
            data.insert("is_internal".to_owned(), (*is_internal).into());
        }
        Fact::MailFailed { user_id, reason } | Fact::MailHeld { user_id, reason } => {
            data.insert("user_id".to_owned(), user_id.to_string().into());
            data.insert("reason".to_owned(), reason.as_str().into());
        }
        Fact::WatcherAdded { user_id } | Fact::WatcherRemoved { user_id } => {
            data.insert("user_id".to_owned(), user_id.to_string().into());
        }
        Fact::TicketMerged(merge) | Fact::TicketUnmerged(merge) => {
            data.insert("source_id".to_owned(), merge.source_id.to_string().into());
            data.insert("target_id".to_owned(), merge.target_id.to_string().into());
            if reader.is_staff() {
                data.insert("moved_comments".to_owned(), serde_json::json!(merge.moved_comments));
                data.insert("hidden_comments".to_owned(), serde_json::json!(merge.hidden_comments));
                data.insert("added_watchers".to_owned(), serde_json::json!(merge.added_watchers));
            }
        }
        Fact::TicketSplit { comment_id, ticket_id } => {
            data.insert("comment_id".to_owned(), comment_id.to_string().into());
            data.insert("ticket_id".to_owned(), ticket_id.to_string().into());
        }
        Fact::LinkAdded(tie) | Fact::LinkRemoved(tie) => {
            data.insert("link_id".to_owned(), tie.link_id.to_string().into());
            data.insert("ticket_id".to_owned(), tie.other_id.to_string().into());
            data.insert("type".to_owned(), tie.kind.as_str().into());
            data.insert("direction".to_owned(), direction(tie.outward).into());
        }
        Fact::TicketCreated {}
        | Fact::TicketUpdated { .. }
        | Fact::TicketAssigned { .. }
        | Fact::TicketStatusChanged { .. }
        | Fact::TicketResolved {}
        | Fact::TicketReopened {}
        | Fact::TicketClosed {} => {}
    }
    Value::Object(data)
}

/// From which side a tie is looked at.
pub(crate) fn direction(outward: bool) -> &'static str {
    if outward { "outward" } else { "inward" }
}

fn visible_changes(changes: &FieldChanges, at: Time, reader: Reader<'_>) -> Value {
    changes
        .iter()
        .filter(|(field, _)| reader.sees_change(field, at))
        .map(|(field, (old, new))| (field.clone(), serde_json::json!([old, new])))
        .collect::<Map<_, _>>()
        .into()
}
