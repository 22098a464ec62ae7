//! How long lists are.

use super::failure::in_read;
use super::scope::{push_scope, sees_all};
use super::{activity, comment, people};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use ticketing_core::port::StoreResult;
use ticketing_core::query::{AuditQuery, Countable, OrganizationQuery, UserQuery};
use ticketing_core::{Scope, TicketId};

pub(super) async fn rows(connection: &mut PgConnection, scope: &Scope, list: Countable<'_>) -> StoreResult<u64> {
    let mut sql = QueryBuilder::new("SELECT count(*) FROM ");
    match list {
        Countable::Users(query) => {
            sql.push("person p WHERE ");
            people::push_scope(&mut sql, scope);
            people::push_filter(&mut sql, &UserQuery { after: None, ..query.clone() });
        }
        Countable::Organizations(query) if scope.sees_internal() => {
            sql.push("organization o WHERE TRUE");
            people::push_organization_filter(&mut sql, &OrganizationQuery { after: None, ..query.clone() });
        }
        Countable::Comments(id) => {
            push_of_ticket(&mut sql, "comment", id);
            comment::push_told(&mut sql, scope);
        }
        Countable::Watchers(id) if scope.sees_internal() => {
            push_of_ticket(&mut sql, "watcher", id);
            sql.push(" AND ");
            push_scope(&mut sql, scope);
        }
        Countable::TicketEvents(id) if sees_all(scope) => {
            // What became of a ticket that is no longer there is told, too.
            sql.push("event WHERE ticket_id = ").push_bind(id.0);
        }
        Countable::TicketEvents(id) => {
            push_of_ticket(&mut sql, "event", id);
            sql.push(" AND ");
            push_scope(&mut sql, scope);
            activity::push_audience(&mut sql, "c", scope);
        }
        Countable::Audit(query) if sees_all(scope) => {
            sql.push("audit a WHERE TRUE");
            activity::push_audit_filter(&mut sql, &AuditQuery { before: None, ..query.clone() });
        }
        Countable::Organizations(_) | Countable::Watchers(_) | Countable::Audit(_) => return Ok(0),
    }
    let count: i64 = sql.build_query_scalar().fetch_one(connection).await.map_err(in_read)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// Appends what hangs on a ticket, `c`, beside the ticket itself, `t`.
fn push_of_ticket(sql: &mut QueryBuilder<Postgres>, table: &'static str, id: TicketId) {
    sql.push(table).push(" c JOIN ticket t ON t.id = c.ticket_id WHERE c.ticket_id = ").push_bind(id.0);
}
