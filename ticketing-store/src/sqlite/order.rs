//! What the writer is asked to do.

use super::apply;
use sqlx::sqlite::SqliteConnection;
use ticketing_core::changes::{Changes, Committed};
use ticketing_core::ids::{JobId, TicketId, WorkerId};
use ticketing_core::model::Job;
use ticketing_core::port::{Claim, JobPurge, StoreError, StoreResult};
use ticketing_core::time::Time;

/// One item of a group: done whole or not at all.
pub enum Order {
    /// Apply a change.
    Commit(Changes),
    /// Give a worker jobs.
    Claim(Claim),
    /// Move the end of a worker's claims on.
    Extend { worker: WorkerId, ids: Vec<JobId>, until: Time },
    /// Take jobs from workers whose time is over.
    Free { now: Time, limit: usize },
    /// Forget ended jobs.
    Purge(JobPurge),
    /// Forget addresses.
    PurgeMail { before: Time, limit: usize },
    /// Forget what rules did.
    PurgeRuns { before: Time, limit: usize },
    /// Forget what people were told and have read.
    PurgeNotifications { before: Time, limit: usize },
    /// Forget what was told last, as far as joining goes.
    PurgeJoined { before: Time, limit: usize },
    /// Give a worker tickets that are due.
    ClaimWakes { now: Time, until: Time, limit: usize },
}

/// What came of it.
#[derive(Debug)]
pub enum Done {
    /// Of a change.
    Committed(Committed),
    /// The jobs that a worker was given.
    Jobs(Vec<Job>),
    /// The jobs that are still a worker's.
    Held(Vec<JobId>),
    /// The tickets that a worker was given.
    Wakes(Vec<TicketId>),
    /// How many rows it was.
    Count(u64),
}

impl Order {
    /// Does it, within the transaction that the connection is in. `settings` is the version that the store
    /// holds.
    pub async fn run(&self, connection: &mut SqliteConnection, settings: i64) -> StoreResult<Done> {
        Ok(match self {
            Self::Commit(changes) => Done::Committed(apply::changes(connection, settings, changes).await?),
            Self::Claim(claim) => Done::Jobs(apply::claim::claim(connection, claim).await?),
            Self::Extend { worker, ids, until } => {
                Done::Held(apply::claim::extend(connection, *worker, ids, *until).await?)
            }
            Self::Free { now, limit } => Done::Count(apply::claim::free(connection, *now, *limit).await?),
            Self::Purge(purge) => Done::Count(apply::claim::purge(connection, purge).await?),
            Self::PurgeMail { before, limit } => {
                Done::Count(apply::claim::purge_mail(connection, *before, *limit).await?)
            }
            Self::PurgeRuns { before, limit } => {
                Done::Count(apply::workflow::purge(connection, *before, *limit).await?)
            }
            Self::PurgeNotifications { before, limit } => {
                Done::Count(apply::notification::purge(connection, *before, *limit).await?)
            }
            Self::PurgeJoined { before, limit } => {
                Done::Count(apply::notification::purge_joined(connection, *before, *limit).await?)
            }
            Self::ClaimWakes { now, until, limit } => {
                Done::Wakes(apply::timer::claim(connection, *now, *until, *limit).await?)
            }
        })
    }

    /// Whether the settings' version grows by it.
    pub fn bumps_settings(&self) -> bool {
        matches!(self, Self::Commit(changes) if changes.bumps_settings)
    }
}

impl Done {
    pub fn committed(self) -> StoreResult<Committed> {
        if let Self::Committed(committed) = self { Ok(committed) } else { Err(mixed_up()) }
    }

    pub fn jobs(self) -> StoreResult<Vec<Job>> {
        if let Self::Jobs(jobs) = self { Ok(jobs) } else { Err(mixed_up()) }
    }

    pub fn held(self) -> StoreResult<Vec<JobId>> {
        if let Self::Held(ids) = self { Ok(ids) } else { Err(mixed_up()) }
    }

    pub fn wakes(self) -> StoreResult<Vec<TicketId>> {
        if let Self::Wakes(ids) = self { Ok(ids) } else { Err(mixed_up()) }
    }

    pub fn count(self) -> StoreResult<u64> {
        if let Self::Count(count) = self { Ok(count) } else { Err(mixed_up()) }
    }
}

fn mixed_up() -> StoreError {
    StoreError::Other("the writer answered something else than it was asked".into())
}
