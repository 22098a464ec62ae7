//! Reading what happened.

use super::failure::in_read;
use super::rows::{self, AUDIT, AuditRow, EVENT, EventRow};
use super::scope::{is_system, push_scope, sees_all};
use super::up_to;
use crate::row::bytes;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use ticketing_core::event::{Audience, Event};
use ticketing_core::model::{Answer, AuditEntry, IdempotencyKey};
use ticketing_core::port::{EventPage, StoreResult};
use ticketing_core::query::AuditQuery;
use ticketing_core::time::Time;
use ticketing_core::{Scope, Seq, TicketId};

/// The upper sixteen bits of the advisory locks that commits hold while they write events; the rest
/// is the last place that was drawn before. They tell these locks apart from all others that are held
/// in the database.
pub(super) const EVENT_LOCKS: i64 = 0x5449 << 48;

/// Up to which place the log is complete for whoever looks at it next.
///
/// The last place drawn is read before the locks: a commit that drew a place at or before it held its
/// lock by then, so it is either among the locks seen or done and visible to the next statement. Locks
/// of this very session do not count: what it wrote it sees; those of a prepared transaction, which has
/// no session, do. A transaction that keeps one snapshot would not see what others commit, so nothing
/// can be told in one.
///
/// The answer is the last event at or before that place and not the place itself: a place that was
/// drawn and given up may be forgotten in a crash and drawn again after it, while an event that can be
/// seen is on disk, and the sequence with it.
async fn horizon(connection: &mut PgConnection) -> StoreResult<Option<i64>> {
    sqlx::query_scalar(
        "SELECT CASE WHEN current_setting('transaction_isolation') = 'read committed'
            THEN (SELECT max(e.seq) FROM event e WHERE e.seq <= least(drawn.last_value, held.place)) END
         FROM event_seq drawn CROSS JOIN LATERAL (
            SELECT min(((l.classid::int8 & 65535) << 32) | l.objid::int8) AS place FROM pg_locks l
            WHERE drawn.last_value IS NOT NULL AND l.locktype = 'advisory' AND l.mode = 'ShareLock' AND l.granted
                AND l.objsubid = 1 AND l.classid::int8 >> 16 = $1 AND l.pid IS DISTINCT FROM pg_backend_pid()
                AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            OFFSET 0) held",
    )
    .bind(EVENT_LOCKS >> 48)
    .fetch_one(connection)
    .await
    .map_err(in_read)
}

/// The same as a place; before the first one where nothing can be told.
pub(super) async fn end(connection: &mut PgConnection) -> StoreResult<Seq> {
    Ok(Seq(horizon(connection).await?.unwrap_or_default()))
}

pub(super) async fn page(
    connection: &mut PgConnection,
    scope: &Scope,
    after: Seq,
    limit: usize,
) -> StoreResult<EventPage> {
    let nothing = EventPage { events: Vec::new(), next: after };
    if limit == 0 {
        return Ok(nothing);
    }
    let Some(horizon) = horizon(connection).await?.filter(|horizon| *horizon > after.0) else { return Ok(nothing) };
    let mut sql = match scope {
        Scope::Customer { .. } => of_own_tickets(scope, after, horizon, limit),
        _ => along_the_log(scope, after, horizon, limit),
    };
    let rows = sql.build_query_as::<EventRow>().fetch_all(connection).await.map_err(in_read)?;
    let events: Vec<Event> = rows::all(rows)?;
    // A full page may have more behind it; a page that is not full was read to the end.
    let next = events.last().filter(|_| events.len() == limit).map_or(Seq(horizon), |last| last.seq);
    Ok(EventPage { events, next })
}

fn along_the_log(scope: &Scope, after: Seq, horizon: i64, limit: usize) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(EVENT).push(" FROM event e ");
    if !sees_all(scope) {
        sql.push("JOIN ticket t ON t.id = e.ticket_id ");
    }
    sql.push("LEFT JOIN person p ON p.id = e.actor_id WHERE e.seq > ").push_bind(after.0);
    sql.push(" AND e.seq <= ").push_bind(horizon).push(" AND ");
    push_scope(&mut sql, scope);
    sql.push(" ORDER BY e.seq LIMIT ").push(up_to(limit));
    sql
}

/// A customer has few tickets in a long log, so theirs are looked up one by one.
fn of_own_tickets(scope: &Scope, after: Seq, horizon: i64, limit: usize) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("WITH own AS MATERIALIZED (SELECT t.id FROM ticket t WHERE ");
    push_scope(&mut sql, scope);
    sql.push(") SELECT ").push(EVENT);
    sql.push(" FROM own CROSS JOIN LATERAL (SELECT x.* FROM event x WHERE x.ticket_id = own.id AND x.seq > ");
    sql.push_bind(after.0).push(" AND x.seq <= ").push_bind(horizon);
    push_audience(&mut sql, "x", scope);
    sql.push(" ORDER BY x.seq LIMIT ").push(up_to(limit));
    sql.push(") e LEFT JOIN person p ON p.id = e.actor_id ORDER BY e.seq LIMIT ").push(up_to(limit));
    sql
}

