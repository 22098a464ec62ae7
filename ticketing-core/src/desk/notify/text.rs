//! What is told, in each reader's words.

use super::Saying;
use crate::desk::Snapshot;
use crate::desk::work::status_change;
use crate::event::{Event, Fact};
use crate::ids::CommentId;
use crate::mail::Language;
use crate::model::{Comment, NoticeKind, Ticket, User};
use std::collections::HashMap;

/// How many characters of a comment are told.
const EXCERPT: usize = 200;

/// The words of one reader.
pub(super) struct Words<'a> {
    snapshot: &'a Snapshot,
    language: Language,
    time_zone: Option<&'a str>,
}

impl<'a> Words<'a> {
    pub(super) fn of(snapshot: &'a Snapshot, user: &'a User) -> Self {
        let language = Language::of(user.locale.as_deref());
        Self { snapshot, language, time_zone: user.time_zone.as_deref() }
    }

    /// A line and more of it. Nobody is named who did something, so that an erased person is in nobody's list.
    pub(super) fn event(
        &self,
        ticket: &Ticket,
        event: &Event,
        kind: NoticeKind,
        comments: &HashMap<CommentId, Comment>,
    ) -> Option<(String, String)> {
        let language = self.language;
        let (headline, more) = match &event.fact {
            Fact::TicketCreated {} => (language.created().to_owned(), None),
            Fact::TicketAssigned { .. } => (language.assigned(self.answering(event)?), None),
            Fact::TicketStatusChanged { .. } => {
                let (old, new) = status_change(event)?;
                (language.moved(old, new), None)
            }
            Fact::CommentAdded { comment_id, is_internal, .. } => {
                let headline = match kind {
                    NoticeKind::Mention => language.mentioned(),
                    _ => language.said(*is_internal),
                };
                (headline.to_owned(), Some(excerpt(&comments.get(comment_id)?.body)))
            }
            Fact::TicketEscalated { level, reason, .. } => (language.escalated(*level), Some(reason.clone())),
            Fact::SlaWarning(deadline) | Fact::SlaBreached(deadline) => {
                let is_breach = matches!(event.fact, Fact::SlaBreached(_));
                let due = language.moment(deadline.due_at, self.time_zone);
                (language.ending(deadline.metric, is_breach), Some(due))
            }
            _ => return None,
        };
        let title = format!("{} · {headline}", ticket.number);
        Some(match more {
            Some(more) => (title, format!("{} · {more}", ticket.subject)),
            None => (title, ticket.subject.clone()),
        })
    }

    /// The same of what is told beside events.
    pub(super) fn notice(&self, ticket: &Ticket, what: &Saying) -> (String, String) {
        match what {
            Saying::Awake => self.language.awake(ticket.number.as_str(), &ticket.subject),
            Saying::Text { title, message } => (title.clone(), message.clone()),
        }
    }

    /// Who answers after the event: a person, or else a team.
    fn answering(&self, event: &Event) -> Option<&str> {
        let directory = &self.snapshot.directory;
        match event.assignee_id {
            Some(id) => directory.staff(id).map(|user| user.name.as_str()),
            None => directory.team(event.team_id?).map(|team| team.name.as_str()),
        }
    }
}

/// The beginning of a text in one line.
fn excerpt(text: &str) -> String {
    let mut line = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        for c in (count > 0).then_some(' ').into_iter().chain(word.chars()) {
            if count == EXCERPT {
                line.push('…');
                return line;
            }
            line.push(c);
            count += 1;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{EXCERPT, excerpt};

    #[test]
    fn an_excerpt_is_one_line_that_says_where_it_was_cut() {
        assert_eq!(excerpt("  It\n\nhums. \t Loudly\u{2028}now "), "It hums. Loudly now");
        assert_eq!(excerpt(""), "");
        let whole = "ä".repeat(EXCERPT);
        assert_eq!(excerpt(&whole), whole);
        assert_eq!(excerpt(&format!("{whole}b")), format!("{whole}…"));
        assert_eq!(excerpt(&"a b ".repeat(EXCERPT)).chars().count(), EXCERPT + 1);
    }
}
