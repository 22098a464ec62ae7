//! Facts to try a mail with.

use super::fact::{
    Customers, Deadline, Entry, Happening, LateEntry, LateNews, MailFacts, Message, PublicComment, Recipient,
    RuleSwitchedOff, RuleWords, Side, Staff, StaffMatter, TicketNews, TicketPeople,
};
use super::{Credential, MailKind, MailType, SwitchedOff};
use crate::ids::{CommentId, TicketId, TicketNumber, UserId};
use crate::model::view::{CommentView, CustomerTicket, StaffTicket};
use crate::model::{Channel, Person, Priority, SlaMetric, Status};
use crate::time::Time;
use chrono::TimeDelta;
use serde_json::Map;
use uuid::Uuid;

/// What a mail is tried with.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The ticket as staff see it.
    pub ticket: StaffTicket,
    /// The ticket as its customer sees it.
    pub customer_ticket: CustomerTicket,
    /// Who has to do with it.
    pub people: TicketPeople,
    /// The reader's language.
    pub locale: Option<String>,
    /// The reader's time zone.
    pub time_zone: Option<String>,
    /// What time it is.
    pub now: Time,
    /// Where the desk is found.
    pub app_url: String,
}

/// The number of the ticket that there is not.
const NUMBER_BITS: u64 = 0x1234_5678_9abc_def0;
/// Who runs the desk that there is not.
const ADMIN: &str = "Ada Lake";

impl Sample {
    /// A ticket that there is not.
    pub fn made_up(now: Time, app_url: &str) -> Self {
        let number = TicketNumber::from_bits(NUMBER_BITS);
        let customer_ticket = CustomerTicket {
            url: format!("{app_url}/tickets/{number}"),
            id: TicketId(Uuid::nil()),
            ticket_number: number,
            subject: "The printer on the second floor jams".to_owned(),
            description: "Since this morning it stops after every third page.\nWe have changed the paper already."
                .to_owned(),
            status: Status::InProgress,
            priority: Priority::High,
            category: Some("Hardware".to_owned()),
            tags: vec!["printer".to_owned()],
            custom_fields: Map::new(),
            channel: Channel::Portal,
            customer_id: UserId(Uuid::nil()),
            organization_id: None,
            assigned_agent_id: Some(UserId(Uuid::nil())),
            team_id: None,
            version: 3,
            created_at: now - TimeDelta::hours(3),
            updated_at: now,
            first_responded_at: None,
            resolved_at: None,
            closed_at: None,
            merged_into: None,
        };
        Self {
            ticket: StaffTicket {
                public: customer_ticket.clone(),
                escalation_level: 1,
                wake_at: None,
                sla: None,
                is_sla_breached: false,
            },
            customer_ticket,
            people: TicketPeople {
                customer_name: "Cleo Winter".to_owned(),
                customer_email: "cleo@customer.example".to_owned(),
                agent_name: Some("Amy Stone".to_owned()),
                team_name: Some("Hardware".to_owned()),
            },
            locale: None,
            time_zone: None,
            now,
            app_url: app_url.to_owned(),
        }
    }

    /// A mail to whoever usually gets this kind.
    pub fn facts(&self, kind: MailKind) -> MailFacts {
        use MailType::{CommentAdded, StatusChanged, TicketCreated};
        let to_customer = matches!(kind, MailKind::Type(TicketCreated | StatusChanged | CommentAdded));
        sample(kind, self, !to_customer)
    }

    fn comment(&self, is_internal: bool) -> CommentView {
        let author = self.people.agent_name.clone().unwrap_or_else(|| "Amy Stone".to_owned());
        CommentView {
            id: CommentId(Uuid::nil()),
            ticket_id: self.ticket.public.id,
            author: Person { id: None, name: author, role: "agent".to_owned() },
            body: "Thank you for the details.\n\nPlease open the rear flap and take out the paper that is stuck \
                behind the drum. Does it print after that?"
                .to_owned(),
            is_internal,
            channel: Channel::Web,
            attachments: Vec::new(),
            version: 1,
            created_at: self.now,
            edited_at: None,
            warnings: Vec::new(),
        }
    }

    fn entry<S: Side>(&self, what: Happening<S>, minutes_ago: i64) -> Entry<S> {
        let actor = match what {
            Happening::Assigned => Some(ADMIN.to_owned()),
            _ => self.people.agent_name.clone(),
        };
        Entry { at: self.now - TimeDelta::minutes(minutes_ago), actor, what }
    }

    fn credential(&self, path: &str, actor: Option<String>, days: i64) -> Credential {
        let link = format!("{}/{path}?token=sample", self.app_url);
        Credential { actor, link, expires_at: self.now + TimeDelta::days(days) }
    }

    /// What happened, where it may be told to both sides.
    fn public<S: Side>(&self, kind: MailKind, comment: impl FnOnce() -> S::Comment) -> Vec<Entry<S>> {
        let old = if self.ticket.public.status == Status::Open { Status::Pending } else { Status::Open };
        let changed = || Happening::StatusChanged { old, new: self.ticket.public.status };
        match kind {
            MailKind::Digest => vec![
                self.entry(Happening::Assigned, 12),
                self.entry(changed(), 11),
                self.entry(Happening::Commented(comment()), 2),
            ],
            MailKind::Type(MailType::TicketAssigned) => vec![self.entry(Happening::Assigned, 0)],
            MailKind::Type(MailType::StatusChanged) => vec![self.entry(changed(), 0)],
            MailKind::Type(MailType::CommentAdded) => vec![self.entry(Happening::Commented(comment()), 0)],
            _ => vec![self.entry(Happening::Created, 0)],
        }
    }

