//! Sealing the audit log: lines become links of a chain, apart from the commits that wrote them.

use super::Desk;
use super::recorder::Recorder;
use crate::access::{Actor, Call, SystemReason};
use crate::changes::Write;
use crate::error::Error;
use crate::model::{AuditHead, AuditSeal};

impl Desk {
    /// How many lines one seal holds at most.
    pub const LINES_A_SEAL: usize = 1000;

    /// Seals the oldest lines of the audit log that wait for it, at most [`Desk::LINES_A_SEAL`] of them.
    /// Answers the seal, or nothing where no line waits.
    ///
    /// Call it about every second, in one process or in many: of several at the same time one is first
    /// and the others look again. What is not sealed yet can be taken out of the log unnoticed by
    /// whoever owns the database.
    pub async fn seal_audit(&self) -> Result<Option<AuditSeal>, Error> {
        let call = &Call::from(&Actor::system(SystemReason::Upkeep));
        self.insist(move || async move {
            let waiting = self.store.unsealed_audit(Self::LINES_A_SEAL).await?;
            if waiting.is_empty() {
                return Ok(None);
            }
            let last = self.store.last_audit_seal().await?;
            let mut recorder = Recorder::begin(self, call).await?;
            let seal = self.parts.audit_key.link(last.as_ref(), recorder.now, &waiting);
            recorder.write(Write::Seal(Box::new(seal.clone())));
            recorder.commit().await?;
            Ok(Some(seal))
        })
        .await
    }

    /// Whether the chain still has this seal, as it was known elsewhere. Says nothing of its lines.
    pub async fn has_audit_head(&self, head: &AuditHead) -> Result<bool, Error> {
        let found = self.store.audit_seals(head.no.saturating_sub(1), 1).await?;
        Ok(found.first().is_some_and(|seal| seal.head() == *head))
    }
}
