//! Reading people, companies, sign-ins and settings.

use super::MemoryStore;
use super::state::State;
use crate::access::Scope;
use crate::fold::fold;
use crate::ids::{ApiKeyId, CannedResponseId, OrganizationId, SessionId, UserId};
use crate::model::{ApiKey, CannedUse, CredentialToken, Organization, Session, User};
use crate::port::{Credential, PeopleRead, SettingsRead, StoreResult};
use crate::query::{OrganizationQuery, UserQuery};
use crate::setting::{Document, SettingsState};
use crate::time::Time;
use async_trait::async_trait;
use std::collections::BTreeSet;
use std::ops::Bound;
use uuid::Uuid;

#[async_trait]
impl PeopleRead for MemoryStore {
    async fn user(&self, scope: &Scope, id: UserId) -> StoreResult<Option<User>> {
        Ok(self.state().users.get(&id).filter(|user| scope.sees_user(user)).cloned())
    }

    async fn users_by_ids(&self, scope: &Scope, ids: &[UserId]) -> StoreResult<Vec<User>> {
        let state = self.state();
        let found = ids.iter().filter_map(|id| state.users.get(id)).filter(|user| scope.sees_user(user));
        Ok(found.cloned().collect())
    }

    async fn credential(&self, scope: &Scope, email_fold: &str) -> StoreResult<Option<Credential>> {
        let state = self.state();
        Ok(state.emails.get(email_fold).and_then(|id| state.credential(scope, *id)))
    }

    async fn credential_by_id(&self, scope: &Scope, id: UserId) -> StoreResult<Option<Credential>> {
        Ok(self.state().credential(scope, id))
    }

    async fn users(&self, scope: &Scope, query: &UserQuery) -> StoreResult<Vec<User>> {
        let state = self.state();
        let start = query.after.map_or(Bound::Unbounded, Bound::Excluded);
        let page = state.users.range((start, Bound::Unbounded)).map(|(_, user)| user);
        let page = page.filter(|user| scope.sees_user(user) && fits(query, user));
        Ok(page.take(query.limit).cloned().collect())
    }

    async fn organization(&self, scope: &Scope, id: OrganizationId) -> StoreResult<Option<Organization>> {
        let seen = match scope {
            Scope::Customer { organization_id, .. } => *organization_id == Some(id),
            _ => true,
        };
        Ok(self.state().organizations.get(&id).filter(|_| seen).cloned())
    }

    async fn organizations(&self, scope: &Scope, query: &OrganizationQuery) -> StoreResult<Vec<Organization>> {
        let state = self.state();
        let start = query.after.map_or(Bound::Unbounded, Bound::Excluded);
        let page = state.organizations.range((start, Bound::Unbounded)).map(|(_, organization)| organization);
        let page = page.filter(|organization| scope.sees_internal() && names(query, organization));
        Ok(page.take(query.limit).cloned().collect())
    }

    async fn organization_by_domain(&self, scope: &Scope, domain: &str) -> StoreResult<Option<Organization>> {
        let state = self.state();
        let found = state.domains.get(domain).filter(|_| scope.sees_internal());
        Ok(found.and_then(|id| state.organizations.get(id)).cloned())
    }

    async fn session(&self, scope: &Scope, id: SessionId) -> StoreResult<Option<Session>> {
        Ok(self.state().sessions.get(&id).filter(|_| is_system(scope)).cloned())
    }

    async fn sessions(
        &self,
        scope: &Scope,
        user_id: UserId,
        now: Time,
        before: Option<SessionId>,
        limit: usize,
    ) -> StoreResult<Vec<Session>> {
        let state = self.state();
        let earlier = (Bound::Unbounded, before.map_or(Bound::Unbounded, Bound::Excluded));
        let live = |row: &&Session| row.user_id == user_id && row.ended_at.is_none() && row.expires_at > now;
        let found = state.sessions.range(earlier).rev().map(|(_, row)| row).filter(|row| is_system(scope) && live(row));
        Ok(found.take(limit).cloned().collect())
    }

