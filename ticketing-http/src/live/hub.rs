//! Who is connected to this node, and in which rooms.

use super::command::Look;
use super::metrics::LiveMetrics;
use super::presence::Presence;
use super::rate::Rate;
use super::tell::Told;
use super::told::Unsaid;
use crate::auth::Authenticator;
use crate::cursor::Cursors;
use serde_json::json;
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use ticketing_core::access::Scope;
use ticketing_core::port::Signal;
use ticketing_core::time::Time;
use ticketing_core::{Actor, Desk, Network, OrganizationId, Seq, TeamId, TicketId, UserId};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Tickets that one socket looks on at.
pub(super) const MOST_TICKETS: usize = 200;
/// Tickets of whose viewers one socket hears.
pub(super) const MOST_WATCHED: usize = 100;

/// Those who hear of the same things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Room {
    /// All that concerns one person.
    User(UserId),
    /// Who looks on at a ticket.
    Ticket(TicketId),
    /// Who hears of those who look on, and need not be one of them.
    Viewers(TicketId),
    /// The queue of a team.
    Team(TeamId),
    /// The queue of what is in no team's.
    NoTeam,
    /// A company that shares its tickets.
    Organization(OrganizationId),
    /// Those who see every ticket.
    Everything,
    /// All who work here.
    Staff,
}

/// A socket, and who is behind it.
pub(super) struct Member {
    pub(super) socket: SocketRef,
    pub(super) user_id: UserId,
    /// What it connected with, to be looked at again.
    pub(super) token: Box<str>,
    pub(super) expires_at: Option<Time>,
    standing: Mutex<Arc<Standing>>,
    rate: Mutex<Rate>,
    pub(super) told: Mutex<Told>,
    /// It is told no more, and goes as soon as it takes its leave.
    is_ending: AtomicBool,
    /// Its rights may be others by now, and it is to be looked at before it is told more.
    pub(super) is_in_doubt: AtomicBool,
    /// Whose turn it is of what it has said.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// Whose turn it is of those who look at it again.
    pub(super) look: tokio::sync::Mutex<()>,
    since: Instant,
}

/// How long a socket may take from being let in to being there.
const ARRIVAL: Duration = Duration::from_secs(15);

/// The rights of this moment.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) actor: Actor,
    pub(super) scope: Scope,
}

impl Standing {
    pub(super) fn is_staff(&self) -> bool {
        self.actor.is_staff()
    }

    /// The rooms that follow from it.
    fn rooms(&self, user_id: UserId) -> Vec<Room> {
        let mut rooms = vec![Room::User(user_id)];
        match &self.scope {
            Scope::System(_) | Scope::Staff { .. } => rooms.extend([Room::Staff, Room::Everything]),
            Scope::Agent { teams, .. } => {
                rooms.extend([Room::Staff, Room::NoTeam]);
                rooms.extend(teams.iter().copied().map(Room::Team));
            }
            Scope::Customer { organization_id, .. } => rooms.extend(organization_id.map(Room::Organization)),
        }
        rooms
    }
}

impl Member {
    pub(super) fn new(
        socket: SocketRef,
        user_id: UserId,
        token: &str,
        expires_at: Option<Time>,
        standing: Standing,
    ) -> Self {
        Self {
            socket,
            user_id,
            token: token.into(),
            expires_at,
            standing: Mutex::new(Arc::new(standing)),
            rate: Mutex::new(Rate::new(Instant::now())),
            told: Mutex::default(),
            is_ending: AtomicBool::new(false),
            is_in_doubt: AtomicBool::new(false),
            turn: tokio::sync::Mutex::default(),
            look: tokio::sync::Mutex::default(),
            since: Instant::now(),
        }
    }

    pub(super) fn standing(&self) -> Arc<Standing> {
        Arc::clone(&lock(&self.standing))
    }

    /// Whether it is told no more.
    pub(super) fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Acquire)
    }

    /// Whether it has had the time to arrive.
    pub(super) fn is_old(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) >= ARRIVAL
    }

    /// Whether it may say something more just now.
    pub(super) fn may_speak(&self) -> bool {
        lock(&self.rate).take(Instant::now())
    }
}

/// Sockets by room.
#[derive(Default)]
struct Registry {
    members: HashMap<Sid, Arc<Member>>,
    rooms: HashMap<Room, HashSet<Sid>>,
    /// What each socket is in.
    of: HashMap<Sid, HashSet<Room>>,
    /// Up to where the log was told.
    place: Seq,
}

