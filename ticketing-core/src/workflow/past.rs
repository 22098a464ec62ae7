//! What happened to a ticket before, as rules see a change while it is made.

use super::engine::{Occurrence, happened};
use super::facts::ChangedFields;
use crate::condition::CUSTOM;
use crate::event::{Event, Fact, Told};
use crate::ids::{ChangeId, CommentId, EventId, TicketId};
use crate::model::{Comment, Ticket, Trigger};
use crate::ticket::Draft;
use crate::time::Time;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

/// Tickets whose last change is remembered.
const REMEMBERED: usize = 100_000;

/// Events of one change of one ticket, in the order of the log.
#[derive(Clone, Debug)]
pub struct Deed<'e> {
    events: Vec<&'e Event>,
    first: &'e Event,
    image: &'e Value,
}

impl<'e> Deed<'e> {
    /// The deeds among these events, in the order in which each begins. What rules alone did is none, and neither is
    /// what begins before the first of them.
    pub fn all(events: &'e [Event]) -> Vec<Self> {
        let mut places: HashMap<(ChangeId, TicketId), usize> = HashMap::new();
        let mut groups: Vec<Vec<&Event>> = Vec::new();
        for event in events {
            let place = *places.entry((event.change_id, event.ticket_id)).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(event),
                None => groups.push(vec![event]),
            }
        }
        groups.into_iter().filter_map(Self::of).collect()
    }

    fn of(mut events: Vec<&'e Event>) -> Option<Self> {
        // Ids of one moment are in no order; places in the log are.
        events.sort_unstable_by_key(|event| event.seq);
        let image = events.iter().find_map(|event| event.image.as_ref())?;
        let first = events.iter().copied().find(|event| event.rule.is_none())?;
        Some(Self { events, first, image })
    }

    /// The ticket.
    pub fn ticket_id(&self) -> TicketId {
        self.first.ticket_id
    }

    /// The first event of what the caller did.
    pub fn first_id(&self) -> EventId {
        self.first.id
    }

    /// When it was done.
    pub fn at(&self) -> Time {
        self.first.at
    }

    /// The comment that came with it.
    pub fn comment_id(&self) -> Option<CommentId> {
        self.own().find_map(|event| match event.fact {
            Fact::CommentAdded { comment_id, .. } => Some(comment_id),
            _ => None,
        })
    }

    /// What the caller did.
    fn own(&self) -> impl Iterator<Item = &'e Event> {
        self.events.iter().copied().filter(|event| event.rule.is_none())
    }
}

/// The moments of a ticket that no change tells of.
#[derive(Clone, Copy, Debug)]
struct Moments {
    updated: Time,
    customer_reply: Option<Time>,
    status_change: Option<Time>,
}

/// Goes through the log from the oldest change on and makes of each what rules were asked then: the ticket as the
/// caller left it, without what rules did to it.
///
/// Events keep neither long texts nor when a ticket had last changed before. The description is what it is now;
/// moments are right for tickets whose last change was seen, and otherwise those of the change itself.
#[derive(Debug, Default)]
pub struct Past {
    seen: HashMap<TicketId, Moments>,
}

impl Past {
    /// What rules would be asked about this deed; none where its image can't be read.
    pub fn occurrence(&mut self, deed: &Deed<'_>, description: &str, comment: Option<Comment>) -> Option<Occurrence> {
        let left = Ticket::from_image(deed.image, description).ok()?;
        let first = deed.first;
        let known = self.seen.get(&left.id).copied();
        self.remember(&left);
        let mut ticket = left;
        let theirs = deed.events.iter().filter(|event| event.rule.is_some());
        let rules_set_status = undo_all(&mut ticket, theirs.copied());
        let mut before = ticket.clone();
        let own: Vec<&Event> = deed.own().collect();
        if own.is_empty() {
            // A moment had come; no change made rules look.
            return None;
        }
        let caller_set_status = undo_all(&mut before, own.iter().copied());
        let is_new = own.iter().any(|event| matches!(event.fact, Fact::TicketCreated {}));
        if is_new {
            ticket.last_status_change_at = Some(ticket.created_at);
        } else {
            set_moments(&mut before, known, caller_set_status || rules_set_status);
            ticket.updated_at = before.updated_at;
            if caller_set_status {
                ticket.last_status_change_at = Some(first.at);
            } else if rules_set_status {
                ticket.last_status_change_at = before.last_status_change_at;
            }
        }
        let facts = own.iter().map(|event| Told::from(event.fact.clone())).collect();
        Some(Occurrence {
            before: (!is_new).then_some(before),
            draft: Draft { ticket, now: first.at, facts, rule: None, by_desk: false },
            comment,
            mail: None,
            actor: first.actor.clone(),
            moment: None,
            only: None,
        })
    }

