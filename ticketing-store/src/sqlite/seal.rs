//! Reading the audit log as it is sealed and proved: by keys alone, and byte for byte.

use super::open::SqliteStore;
use super::row;
use super::ticket::limit;
use async_trait::async_trait;
use sqlx::QueryBuilder;
use ticketing_core::ids::AuditId;
use ticketing_core::model::{AuditMark, AuditRecord, AuditSeal, AuditTally};
use ticketing_core::port::{SealRead, StoreResult};

#[async_trait]
impl SealRead for SqliteStore {
    async fn unsealed_audit(&self, many: usize) -> StoreResult<Vec<AuditMark>> {
        let mut query = QueryBuilder::new(
            "SELECT a.id, a.mac FROM audit_unsealed u JOIN audit a ON a.id = u.id ORDER BY u.id LIMIT ",
        );
        query.push_bind(limit(many));
        self.rows(query).await?.iter().map(row::audit_mark).collect()
    }

    async fn last_audit_seal(&self) -> StoreResult<Option<AuditSeal>> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(row::AUDIT_SEAL).push(" FROM audit_seal ORDER BY no DESC LIMIT 1");
        self.row(query).await?.as_ref().map(row::audit_seal).transpose()
    }

    async fn audit_seals(&self, after: i64, many: usize) -> StoreResult<Vec<AuditSeal>> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(row::AUDIT_SEAL).push(" FROM audit_seal WHERE no > ").push_bind(after);
        query.push(" ORDER BY no LIMIT ").push_bind(limit(many));
        self.rows(query).await?.iter().map(row::audit_seal).collect()
    }

    async fn audit_marks(&self, ids: &[AuditId]) -> StoreResult<Vec<AuditMark>> {
        let mut found = Vec::with_capacity(ids.len());
        // Below SQLite's limit on parameters.
        for ids in ids.chunks(500) {
            let mut query = QueryBuilder::new("SELECT id, mac FROM audit WHERE id IN (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id.0);
            }
            query.push(")");
            for row in &self.rows(query).await? {
                found.push(row::audit_mark(row)?);
            }
        }
        Ok(found)
    }

    async fn audit_records(&self, after: Option<AuditId>, many: usize) -> StoreResult<Vec<AuditRecord>> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(row::AUDIT_RECORD).push(" FROM audit a LEFT JOIN audit_detail d ON d.audit_id = a.id WHERE TRUE");
        if let Some(after) = after {
            query.push(" AND a.id > ").push_bind(after.0);
        }
        query.push(" ORDER BY a.id LIMIT ").push_bind(limit(many));
        self.rows(query).await?.iter().map(row::audit_record).collect()
    }

    async fn audit_erasures(&self, after: Option<AuditId>, many: usize) -> StoreResult<Vec<AuditRecord>> {
        let mut query = QueryBuilder::new("SELECT ");
        // The name stands in the text, or the index of these lines alone would not be used.
        query.push(row::AUDIT_RECORD).push(
            " FROM audit a INDEXED BY audit_erased LEFT JOIN audit_detail d ON d.audit_id = a.id \
             WHERE a.action = 'user.erased'",
        );
        if let Some(after) = after {
            query.push(" AND a.id > ").push_bind(after.0);
        }
        query.push(" ORDER BY a.id LIMIT ").push_bind(limit(many));
        self.rows(query).await?.iter().map(row::audit_record).collect()
    }

    async fn audit_tally(&self) -> StoreResult<AuditTally> {
        let query = QueryBuilder::new(
            "SELECT (SELECT count(*) FROM audit), (SELECT count(*) FROM audit_unsealed), \
             (SELECT coalesce(sum(length(ids) / 16), 0) FROM audit_seal)",
        );
        self.row(query).await?.as_ref().map(row::audit_tally).transpose().map(Option::unwrap_or_default)
    }
}
