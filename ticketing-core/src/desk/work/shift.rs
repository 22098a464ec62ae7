//! One worker from its start to its end.

use super::Workers;
use super::lane::Lanes;
use super::settle::Ended;
use super::waiting::Waiting;
use crate::error::Error;
use crate::ids::WorkerId;
use crate::model::{Job, JobKind, JobState, Notification};
use crate::port::{Claim, JobPurge, StoreError};
use chrono::TimeDelta;
use futures::future::{Either, select};
use futures::{FutureExt, StreamExt, stream};
use std::future::Future;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::watch;
use tokio::time::sleep;

/// How many ended claims one commit keeps at most.
const BATCH: usize = 64;

/// How many jobs of dead workers are freed, and how many old ones and old runs of rules forgotten, at a time.
const TIDIED: usize = 500;

/// Of 256 calls of [`Shift::run_due`], how many look for old jobs.
const FORGETFUL: u8 = 4;

/// How often old jobs are looked for.
const TIDYING: Duration = Duration::from_mins(10);

/// One worker: its claims are known by its id.
pub(super) struct Shift<'w> {
    pub(super) workers: &'w Workers,
    pub(super) id: WorkerId,
    pub(super) lanes: Lanes,
    pub(super) waiting: Waiting,
}

impl<'w> Shift<'w> {
    pub(super) fn new(workers: &'w Workers) -> Self {
        let desk = &workers.desk;
        let lanes = Lanes::new(workers.options.per_lane, workers.options.at_once);
        Self { workers, id: WorkerId(desk.ids().uuid(desk.now())), lanes, waiting: Waiting::default() }
    }

    /// Claiming, doing and keeping go on side by side in this one future, each waiting for nobody but the
    /// one before it; so does what is due by the clock.
    pub(super) async fn run(&self, stop: impl Future<Output = ()> + Send) {
        let (told, stopping) = watch::channel(false);
        let at_once = self.workers.options.at_once.max(1);
        let (claimed, jobs) = channel(at_once);
        let (done, ended) = channel(at_once);
        let work = async {
            tokio::join!(
                self.claim(claimed, stopping.clone()),
                self.perform(jobs, done, stopping.clone()),
                self.settle(ended, stopping.clone()),
                self.watch_clock(stopping.clone()),
            )
        };
        let rest = async {
            tokio::join!(stop.map(|()| told.send_replace(true)), self.keep_leases(), self.tidy());
        };
        tokio::select! {
            _ = work => {}
            () = rest => {}
        }
    }

    /// What is due now, once.
    pub(super) async fn run_due(&self, limit: usize) -> Result<usize, Error> {
        let desk = &self.workers.desk;
        desk.store.free_jobs(desk.now(), TIDIED).await?;
        if desk.ids().uuid(desk.now()).as_bytes()[15] < FORGETFUL {
            self.forget_old().await?;
        }
        let fired = self.fire_due(limit, None).await?;
        let jobs = self.claim_once(limit).await?;
        let count = fired + jobs.len();
        let work = stream::iter(jobs)
            .map(|job| async move { self.one(&job).await })
            .buffer_unordered(self.workers.options.at_once.max(1))
            .filter_map(std::future::ready)
            .collect::<Vec<Ended>>();
        let ends = match select(pin!(work), pin!(self.keep_leases())).await {
            Either::Left((ends, _)) => ends,
            Either::Right(((), _)) => Vec::new(),
        };
        for batch in ends.chunks(BATCH) {
            self.keep(batch).await?;
        }
        Ok(count)
    }

    async fn claim_once(&self, limit: usize) -> Result<Vec<Job>, StoreError> {
        let (rooms, room) = self.lanes.rooms();
        let limit = room.min(limit);
        if limit == 0 {
            return Ok(Vec::new());
        }
        let now = self.workers.desk.now();
        let claim = Claim {
            worker: self.id,
            now,
            until: now + self.lease(),
            room: self.workers.options.per_lane.max(1),
            rooms,
            limit,
        };
        let jobs = self.workers.desk.store.claim_jobs(&claim).await?;
        self.lanes.take(&jobs, &claim.rooms, limit);
        self.waiting.add(&jobs);
        Ok(jobs)
    }

    async fn claim(&self, claimed: Sender<Job>, mut stopping: watch::Receiver<bool>) {
        let desk = &self.workers.desk;
        let mut bell = desk.parts.bell.subscribe();
        let mut has_failed = false;
        while !*stopping.borrow() {
            bell.mark_unchanged();
            match self.claim_once(usize::MAX).await {
                Ok(jobs) => {
                    has_failed = false;
                    for job in jobs {
                        // There is room for as many as can be claimed.
                        if claimed.send(job).await.is_err() {
                            return;
                        }
                    }
                }
                Err(error) => {
                    if !std::mem::replace(&mut has_failed, true) {
                        tracing::warn!(error = &error as &dyn std::error::Error, "jobs can't be claimed");
                    }
                }
            }
            tokio::select! {
                _ = stopping.changed() => {}
                _ = bell.changed(), if !has_failed => {}
                () = self.lanes.freed.notified(), if !has_failed => {}
                () = desk.rung(), if !has_failed => {}
                () = sleep(self.workers.options.poll) => {}
            }
        }
    }

