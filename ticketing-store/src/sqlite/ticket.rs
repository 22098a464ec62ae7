//! Reading tickets and what hangs on them.

use super::list::{FEW, Held, LOOK, Page, push_list};
use super::open::SqliteStore;
use super::scope::push_scope;
use super::{attachment, row};
use crate::condition::push_condition;
use crate::walk::Stretch;
use async_trait::async_trait;
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{FromRow, QueryBuilder};
use ticketing_core::access::Scope;
use ticketing_core::ids::{AttachmentId, CommentId, TeamId, TicketId, TicketKey, UserId};
use ticketing_core::model::{Attachment, Comment, FieldKey, Ticket, TicketLink, Watcher};
use ticketing_core::port::{StoreError, StoreResult, TicketRead};
use ticketing_core::query::{Position, TicketQuery};

/// How many ids one statement asks for.
pub(super) const IDS: usize = 256;

#[async_trait]
impl TicketRead for SqliteStore {
    async fn ticket(&self, scope: &Scope, key: &TicketKey) -> StoreResult<Option<Ticket>> {
        let mut query = select_tickets();
        match key {
            TicketKey::Id(id) => query.push(" WHERE t.id = ").push_bind(id.0),
            TicketKey::Number(number) => query.push(" WHERE t.number = ").push_bind(number.as_str()),
        };
        query.push(" AND ");
        push_scope(&mut query, scope);
        self.row(query).await?.as_ref().map(row::ticket).transpose()
    }

    async fn tickets(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<Vec<Ticket>> {
        self.in_time(self.page(scope, query)).await
    }

    async fn ticket_count(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<u64> {
        self.in_time(self.count(scope, query)).await
    }

    async fn ticket_counts(&self, scope: &Scope, queries: &[TicketQuery], most: usize) -> StoreResult<Vec<u64>> {
        self.in_time(async {
            let mut counts = Vec::with_capacity(queries.len());
            for query in queries {
                counts.push(self.count_up_to(scope, query, most).await?);
            }
            Ok(counts)
        })
        .await
    }

    async fn comments(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<CommentId>,
        many: usize,
    ) -> StoreResult<Vec<Comment>> {
        let mut query = select_comments(scope);
        query.push(" AND c.ticket_id = ").push_bind(ticket_id.0);
        if let Some(after) = after {
            query.push(" AND c.id > ").push_bind(after.0);
        }
        query.push(" ORDER BY c.id LIMIT ").push_bind(limit(many));
        self.rows(query).await?.iter().map(row::comment).collect()
    }

    async fn comments_from_end(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        before: Option<CommentId>,
        many: usize,
    ) -> StoreResult<Vec<Comment>> {
        let mut query = QueryBuilder::new("");
        push_comments_from_end(&mut query, scope, ticket_id, before, many);
        self.rows(query).await?.iter().map(row::comment).collect()
    }

    async fn comments_by_ids(&self, scope: &Scope, ids: &[CommentId]) -> StoreResult<Vec<Comment>> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(IDS) {
            let mut query = select_comments(scope);
            query.push(" AND c.id IN (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id.0);
            }
            query.push(")");
            for row in self.rows(query).await? {
                found.push(row::comment(&row)?);
            }
        }
        Ok(found)
    }

    async fn comments_by_author(
        &self,
        scope: &Scope,
        author_id: UserId,
        after: Option<CommentId>,
        many: usize,
    ) -> StoreResult<Vec<Comment>> {
        if !matches!(scope, Scope::System(_) | Scope::Staff { .. }) {
            return Ok(Vec::new());
        }
        let mut query = select_comments(scope);
        query.push(" AND c.author_id = ").push_bind(author_id.0);
        if let Some(after) = after {
            query.push(" AND c.id > ").push_bind(after.0);
        }
        query.push(" ORDER BY c.id LIMIT ").push_bind(limit(many));
        self.in_time(async { self.rows(query).await?.iter().map(row::comment).collect() }).await
    }

    async fn watchers(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<UserId>,
        many: usize,
    ) -> StoreResult<Vec<Watcher>> {
        if !scope.sees_internal() {
            return Ok(Vec::new());
        }
        let mut query = select_watchers(scope, ticket_id);
        if let Some(after) = after {
            query.push(" AND w.user_id > ").push_bind(after.0);
        }
        query.push(" ORDER BY w.user_id LIMIT ").push_bind(limit(many));
        self.rows(query).await?.iter().map(row::watcher).collect()
    }

    async fn watchers_by_ids(&self, scope: &Scope, ticket_id: TicketId, ids: &[UserId]) -> StoreResult<Vec<Watcher>> {
        let mut found = Vec::new();
        if !scope.sees_internal() {
            return Ok(found);
        }
        for ids in ids.chunks(IDS) {
            let mut query = select_watchers(scope, ticket_id);
            query.push(" AND w.user_id IN (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id.0);
            }
            query.push(")");
            for row in self.rows(query).await? {
                found.push(row::watcher(&row)?);
            }
        }
        Ok(found)
    }

    async fn attachments(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<AttachmentId>,
        many: usize,
    ) -> StoreResult<Vec<Attachment>> {
        let mut query = QueryBuilder::new("");
        attachment::push_of_ticket(&mut query, scope, ticket_id, after, many);
        self.rows(query).await?.iter().map(attachment::file).collect()
    }

    async fn comment_attachments(&self, scope: &Scope, comments: &[CommentId]) -> StoreResult<Vec<Attachment>> {
        let mut found = Vec::new();
        for comments in comments.chunks(IDS) {
            let mut query = QueryBuilder::new("");
            attachment::push_of_comments(&mut query, scope, comments);
            for row in self.rows(query).await? {
                found.push(attachment::file(&row)?);
            }
        }
        // Two parts of a long list may name the same comment.
        found.sort_by_key(|file: &Attachment| file.id);
        found.dedup_by_key(|file| file.id);
        Ok(found)
    }

    async fn attachment(&self, scope: &Scope, id: AttachmentId) -> StoreResult<Option<Attachment>> {
        let mut query = QueryBuilder::new("");
        attachment::push_one(&mut query, scope, id);
        self.row(query).await?.as_ref().map(attachment::file).transpose()
    }

    async fn tickets_by_keys(&self, scope: &Scope, keys: &[TicketKey]) -> StoreResult<Vec<Ticket>> {
        self.in_time(self.named_tickets(scope, keys)).await
    }

    async fn merged_tickets(&self, scope: &Scope, into: TicketId, many: usize) -> StoreResult<Vec<Ticket>> {
        self.taken_in(scope, into, many).await
    }

    async fn comment_ids(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        many: usize,
    ) -> StoreResult<Vec<(CommentId, bool)>> {
        let mut query =
            QueryBuilder::new("SELECT c.id, c.is_internal FROM comment c JOIN ticket t ON t.id = c.ticket_id WHERE ");
        push_scope(&mut query, scope);
        if !scope.sees_internal() {
            query.push(" AND c.is_internal = 0");
        }
        query.push(" AND c.ticket_id = ").push_bind(ticket_id.0);
        query.push(" ORDER BY c.id LIMIT ").push_bind(limit(many));
        self.rows(query).await?.iter().map(row::comment_id).collect()
    }

    async fn ticket_links(&self, scope: &Scope, ticket_id: TicketId, many: usize) -> StoreResult<Vec<TicketLink>> {
        self.ties(scope, ticket_id, many).await
    }

    async fn team_in_use(&self, scope: &Scope, team_id: TeamId) -> StoreResult<bool> {
        let mut query = QueryBuilder::new("SELECT EXISTS (SELECT 1 FROM ticket t WHERE t.team_id = ");
        query.push_bind(team_id.0).push(" AND ");
        push_scope(&mut query, scope);
        query.push(")");
        self.value(query).await
    }

    async fn custom_field_in_use(&self, scope: &Scope, key: FieldKey) -> StoreResult<bool> {
        let mut query = QueryBuilder::new(
            "SELECT EXISTS (SELECT 1 FROM ticket_field f JOIN ticket t ON t.id = f.ticket_id WHERE f.field_key = ",
        );
        query.push_bind(key.as_str().to_owned()).push(" AND ");
        push_scope(&mut query, scope);
        query.push(")");
        self.value(query).await
    }
}

impl SqliteStore {
    /// Gives up a read of many statements after as long as one of them may take.
    async fn in_time<T>(&self, read: impl Future<Output = StoreResult<T>>) -> StoreResult<T> {
        let read = tokio::time::timeout(self.read_timeout, read).await;
        read.unwrap_or_else(|_| Err(StoreError::Unavailable("a read took too long".into())))
    }

