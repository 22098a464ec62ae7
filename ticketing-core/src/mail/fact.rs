//! All that a mail may say.

use super::{MailKind, MailType};
use crate::ids::{TicketNumber, UserId};
use crate::model::view::{CommentView, CustomerTicket, StaffTicket};
use crate::model::{SlaMetric, Status};
use crate::time::Time;
use std::convert::Infallible;
use std::fmt::Debug;

/// One mail before it has words.
#[derive(Clone, Debug)]
pub struct MailFacts {
    /// Who reads it.
    pub recipient: Recipient,
    /// What it is about.
    pub message: Message,
    /// Where the recipient stops such mails, where that is possible.
    pub unsubscribe_url: Option<String>,
}

/// Who reads a mail.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The person, where the desk knows one.
    pub id: Option<UserId>,
    /// How to address the person.
    pub name: String,
    /// BCP 47 tag of the person's language.
    pub locale: Option<String>,
    /// IANA name of the person's time zone.
    pub time_zone: Option<String>,
}

/// What a mail is about.
#[derive(Clone, Debug)]
pub enum Message {
    /// A person may choose a password and begin.
    Invitation(Credential),
    /// A person may choose a new password.
    PasswordReset(Credential),
    /// A webhook was switched off.
    WebhookDisabled(SwitchedOff),
    /// A rule was switched off.
    WorkflowDisabled(RuleSwitchedOff),
    /// What a rule says.
    Workflow(RuleWords),
    /// News of a ticket, for a customer.
    ToCustomer(Box<TicketNews<Customers>>),
    /// News of a ticket, for staff.
    ToStaff(Box<TicketNews<Staff>>),
    /// What staff could not be told in time.
    LateNews(LateNews),
}

/// A link that sets a password.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Who asked for it, where that was somebody else.
    pub actor: Option<String>,
    /// The link.
    pub link: String,
    /// Until when it works.
    pub expires_at: Time,
}

/// A webhook that the desk no longer calls.
#[derive(Clone, Debug)]
pub struct SwitchedOff {
    /// What it is called.
    pub name: String,
    /// Where it leads.
    pub url: String,
    /// Why it was switched off.
    pub reason: String,
    /// Where it is switched on again.
    pub link: String,
}

/// A rule that the desk no longer looks at.
#[derive(Clone, Debug)]
pub struct RuleSwitchedOff {
    /// What it is called.
    pub name: String,
    /// Where it is switched on again.
    pub link: String,
}

/// What a rule says, variables filled in. Whoever made the rule has chosen the words and the reader, so nothing is
/// added to them, and nothing that the rule does not say is told.
#[derive(Clone, Debug)]
pub struct RuleWords {
    /// One line.
    pub subject: String,
    /// The text, without markup.
    pub body: String,
    /// Where the ticket is looked at.
    pub link: String,
    /// Whether somebody who works here reads it.
    pub to_staff: bool,
}

/// What could not be told in time, of any tickets, in one mail.
#[derive(Clone, Debug)]
pub struct LateNews {
    /// What happened, in the order of the log.
    pub entries: Vec<LateEntry>,
    /// How many things more there are than the mail tells.
    pub more: usize,
    /// Where tickets are looked at.
    pub link: String,
}

/// One thing that could not be told in time.
#[derive(Clone, Debug)]
pub struct LateEntry {
    /// The ticket.
    pub ticket_number: TicketNumber,
    /// What the ticket is about.
    pub subject: String,
    /// Where the ticket is looked at.
    pub url: String,
    /// Who answered then.
    pub people: TicketPeople,
    /// What happened.
    pub entry: Entry<Staff>,
}

/// On which side of the desk a reader is, and with it what there is to tell.
pub trait Side: Clone + Debug {
    /// A ticket as this side sees it.
    type Ticket: Clone + Debug;
    /// What this side reads of what is said.
    type Comment: Clone + Debug;
    /// What concerns this side alone.
    type Matter: Clone + Debug;
}

/// Those who ask.
#[derive(Clone, Debug)]
pub enum Customers {}

impl Side for Customers {
    type Ticket = CustomerTicket;
    type Comment = PublicComment;
    type Matter = Infallible;
}

