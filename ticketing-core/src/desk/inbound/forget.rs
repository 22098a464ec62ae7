//! Forgetting who wrote mails.

use super::unkept;
use crate::access::Call;
use crate::changes::{Expect, Write};
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::fold::fold;
use crate::model::{Arrival, ArrivalDetail, ArrivalState, BlobKey};
use crate::port::ArrivalQuery;

/// How many mails are forgotten at a time.
const MAILS: usize = 200;

impl Desk {
    /// Forgets the mails that came from this address: their bytes, who wrote them and what they were about. What they became
    /// on tickets stays, as whatever was said there by other ways. Answers how many.
    pub(in crate::desk) async fn forget_mails(&self, call: &Call, address: &str) -> Result<u64, Error> {
        let query = ArrivalQuery { sender: Some(fold(address)), limit: MAILS, ..ArrivalQuery::default() };
        let mut forgotten = 0;
        loop {
            // What is forgotten has no sender, and so is not found again.
            let mails = self.store.arrivals(&query).await?;
            if mails.is_empty() {
                return Ok(forgotten);
            }
            // Bytes first: whoever is interrupted here finds the mails again.
            for mail in &mails {
                self.blobs()?.delete(BlobKey(mail.digest)).await.map_err(unkept)?;
            }
            let mut recorder = Recorder::begin(self, call).await?;
            for mail in &mails {
                let is_over = !mail.state.is_open() && mail.state != ArrivalState::Waiting;
                let next = Arrival {
                    key: format!("forgotten:{}", mail.id),
                    sender: None,
                    state: if is_over { mail.state } else { ArrivalState::Dropped },
                    detail: ArrivalDetail { decided_at: mail.detail.decided_at, ..ArrivalDetail::default() },
                    version: mail.version + 1,
                    ..mail.clone()
                };
                recorder.write(Write::Arrival { arrival: Box::new(next), expect: Expect::Version(mail.version) });
            }
            match recorder.commit().await {
                // Somebody decides about one of them at this moment: it is looked at again.
                Err(Error::Unavailable(Some(crate::port::StoreError::Conflict))) => {}
                done => {
                    done?;
                    forgotten += mails.len() as u64;
                }
            }
        }
    }
}
