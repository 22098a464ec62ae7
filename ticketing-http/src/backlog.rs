//! What the workers have to do and have done, and what mail waits, for Prometheus.
//!
//! Jobs and mails are counted by the store, so a look at them costs something. Whoever asks is told what the last look saw, for
//! a few seconds; one look is under way at most, and who comes meanwhile does not wait for it.

use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use ticketing_core::Desk;
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::desk::work::{Outcome, Workers};
use ticketing_core::error::Error;
use ticketing_core::model::{ArrivalCause, ArrivalState, JobKind, JobState};
use ticketing_core::port::{ArrivalCount, JobCount};
use ticketing_core::time::Time;

/// For how long a look is good.
const GOOD: TimeDelta = TimeDelta::seconds(5);
/// A store that takes longer than this is as good as away.
const PATIENCE: Duration = Duration::from_secs(2);
/// The states that are counted. There is no end of what is done, and nobody waits for it.
const STATES: [JobState; 3] = [JobState::Ready, JobState::Running, JobState::Dead];

/// The last look at jobs and mails.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    last: Mutex<Option<Look>>,
    is_looking: AtomicBool,
}

/// What was seen.
#[derive(Clone, Debug)]
struct Look {
    at: Time,
    /// None where the store did not answer.
    counts: Option<Arc<Counts>>,
}

#[derive(Debug)]
struct Counts {
    jobs: Vec<JobCount>,
    mails: Vec<ArrivalCount>,
}

/// That somebody looks, until it is gone.
struct Looking<'a>(&'a AtomicBool);

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Backlog {
    /// Writes what there is to do. Says nothing of it where the store does not answer.
    pub(crate) async fn write(&self, desk: &Desk, out: &mut String) {
        if let Some(counts) = self.counts(desk).await {
            // Writing to a String can't fail.
            let _ = write_counts(&counts.jobs, desk.now(), out);
            let _ = write_waiting(&counts.mails, desk.now(), out);
        }
    }

    async fn counts(&self, desk: &Desk) -> Option<Arc<Counts>> {
        let now = desk.now();
        // A clock that was put back must not make an old look good for longer.
        let is_good = |look: &Look| (look.at..look.at + GOOD).contains(&now);
        let last = self.last();
        if last.as_ref().is_some_and(is_good) || self.is_looking.swap(true, Ordering::Acquire) {
            return last.and_then(|look| look.counts);
        }
        let looking = Looking(&self.is_looking);
        // Another look may have ended between the two questions above.
        if let Some(look) = self.last().filter(is_good) {
            return look.counts;
        }
        let counts = match tokio::time::timeout(PATIENCE, count(desk)).await {
            Ok(Ok(counts)) => Some(Arc::new(counts)),
            Ok(Err(error)) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "jobs and mails can't be counted");
                None
            }
            Err(_elapsed) => None,
        };
        let look = Look { at: now, counts: counts.clone() };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(look);
        drop(looking);
        counts
    }

    fn last(&self) -> Option<Look> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn count(desk: &Desk) -> Result<Counts, Error> {
    let upkeep = Actor::system(SystemReason::Upkeep);
    Ok(Counts { jobs: desk.job_counts(&upkeep).await?, mails: desk.inbound_counts(&upkeep).await? })
}

/// The kinds that are told of. Letters with a link that sets a password are none of them: anybody may read
/// these figures, and would learn whether an address that was typed in belongs to somebody.
fn kinds() -> impl Iterator<Item = JobKind> {
    JobKind::ALL.iter().copied().filter(|kind| *kind != JobKind::PasswordMail)
}

fn write_counts(counts: &[JobCount], now: Time, out: &mut String) -> std::fmt::Result {
    let of = |kind, state| counts.iter().find(|count| (count.kind, count.state) == (kind, state));
    writeln!(out, "# HELP ticketing_jobs Jobs that wait, run or were given up.")?;
    writeln!(out, "# TYPE ticketing_jobs gauge")?;
    for kind in kinds() {
        for state in STATES {
            let count = of(kind, state).map_or(0, |count| count.count);
            writeln!(out, "ticketing_jobs{{kind=\"{kind}\",state=\"{state}\"}} {count}")?;
        }
    }
    let name = "ticketing_job_oldest_due_age_seconds";
    writeln!(out, "# HELP {name} For how long the job that is due the longest has waited.")?;
    writeln!(out, "# TYPE {name} gauge")?;
    for kind in kinds() {
        let due = of(kind, JobState::Ready).and_then(|count| count.oldest_due);
        let age = due.map_or(0, |due| (now - due).num_seconds().max(0));
        writeln!(out, "{name}{{kind=\"{kind}\"}} {age}")?;
    }
    Ok(())
}

