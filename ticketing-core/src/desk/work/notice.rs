//! Who is told what: from events to what each person hears, by the person's own wishes.

use crate::event::{Audience, Deadline, Event, Fact};
use crate::ids::{CommentId, EventId, UserId};
use crate::model::notice::{NoticeChannel, NoticeKind, NoticePreferences, Relation};
use crate::model::{Comment, Status, Ticket};
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Whether people may get mail about it.
pub(in crate::desk) fn is_news(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::TicketCreated {}
            | Fact::TicketAssigned { .. }
            | Fact::TicketStatusChanged { .. }
            | Fact::TicketEscalated { .. }
            | Fact::SlaWarning(_)
            | Fact::SlaBreached(_)
            | Fact::CommentAdded { .. }
    )
}

/// What was told long after its moment, because the desk stood still or something was promised afterwards, is told on
/// the desk alone: all of it at once would bury whoever has to act.
fn is_fresh(event: &Event, deadline: &Deadline) -> bool {
    event.at - deadline.due_at < STALE
}

/// How long after its moment a deadline is told by mail.
const STALE: TimeDelta = TimeDelta::hours(1);

/// One thing that one person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::desk) struct Item {
    /// What happened; its place among the events.
    pub(in crate::desk) event: usize,
    /// As what it is told.
    pub(in crate::desk) kind: NoticeKind,
}

/// Everybody who has to do with a ticket at the moment.
pub(in crate::desk) struct Circle<'a> {
    /// The ticket as it is.
    pub(in crate::desk) ticket: &'a Ticket,
    /// Active members of its team, and those of them who lead it.
    pub(in crate::desk) members: &'a BTreeSet<UserId>,
    pub(in crate::desk) leads: &'a BTreeSet<UserId>,
    /// Who listens.
    pub(in crate::desk) watchers: &'a BTreeSet<UserId>,
    /// Who works here.
    pub(in crate::desk) staff: &'a (dyn Fn(UserId) -> bool + Sync),
    /// Comments that the events speak of, as far as they are still there.
    pub(in crate::desk) comments: &'a HashMap<CommentId, Comment>,
    /// Who is named in each of them.
    pub(in crate::desk) mentioned: &'a HashMap<CommentId, BTreeSet<UserId>>,
    /// By what they are told.
    pub(in crate::desk) by: NoticeChannel,
}

