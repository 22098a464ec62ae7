//! Who is connected to this node, and in which rooms.

use super::metrics::LiveMetrics;
use super::presence::Presence;
use super::rate::Rate;
use crate::auth::Authenticator;
use crate::cursor::Cursors;
use serde::Serialize;
use socketioxide::SendError;
use socketioxide::SocketError;
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use ticketing_core::access::Scope;
use ticketing_core::time::Time;
use ticketing_core::{Actor, Desk, Network, OrganizationId, Seq, TeamId, TicketId, UserId};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Sockets of one person; more are refused. Somebody with many tabs has a few dozen.
pub(super) const MOST_SOCKETS: usize = 64;
/// Tickets that one socket looks on at.
pub(super) const MOST_TICKETS: usize = 200;

/// Those who hear of the same things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Room {
    /// All that concerns one person.
    User(UserId),
    /// Who looks on at a ticket.
    Ticket(TicketId),
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
    /// The place before the first event that there was no room for; -1 where nothing is missing.
    missed: AtomicI64,
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
            missed: AtomicI64::new(-1),
            since: Instant::now(),
        }
    }

    pub(super) fn standing(&self) -> Arc<Standing> {
        Arc::clone(&lock(&self.standing))
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

    /// Takes a socket in, unless its person has too many.
    pub(super) fn add(&self, member: Member) -> bool {
        let (sid, user_id, standing) = (member.socket.id, member.user_id, member.standing());
        let is_first = {
            let mut registry = lock(&self.registry);
            let others = registry.rooms.get(&Room::User(user_id)).map_or(0, HashSet::len);
            if others >= MOST_SOCKETS {
                return false;
            }
            registry.members.insert(sid, Arc::new(member));
            for room in standing.rooms(user_id) {
                registry.join(sid, room);
            }
            others == 0
        };
        if is_first && standing.is_staff() {
            self.tell_connected(user_id, true);
        }
        true
    }

    /// Lets a socket go.
    pub(super) fn remove(&self, sid: Sid) {
        let (member, rooms, is_last) = {
            let mut registry = lock(&self.registry);
            let Some(member) = registry.members.remove(&sid) else { return };
            let rooms = registry.of.get(&sid).cloned().unwrap_or_default();
            for room in &rooms {
                registry.leave(sid, *room);
            }
            registry.of.remove(&sid);
            let is_last = !registry.rooms.contains_key(&Room::User(member.user_id));
            (member, rooms, is_last)
        };
        if !member.standing().is_staff() {
            return;
        }
        for room in rooms {
            if let Room::Ticket(ticket_id) = room {
                self.tell_viewers(ticket_id);
            }
        }
        if is_last {
            self.tell_connected(member.user_id, false);
        }
    }

    /// The socket, while it is connected.
    pub(super) fn member(&self, sid: Sid) -> Option<Arc<Member>> {
        lock(&self.registry).members.get(&sid).cloned()
    }

    /// Lets a socket look on at a ticket that its person may see; false where it looks on at too many.
    pub(super) fn look_on(&self, member: &Member, ticket_id: TicketId) -> bool {
        let sid = member.socket.id;
        {
            let mut registry = lock(&self.registry);
            if !registry.members.contains_key(&sid) {
                return true;
            }
            let tickets = registry.of.get(&sid).into_iter().flatten().filter(|room| matches!(room, Room::Ticket(_)));
            let is_in = registry.of.get(&sid).is_some_and(|rooms| rooms.contains(&Room::Ticket(ticket_id)));
            if !is_in && tickets.count() >= MOST_TICKETS {
                return false;
            }
            registry.join(sid, Room::Ticket(ticket_id));
        }
        if member.standing().is_staff() {
            self.tell_viewers(ticket_id);
        }
        true
    }

    /// Lets it look away.
    pub(super) fn look_away(&self, member: &Member, ticket_id: TicketId) {
        let was_in = lock(&self.registry).leave(member.socket.id, Room::Ticket(ticket_id));
        if was_in && member.standing().is_staff() {
            self.tell_viewers(ticket_id);
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

    /// Every socket.
    pub(super) fn everybody(&self) -> Vec<Arc<Member>> {
        lock(&self.registry).members.values().cloned().collect()
    }

    /// Those of the staff who look on at a ticket here, each once.
    pub(super) fn viewers_here(&self, ticket_id: TicketId) -> Vec<UserId> {
        let registry = lock(&self.registry);
        let staff = registry.in_room(Room::Ticket(ticket_id)).filter(|member| member.standing().is_staff());
        let users: HashSet<UserId> = staff.map(|member| member.user_id).collect();
        users.into_iter().collect()
    }

    /// Tickets that somebody looks on at here, and staff who are connected here.
    pub(super) fn here(&self) -> (Vec<TicketId>, Vec<UserId>) {
        let registry = lock(&self.registry);
        let tickets =
            registry.rooms.keys().filter_map(|room| if let Room::Ticket(id) = room { Some(*id) } else { None });
        let staff: HashSet<UserId> = registry.in_room(Room::Staff).map(|member| member.user_id).collect();
        (tickets.collect(), staff.into_iter().collect())
    }

    /// Gives a socket the rights of this moment, and takes it out of the rooms that it has no right to any more. What it
    /// looks on at is for the caller to look through.
    pub(super) fn restand(&self, member: &Member, standing: Standing) {
        let (sid, wanted) = (member.socket.id, standing.rooms(member.user_id));
        *lock(&member.standing) = Arc::new(standing);
        let mut registry = lock(&self.registry);
        let Some(rooms) = registry.of.get(&sid) else { return };
        let gone: Vec<Room> =
            rooms.iter().copied().filter(|room| !matches!(room, Room::Ticket(_)) && !wanted.contains(room)).collect();
        for room in gone {
            registry.leave(sid, room);
        }
        for room in wanted {
            registry.join(sid, room);
        }
    }

    /// Hands a message to a socket, or counts it as dropped where the socket has no room. What it missed is told as soon as
    /// there is room again: `resync` with the place to read on from.
    pub(super) fn tell<T: Serialize + ?Sized>(&self, member: &Member, name: &str, message: &T, place: Option<Seq>) {
        let missed = member.missed.load(Ordering::Acquire);
        if missed >= 0 {
            let after = self.sealed(Seq(missed));
            if member.socket.emit("resync", &serde_json::json!({ "after": after })).is_err() {
                self.metrics.dropped.fetch_add(1, Ordering::Relaxed);
                return;
            }
            member.missed.store(-1, Ordering::Release);
        }
        match member.socket.emit(name, message) {
            Ok(()) => {
                self.metrics.emitted.fetch_add(1, Ordering::Relaxed);
            }
            Err(SendError::Socket(SocketError::InternalChannelFull)) => {
                self.metrics.dropped.fetch_add(1, Ordering::Relaxed);
                if let Some(place) = place {
                    member.missed.store(place.0.saturating_sub(1).max(0), Ordering::Release);
                }
            }
            // It is going, and its end is told by itself.
            Err(SendError::Socket(SocketError::Closed)) => {}
            Err(SendError::Serialize(error)) => tracing::error!(%error, name, "a message could not be written"),
        }
    }

    /// A place in the log as clients carry it: what `GET /api/events?after=` takes.
    pub(super) fn sealed(&self, place: Seq) -> String {
        crate::routes::events::cursor(&self.cursors, place)
    }

    /// Ends a socket for good: its client does not come back by itself.
    pub(super) fn end(&self, member: &Member, reason: &str) {
        // The client learns why, where it still listens.
        let _ = member.socket.emit("session_ended", &serde_json::json!({ "reason": reason }));
        if let Err(error) = member.socket.clone().disconnect() {
            tracing::debug!(%error, "a socket could not be ended");
        }
        self.remove(member.socket.id);
    }
}

/// What a lock holds is whole whatever happened while it was held.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
