//! Settings documents.

use super::{execute, execute_one};
use sqlx::sqlite::SqliteConnection;
use ticketing_core::changes::Expect;
use ticketing_core::port::StoreResult;
use ticketing_core::setting::Document;

/// Saves a version of a document and keeps it in the history.
pub async fn document(connection: &mut SqliteConnection, document: &Document, expect: Expect) -> StoreResult<()> {
    let current = match expect {
        Expect::New => bind(
            "INSERT INTO setting (owner, version, saved_at, saved_by, deleted, body, kind, id) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            document,
        ),
        Expect::Version(version) => bind(
            "UPDATE setting SET owner = ?, version = ?, saved_at = ?, saved_by = ?, deleted = ?, body = ? \
             WHERE kind = ? AND id = ? AND version = ?",
            document,
        )
        .bind(version),
    };
    execute_one(current, connection).await?;
    let kept = bind(
        "INSERT INTO setting_history (owner, version, saved_at, saved_by, deleted, body, kind, id) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        document,
    );
    execute(kept, connection).await.map(drop)
}

fn bind(statement: &'static str, document: &Document) -> super::Query {
    sqlx::query(statement)
        .bind(document.owner.map(|id| id.0))
        .bind(document.version)
        .bind(document.saved_at.timestamp_micros())
        .bind(document.saved_by.map(|id| id.0))
        .bind(document.deleted)
        .bind(document.body.to_string())
        .bind(document.kind.clone())
        .bind(document.id)
}