    async fn page(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<Vec<Ticket>> {
        let mut found: Vec<Ticket> = Vec::new();
        let mut after = query.after;
        let mut stretch = Stretch::after(query.sort, after);
        let few = self.few_holders(scope, query).await?;
        while found.len() < query.limit {
            let mut select = QueryBuilder::new("");
            let Page { exact, many } = push_list(&mut select, scope, query, (stretch, after), few);
            let rows = self.rows(select).await?;
            let mut looked_at = rows.iter().map(row::ticket).collect::<StoreResult<Vec<_>>>()?;
            // SQL picks the page in order and has no need to hand it over so.
            let place = |ticket: &Ticket| Position::of_ticket(query.sort, ticket);
            looked_at.sort_by(|one, other| query.sort.compare(&place(one), &place(other)));
            let is_end = looked_at.len() < many;
            after = looked_at.last().map(place);
            found.extend(looked_at.into_iter().filter(|ticket| exact || query.filter.holds(ticket, query.now)));
            if is_end {
                let Some(next) = stretch.next() else { break };
                (stretch, after) = (next, None);
            }
        }
        found.truncate(query.limit);
        Ok(found)
    }

    /// The values of a field of the desk's own that few tickets hold, where the filter leaves those alone: it is quicker to
    /// look at them than to look for them in all.
    pub(super) async fn few_holders<'q>(&self, scope: &Scope, query: &'q TicketQuery) -> StoreResult<Option<Held<'q>>> {
        let Some(held) = Held::of(scope, query) else { return Ok(None) };
        let mut count = QueryBuilder::new("");
        held.push_count(&mut count);
        let counted: i64 = self.value(count).await?;
        Ok((counted <= FEW).then_some(held))
    }

