//! What people are told on the desk, as a commit writes it. There is one writer, so what joins what is decided in the
//! order of the commits.

use super::super::script::Script;
use super::super::ticket::limit;
use super::execute;
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use ticketing_core::ids::{TicketId, TicketNumber, UserId};
use ticketing_core::model::{Notification, Reading};
use ticketing_core::port::StoreResult;
use ticketing_core::time::Time;
use uuid::Uuid;

/// What [`JOINED_END`] says in microseconds.
const _: () = assert!(Notification::WINDOW.num_seconds() == 10);

const JOINED: &str = "INSERT INTO notification_joined (user_id, ticket_id, kind, source, notification_id, told_at) \
     WITH x (user_id, id, ticket_id, kind, source, told_at) AS (";

const JOINED_END: &str = ") SELECT x.user_id, x.ticket_id, x.kind, x.source, x.id, x.told_at FROM x WHERE \
     NOT EXISTS (SELECT 1 FROM notification n WHERE n.user_id = x.user_id AND n.id = x.id) \
     ON CONFLICT (user_id, ticket_id, kind, source) DO UPDATE SET \
     notification_id = iif(excluded.told_at - told_at <= 10000000, notification_id, excluded.notification_id), \
     told_at = max(told_at, excluded.told_at)";

const TOLD: &str = "INSERT INTO notification (user_id, id, ticket_id, ticket_number, kind, title, message, count, \
     rule_id, rule_version, change_id, created_at, updated_at, read_at) \
     WITH x (user_id, id, ticket_id, ticket_number, kind, source, joins, title, message, count, rule_id, rule_version, \
     change_id, created_at, updated_at, read_at) AS (";

const TOLD_END: &str = ") SELECT x.user_id, coalesce(iif(x.joins, (SELECT j.notification_id FROM notification_joined j \
     WHERE j.user_id = x.user_id AND j.ticket_id = x.ticket_id AND j.kind = x.kind AND j.source = x.source), NULL), \
     x.id), x.ticket_id, x.ticket_number, x.kind, x.title, x.message, x.count, x.rule_id, x.rule_version, x.change_id, \
     x.created_at, x.updated_at, x.read_at FROM x \
     WHERE NOT EXISTS (SELECT 1 FROM notification n WHERE n.user_id = x.user_id AND n.id = x.id) \
     ON CONFLICT (user_id, id) DO UPDATE SET title = excluded.title, message = excluded.message, \
     count = count + excluded.count, rule_id = excluded.rule_id, rule_version = excluded.rule_version, \
     change_id = excluded.change_id, updated_at = max(updated_at, excluded.updated_at)";

/// Tells people what they were not told before; it joins the last of its like, but for what is told of tickets that are
/// `read`.
pub async fn notifications(
    script: &mut Script<'_>,
    told: &[&Notification],
    read: &[TicketId],
) -> Result<(), sqlx::Error> {
    let mut told: Vec<&Notification> = told.to_vec();
    // Of two that are the same the first is told.
    told.sort_by_key(|told| (told.user_id, told.id));
    told.dedup_by_key(|told| (told.user_id, told.id));
    let joins = |told: &Notification| told.subject().is_some_and(|subject| !read.contains(&subject.ticket_id));
    let joining: Vec<&Notification> = told.iter().copied().filter(|told| joins(told)).collect();
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, told: &&Notification| {
        row.push_bind(told.user_id.0)
            .push_bind(told.id.0)
            .push_bind(told.ticket_id.map(|id| id.0))
            .push_bind(told.kind.rank())
            .push_bind(told.subject().map(|subject| subject.source))
            .push_bind(told.updated_at.timestamp_micros());
    };
    script.insert(JOINED, JOINED_END, &joining, bind).await?;
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, told: &&Notification| {
        row.push_bind(told.user_id.0)
            .push_bind(told.id.0)
            .push_bind(told.ticket_id.map(|id| id.0))
            .push_bind(told.ticket_number.as_ref().map(TicketNumber::as_str))
            .push_bind(told.kind.rank())
            .push_bind(told.subject().map(|subject| subject.source))
            .push_bind(joins(told))
            .push_bind(told.title.as_str())
            .push_bind(told.message.as_str())
            .push_bind(told.count)
            .push_bind(told.rule.map(|rule| rule.id.0))
            .push_bind(told.rule.map(|rule| rule.version))
            .push_bind(told.change_id.0)
            .push_bind(told.created_at.timestamp_micros())
            .push_bind(told.updated_at.timestamp_micros())
            .push_bind(told.read_at.map(|at| at.timestamp_micros()));
    };
    script.insert(TOLD, TOLD_END, &told, bind).await
}

/// Reads what is there. Nothing joins it any more.
pub async fn read(connection: &mut SqliteConnection, reading: Reading, at: Time) -> StoreResult<()> {
    let (those, joined, keys): (_, _, Vec<Uuid>) = match reading {
        Reading::One(user_id, id) => {
            ("user_id = ? AND id = ?", "user_id = ? AND notification_id = ?", vec![user_id.0, id.0])
        }
        Reading::Person(user_id) => ("user_id = ?", "user_id = ?", vec![user_id.0]),
        Reading::PersonOnTicket(user_id, ticket_id) => {
            let those = "user_id = ? AND ticket_id = ?";
            (those, those, vec![user_id.0, ticket_id.0])
        }
        Reading::Ticket(ticket_id) => ("ticket_id = ?", "ticket_id = ?", vec![ticket_id.0]),
    };
    let read = sqlx::AssertSqlSafe(format!("UPDATE notification SET read_at = ? WHERE read_at IS NULL AND {those}"));
    let mut query = sqlx::query(read).bind(at.timestamp_micros());
    for key in &keys {
        query = query.bind(*key);
    }
    execute(query, connection).await?;
    let mut query = sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM notification_joined WHERE {joined}")));
    for key in keys {
        query = query.bind(key);
    }
    execute(query, connection).await.map(drop)
}

/// Forgets all that a person was told.
pub async fn forget(connection: &mut SqliteConnection, user_id: UserId) -> StoreResult<()> {
    execute(sqlx::query("DELETE FROM notification WHERE user_id = ?").bind(user_id.0), connection).await?;
    execute(sqlx::query("DELETE FROM notification_joined WHERE user_id = ?").bind(user_id.0), connection)
        .await
        .map(drop)
}

/// Forgets what was read before this moment.
pub async fn purge(connection: &mut SqliteConnection, before: Time, many: usize) -> StoreResult<u64> {
    let query = sqlx::query(
        "DELETE FROM notification WHERE rowid IN \
         (SELECT rowid FROM notification WHERE read_at < ? ORDER BY read_at LIMIT ?)",
    );
    execute(query.bind(before.timestamp_micros()).bind(limit(many)), connection).await
}

/// Forgets what was told last before this moment, as far as joining goes.
pub async fn purge_joined(connection: &mut SqliteConnection, before: Time, many: usize) -> StoreResult<u64> {
    let query = sqlx::query(
        "DELETE FROM notification_joined WHERE (user_id, ticket_id, kind, source) IN \
         (SELECT user_id, ticket_id, kind, source FROM notification_joined WHERE told_at < ? LIMIT ?)",
    );
    execute(query.bind(before.timestamp_micros()).bind(limit(many)), connection).await
}
