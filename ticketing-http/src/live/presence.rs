//! What passes: who writes, who looks at what, who is connected. Nobody keeps it; nodes tell one another, and what a node
//! said is forgotten when it falls silent.

use super::hub::{Live, Room, lock};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::sync::Weak;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};
use ticketing_core::access::SystemReason;
use ticketing_core::model::Availability;
use ticketing_core::port::Signal;
use ticketing_core::{Actor, TicketId, UserId};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

/// How long somebody writes who does not say so again.
const TYPING: Duration = Duration::from_secs(6);
/// How many at once are remembered as writing; of more it is not told when they stop.
const MOST_TYPING: usize = 10_000;
/// How often what has run out is looked for.
const TICK: Duration = Duration::from_millis(250);
/// How often sockets are looked through for those whose time is over: at the latest a second after it.
const LOOK: Duration = Duration::from_millis(750);
/// How often a node says that it lives, and after which silence it is taken for gone.
const ALIVE: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);
/// How often every socket is looked at again, in case a signal was lost.
const SWEEP: Duration = Duration::from_mins(1);
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
}

impl Presence {
    fn node(&mut self, id: Uuid, now: Instant) -> &mut Node {
        let node = self.nodes.entry(id).or_insert_with(|| Node {
            heard: now,
            viewers: HashMap::new(),
            connected: HashSet::new(),
        });
        node.heard = now;
        node
    }

    fn is_connected(&self, user_id: UserId) -> bool {
        self.nodes.values().any(|node| node.connected.contains(&user_id))
    }

    /// Notes what a node said of a person; whether it makes a difference.
    fn connect(&mut self, node: Uuid, user_id: UserId, is_connected: bool, now: Instant) -> bool {
        let was = self.is_connected(user_id);
        let connected = &mut self.node(node, now).connected;
        if is_connected {
            connected.insert(user_id);
        } else {
            connected.remove(&user_id);
        }
        self.is_connected(user_id) != was
    }

    fn viewers(&self, ticket_id: TicketId) -> Vec<UserId> {
        let of_nodes = self.nodes.values().filter_map(|node| node.viewers.get(&ticket_id)).flatten();
        let mut users: Vec<UserId> = of_nodes.copied().collect::<HashSet<_>>().into_iter().collect();
        users.sort_unstable();
        users.truncate(MOST_VIEWERS);
        users
    }

