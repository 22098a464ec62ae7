//! Reading what people are told on the desk, and whom it may reach.

use super::failure::in_read;
use super::rows::{self, USER, UserRow};
use super::source::{Lease, Pg, Source};
use super::up_to;
use crate::row::{corrupt, rule, word};
use async_trait::async_trait;
use serde_json::Value;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use ticketing_core::model::{NoticePreferences, Notification, NotificationKind, User};
use ticketing_core::port::{Hearer, HearerQuery, Hearers, NotificationRead, StoreError, StoreResult};
use ticketing_core::query::NotificationQuery;
use ticketing_core::setting::Setting;
use ticketing_core::time::Time;
use ticketing_core::{ChangeId, NotificationId, TicketId, UserId};
use uuid::Uuid;

#[async_trait]
impl<S: Source> NotificationRead for Pg<S> {
    async fn notifications(&self, query: &NotificationQuery) -> StoreResult<Vec<Notification>> {
        let mut lease = self.source.lease().await?;
        let page = page(&mut lease, query).await;
        lease.finish(page)
    }

    async fn notification_count(&self, query: &NotificationQuery) -> StoreResult<u64> {
        let mut lease = self.source.lease().await?;
        let count = count(&mut lease, query).await;
        lease.finish(count)
    }

    async fn unread_counts(&self, users: &[UserId]) -> StoreResult<Vec<(UserId, u64)>> {
        let mut lease = self.source.lease().await?;
        let counts = unread_counts(&mut lease, users).await;
        lease.finish(counts)
    }

    async fn notification(&self, user_id: UserId, id: NotificationId) -> StoreResult<Option<Notification>> {
        let mut lease = self.source.lease().await?;
        let found = one(&mut lease, user_id, id).await;
        lease.finish(found)
    }

    async fn notifications_of_changes(&self, changes: &[ChangeId], limit: usize) -> StoreResult<Vec<Notification>> {
        let mut lease = self.source.lease().await?;
        let found = of_changes(&mut lease, changes, limit).await;
        lease.finish(found)
    }

    async fn purge_notifications(&self, before: Time, limit: usize) -> StoreResult<u64> {
        let mut lease = self.source.lease_to_write().await?;
        let gone = purge(&mut lease, before, limit).await;
        lease.finish(gone)
    }

    async fn purge_joined(&self, before: Time, limit: usize) -> StoreResult<u64> {
        let mut lease = self.source.lease_to_write().await?;
        let gone = purge_joined(&mut lease, before, limit).await;
        lease.finish(gone)
    }

    async fn hearers(&self, query: &HearerQuery) -> StoreResult<Hearers> {
        let mut lease = self.source.lease().await?;
        let found = hearers(&mut lease, query).await;
        lease.finish(found)
    }

    async fn commenters(&self, ticket_id: TicketId, limit: usize) -> StoreResult<Vec<UserId>> {
        let mut lease = self.source.lease().await?;
        let found = commenters(&mut lease, ticket_id, limit).await;
        lease.finish(found)
    }
}

/// What a [`NotificationRow`] is read from: a notification `n`.
const NOTIFICATION: &str = "n.id, n.user_id, n.ticket_id, n.ticket_number, n.kind, n.title, n.message, n.count, \
    n.rule_id, n.rule_version, n.change_id, n.created_at, n.updated_at, n.read_at";

#[derive(FromRow)]
struct NotificationRow {
    id: Uuid,
    user_id: Uuid,
    ticket_id: Option<Uuid>,
    ticket_number: Option<String>,
    kind: i16,
    title: String,
    message: String,
    count: i32,
    rule_id: Option<Uuid>,
    rule_version: Option<i64>,
    change_id: Uuid,
    created_at: Time,
    updated_at: Time,
    read_at: Option<Time>,
}

impl TryFrom<NotificationRow> for Notification {
    type Error = StoreError;