impl Circle<'_> {
    /// What everybody might be told, whatever their wishes: the kind, the person, and what the person has
    /// to do with the ticket. Nobody is told of an own act, but the requester always gets the mail that the
    /// question has arrived.
    fn candidates(&self, event: &Event) -> Vec<(UserId, NoticeKind, Relation)> {
        let mut found = Vec::new();
        let (own, team, watched) = (Relation::Own, Relation::Team, Relation::Watched);
        match &event.fact {
            Fact::TicketCreated {} => {
                found.push((self.ticket.customer_id, NoticeKind::TicketCreated, own));
                self.staff_of(NoticeKind::TicketCreated, &mut found);
            }
            Fact::TicketAssigned { changes } => {
                let named = |field: &str| changes.get(field).is_some_and(|(_, new)| !new.is_null());
                if named("assigned_agent_id") {
                    found.extend(event.assignee_id.map(|id| (id, NoticeKind::TicketAssigned, own)));
                } else if named("team_id") {
                    found.extend(self.members.iter().map(|id| (*id, NoticeKind::TicketAssigned, team)));
                }
            }
            Fact::TicketStatusChanged { .. } => {
                found.push((self.ticket.customer_id, NoticeKind::StatusChanged, own));
                self.staff_of(NoticeKind::StatusChanged, &mut found);
            }
            Fact::TicketEscalated { .. } => {
                found.extend(self.ticket.assigned_agent_id.map(|id| (id, NoticeKind::Escalation, own)));
                found.extend(self.leads.iter().map(|id| (*id, NoticeKind::Escalation, own)));
                found.extend(self.members.iter().map(|id| (*id, NoticeKind::Escalation, team)));
                found.extend(self.watchers.iter().map(|id| (*id, NoticeKind::Escalation, watched)));
            }
            Fact::SlaWarning(deadline) if self.is_told(event, deadline) => {
                self.in_charge(NoticeKind::SlaWarning, &mut found);
                if self.by == NoticeChannel::InApp {
                    found.extend(self.leads.iter().map(|id| (*id, NoticeKind::SlaWarning, own)));
                }
            }
            Fact::SlaBreached(deadline) if self.is_told(event, deadline) => {
                self.in_charge(NoticeKind::SlaBreach, &mut found);
                found.extend(self.leads.iter().map(|id| (*id, NoticeKind::SlaBreach, own)));
            }
            Fact::CommentAdded { comment_id, .. } => {
                let named = self.mentioned.get(comment_id).into_iter().flatten();
                found.extend(named.map(|id| (*id, NoticeKind::Mention, own)));
                found.push((self.ticket.customer_id, NoticeKind::CommentAdded, own));
                self.staff_of(NoticeKind::CommentAdded, &mut found);
                if !self.comments.contains_key(comment_id) {
                    found.clear();
                }
            }
            _ => {}
        }
        let is_confirmed = self.by == NoticeChannel::Email && matches!(event.fact, Fact::TicketCreated {});
        found.retain(|(id, ..)| {
            let is_actor = event.actor.id == Some(*id);
            let may_hear = event.audience == Audience::Everyone || (self.staff)(*id);
            may_hear && (!is_actor || (is_confirmed && *id == self.ticket.customer_id))
        });
        found
    }

    /// Whether a deadline that was noticed late is told.
    fn is_told(&self, event: &Event, deadline: &Deadline) -> bool {
        self.by == NoticeChannel::InApp || is_fresh(event, deadline)
    }

    /// Who answers, or else those who could; and who listens.
    fn in_charge(&self, kind: NoticeKind, found: &mut Vec<(UserId, NoticeKind, Relation)>) {
        match self.ticket.assigned_agent_id {
            Some(id) => found.push((id, kind, Relation::Own)),
            None => found.extend(self.members.iter().map(|id| (*id, kind, Relation::Team))),
        }
        found.extend(self.watchers.iter().map(|id| (*id, kind, Relation::Watched)));
    }

    fn staff_of(&self, kind: NoticeKind, found: &mut Vec<(UserId, NoticeKind, Relation)>) {
        found.extend(self.ticket.assigned_agent_id.map(|id| (id, kind, Relation::Own)));
        found.extend(self.members.iter().map(|id| (*id, kind, Relation::Team)));
        found.extend(self.watchers.iter().map(|id| (*id, kind, Relation::Watched)));
    }

    /// Everybody who might be told anything of these events.
    pub(in crate::desk) fn people(&self, events: &[Event]) -> BTreeSet<UserId> {
        events.iter().flat_map(|event| self.candidates(event)).map(|(id, ..)| id).collect()
    }

    /// What each person is told, in the order of the events; each thing once, by whatever
    /// the person wishes most of all that fits.
    pub(in crate::desk) fn told(
        &self,
        events: &[Event],
        wishes: impl Fn(UserId) -> NoticePreferences + Send,
    ) -> BTreeMap<UserId, Vec<Item>> {
        let mut told: BTreeMap<UserId, Vec<Item>> = BTreeMap::new();
        let mut known: HashMap<UserId, NoticePreferences> = HashMap::new();
        for (place, event) in events.iter().enumerate() {
            for (id, kind, relation) in self.candidates(event) {
                let wishes = known.entry(id).or_insert_with(|| wishes(id));
                let is_confirmation = self.by == NoticeChannel::Email
                    && kind == NoticeKind::TicketCreated
                    && id == self.ticket.customer_id;
                let wanted = is_confirmation || wishes.wants(kind, relation, self.by);
                let items = told.entry(id).or_default();
                if wanted && items.last().is_none_or(|item| item.event != place) {
                    items.push(Item { event: place, kind });
                }
            }
        }
        told.retain(|_, items| !items.is_empty());
        told
    }
}

/// What is old by the time it is told: a status that has changed again, but for the last one.
pub(super) fn without_passing(events: &[Event], items: &mut Vec<Item>) {
    let last = items.iter().rposition(|item| item.kind == NoticeKind::StatusChanged);
    let mut place = 0;
    items.retain(|item| {
        let keep = item.kind != NoticeKind::StatusChanged || Some(place) == last;
        place += 1;
        keep
    });
    let back = |item: &Item| match &events[item.event].fact {
        // A status that is where it was says nothing.
        Fact::TicketStatusChanged { changes } => {
            changes.get("status").is_some_and(|(_, new)| new.as_str() == first_status(events))
        }
        _ => false,
    };
    if items.len() > 1 {
        items.retain(|item| item.kind != NoticeKind::StatusChanged || !back(item));
    }
}

/// The status before the first of these changes.
fn first_status(events: &[Event]) -> Option<&str> {
    events.iter().find_map(|event| match &event.fact {
        Fact::TicketStatusChanged { changes } => changes.get("status").and_then(|(old, _)| old.as_str()),
        _ => None,
    })
}

/// The ids of the events that some items tell of.
pub(super) fn events_of(events: &[Event], items: &[Item]) -> Vec<EventId> {
    items.iter().filter_map(|item| events.get(item.event)).map(|event| event.id).collect()
}

/// The old and the new status that an event tells.
pub(in crate::desk) fn status_change(event: &Event) -> Option<(Status, Status)> {
    let Fact::TicketStatusChanged { changes } = &event.fact else { return None };
    let (old, new) = changes.get("status")?;
    Some((old.as_str()?.parse().ok()?, new.as_str()?.parse().ok()?))
}
