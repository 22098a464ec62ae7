//! Who is told what: from events to what each person hears, by the person's own wishes.

use crate::event::{Audience, Event, Fact};
use crate::ids::{ChangeId, CommentId, EventId, UserId};
use crate::model::notice::{NoticeChannel, NoticeKind, NoticePreferences, Relation};
use crate::model::{Comment, EscalationCause, Status, Ticket};
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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

/// How long after its moment the end of a promised time is told late.
const LATE: TimeDelta = TimeDelta::hours(1);

/// Which of these events are told long after their moment, because the desk stood still or something was promised
/// afterwards: ends of promised times, and what the desk did about them by the same commit.
pub(super) fn late(events: &[Event]) -> HashSet<EventId> {
    let is_over = |event: &&Event| match &event.fact {
        Fact::SlaWarning(deadline) | Fact::SlaBreached(deadline) => event.at - deadline.due_at >= LATE,
        _ => false,
    };
    let changes: HashSet<ChangeId> = events.iter().filter(is_over).map(|event| event.change_id).collect();
    let is_answer = |event: &&Event| {
        let is_own = event.actor.id.is_none() && event.rule.is_none() && changes.contains(&event.change_id);
        let is_upwards = |fact: &Fact| {
            matches!(fact, Fact::TicketEscalated { cause: EscalationCause::Sla, .. } | Fact::TicketAssigned { .. })
        };
        is_own && is_upwards(&event.fact)
    };
    events.iter().filter(|event| is_over(event) || is_answer(event)).map(|event| event.id).collect()
}

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
                    let agent = event.assignee_id.filter(|id| (self.staff)(*id));
                    found.extend(agent.map(|id| (id, NoticeKind::TicketAssigned, own)));
                } else if named("team_id") {
                    found.extend(self.members.iter().map(|id| (*id, NoticeKind::TicketAssigned, team)));
                }
            }
            Fact::TicketStatusChanged { .. } => {
                found.push((self.ticket.customer_id, NoticeKind::StatusChanged, own));
                self.staff_of(NoticeKind::StatusChanged, &mut found);
            }
            Fact::TicketEscalated { .. } => {
                found.extend(self.agent().map(|id| (id, NoticeKind::Escalation, own)));
                found.extend(self.leads.iter().map(|id| (*id, NoticeKind::Escalation, own)));
                found.extend(self.members.iter().map(|id| (*id, NoticeKind::Escalation, team)));
                found.extend(self.watchers.iter().map(|id| (*id, NoticeKind::Escalation, watched)));
            }
            Fact::SlaWarning(_) => {
                self.in_charge(NoticeKind::SlaWarning, &mut found);
                if self.by == NoticeChannel::InApp {
                    found.extend(self.leads.iter().map(|id| (*id, NoticeKind::SlaWarning, own)));
                }
            }
            Fact::SlaBreached(_) => {
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

    /// Who answers, as long as they work here.
    fn agent(&self) -> Option<UserId> {
        self.ticket.assigned_agent_id.filter(|id| (self.staff)(*id))
    }

    /// Who answers, or else those who could; and who listens.
    fn in_charge(&self, kind: NoticeKind, found: &mut Vec<(UserId, NoticeKind, Relation)>) {
        match self.agent() {
            Some(id) => found.push((id, kind, Relation::Own)),
            None => found.extend(self.members.iter().map(|id| (*id, kind, Relation::Team))),
        }
        found.extend(self.watchers.iter().map(|id| (*id, kind, Relation::Watched)));
    }

    fn staff_of(&self, kind: NoticeKind, found: &mut Vec<(UserId, NoticeKind, Relation)>) {
        found.extend(self.agent().map(|id| (id, kind, Relation::Own)));
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
