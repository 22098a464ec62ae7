//! People, their companies, and how they come in.

use crate::row::{bytes, word};
use sqlx::FromRow;
use sqlx::types::Json;
use ticketing_core::model::{ApiKey, Availability, Organization, Role, Session, User};
use ticketing_core::port::{Credential, StoreError, StoreResult};
use ticketing_core::time::Time;
use ticketing_core::{ApiKeyId, OrganizationId, SessionId, UserId};
use uuid::Uuid;

/// What a [`UserRow`] is read from: a person `p`.
pub(in crate::postgres) const USER: &str = "p.id, p.email, p.name, p.role, p.organization_id, p.time_zone, p.locale, \
    p.availability, p.availability_since, p.is_active, p.version, p.rights_version, p.joins_by_domain, p.created_at, \
    p.updated_at";

#[derive(FromRow, serde::Deserialize)]
pub(in crate::postgres) struct UserRow {
    id: Uuid,
    email: String,
    name: String,
    role: i16,
    organization_id: Option<Uuid>,
    time_zone: Option<String>,
    locale: Option<String>,
    availability: i16,
    availability_since: Time,
    is_active: bool,
    version: i64,
    rights_version: i64,
    joins_by_domain: bool,
    created_at: Time,
    updated_at: Time,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> StoreResult<Self> {
        Ok(Self {
            id: UserId(row.id),
            email: row.email,
            name: row.name,
            role: word("person.role", row.role, Role::from_rank)?,
            organization_id: row.organization_id.map(OrganizationId),
            time_zone: row.time_zone,
            locale: row.locale,
            availability: word("person.availability", row.availability, Availability::from_rank)?,
            availability_since: row.availability_since,
            is_active: row.is_active,
            version: row.version,
            rights_version: row.rights_version,
            joins_by_domain: row.joins_by_domain,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

#[derive(FromRow)]
pub(in crate::postgres) struct CredentialRow {
    #[sqlx(flatten)]
    user: UserRow,
    password_hash: Option<String>,
}

impl TryFrom<CredentialRow> for Credential {
    type Error = StoreError;

    fn try_from(row: CredentialRow) -> StoreResult<Self> {
        Ok(Self { user: row.user.try_into()?, password_hash: row.password_hash })
    }
}

/// What an [`OrganizationRow`] is read from: a company `o`.
pub(in crate::postgres) const ORGANIZATION: &str = "o.id, o.name, o.shares_tickets, o.version, o.created_at, o.updated_at, \
    ARRAY(SELECT d.domain FROM organization_domain d WHERE d.organization_id = o.id ORDER BY d.domain) AS domains";

#[derive(FromRow)]
pub(in crate::postgres) struct OrganizationRow {
    id: Uuid,
    name: String,
    domains: Vec<String>,
    shares_tickets: bool,
    version: i64,
    created_at: Time,
    updated_at: Time,
}

impl TryFrom<OrganizationRow> for Organization {
    type Error = StoreError;

    fn try_from(row: OrganizationRow) -> StoreResult<Self> {
        Ok(Self {
            id: OrganizationId(row.id),
            name: row.name,
            domains: row.domains,
            shares_tickets: row.shares_tickets,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

#[derive(FromRow)]
pub(in crate::postgres) struct SessionRow {
    id: Uuid,
    user_id: Uuid,
    family_hash: Vec<u8>,
    current_hash: Vec<u8>,
    ip: Option<String>,
    user_agent: Option<String>,
    version: i64,
    created_at: Time,
    refreshed_at: Time,
    expires_at: Time,
    ended_at: Option<Time>,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> StoreResult<Self> {
        Ok(Self {
            id: SessionId(row.id),
            user_id: UserId(row.user_id),
            family_hash: bytes("session.family_hash", &row.family_hash)?,
            current_hash: bytes("session.current_hash", &row.current_hash)?,
            ip: row.ip,
            user_agent: row.user_agent,
            version: row.version,
            created_at: row.created_at,
            refreshed_at: row.refreshed_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
        })
    }
}

#[derive(FromRow)]
pub(in crate::postgres) struct ApiKeyRow {
    id: Uuid,
    user_id: Uuid,
    name: String,
    prefix: String,
    key_hash: Vec<u8>,
    scopes: Json<Vec<String>>,
    version: i64,
    created_at: Time,
    expires_at: Option<Time>,
    revoked_at: Option<Time>,
    last_used_at: Option<Time>,
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = StoreError;

    fn try_from(row: ApiKeyRow) -> StoreResult<Self> {
        Ok(Self {
            id: ApiKeyId(row.id),
            user_id: UserId(row.user_id),
            name: row.name,
            prefix: row.prefix,
            key_hash: bytes("api_key.key_hash", &row.key_hash)?,
            scopes: row.scopes.0,
            version: row.version,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        })
    }
}