    async fn api_key(&self, scope: &Scope, prefix: &str) -> StoreResult<Option<ApiKey>> {
        let state = self.state();
        let found = state.api_key_prefixes.get(prefix).filter(|_| is_system(scope));
        Ok(found.and_then(|id| state.api_keys.get(id)).cloned())
    }

    async fn api_key_by_id(&self, scope: &Scope, id: ApiKeyId) -> StoreResult<Option<ApiKey>> {
        Ok(self.state().api_keys.get(&id).filter(|_| is_system(scope)).cloned())
    }

    async fn api_keys(&self, scope: &Scope, user_id: UserId) -> StoreResult<Vec<ApiKey>> {
        let state = self.state();
        let own = |key: &&ApiKey| is_system(scope) && key.user_id == user_id && key.revoked_at.is_none();
        Ok(state.api_keys.values().filter(own).cloned().collect())
    }

    async fn credential_token(&self, scope: &Scope, token_hash: &[u8; 32]) -> StoreResult<Option<CredentialToken>> {
        let state = self.state();
        let found = state.credential_tokens.values().find(|token| token.token_hash == *token_hash);
        Ok(found.filter(|_| is_system(scope)).cloned())
    }
}

#[async_trait]
impl SettingsRead for MemoryStore {
    async fn settings_version(&self) -> StoreResult<i64> {
        Ok(self.state().settings_version)
    }

    async fn settings(&self) -> StoreResult<SettingsState> {
        let state = self.state();
        let shown = |document: &&Document| document.owner.is_none() && !document.deleted;
        Ok(SettingsState {
            version: state.settings_version,
            documents: state.documents.values().filter(shown).cloned().collect(),
            staff: state.users.values().filter(|user| user.role.is_staff()).cloned().collect(),
            teams: state.teams.values().cloned().collect(),
            memberships: state.memberships.values().cloned().collect(),
        })
    }

    async fn document_history(&self, kind: &str, id: Uuid, limit: usize) -> StoreResult<Vec<Document>> {
        let state = self.state();
        let versions = (kind.to_owned(), id, i64::MIN)..=(kind.to_owned(), id, i64::MAX);
        let newest_first = state.document_versions.range(versions).rev();
        Ok(newest_first.take(limit).map(|(_, document)| document.clone()).collect())
    }

    async fn canned_uses(&self, user_id: UserId) -> StoreResult<Vec<CannedUse>> {
        Ok(self.state().canned_uses_of(user_id))
    }

    async fn canned_totals(&self, ids: &[CannedResponseId]) -> StoreResult<Vec<(CannedResponseId, u64)>> {
        let state = self.state();
        let ids: BTreeSet<CannedResponseId> = ids.iter().copied().collect();
        let total = |id: CannedResponseId| (id, state.canned_total(id));
        Ok(ids.into_iter().map(total).filter(|(_, uses)| *uses > 0).collect())
    }
}

impl State {
    fn credential(&self, scope: &Scope, id: UserId) -> Option<Credential> {
        let user = self.users.get(&id).filter(|_| is_system(scope))?.clone();
        Some(Credential { user, password_hash: self.passwords.get(&id).cloned() })
    }
}

fn is_system(scope: &Scope) -> bool {
    matches!(scope, Scope::System(_))
}

fn names(query: &OrganizationQuery, organization: &Organization) -> bool {
    let named = |text: &String| {
        fold(&organization.name).contains(text) || organization.domains.iter().any(|domain| domain.contains(text))
    };
    query.text.as_ref().is_none_or(named)
}

fn fits(query: &UserQuery, user: &User) -> bool {
    let named = |text: &String| fold(&user.name).contains(text) || fold(&user.email).contains(text);
    (query.roles.is_empty() || query.roles.contains(&user.role))
        && (query.ids.is_empty() || query.ids.contains(&user.id))
        && query.organization_id.is_none_or(|id| user.organization_id == Some(id))
        && query.is_active.is_none_or(|active| user.is_active == active)
        && query.text.as_ref().is_none_or(named)
}
