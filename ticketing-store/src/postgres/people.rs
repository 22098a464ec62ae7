//! Reading people, companies and sign-ins.

use super::failure::in_read;
use super::rows::{self, ApiKeyRow, CredentialRow, ORGANIZATION, OrganizationRow, SessionRow, USER, UserRow};
use super::scope::is_system;
use super::up_to;
use crate::row::{bytes, word};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use ticketing_core::model::{ApiKey, CredentialToken, Organization, Session, TokenKind, User};
use ticketing_core::port::{Credential, StoreError, StoreResult};
use ticketing_core::query::{OrganizationQuery, UserQuery};
use ticketing_core::time::Time;
use ticketing_core::{ApiKeyId, CredentialTokenId, OrganizationId, Scope, SessionId, UserId};
use uuid::Uuid;

pub(super) async fn by_ids(connection: &mut PgConnection, scope: &Scope, ids: &[UserId]) -> StoreResult<Vec<User>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(USER).push(" FROM person p WHERE p.id = ANY(").push_bind(ids).push(") AND ");
    push_scope(&mut sql, scope);
    let rows = sql.build_query_as::<UserRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

pub(super) async fn one(connection: &mut PgConnection, scope: &Scope, id: UserId) -> StoreResult<Option<User>> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(USER).push(" FROM person p WHERE p.id = ").push_bind(id.0).push(" AND ");
    push_scope(&mut sql, scope);
    let row = sql.build_query_as::<UserRow>().fetch_optional(connection).await.map_err(in_read)?;
    row.map(User::try_from).transpose()
}

/// A customer sees nobody but themselves.
pub(super) fn push_scope(sql: &mut QueryBuilder<Postgres>, scope: &Scope) {
    match scope {
        Scope::Customer { user_id, .. } => sql.push("p.id = ").push_bind(user_id.0),
        _ => sql.push("TRUE"),
    };
}

pub(super) enum CredentialKey<'a> {
    Email(&'a str),
    Id(UserId),
}

pub(super) async fn credential(
    connection: &mut PgConnection,
    scope: &Scope,
    key: CredentialKey<'_>,
) -> StoreResult<Option<Credential>> {
    if !is_system(scope) {
        return Ok(None);
    }
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(USER).push(", p.password_hash FROM person p WHERE ");
    match key {
        CredentialKey::Email(email_fold) => sql.push("p.email_fold = ").push_bind(email_fold),
        CredentialKey::Id(id) => sql.push("p.id = ").push_bind(id.0),
    };
    let row = sql.build_query_as::<CredentialRow>().fetch_optional(connection).await.map_err(in_read)?;
    row.map(Credential::try_from).transpose()
}

pub(super) async fn page(connection: &mut PgConnection, scope: &Scope, query: &UserQuery) -> StoreResult<Vec<User>> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(USER).push(" FROM person p WHERE ");
    push_scope(&mut sql, scope);
    push_filter(&mut sql, query);
    sql.push(" ORDER BY p.id LIMIT ").push(up_to(query.limit));
    let rows = sql.build_query_as::<UserRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

pub(super) fn push_filter(sql: &mut QueryBuilder<Postgres>, query: &UserQuery) {
    if !query.roles.is_empty() {
        let ranks: Vec<i16> = query.roles.iter().map(|role| role.rank()).collect();
        // Where customers are not asked for, the index over staff alone serves.
        let staff = if query.roles.iter().all(|role| role.is_staff()) { " AND p.role > 0" } else { "" };
        sql.push(staff).push(" AND p.role = ANY(").push_bind(ranks).push(")");
    }
    if !query.ids.is_empty() {
        sql.push(" AND p.id = ANY(").push_bind(query.ids.iter().map(|id| id.0).collect::<Vec<_>>()).push(")");
    }
    if let Some(id) = query.organization_id {
        sql.push(" AND p.organization_id = ").push_bind(id.0);
    }
    if let Some(is_active) = query.is_active {
        sql.push(" AND p.is_active = ").push_bind(is_active);
    }
    if let Some(text) = &query.text {
        sql.push(" AND (strpos(p.name_fold, ").push_bind(text.as_str());
        sql.push(") > 0 OR strpos(p.email_fold, ").push_bind(text.as_str()).push(") > 0)");
    }
    if let Some(after) = query.after {
        sql.push(" AND p.id > ").push_bind(after.0);
    }
}

pub(super) async fn organization(
    connection: &mut PgConnection,
    scope: &Scope,
    id: OrganizationId,
) -> StoreResult<Option<Organization>> {
    // A customer's scope names the company only where it shares its tickets.
    if matches!(scope, Scope::Customer { organization_id, .. } if *organization_id != Some(id)) {
        return Ok(None);
    }
    let mut sql = select_organizations();
    sql.push("o.id = ").push_bind(id.0);
    let row = sql.build_query_as::<OrganizationRow>().fetch_optional(connection).await.map_err(in_read)?;
    row.map(Organization::try_from).transpose()
}

