//! Rows as the driver reads them, and what they mean, a file a subject.

mod log;
mod people;
mod setting;
mod ticket;

pub(super) use log::{AUDIT, AuditRow, EVENT, EventRow};
pub(super) use people::{ApiKeyRow, CredentialRow, ORGANIZATION, OrganizationRow, SessionRow, USER, UserRow};
pub(super) use setting::{DocumentRow, MembershipRow, TeamRow};
pub(super) use ticket::{COMMENT, CommentRow, TICKET, WatcherRow, ticket};

use ticketing_core::port::{StoreError, StoreResult};

/// Turns every row into what it means.
pub(super) fn all<R, T>(rows: Vec<R>) -> StoreResult<Vec<T>>
where
    T: TryFrom<R, Error = StoreError>,
{
    rows.into_iter().map(T::try_from).collect()
}
