//! People, companies, teams, sign-ins and keys.

use super::super::script::Script;
use super::{Query, execute, execute_one};
use sqlx::sqlite::SqliteConnection;
use ticketing_core::changes::Expect;
use ticketing_core::fold::fold;
use ticketing_core::ids::{ApiKeyId, OrganizationId, TeamId, UserId};
use ticketing_core::model::{ApiKey, CredentialToken, Membership, Organization, Session, Team, User};
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::time::Time;
use uuid::Uuid;

/// A mail domain and whose it is.
pub type Domain<'a> = (&'a str, OrganizationId);

/// The statement that fits the expectation. Both bind the same values in the same order; the one
/// that changes a row ends in `AND version = ?`.
pub(super) fn statement(expect: Expect, insert: &'static str, update: &'static str) -> (Query, Option<i64>) {
    match expect {
        Expect::New => (sqlx::query(insert), None),
        Expect::Version(version) => (sqlx::query(update), Some(version)),
    }
}

/// Runs it; exactly one row must have been written.
pub(super) async fn write(connection: &mut SqliteConnection, query: Query, version: Option<i64>) -> StoreResult<()> {
    let query = match version {
        Some(version) => query.bind(version),
        None => query,
    };
    execute_one(query, connection).await
}

/// Writes a person. The password hash is left as it is.
pub async fn user(connection: &mut SqliteConnection, user: &User, expect: Expect) -> StoreResult<()> {
    let (query, version) = statement(
        expect,
        "INSERT INTO person (email, email_fold, name, name_fold, role, organization_id, time_zone, locale, \
         availability, availability_since, is_active, version, rights_version, joins_by_domain, created_at, \
         updated_at, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "UPDATE person SET email = ?, email_fold = ?, name = ?, name_fold = ?, role = ?, organization_id = ?, \
         time_zone = ?, locale = ?, availability = ?, availability_since = ?, is_active = ?, version = ?, rights_version = ?, \
         joins_by_domain = ?, created_at = ?, updated_at = ? \
         WHERE id = ? AND version = ?",
    );
    let query = query
        .bind(user.email.clone())
        .bind(fold(&user.email))
        .bind(user.name.clone())
        .bind(fold(&user.name))
        .bind(user.role.rank())
        .bind(user.organization_id.map(|id| id.0))
        .bind(user.time_zone.clone())
        .bind(user.locale.clone())
        .bind(user.availability.rank())
        .bind(user.availability_since.timestamp_micros())
        .bind(user.is_active)
        .bind(user.version)
        .bind(user.rights_version)
        .bind(user.joins_by_domain)
        .bind(user.created_at.timestamp_micros())
        .bind(user.updated_at.timestamp_micros())
        .bind(user.id.0);
    write(connection, query, version).await
}

/// Writes a person's password hash, or takes it away.
pub async fn password(connection: &mut SqliteConnection, user_id: UserId, hash: Option<&str>) -> StoreResult<()> {
    let hash = hash.map(str::to_owned);
    let query = sqlx::query("UPDATE person SET password_hash = ? WHERE id = ?").bind(hash).bind(user_id.0);
    if execute(query, connection).await? == 1 { Ok(()) } else { Err(StoreError::Missing("user")) }
}

/// Writes a company without its domains, and frees those that it had.
pub async fn organization(
    connection: &mut SqliteConnection,
    organization: &Organization,
    expect: Expect,
) -> StoreResult<()> {
    let (query, version) = statement(
        expect,
        "INSERT INTO organization (name, name_fold, shares_tickets, version, created_at, updated_at, id) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        "UPDATE organization SET name = ?, name_fold = ?, shares_tickets = ?, version = ?, created_at = ?, \
         updated_at = ? WHERE id = ? AND version = ?",
    );
    let query = query
        .bind(organization.name.clone())
        .bind(fold(&organization.name))
        .bind(organization.shares_tickets)
        .bind(organization.version)
        .bind(organization.created_at.timestamp_micros())
        .bind(organization.updated_at.timestamp_micros())
        .bind(organization.id.0);
    write(connection, query, version).await?;
    if version.is_some() {
        let freed = sqlx::query("DELETE FROM organization_domain WHERE organization_id = ?").bind(organization.id.0);
        execute(freed, connection).await?;
    }
    Ok(())
}

