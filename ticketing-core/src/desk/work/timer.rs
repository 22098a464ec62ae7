//! Doing what is due by the clock.

use super::settle::is_store_away;
use super::shift::Shift;
use crate::error::Error;
use crate::ids::TicketId;
use crate::time::Time;
use chrono::TimeDelta;
use futures::{FutureExt, StreamExt, stream};
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// How long other workers leave a claimed ticket alone. One whose worker is lost is late by so much.
const HOLD: TimeDelta = TimeDelta::seconds(5);
/// How many tickets are claimed at a time: what a worker does in less than the hold.
const CLAIMED: usize = 200;
/// How many tickets a worker has in hand at most. Each takes a few reads and a commit.
const AT_ONCE: usize = 16;
/// How soon something is looked for again that is due and could not be claimed.
const AGAIN: Duration = Duration::from_millis(50);

impl Shift<'_> {
    /// Does what is due when it is due, until told to stop.
    pub(super) async fn watch_clock(&self, mut stopping: watch::Receiver<bool>) {
        let desk = &self.workers.desk;
        let mut alarm = desk.parts.alarm.subscribe();
        let mut has_failed = false;
        while !*stopping.borrow() {
            // What was planned until now is found by this look.
            desk.parts.alarm.send_if_modified(|earliest| {
                *earliest = Time::MAX_UTC;
                false
            });
            alarm.mark_unchanged();
            let found = self.fire_due(CLAIMED, Some(&stopping)).await;
            if let Err(error) = &found
                && !has_failed
            {
                tracing::warn!(error = error as &dyn std::error::Error, "what is due can't be looked for");
            }
            has_failed = found.is_err();
            let pause = match found {
                Ok(0) => self.until_due().await.max(AGAIN),
                Ok(CLAIMED..) => continue,
                // What was done may have left something that is due by now.
                Ok(_) => self.until_due().await,
                Err(_) => self.workers.options.poll,
            };
            let wakes_at = desk.now() + TimeDelta::from_std(pause).unwrap_or(TimeDelta::zero());
            tokio::select! {
                _ = stopping.changed() => {}
                () = earlier(&mut alarm, wakes_at) => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// How long until something is due, at most until the next look that is made anyway: others plan, too, and clocks
    /// are set.
    async fn until_due(&self) -> Duration {
        let (desk, poll) = (&self.workers.desk, self.workers.options.poll);
        let now = desk.now();
        match desk.store.next_due_at(now).await {
            Ok(Some(due_at)) => (due_at - now).to_std().unwrap_or_default().min(poll),
            Ok(None) | Err(_) => poll,
        }
    }

    /// Starts what recurs and does what is due on tickets, at most so many of each, those first that were due first.
    /// Answers how many there were.
    pub(super) async fn fire_due(
        &self,
        limit: usize,
        stopping: Option<&watch::Receiver<bool>>,
    ) -> Result<usize, Error> {
        let desk = &self.workers.desk;
        let started = self.start_due(limit).await?;
        let now = desk.now();
        let claimed = desk.store.claim_wakes(now, now + HOLD, limit.min(CLAIMED)).await?;
        let count = started + claimed.len();
        stream::iter(claimed)
            .for_each_concurrent(AT_ONCE, |id| async move {
                // What is left is free again when its hold ends.
                if stopping.is_none_or(|stopping| !*stopping.borrow()) {
                    self.fire_one(id).await;
                }
            })
            .await;
        Ok(count)
    }

    /// A ticket that fails takes no other with it. It is tried again when its hold ends.
    async fn fire_one(&self, id: TicketId) {
        match AssertUnwindSafe(self.workers.desk.fire(id)).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) if is_store_away(&error) => {
                tracing::debug!(%id, error = &error as &dyn std::error::Error, "what is due on a ticket has to wait");
            }
            Ok(Err(error)) => {
                tracing::error!(%id, error = &error as &dyn std::error::Error, "what is due on a ticket failed");
            }
            Err(_) => tracing::error!(%id, "what is due on a ticket broke off; it is tried again"),
        }
    }
}

/// Returns when something is planned for a moment before this one.
async fn earlier(alarm: &mut watch::Receiver<Time>, than: Time) {
    while alarm.changed().await.is_ok() {
        if *alarm.borrow_and_update() < than {
            return;
        }
    }
    std::future::pending::<()>().await;
}
