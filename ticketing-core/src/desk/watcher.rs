//! Who listens to a ticket.

use super::recorder::Recorder;
use super::session::{principal, staff_actor};
use super::ticket::Change;
use super::user::page;
use super::{Desk, Snapshot};
use crate::access::{Actor, Call, Scope};
use crate::changes::Write;
use crate::error::Error;
use crate::event::Fact;
use crate::ids::{TicketId, TicketKey, UserId};
use crate::model::view::WatcherView;
use crate::model::{Role, Ticket, Watcher};
use crate::query::{Page, Position};
use std::collections::HashSet;

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
        Ok(page(items, limit, |w| Position::at(0, w.user.id.map(|id| id.0).unwrap_or_default())))
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
        let listener = self.may_listen(ticket, user_id).await?;
        let _turn = self.parts.turns.take(&ticket.id).await;
        let watcher = Watcher { ticket_id: ticket.id, user: listener.person(), created_at: self.now() };
        let (watcher, scope) = (&watcher, &self.scope(&listener));
        self.insist(move || self.try_watch(call, watcher, (user_id, scope))).await
    }

    async fn try_watch(
        &self,
        call: &Call,
        new: &Watcher,
        (user_id, scope): (UserId, &Scope),
    ) -> Result<Watcher, Error> {
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
            // It may have gone to another team since it was looked at.
            if !scope.sees(&change.ticket) {
                return Err(may_not_see());
            }
            change.write(Write::Watch { ticket_id: id, user_id, at: change.now });
            change.fact(Fact::WatcherAdded { user_id });
            let watcher = since(change.now);
            change.answer(|| WatcherView::from(watcher.clone()))?;
            Ok(watcher)
        };
        self.try_change(call, id, None, watch).await.map(|(_, watcher)| watcher)
    }

    /// Whether and since when somebody listens.
    async fn watcher(&self, id: TicketId, user_id: UserId) -> Result<Option<Watcher>, Error> {
        Ok(self.store.watchers_by_ids(&Scope::UPKEEP, id, &[user_id]).await?.pop())
    }

    /// Those of these people who may see a ticket, in their order; who left the desk sees nothing. Staff are
    /// known from the snapshot. For all others together there is one look at the directory, and one at the
    /// ticket's company, the only one whose sharing can matter here.
    pub(super) async fn who_sees(
        &self,
        snapshot: &Snapshot,
        people: &[UserId],
        ticket: &Ticket,
    ) -> Result<Vec<UserId>, Error> {
        let others: Vec<UserId> = people.iter().copied().filter(|id| snapshot.directory.staff(*id).is_none()).collect();
        let mut actors = Vec::with_capacity(people.len());
        let staff = people.iter().filter_map(|id| snapshot.directory.staff(*id)).filter(|user| user.is_active);
        for user in staff {
            actors.push(staff_actor(snapshot, user, None)?);
        }
        if !others.is_empty() {
            let found = self.store.users_by_ids(&Scope::UPKEEP, &others).await?;
            let shares = match ticket.organization_id {
                Some(id) => self.store.organization(&Scope::UPKEEP, id).await?.is_some_and(|o| o.shares_tickets),
                None => false,
            };
            // One who works here and is not in the snapshot came after it: the commit is refused for that,
            // and all is decided anew.
            let customers = found.iter().filter(|user| user.is_active && !user.role.is_staff());
            actors.extend(customers.map(|user| Actor::user(principal(user, Vec::new(), shares, None))));
        }
        let sees = |actor: &Actor| actor.user_id().filter(|_| self.scope(actor).sees(ticket));
        let seeing: HashSet<UserId> = actors.iter().filter_map(sees).collect();
        Ok(people.iter().copied().filter(|id| seeing.contains(id)).collect())
    }

    /// Somebody who is there and may see the ticket.
    async fn may_listen(&self, ticket: &Ticket, user_id: UserId) -> Result<Actor, Error> {
        let unknown = || Error::field("user_id", "unknown", "There is no such active person.");
        let actor = match self.actor_of(user_id, None).await {
            Ok(actor) => actor,
            Err(Error::Unauthenticated(_)) => return Err(unknown()),
            Err(error) => return Err(error),
        };
        if !self.scope(&actor).sees(ticket) {
            return Err(may_not_see());
        }
        Ok(actor)
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

fn may_not_see() -> Error {
    Error::field("user_id", "may_not_see", "This person may not see the ticket.")
}
