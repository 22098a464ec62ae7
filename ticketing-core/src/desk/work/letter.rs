//! From what a person is told to the mail that tells it.

use super::notice::{Item, status_change};
use crate::desk::thread::Circulation;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::event::{self, Event, Fact};
use crate::ids::{CommentId, JobId, TeamId};
use crate::mail::{
    Credential, Customers, Deadline, Entry, Happening, Letterhead, MailFacts, Message, PublicComment, Recipient, Side,
    Staff, StaffMatter, TicketNews, TicketPeople, compose,
};
use crate::model::view::{CommentView, Reader, TicketView};
use crate::model::{Comment, Ticket, TokenKind, User};
use crate::port::{Mail, Mailbox};
use crate::time::{Time, to_micros};
use std::collections::HashMap;

/// Whom mail comes from, and how it looks.
pub(super) struct Sender<'a> {
    pub(super) desk: &'a Desk,
    pub(super) snapshot: &'a Snapshot,
    pub(super) letterhead: Letterhead,
    pub(super) from: Mailbox,
    pub(super) reply_to: Mailbox,
}

impl<'a> Sender<'a> {
    /// The desk as its brand has it.
    pub(super) fn new(desk: &'a Desk, snapshot: &'a Snapshot) -> Self {
        let (brand, profile) = (&snapshot.brand.content, &snapshot.profile.content);
        let operator = &desk.options().mail_from;
        let from = Mailbox {
            name: brand
                .from_name
                .clone()
                .or_else(|| operator.name.clone())
                .or_else(|| Some(brand.sender_name(profile))),
            address: brand.from_address.clone().unwrap_or_else(|| operator.address.clone()),
        };
        let reply_to = match &brand.reply_to {
            Some(address) => Mailbox { name: from.name.clone(), address: address.clone() },
            None => from.clone(),
        };
        Self { desk, snapshot, letterhead: brand.letterhead(profile, &desk.options().app_url), from, reply_to }
    }

    /// Whom mail about a ticket of this team comes from, and where answers go: the mailbox of the team, where there is one.
    pub(super) fn of_team(&self, team_id: Option<TeamId>) -> (Mailbox, Mailbox) {
        let Some(mailbox) = self.snapshot.mailboxes.of_team(team_id) else {
            return (self.from.clone(), self.reply_to.clone());
        };
        let from = Mailbox { name: self.from.name.clone(), address: mailbox.content.address.clone() };
        (from.clone(), from)
    }

    /// The mail that these facts make.
    pub(super) fn mail(&self, facts: &MailFacts, to: Mailbox, id: String, at: Time) -> Result<Mail, Error> {
        let words = compose(facts, &self.letterhead, &self.snapshot.email_templates);
        let words = words.map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Mail {
            message_id: id,
            date: to_micros(at),
            from: self.from.clone(),
            to,
            reply_to: None,
            references: Vec::new(),
            subject: words.subject,
            html: words.html,
            text: words.text,
            is_automatic: true,
            unsubscribe: facts.unsubscribe_url.clone(),
            desk: self.desk.options().app_url.clone(),
        })
    }
}

/// How to address a person, in which language, and by which clock.
pub(super) fn recipient(user: &User) -> Recipient {
    Recipient {
        id: Some(user.id),
        name: user.name.clone(),
        locale: user.locale.clone(),
        time_zone: user.time_zone.clone(),
    }
}

/// The mailbox of a person.
pub(super) fn mailbox(user: &User) -> Mailbox {
    Mailbox { name: Some(user.name.clone()), address: user.email.clone() }
}

/// The mail with a link that sets a password.
pub(super) fn password_mail(
    sender: &Sender<'_>,
    user: &User,
    kind: TokenKind,
    (link, expires_at): (String, Time),
    (id, at): (JobId, Time),
) -> Result<Mail, Error> {
    let credential = Credential { actor: None, link, expires_at };
    let message = match kind {
        TokenKind::Invitation => Message::Invitation(credential),
        TokenKind::Reset | TokenKind::Setup => Message::PasswordReset(credential),
    };
    let facts = MailFacts { recipient: recipient(user), message, unsubscribe_url: None };
    sender.mail(&facts, mailbox(user), sender.desk.message_id(None, id, Circulation::All), at)
}

/// What one person is told about one ticket in one mail.
pub(super) struct Letter<'a> {
    pub(super) user: &'a User,
    pub(super) ticket: &'a Ticket,
    pub(super) people: &'a TicketPeople,
    pub(super) events: &'a [Event],
    pub(super) items: &'a [Item],
    pub(super) comments: &'a HashMap<CommentId, Comment>,
}