/// Events of one ticket. They need no horizon: whoever changes a ticket holds its row, so its events
/// become visible in their order.
pub(super) async fn of_ticket(
    connection: &mut PgConnection,
    scope: &Scope,
    ticket_id: TicketId,
    after: Seq,
    limit: usize,
) -> StoreResult<Vec<Event>> {
    let mut sql = select_of_ticket(scope, ticket_id);
    sql.push(" AND e.seq > ").push_bind(after.0);
    sql.push(" ORDER BY e.seq LIMIT ").push(up_to(limit));
    let rows = sql.build_query_as::<EventRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

/// The same from the end.
pub(super) async fn from_end_of_ticket(
    connection: &mut PgConnection,
    scope: &Scope,
    ticket_id: TicketId,
    before: Option<Seq>,
    limit: usize,
) -> StoreResult<Vec<Event>> {
    let mut sql = select_of_ticket(scope, ticket_id);
    if let Some(before) = before {
        sql.push(" AND e.seq < ").push_bind(before.0);
    }
    sql.push(" ORDER BY e.seq DESC LIMIT ").push(up_to(limit));
    let rows = sql.build_query_as::<EventRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

/// Events of one ticket that the scope hears of.
fn select_of_ticket(scope: &Scope, ticket_id: TicketId) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(EVENT).push(" FROM event e ");
    if !sees_all(scope) {
        sql.push("JOIN ticket t ON t.id = e.ticket_id ");
    }
    sql.push("LEFT JOIN person p ON p.id = e.actor_id WHERE e.ticket_id = ").push_bind(ticket_id.0).push(" AND ");
    push_scope(&mut sql, scope);
    push_audience(&mut sql, "e", scope);
    sql
}

/// The newest event of this name. What befell a ticket last is found near the end of its log.
pub(super) async fn last_of_ticket(
    connection: &mut PgConnection,
    scope: &Scope,
    ticket_id: TicketId,
    name: &str,
) -> StoreResult<Option<Event>> {
    let mut sql = select_of_ticket(scope, ticket_id);
    sql.push(" AND e.type = ").push_bind(name);
    sql.push(" ORDER BY e.seq DESC LIMIT 1");
    let rows = sql.build_query_as::<EventRow>().fetch_all(connection).await.map_err(in_read)?;
    Ok(rows::all(rows)?.pop())
}

pub(super) fn push_audience(sql: &mut QueryBuilder<Postgres>, alias: &'static str, scope: &Scope) {
    if !scope.sees_internal() {
        sql.push(" AND ").push(alias).push(".audience = ").push_bind(Audience::Everyone.rank());
    }
}

pub(super) async fn audit(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &AuditQuery,
) -> StoreResult<Vec<AuditEntry>> {
    if !sees_all(scope) {
        return Ok(Vec::new());
    }
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(AUDIT);
    sql.push(
        " FROM audit a JOIN audit_detail d ON d.audit_id = a.id LEFT JOIN person p ON p.id = a.actor_id WHERE TRUE",
    );
    push_audit_filter(&mut sql, query);
    sql.push(" ORDER BY a.at DESC, a.id DESC LIMIT ").push(up_to(query.limit));
    let rows = sql.build_query_as::<AuditRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

pub(super) fn push_audit_filter(sql: &mut QueryBuilder<Postgres>, query: &AuditQuery) {
    if let Some(actor) = query.actor {
        sql.push(" AND a.actor_id = ").push_bind(actor.0);
    }
    if let Some(subject) = query.subject {
        let (kind, id) = subject.parts();
        sql.push(" AND a.subject_id = ").push_bind(id).push(" AND a.subject_kind = ").push_bind(kind);
    }
    if let Some(action) = &query.action {
        sql.push(" AND a.action = ").push_bind(action.as_str());
    }
    if let Some(from) = query.from {
        sql.push(" AND a.at >= ").push_bind(from);
    }
    if let Some(to) = query.to {
        sql.push(" AND a.at < ").push_bind(to);
    }
    if let Some((at, id)) = query.before {
        sql.push(" AND (a.at, a.id) < (").push_bind(at).push(", ").push_bind(id.0).push(")");
    }
}

pub(super) async fn answer(
    connection: &mut PgConnection,
    scope: &Scope,
    key: &IdempotencyKey,
) -> StoreResult<Option<Answer>> {
    if !is_system(scope) {
        return Ok(None);
    }
    let row = sqlx::query_as::<_, (Vec<u8>, Option<String>, Time)>(
        "SELECT digest, output, at FROM answer WHERE owner = $1 AND route = $2 AND key = $3",
    );
    let row = row.bind(&key.owner).bind(&key.route).bind(&key.key);
    let Some((digest, output, at)) = row.fetch_optional(connection).await.map_err(in_read)? else { return Ok(None) };
    let key = IdempotencyKey { digest: bytes("answer.digest", &digest)?, ..key.clone() };
    Ok(Some(Answer { key, output, at }))
}
