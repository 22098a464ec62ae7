//! Reading what ties tickets together.

use super::failure::in_read;
use super::rows::{self, TICKET};
use super::scope::{push_scope, sees_all};
use super::up_to;
use crate::row::word;
use sqlx::{FromRow, PgConnection, QueryBuilder};
use ticketing_core::model::{LinkKind, Ticket, TicketLink};
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::time::Time;
use ticketing_core::{LinkId, Scope, TicketId, TicketKey, UserId};
use uuid::Uuid;

pub(super) async fn tickets_by_keys(
    connection: &mut PgConnection,
    scope: &Scope,
    keys: &[TicketKey],
) -> StoreResult<Vec<Ticket>> {
    let (mut ids, mut numbers) = (Vec::new(), Vec::new());
    for key in keys {
        match key {
            TicketKey::Id(id) => ids.push(id.0),
            TicketKey::Number(number) => numbers.push(number.as_str()),
        }
    }
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(TICKET).push(" FROM ticket t JOIN ticket_body b ON b.ticket_id = t.id WHERE (t.id = ANY(");
    sql.push_bind(ids).push(") OR t.number = ANY(").push_bind(numbers).push(")) AND ");
    push_scope(&mut sql, scope);
    let rows = sql.build().fetch_all(connection).await.map_err(in_read)?;
    rows.iter().map(rows::ticket).collect()
}

pub(super) async fn merged_tickets(
    connection: &mut PgConnection,
    scope: &Scope,
    into: TicketId,
    limit: usize,
) -> StoreResult<Vec<Ticket>> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(TICKET).push(" FROM ticket t JOIN ticket_body b ON b.ticket_id = t.id WHERE t.merged_into = ");
    sql.push_bind(into.0).push(" AND ");
    push_scope(&mut sql, scope);
    sql.push(" ORDER BY t.id LIMIT ").push(up_to(limit));
    let rows = sql.build().fetch_all(connection).await.map_err(in_read)?;
    rows.iter().map(rows::ticket).collect()
}

/// The two ends of a link are found by an index each.
pub(super) async fn of_ticket(
    connection: &mut PgConnection,
    scope: &Scope,
    ticket_id: TicketId,
    limit: usize,
) -> StoreResult<Vec<TicketLink>> {
    let mut sql = QueryBuilder::new(
        "SELECT l.id, l.ticket_id, l.other_id, l.type AS kind, l.created_by, l.created_at FROM ticket_link l \
         WHERE (l.ticket_id = ",
    );
    sql.push_bind(ticket_id.0).push(" OR l.other_id = ").push_bind(ticket_id.0).push(")");
    if !sees_all(scope) {
        for end in ["l.ticket_id", "l.other_id"] {
            sql.push(" AND EXISTS (SELECT 1 FROM ticket t WHERE t.id = ").push(end).push(" AND ");
            push_scope(&mut sql, scope);
            sql.push(")");
        }
    }
    sql.push(" ORDER BY l.id LIMIT ").push(up_to(limit));
    let rows = sql.build_query_as::<LinkRow>().fetch_all(connection).await.map_err(in_read)?;
    rows::all(rows)
}

#[derive(FromRow)]
struct LinkRow {
    id: Uuid,
    ticket_id: Uuid,
    other_id: Uuid,
    kind: i16,
    created_by: Option<Uuid>,
    created_at: Time,
}

impl TryFrom<LinkRow> for TicketLink {
    type Error = StoreError;

    fn try_from(row: LinkRow) -> StoreResult<Self> {
        Ok(Self {
            id: LinkId(row.id),
            ticket_id: TicketId(row.ticket_id),
            other_id: TicketId(row.other_id),
            kind: word("ticket_link.type", row.kind, LinkKind::from_rank)?,
            created_by: row.created_by.map(UserId),
            created_at: row.created_at,
        })
    }
}