/// Writes what the workers of this process have done.
pub(crate) fn write_attempts(workers: &Workers, out: &mut String) {
    // Writing to a String can't fail.
    let _ = try_write_attempts(workers, out);
}

fn try_write_attempts(workers: &Workers, out: &mut String) -> std::fmt::Result {
    let name = "ticketing_job_attempts_total";
    writeln!(out, "# HELP {name} Attempts at jobs by the workers of this process.")?;
    writeln!(out, "# TYPE {name} counter")?;
    for kind in kinds() {
        for outcome in Outcome::ALL {
            let (count, outcome) = (workers.tally().count(kind, outcome), outcome.as_str());
            writeln!(out, "{name}{{kind=\"{kind}\",outcome=\"{outcome}\"}} {count}")?;
        }
    }
    Ok(())
}

/// Why mails are where they are, as it is told. Anybody may read these figures, and would learn from causes of some kinds
/// whether an address belongs to somebody here: those are told as one.
fn cause_of(cause: Option<ArrivalCause>) -> &'static str {
    use ArrivalCause::{FormerSender, NotAllowed, RegistrationClosed, UnknownSender, UnprovenStaff};
    match cause {
        None => "none",
        Some(UnknownSender | RegistrationClosed | FormerSender | UnprovenStaff | NotAllowed) => "sender",
        Some(other) => other.as_str(),
    }
}

/// So many of each state and cause, as they are told.
fn by_cause(
    counts: impl IntoIterator<Item = (ArrivalState, Option<ArrivalCause>, u64)>,
) -> BTreeMap<(&'static str, &'static str), u64> {
    let mut told = BTreeMap::new();
    for (state, cause, count) in counts {
        *told.entry((state.as_str(), cause_of(cause))).or_default() += count;
    }
    told
}

fn write_waiting(mails: &[ArrivalCount], now: Time, out: &mut String) -> std::fmt::Result {
    let name = "ticketing_inbound_waiting";
    writeln!(out, "# HELP {name} Mails that are not read yet, or wait for an administrator.")?;
    writeln!(out, "# TYPE {name} gauge")?;
    // That there is nothing to read is told, too.
    let nothing = (ArrivalState::Waiting, None, 0);
    let counts = mails.iter().map(|mail| (mail.state, mail.cause, mail.count)).chain([nothing]);
    for ((state, cause), count) in by_cause(counts) {
        writeln!(out, "{name}{{state=\"{state}\",cause=\"{cause}\"}} {count}")?;
    }
    let name = "ticketing_inbound_oldest_waiting_seconds";
    writeln!(out, "# HELP {name} For how long the mail has waited that is not read yet for the longest.")?;
    writeln!(out, "# TYPE {name} gauge")?;
    let unread = mails.iter().filter(|mail| mail.state == ArrivalState::Waiting);
    let oldest = unread.filter_map(|mail| mail.oldest).min();
    writeln!(out, "{name} {}", oldest.map_or(0, |oldest| (now - oldest).num_seconds().max(0)))
}

/// Writes what this process has made of mails.
pub(crate) fn write_mails(desk: &Desk, out: &mut String) {
    // Writing to a String can't fail.
    let _ = try_write_mails(desk, out);
}

fn try_write_mails(desk: &Desk, out: &mut String) -> std::fmt::Result {
    let name = "ticketing_inbound_mails_total";
    writeln!(out, "# HELP {name} Mails that this process has decided about.")?;
    writeln!(out, "# TYPE {name} counter")?;
    for ((state, cause), count) in by_cause(desk.inbound_tally().counts()) {
        writeln!(out, "{name}{{state=\"{state}\",cause=\"{cause}\"}} {count}")?;
    }
    Ok(())
}
