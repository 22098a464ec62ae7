//! What is handed to a socket, in which order, and what becomes of what it has no room for.

use super::hub::{Live, Member, lock};
use serde::Serialize;
use serde_json::json;
use socketioxide::{SendError, SocketError};
use std::sync::atomic::Ordering;
use ticketing_core::Seq;

/// What is known of what a socket was told.
#[derive(Default)]
pub(super) struct Told {
    /// It was told from where on it hears everything. Before that it hears nothing.
    is_welcome: bool,
    /// The place before the first event that there was no room for, where something is missing.
    missed: Option<Seq>,
}

impl Live {
    /// Tells a new socket from where on it hears everything, before it hears anything: what was before is for the API to
    /// say.
    pub(super) fn welcome(&self, member: &Member) {
        // What is told meanwhile waits, and is told after it.
        let mut told = lock(&member.told);
        let mut ready = json!({ "cursor": self.sealed(self.place()) });
        if member.standing().is_staff() {
            ready["connected"] = json!(self.connected_staff());
        }
        // The queue of a new socket has room, unless it is gone.
        told.is_welcome = member.socket.emit("ready", &ready).is_ok();
        self.metrics.emitted.fetch_add(1, Ordering::Relaxed);
    }

    /// Hands a message to a socket, or counts it as dropped where the socket has no room. What it missed is told as soon as
    /// there is room again: `resync` with the place to read on from.
    pub(super) fn tell<T: Serialize + ?Sized>(&self, member: &Member, name: &str, message: &T, place: Option<Seq>) {
        let mut told = lock(&member.told);
        if !told.is_welcome || member.is_ending() {
            return;
        }
        if !self.resync(member, &mut told) {
            self.metrics.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        match member.socket.emit(name, message) {
            Ok(()) => {
                self.metrics.emitted.fetch_add(1, Ordering::Relaxed);
            }
            Err(SendError::Socket(SocketError::InternalChannelFull)) => {
                self.metrics.dropped.fetch_add(1, Ordering::Relaxed);
                told.missed = place.map(before);
            }
            // It is going, and its end is told by itself.
            Err(SendError::Socket(SocketError::Closed)) => {}
            Err(SendError::Serialize(error)) => tracing::error!(%error, name, "a message could not be written"),
        }
    }

    /// Notes that a socket is not told of an event.
    pub(super) fn miss(&self, member: &Member, place: Seq) {
        self.metrics.dropped.fetch_add(1, Ordering::Relaxed);
        let mut told = lock(&member.told);
        if told.is_welcome {
            told.missed.get_or_insert(before(place));
        }
    }

    /// Tells a socket what it missed, where it did and has room by now; whether nothing is left to tell.
    fn resync(&self, member: &Member, told: &mut Told) -> bool {
        let Some(place) = told.missed else { return true };
        let is_told = member.socket.emit("resync", &json!({ "after": self.sealed(place) })).is_ok();
        if is_told {
            told.missed = None;
        }
        is_told
    }

    /// Tells a socket what it missed, though nothing else is to be told; takes it away where it is to end.
    pub(super) fn tend(&self, member: &Member) {
        if member.is_ending() {
            self.end(member, "");
        } else {
            self.resync(member, &mut lock(&member.told));
        }
    }

    /// A place in the log as clients carry it: what `GET /api/events?after=` takes.
    pub(super) fn sealed(&self, place: Seq) -> String {
        crate::routes::events::cursor(&self.cursors, place)
    }
}

/// The place from which on one reads what is at this one.
fn before(place: Seq) -> Seq {
    Seq(place.0.saturating_sub(1))
}