    fn try_from(row: NotificationRow) -> StoreResult<Self> {
        let number =
            row.ticket_number.map(|text| text.parse().map_err(|_| corrupt("notification.ticket_number", text)));
        Ok(Self {
            id: NotificationId(row.id),
            user_id: UserId(row.user_id),
            ticket_id: row.ticket_id.map(TicketId),
            ticket_number: number.transpose()?,
            kind: word("notification.kind", row.kind, NotificationKind::from_rank)?,
            title: row.title,
            message: row.message,
            count: row.count,
            rule: rule(row.rule_id, row.rule_version),
            change_id: ChangeId(row.change_id),
            created_at: row.created_at,
            updated_at: row.updated_at,
            read_at: row.read_at,
        })
    }
}

fn push_filter(sql: &mut QueryBuilder<Postgres>, query: &NotificationQuery) {
    sql.push(" FROM notification n WHERE n.user_id = ").push_bind(query.user_id.0);
    if query.unread {
        sql.push(" AND n.read_at IS NULL");
    }
    if !query.kinds.is_empty() {
        let kinds: Vec<i16> = query.kinds.iter().map(|kind| kind.rank()).collect();
        sql.push(" AND n.kind = ANY(").push_bind(kinds).push(")");
    }
    if let Some(ticket_id) = query.ticket_id {
        sql.push(" AND n.ticket_id = ").push_bind(ticket_id.0);
    }
}

async fn page(connection: &mut PgConnection, query: &NotificationQuery) -> StoreResult<Vec<Notification>> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(NOTIFICATION);
    push_filter(&mut sql, query);
    if let Some(before) = query.before {
        sql.push(" AND n.id < ").push_bind(before.0);
    }
    sql.push(" ORDER BY n.id DESC LIMIT ").push(up_to(query.limit));
    rows::all(sql.build_query_as::<NotificationRow>().fetch_all(connection).await.map_err(in_read)?)
}

async fn count(connection: &mut PgConnection, query: &NotificationQuery) -> StoreResult<u64> {
    let mut sql = QueryBuilder::new("SELECT count(*)");
    push_filter(&mut sql, query);
    let count = sql.build_query_scalar::<i64>().fetch_one(connection).await.map_err(in_read)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

async fn unread_counts(connection: &mut PgConnection, users: &[UserId]) -> StoreResult<Vec<(UserId, u64)>> {
    let users: Vec<Uuid> = users.iter().map(|id| id.0).collect();
    let mut sql = QueryBuilder::new("SELECT n.user_id, count(*) FROM notification n WHERE n.user_id = ANY(");
    sql.push_bind(users).push(") AND n.read_at IS NULL GROUP BY n.user_id");
    let rows = sql.build_query_as::<(Uuid, i64)>().fetch_all(connection).await.map_err(in_read)?;
    Ok(rows.into_iter().map(|(id, count)| (UserId(id), u64::try_from(count).unwrap_or_default())).collect())
}

/// One of a person's.
pub(super) async fn one(
    connection: &mut PgConnection,
    user_id: UserId,
    id: NotificationId,
) -> StoreResult<Option<Notification>> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(NOTIFICATION).push(" FROM notification n WHERE n.user_id = ").push_bind(user_id.0);
    sql.push(" AND n.id = ").push_bind(id.0);
    let row = sql.build_query_as::<NotificationRow>().fetch_optional(connection).await.map_err(in_read)?;
    row.map(Notification::try_from).transpose()
}

async fn of_changes(
    connection: &mut PgConnection,
    changes: &[ChangeId],
    limit: usize,
) -> StoreResult<Vec<Notification>> {
    let ids: Vec<Uuid> = changes.iter().map(|id| id.0).collect();
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(NOTIFICATION).push(" FROM notification n WHERE n.change_id = ANY(").push_bind(ids);
    sql.push(") ORDER BY n.user_id, n.id LIMIT ").push(up_to(limit));
    rows::all(sql.build_query_as::<NotificationRow>().fetch_all(connection).await.map_err(in_read)?)
}