    /// Forgets nodes that have fallen silent: the tickets and people that something changes for.
    fn forget(&mut self, own: Uuid, now: Instant) -> (HashSet<TicketId>, HashSet<UserId>) {
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

    /// Takes out those who have not said for a while that they write.
    fn run_out(&mut self, now: Instant) -> Vec<(Writing, String)> {
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

impl Live {
    /// Staff who are connected anywhere.
    pub(super) fn connected_staff(&self) -> Vec<UserId> {
        let presence = lock(&self.presence);
        let users: HashSet<UserId> = presence.nodes.values().flat_map(|node| &node.connected).copied().collect();
        let mut users: Vec<UserId> = users.into_iter().collect();
        users.sort_unstable();
        users
    }

    /// Whether it was told just now that somebody writes, so that it need not be told again.
    pub(super) fn is_fresh(&self, writing: Writing) -> bool {
        let left =
            lock(&self.presence).typing.get(&writing).map(|(end, _)| end.saturating_duration_since(Instant::now()));
        left.is_some_and(|left| left >= TYPING.mul_f32(0.5))
    }

    /// Who has spoken writes no more.
    pub(super) fn stop_typing(&self, ticket_id: TicketId, user_id: UserId) {
        for is_internal in [false, true] {
            let name = lock(&self.presence).typing.remove(&(ticket_id, user_id, is_internal)).map(|(_, name)| name);
            if let Some(name) = name {
                self.show_typing((ticket_id, user_id, is_internal), &name, false);
            }
        }
    }

    async fn heard(&self, signal: Signal) {
        let now = Instant::now();
        match signal {
            Signal::Rights { user_id } => {
                self.desk.forget_rights(user_id);
                for member in self.in_rooms(&[Room::User(user_id)]) {
                    self.look_again(&member).await;
                }
            }
            Signal::Company { organization_id } => {
                self.desk.forget_customers();
                for member in self.of_company(organization_id) {
                    self.look_again(&member).await;
                }
            }
            Signal::Availability { user_id, availability } => self.show_presence(user_id, Some(availability)).await,
            Signal::Typing { ticket_id, user_id, name, is_internal, is_typing } => {
                let writing = (ticket_id, user_id, is_internal);
                {
                    let typing = &mut lock(&self.presence).typing;
                    if !is_typing {
                        typing.remove(&writing);
                    } else if typing.len() < MOST_TYPING || typing.contains_key(&writing) {
                        typing.insert(writing, (now + TYPING, name.clone()));
                    }
                }
                self.show_typing(writing, &name, is_typing);
            }
            Signal::Viewers { node, ticket_id, users } => {
                {
                    let mut presence = lock(&self.presence);
                    let viewers = &mut presence.node(node, now).viewers;
                    if users.is_empty() {
                        viewers.remove(&ticket_id);
                    } else {
                        viewers.insert(ticket_id, users);
                    }
                }
                self.show_viewers(ticket_id).await;
            }
            Signal::Connected { node, user_id, is_connected } => {
                let differs = lock(&self.presence).connect(node, user_id, is_connected, now);
                if differs {
                    self.show_presence(user_id, None).await;
                }
            }
            Signal::Alive { node } => {
                lock(&self.presence).node(node, now);
            }
            // Also of nobody that is known: a link that was away is there again.
            Signal::Asks { node } if node != self.node => self.tell_all().await,
            Signal::Asks { .. } => {}
        }
    }

    /// Tells another node everything that it can't know, at a pace that it can follow.
    async fn tell_all(&self) {
        let (tickets, staff) = self.here();
        for (told, user_id) in staff.into_iter().enumerate() {
            self.tell_connected(user_id);
            breathe(told).await;
        }
        for (told, ticket_id) in tickets.into_iter().enumerate() {
            self.tell_viewers(ticket_id);
            breathe(told).await;
        }
    }

    fn show_typing(&self, (ticket_id, user_id, is_internal): Writing, name: &str, is_typing: bool) {
        let message = json!({
            "ticket_id": ticket_id, "user_id": user_id, "name": name, "is_typing": is_typing, "is_internal": is_internal,
        });
        for member in self.in_rooms(&[Room::Ticket(ticket_id)]) {
            // Nobody is told of themselves, at whichever socket.
            if member.user_id != user_id && (!is_internal || member.standing().is_staff()) {
                self.tell(&member, "user_typing", &message, None);
            }
        }
    }

    async fn show_viewers(&self, ticket_id: TicketId) {
        let hearers = self.in_rooms(&[Room::Ticket(ticket_id)]);
        if hearers.is_empty() {
            return;
        }
        let Ok(snapshot) = self.desk.snapshot().await else { return };
        let users = lock(&self.presence).viewers(ticket_id);
        let named = users.iter().filter_map(|id| {
            let user = snapshot.directory.staff(*id)?;
            Some(json!({ "id": id, "name": user.name }))
        });
        let message = json!({ "ticket_id": ticket_id, "users": named.collect::<Vec<_>>() });
        // Who of the desk looks at a question is nothing for those who asked it.
        for member in hearers.iter().filter(|member| member.standing().is_staff()) {
            self.tell(member, "viewers", &message, None);
        }
    }

    /// Tells staff how one of them is there.
    async fn show_presence(&self, user_id: UserId, chosen: Option<Availability>) {
        // The directory does not hear of each choice.
        let upkeep = Actor::system(SystemReason::Upkeep);
        let Ok(user) = self.desk.user(&upkeep, user_id).await else { return };
        if !user.role.is_staff() {
            return;
        }
        let is_connected = lock(&self.presence).is_connected(user_id);
        let message = json!({ "user_id": user_id, "availability": chosen.unwrap_or(user.availability), "is_connected": is_connected });
        for member in self.in_rooms(&[Room::Staff]) {
            self.tell(&member, "presence", &message, None);
        }
    }

    /// What has run out since the last look.
    async fn tick(&self, due: &mut Due) {
        let now = Instant::now();
        let over = lock(&self.presence).run_out(now);
        for (writing, name) in over {
            self.show_typing(writing, &name, false);
        }
        if due.take(now, |due| &mut due.look, LOOK) {
            // Signals may be lost; the version of the settings is not.
            if let Ok(snapshot) = self.desk.snapshot().await
                && std::mem::replace(&mut due.settings, snapshot.version) != snapshot.version
            {
                self.look_at_staff_again().await;
            }
            let time = self.desk.now();
            for member in self.everybody() {
                if member.expires_at.is_some_and(|end| end <= time) {
                    self.end(&member, "expired");
                } else if !member.socket.connected() && member.is_old(now) {
                    // It went before it was quite there.
                    self.remove(member.socket.id);
                } else {
                    self.tend(&member);
                }
            }
        }
        if due.take(now, |due| &mut due.alive, ALIVE) {
            self.desk.bus().publish(Signal::Alive { node: self.node });
            let (tickets, people) = lock(&self.presence).forget(self.node, now);
            for ticket_id in tickets {
                self.show_viewers(ticket_id).await;
            }
            for user_id in people {
                self.show_presence(user_id, None).await;
            }
        }
    }

    async fn look_at_all_again(&self) {
        for member in self.everybody() {
            self.look_again(&member).await;
        }
    }
}

/// When something was last done that is done now and then.
struct Due {
    look: Instant,
    alive: Instant,
    sweep: Instant,
    /// The version of the settings that was last seen.
    settings: i64,
    /// Whether the other nodes are to be asked what was missed of them.
    asks: bool,
}

impl Due {
    fn take(&mut self, now: Instant, of: impl Fn(&mut Self) -> &mut Instant, every: Duration) -> bool {
        let last = of(self);
        let is_due = now.saturating_duration_since(*last) >= every;
        if is_due {
            *last = now;
        }
        is_due
    }
}

/// Lets others read what was published, now and then.
async fn breathe(told: usize) {
    if told % 100 == 99 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Hears what the nodes say, for as long as the router is there.
pub(super) async fn listen(live: Weak<Live>, mut signals: Receiver<Signal>) {
    let now = Instant::now();
    let mut due = Due { look: now, alive: now, sweep: now, settings: 0, asks: false };
    let mut sweeping: Option<JoinHandle<()>> = None;
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    if let Some(live) = live.upgrade() {
        live.desk.bus().publish(Signal::Asks { node: live.node });
        live.desk.bus().publish(Signal::Alive { node: live.node });
    }
    loop {
        let heard = tokio::select! {
            heard = signals.recv() => Some(heard),
            _ = ticks.tick() => None,
        };
        let Some(live) = live.upgrade() else { return };
        match heard {
            Some(Ok(signal)) => live.heard(signal).await,
            Some(Err(RecvError::Lagged(missed))) => {
                tracing::warn!(missed, "signals of other nodes were missed");
                live.metrics.dropped.fetch_add(missed, Relaxed);
                // Not at once, and not once more while it is done: what is asked for may be what was too much.
                due.sweep = Instant::now().checked_sub(SWEEP).unwrap_or(due.sweep);
                due.asks = true;
            }
            Some(Err(RecvError::Closed)) => return,
            None => {
                live.tick(&mut due).await;
                let is_idle = sweeping.as_ref().is_none_or(JoinHandle::is_finished);
                if is_idle && due.take(Instant::now(), |due| &mut due.sweep, SWEEP) {
                    if std::mem::take(&mut due.asks) {
                        live.desk.bus().publish(Signal::Asks { node: live.node });
                    }
                    sweeping = Some(tokio::spawn(async move { live.look_at_all_again().await }));
                }
            }
        }
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
        presence.node(other, now).viewers.insert(ticket, vec![user(8)]);
        assert_eq!(presence.forget(own, now + SILENCE.mul_f32(0.9)), (HashSet::new(), HashSet::new()));
        let later = now + SILENCE;
        assert_eq!(presence.forget(own, later), (HashSet::from([ticket]), HashSet::from([user(8)])));
        assert_eq!((presence.viewers(ticket), presence.is_connected(user(7))), (Vec::new(), true));
    }

    #[test]
    fn who_writes_stops_after_a_while() {
        let (mut presence, now) = (Presence::default(), Instant::now());
        let writing = (TicketId(Uuid::from_u128(9)), user(7), false);
        presence.typing.insert(writing, (now + TYPING, "Ann".to_owned()));
        assert_eq!(presence.run_out(now + TYPING.mul_f32(0.9)), Vec::new());
        assert_eq!(presence.run_out(now + TYPING), vec![(writing, "Ann".to_owned())]);
        assert_eq!(presence.run_out(now + TYPING), Vec::new());
    }
}