/// Those who answer.
#[derive(Clone, Debug)]
pub enum Staff {}

impl Side for Staff {
    type Ticket = StaffTicket;
    type Comment = CommentView;
    type Matter = StaffMatter;
}

/// A comment that is no note among staff.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicComment(CommentView);

impl PublicComment {
    /// The comment, or nothing where it is a note among staff.
    pub fn new(comment: CommentView) -> Option<Self> {
        (!comment.is_internal).then_some(Self(comment))
    }

    /// What was said and by whom.
    pub fn view(&self) -> &CommentView {
        &self.0
    }
}

/// What happened to a ticket since the reader was last told: one thing, or several that make a digest.
#[derive(Clone, Debug)]
pub struct TicketNews<S: Side> {
    /// The ticket as it is now.
    pub ticket: S::Ticket,
    /// Who has to do with it.
    pub people: TicketPeople,
    /// What happened first.
    pub first: Entry<S>,
    /// What happened after that.
    pub more: Vec<Entry<S>>,
}

/// The names of those who have to do with a ticket.
#[derive(Clone, Debug, Default)]
pub struct TicketPeople {
    /// Who asks.
    pub customer_name: String,
    /// The address of who asks.
    pub customer_email: String,
    /// Who answers.
    pub agent_name: Option<String>,
    /// Whose queue it is in.
    pub team_name: Option<String>,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Entry<S: Side> {
    /// When.
    pub at: Time,
    /// Who did it; nobody where the desk itself acted.
    pub actor: Option<String>,
    /// What.
    pub what: Happening<S>,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Happening<S: Side> {
    /// The ticket was made.
    Created,
    /// It has another agent or team, or none.
    Assigned,
    /// It stands elsewhere.
    StatusChanged {
        /// Before.
        old: Status,
        /// Now.
        new: Status,
    },
    /// Something was said.
    Commented(S::Comment),
    /// Something for this side alone.
    Matter(S::Matter),
}

/// What only staff are told.
#[derive(Clone, Debug)]
pub enum StaffMatter {
    /// It needs somebody with more say.
    Escalated {
        /// How often that was so.
        level: i16,
        /// Why.
        reason: String,
    },
    /// A promised time will soon have passed.
    Warned(Deadline),
    /// A promised time has passed.
    Breached(Deadline),
}

/// A promised time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// For what.
    pub metric: SlaMetric,
    /// When it is over.
    pub due_at: Time,
}

impl MailFacts {
    /// Which mail it is.
    pub fn kind(&self) -> MailKind {
        match &self.message {
            Message::Invitation(_) => MailType::Invitation.into(),
            Message::PasswordReset(_) => MailType::PasswordReset.into(),
            Message::WebhookDisabled(_) => MailKind::WebhookDisabled,
            Message::WorkflowDisabled(_) => MailKind::WorkflowDisabled,
            Message::Workflow(_) => MailKind::Workflow,
            Message::LateNews(_) => MailKind::LateNews,
            Message::ToCustomer(news) => news.kind(|matter| match *matter {}),
            Message::ToStaff(news) => news.kind(StaffMatter::kind),
        }
    }
}

impl<S: Side> TicketNews<S> {
    /// All that happened, in its order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry<S>> {
        std::iter::once(&self.first).chain(&self.more)
    }

    fn kind(&self, matter: impl FnOnce(&S::Matter) -> MailType) -> MailKind {
        if !self.more.is_empty() {
            return MailKind::Digest;
        }
        MailKind::Type(match &self.first.what {
            Happening::Created => MailType::TicketCreated,
            Happening::Assigned => MailType::TicketAssigned,
            Happening::StatusChanged { .. } => MailType::StatusChanged,
            Happening::Commented(_) => MailType::CommentAdded,
            Happening::Matter(inner) => matter(inner),
        })
    }
}

impl StaffMatter {
    fn kind(&self) -> MailType {
        match self {
            Self::Escalated { .. } => MailType::Escalation,
            Self::Warned(_) => MailType::SlaWarning,
            Self::Breached(_) => MailType::SlaBreach,
        }
    }
}
