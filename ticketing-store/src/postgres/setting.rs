//! Reading settings and directory.

use super::failure::in_read;
use super::rows::{self, DocumentRow, MembershipRow, TeamRow, UserRow};
use super::up_to;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};
use ticketing_core::port::StoreResult;
use ticketing_core::setting::{Document, SettingsState};
use uuid::Uuid;

pub(super) async fn version(connection: &mut PgConnection) -> StoreResult<i64> {
    sqlx::query_scalar("SELECT version FROM settings_head").fetch_one(connection).await.map_err(in_read)
}

#[derive(FromRow)]
struct StateRow {
    version: i64,
    documents: Json<Vec<DocumentRow>>,
    staff: Json<Vec<UserRow>>,
    teams: Json<Vec<TeamRow>>,
    memberships: Json<Vec<MembershipRow>>,
}

/// One statement sees one moment. Five of them would need a transaction, which a caller that goes
/// away might leave open.
pub(super) async fn state(connection: &mut PgConnection) -> StoreResult<SettingsState> {
    let row: StateRow = sqlx::query_as(
        "SELECT h.version,
            (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
                SELECT kind, id, owner, version, saved_at, saved_by, deleted, body FROM setting
                WHERE owner IS NULL AND NOT deleted ORDER BY kind, id) x) AS documents,
            (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
                SELECT id, email, name, role, organization_id, time_zone, locale, availability, availability_since,
                    is_active, version, rights_version, joins_by_domain, created_at, updated_at FROM person WHERE role > 0 ORDER BY id) x) AS staff,
            (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
                SELECT id, name, description, routing, capacity, calendar_id, is_active, version, created_at, updated_at
                FROM team ORDER BY id) x) AS teams,
            (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
                SELECT team_id, user_id, role, capacity, skills, version, created_at FROM membership
                ORDER BY team_id, user_id) x) AS memberships
         FROM settings_head h",
    )
    .fetch_one(connection)
    .await
    .map_err(in_read)?;
    Ok(SettingsState {
        version: row.version,
        documents: rows::all(row.documents.0)?,
        staff: rows::all(row.staff.0)?,
        teams: rows::all(row.teams.0)?,
        memberships: rows::all(row.memberships.0)?,
    })
}

pub(super) async fn history(
    connection: &mut PgConnection,
    kind: &str,
    id: Uuid,
    limit: usize,
) -> StoreResult<Vec<Document>> {
    let rows = sqlx::query_as::<_, DocumentRow>(
        "SELECT kind, id, owner, version, saved_at, saved_by, deleted, body FROM setting_history
         WHERE kind = $1 AND id = $2 ORDER BY version DESC LIMIT $3",
    )
    .bind(kind)
    .bind(id)
    .bind(up_to(limit))
    .fetch_all(connection)
    .await
    .map_err(in_read)?;
    rows::all(rows)
}