impl Registry {
    fn join(&mut self, sid: Sid, room: Room) -> bool {
        let is_new = self.of.entry(sid).or_default().insert(room);
        if is_new {
            self.rooms.entry(room).or_default().insert(sid);
        }
        is_new
    }

    fn leave(&mut self, sid: Sid, room: Room) -> bool {
        let was_in = self.of.get_mut(&sid).is_some_and(|rooms| rooms.remove(&room));
        if was_in && let Some(sids) = self.rooms.get_mut(&room) {
            sids.remove(&sid);
            if sids.is_empty() {
                self.rooms.remove(&room);
            }
        }
        was_in
    }

    /// Those of the staff who look on at a ticket, each once.
    fn viewers(&self, ticket_id: TicketId) -> Vec<UserId> {
        let staff = self.in_room(Room::Ticket(ticket_id)).filter(|member| member.standing().is_staff());
        staff.map(|member| member.user_id).collect::<HashSet<_>>().into_iter().collect()
    }

    /// Whether a person looks on at a ticket.
    fn is_viewer(&self, user_id: UserId, ticket_id: TicketId) -> bool {
        let looks_on =
            |sid| self.of.get(sid).is_some_and(|rooms: &HashSet<Room>| rooms.contains(&Room::Ticket(ticket_id)));
        self.rooms.get(&Room::User(user_id)).into_iter().flatten().any(looks_on)
    }

    /// Whether somebody of the staff is connected.
    fn has_staff(&self, user_id: UserId) -> bool {
        self.in_room(Room::User(user_id)).any(|member| member.standing().is_staff())
    }

    fn in_room(&self, room: Room) -> impl Iterator<Item = &Arc<Member>> {
        self.rooms.get(&room).into_iter().flatten().filter_map(|sid| self.members.get(sid))
    }
}

/// The sockets of this node.
pub(crate) struct Live {
    pub(super) desk: Desk,
    pub(super) authenticator: Arc<dyn Authenticator>,
    pub(super) cursors: Cursors,
    pub(super) trusted_proxies: Vec<Network>,
    /// The name of this node among the processes of the desk.
    pub(super) node: Uuid,
    pub(crate) metrics: LiveMetrics,
    pub(super) presence: Mutex<Presence>,
    pub(super) unsaid: Unsaid,
    registry: Mutex<Registry>,
    pub(super) begun: OnceCell<()>,
}

impl Live {
    pub(crate) fn new(
        desk: Desk,
        authenticator: Arc<dyn Authenticator>,
        cursors: Cursors,
        trusted_proxies: Vec<Network>,
    ) -> Arc<Self> {
        let node = desk.ids().uuid(desk.now());
        Arc::new(Self {
            desk,
            authenticator,
            cursors,
            trusted_proxies,
            node,
            metrics: LiveMetrics::default(),
            presence: Mutex::new(Presence::default()),
            unsaid: Unsaid::default(),
            registry: Mutex::default(),
            begun: OnceCell::new(),
        })
    }