    fn remember(&mut self, ticket: &Ticket) {
        if self.seen.len() >= REMEMBERED {
            self.seen.clear();
        }
        let moments = Moments {
            updated: ticket.updated_at,
            customer_reply: ticket.last_customer_reply_at,
            status_change: ticket.last_status_change_at,
        };
        self.seen.insert(ticket.id, moments);
    }
}

/// Puts the moments of a ticket back to what they were before a change.
fn set_moments(before: &mut Ticket, known: Option<Moments>, status_changed: bool) {
    match known {
        Some(known) => {
            before.updated_at = known.updated;
            before.last_customer_reply_at = known.customer_reply;
            before.last_status_change_at = known.status_change;
        }
        None if status_changed => before.last_status_change_at = None,
        None => {}
    }
}

impl Occurrence {
    /// Whether it makes rules of this trigger look.
    pub fn fits(&self, trigger: Trigger) -> bool {
        let ticket = &self.draft.ticket;
        let changed = self.before.as_ref().map(|before| ChangedFields::between(before, ticket)).unwrap_or_default();
        let is_said = self.draft.facts.iter().any(|told| matches!(told.fact, Fact::CommentAdded { .. }));
        self.moment == Some(trigger) || happened(ticket, &self.draft.facts, &changed, is_said).contains(&trigger)
    }
}

/// Takes back what these events changed, the last first. Answers whether the status was among it.
fn undo_all<'e>(ticket: &mut Ticket, events: impl DoubleEndedIterator<Item = &'e Event>) -> bool {
    let mut status = false;
    for event in events.rev() {
        for (field, (old, _)) in event.fact.changes().into_iter().flatten() {
            // A value of former times that can't be read any more leaves the one that is there.
            undo(ticket, field, old);
            status |= field == "status";
        }
    }
    status
}

fn undo(ticket: &mut Ticket, field: &str, old: &Value) {
    fn put<'v, T: Deserialize<'v>>(place: &mut T, old: &'v Value) {
        if let Ok(value) = T::deserialize(old) {
            *place = value;
        }
    }
    match field {
        "subject" => put(&mut ticket.subject, old),
        "description" => put(&mut ticket.description, old),
        "status" => put(&mut ticket.status, old),
        "priority" => put(&mut ticket.priority, old),
        "category" => put(&mut ticket.category, old),
        "tags" => put(&mut ticket.tags, old),
        "assigned_agent_id" => put(&mut ticket.assigned_agent_id, old),
        "team_id" => put(&mut ticket.team_id, old),
        "escalation_level" => put(&mut ticket.escalation_level, old),
        "customer_id" => put(&mut ticket.customer_id, old),
        "organization_id" => put(&mut ticket.organization_id, old),
        "first_responded_at" => put(&mut ticket.first_responded_at, old),
        "resolved_at" => put(&mut ticket.resolved_at, old),
        "closed_at" => put(&mut ticket.closed_at, old),
        "wake_at" => put(&mut ticket.wake_at, old),
        "merged_into" => put(&mut ticket.merged_into, old),
        field => match (field.strip_prefix(CUSTOM), old) {
            (Some(key), Value::Null) => drop(ticket.custom_fields.remove(key)),
            (Some(key), old) => drop(ticket.custom_fields.insert(key.to_owned(), old.clone())),
            (None, _) => {}
        },
    }
}