/// Gives companies their domains, once every company of the commit has freed its own.
pub async fn domains(script: &mut Script<'_>, domains: &[Domain<'_>]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO organization_domain (domain, organization_id) ";
    let inserted = script.insert(head, "", domains, |row, (domain, organization_id)| {
        row.push_bind(*domain).push_bind(organization_id.0);
    });
    inserted.await
}

/// Writes a team.
pub async fn team(connection: &mut SqliteConnection, team: &Team, expect: Expect) -> StoreResult<()> {
    let (query, version) = statement(
        expect,
        "INSERT INTO team (name, name_fold, description, routing, capacity, calendar_id, is_active, version, \
         created_at, updated_at, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "UPDATE team SET name = ?, name_fold = ?, description = ?, routing = ?, capacity = ?, calendar_id = ?, \
         is_active = ?, version = ?, created_at = ?, updated_at = ? WHERE id = ? AND version = ?",
    );
    let query = query
        .bind(team.name.clone())
        .bind(fold(&team.name))
        .bind(team.description.clone())
        .bind(team.routing.rank())
        .bind(team.capacity)
        .bind(team.calendar_id.map(|id| id.0))
        .bind(team.is_active)
        .bind(team.version)
        .bind(team.created_at.timestamp_micros())
        .bind(team.updated_at.timestamp_micros())
        .bind(team.id.0);
    write(connection, query, version).await
}

/// Removes a team and its memberships.
pub async fn delete_team(connection: &mut SqliteConnection, team_id: TeamId, version: i64) -> StoreResult<()> {
    // A ticket may have come to the team since the desk looked.
    let query = sqlx::query(
        "DELETE FROM team WHERE id = ?1 AND version = ?2 AND NOT EXISTS (SELECT 1 FROM ticket WHERE team_id = ?1)",
    );
    execute_one(query.bind(team_id.0).bind(version), connection).await?;
    execute(sqlx::query("DELETE FROM membership WHERE team_id = ?").bind(team_id.0), connection).await.map(drop)
}

/// Writes a person's place in a team.
pub async fn membership(connection: &mut SqliteConnection, membership: &Membership, expect: Expect) -> StoreResult<()> {
    let (query, version) = statement(
        expect,
        "INSERT INTO membership (role, capacity, skills, version, created_at, team_id, user_id) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        "UPDATE membership SET role = ?, capacity = ?, skills = ?, version = ?, created_at = ? \
         WHERE team_id = ? AND user_id = ? AND version = ?",
    );
    let query = query
        .bind(membership.role.rank())
        .bind(membership.capacity)
        .bind(serde_json::Value::from(membership.skills.as_slice()).to_string())
        .bind(membership.version)
        .bind(membership.created_at.timestamp_micros())
        .bind(membership.team_id.0)
        .bind(membership.user_id.0);
    write(connection, query, version).await
}

/// Removes a person's place in a team.
pub async fn delete_membership(
    connection: &mut SqliteConnection,
    team_id: TeamId,
    user_id: UserId,
    version: i64,
) -> StoreResult<()> {
    let query = sqlx::query("DELETE FROM membership WHERE team_id = ? AND user_id = ? AND version = ?");
    execute_one(query.bind(team_id.0).bind(user_id.0).bind(version), connection).await
}

/// Writes a sign-in.
pub async fn session(connection: &mut SqliteConnection, session: &Session, expect: Expect) -> StoreResult<()> {
    let (query, version) = statement(
        expect,
        "INSERT INTO session (user_id, family_hash, current_hash, ip, user_agent, version, created_at, refreshed_at, \
         expires_at, ended_at, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "UPDATE session SET user_id = ?, family_hash = ?, current_hash = ?, ip = ?, user_agent = ?, version = ?, \
         created_at = ?, refreshed_at = ?, expires_at = ?, ended_at = ? WHERE id = ? AND version = ?",
    );
    let query = query
        .bind(session.user_id.0)
        .bind(session.family_hash.to_vec())
        .bind(session.current_hash.to_vec())
        .bind(session.ip.clone())
        .bind(session.user_agent.clone())
        .bind(session.version)
        .bind(session.created_at.timestamp_micros())
        .bind(session.refreshed_at.timestamp_micros())
        .bind(session.expires_at.timestamp_micros())
        .bind(session.ended_at.map(|at| at.timestamp_micros()))
        .bind(session.id.0);
    write(connection, query, version).await
}