pub(super) async fn organizations(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &OrganizationQuery,
) -> StoreResult<Vec<Organization>> {
    if !scope.sees_internal() {
        return Ok(Vec::new());
    }
    let mut sql = select_organizations();
    sql.push("TRUE");
    push_organization_filter(&mut sql, query);
    sql.push(" ORDER BY o.id LIMIT ").push(up_to(query.limit));
    let rows = sql.build_query_as::<OrganizationRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

pub(super) fn push_organization_filter(sql: &mut QueryBuilder<Postgres>, query: &OrganizationQuery) {
    if let Some(text) = &query.text {
        sql.push(" AND (strpos(o.name_fold, ").push_bind(text.as_str());
        sql.push(
            ") > 0 OR EXISTS (SELECT 1 FROM organization_domain x WHERE x.organization_id = o.id AND strpos(x.domain, ",
        );
        sql.push_bind(text.as_str()).push(") > 0))");
    }
    if let Some(after) = query.after {
        sql.push(" AND o.id > ").push_bind(after.0);
    }
}

pub(super) async fn organization_by_domain(
    connection: &mut PgConnection,
    scope: &Scope,
    domain: &str,
) -> StoreResult<Option<Organization>> {
    if !scope.sees_internal() {
        return Ok(None);
    }
    let mut sql = select_organizations();
    sql.push("o.id = (SELECT x.organization_id FROM organization_domain x WHERE x.domain = ").push_bind(domain);
    sql.push(")");
    let row = sql.build_query_as::<OrganizationRow>().fetch_optional(connection).await.map_err(in_read)?;
    row.map(Organization::try_from).transpose()
}

fn select_organizations() -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(ORGANIZATION).push(" FROM organization o WHERE ");
    sql
}

/// Columns by name, here as everywhere: under `*`, a migration that adds one would break the statements
/// that running servers have prepared.
const SESSION: &str = "SELECT id, user_id, family_hash, current_hash, ip, user_agent, version, created_at, \
    refreshed_at, expires_at, ended_at FROM session WHERE ";
const API_KEY: &str = "SELECT id, user_id, name, prefix, key_hash, scopes, version, created_at, expires_at, \
    revoked_at, last_used_at FROM api_key WHERE ";
const CREDENTIAL_TOKEN: &str = "SELECT id, user_id, kind, token_hash, created_at, expires_at, used_at \
    FROM credential_token WHERE token_hash = $1";

pub(super) async fn session(
    connection: &mut PgConnection,
    scope: &Scope,
    id: SessionId,
) -> StoreResult<Option<Session>> {
    if !is_system(scope) {
        return Ok(None);
    }
    let mut sql = QueryBuilder::new(SESSION);
    sql.push("id = ").push_bind(id.0);
    let row = sql.build_query_as::<SessionRow>().fetch_optional(connection).await.map_err(in_read)?;
    row.map(Session::try_from).transpose()
}

pub(super) async fn sessions(
    connection: &mut PgConnection,
    scope: &Scope,
    user_id: UserId,
    now: Time,
    before: Option<SessionId>,
    limit: usize,
) -> StoreResult<Vec<Session>> {
    if !is_system(scope) {
        return Ok(Vec::new());
    }
    let mut sql = QueryBuilder::new(SESSION);
    sql.push("ended_at IS NULL AND user_id = ").push_bind(user_id.0).push(" AND expires_at > ").push_bind(now);
    if let Some(before) = before {
        sql.push(" AND id < ").push_bind(before.0);
    }
    sql.push(" ORDER BY id DESC LIMIT ").push(up_to(limit));
    rows::all(sql.build_query_as::<SessionRow>().fetch_all(connection).await.map_err(in_read)?)
}

pub(super) async fn api_key(connection: &mut PgConnection, scope: &Scope, prefix: &str) -> StoreResult<Option<ApiKey>> {
    if !is_system(scope) {
        return Ok(None);
    }
    let mut sql = QueryBuilder::new(API_KEY);
    sql.push("prefix = ").push_bind(prefix);
    let row = sql.build_query_as::<ApiKeyRow>().fetch_optional(connection).await.map_err(in_read)?;
    row.map(ApiKey::try_from).transpose()
}

pub(super) async fn api_key_by_id(
    connection: &mut PgConnection,
    scope: &Scope,
    id: ApiKeyId,
) -> StoreResult<Option<ApiKey>> {
    if !is_system(scope) {
        return Ok(None);
    }
    let mut sql = QueryBuilder::new(API_KEY);
    sql.push("id = ").push_bind(id.0);
    let row = sql.build_query_as::<ApiKeyRow>().fetch_optional(connection).await.map_err(in_read)?;
    row.map(ApiKey::try_from).transpose()
}

pub(super) async fn api_keys(connection: &mut PgConnection, scope: &Scope, id: UserId) -> StoreResult<Vec<ApiKey>> {
    if !is_system(scope) {
        return Ok(Vec::new());
    }
    let mut sql = QueryBuilder::new(API_KEY);
    sql.push("revoked_at IS NULL AND user_id = ").push_bind(id.0).push(" ORDER BY id");
    rows::all(sql.build_query_as::<ApiKeyRow>().fetch_all(connection).await.map_err(in_read)?)
}

/// What [`credential_token`] reads.
#[derive(FromRow)]
struct CredentialTokenRow {
    id: Uuid,
    user_id: Uuid,
    kind: i16,
    token_hash: Vec<u8>,
    created_at: Time,
    expires_at: Time,
    used_at: Option<Time>,
}

impl TryFrom<CredentialTokenRow> for CredentialToken {
    type Error = StoreError;

    fn try_from(row: CredentialTokenRow) -> StoreResult<Self> {
        Ok(Self {
            id: CredentialTokenId(row.id),
            user_id: Some(row.user_id).filter(|id| !id.is_nil()).map(UserId),
            kind: word("credential_token.kind", row.kind, TokenKind::from_rank)?,
            token_hash: bytes("credential_token.token_hash", &row.token_hash)?,
            created_at: row.created_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
        })
    }
}

pub(super) async fn credential_token(
    connection: &mut PgConnection,
    scope: &Scope,
    token_hash: &[u8; 32],
) -> StoreResult<Option<CredentialToken>> {
    if !is_system(scope) {
        return Ok(None);
    }
    let query = sqlx::query_as::<_, CredentialTokenRow>(CREDENTIAL_TOKEN).bind(token_hash.as_slice());
    query.fetch_optional(connection).await.map_err(in_read)?.map(CredentialToken::try_from).transpose()
}
