//! Reading tickets and what hangs on them.

use super::MemoryStore;
use super::state::{SortKey, State};
use crate::access::Scope;
use crate::condition::custom_values;
use crate::ids::{AttachmentId, CommentId, LinkId, TeamId, TicketId, TicketKey, UserId};
use crate::model::{Attachment, Comment, FieldKey, Person, Ticket, TicketLink, Watcher};
use crate::port::{StoreResult, TicketRead};
use crate::query::{Position, TicketQuery};
use crate::time::Time;
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::ops::Bound;
use uuid::Uuid;

#[async_trait]
impl TicketRead for MemoryStore {
    async fn ticket(&self, scope: &Scope, key: &TicketKey) -> StoreResult<Option<Ticket>> {
        Ok(self.state().ticket(scope, key).cloned())
    }

    async fn tickets(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<Vec<Ticket>> {
        Ok(self.state().page(scope, query))
    }

    async fn ticket_count(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<u64> {
        let state = self.state();
        let counted = state.tickets.values().filter(|ticket| shown(scope, query, ticket)).count();
        Ok(u64::try_from(counted).unwrap_or(u64::MAX))
    }

    async fn ticket_counts(&self, scope: &Scope, queries: &[TicketQuery], most: usize) -> StoreResult<Vec<u64>> {
        let state = self.state();
        let count = |query| state.tickets.values().filter(|ticket| shown(scope, query, ticket)).take(most).count();
        Ok(queries.iter().map(|query| count(query) as u64).collect())
    }

    async fn comments(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>> {
        let state = self.state();
        if !state.sees_ticket(scope, ticket_id) {
            return Ok(Vec::new());
        }
        let start =
            after.map_or(Bound::Included((ticket_id, CommentId(Uuid::nil()))), |id| Bound::Excluded((ticket_id, id)));
        let end = Bound::Included((ticket_id, CommentId(Uuid::max())));
        let told = state.comments.range((start, end)).map(|(_, comment)| comment);
        let told = told.filter(|comment| scope.sees_internal() || !comment.is_internal);
        Ok(told.take(limit).map(|comment| state.told(comment)).collect())
    }

    async fn comments_from_end(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        before: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>> {
        let state = self.state();
        if !state.sees_ticket(scope, ticket_id) {
            return Ok(Vec::new());
        }
        let start = Bound::Included((ticket_id, CommentId(Uuid::nil())));
        let end =
            before.map_or(Bound::Included((ticket_id, CommentId(Uuid::max()))), |id| Bound::Excluded((ticket_id, id)));
        let told = state.comments.range((start, end)).rev().map(|(_, comment)| comment);
        let told = told.filter(|comment| scope.sees_internal() || !comment.is_internal);
        Ok(told.take(limit).map(|comment| state.told(comment)).collect())
    }

    async fn comments_by_ids(&self, scope: &Scope, ids: &[CommentId]) -> StoreResult<Vec<Comment>> {
        let state = self.state();
        let found = ids.iter().filter_map(|id| {
            let ticket_id = *state.comment_tickets.get(id)?;
            let comment = state.comments.get(&(ticket_id, *id))?;
            let told = state.sees_ticket(scope, ticket_id) && (scope.sees_internal() || !comment.is_internal);
            told.then(|| state.told(comment))
        });
        Ok(found.collect())
    }

    async fn comments_by_author(
        &self,
        scope: &Scope,
        author_id: UserId,
        after: Option<CommentId>,
        limit: usize,
    ) -> StoreResult<Vec<Comment>> {
        if !matches!(scope, Scope::System(_) | Scope::Staff { .. }) {
            return Ok(Vec::new());
        }
        let state = self.state();
        let later = (after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded);
        let all = state.comment_tickets.range(later).filter_map(|(id, ticket)| state.comments.get(&(*ticket, *id)));
        let own = all.filter(|comment| comment.author.id == Some(author_id));
        Ok(own.take(limit).map(|comment| state.told(comment)).collect())
    }

    async fn watchers(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<UserId>,
        limit: usize,
    ) -> StoreResult<Vec<Watcher>> {
        let state = self.state();
        if !scope.sees_internal() || !state.sees_ticket(scope, ticket_id) {
            return Ok(Vec::new());
        }
        let start =
            after.map_or(Bound::Included((ticket_id, UserId(Uuid::nil()))), |id| Bound::Excluded((ticket_id, id)));
        let end = Bound::Included((ticket_id, UserId(Uuid::max())));
        let page = state.watchers.range((start, end)).take(limit);
        Ok(page.map(|(key, since)| state.listener(*key, *since)).collect())
    }

    async fn watchers_by_ids(&self, scope: &Scope, ticket_id: TicketId, ids: &[UserId]) -> StoreResult<Vec<Watcher>> {
        let state = self.state();
        if !scope.sees_internal() || !state.sees_ticket(scope, ticket_id) {
            return Ok(Vec::new());
        }
        let found = ids.iter().filter_map(|id| state.watchers.get_key_value(&(ticket_id, *id)));
        Ok(found.map(|(key, since)| state.listener(*key, *since)).collect())
    }

    async fn attachments(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<AttachmentId>,
        limit: usize,
    ) -> StoreResult<Vec<Attachment>> {
        Ok(self.state().files_of_ticket(scope, ticket_id, after, limit))
    }

    async fn comment_attachments(&self, scope: &Scope, comments: &[CommentId]) -> StoreResult<Vec<Attachment>> {
        Ok(self.state().files_of_comments(scope, comments))
    }

    async fn attachment(&self, scope: &Scope, id: AttachmentId) -> StoreResult<Option<Attachment>> {
        Ok(self.state().file(scope, id))
    }

    async fn tickets_by_keys(&self, scope: &Scope, keys: &[TicketKey]) -> StoreResult<Vec<Ticket>> {
        let state = self.state();
        let found: BTreeMap<TicketId, &Ticket> =
            keys.iter().filter_map(|key| state.ticket(scope, key)).map(|ticket| (ticket.id, ticket)).collect();
        Ok(found.into_values().cloned().collect())
    }

    async fn merged_tickets(&self, scope: &Scope, into: TicketId, limit: usize) -> StoreResult<Vec<Ticket>> {
        let state = self.state();
        let all = (into, TicketId(Uuid::nil()))..=(into, TicketId(Uuid::max()));
        let found = state.merged.range(all).filter_map(|(_, id)| state.tickets.get(id));
        Ok(found.filter(|ticket| scope.sees(ticket)).take(limit).cloned().collect())
    }

    async fn comment_ids(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        limit: usize,
    ) -> StoreResult<Vec<(CommentId, bool)>> {
        let found = self.comments(scope, ticket_id, None, limit).await?;
        Ok(found.into_iter().map(|comment| (comment.id, comment.is_internal)).collect())
    }

    async fn ticket_links(&self, scope: &Scope, ticket_id: TicketId, limit: usize) -> StoreResult<Vec<TicketLink>> {
        let state = self.state();
        let all = (ticket_id, LinkId(Uuid::nil()))..=(ticket_id, LinkId(Uuid::max()));
        let found = state.link_ends.range(all).filter_map(|((_, id), _)| state.links.get(id));
        let seen =
            |link: &&TicketLink| state.sees_ticket(scope, link.ticket_id) && state.sees_ticket(scope, link.other_id);
        Ok(found.filter(seen).take(limit).cloned().collect())
    }

    async fn team_in_use(&self, scope: &Scope, team_id: TeamId) -> StoreResult<bool> {
        let state = self.state();
        Ok(state.tickets.values().any(|ticket| ticket.team_id == Some(team_id) && scope.sees(ticket)))
    }

    async fn custom_field_in_use(&self, scope: &Scope, key: FieldKey) -> StoreResult<bool> {
        let state = self.state();
        let holds = |ticket: &Ticket| custom_values(&ticket.custom_fields).iter().any(|value| value.key == key);
        Ok(state.tickets.values().any(|ticket| holds(ticket) && scope.sees(ticket)))
    }
}

impl State {
    /// The comment with its author's name of now.
    fn told(&self, comment: &Comment) -> Comment {
        Comment { author: self.person(&comment.author), ..comment.clone() }
    }

    /// Who listens, with the name of now.
    fn listener(&self, (ticket_id, user_id): (TicketId, UserId), created_at: Time) -> Watcher {
        let nameless = Person { id: Some(user_id), name: String::new(), role: String::new() };
        Watcher { ticket_id, user: self.person(&nameless), created_at }
    }

    /// One page, read along the order that was asked for from where the last one ended.
    fn page(&self, scope: &Scope, query: &TicketQuery) -> Vec<Ticket> {
        let Some(field) = SortKey::of(query.sort.field) else { return self.page_by_custom(scope, query) };
        let first = (field, i64::MIN, TicketId(Uuid::nil()));
        let last = (field, i64::MAX, TicketId(Uuid::max()));
        let after = query.after.map(|position| (field, position.key, position.ticket_id()));
        let places: Box<dyn Iterator<Item = _> + '_> = if query.sort.descending {
            let end = after.map_or(Bound::Included(last), Bound::Excluded);
            Box::new(self.ticket_places.range((Bound::Included(first), end)).rev())
        } else {
            let start = after.map_or(Bound::Included(first), Bound::Excluded);
            Box::new(self.ticket_places.range((start, Bound::Included(last))))
        };
        places
            .filter_map(|(_, id)| self.tickets.get(id))
            .filter(|ticket| shown(scope, query, ticket))
            .take(query.limit)
            .cloned()
            .collect()
    }
}

impl State {
    /// The same by a field of the desk's own, for which no order is kept.
    fn page_by_custom(&self, scope: &Scope, query: &TicketQuery) -> Vec<Ticket> {
        let sort = query.sort;
        let placed = self.tickets.values().map(|ticket| (Position::of_ticket(sort, ticket), ticket));
        let later = |place: &Position| query.after.is_none_or(|after| sort.compare(place, &after).is_gt());
        let mut found: Vec<_> = placed.filter(|(place, ticket)| later(place) && shown(scope, query, ticket)).collect();
        found.sort_by(|(one, _), (other, _)| sort.compare(one, other));
        found.into_iter().take(query.limit).map(|(_, ticket)| ticket.clone()).collect()
    }
}

/// Whether the ticket is in scope and the filter holds for it.
fn shown(scope: &Scope, query: &TicketQuery, ticket: &Ticket) -> bool {
    scope.sees(ticket) && query.filter.holds(ticket, query.now)
}