    fn for_customer(&self, kind: MailKind) -> Option<Message> {
        let comment = PublicComment::new(self.comment(false))?;
        let mut entries = self.public::<Customers>(kind, || comment).into_iter();
        let (first, ticket) = (entries.next()?, self.customer_ticket.clone());
        let news = TicketNews { ticket, people: self.people.clone(), first, more: entries.collect() };
        Some(Message::ToCustomer(Box::new(news)))
    }

    fn late_news(&self) -> Message {
        let due_at = self.now - TimeDelta::hours(5);
        let (level, reason) = (1, "first_response was due at 05:00".to_owned());
        let matters = [
            StaffMatter::Breached(Deadline { metric: SlaMetric::FirstResponse, due_at }),
            StaffMatter::Escalated { level, reason },
        ];
        let entries = matters.into_iter().zip([due_at, self.now]).map(|(matter, at)| LateEntry {
            ticket_number: self.ticket.public.ticket_number.clone(),
            subject: self.ticket.public.subject.clone(),
            url: self.ticket.public.url.clone(),
            people: self.people.clone(),
            entry: Entry { at, actor: None, what: Happening::Matter(matter) },
        });
        let link = format!("{}/tickets", self.app_url);
        Message::LateNews(LateNews { entries: entries.collect(), more: 12, link })
    }

    fn for_staff(&self, kind: MailKind) -> Message {
        let deadline =
            |hours| Deadline { metric: SlaMetric::FirstResponse, due_at: self.now + TimeDelta::hours(hours) };
        let (level, reason) = (self.ticket.escalation_level.max(1), "The customer can't work until this is solved.");
        let matter = match kind {
            MailKind::Type(MailType::Escalation) => Some(StaffMatter::Escalated { level, reason: reason.to_owned() }),
            MailKind::Type(MailType::SlaWarning) => Some(StaffMatter::Warned(deadline(1))),
            MailKind::Type(MailType::SlaBreach) => Some(StaffMatter::Breached(deadline(0))),
            _ => None,
        };
        let mut entries: Vec<Entry<Staff>> = match matter {
            Some(matter) => vec![self.entry(Happening::Matter(matter), 0)],
            None => self.public(kind, || self.comment(kind == MailKind::Digest)),
        };
        let first = entries.remove(0);
        let ticket = self.ticket.clone();
        Message::ToStaff(Box::new(TicketNews { ticket, people: self.people.clone(), first, more: entries }))
    }
}

/// A mail of this kind, to staff or, where it may go there, to a customer.
pub fn sample(kind: MailKind, with: &Sample, to_staff: bool) -> MailFacts {
    let agent = with.people.agent_name.clone();
    let message = match kind {
        MailKind::Type(MailType::Invitation) => {
            Message::Invitation(with.credential("set-password", Some(ADMIN.to_owned()), 7))
        }
        MailKind::Type(MailType::PasswordReset) => Message::PasswordReset(with.credential("set-password", None, 1)),
        MailKind::WebhookDisabled => Message::WebhookDisabled(SwitchedOff {
            name: "Billing system".to_owned(),
            url: "https://billing.example/hooks/tickets".to_owned(),
            reason: "503 Service Unavailable".to_owned(),
            link: format!("{}/settings/webhooks", with.app_url),
        }),
        MailKind::WorkflowDisabled => Message::WorkflowDisabled(RuleSwitchedOff {
            name: "Escalate again".to_owned(),
            link: format!("{}/settings/workflows", with.app_url),
        }),
        MailKind::LateNews => with.late_news(),
        MailKind::Workflow => Message::Workflow(RuleWords {
            subject: format!("About {}", with.ticket.public.subject),
            body: format!("Hello,\n\nwe have your question about {}.\n\nYours", with.ticket.public.subject),
            link: with.ticket.public.url.clone(),
            to_staff,
        }),
        MailKind::Type(MailType::Escalation | MailType::SlaBreach | MailType::SlaWarning) => with.for_staff(kind),
        _ => match with.for_customer(kind) {
            Some(message) if !to_staff => message,
            _ => with.for_staff(kind),
        },
    };
    let to_agent = match message {
        Message::ToCustomer(_) => false,
        Message::ToStaff(_) | Message::LateNews(_) => true,
        _ => to_staff,
    };
    let (id, name) = match agent {
        Some(agent) if to_agent => (with.ticket.public.assigned_agent_id, agent),
        _ => (None, with.people.customer_name.clone()),
    };
    let unsubscribe = kind.is_of_ticket().then(|| format!("{}/unsubscribe?token=sample", with.app_url));
    let recipient = Recipient { id, name, locale: with.locale.clone(), time_zone: with.time_zone.clone() };
    MailFacts { recipient, message, unsubscribe_url: unsubscribe }
}
