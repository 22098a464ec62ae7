//! Claimed jobs that one worker does together: all that a ticket's people are to be told of.

use crate::ids::TicketId;
use crate::model::{Job, JobKind};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Jobs that were claimed to tell of a ticket, and not begun yet.
#[derive(Default)]
pub(super) struct Waiting(Mutex<HashMap<TicketId, Vec<Job>>>);

impl Waiting {
    /// These were claimed.
    pub(super) fn add(&self, jobs: &[Job]) {
        let told = jobs.iter().filter(|job| job.kind == JobKind::Notify);
        let told: Vec<_> = told.filter_map(|job| Some((job.ticket_id?, job.clone()))).collect();
        if told.is_empty() {
            return;
        }
        let mut waiting = self.lock();
        for (ticket_id, job) in told {
            waiting.entry(ticket_id).or_default().push(job);
        }
    }

    /// All that waits about the job's ticket but the job itself, to be done with it; nothing where another
    /// one has taken the job along already.
    pub(super) fn take_along(&self, job: &Job) -> Option<Vec<Job>> {
        let ticket_id = job.ticket_id?;
        let mut waiting = self.lock();
        let all = waiting.get(&ticket_id)?;
        if !all.iter().any(|other| other.id == job.id) {
            return None;
        }
        let mut all = waiting.remove(&ticket_id).unwrap_or_default();
        all.retain(|other| other.id != job.id);
        Some(all)
    }

    /// The job is not to be told of.
    pub(super) fn drop_out(&self, job: &Job) {
        let Some(ticket_id) = job.ticket_id else { return };
        let mut waiting = self.lock();
        if let Some(all) = waiting.get_mut(&ticket_id) {
            all.retain(|other| other.id != job.id);
            if all.is_empty() {
                waiting.remove(&ticket_id);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TicketId, Vec<Job>>> {
        // Nothing that runs while it is held can panic half way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
