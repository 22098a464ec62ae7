//! How many rows a list has in all, for who asks for that beside a page of it.

use super::Desk;
use crate::access::Call;
use crate::error::Error;
use crate::fold::fold;
use crate::ids::TicketKey;
use crate::model::Role;
use crate::query::{AuditQuery, Countable, OrganizationQuery, UserQuery};

impl Desk {
    /// How many people there are on [`Desk::users`], whatever page. For staff.
    pub async fn user_count(&self, call: impl Into<Call>, mut query: UserQuery) -> Result<u64, Error> {
        query.text = query.text.map(|text| fold(&text));
        self.count(&call.into(), Role::Agent, Countable::Users(&query)).await
    }

    /// How many companies there are on [`Desk::organizations`]. For staff.
    pub async fn organization_count(&self, call: impl Into<Call>, mut query: OrganizationQuery) -> Result<u64, Error> {
        query.text = query.text.map(|text| fold(&text));
        self.count(&call.into(), Role::Agent, Countable::Organizations(&query)).await
    }

    /// How many comments there are on [`Desk::comments`].
    pub async fn comment_count(&self, call: impl Into<Call>, key: &TicketKey) -> Result<u64, Error> {
        let call = call.into();
        let ticket = self.seen_ticket(&call, key).await?;
        self.count(&call, Role::Customer, Countable::Comments(ticket.id)).await
    }

    /// How many there are on [`Desk::watchers`]. For staff.
    pub async fn watcher_count(&self, call: impl Into<Call>, key: &TicketKey) -> Result<u64, Error> {
        let call = call.into();
        let ticket = self.seen_ticket(&call, key).await?;
        self.count(&call, Role::Agent, Countable::Watchers(ticket.id)).await
    }

    /// How many events there are on [`Desk::timeline`].
    pub async fn timeline_count(&self, call: impl Into<Call>, key: &TicketKey) -> Result<u64, Error> {
        let call = call.into();
        let ticket = self.seen_ticket(&call, key).await?;
        self.count(&call, Role::Customer, Countable::TicketEvents(ticket.id)).await
    }

    /// How many lines there are on [`Desk::audit`], whatever page. For administrators.
    pub async fn audit_count(&self, call: impl Into<Call>, query: AuditQuery) -> Result<u64, Error> {
        self.count(&call.into(), Role::Admin, Countable::Audit(&query)).await
    }

    async fn count(&self, call: &Call, role: Role, list: Countable<'_>) -> Result<u64, Error> {
        call.actor.at_least(role)?;
        Ok(self.store.count(&self.scope(&call.actor), list).await?)
    }
}
