//! Workers: what commits have promised is done.
//!
//! A worker claims jobs for a while, does them side by side and says how they went. It can die at any
//! moment: what it had in hand is claimed again by another one once the time of its claim is over. So
//! everything is done at least once, and everything that leaves the desk carries an id that stays the
//! same when it leaves again.

mod asked;
mod cap;
mod dispatch;
mod import;
mod inbound;
mod lane;
mod late;
mod letter;
mod mail;
mod notice;
mod notify;
mod password_mail;
mod perform;
mod post;
mod rename_option;
mod replan;
mod retry;
mod route;
mod rule_action;
mod rule_limit;
mod rule_mail;
mod rule_scan;
mod settle;
mod shift;
mod switched_off;
mod tally;
mod timer;
mod waiting;
mod webhook;

pub(super) use asked::{AskedOf, asked_job, limit_job};
pub(super) use cap::next as next_record;
pub(super) use dispatch::{dispatch_job, leaves, new_job};
pub(super) use inbound::inbound_job;
pub(super) use mail::{MailedTo, mark_unreachable, recipient, sent_to};
pub(super) use notice::{Circle, Item, is_news, status_change};
pub(super) use notify::MOST_WATCHERS;
pub(super) use password_mail::password_job;
pub(super) use rename_option::rename_job;
pub(super) use replan::replan_job;
pub(super) use route::{next_look, route_job};
pub(super) use settle::is_store_away;
pub(super) use switched_off::switched_off_jobs;
pub use tally::{JobTally, Outcome};

use super::Desk;
use crate::error::Error;
use shift::Shift;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// How workers go about it; what an operator sets.
#[derive(Clone, Debug)]
pub struct WorkOptions {
    /// How long a job stays a dead worker's.
    pub lease: Duration,
    /// How long after its first failure a mail or a call is tried again; later pauses grow from it.
    pub retry_base: Duration,
    /// How often to look for jobs that nobody has told of.
    pub poll: Duration,
    /// How many jobs of one lane, such as one endpoint, one worker has in hand at most.
    pub per_lane: usize,
    /// How many jobs one worker has in hand at most.
    pub at_once: usize,
    /// How long to wait for more to happen to a ticket before its people get mail.
    pub digest_window: Duration,
    /// How long a stop waits for jobs in hand.
    pub patience: Duration,
    /// How long mails and calls that are done or were given up stay listed.
    pub kept: Duration,
    /// How long it stays known what rules did.
    pub run_retention: Duration,
    /// How long it stays known what people were told on the desk and have read.
    pub notification_retention: Duration,
}

impl Default for WorkOptions {
    fn default() -> Self {
        Self {
            lease: Duration::from_mins(1),
            retry_base: Duration::from_secs(5),
            poll: Duration::from_secs(1),
            per_lane: 16,
            at_once: 256,
            digest_window: Duration::from_secs(5),
            patience: Duration::from_secs(30),
            kept: Duration::from_hours(30 * 24),
            run_retention: Duration::from_hours(30 * 24),
            notification_retention: Duration::from_hours(90 * 24),
        }
    }
}

/// Workers of a desk. Cheap to clone; does nothing until one of its methods is polled.
#[derive(Clone)]
pub struct Workers {
    desk: Desk,
    options: WorkOptions,
    tally: Arc<JobTally>,
}

impl Desk {
    /// Workers for this desk's jobs. Several in one process or in many share the work.
    pub fn workers(&self, options: WorkOptions) -> Workers {
        Workers { desk: self.clone(), options, tally: Arc::default() }
    }
}

impl Workers {
    /// Works until told to stop. Jobs in hand are finished then, for at most the options' patience, and
    /// the others given back.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        Shift::new(self).run(stop).await;
    }

    /// Does what is due by the clock and jobs that are due, of each at most so many, and returns how many it did. For hosts that have a
    /// scheduler of their own.
    pub async fn run_due(&self, limit: usize) -> Result<usize, Error> {
        Shift::new(self).run_due(limit).await
    }

    /// What these workers have done so far.
    pub fn tally(&self) -> &JobTally {
        &self.tally
    }
}
