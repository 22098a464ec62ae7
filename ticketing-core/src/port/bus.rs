//! What processes of one desk tell one another and nobody keeps.

use crate::ids::{ChangeId, OrganizationId, TicketId, UserId};
use crate::model::Availability;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use uuid::Uuid;

/// How many signals a subscriber may be behind; one that is further behind has missed the oldest and is told so.
pub const BACKLOG: usize = 1024;

/// What processes of one desk tell one another and nobody keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "signal", rename_all = "snake_case")]
pub enum Signal {
    /// A person's rights, teams, sign-ins or keys have changed: whoever is connected is looked at again.
    Rights {
        /// Who.
        user_id: UserId,
    },
    /// Whether a company shares its tickets among its people has changed, or may have: they are looked at again.
    Company {
        /// Which.
        organization_id: OrganizationId,
    },
    /// A person chose whether they take work.
    Availability {
        /// Who.
        user_id: UserId,
        /// What was chosen.
        availability: Availability,
    },
    /// A commit told people something on the desk that no event tells of.
    Told {
        /// Which.
        change_id: ChangeId,
    },
    /// A person has read what was told on the desk, or some of it.
    Read {
        /// Who.
        user_id: UserId,
    },
    /// Somebody writes, or has stopped.
    Typing {
        /// Where.
        ticket_id: TicketId,
        /// Who.
        user_id: UserId,
        /// The person's name.
        name: String,
        /// Whether it becomes an internal note, which is nothing for customers.
        is_internal: bool,
        /// False where the person has stopped.
        is_typing: bool,
    },
    /// Who looks at a ticket at this node now; all of them.
    Viewers {
        /// Where they are connected.
        node: Uuid,
        /// What they look at.
        ticket_id: TicketId,
        /// Everybody who does; empty where nobody is left.
        users: Vec<UserId>,
    },
    /// Whether a person is connected at this node.
    Connected {
        /// Which node.
        node: Uuid,
        /// Who.
        user_id: UserId,
        /// False where the last connection of the person has ended.
        is_connected: bool,
    },
    /// A node tells anew who is connected and who looks at what: what it told before holds as far as it tells it again
    /// before [`Signal::Whole`].
    Anew {
        /// Which node.
        node: Uuid,
    },
    /// A node has told everything anew.
    Whole {
        /// Which node.
        node: Uuid,
    },
    /// A node lives. What a node said is forgotten when it has not been heard of for a while.
    Alive {
        /// Which node.
        node: Uuid,
    },
    /// A node has begun and asks the others to tell theirs again.
    Asks {
        /// Which node.
        node: Uuid,
    },
}

/// Carries signals among the processes of a desk, this one included. Nothing that must not be lost goes this way.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Tells all, this process too. Never waits; a hint that may be lost between processes, never within one.
    fn publish(&self, signal: Signal);

    /// What is told from now on, by this process and by others. What one process tells comes in its order. A
    /// subscriber that falls more than [`BACKLOG`] signals behind is told how many it has missed, and goes on.
    fn subscribe(&self) -> broadcast::Receiver<Signal>;

    /// Whether other processes are reached right now; `None` where there are none to reach.
    fn is_linked(&self) -> Option<bool>;

    /// Tells the others what they have not been told yet, as far as that is quickly done, and lets go of them. This
    /// process is told of signals as before.
    async fn close(&self);
}

/// A bus within this process.
#[derive(Clone, Debug)]
pub struct LocalBus {
    signals: broadcast::Sender<Signal>,
}

impl Default for LocalBus {
    fn default() -> Self {
        Self { signals: broadcast::Sender::new(BACKLOG) }
    }
}

impl LocalBus {
    /// A bus without anybody on it yet.
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl Bus for LocalBus {
    fn publish(&self, signal: Signal) {
        // An error says that nobody is subscribed; then nobody is to be told.
        drop(self.signals.send(signal));
    }

    fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.signals.subscribe()
    }

    fn is_linked(&self) -> Option<bool> {
        None
    }

    async fn close(&self) {}
}
