//! What is due by the clock, as the workers see it.

use super::StoreResult;
use crate::ids::TicketId;
use crate::model::{Fired, Recurrence, RecurrenceKind};
use crate::time::Time;
use async_trait::async_trait;
use chrono::TimeDelta;
use uuid::Uuid;

/// How long a claim holds a ticket at most. A hold that ends later than this from now was made by a clock that was
/// ahead and has come back, and is none.
pub const LONGEST_HOLD: TimeDelta = TimeDelta::minutes(1);

/// Tickets that ask for something by the clock, and what recurs. For the desk alone: there is no scope.
///
/// Both are planned by [`crate::changes::Write`]s of a commit, and moved on by the commit that does what was due. A
/// claim only keeps other workers from trying the same; it protects nothing, since the ticket's version does.
#[async_trait]
pub trait Timers: Send + Sync {
    /// Tickets that are due now and that nobody holds, the earliest due first, then by id, at most `limit`. They are
    /// held until this moment, at most [`LONGEST_HOLD`] away, or until a commit plans them anew. No ticket is given to
    /// two claims while it is held. Costs what it answers, not how many tickets wait. A crash of the database may undo a
    /// claim.
    async fn claim_wakes(&self, now: Time, until: Time, limit: usize) -> StoreResult<Vec<TicketId>>;

    /// The earliest moment at which a ticket that nobody holds now is due, or something that recurs.
    async fn next_due_at(&self, now: Time) -> StoreResult<Option<Time>>;

    /// What rules have looked at these tickets for, in any order.
    async fn fired(&self, ticket_ids: &[TicketId]) -> StoreResult<Vec<Fired>>;

    /// What recurs and is due now, the earliest first, at most `limit`.
    async fn due_schedules(&self, now: Time, limit: usize) -> StoreResult<Vec<Recurrence>>;

    /// When those of these next happen that recur, in any order.
    async fn schedules(&self, kind: RecurrenceKind, ids: &[Uuid]) -> StoreResult<Vec<Recurrence>>;
}
