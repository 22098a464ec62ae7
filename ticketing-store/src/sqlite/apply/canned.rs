//! Counting what staff answer with.

use super::execute;
use sqlx::sqlite::SqliteConnection;
use ticketing_core::ids::{CannedResponseId, UserId};
use ticketing_core::port::StoreResult;
use ticketing_core::time::Time;

/// So many uses more.
pub async fn used(
    connection: &mut SqliteConnection,
    (response_id, user_id): (CannedResponseId, UserId),
    uses: u64,
    at: Time,
) -> StoreResult<()> {
    let query = sqlx::query(
        "INSERT INTO canned_use AS t (user_id, response_id, uses, last_used_at) VALUES (?, ?, ?, ?) \
         ON CONFLICT (user_id, response_id) DO UPDATE SET uses = t.uses + excluded.uses, \
         last_used_at = max(t.last_used_at, excluded.last_used_at)",
    );
    let uses = i64::try_from(uses).unwrap_or(i64::MAX);
    let query = query.bind(user_id.0).bind(response_id.0).bind(uses).bind(at.timestamp_micros());
    execute(query, connection).await.map(drop)
}
