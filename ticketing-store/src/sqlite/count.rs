//! How long lists are.

use super::activity::push_audit_filter;
use super::open::SqliteStore;
use super::people::{push_filter, push_organization_filter, push_person_scope};
use super::scope::push_scope;
use sqlx::QueryBuilder;
use sqlx::sqlite::Sqlite;
use ticketing_core::access::Scope;
use ticketing_core::event::Audience;
use ticketing_core::ids::TicketId;
use ticketing_core::port::StoreResult;
use ticketing_core::query::{AuditQuery, Countable, OrganizationQuery, UserQuery};

/// How many rows the list has, whatever page is asked for.
pub async fn rows(store: &SqliteStore, scope: &Scope, list: Countable<'_>) -> StoreResult<u64> {
    let sees_all = matches!(scope, Scope::System(_) | Scope::Staff { .. });
    let mut query = QueryBuilder::new("SELECT count(*) FROM ");
    match list {
        Countable::Users(wanted) => {
            query.push("person p WHERE ");
            push_person_scope(&mut query, scope);
            push_filter(&mut query, &UserQuery { after: None, ..wanted.clone() });
        }
        Countable::Organizations(wanted) if scope.sees_internal() => {
            query.push("organization o WHERE TRUE");
            push_organization_filter(&mut query, &OrganizationQuery { after: None, ..wanted.clone() });
        }
        Countable::Comments(id) => {
            push_of_ticket(&mut query, scope, "comment", id);
            query.push(if scope.sees_internal() { "" } else { " AND c.is_internal = 0" });
        }
        Countable::Watchers(id) if scope.sees_internal() => push_of_ticket(&mut query, scope, "watcher", id),
        Countable::TicketEvents(id) if sees_all => {
            // What became of a ticket that is no longer there is told, too.
            query.push("event WHERE ticket_id = ").push_bind(id.0);
        }
        Countable::TicketEvents(id) => {
            push_of_ticket(&mut query, scope, "event", id);
            if !scope.sees_internal() {
                query.push(" AND c.audience = ").push_bind(Audience::Everyone.rank());
            }
        }
        Countable::Audit(wanted) if sees_all => {
            query.push("audit a WHERE TRUE");
            push_audit_filter(&mut query, &AuditQuery { before: None, ..wanted.clone() });
        }
        Countable::Organizations(_) | Countable::Watchers(_) | Countable::Audit(_) => return Ok(0),
    }
    let counted: i64 = store.value(query).await?;
    Ok(u64::try_from(counted).unwrap_or_default())
}

/// Appends what hangs on a ticket that the scope sees, as `c`.
fn push_of_ticket(query: &mut QueryBuilder<Sqlite>, scope: &Scope, table: &'static str, id: TicketId) {
    query.push("ticket t JOIN ").push(table).push(" c ON c.ticket_id = t.id WHERE t.id = ").push_bind(id.0);
    query.push(" AND ");
    push_scope(query, scope);
}
