//! The task of a running server that seals the audit log.

use crate::head;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use ticketing_core::Desk;
use ticketing_core::model::{AuditHead, AuditSeal};
use tokio_util::sync::CancellationToken;

/// How often lines are sealed.
const ROUND: Duration = Duration::from_secs(1);
/// How often the log of the program says where the chain ends.
const TELLING: Duration = Duration::from_mins(1);
/// How long a stop waits for the last round.
const LAST_ROUND: Duration = Duration::from_secs(5);

/// Seals the audit log of a desk and keeps where it ends.
pub struct Sealer {
    desk: Desk,
    path: Option<PathBuf>,
    newest: Option<AuditHead>,
    told: Option<Instant>,
    has_failed: bool,
}

impl Sealer {
    /// A sealer that has not begun.
    pub fn new(desk: Desk, path: Option<PathBuf>) -> Self {
        Self { desk, path, newest: None, told: None, has_failed: false }
    }

    /// Seals each second until it is told to stop, and then what was written up to there.
    pub async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(ROUND) => {}
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.round() => {}
            }
        }
        if tokio::time::timeout(LAST_ROUND, self.round()).await.is_err() {
            tracing::warn!("the newest lines of the audit log are sealed by the next server");
        }
        self.tell();
    }

    /// Seals all that waits.
    async fn round(&mut self) {
        loop {
            match self.desk.seal_audit().await {
                Ok(Some(seal)) => {
                    self.has_failed = false;
                    self.keep(&seal).await;
                    if seal.lines().count() < Desk::LINES_A_SEAL {
                        break;
                    }
                }
                Ok(None) => {
                    self.has_failed = false;
                    break;
                }
                Err(error) => {
                    // Once is enough: it is tried again each second.
                    if !std::mem::replace(&mut self.has_failed, true) {
                        tracing::warn!(error = &error as &dyn std::error::Error, "the audit log can't be sealed");
                    }
                    break;
                }
            }
        }
        if self.newest.is_some() && self.told.is_none_or(|told| told.elapsed() >= TELLING) {
            self.tell();
        }
    }

    fn tell(&mut self) {
        if let Some(head) = self.newest.take() {
            tracing::info!(no = head.no, mac = head.mac, "the audit log is sealed up to here");
            self.told = Some(Instant::now());
        }
    }

    /// Keeps where the chain ends, unless the one that was kept before is no longer part of it: then it is
    /// the only proof that something was cut off.
    async fn keep(&mut self, seal: &AuditSeal) {
        let newest = seal.head();
        self.newest = Some(newest.clone());
        let Some(path) = &self.path else { return };
        let kept = match head::read(path) {
            Ok(kept) => kept,
            Err(error) => return tracing::error!(%error, "the head of the audit log can't be read"),
        };
        if let Some(kept) = kept {
            match self.desk.has_audit_head(&kept).await {
                Ok(true) if kept.no >= newest.no => return,
                Ok(true) => {}
                Ok(false) => {
                    return tracing::error!(
                        no = kept.no,
                        "the audit log was cut: it lacks the head that AUDIT_HEAD_PATH has; see `ticketing audit verify`"
                    );
                }
                // The next seal tries again.
                Err(_) => return,
            }
        }
        if let Err(error) = head::write(path, &newest) {
            tracing::error!(%error, path = %path.display(), "AUDIT_HEAD_PATH can't be written");
        }
    }
}
