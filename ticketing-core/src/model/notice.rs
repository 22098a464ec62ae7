//! What people want to be told of, and how.

use super::words;
use crate::setting::Setting;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

words! {
    /// What a person can be told of.
    NoticeKind {
        /// A ticket was made.
        TicketCreated = 0 "ticket_created",
        /// A ticket was given to somebody or to a team.
        TicketAssigned = 1 "ticket_assigned",
        /// A ticket's status changed.
        StatusChanged = 2 "status_changed",
        /// Something was said on a ticket.
        CommentAdded = 3 "comment_added",
        /// Somebody was named in a comment.
        Mention = 4 "mention",
        /// Somebody asked for more attention.
        Escalation = 5 "escalation",
        /// A deadline comes near.
        SlaWarning = 6 "sla_warning",
        /// A deadline has passed.
        SlaBreach = 7 "sla_breach",
    }
}

words! {
    /// What a person has to do with a ticket.
    Relation {
        /// It is theirs: they ask, or they answer.
        Own = 0 "own",
        /// It is in the queue of a team of theirs.
        Team = 1 "team",
        /// They listen to it.
        Watched = 2 "watched",
    }
}

words! {
    /// By what a person is told.
    NoticeChannel {
        /// On the desk.
        InApp = 0 "in_app",
        /// By mail.
        Email = 1 "email",
    }
}

/// What a person wants to be told of, and by what: for each kind, for tickets of each relation, a set of
/// channels. What is not said is as [`NoticePreferences::default_of`] has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoticePreferences(pub BTreeMap<NoticeKind, BTreeMap<Relation, BTreeSet<NoticeChannel>>>);

impl Setting for NoticePreferences {
    const KIND: &'static str = "notification_preferences";
}

impl NoticePreferences {
    /// What holds for who has said nothing: all of what is theirs and of what they listen to, by both; of
    /// their teams' queues on the desk alone, but escalations and deadlines by both.
    pub fn default_of(kind: NoticeKind, relation: Relation) -> BTreeSet<NoticeChannel> {
        use NoticeKind::{Escalation, SlaBreach};
        let is_urgent = matches!(kind, Escalation | SlaBreach);
        if relation == Relation::Team && !is_urgent {
            BTreeSet::from([NoticeChannel::InApp])
        } else {
            BTreeSet::from([NoticeChannel::InApp, NoticeChannel::Email])
        }
    }

    /// By what the person is told of this.
    pub fn channels(&self, kind: NoticeKind, relation: Relation) -> BTreeSet<NoticeChannel> {
        let said = self.0.get(&kind).and_then(|relations| relations.get(&relation));
        said.cloned().unwrap_or_else(|| Self::default_of(kind, relation))
    }

    /// Whether the person is told of this by that.
    pub fn wants(&self, kind: NoticeKind, relation: Relation, by: NoticeChannel) -> bool {
        match self.0.get(&kind).and_then(|relations| relations.get(&relation)) {
            Some(said) => said.contains(&by),
            None => Self::default_of(kind, relation).contains(&by),
        }
    }

    /// The same with everything said.
    #[must_use]
    pub fn whole(&self) -> Self {
        let relations = |kind| Relation::ALL.iter().map(move |relation| (*relation, self.channels(kind, *relation)));
        Self(NoticeKind::ALL.iter().map(|kind| (*kind, relations(*kind).collect())).collect())
    }
}
