//! Ids and secrets as a port, so that a test can foretell them.

use crate::ids::TicketNumber;
use crate::time::Time;
use rand::TryRng;
use rand::rngs::SysRng;
use uuid::{Builder, Uuid};

/// Where ids, ticket numbers and secrets come from.
pub trait IdSource: Send + Sync {
    /// Fills the bytes with randomness that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);

    /// A new UUIDv7 of this moment.
    fn uuid(&self, now: Time) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// A new ticket number. Two may meet by chance; the store then refuses the second.
    fn ticket_number(&self) -> TicketNumber {
        let mut bits = [0; 8];
        self.fill(&mut bits);
        TicketNumber::from_bits(u64::from_le_bytes(bits))
    }

    /// A new secret of 256 bits.
    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        self.fill(&mut secret);
        secret
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness no secret may be handed out: there is nothing sensible to do but stop.
        #[allow(clippy::expect_used)]
        SysRng.try_fill_bytes(bytes).expect("the operating system gives randomness");
    }
}
