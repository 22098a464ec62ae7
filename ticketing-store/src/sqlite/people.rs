//! Reading people, companies and sign-ins.

use super::open::SqliteStore;
use super::row;
use super::ticket::limit;
use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqliteRow};
use ticketing_core::access::Scope;
use ticketing_core::ids::{ApiKeyId, OrganizationId, SessionId, UserId};
use ticketing_core::model::{ApiKey, CredentialToken, Organization, Role, Session, User};
use ticketing_core::port::{Credential, PeopleRead, StoreResult};
use ticketing_core::query::{OrganizationQuery, UserQuery};
use ticketing_core::time::Time;

/// How many ids one statement asks for.
const IDS: usize = 256;

#[async_trait]
impl PeopleRead for SqliteStore {
    async fn user(&self, scope: &Scope, id: UserId) -> StoreResult<Option<User>> {
        let mut query = select_users(scope);
        query.push(" AND p.id = ").push_bind(id.0);
        self.row(query).await?.as_ref().map(row::user).transpose()
    }

    async fn users_by_ids(&self, scope: &Scope, ids: &[UserId]) -> StoreResult<Vec<User>> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(IDS) {
            let mut query = select_users(scope);
            query.push(" AND p.id IN (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id.0);
            }
            query.push(")");
            for row in self.rows(query).await? {
                found.push(row::user(&row)?);
            }
        }
        Ok(found)
    }

    async fn credential(&self, scope: &Scope, email_fold: &str) -> StoreResult<Option<Credential>> {
        let mut query = select_credentials();
        query.push("p.email_fold = ").push_bind(email_fold);
        self.credential_of(scope, query).await
    }

    async fn credential_by_id(&self, scope: &Scope, id: UserId) -> StoreResult<Option<Credential>> {
        let mut query = select_credentials();
        query.push("p.id = ").push_bind(id.0);
        self.credential_of(scope, query).await
    }

    async fn users(&self, scope: &Scope, query: &UserQuery) -> StoreResult<Vec<User>> {
        let mut select = select_users(scope);
        push_filter(&mut select, query);
        select.push(" ORDER BY p.id LIMIT ").push_bind(limit(query.limit));
        self.rows(select).await?.iter().map(row::user).collect()
    }

    async fn organization(&self, scope: &Scope, id: OrganizationId) -> StoreResult<Option<Organization>> {
        if let Scope::Customer { organization_id, .. } = scope
            && *organization_id != Some(id)
        {
            return Ok(None);
        }
        let mut query = select_organizations();
        query.push(" WHERE o.id = ").push_bind(id.0);
        self.row(query).await?.as_ref().map(row::organization).transpose()
    }

    async fn organizations(&self, scope: &Scope, wanted: &OrganizationQuery) -> StoreResult<Vec<Organization>> {
        if !scope.sees_internal() {
            return Ok(Vec::new());
        }
        let mut query = select_organizations();
        query.push(" WHERE TRUE");
        push_organization_filter(&mut query, wanted);
        query.push(" ORDER BY o.id LIMIT ").push_bind(limit(wanted.limit));
        self.rows(query).await?.iter().map(row::organization).collect()
    }

    async fn organization_by_domain(&self, scope: &Scope, domain: &str) -> StoreResult<Option<Organization>> {
        if !scope.sees_internal() {
            return Ok(None);
        }
        let mut query = select_organizations();
        query.push(" WHERE o.id = (SELECT organization_id FROM organization_domain WHERE domain = ");
        query.push_bind(domain).push(")");
        self.row(query).await?.as_ref().map(row::organization).transpose()
    }

    async fn session(&self, scope: &Scope, id: SessionId) -> StoreResult<Option<Session>> {
        if !is_system(scope) {
            return Ok(None);
        }
        let mut query = QueryBuilder::new("SELECT ");
        query.push(row::SESSION).push(" FROM session WHERE id = ").push_bind(id.0);
        self.row(query).await?.as_ref().map(row::session).transpose()
    }

    async fn sessions(
        &self,
        scope: &Scope,
        user_id: UserId,
        now: Time,
        before: Option<SessionId>,
        many: usize,
    ) -> StoreResult<Vec<Session>> {
        if !is_system(scope) {
            return Ok(Vec::new());
        }
        let mut query = QueryBuilder::new("");
        push_live_sessions(&mut query, user_id, now, before, many);
        self.rows(query).await?.iter().map(row::session).collect()
    }

    async fn api_key(&self, scope: &Scope, prefix: &str) -> StoreResult<Option<ApiKey>> {
        if !is_system(scope) {
            return Ok(None);
        }
        let mut query = QueryBuilder::new("SELECT ");
        query.push(row::API_KEY).push(" FROM api_key WHERE prefix = ").push_bind(prefix);
        self.row(query).await?.as_ref().map(row::api_key).transpose()
    }

    async fn api_key_by_id(&self, scope: &Scope, id: ApiKeyId) -> StoreResult<Option<ApiKey>> {
        if !is_system(scope) {
            return Ok(None);
        }
        let mut query = QueryBuilder::new("SELECT ");
        query.push(row::API_KEY).push(" FROM api_key WHERE id = ").push_bind(id.0);
        self.row(query).await?.as_ref().map(row::api_key).transpose()
    }

    async fn api_keys(&self, scope: &Scope, user_id: UserId) -> StoreResult<Vec<ApiKey>> {
        if !is_system(scope) {
            return Ok(Vec::new());
        }
        let mut query = QueryBuilder::new("SELECT ");
        query.push(row::API_KEY).push(" FROM api_key WHERE revoked_at IS NULL AND user_id = ").push_bind(user_id.0);
        query.push(" ORDER BY id");
        self.rows(query).await?.iter().map(row::api_key).collect()
    }

    async fn credential_token(&self, scope: &Scope, token_hash: &[u8; 32]) -> StoreResult<Option<CredentialToken>> {
        if !is_system(scope) {
            return Ok(None);
        }
        let mut query = QueryBuilder::new("SELECT ");
        query.push(row::CREDENTIAL_TOKEN).push(" FROM credential_token WHERE token_hash = ");
        query.push_bind(token_hash.to_vec());
        self.row(query).await?.as_ref().map(row::credential_token).transpose()
    }
}

