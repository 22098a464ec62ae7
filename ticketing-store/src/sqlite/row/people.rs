//! People, their companies, and how they come in.

use super::Cells;
use sqlx::sqlite::SqliteRow;
use ticketing_core::ids::{ApiKeyId, CredentialTokenId, OrganizationId, SessionId, UserId};
use ticketing_core::model::{ApiKey, Availability, CredentialToken, Organization, Role, Session, TokenKind, User};
use ticketing_core::port::StoreResult;
use uuid::Uuid;

/// Columns of [`user`] from `person p`.
pub const USER: &str = "p.id, p.email, p.name, p.role, p.organization_id, p.time_zone, p.locale, p.availability, \
     p.availability_since, p.is_active, p.version, p.rights_version, p.joins_by_domain, p.created_at, p.updated_at";

/// A person.
pub fn user(row: &SqliteRow) -> StoreResult<User> {
    user_of(&mut Cells::of(row))
}

/// A person and, in the column behind [`USER`], the password hash.
pub fn user_and_hash(row: &SqliteRow) -> StoreResult<(User, Option<String>)> {
    let mut cells = Cells::of(row);
    Ok((user_of(&mut cells)?, cells.take()?))
}

pub fn user_of(cells: &mut Cells<'_>) -> StoreResult<User> {
    Ok(User {
        id: cells.id(UserId)?,
        email: cells.take()?,
        name: cells.take()?,
        role: cells.word(Role::from_rank)?,
        organization_id: cells.maybe_id(OrganizationId)?,
        time_zone: cells.take()?,
        locale: cells.take()?,
        availability: cells.word(Availability::from_rank)?,
        availability_since: cells.time()?,
        is_active: cells.take()?,
        version: cells.take()?,
        rights_version: cells.take()?,
        joins_by_domain: cells.take()?,
        created_at: cells.time()?,
        updated_at: cells.time()?,
    })
}

/// Columns of [`organization`] from `organization o`.
pub const ORGANIZATION: &str = "o.id, o.name, (SELECT json_group_array(d.domain ORDER BY d.domain) \
     FROM organization_domain d WHERE d.organization_id = o.id), o.shares_tickets, o.version, o.created_at, o.updated_at";

/// A company.
pub fn organization(row: &SqliteRow) -> StoreResult<Organization> {
    let mut cells = Cells::of(row);
    Ok(Organization {
        id: cells.id(OrganizationId)?,
        name: cells.take()?,
        domains: cells.json()?,
        shares_tickets: cells.take()?,
        version: cells.take()?,
        created_at: cells.time()?,
        updated_at: cells.time()?,
    })
}

/// A sign-in, from `SELECT` of these columns.
pub const SESSION: &str = "id, user_id, family_hash, current_hash, ip, user_agent, version, created_at, refreshed_at, \
     expires_at, ended_at";

/// A sign-in.
pub fn session(row: &SqliteRow) -> StoreResult<Session> {
    let mut cells = Cells::of(row);
    Ok(Session {
        id: cells.id(SessionId)?,
        user_id: cells.id(UserId)?,
        family_hash: cells.bytes()?,
        current_hash: cells.bytes()?,
        ip: cells.take()?,
        user_agent: cells.take()?,
        version: cells.take()?,
        created_at: cells.time()?,
        refreshed_at: cells.time()?,
        expires_at: cells.time()?,
        ended_at: cells.maybe_time()?,
    })
}

/// Columns of [`api_key`].
pub const API_KEY: &str = "id, user_id, name, prefix, key_hash, scopes, version, created_at, expires_at, revoked_at, \
     last_used_at";

/// A program's key.
pub fn api_key(row: &SqliteRow) -> StoreResult<ApiKey> {
    let mut cells = Cells::of(row);
    Ok(ApiKey {
        id: cells.id(ApiKeyId)?,
        user_id: cells.id(UserId)?,
        name: cells.take()?,
        prefix: cells.take()?,
        key_hash: cells.bytes()?,
        scopes: cells.json()?,
        version: cells.take()?,
        created_at: cells.time()?,
        expires_at: cells.maybe_time()?,
        revoked_at: cells.maybe_time()?,
        last_used_at: cells.maybe_time()?,
    })
}

/// Columns of [`credential_token`].
pub const CREDENTIAL_TOKEN: &str = "id, user_id, kind, token_hash, created_at, expires_at, used_at";

/// A link that sets a password.
pub fn credential_token(row: &SqliteRow) -> StoreResult<CredentialToken> {
    let mut cells = Cells::of(row);
    Ok(CredentialToken {
        id: cells.id(CredentialTokenId)?,
        user_id: Some(cells.take::<Uuid>()?).filter(|id| !id.is_nil()).map(UserId),
        kind: cells.word(TokenKind::from_rank)?,
        token_hash: cells.bytes()?,
        created_at: cells.time()?,
        expires_at: cells.time()?,
        used_at: cells.maybe_time()?,
    })
}