    async fn perform(&self, mut jobs: Receiver<Job>, done: Sender<Ended>, stopping: watch::Receiver<bool>) {
        let mut told = stopping.clone();
        let (done, stopping) = (&done, &stopping);
        let all = stream::poll_fn(move |context| jobs.poll_recv(context)).for_each_concurrent(None, |job| async move {
            let ended = if *stopping.borrow() { Some(Ended::released(&job)) } else { self.one(&job).await };
            // One without an end was kept with its work, or is kept by another job. Whoever keeps ends goes on until
            // nobody is left to send one.
            if let Some(ended) = ended {
                drop(done.send(ended).await);
            }
        });
        let patience = async {
            // An error says that nobody can stop it any more; then it goes on.
            if told.wait_for(|told| *told).await.is_err() {
                std::future::pending::<()>().await;
            }
            sleep(self.workers.options.patience).await;
        };
        let cut = match select(pin!(all), pin!(patience)).await {
            Either::Left(_) => Vec::new(),
            Either::Right(_) => self.lanes.in_hand(),
        };
        for id in cut {
            drop(done.send(Ended::cut(id)).await);
        }
    }

    async fn settle(&self, mut ended: Receiver<Ended>, stopping: watch::Receiver<bool>) {
        let mut batch = Vec::with_capacity(BATCH);
        while ended.recv_many(&mut batch, BATCH).await > 0 {
            let mut pause = Duration::from_millis(20);
            // What was done must be kept, however long the store is away; its leases go on meanwhile.
            while let Err(error) = self.keep(&batch).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "the ends of jobs can't be kept");
                if *stopping.borrow() && pause > Duration::from_secs(2) {
                    break;
                }
                sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(5));
            }
            batch.clear();
        }
    }

    async fn keep_leases(&self) {
        loop {
            sleep(self.workers.options.lease / 3).await;
            let held = self.lanes.held();
            if held.is_empty() {
                continue;
            }
            let until = self.workers.desk.now() + self.lease();
            if let Err(error) = self.workers.desk.store.extend_leases(self.id, &held, until).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "leases of jobs can't be extended");
            }
        }
    }

    /// Frees the jobs of dead workers, and forgets what was done long ago.
    async fn tidy(&self) {
        let mut since = TIDYING;
        loop {
            let pause = (self.workers.options.lease / 4).clamp(Duration::from_millis(100), Duration::from_secs(5));
            let desk = &self.workers.desk;
            match desk.store.free_jobs(desk.now(), TIDIED).await {
                Ok(0) => {}
                Ok(freed) => {
                    tracing::warn!(freed, "jobs of a worker that is gone are done again");
                    desk.ring();
                }
                Err(error) => tracing::debug!(error = &error as &dyn std::error::Error, "no job could be freed"),
            }
            if since >= TIDYING {
                since = Duration::ZERO;
                if let Err(error) = self.forget_old().await {
                    tracing::debug!(error = &error as &dyn std::error::Error, "old jobs could not be forgotten");
                }
            }
            sleep(pause).await;
            since += pause;
        }
    }

    async fn forget_old(&self) -> Result<(), StoreError> {
        let desk = &self.workers.desk;
        let options = &self.workers.options;
        let kept = TimeDelta::from_std(options.kept).unwrap_or(TimeDelta::MAX);
        let runs_kept = TimeDelta::from_std(options.run_retention).unwrap_or(TimeDelta::MAX);
        let now = desk.now();
        let inside = vec![
            JobKind::Dispatch,
            JobKind::Notify,
            JobKind::RuleLimit,
            JobKind::Replan,
            JobKind::RuleScan,
            JobKind::LateNews,
            JobKind::LateMail,
            JobKind::Route,
            JobKind::Import,
        ];
        let purges = [
            // How a commit was worked out is of no interest once it is done.
            JobPurge {
                states: vec![JobState::Done],
                kinds: inside,
                before: now - kept.min(TimeDelta::days(1)),
                limit: TIDIED,
            },
            JobPurge {
                states: vec![JobState::Done, JobState::Dead],
                kinds: Vec::new(),
                before: now - kept,
                limit: TIDIED,
            },
        ];
        while desk.store.purge_mail_records(now - TimeDelta::days(40), TIDIED).await? >= TIDIED as u64 {}
        for purge in purges.iter().rev() {
            while desk.store.purge_jobs(purge).await? >= TIDIED as u64 {}
        }
        while desk.store.purge_workflow_runs(now - runs_kept, TIDIED).await? >= TIDIED as u64 {}
        let told_kept = TimeDelta::from_std(options.notification_retention).unwrap_or(TimeDelta::MAX);
        while desk.store.purge_notifications(now - told_kept, TIDIED).await? >= TIDIED as u64 {}
        // Clocks of several nodes may differ a little.
        while desk.store.purge_joined(now - Notification::WINDOW * 6, TIDIED).await? >= TIDIED as u64 {}
        Ok(())
    }

    fn lease(&self) -> TimeDelta {
        TimeDelta::from_std(self.workers.options.lease).unwrap_or(TimeDelta::MAX)
    }
}
