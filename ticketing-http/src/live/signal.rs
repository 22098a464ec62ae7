//! What the nodes tell one another and what passes with the time: who writes, who looks at what, who is connected, whose
//! rights have changed.

use super::hub::{Live, Member, Room, lock};
use super::presence::Writing;
use serde_json::json;
use std::collections::HashSet;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use ticketing_core::access::SystemReason;
use ticketing_core::model::Availability;
use ticketing_core::port::Signal;
use ticketing_core::{Actor, TicketId, UserId};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

/// How often what has run out is looked for.
const TICK: Duration = Duration::from_millis(250);
/// How often sockets are looked through for those whose time is over: at the latest a second after it.
const LOOK: Duration = Duration::from_millis(750);
/// How often a node says that it lives.
const ALIVE: Duration = Duration::from_secs(10);
/// How often every socket is looked at again, in case a signal was lost.
const SWEEP: Duration = Duration::from_mins(1);

impl Live {
    /// Staff who are connected anywhere.
    pub(super) fn connected_staff(&self) -> Vec<UserId> {
        lock(&self.presence).connected()
    }

    /// Whether it was told just now that somebody writes, so that it need not be told again.
    pub(super) fn is_fresh(&self, writing: Writing) -> bool {
        lock(&self.presence).is_fresh(&writing, Instant::now())
    }

    /// Who has spoken writes no more.
    pub(super) fn stop_typing(&self, ticket_id: TicketId, user_id: UserId) {
        for is_internal in [false, true] {
            let name = lock(&self.presence).stop(&(ticket_id, user_id, is_internal));
            if let Some(name) = name {
                self.show_typing((ticket_id, user_id, is_internal), &name, false);
            }
        }
    }

    async fn heard(&self, signal: Signal) {
        let now = Instant::now();
        match signal {
            Signal::Rights { user_id } => {
                self.desk.forget_rights();
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
            Signal::Told { change_id } => self.unsaid.told(change_id),
            Signal::Read { user_id } => {
                if self.is_here(user_id) {
                    self.unsaid.count(user_id);
                }
            }
            Signal::Availability { user_id, availability } => self.show_presence(user_id, Some(availability)).await,
            Signal::Typing { ticket_id, user_id, name, is_internal, is_typing } => {
                let writing = (ticket_id, user_id, is_internal);
                lock(&self.presence).write(writing, &name, is_typing, now);
                self.show_typing(writing, &name, is_typing);
            }
            Signal::Viewers { node, ticket_id, users } => {
                lock(&self.presence).look(node, ticket_id, users, now);
                self.show_viewers(ticket_id).await;
            }
            Signal::Connected { node, user_id, is_connected } => {
                let differs = lock(&self.presence).connect(node, user_id, is_connected, now);
                if differs {
                    self.show_presence(user_id, None).await;
                }
            }
            Signal::Anew { node } => lock(&self.presence).begin_anew(node, now),
            Signal::Whole { node } => {
                let over = lock(&self.presence).end_anew(node, now);
                self.show_over(over).await;
            }
            Signal::Alive { node } => lock(&self.presence).hear(node, now),
            // Told beside this: who tells much must go on hearing.
            Signal::Asks { .. } => {}
        }
    }

    /// Tells another node everything that it can't know, at a pace that it can follow.
    async fn tell_all(&self) {
        self.desk.bus().publish(Signal::Anew { node: self.node });
        let (tickets, staff) = self.here();
        for (told, user_id) in staff.into_iter().enumerate() {
            self.tell_connected(user_id);
            breathe(told).await;
        }
        for (told, ticket_id) in tickets.into_iter().enumerate() {
            self.tell_viewers(ticket_id);
            breathe(told).await;
        }
        self.desk.bus().publish(Signal::Whole { node: self.node });
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
        let hearers = self.in_rooms(&[Room::Ticket(ticket_id), Room::Viewers(ticket_id)]);
        let hearers: Vec<&Member> = hearers.iter().map(|member| &**member).collect();
        self.tell_viewers_to(ticket_id, &hearers).await;
    }

    /// Tells the staff of these who looks at a ticket. Who of the desk looks at a question is nothing for those who asked it.
    pub(super) async fn tell_viewers_to(&self, ticket_id: TicketId, hearers: &[&Member]) {
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
        for member in hearers.iter().filter(|member| member.standing().is_staff()) {
            self.tell(member, "viewers", &message, None);
        }
    }

    /// Whether anybody looks on at a ticket.
    pub(super) fn is_looked_at(&self, ticket_id: TicketId) -> bool {
        !lock(&self.presence).viewers(ticket_id).is_empty()
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

    /// Shows what has ended at other nodes.
    async fn show_over(&self, (tickets, people): (HashSet<TicketId>, HashSet<UserId>)) {
        for ticket_id in tickets {
            self.show_viewers(ticket_id).await;
        }
        for user_id in people {
            self.show_presence(user_id, None).await;
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
            let over = lock(&self.presence).forget(self.node, now);
            self.show_over(over).await;
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
    /// Whether the other nodes have asked.
    tells: bool,
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
    let mut due = Due { look: now, alive: now, sweep: now, settings: 0, asks: false, tells: false };
    let mut sweeping: Option<JoinHandle<()>> = None;
    let mut telling: Option<JoinHandle<()>> = None;
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
            // Also of nobody that is known: a link that was away is there again.
            Some(Ok(Signal::Asks { node })) => due.tells |= node != live.node,
            Some(Ok(signal)) => live.heard(signal).await,
            Some(Err(RecvError::Lagged(missed))) => {
                tracing::warn!(missed, "signals of other nodes were missed");
                live.metrics.dropped.fetch_add(missed, Relaxed);
                live.desk.forget_rights();
                live.unsaid.recount();
                lock(&live.presence).keep_all();
                // Not at once, and not once more while it is done: what is asked for may be what was too much.
                due.sweep = Instant::now().checked_sub(SWEEP).unwrap_or(due.sweep);
                due.asks = true;
            }
            Some(Err(RecvError::Closed)) => return,
            None => {
                live.tick(&mut due).await;
                if due.tells && telling.as_ref().is_none_or(JoinHandle::is_finished) {
                    due.tells = false;
                    let live = Arc::clone(&live);
                    telling = Some(tokio::spawn(async move { live.tell_all().await }));
                }
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
