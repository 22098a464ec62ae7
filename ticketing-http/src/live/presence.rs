//! Who writes, who looks at what, who is connected: as the nodes say, of whom this one is one. What a node said is
//! forgotten when it falls silent.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};
use ticketing_core::{TicketId, UserId};
use uuid::Uuid;

/// How long somebody writes who does not say so again.
const TYPING: Duration = Duration::from_secs(6);
/// How many at once are remembered as writing; of more it is not told when they stop.
const MOST_TYPING: usize = 10_000;
/// After which silence a node is taken for gone.
const SILENCE: Duration = Duration::from_secs(30);
/// How many people are named who look at one ticket.
const MOST_VIEWERS: usize = 50;

/// Somebody who writes: where, who, and whether it becomes an internal note.
pub(super) type Writing = (TicketId, UserId, bool);

/// What the nodes say.
#[derive(Default)]
pub(super) struct Presence {
    nodes: HashMap<Uuid, Node>,
    typing: HashMap<Writing, (Instant, String)>,
}

/// What one node said.
struct Node {
    heard: Instant,
    viewers: HashMap<TicketId, Vec<UserId>>,
    connected: HashSet<UserId>,
    /// What it said before it began to tell everything anew, as far as it has not said so again.
    before: Option<Before>,
}

#[derive(Default)]
struct Before {
    tickets: HashSet<TicketId>,
    people: HashSet<UserId>,
}

impl Presence {
    fn node(&mut self, id: Uuid, now: Instant) -> &mut Node {
        let node = self.nodes.entry(id).or_insert_with(|| Node {
            heard: now,
            viewers: HashMap::new(),
            connected: HashSet::new(),
            before: None,
        });
        node.heard = now;
        node
    }

    pub(super) fn is_connected(&self, user_id: UserId) -> bool {
        self.nodes.values().any(|node| node.connected.contains(&user_id))
    }

    /// Notes what a node said of a person; whether it makes a difference.
    pub(super) fn connect(&mut self, node: Uuid, user_id: UserId, is_connected: bool, now: Instant) -> bool {
        let was = self.is_connected(user_id);
        let node = self.node(node, now);
        if is_connected {
            node.connected.insert(user_id);
        } else {
            node.connected.remove(&user_id);
        }
        if let Some(before) = &mut node.before {
            before.people.remove(&user_id);
        }
        self.is_connected(user_id) != was
    }

    /// Notes who looks at a ticket at a node.
    pub(super) fn look(&mut self, node: Uuid, ticket_id: TicketId, users: Vec<UserId>, now: Instant) {
        let node = self.node(node, now);
        if users.is_empty() {
            node.viewers.remove(&ticket_id);
        } else {
            node.viewers.insert(ticket_id, users);
        }
        if let Some(before) = &mut node.before {
            before.tickets.remove(&ticket_id);
        }
    }

    /// A node begins to tell everything anew.
    pub(super) fn begin_anew(&mut self, node: Uuid, now: Instant) {
        let node = self.node(node, now);
        let (tickets, people) = (node.viewers.keys().copied().collect(), node.connected.clone());
        node.before = Some(Before { tickets, people });
    }

    /// Something was missed: what was said before holds until it is said anew once more.
    pub(super) fn keep_all(&mut self) {
        for node in self.nodes.values_mut() {
            node.before = None;
        }
    }

    /// It has told everything: what it has not said again is over. The tickets and people that something changes for.
    pub(super) fn end_anew(&mut self, node: Uuid, now: Instant) -> (HashSet<TicketId>, HashSet<UserId>) {
        let node = self.node(node, now);
        let Before { tickets, mut people } = node.before.take().unwrap_or_default();
        for ticket_id in &tickets {
            node.viewers.remove(ticket_id);
        }
        node.connected.retain(|user_id| !people.contains(user_id));
        people.retain(|user_id| !self.is_connected(*user_id));
        (tickets, people)
    }

    pub(super) fn viewers(&self, ticket_id: TicketId) -> Vec<UserId> {
        let of_nodes = self.nodes.values().filter_map(|node| node.viewers.get(&ticket_id)).flatten();
        let mut users: Vec<UserId> = of_nodes.copied().collect::<HashSet<_>>().into_iter().collect();
        users.sort_unstable();
        users.truncate(MOST_VIEWERS);
        users
    }

    /// Forgets nodes that have fallen silent: the tickets and people that something changes for.
    pub(super) fn forget(&mut self, own: Uuid, now: Instant) -> (HashSet<TicketId>, HashSet<UserId>) {
        let is_gone = |id: &Uuid, node: &Node| *id != own && now.saturating_duration_since(node.heard) >= SILENCE;
        let gone: Vec<Uuid> = self.nodes.iter().filter(|(id, node)| is_gone(id, node)).map(|(id, _)| *id).collect();
        let (mut tickets, mut people) = (HashSet::new(), HashSet::new());
        for node in gone.iter().filter_map(|id| self.nodes.remove(id)) {
            tickets.extend(node.viewers.into_keys());
            people.extend(node.connected);
        }
        people.retain(|user_id| !self.is_connected(*user_id));
        (tickets, people)
    }