async fn purge(connection: &mut PgConnection, before: Time, limit: usize) -> StoreResult<u64> {
    let mut sql =
        QueryBuilder::new("WITH gone AS MATERIALIZED (SELECT n.user_id, n.id FROM notification n WHERE n.read_at < ");
    sql.push_bind(before).push(" ORDER BY n.read_at LIMIT ").push(up_to(limit)).push(" FOR UPDATE SKIP LOCKED)");
    sql.push(" DELETE FROM notification n USING gone g WHERE n.user_id = g.user_id AND n.id = g.id");
    Ok(sql.build().execute(connection).await.map_err(in_read)?.rows_affected())
}

/// In no order: there are few.
async fn purge_joined(connection: &mut PgConnection, before: Time, limit: usize) -> StoreResult<u64> {
    let mut sql = QueryBuilder::new(
        "WITH gone AS MATERIALIZED (SELECT j.user_id, j.ticket_id, j.kind, j.source FROM notification_joined j \
         WHERE j.told_at < ",
    );
    sql.push_bind(before).push(" LIMIT ").push(up_to(limit)).push(" FOR UPDATE SKIP LOCKED)");
    sql.push(
        " DELETE FROM notification_joined j USING gone g WHERE j.user_id = g.user_id AND j.ticket_id = g.ticket_id \
         AND j.kind = g.kind AND j.source = g.source",
    );
    Ok(sql.build().execute(connection).await.map_err(in_read)?.rows_affected())
}

#[derive(FromRow)]
struct HearerRow {
    #[sqlx(flatten)]
    user: UserRow,
    is_watching: bool,
    preferences: Option<Value>,
    shares_tickets: bool,
}

async fn hearers(connection: &mut PgConnection, query: &HearerQuery) -> StoreResult<Hearers> {
    let people: Vec<Uuid> = query.people.iter().map(|id| id.0).collect();
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(USER).push(", w.user_id IS NOT NULL AS is_watching, s.body AS preferences, coalesce((SELECT ");
    sql.push("o.shares_tickets FROM organization o WHERE o.id = ").push_bind(query.organization_id.map(|id| id.0));
    sql.push("), false) AS shares_tickets FROM (SELECT unnest(").push_bind(people);
    sql.push("::uuid[]) AS id UNION SELECT l.user_id FROM (SELECT user_id FROM watcher WHERE ticket_id = ");
    sql.push_bind(query.ticket_id.0).push(" ORDER BY user_id LIMIT ").push(up_to(query.watchers)).push(") l) a");
    sql.push(" JOIN person p ON p.id = a.id LEFT JOIN watcher w ON w.user_id = a.id AND w.ticket_id = ");
    sql.push_bind(query.ticket_id.0);
    sql.push(" LEFT JOIN setting s ON s.id = a.id AND NOT s.deleted AND s.kind = ").push_bind(NoticePreferences::KIND);
    let rows = sql.build_query_as::<HearerRow>().fetch_all(connection).await.map_err(in_read)?;
    let shares_tickets = rows.first().is_some_and(|row| row.shares_tickets);
    let hearer = |row: HearerRow| {
        let (is_watching, preferences) = (row.is_watching, row.preferences);
        Ok(Hearer { user: User::try_from(row.user)?, is_watching, preferences })
    };
    Ok(Hearers { people: rows.into_iter().map(hearer).collect::<StoreResult<_>>()?, shares_tickets })
}

async fn commenters(connection: &mut PgConnection, ticket_id: TicketId, limit: usize) -> StoreResult<Vec<UserId>> {
    let mut sql = QueryBuilder::new("SELECT DISTINCT author_id FROM comment WHERE ticket_id = ");
    sql.push_bind(ticket_id.0).push(" AND NOT is_internal AND author_id IS NOT NULL ORDER BY author_id LIMIT ");
    sql.push(up_to(limit));
    let ids = sql.build_query_scalar::<Uuid>().fetch_all(connection).await.map_err(in_read)?;
    Ok(ids.into_iter().map(UserId).collect())
}
