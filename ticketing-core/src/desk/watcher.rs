//! Who listens to a ticket.

use super::Desk;
use super::user::page;
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::error::Error;
use crate::event::Fact;
use crate::ids::{TicketKey, UserId};
use crate::model::{Person, Role, Ticket, Watcher};
use crate::query::{Page, Position};

impl Desk {
    /// Who listens to a ticket. For staff.
    pub async fn watchers(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Page<Watcher>, Error> {
        let call = call.into();
        let ticket = self.seen_ticket(&call, key).await?;
        call.actor.at_least(Role::Agent)?;
        let items = self.store.watchers(&self.scope(&call.actor), ticket.id, after, limit + 1).await?;
        Ok(page(items, limit, |w| Position { key: 0, id: w.user.id.map(|id| id.0).unwrap_or_default() }))
    }

    /// Lets somebody listen who may see the ticket; who already does goes on. For staff.
    pub async fn watch_ticket(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        user_id: UserId,
    ) -> Result<Watcher, Error> {
        let call = &call.into();
        let ticket = &self.seen_ticket(call, key).await?;
        call.actor.at_least(Role::Agent)?;
        let person = self.may_listen(ticket, user_id).await?;
        let (ticket, at) = self
            .change_ticket(call, &ticket.id.into(), None, move |change| {
                change.write(Write::Watch { ticket_id: change.ticket.id, user_id, at: change.now });
                change.fact(Fact::WatcherAdded { user_id });
                Ok(change.now)
            })
            .await?;
        Ok(Watcher { ticket_id: ticket.id, user: person, created_at: at })
    }

    async fn may_listen(&self, ticket: &Ticket, user_id: UserId) -> Result<Person, Error> {
        let unknown = || Error::field("user_id", "unknown", "There is no such active person.");
        let actor = match self.actor_of(user_id, None).await {
            Ok(actor) => actor,
            Err(Error::Unauthenticated(_)) => return Err(unknown()),
            Err(error) => return Err(error),
        };
        if !self.scope(&actor).sees(ticket) {
            return Err(Error::field("user_id", "may_not_see", "This person may not see the ticket."));
        }
        Ok(actor.person())
    }

    /// Lets somebody no longer listen. For staff.
    pub async fn unwatch_ticket(&self, call: impl Into<Call>, key: &TicketKey, user_id: UserId) -> Result<(), Error> {
        let call = &call.into();
        let ticket = self.seen_ticket(call, key).await?;
        call.actor.at_least(Role::Agent)?;
        // One row at the place just before the person says whether the person listens at all.
        let before = UserId(uuid::Uuid::from_u128(user_id.0.as_u128().saturating_sub(1)));
        let found = self.store.watchers(&Scope::UPKEEP, ticket.id, Some(before), 1).await?;
        if found.first().and_then(|w| w.user.id) != Some(user_id) {
            return Err(Error::NotFound("watcher"));
        }
        self.change_ticket(call, &ticket.id.into(), None, move |change| {
            change.write(Write::Unwatch { ticket_id: change.ticket.id, user_id });
            change.fact(Fact::WatcherRemoved { user_id });
            Ok(())
        })
        .await
        .map(drop)
    }
}
