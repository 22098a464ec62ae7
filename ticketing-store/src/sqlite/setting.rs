//! Reading settings and directory.

use super::failure::store_error;
use super::open::SqliteStore;
use super::row;
use async_trait::async_trait;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{Sqlite, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection};
use ticketing_core::port::{SettingsRead, StoreError, StoreResult};
use ticketing_core::setting::{Document, SettingsState};
use uuid::Uuid;

#[async_trait]
impl SettingsRead for SqliteStore {
    async fn settings_version(&self) -> StoreResult<i64> {
        let version = sqlx::query_scalar("SELECT version FROM settings_head");
        version.fetch_one(&self.readers).await.map_err(store_error)
    }

    async fn settings(&self) -> StoreResult<SettingsState> {
        let connection = self.readers.acquire().await.map_err(store_error)?;
        // In a task of its own: a caller that gives up in the middle would put the connection back
        // with the transaction open, and whoever got it next would look at the past.
        let looked = tokio::spawn(one_look(connection)).await;
        looked.unwrap_or_else(|lost| Err(StoreError::Other(Box::new(lost))))
    }

    async fn document_history(&self, kind: &str, id: Uuid, limit: usize) -> StoreResult<Vec<Document>> {
        let query = format!(
            "SELECT {} FROM setting_history WHERE kind = ? AND id = ? ORDER BY version DESC LIMIT ?",
            row::DOCUMENT
        );
        let query = sqlx::query(AssertSqlSafe(query)).bind(kind).bind(id).bind(super::ticket::limit(limit));
        query.fetch_all(&self.readers).await.map_err(store_error)?.iter().map(row::document).collect()
    }
}

/// All of it as of one moment.
async fn one_look(mut connection: PoolConnection<Sqlite>) -> StoreResult<SettingsState> {
    let looked = look(&mut connection).await;
    if looked.is_err() {
        // It may still be inside the transaction.
        connection.close_on_drop();
    }
    looked
}

async fn look(connection: &mut SqliteConnection) -> StoreResult<SettingsState> {
    let mut moment = connection.begin().await.map_err(store_error)?;
    let version = sqlx::query_scalar("SELECT version FROM settings_head");
    let version = version.fetch_one(&mut *moment).await.map_err(store_error)?;
    let documents = all(&mut moment, row::DOCUMENT, "setting WHERE owner IS NULL AND deleted = 0", row::document);
    let documents = documents.await?;
    let staff = all(&mut moment, row::USER, "person p WHERE p.role IN (1, 2, 3)", row::user).await?;
    let teams = all(&mut moment, row::TEAM, "team", row::team).await?;
    let memberships = all(&mut moment, row::MEMBERSHIP, "membership", row::membership).await?;
    moment.commit().await.map_err(store_error)?;
    Ok(SettingsState { version, documents, staff, teams, memberships })
}

async fn all<T>(
    connection: &mut SqliteConnection,
    columns: &'static str,
    from: &'static str,
    read: fn(&SqliteRow) -> StoreResult<T>,
) -> StoreResult<Vec<T>> {
    let query = format!("SELECT {columns} FROM {from}");
    let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(connection).await.map_err(store_error)?;
    rows.iter().map(read).collect()
}
