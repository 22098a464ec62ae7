//! Reading what people are told on the desk, and whom it may reach.

use super::failure::corrupt;
use super::open::SqliteStore;
use super::order::{Done, Order};
use super::row::{self, Cells};
use super::ticket::limit;
use crate::row::rule;
use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqliteRow};
use std::collections::BTreeSet;
use ticketing_core::ids::{ChangeId, NotificationId, TicketId, UserId};
use ticketing_core::model::{NoticePreferences, Notification, NotificationKind};
use ticketing_core::port::{Hearer, HearerQuery, Hearers, NotificationRead, StoreResult};
use ticketing_core::query::NotificationQuery;
use ticketing_core::setting::Setting;
use ticketing_core::time::Time;

/// How many ids one statement asks for.
const IDS: usize = 256;

#[async_trait]
impl NotificationRead for SqliteStore {
    async fn notifications(&self, wanted: &NotificationQuery) -> StoreResult<Vec<Notification>> {
        let mut query = QueryBuilder::new("");
        push_page(&mut query, wanted);
        self.rows(query).await?.iter().map(notification).collect()
    }

    async fn notification_count(&self, wanted: &NotificationQuery) -> StoreResult<u64> {
        let mut query = QueryBuilder::new("");
        push_count(&mut query, wanted);
        let count: i64 = self.value(query).await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    async fn unread_counts(&self, users: &[UserId]) -> StoreResult<Vec<(UserId, u64)>> {
        let mut counts = Vec::new();
        for users in users.chunks(IDS) {
            let mut query = QueryBuilder::new("");
            push_unread_counts(&mut query, users);
            for row in self.rows(query).await? {
                let mut cells = Cells::of(&row);
                counts.push((cells.id(UserId)?, u64::try_from(cells.take::<i64>()?).unwrap_or_default()));
            }
        }
        Ok(counts)
    }

    async fn notification(&self, user_id: UserId, id: NotificationId) -> StoreResult<Option<Notification>> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(NOTIFICATION).push(" FROM notification n WHERE n.user_id = ").push_bind(user_id.0);
        query.push(" AND n.id = ").push_bind(id.0);
        self.row(query).await?.as_ref().map(notification).transpose()
    }

    async fn notifications_of_changes(&self, changes: &[ChangeId], limit: usize) -> StoreResult<Vec<Notification>> {
        let mut found = Vec::new();
        for changes in changes.chunks(IDS) {
            let mut query = QueryBuilder::new("");
            push_of_changes(&mut query, changes, limit);
            for row in self.rows(query).await? {
                found.push(notification(&row)?);
            }
        }
        found.sort_by_key(|told| (told.user_id, told.id));
        found.truncate(limit);
        Ok(found)
    }

    async fn purge_notifications(&self, before: Time, limit: usize) -> StoreResult<u64> {
        self.writer.order(Order::PurgeNotifications { before, limit }).await.and_then(Done::count)
    }

    async fn purge_joined(&self, before: Time, limit: usize) -> StoreResult<u64> {
        self.writer.order(Order::PurgeJoined { before, limit }).await.and_then(Done::count)
    }

    async fn hearers(&self, wanted: &HearerQuery) -> StoreResult<Hearers> {
        let mut hearers = Hearers::default();
        let mut known = BTreeSet::new();
        // The first statement finds those who listen, too.
        let mut watchers = wanted.watchers;
        for people in wanted.people.chunks(IDS).chain(wanted.people.is_empty().then_some(&[][..])) {
            let mut query = QueryBuilder::new("");
            push_hearers(&mut query, wanted, people, watchers);
            watchers = 0;
            for row in self.rows(query).await? {
                let mut cells = Cells::of(&row);
                let user = row::user_of(&mut cells)?;
                let (is_watching, preferences) = (cells.take()?, cells.maybe_json()?);
                hearers.shares_tickets = cells.take()?;
                if known.insert(user.id) {
                    hearers.people.push(Hearer { user, is_watching, preferences });
                }
            }
        }
        Ok(hearers)
    }

    async fn commenters(&self, ticket_id: TicketId, many: usize) -> StoreResult<Vec<UserId>> {
        let mut query = QueryBuilder::new("SELECT DISTINCT author_id FROM comment WHERE ticket_id = ");
        query.push_bind(ticket_id.0).push(" AND is_internal = 0 AND author_id IS NOT NULL ORDER BY author_id LIMIT ");
        query.push_bind(limit(many));
        self.rows(query).await?.iter().map(|row| Cells::of(row).id(UserId)).collect()
    }
}

