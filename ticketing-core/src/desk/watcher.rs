//! Who listens to a ticket.

use super::Desk;
use super::recorder::Recorder;
use super::ticket::Change;
use super::user::page;
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::error::Error;
use crate::event::Fact;
use crate::ids::{TicketId, TicketKey, UserId};
use crate::model::view::WatcherView;
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
        let _turn = self.parts.turns.take(&ticket.id).await;
        let watcher = Watcher { ticket_id: ticket.id, user: person, created_at: self.now() };
        let watcher = &watcher;
        self.insist(move || self.try_watch(call, watcher, user_id)).await
    }

    async fn try_watch(&self, call: &Call, new: &Watcher, user_id: UserId) -> Result<Watcher, Error> {
        let id = new.ticket_id;
        let since = |created_at| Watcher { created_at, ..new.clone() };
        if let Some(known) = self.watcher(id, user_id).await? {
            let known = since(known.created_at);
            let mut recorder = Recorder::begin(self, call).await?;
            recorder.answer(|| WatcherView::from(known.clone()))?;
            recorder.unchanged().await?;
            return Ok(known);
        }
        let watch = move |change: &mut Change| {
            change.write(Write::Watch { ticket_id: id, user_id, at: change.now });
            change.fact(Fact::WatcherAdded { user_id });
            let watcher = since(change.now);
            change.answer(|| WatcherView::from(watcher.clone()))?;
            Ok(watcher)
        };
        self.try_change(call, id, None, watch).await.map(|(_, watcher)| watcher)
    }

    /// Whether and since when somebody listens.
    pub(super) async fn watcher(&self, id: TicketId, user_id: UserId) -> Result<Option<Watcher>, Error> {
        // The list starts just behind the person before: its first row is the person, or somebody else.
        let before = UserId(uuid::Uuid::from_u128(user_id.0.as_u128().saturating_sub(1)));
        let found = self.store.watchers(&Scope::UPKEEP, id, Some(before), 1).await?.pop();
        Ok(found.filter(|watcher| watcher.user.id == Some(user_id)))
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
        let _turn = self.parts.turns.take(&ticket.id).await;
        self.insist(move || self.try_unwatch(call, ticket.id, user_id)).await
    }

    async fn try_unwatch(&self, call: &Call, id: TicketId, user_id: UserId) -> Result<(), Error> {
        self.watcher(id, user_id).await?.ok_or(Error::NotFound("watcher"))?;
        let unwatch = move |change: &mut Change| {
            change.write(Write::Unwatch { ticket_id: id, user_id });
            change.fact(Fact::WatcherRemoved { user_id });
            Ok(())
        };
        self.try_change(call, id, None, unwatch).await.map(drop)
    }
}
