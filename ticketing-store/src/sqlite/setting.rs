//! Reading settings and directory.

use super::open::SqliteStore;
use super::ticket::limit;
use super::{canned, row};
use async_trait::async_trait;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection, QueryBuilder};
use ticketing_core::ids::{CannedResponseId, UserId};
use ticketing_core::model::CannedUse;
use ticketing_core::port::{SettingsRead, StoreResult};
use ticketing_core::setting::{Document, SettingsState};
use uuid::Uuid;

#[async_trait]
impl SettingsRead for SqliteStore {
    async fn settings_version(&self) -> StoreResult<i64> {
        self.value(QueryBuilder::new("SELECT version FROM settings_head")).await
    }

    async fn settings(&self) -> StoreResult<SettingsState> {
        let mut reader = self.readers.lease().await?;
        let looked = look(&mut reader).await;
        let Look { version, documents, staff, teams, memberships } = reader.finish(looked).await?;
        Ok(SettingsState {
            version,
            documents: documents.iter().map(row::document).collect::<StoreResult<_>>()?,
            staff: staff.iter().map(row::user).collect::<StoreResult<_>>()?,
            teams: teams.iter().map(row::team).collect::<StoreResult<_>>()?,
            memberships: memberships.iter().map(row::membership).collect::<StoreResult<_>>()?,
        })
    }

    async fn document_history(&self, kind: &str, id: Uuid, many: usize) -> StoreResult<Vec<Document>> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(row::DOCUMENT).push(" FROM setting_history WHERE kind = ").push_bind(kind);
        query.push(" AND id = ").push_bind(id);
        query.push(" ORDER BY version DESC LIMIT ").push_bind(limit(many));
        self.rows(query).await?.iter().map(row::document).collect()
    }

    async fn canned_uses(&self, user_id: UserId) -> StoreResult<Vec<CannedUse>> {
        let mut query = QueryBuilder::new("");
        canned::push_of_person(&mut query, user_id);
        self.rows(query).await?.iter().map(canned::used).collect()
    }

    async fn canned_totals(&self, ids: &[CannedResponseId]) -> StoreResult<Vec<(CannedResponseId, u64)>> {
        let mut query = QueryBuilder::new("");
        canned::push_totals(&mut query, ids);
        self.rows(query).await?.iter().map(canned::total).collect()
    }
}

/// What a snapshot is made of, as it is stored.
struct Look {
    version: i64,
    documents: Vec<SqliteRow>,
    staff: Vec<SqliteRow>,
    teams: Vec<SqliteRow>,
    memberships: Vec<SqliteRow>,
}

/// All of it as of one moment.
async fn look(connection: &mut SqliteConnection) -> Result<Look, sqlx::Error> {
    let mut moment = connection.begin().await?;
    let look = Look {
        version: sqlx::query_scalar("SELECT version FROM settings_head").fetch_one(&mut *moment).await?,
        documents: all(&mut moment, row::DOCUMENT, "setting WHERE owner IS NULL AND deleted = 0").await?,
        staff: all(&mut moment, row::USER, "person p WHERE p.role IN (1, 2, 3)").await?,
        teams: all(&mut moment, row::TEAM, "team").await?,
        memberships: all(&mut moment, row::MEMBERSHIP, "membership").await?,
    };
    moment.commit().await?;
    Ok(look)
}

async fn all(
    connection: &mut SqliteConnection,
    columns: &'static str,
    from: &'static str,
) -> Result<Vec<SqliteRow>, sqlx::Error> {
    sqlx::query(AssertSqlSafe(format!("SELECT {columns} FROM {from}"))).fetch_all(connection).await
}
