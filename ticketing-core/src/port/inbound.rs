//! Mail that came in, and where bytes are kept.

use super::StoreResult;
use crate::ids::{ArrivalId, TicketId};
use crate::mail::inbound::InboundMail;
use crate::model::{Arrival, ArrivalCause, ArrivalState, BlobKey};
use crate::time::Time;
use async_trait::async_trait;
use bytes::Bytes;
use uuid::Uuid;

/// Which mails a list shows, newest first (by id).
#[derive(Clone, Debug, Default)]
pub struct ArrivalQuery {
    /// Only of these states; of all where it is empty.
    pub states: Vec<ArrivalState>,
    /// Only of this cause.
    pub cause: Option<ArrivalCause>,
    /// Only of this mailbox.
    pub mailbox_id: Option<Uuid>,
    /// Only of this folded address.
    pub sender: Option<String>,
    /// Only about this ticket.
    pub ticket_id: Option<TicketId>,
    /// After this one.
    pub after: Option<ArrivalId>,
    /// How many at most.
    pub limit: usize,
}

/// How many mails there are in a state, for a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArrivalCount {
    /// The state.
    pub state: ArrivalState,
    /// The cause.
    pub cause: Option<ArrivalCause>,
    /// How many.
    pub count: u64,
    /// When the oldest of them was taken in.
    pub oldest: Option<Time>,
}

/// Mail that came in. For the desk alone: there is no scope.
#[async_trait]
pub trait InboundRead: Send + Sync {
    /// The mail.
    async fn arrival(&self, id: ArrivalId) -> StoreResult<Option<Arrival>>;

    /// The mail of which another copy has this key.
    async fn arrival_by_key(&self, key: &str) -> StoreResult<Option<Arrival>>;

    /// Mails, newest first (by id).
    async fn arrivals(&self, query: &ArrivalQuery) -> StoreResult<Vec<Arrival>>;

    /// How many mails of this folded address, taken in at this moment or later, went to a ticket
    /// ([`ArrivalState::Threaded`]) or made one ([`ArrivalState::New`]), in that order, each counted up to `limit`.
    async fn arrivals_since(&self, sender: &str, since: Time, limit: usize) -> StoreResult<(u64, u64)>;

    /// How many mails went to this ticket ([`ArrivalState::Threaded`]) that were taken in at this moment or later, counted
    /// up to `limit`.
    async fn ticket_arrivals_since(&self, ticket_id: TicketId, since: Time, limit: usize) -> StoreResult<u64>;

    /// How many mails wait: of each cause those that are [`ArrivalState::Waiting`], held, refused or quarantined. What
    /// there is none of is left out, and so is every other state: of that there is no end.
    async fn arrival_counts(&self) -> StoreResult<Vec<ArrivalCount>>;
}

/// Bytes can't be kept or had.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There is no room left.
    #[error("there is no room left to keep it")]
    Full,
    /// They can't be kept or had now.
    #[error("what keeps files does not answer")]
    Unavailable(#[source] super::BoxError),
    /// What is kept is not what was given.
    #[error("what is kept under {0} is something else")]
    Corrupt(BlobKey),
}

/// A place for bytes, each under what they are.
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// Keeps bytes under their key, durably before it answers. Nothing changes where they are kept already.
    async fn put(&self, key: BlobKey, bytes: Bytes) -> Result<(), BlobError>;

    /// The bytes, or nothing where none are kept under this key. What is answered has been held against the key.
    async fn get(&self, key: BlobKey) -> Result<Option<Bytes>, BlobError>;

    /// Forgets bytes; nothing changes where there are none.
    async fn delete(&self, key: BlobKey) -> Result<(), BlobError>;

    /// Answers when bytes can be kept. For readiness checks.
    async fn ping(&self) -> Result<(), BlobError>;
}

/// A mail that can't be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// Reads mails from their bytes.
pub trait MailReader: Send + Sync {
    /// What the mail says, within limits of the reader's own. Its HTML is safe to be shown. Blocks; never panics, and ends
    /// within a second or so whatever the bytes.
    fn read(&self, raw: &[u8]) -> Result<InboundMail, Unreadable>;
}