/// Ends what has not ended yet. The version grows, so that a refresh that was decided before fails.
pub async fn end_sessions(connection: &mut SqliteConnection, user_id: UserId, at: Time) -> StoreResult<()> {
    let query =
        sqlx::query("UPDATE session SET ended_at = ?, version = version + 1 WHERE user_id = ? AND ended_at IS NULL");
    execute(query.bind(at.timestamp_micros()).bind(user_id.0), connection).await.map(drop)
}

/// Removes everything by which a person signs in, but the password.
pub async fn forget_sign_ins(connection: &mut SqliteConnection, user_id: UserId) -> StoreResult<()> {
    for removal in [
        "DELETE FROM session WHERE user_id = ?",
        "DELETE FROM api_key WHERE user_id = ?",
        "DELETE FROM credential_token WHERE user_id = ?",
    ] {
        execute(sqlx::query(removal).bind(user_id.0), connection).await?;
    }
    Ok(())
}

/// Writes a program's key.
pub async fn api_key(connection: &mut SqliteConnection, key: &ApiKey, expect: Expect) -> StoreResult<()> {
    let (query, version) = statement(
        expect,
        "INSERT INTO api_key (user_id, name, prefix, key_hash, scopes, version, created_at, expires_at, revoked_at, \
         last_used_at, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "UPDATE api_key SET user_id = ?, name = ?, prefix = ?, key_hash = ?, scopes = ?, version = ?, \
         created_at = ?, expires_at = ?, revoked_at = ?, last_used_at = ? WHERE id = ? AND version = ?",
    );
    let query = query
        .bind(key.user_id.0)
        .bind(key.name.clone())
        .bind(key.prefix.clone())
        .bind(key.key_hash.to_vec())
        .bind(serde_json::Value::from(key.scopes.clone()).to_string())
        .bind(key.version)
        .bind(key.created_at.timestamp_micros())
        .bind(key.expires_at.map(|at| at.timestamp_micros()))
        .bind(key.revoked_at.map(|at| at.timestamp_micros()))
        .bind(key.last_used_at.map(|at| at.timestamp_micros()))
        .bind(key.id.0);
    write(connection, query, version).await
}

/// Remembers that a key was used, unless a later use is known.
pub async fn key_used(connection: &mut SqliteConnection, id: ApiKeyId, at: Time) -> StoreResult<()> {
    let query = sqlx::query(
        "UPDATE api_key SET last_used_at = ?1 WHERE id = ?2 AND (last_used_at IS NULL OR last_used_at < ?1)",
    );
    execute(query.bind(at.timestamp_micros()).bind(id.0), connection).await.map(drop)
}

/// Writes a link in the place of the one of its kind.
pub async fn credential_token(connection: &mut SqliteConnection, token: &CredentialToken) -> StoreResult<()> {
    let query = sqlx::query(
        "INSERT INTO credential_token (id, user_id, kind, token_hash, created_at, expires_at, used_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, kind) DO UPDATE SET id = excluded.id, \
         token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at, \
         used_at = excluded.used_at",
    );
    let query = query
        .bind(token.id.0)
        .bind(token.user_id.map_or(Uuid::nil(), |id| id.0))
        .bind(token.kind.rank())
        .bind(token.token_hash.to_vec())
        .bind(token.created_at.timestamp_micros())
        .bind(token.expires_at.timestamp_micros())
        .bind(token.used_at.map(|at| at.timestamp_micros()));
    execute(query, connection).await.map(drop)
}

/// Uses a link up.
pub async fn spend_token(connection: &mut SqliteConnection, token_hash: &[u8; 32], at: Time) -> StoreResult<()> {
    let query = sqlx::query("UPDATE credential_token SET used_at = ? WHERE token_hash = ? AND used_at IS NULL");
    execute_one(query.bind(at.timestamp_micros()).bind(token_hash.to_vec()), connection).await
}
