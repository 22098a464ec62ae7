//! Moments at which a server is to die, chosen from outside.

use clap::ValueEnum;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// When the server dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Moment {
    /// At any time.
    Any,
    /// As soon as a write was answered: what it promised is a row and nothing else.
    Committed,
    /// When a call has arrived at its endpoint and is not answered.
    Arrived,
    /// When a call was answered and its worker has hardly read that.
    Answered,
    /// When a mail was taken and its worker has hardly read that.
    Mailed,
}

impl Moment {
    /// All of them, in the order in which they take turns.
    pub const ALL: [Self; 5] = [Self::Any, Self::Committed, Self::Arrived, Self::Answered, Self::Mailed];

    /// What it is called in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "at any time",
            Self::Committed => "after a commit",
            Self::Arrived => "after a call was sent",
            Self::Answered => "before its answer is kept",
            Self::Mailed => "after a mail was taken",
        }
    }
}

/// Waits for one thing to happen at one of these moments. Clones are the same trap.
#[derive(Clone, Default)]
pub struct Trap(Arc<State>);

#[derive(Default)]
struct State {
    armed: Mutex<Option<Moment>>,
    sprung: Notify,
}

impl Trap {
    /// Waits for the next thing that happens at this moment.
    pub async fn wait(&self, moment: Moment) {
        let mut sprung = pin!(self.0.sprung.notified());
        sprung.as_mut().enable();
        *self.armed() = Some(moment);
        sprung.await;
    }

    /// Forgets what it waited for.
    pub fn disarm(&self) {
        *self.armed() = None;
    }

    /// Whether this is what it waits for. It is then for the caller to [`spring`](Self::spring) it.
    pub fn takes(&self, moment: Moment) -> bool {
        let mut armed = self.armed();
        let is_it = *armed == Some(moment);
        if is_it {
            *armed = None;
        }
        is_it
    }

    /// Ends the wait.
    pub fn spring(&self) {
        self.0.sprung.notify_waiters();
    }

    /// Something has happened at this moment.
    pub fn step(&self, moment: Moment) {
        if self.takes(moment) {
            self.spring();
        }
    }

    fn armed(&self) -> MutexGuard<'_, Option<Moment>> {
        self.0.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
