//! Keeping how jobs ended.

use super::shift::Shift;
use super::tally::Outcome;
use crate::access::Scope;
use crate::changes::{Changes, Write};
use crate::error::Error;
use crate::ids::{ChangeId, JobId};
use crate::model::{Attempt, Job, JobEnd, JobKind, JobOutcome};
use crate::port::StoreError;

/// A job that was tried, and what is to be written of it.
#[derive(Clone, Debug)]
pub(super) struct Ended {
    pub(super) id: JobId,
    pub(super) kind: Option<JobKind>,
    pub(super) outcome: JobOutcome,
    pub(super) attempt: Option<Attempt>,
    /// What else becomes true with it.
    pub(super) writes: Vec<Write>,
}

impl Ended {
    /// A job that nobody began.
    pub(super) fn released(job: &Job) -> Self {
        Self { kind: Some(job.kind), ..Self::cut(job.id) }
    }

    /// A job that is cut off in the middle: it may be done twice.
    pub(super) fn cut(id: JobId) -> Self {
        Self { id, kind: None, outcome: JobOutcome::Released, attempt: None, writes: Vec::new() }
    }
}

impl Shift<'_> {
    /// Keeps them in one commit. Where that is refused for what it holds, each alone, so that a bad one
    /// takes no other with it.
    pub(super) async fn keep(&self, batch: &[Ended]) -> Result<(), Error> {
        match self.commit(batch).await {
            Ok(()) => {}
            Err(Error::Unavailable(cause)) => return Err(Error::Unavailable(cause)),
            Err(Error::OutcomeUnknown(cause)) => return Err(Error::OutcomeUnknown(cause)),
            Err(_) if batch.len() > 1 => {
                for one in batch {
                    Box::pin(self.keep(std::slice::from_ref(one))).await?;
                }
                return Ok(());
            }
            Err(error) => {
                // Its lease ends, and it is tried again.
                let id = batch.first().map(|ended| ended.id);
                tracing::error!(?id, error = &error as &dyn std::error::Error, "the end of a job can't be kept");
            }
        }
        for ended in batch {
            self.lanes.forget(ended.id);
            if let Some(kind) = ended.kind {
                self.workers.tally.add(kind, ended.counts_as());
            }
        }
        Ok(())
    }

    async fn commit(&self, batch: &[Ended]) -> Result<(), Error> {
        let desk = &self.workers.desk;
        desk.insist(move || async move {
            let now = desk.now();
            let settings = desk.snapshot().await?.version;
            let mut writes = Vec::with_capacity(batch.len() * 2);
            for ended in batch {
                writes.extend(ended.writes.iter().cloned());
                writes.push(Write::EndJob(Box::new(JobEnd {
                    id: ended.id,
                    worker: self.id,
                    at: now,
                    outcome: ended.outcome.clone(),
                    attempt: ended.attempt.clone(),
                    must_hold: false,
                })));
            }
            let id = ChangeId(desk.ids().uuid(now));
            let guards = Vec::new();
            let changes = Changes { id, scope: Scope::UPKEEP, settings, bumps_settings: false, writes, guards };
            desk.commit(changes).await.map(drop)
        })
        .await
    }
}

impl Ended {
    fn counts_as(&self) -> Outcome {
        match self.outcome {
            JobOutcome::Done => Outcome::Done,
            JobOutcome::Retry { .. } => Outcome::Retried,
            JobOutcome::Dead { .. } => Outcome::Dead,
            JobOutcome::Released => Outcome::Released,
        }
    }
}

/// Whether the store is to blame, not the job.
pub(in crate::desk) fn is_store_away(error: &Error) -> bool {
    matches!(error, Error::Unavailable(_) | Error::OutcomeUnknown(_))
        && !matches!(error, Error::Unavailable(Some(StoreError::Duplicate(_))))
}