/// Columns of [`notification`] from `notification n`.
const NOTIFICATION: &str = "n.id, n.user_id, n.ticket_id, n.ticket_number, n.kind, n.title, n.message, n.count, \
     n.rule_id, n.rule_version, n.change_id, n.created_at, n.updated_at, n.read_at";

/// Something that a person is told.
fn notification(row: &SqliteRow) -> StoreResult<Notification> {
    let mut cells = Cells::of(row);
    Ok(Notification {
        id: cells.id(NotificationId)?,
        user_id: cells.id(UserId)?,
        ticket_id: cells.maybe_id(TicketId)?,
        ticket_number: cells.take::<Option<&str>>()?.map(str::parse).transpose().map_err(corrupt)?,
        kind: cells.word(NotificationKind::from_rank)?,
        title: cells.take()?,
        message: cells.take()?,
        count: cells.take()?,
        rule: rule(cells.take()?, cells.take()?),
        change_id: cells.id(ChangeId)?,
        created_at: cells.time()?,
        updated_at: cells.time()?,
        read_at: cells.maybe_time()?,
    })
}

/// Appends a page of what a person is told, newest first.
pub(super) fn push_page(query: &mut QueryBuilder<Sqlite>, wanted: &NotificationQuery) {
    query.push("SELECT ").push(NOTIFICATION);
    push_filter(query, wanted);
    if let Some(before) = wanted.before {
        query.push(" AND n.id < ").push_bind(before.0);
    }
    query.push(" ORDER BY n.id DESC LIMIT ").push_bind(limit(wanted.limit));
}

/// Appends how many there are on all pages.
pub(super) fn push_count(query: &mut QueryBuilder<Sqlite>, wanted: &NotificationQuery) {
    query.push("SELECT count(*)");
    push_filter(query, wanted);
}

fn push_filter(query: &mut QueryBuilder<Sqlite>, wanted: &NotificationQuery) {
    query.push(" FROM notification n WHERE n.user_id = ").push_bind(wanted.user_id.0);
    if wanted.unread {
        query.push(" AND n.read_at IS NULL");
    }
    if !wanted.kinds.is_empty() {
        query.push(" AND n.kind IN (");
        let mut list = query.separated(", ");
        for kind in &wanted.kinds {
            list.push_bind(kind.rank());
        }
        query.push(")");
    }
    if let Some(ticket_id) = wanted.ticket_id {
        query.push(" AND n.ticket_id = ").push_bind(ticket_id.0);
    }
}

/// Appends how many each of these people has not read.
pub(super) fn push_unread_counts(query: &mut QueryBuilder<Sqlite>, users: &[UserId]) {
    query.push("SELECT n.user_id, count(*) FROM notification n WHERE n.read_at IS NULL AND n.user_id IN (");
    let mut list = query.separated(", ");
    for user in users {
        list.push_bind(user.0);
    }
    query.push(") GROUP BY n.user_id");
}

/// Appends everybody's that these commits told.
pub(super) fn push_of_changes(query: &mut QueryBuilder<Sqlite>, changes: &[ChangeId], most: usize) {
    query.push("SELECT ").push(NOTIFICATION).push(" FROM notification n WHERE n.change_id IN (");
    let mut list = query.separated(", ");
    for change in changes {
        list.push_bind(change.0);
    }
    query.push(") ORDER BY n.user_id, n.id LIMIT ").push_bind(limit(most));
}

/// Appends these people, and so many of those who listen, with what is known of them and of the ticket's company.
fn push_hearers(query: &mut QueryBuilder<Sqlite>, wanted: &HearerQuery, people: &[UserId], watchers: usize) {
    query.push("WITH a (id) AS (SELECT user_id FROM (SELECT user_id FROM watcher WHERE ticket_id = ");
    query.push_bind(wanted.ticket_id.0).push(" ORDER BY user_id LIMIT ").push_bind(limit(watchers)).push(")");
    for (place, id) in people.iter().enumerate() {
        query.push(if place == 0 { " UNION VALUES (" } else { ", (" }).push_bind(id.0).push(")");
    }
    query.push(") SELECT ").push(row::USER).push(", EXISTS (SELECT 1 FROM watcher w WHERE w.user_id = a.id AND ");
    query.push("w.ticket_id = ").push_bind(wanted.ticket_id.0).push("), s.body, coalesce((SELECT o.shares_tickets ");
    query.push("FROM organization o WHERE o.id = ").push_bind(wanted.organization_id.map(|id| id.0));
    query.push("), 0) FROM a CROSS JOIN person p ON p.id = a.id LEFT JOIN setting s ON s.kind = ");
    query.push_bind(NoticePreferences::KIND).push(" AND s.id = a.id AND s.deleted = 0");
}
