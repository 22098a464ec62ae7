//! Reading how often canned responses were put to use.

use super::row::Cells;
use sqlx::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqliteRow};
use ticketing_core::ids::{CannedResponseId, UserId};
use ticketing_core::model::CannedUse;
use ticketing_core::port::StoreResult;

/// Appends what a person has answered with.
pub(super) fn push_of_person(query: &mut QueryBuilder<Sqlite>, user_id: UserId) {
    query.push("SELECT response_id, uses, last_used_at FROM canned_use WHERE user_id = ").push_bind(user_id.0);
}

/// Appends how often everybody together has answered with these.
pub(super) fn push_totals(query: &mut QueryBuilder<Sqlite>, ids: &[CannedResponseId]) {
    query.push("SELECT response_id, sum(uses) FROM canned_use WHERE response_id IN (");
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(id.0);
    }
    query.push(") GROUP BY response_id");
}

/// What [`push_of_person`] selects.
pub(super) fn used(row: &SqliteRow) -> StoreResult<CannedUse> {
    let mut cells = Cells::of(row);
    Ok(CannedUse {
        response_id: cells.id(CannedResponseId)?,
        uses: u64::try_from(cells.take::<i64>()?).unwrap_or_default(),
        last_used_at: cells.time()?,
    })
}

/// What [`push_totals`] selects.
pub(super) fn total(row: &SqliteRow) -> StoreResult<(CannedResponseId, u64)> {
    let mut cells = Cells::of(row);
    Ok((cells.id(CannedResponseId)?, u64::try_from(cells.take::<i64>()?).unwrap_or_default()))
}
