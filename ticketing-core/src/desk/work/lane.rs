//! How much of each lane one worker has in hand, and how much it may have.

use crate::ids::JobId;
use crate::model::Job;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The lanes of one worker.
///
/// A lane whose last calls hung or found nobody gets less and less room, down to one job, and more
/// again with each one that goes well: a dead endpoint costs a worker next to nothing, and one that
/// comes back is soon served as before.
pub(super) struct Lanes {
    most: usize,
    at_once: usize,
    state: Mutex<State>,
    /// Told when a lane that may have more to do, or the worker, has room again.
    pub(super) freed: Notify,
}

#[derive(Default)]
struct State {
    lanes: BTreeMap<String, Lane>,
    /// Jobs whose end is not kept yet, and whether they were tried.
    held: HashMap<JobId, bool>,
    is_full: bool,
}

struct Lane {
    in_hand: usize,
    allowed: usize,
    /// The last claim gave it all it had room for, so there may be more.
    may_have_more: bool,
}

/// Whether the other side of a lane is well, as far as one job could tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// It answered, whatever it said.
    Well,
    /// It hung or was not there.
    Ill,
}

impl Lanes {
    /// Nothing in hand yet: at most `most` jobs of one lane, `at_once` of all.
    pub(super) fn new(most: usize, at_once: usize) -> Self {
        Self { most: most.max(1), at_once: at_once.max(1), state: Mutex::default(), freed: Notify::new() }
    }

    /// How many jobs can be taken, of the lanes that are known and of all together.
    pub(super) fn rooms(&self) -> (BTreeMap<String, usize>, usize) {
        let mut state = self.lock();
        let limit = self.at_once.saturating_sub(state.held.len());
        state.is_full = limit == 0;
        let rooms = state.lanes.iter().map(|(name, lane)| (name.clone(), lane.allowed.saturating_sub(lane.in_hand)));
        (rooms.collect(), limit)
    }

    /// These jobs were claimed under such rooms.
    pub(super) fn take(&self, jobs: &[Job], rooms: &BTreeMap<String, usize>, limit: usize) {
        let mut state = self.lock();
        let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
        for job in jobs {
            *taken.entry(&job.lane).or_default() += 1;
            state.held.insert(job.id, false);
        }
        state.is_full = jobs.len() >= limit;
        for (name, lane) in &mut state.lanes {
            let room = rooms.get(name).copied().unwrap_or(self.most);
            lane.may_have_more = taken.get(name.as_str()).copied().unwrap_or_default() >= room;
        }
        for (name, count) in taken {
            let lane = state.lanes.entry(name.to_owned()).or_insert_with(|| Lane {
                in_hand: 0,
                allowed: self.most,
                may_have_more: count >= rooms.get(name).copied().unwrap_or(self.most),
            });
            lane.in_hand += count;
        }
    }

    /// A job was tried, and its lane has room for another one.
    pub(super) fn done(&self, job: &Job, pace: Option<Pace>) {
        let mut state = self.lock();
        if let Some(was_tried) = state.held.get_mut(&job.id) {
            *was_tried = true;
        }
        let Some(lane) = state.lanes.get_mut(&job.lane) else { return };
        lane.in_hand = lane.in_hand.saturating_sub(1);
        match pace {
            Some(Pace::Well) => lane.allowed = (lane.allowed + 1).min(self.most),
            Some(Pace::Ill) => lane.allowed = (lane.allowed / 2).max(1),
            None => {}
        }
        // Half a lane is fetched at a time, not every job alone.
        let wants = lane.may_have_more && lane.in_hand <= lane.allowed / 2;
        if lane.in_hand == 0 && lane.allowed == self.most && !lane.may_have_more {
            state.lanes.remove(&job.lane);
        }
        drop(state);
        if wants {
            self.freed.notify_one();
        }
    }

    /// The end of a job is kept: it is nothing to the worker any more.
    pub(super) fn forget(&self, id: JobId) {
        let mut state = self.lock();
        state.held.remove(&id);
        let was_full = state.is_full;
        drop(state);
        if was_full {
            self.freed.notify_one();
        }
    }

    /// Another job does this one with its own: its lane has room, and it stays in hand until that one is done.
    pub(super) fn leave(&self, job: &Job) {
        if let Some(lane) = self.lock().lanes.get_mut(&job.lane) {
            lane.in_hand = lane.in_hand.saturating_sub(1);
        }
    }

    /// All jobs whose end is not kept yet.
    pub(super) fn held(&self) -> Vec<JobId> {
        self.lock().held.keys().copied().collect()
    }

    /// Those of them that nobody has finished trying.
    pub(super) fn in_hand(&self) -> Vec<JobId> {
        self.lock().held.iter().filter(|(_, was_tried)| !**was_tried).map(|(id, _)| *id).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that runs while it is held can panic half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
