//! Reading how often canned responses were put to use.

use super::failure::in_read;
use sqlx::PgConnection;
use ticketing_core::model::CannedUse;
use ticketing_core::port::StoreResult;
use ticketing_core::time::Time;
use ticketing_core::{CannedResponseId, UserId};
use uuid::Uuid;

pub(super) async fn of_person(connection: &mut PgConnection, user_id: UserId) -> StoreResult<Vec<CannedUse>> {
    let rows = sqlx::query_as::<_, (Uuid, i64, Time)>(
        "SELECT response_id, uses, last_used_at FROM canned_use WHERE user_id = $1",
    );
    let rows = rows.bind(user_id.0).fetch_all(connection).await.map_err(in_read)?;
    let used = |(id, uses, last_used_at): (Uuid, i64, Time)| CannedUse {
        response_id: CannedResponseId(id),
        uses: u64::try_from(uses).unwrap_or_default(),
        last_used_at,
    };
    Ok(rows.into_iter().map(used).collect())
}

pub(super) async fn totals(
    connection: &mut PgConnection,
    ids: &[CannedResponseId],
) -> StoreResult<Vec<(CannedResponseId, u64)>> {
    let rows = sqlx::query_as::<_, (Uuid, i64)>(
        "SELECT response_id, sum(uses)::int8 FROM canned_use WHERE response_id = ANY($1) GROUP BY response_id",
    );
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = rows.bind(ids).fetch_all(connection).await.map_err(in_read)?;
    Ok(rows.into_iter().map(|(id, uses)| (CannedResponseId(id), u64::try_from(uses).unwrap_or_default())).collect())
}
