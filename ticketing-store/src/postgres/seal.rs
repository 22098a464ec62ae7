//! Reading the audit log as it is sealed and proved: by keys alone, and byte for byte.

use super::failure::in_read;
use super::up_to;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use ticketing_core::model::seal::RawDetail;
use ticketing_core::model::{AuditMark, AuditRecord, AuditSeal, AuditTally};
use ticketing_core::port::StoreResult;
use ticketing_core::time::Time;
use ticketing_core::{AuditId, UserId};
use uuid::Uuid;

#[derive(FromRow)]
struct MarkRow {
    id: Uuid,
    mac: Vec<u8>,
}

pub(super) async fn unsealed(connection: &mut PgConnection, limit: usize) -> StoreResult<Vec<AuditMark>> {
    let sql = "SELECT a.id, a.mac FROM audit_unsealed u JOIN audit a ON a.id = u.id ORDER BY u.id LIMIT $1";
    let rows = sqlx::query_as::<_, MarkRow>(sql).bind(up_to(limit)).fetch_all(connection).await.map_err(in_read)?;
    Ok(rows.into_iter().map(AuditMark::from).collect())
}

pub(super) async fn marks(connection: &mut PgConnection, ids: &[AuditId]) -> StoreResult<Vec<AuditMark>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let sql = "SELECT id, mac FROM audit WHERE id = ANY ($1)";
    let rows = sqlx::query_as::<_, MarkRow>(sql).bind(ids).fetch_all(connection).await.map_err(in_read)?;
    Ok(rows.into_iter().map(AuditMark::from).collect())
}

impl From<MarkRow> for AuditMark {
    fn from(row: MarkRow) -> Self {
        Self { id: AuditId(row.id), mac: row.mac }
    }
}

#[derive(FromRow)]
struct SealRow {
    no: i64,
    at: Time,
    ids: Vec<u8>,
    digest: Vec<u8>,
    prev: Vec<u8>,
    key_id: String,
    mac: Vec<u8>,
}

pub(super) async fn last(connection: &mut PgConnection) -> StoreResult<Option<AuditSeal>> {
    let sql = "SELECT no, at, ids, digest, prev, key_id, mac FROM audit_seal ORDER BY no DESC LIMIT 1";
    let row = sqlx::query_as::<_, SealRow>(sql).fetch_optional(connection).await.map_err(in_read)?;
    Ok(row.map(AuditSeal::from))
}

pub(super) async fn after(connection: &mut PgConnection, no: i64, limit: usize) -> StoreResult<Vec<AuditSeal>> {
    let sql = "SELECT no, at, ids, digest, prev, key_id, mac FROM audit_seal WHERE no > $1 ORDER BY no LIMIT $2";
    let rows = sqlx::query_as::<_, SealRow>(sql).bind(no).bind(up_to(limit)).fetch_all(connection);
    Ok(rows.await.map_err(in_read)?.into_iter().map(AuditSeal::from).collect())
}

impl From<SealRow> for AuditSeal {
    fn from(row: SealRow) -> Self {
        let SealRow { no, at, ids, digest, prev, key_id, mac } = row;
        Self { no, at, ids, digest, prev, key_id, mac }
    }
}

#[derive(FromRow)]
struct RecordRow {
    id: Uuid,
    at: Time,
    actor_id: Option<Uuid>,
    action: Vec<u8>,
    subject_kind: Vec<u8>,
    subject_id: Uuid,
    request_id: Option<Vec<u8>>,
    detail_digest: Vec<u8>,
    key_id: Vec<u8>,
    mac: Vec<u8>,
    salt: Option<Vec<u8>>,
    body: Option<Vec<u8>>,
}

pub(super) async fn records(
    connection: &mut PgConnection,
    after: Option<AuditId>,
    limit: usize,
) -> StoreResult<Vec<AuditRecord>> {
    let mut sql = select_records();
    sql.push(" WHERE TRUE");
    page_of(connection, sql, after, limit).await
}

/// The name stands in the text, or the index of these lines alone would not be used.
pub(super) async fn erasures(
    connection: &mut PgConnection,
    after: Option<AuditId>,
    limit: usize,
) -> StoreResult<Vec<AuditRecord>> {
    let mut sql = select_records();
    sql.push(" WHERE a.action = 'user.erased'");
    page_of(connection, sql, after, limit).await
}

fn select_records() -> QueryBuilder<Postgres> {
    QueryBuilder::new(
        "SELECT a.id, a.at, a.actor_id, convert_to(a.action, 'UTF8') AS action, \
            convert_to(a.subject_kind, 'UTF8') AS subject_kind, a.subject_id, \
            convert_to(a.request_id, 'UTF8') AS request_id, a.detail_digest, convert_to(a.key_id, 'UTF8') AS key_id, \
            a.mac, d.salt, convert_to(d.body::text, 'UTF8') AS body \
        FROM audit a LEFT JOIN audit_detail d ON d.audit_id = a.id",
    )
}

async fn page_of(
    connection: &mut PgConnection,
    mut sql: QueryBuilder<Postgres>,
    after: Option<AuditId>,
    limit: usize,
) -> StoreResult<Vec<AuditRecord>> {
    if let Some(after) = after {
        sql.push(" AND a.id > ").push_bind(after.0);
    }
    sql.push(" ORDER BY a.id LIMIT ").push(up_to(limit));
    let rows = sql.build_query_as::<RecordRow>().fetch_all(connection).await.map_err(in_read)?;
    Ok(rows.into_iter().map(AuditRecord::from).collect())
}

impl From<RecordRow> for AuditRecord {
    fn from(row: RecordRow) -> Self {
        Self {
            id: AuditId(row.id),
            at: row.at,
            actor_id: row.actor_id.map(UserId),
            action: row.action,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            request_id: row.request_id,
            detail_digest: row.detail_digest,
            key_id: row.key_id,
            mac: row.mac,
            detail: row.salt.zip(row.body).map(|(salt, body)| RawDetail { salt, body }),
        }
    }
}

pub(super) async fn tally(connection: &mut PgConnection) -> StoreResult<AuditTally> {
    let sql = "SELECT (SELECT count(*) FROM audit), (SELECT count(*) FROM audit_unsealed), \
        (SELECT coalesce(sum(octet_length(ids) / 16), 0)::int8 FROM audit_seal)";
    let counted = sqlx::query_as::<_, (i64, i64, i64)>(sql).fetch_one(connection).await.map_err(in_read)?;
    let count = |counted: i64| u64::try_from(counted).unwrap_or_default();
    Ok(AuditTally { lines: count(counted.0), unsealed: count(counted.1), sealed: count(counted.2) })
}
