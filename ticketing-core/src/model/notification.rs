//! What people are told on the desk.

use super::{NoticeKind, RuleRef, words};
use crate::ids::{ChangeId, NotificationId, TicketId, TicketNumber, UserId};
use crate::time::Time;
use chrono::TimeDelta;
use uuid::Uuid;

words! {
    /// What a notification is about.
    NotificationKind {
        /// A ticket was made.
        TicketCreated = 0 "ticket_created",
        /// A ticket was given to somebody or to a team.
        TicketAssigned = 1 "ticket_assigned",
        /// A ticket's status changed.
        StatusChanged = 2 "status_changed",
        /// Something was said on a ticket.
        CommentAdded = 3 "comment_added",
        /// The reader was named in a comment.
        Mention = 4 "mention",
        /// Somebody asked for more attention.
        Escalation = 5 "escalation",
        /// A deadline comes near.
        SlaWarning = 6 "sla_warning",
        /// A deadline has passed.
        SlaBreach = 7 "sla_breach",
        /// A ticket was put off until now.
        SnoozeEnded = 8 "snooze_ended",
        /// A rule had something to say.
        Rule = 9 "rule",
        /// A rule of the reader's was switched off.
        WorkflowDisabled = 10 "workflow_disabled",
    }
}

impl From<NoticeKind> for NotificationKind {
    fn from(kind: NoticeKind) -> Self {
        match kind {
            NoticeKind::TicketCreated => Self::TicketCreated,
            NoticeKind::TicketAssigned => Self::TicketAssigned,
            NoticeKind::StatusChanged => Self::StatusChanged,
            NoticeKind::CommentAdded => Self::CommentAdded,
            NoticeKind::Mention => Self::Mention,
            NoticeKind::Escalation => Self::Escalation,
            NoticeKind::SlaWarning => Self::SlaWarning,
            NoticeKind::SlaBreach => Self::SlaBreach,
        }
    }
}

/// Something that a person is told on the desk.
#[derive(Clone, Debug, PartialEq)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Who is told.
    pub user_id: UserId,
    /// The ticket that it is about.
    pub ticket_id: Option<TicketId>,
    /// The ticket's name for people.
    pub ticket_number: Option<TicketNumber>,
    /// What it is about.
    pub kind: NotificationKind,
    /// One line; of several things the newest.
    pub title: String,
    /// More of it; of several things the newest.
    pub message: String,
    /// How many things of this kind it stands for.
    pub count: i32,
    /// The rule that told it; of several things the newest.
    pub rule: Option<RuleRef>,
    /// The commit that told it, or last added to it.
    pub change_id: ChangeId,
    /// When it was told.
    pub created_at: Time,
    /// When something was last added to it.
    pub updated_at: Time,
    /// When it was read.
    pub read_at: Option<Time>,
}

/// What of one person's notifications become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NotificationSubject {
    /// Who is told.
    pub user_id: UserId,
    /// About which ticket.
    pub ticket_id: TicketId,
    /// Of what.
    pub kind: NotificationKind,
    /// By which rule, where rules have words of their own: what one says never hides what another says. Else nil.
    pub source: Uuid,
}

impl Notification {
    /// What is told within this time after the last of its like joins it, as long as it is unread.
    pub const WINDOW: TimeDelta = TimeDelta::seconds(10);

    /// What it joins others by; nothing where it always stands alone.
    pub fn subject(&self) -> Option<NotificationSubject> {
        let of_rule = self.rule.filter(|_| self.kind == NotificationKind::Rule);
        let source = of_rule.map_or_else(Uuid::nil, |rule| rule.id.0);
        let subject = |ticket_id| NotificationSubject { user_id: self.user_id, ticket_id, kind: self.kind, source };
        self.ticket_id.filter(|_| self.read_at.is_none()).map(subject)
    }
}

/// Which notifications are read from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// This one.
    One(UserId, NotificationId),
    /// All of a person.
    Person(UserId),
    /// All of a person about a ticket.
    PersonOnTicket(UserId, TicketId),
    /// Everybody's about a ticket.
    Ticket(TicketId),
}
