//! Canned responses: texts that staff answer with again and again.

use crate::ids::CannedResponseId;
use crate::time::Time;

/// How often somebody has answered with a canned response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CannedUse {
    /// Which.
    pub response_id: CannedResponseId,
    /// How often.
    pub uses: u64,
    /// When last.
    pub last_used_at: Time,
}