impl SqliteStore {
    /// Runs a query and answers its row, if there is one.
    pub(super) async fn row(&self, mut query: QueryBuilder<Sqlite>) -> StoreResult<Option<SqliteRow>> {
        let mut reader = self.readers.lease().await?;
        let row = query.build().fetch_optional(&mut *reader).await;
        reader.finish(row).await
    }

    async fn credential_of(&self, scope: &Scope, query: QueryBuilder<Sqlite>) -> StoreResult<Option<Credential>> {
        if !is_system(scope) {
            return Ok(None);
        }
        let found = self.row(query).await?;
        let found = found.as_ref().map(row::user_and_hash).transpose()?;
        Ok(found.map(|(user, password_hash)| Credential { user, password_hash }))
    }
}

/// Appends the statement for a person's live sign-ins. The plus sign keeps SQLite from walking everybody's by their ids.
pub(super) fn push_live_sessions(
    query: &mut QueryBuilder<Sqlite>,
    user_id: UserId,
    now: Time,
    before: Option<SessionId>,
    many: usize,
) {
    query.push("SELECT ").push(row::SESSION).push(" FROM session WHERE ended_at IS NULL AND user_id = ");
    query.push_bind(user_id.0).push(" AND expires_at > ").push_bind(now.timestamp_micros());
    if let Some(before) = before {
        query.push(" AND +id < ").push_bind(before.0);
    }
    query.push(" ORDER BY id DESC LIMIT ").push_bind(limit(many));
}

fn is_system(scope: &Scope) -> bool {
    matches!(scope, Scope::System(_))
}

/// People that the scope may see; the caller says which.
fn select_users(scope: &Scope) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT ");
    query.push(row::USER).push(" FROM person p WHERE ");
    push_person_scope(&mut query, scope);
    query
}

/// A customer sees nobody but themselves.
pub fn push_person_scope(query: &mut QueryBuilder<Sqlite>, scope: &Scope) {
    match scope {
        Scope::Customer { user_id, .. } => query.push("p.id = ").push_bind(user_id.0),
        _ => query.push("TRUE"),
    };
}

fn select_credentials() -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT ");
    query.push(row::USER).push(", p.password_hash FROM person p WHERE ");
    query
}

fn select_organizations() -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT ");
    query.push(row::ORGANIZATION).push(" FROM organization o");
    query
}

pub fn push_organization_filter(select: &mut QueryBuilder<Sqlite>, query: &OrganizationQuery) {
    if let Some(text) = &query.text {
        select.push(" AND (instr(o.name_fold, ").push_bind(text.as_str());
        select.push(
            ") > 0 OR EXISTS (SELECT 1 FROM organization_domain x WHERE x.organization_id = o.id AND instr(x.domain, ",
        );
        select.push_bind(text.as_str()).push(") > 0))");
    }
    if let Some(after) = query.after {
        select.push(" AND o.id > ").push_bind(after.0);
    }
}

pub fn push_filter(select: &mut QueryBuilder<Sqlite>, query: &UserQuery) {
    if let [one] = query.roles.as_slice() {
        select.push(" AND p.role = ").push_bind(one.rank());
    } else if !query.roles.is_empty() {
        // Staff are few and worth an index. With customers among them nearly everybody fits, and the
        // plus sign keeps SQLite from sorting them all instead of walking the ids.
        select.push(if query.roles.contains(&Role::Customer) { " AND +p.role IN (" } else { " AND p.role IN (" });
        let mut list = select.separated(", ");
        for role in &query.roles {
            list.push_bind(role.rank());
        }
        select.push(")");
    }
    if !query.ids.is_empty() {
        select.push(" AND p.id IN (");
        let mut list = select.separated(", ");
        for id in &query.ids {
            list.push_bind(id.0);
        }
        select.push(")");
    }
    if let Some(organization) = query.organization_id {
        select.push(" AND p.organization_id = ").push_bind(organization.0);
    }
    if let Some(is_active) = query.is_active {
        select.push(" AND p.is_active = ").push_bind(is_active);
    }
    if let Some(text) = &query.text {
        select.push(" AND (instr(p.name_fold, ").push_bind(text.as_str());
        select.push(") > 0 OR instr(p.email_fold, ").push_bind(text.as_str()).push(") > 0)");
    }
    if let Some(after) = query.after {
        select.push(" AND p.id > ").push_bind(after.0);
    }
}