    async fn count(&self, scope: &Scope, query: &TicketQuery) -> StoreResult<u64> {
        let mut count = QueryBuilder::new("SELECT count(*) FROM ticket t WHERE ");
        push_scope(&mut count, scope);
        if let Some(held) = Held::of(scope, query) {
            held.push_among(&mut count);
        }
        count.push(" AND ");
        if push_condition(&mut count, &query.filter, query.now) {
            let counted: i64 = self.value(count).await?;
            return Ok(u64::try_from(counted).unwrap_or_default());
        }
        self.count_by_walking(scope, query, u64::MAX).await
    }

    async fn count_up_to(&self, scope: &Scope, query: &TicketQuery, most: usize) -> StoreResult<u64> {
        let mut count = QueryBuilder::new("");
        if push_count_up_to(&mut count, scope, query, most) {
            let counted: i64 = self.value(count).await?;
            return Ok(u64::try_from(counted).unwrap_or_default());
        }
        self.count_by_walking(scope, query, most as u64).await
    }

    /// Counts what only a look at each ticket can decide, up to so many.
    async fn count_by_walking(&self, scope: &Scope, query: &TicketQuery, most: u64) -> StoreResult<u64> {
        let mut counted = 0;
        let mut page = TicketQuery { after: None, limit: LOOK, ..query.clone() };
        while counted < most {
            let found = self.page(scope, &page).await?;
            counted += found.len() as u64;
            match found.last() {
                Some(last) if found.len() == LOOK => page.after = Some(Position::of_ticket(page.sort, last)),
                _ => break,
            }
        }
        Ok(counted.min(most))
    }

    /// Runs a query and answers its rows.
    pub(super) async fn rows(&self, mut query: QueryBuilder<Sqlite>) -> StoreResult<Vec<SqliteRow>> {
        let mut reader = self.readers.lease().await?;
        let rows = query.build().fetch_all(&mut *reader).await;
        reader.finish(rows).await
    }

    /// Runs a query that answers one value.
    pub(super) async fn value<T>(&self, mut query: QueryBuilder<Sqlite>) -> StoreResult<T>
    where
        T: Send + Unpin,
        (T,): for<'r> FromRow<'r, SqliteRow>,
    {
        let mut reader = self.readers.lease().await?;
        let value = query.build_query_scalar().fetch_one(&mut *reader).await;
        reader.finish(value).await
    }
}

/// Appends the statement that counts a list up to so many; whether that is all that is asked for.
pub(super) fn push_count_up_to(
    count: &mut QueryBuilder<Sqlite>,
    scope: &Scope,
    query: &TicketQuery,
    most: usize,
) -> bool {
    count.push("SELECT count(*) FROM (SELECT 1 FROM ticket t WHERE ");
    push_scope(count, scope);
    if let Some(held) = Held::of(scope, query) {
        held.push_among(count);
    }
    count.push(" AND ");
    let is_exact = push_condition(count, &query.filter, query.now);
    count.push(" LIMIT ").push_bind(limit(most)).push(")");
    is_exact
}

/// A limit as SQLite takes it.
pub fn limit(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}

pub(super) fn select_tickets() -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT ");
    query.push(row::TICKET).push(" FROM ticket t JOIN ticket_body b ON b.ticket_id = t.id");
    query
}

/// Comments that the scope may read; the caller says which.
fn select_comments(scope: &Scope) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("");
    push_select_comments(&mut query, scope);
    query
}

fn push_select_comments(query: &mut QueryBuilder<Sqlite>, scope: &Scope) {
    query.push("SELECT ").push(row::COMMENT);
    query.push(" FROM comment c JOIN ticket t ON t.id = c.ticket_id LEFT JOIN person p ON p.id = c.author_id WHERE ");
    push_scope(query, scope);
    if !scope.sees_internal() {
        query.push(" AND c.is_internal = 0");
    }
}

/// Appends the statement for a ticket's comments, the newest first.
pub(super) fn push_comments_from_end(
    query: &mut QueryBuilder<Sqlite>,
    scope: &Scope,
    ticket_id: TicketId,
    before: Option<CommentId>,
    many: usize,
) {
    push_select_comments(query, scope);
    query.push(" AND c.ticket_id = ").push_bind(ticket_id.0);
    if let Some(before) = before {
        query.push(" AND c.id < ").push_bind(before.0);
    }
    query.push(" ORDER BY c.id DESC LIMIT ").push_bind(limit(many));
}

/// Those who listen to a ticket in scope; the caller makes sure that the scope may know of them.
fn select_watchers(scope: &Scope, ticket_id: TicketId) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT ");
    query.push(row::WATCHER);
    query.push(" FROM ticket t JOIN watcher w ON w.ticket_id = t.id LEFT JOIN person p ON p.id = w.user_id WHERE ");
    push_scope(&mut query, scope);
    query.push(" AND t.id = ").push_bind(ticket_id.0);
    query
}