impl Letter<'_> {
    /// The mail, under this id, or nothing where nothing of it is for this person.
    pub(super) fn mail(&self, sender: &Sender<'_>, id: JobId, at: Time) -> Result<Option<Mail>, Error> {
        let app_url = &sender.desk.options().app_url;
        let is_staff = self.user.role.is_staff();
        let reader = if is_staff { Reader::Staff } else { Reader::Customer(&sender.snapshot.custom_fields) };
        let message = match TicketView::new(self.ticket.clone(), reader, app_url) {
            TicketView::Staff(ticket) => {
                let news = self.news::<Staff>(*ticket, |event| self.for_staff(event));
                news.map(|news| Message::ToStaff(Box::new(news)))
            }
            TicketView::Customer(ticket) => {
                let news = self.news::<Customers>(*ticket, |event| self.for_customer(event));
                news.map(|news| Message::ToCustomer(Box::new(news)))
            }
        };
        let Some(message) = message else { return Ok(None) };
        let unsubscribe_url = Some(format!("{app_url}/settings/notifications"));
        let facts = MailFacts { recipient: recipient(self.user), message, unsubscribe_url };
        let ticket_id = self.ticket.id;
        // An answer quotes what it answers, and what it answers may be a note.
        let circulation = if is_staff && self.tells_of_a_note() { Circulation::Staff } else { Circulation::All };
        let message_id = sender.desk.message_id(Some(ticket_id), id, circulation);
        let mail = sender.mail(&facts, mailbox(self.user), message_id, at)?;
        let (from, reply_to) = sender.of_team(self.ticket.team_id);
        Ok(Some(Mail {
            from,
            reply_to: Some(sender.desk.reply_address(ticket_id, &reply_to, circulation)),
            references: vec![sender.desk.thread_id(ticket_id)],
            ..mail
        }))
    }

    fn tells_of_a_note(&self) -> bool {
        let facts = self.items.iter().filter_map(|item| self.events.get(item.event)).map(|event| &event.fact);
        facts.into_iter().any(|fact| match fact {
            Fact::CommentAdded { comment_id, is_internal, .. } => {
                *is_internal || self.comments.get(comment_id).is_some_and(|comment| comment.is_internal)
            }
            // Its reason is told to staff alone.
            Fact::TicketEscalated { .. } => true,
            _ => false,
        })
    }

    fn news<S: Side>(&self, ticket: S::Ticket, what: impl Fn(&Event) -> Option<Happening<S>>) -> Option<TicketNews<S>> {
        let events = self.items.iter().filter_map(|item| self.events.get(item.event));
        let mut entries = events.filter_map(|event| {
            let actor = event.actor.id.map(|_| event.actor.name.clone());
            Some(Entry { at: event.at, actor, what: what(event)? })
        });
        let first = entries.next()?;
        Some(TicketNews { ticket, people: self.people.clone(), first, more: entries.collect() })
    }

    fn for_staff(&self, event: &Event) -> Option<Happening<Staff>> {
        Some(match &event.fact {
            Fact::CommentAdded { comment_id, .. } => Happening::Commented(self.comment(*comment_id, true)?),
            _ => of_staff(event)?,
        })
    }

    fn for_customer(&self, event: &Event) -> Option<Happening<Customers>> {
        Some(match &event.fact {
            Fact::CommentAdded { comment_id, .. } => {
                Happening::Commented(PublicComment::new(self.comment(*comment_id, false)?)?)
            }
            _ => plain(event)?,
        })
    }

    fn comment(&self, id: CommentId, staff: bool) -> Option<CommentView> {
        self.comments.get(&id).cloned().and_then(|comment| CommentView::new(comment, staff))
    }
}

/// The end of a promised time, as a mail tells it.
fn promised(deadline: &event::Deadline) -> Deadline {
    Deadline { metric: deadline.metric, due_at: deadline.due_at }
}

/// What staff are told, beside what is said.
pub(super) fn of_staff(event: &Event) -> Option<Happening<Staff>> {
    Some(match &event.fact {
        Fact::TicketEscalated { level, reason, .. } => {
            Happening::Matter(StaffMatter::Escalated { level: *level, reason: reason.clone() })
        }
        Fact::SlaWarning(deadline) => Happening::Matter(StaffMatter::Warned(promised(deadline))),
        Fact::SlaBreached(deadline) => Happening::Matter(StaffMatter::Breached(promised(deadline))),
        _ => plain(event)?,
    })
}

/// What both sides are told in the same way.
fn plain<S: Side>(event: &Event) -> Option<Happening<S>> {
    Some(match &event.fact {
        Fact::TicketCreated {} => Happening::Created,
        Fact::TicketAssigned { .. } => Happening::Assigned,
        Fact::TicketStatusChanged { .. } => {
            let (old, new) = status_change(event)?;
            Happening::StatusChanged { old, new }
        }
        _ => return None,
    })
}
