//! Which mails there are.

use crate::model::words;

words! {
    /// A mail that administrators may reword.
    MailType {
        /// A request was received.
        TicketCreated = 0 "ticket_created",
        /// Somebody takes care of a ticket now.
        TicketAssigned = 1 "ticket_assigned",
        /// A ticket stands elsewhere.
        StatusChanged = 2 "status_changed",
        /// A promised time has passed.
        SlaBreach = 3 "sla_breach",
        /// A ticket needs somebody with more say.
        Escalation = 4 "escalation",
        /// Something was said.
        CommentAdded = 5 "comment_added",
        /// A person may choose a password and begin.
        Invitation = 6 "invitation",
        /// A person may choose a new password.
        PasswordReset = 7 "password_reset",
        /// A promised time will soon have passed.
        SlaWarning = 8 "sla_warning",
    }
}

/// Any mail of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// One that administrators may reword.
    Type(MailType),
    /// Several things that happened to one ticket.
    Digest,
    /// What could not be told in time, of any tickets.
    LateNews,
    /// A webhook was switched off.
    WebhookDisabled,
    /// A rule was switched off.
    WorkflowDisabled,
    /// What a rule says, in the rule's own words.
    Workflow,
}

impl MailKind {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        MailType::ALL.iter().copied().map(Self::Type).chain([
            Self::Digest,
            Self::LateNews,
            Self::WebhookDisabled,
            Self::WorkflowDisabled,
            Self::Workflow,
        ])
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Type(kind) => kind.as_str(),
            Self::Digest => "digest",
            Self::LateNews => "late_news",
            Self::WebhookDisabled => "webhook_disabled",
            Self::WorkflowDisabled => "workflow_disabled",
            Self::Workflow => "workflow",
        }
    }

    /// Whether it tells of a ticket: what a rule says may be about anything.
    pub const fn is_of_ticket(self) -> bool {
        match self {
            Self::Type(kind) => !matches!(kind, MailType::Invitation | MailType::PasswordReset),
            Self::Digest => true,
            Self::LateNews | Self::WebhookDisabled | Self::WorkflowDisabled | Self::Workflow => false,
        }
    }
}

impl From<MailType> for MailKind {
    fn from(kind: MailType) -> Self {
        Self::Type(kind)
    }
}