    /// Everybody who is connected anywhere.
    pub(super) fn connected(&self) -> Vec<UserId> {
        let users: HashSet<UserId> = self.nodes.values().flat_map(|node| &node.connected).copied().collect();
        let mut users: Vec<UserId> = users.into_iter().collect();
        users.sort_unstable();
        users
    }

    /// A node lives.
    pub(super) fn hear(&mut self, node: Uuid, now: Instant) {
        self.node(node, now);
    }

    /// Notes that somebody writes, or has stopped.
    pub(super) fn write(&mut self, writing: Writing, name: &str, is_typing: bool, now: Instant) {
        if !is_typing {
            self.typing.remove(&writing);
        } else if self.typing.len() < MOST_TYPING || self.typing.contains_key(&writing) {
            self.typing.insert(writing, (now + TYPING, name.to_owned()));
        }
    }

    /// Whether it was said just now that somebody writes.
    pub(super) fn is_fresh(&self, writing: &Writing, now: Instant) -> bool {
        let left = self.typing.get(writing).map(|(end, _)| end.saturating_duration_since(now));
        left.is_some_and(|left| left >= TYPING.mul_f32(0.5))
    }

    /// Takes out somebody who writes no more: the name.
    pub(super) fn stop(&mut self, writing: &Writing) -> Option<String> {
        self.typing.remove(writing).map(|(_, name)| name)
    }

    /// Takes out those who have not said for a while that they write.
    pub(super) fn run_out(&mut self, now: Instant) -> Vec<(Writing, String)> {
        if self.typing.values().all(|(end, _)| *end > now) {
            return Vec::new();
        }
        let mut over = Vec::new();
        self.typing.retain(|writing, (end, name)| {
            let goes_on = *end > now;
            if !goes_on {
                over.push((*writing, std::mem::take(name)));
            }
            goes_on
        });
        over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(number: u128) -> UserId {
        UserId(Uuid::from_u128(number))
    }

    #[test]
    fn a_person_at_two_nodes_is_there_until_both_have_let_go() {
        let (mut presence, now) = (Presence::default(), Instant::now());
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(presence.connect(one, user(7), true, now));
        assert!(!presence.connect(other, user(7), true, now));
        assert!(!presence.connect(one, user(7), false, now));
        assert!(presence.connect(other, user(7), false, now));
    }

    #[test]
    fn what_a_silent_node_said_is_forgotten() {
        let (mut presence, now) = (Presence::default(), Instant::now());
        let (own, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let ticket = TicketId(Uuid::from_u128(9));
        presence.connect(own, user(7), true, now);
        presence.connect(other, user(7), true, now);
        presence.connect(other, user(8), true, now);
        presence.look(other, ticket, vec![user(8)], now);
        assert_eq!(presence.forget(own, now + SILENCE.mul_f32(0.9)), (HashSet::new(), HashSet::new()));
        let later = now + SILENCE;
        assert_eq!(presence.forget(own, later), (HashSet::from([ticket]), HashSet::from([user(8)])));
        assert_eq!((presence.viewers(ticket), presence.is_connected(user(7))), (Vec::new(), true));
    }

    #[test]
    fn what_a_node_does_not_say_again_is_over() {
        let (mut presence, now) = (Presence::default(), Instant::now());
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let [kept, gone] = [8, 9].map(|number| TicketId(Uuid::from_u128(number)));
        for (node, number) in [(one, 7), (one, 8), (one, 9), (other, 9)] {
            presence.connect(node, user(number), true, now);
        }
        for ticket_id in [kept, gone] {
            presence.look(one, ticket_id, vec![user(7)], now);
        }
        presence.begin_anew(one, now);
        assert!(!presence.connect(one, user(7), true, now), "nothing flickers meanwhile");
        presence.look(one, kept, vec![user(7)], now);
        assert!(presence.is_connected(user(8)) && !presence.viewers(gone).is_empty());
        assert_eq!(presence.end_anew(one, now), (HashSet::from([gone]), HashSet::from([user(8)])));
        assert!(presence.is_connected(user(9)), "at the other node");
        assert_eq!((presence.viewers(kept), presence.viewers(gone)), (vec![user(7)], Vec::new()));
        assert_eq!(presence.end_anew(one, now), (HashSet::new(), HashSet::new()), "the beginning was not heard");
        assert!(presence.is_connected(user(7)));
    }

    #[test]
    fn who_writes_stops_after_a_while() {
        let (mut presence, now) = (Presence::default(), Instant::now());
        let writing = (TicketId(Uuid::from_u128(9)), user(7), false);
        presence.write(writing, "Ann", true, now);
        assert!(presence.is_fresh(&writing, now) && !presence.is_fresh(&writing, now + TYPING.mul_f32(0.6)));
        assert_eq!(presence.run_out(now + TYPING.mul_f32(0.9)), Vec::new());
        assert_eq!(presence.run_out(now + TYPING), vec![(writing, "Ann".to_owned())]);
        assert_eq!(presence.run_out(now + TYPING), Vec::new());
    }
}