    /// How many sockets and rooms there are.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let registry = lock(&self.registry);
        (registry.members.len(), registry.rooms.len())
    }

    /// What somebody may see and do.
    pub(super) fn standing_of(&self, actor: Actor) -> Standing {
        Standing { scope: self.desk.scope(&actor), actor }
    }

    /// Up to where the log was told to this node's sockets.
    pub(super) fn place(&self) -> Seq {
        lock(&self.registry).place
    }

    pub(super) fn set_place(&self, place: Seq) {
        lock(&self.registry).place = place;
    }

    /// Goes on from there, where nobody is here who would miss what is before.
    pub(super) fn skip_to(&self, place: Seq) -> bool {
        let mut registry = lock(&self.registry);
        let is_empty = registry.members.is_empty();
        if is_empty {
            registry.place = place;
        }
        is_empty
    }

    // What is told of presence is published under the lock that it was found under, so that the last word is true, and only
    // where another socket of the person has not told it.

    fn publish_viewers(&self, registry: &Registry, ticket_id: TicketId) {
        let users = registry.viewers(ticket_id);
        self.desk.bus().publish(Signal::Viewers { node: self.node, ticket_id, users });
    }

    fn publish_connected(&self, registry: &Registry, user_id: UserId) {
        let is_connected = registry.has_staff(user_id);
        self.desk.bus().publish(Signal::Connected { node: self.node, user_id, is_connected });
    }

    /// Takes a socket in.
    pub(super) fn add(&self, member: Member) {
        let (sid, user_id, standing) = (member.socket.id, member.user_id, member.standing());
        let mut registry = lock(&self.registry);
        let was_there = registry.has_staff(user_id);
        registry.members.insert(sid, Arc::new(member));
        for room in standing.rooms(user_id) {
            registry.join(sid, room);
        }
        if standing.is_staff() && !was_there {
            self.publish_connected(&registry, user_id);
        }
    }

    /// Lets a socket go.
    pub(super) fn remove(&self, sid: Sid) {
        let mut registry = lock(&self.registry);
        self.clear(&mut registry, sid);
        registry.members.remove(&sid);
        registry.of.remove(&sid);
    }

    /// Takes a socket out of every room.
    fn clear(&self, registry: &mut Registry, sid: Sid) {
        let Some(member) = registry.members.get(&sid).cloned() else { return };
        let rooms = registry.of.get(&sid).cloned().unwrap_or_default();
        for room in &rooms {
            registry.leave(sid, *room);
        }
        if !member.standing().is_staff() {
            return;
        }
        for room in rooms {
            if let Room::Ticket(ticket_id) = room
                && !registry.is_viewer(member.user_id, ticket_id)
            {
                self.publish_viewers(registry, ticket_id);
            }
        }
        if !registry.has_staff(member.user_id) {
            self.publish_connected(registry, member.user_id);
        }
    }

    /// The socket, while it is connected.
    pub(super) fn member(&self, sid: Sid) -> Option<Arc<Member>> {
        lock(&self.registry).members.get(&sid).cloned()
    }

    /// Lets a socket look on at a ticket that its person may see.
    pub(super) fn look_on(&self, member: &Member, ticket_id: TicketId) -> Look {
        let sid = member.socket.id;
        let mut registry = lock(&self.registry);
        let Some(rooms) = registry.of.get(&sid) else { return Look::Again };
        let tickets = rooms.iter().filter(|room| matches!(room, Room::Ticket(_))).count();
        if !rooms.contains(&Room::Ticket(ticket_id)) && tickets >= MOST_TICKETS {
            return Look::TooMany;
        }
        let was_viewer = registry.is_viewer(member.user_id, ticket_id);
        registry.join(sid, Room::Ticket(ticket_id));
        if was_viewer {
            return Look::Again;
        }
        if member.standing().is_staff() {
            self.publish_viewers(&registry, ticket_id);
        }
        Look::First
    }

    /// Lets it look away.
    pub(super) fn look_away(&self, member: &Member, ticket_id: TicketId) {
        let mut registry = lock(&self.registry);
        let has_left = registry.leave(member.socket.id, Room::Ticket(ticket_id));
        if has_left && !registry.is_viewer(member.user_id, ticket_id) && member.standing().is_staff() {
            self.publish_viewers(&registry, ticket_id);
        }
    }

    /// Whether the socket looks on at the ticket.
    pub(super) fn looks_on(&self, sid: Sid, ticket_id: TicketId) -> bool {
        lock(&self.registry).of.get(&sid).is_some_and(|rooms| rooms.contains(&Room::Ticket(ticket_id)))
    }

    /// The tickets that it looks on at.
    pub(super) fn tickets_of(&self, sid: Sid) -> Vec<TicketId> {
        let registry = lock(&self.registry);
        let rooms = registry.of.get(&sid).into_iter().flatten();
        rooms.filter_map(|room| if let Room::Ticket(id) = room { Some(*id) } else { None }).collect()
    }

    /// Lets a socket hear of those who look on at these tickets, and of no others. The tickets that it did not hear of before.
    pub(super) fn watch(&self, member: &Member, wanted: &HashSet<TicketId>) -> Vec<TicketId> {
        let sid = member.socket.id;
        let mut registry = lock(&self.registry);
        let Some(rooms) = registry.of.get(&sid).cloned() else { return Vec::new() };
        for room in rooms {
            if matches!(room, Room::Viewers(ticket_id) if !wanted.contains(&ticket_id)) {
                registry.leave(sid, room);
            }
        }
        wanted.iter().copied().filter(|ticket_id| registry.join(sid, Room::Viewers(*ticket_id))).collect()
    }

    /// Lets it hear of them no more.
    pub(super) fn stop_watching(&self, member: &Member, ticket_id: TicketId) {
        lock(&self.registry).leave(member.socket.id, Room::Viewers(ticket_id));
    }

    /// The tickets of whose viewers it hears.
    pub(super) fn watched_by(&self, sid: Sid) -> Vec<TicketId> {
        let registry = lock(&self.registry);
        let rooms = registry.of.get(&sid).into_iter().flatten();
        rooms.filter_map(|room| if let Room::Viewers(id) = room { Some(*id) } else { None }).collect()
    }

    /// Whether a person has a socket here.
    pub(super) fn is_here(&self, user_id: UserId) -> bool {
        lock(&self.registry).rooms.contains_key(&Room::User(user_id))
    }

    /// All who are in any of these rooms, each once.
    pub(super) fn in_rooms(&self, rooms: &[Room]) -> Vec<Arc<Member>> {
        let registry = lock(&self.registry);
        match rooms {
            [room] => registry.in_room(*room).cloned().collect(),
            rooms => {
                let sids: HashSet<&Sid> = rooms.iter().filter_map(|room| registry.rooms.get(room)).flatten().collect();
                sids.into_iter().filter_map(|sid| registry.members.get(sid)).cloned().collect()
            }
        }
    }

    /// Those of a company's people.
    pub(super) fn of_company(&self, organization_id: OrganizationId) -> Vec<Arc<Member>> {
        let of_it = |member: &Arc<Member>| {
            member.standing().actor.principal().is_some_and(|p| p.organization_id == Some(organization_id))
        };
        self.everybody().into_iter().filter(of_it).collect()
    }

    /// Every socket.
    pub(super) fn everybody(&self) -> Vec<Arc<Member>> {
        lock(&self.registry).members.values().cloned().collect()
    }

    /// Tickets that somebody of the staff looks on at here, and staff who are connected here.
    pub(super) fn here(&self) -> (HashSet<TicketId>, HashSet<UserId>) {
        let registry = lock(&self.registry);
        let staff: Vec<&Arc<Member>> = registry.in_room(Room::Staff).collect();
        let rooms = staff.iter().filter_map(|member| registry.of.get(&member.socket.id)).flatten();
        let tickets = rooms.filter_map(|room| if let Room::Ticket(id) = room { Some(*id) } else { None });
        (tickets.collect(), staff.iter().map(|member| member.user_id).collect())
    }

    /// Tells all nodes who looks at a ticket here.
    pub(super) fn tell_viewers(&self, ticket_id: TicketId) {
        self.publish_viewers(&lock(&self.registry), ticket_id);
    }

    /// Tells all nodes whether a person is connected here.
    pub(super) fn tell_connected(&self, user_id: UserId) {
        self.publish_connected(&lock(&self.registry), user_id);
    }

    /// Gives a socket the rights of this moment, and takes it out of the rooms that it has no right to any more. What it
    /// looks on at is for the caller to look through.
    pub(super) fn restand(&self, member: &Member, standing: Standing) {
        let (sid, wanted, is_staff) = (member.socket.id, standing.rooms(member.user_id), standing.is_staff());
        let mut registry = lock(&self.registry);
        let was_staff = std::mem::replace(&mut *lock(&member.standing), Arc::new(standing)).is_staff();
        let Some(rooms) = registry.of.get(&sid).cloned() else { return };
        let stays = |room: &Room| match room {
            Room::Ticket(_) => true,
            Room::Viewers(_) => is_staff,
            room => wanted.contains(room),
        };
        for room in rooms.iter().filter(|room| !stays(room)) {
            registry.leave(sid, *room);
        }
        for room in wanted {
            registry.join(sid, room);
        }
        if was_staff != is_staff {
            for room in rooms {
                if let Room::Ticket(ticket_id) = room {
                    self.publish_viewers(&registry, ticket_id);
                }
            }
            self.publish_connected(&registry, member.user_id);
        }
    }

    /// Ends a socket for good: its client does not come back by itself. It hears nothing more from now on, also where its
    /// queue is too full for it to be told.
    pub(super) fn end(&self, member: &Member, reason: &str) {
        if !member.is_ending.swap(true, Ordering::AcqRel) {
            // The client learns why, where it still listens.
            let _ = member.socket.emit("session_ended", &json!({ "reason": reason }));
            self.clear(&mut lock(&self.registry), member.socket.id);
        }
        match member.socket.clone().disconnect() {
            Ok(()) => self.remove(member.socket.id),
            Err(error) => tracing::debug!(%error, "a socket does not end yet"),
        }
    }
}

/// What a lock holds is whole whatever happened while it was held.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
