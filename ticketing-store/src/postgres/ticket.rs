//! Reading tickets.

use super::failure::in_read;
use super::rows::{self, TICKET};
use super::scope::push_scope;
use super::up_to;
use crate::condition::push_condition;
use crate::walk::Stretch;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use ticketing_core::model::{FieldKey, Ticket};
use ticketing_core::port::StoreResult;
use ticketing_core::query::{Position, Sort, SortField, TicketQuery};
use ticketing_core::time::from_micros;
use ticketing_core::{Scope, TeamId, TicketKey};

/// How many rows are looked at in one step where SQL can't decide alone.
const STEP: usize = 500;

pub(super) async fn one(connection: &mut PgConnection, scope: &Scope, key: &TicketKey) -> StoreResult<Option<Ticket>> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(TICKET).push(" FROM ticket t JOIN ticket_body b ON b.ticket_id = t.id WHERE ");
    match key {
        TicketKey::Id(id) => sql.push("t.id = ").push_bind(id.0),
        TicketKey::Number(number) => sql.push("t.number = ").push_bind(number.as_str()),
    };
    sql.push(" AND ");
    push_scope(&mut sql, scope);
    let row = sql.build().fetch_optional(connection).await.map_err(in_read)?;
    row.as_ref().map(rows::ticket).transpose()
}

/// One page. A filter that SQL can only narrow down is checked here, and the walk goes on until the
/// page is full or nothing is left.
pub(super) async fn page(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &TicketQuery,
) -> StoreResult<Vec<Ticket>> {
    let mut found = Vec::new();
    let mut walk = Walk::new(scope, query);
    while found.len() < query.limit {
        let Some(step) = walk.next(connection, query.limit - found.len()).await? else { break };
        found.extend(step);
    }
    found.truncate(query.limit);
    Ok(found)
}

pub(super) async fn count(connection: &mut PgConnection, scope: &Scope, query: &TicketQuery) -> StoreResult<u64> {
    let mut sql = QueryBuilder::new("SELECT count(*) FROM ticket t WHERE ");
    push_scope(&mut sql, scope);
    sql.push(" AND ");
    if push_condition(&mut sql, &query.filter, query.now) {
        let count = sql.build_query_scalar::<i64>().fetch_one(connection).await.map_err(in_read)?;
        return Ok(u64::try_from(count).unwrap_or_default());
    }
    count_by_walking(connection, scope, query, u64::MAX).await
}

/// All that SQL can count alone is counted by one statement.
pub(super) async fn counts(
    connection: &mut PgConnection,
    scope: &Scope,
    queries: &[TicketQuery],
    most: usize,
) -> StoreResult<Vec<u64>> {
    let mut sql = QueryBuilder::new("SELECT ARRAY[");
    let mut is_exact = Vec::with_capacity(queries.len());
    for query in queries {
        sql.push(if is_exact.is_empty() { "(" } else { ", (" });
        sql.push("SELECT count(*) FROM (SELECT 1 FROM ticket t WHERE ");
        push_scope(&mut sql, scope);
        sql.push(" AND ");
        is_exact.push(push_condition(&mut sql, &query.filter, query.now));
        sql.push(" LIMIT ").push(up_to(most)).push(") counted)");
    }
    sql.push("]::int8[]");
    let counted: Vec<i64> = sql.build_query_scalar().fetch_one(&mut *connection).await.map_err(in_read)?;
    let mut counts: Vec<u64> = counted.into_iter().map(|count| u64::try_from(count).unwrap_or_default()).collect();
    for ((count, query), _) in counts.iter_mut().zip(queries).zip(&is_exact).filter(|(_, is_exact)| !**is_exact) {
        *count = count_by_walking(connection, scope, query, most as u64).await?;
    }
    Ok(counts)
}

/// Counts what only a look at each ticket can decide, up to so many.
async fn count_by_walking(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &TicketQuery,
    most: u64,
) -> StoreResult<u64> {
    let everything = TicketQuery { after: None, sort: Sort::default(), ..query.clone() };
    let mut walk = Walk::new(scope, &everything);
    let mut count = 0;
    while count < most
        && let Some(step) = walk.next(connection, STEP).await?
    {
        count += step.len() as u64;
    }
    Ok(count.min(most))
}

pub(super) async fn names_team(connection: &mut PgConnection, scope: &Scope, team_id: TeamId) -> StoreResult<bool> {
    let mut sql = QueryBuilder::new("SELECT EXISTS (SELECT 1 FROM ticket t WHERE t.team_id = ");
    sql.push_bind(team_id.0).push(" AND ");
    push_scope(&mut sql, scope);
    sql.push(")");
    sql.build_query_scalar().fetch_one(connection).await.map_err(in_read)
}

pub(super) async fn fills_in(connection: &mut PgConnection, scope: &Scope, key: FieldKey) -> StoreResult<bool> {
    let mut sql = QueryBuilder::new(
        "SELECT EXISTS (SELECT 1 FROM ticket_field f JOIN ticket t ON t.id = f.ticket_id WHERE f.field_key = ",
    );
    sql.push_bind(key.as_str().to_owned()).push(" AND ");
    push_scope(&mut sql, scope);
    sql.push(")");
    sql.build_query_scalar().fetch_one(connection).await.map_err(in_read)
}

/// A walk along a sorted list, a step a statement.
struct Walk<'a> {
    scope: &'a Scope,
    query: &'a TicketQuery,
    after: Option<Position>,
    /// Where it is; nowhere at the end.
    stretch: Option<Stretch>,
}

impl<'a> Walk<'a> {
    fn new(scope: &'a Scope, query: &'a TicketQuery) -> Self {
        Self { scope, query, after: query.after, stretch: Some(Stretch::after(query.sort, query.after)) }
    }

    /// The tickets that the filter holds for among the next rows, perhaps none of them; nothing at
    /// the end of the list.
    async fn next(&mut self, connection: &mut PgConnection, wanted: usize) -> StoreResult<Option<Vec<Ticket>>> {
        let Some(stretch) = self.stretch else { return Ok(None) };
        let Some((mut sql, is_exact, limit)) = step(self.scope, self.query, stretch, self.after, wanted) else {
            return Ok(None);
        };
        let rows = sql.build().fetch_all(connection).await.map_err(in_read)?;
        let mut tickets = rows.iter().map(rows::ticket).collect::<StoreResult<Vec<_>>>()?;
        self.after = tickets.last().map(|last| Position::of_ticket(self.query.sort, last));
        if rows.len() < limit {
            (self.stretch, self.after) = (stretch.next(), None);
        }
        if !is_exact {
            tickets.retain(|ticket| self.query.filter.holds(ticket, self.query.now));
        }
        Ok(Some(tickets))
    }
}

/// One step of a walk: its statement, whether it says all that the filter asks for, and how many rows
/// it answers at most. Nothing after a place that no ticket can be at.
///
/// The page is cut before the descriptions are fetched, so sorting never carries them.
fn step(
    scope: &Scope,
    query: &TicketQuery,
    stretch: Stretch,
    after: Option<Position>,
    wanted: usize,
) -> Option<(QueryBuilder<Postgres>, bool, usize)> {
    let (order, later) = if query.sort.descending { ("DESC", "<") } else { ("ASC", ">") };
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(TICKET).push(" FROM (SELECT t.*");
    let column = match stretch {
        Stretch::Whole => {
            sql.push(" FROM ticket t WHERE ");
            column(query.sort.field).to_owned()
        }
        Stretch::Valued(key, column) => {
            sql.push(format_args!(", f.{column} AS sort_key FROM ticket_field f JOIN ticket t ON t.id = f.ticket_id "));
            sql.push("WHERE f.field_key = ").push_bind(key.as_str().to_owned());
            sql.push(format_args!(" AND f.place = 0 AND f.{column} IS NOT NULL AND "));
            format!("f.{column}")
        }
        Stretch::Rest(key, column) => {
            sql.push(" FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM ticket_field f WHERE f.ticket_id = t.id ");
            sql.push("AND f.field_key = ").push_bind(key.as_str().to_owned());
            sql.push(format_args!(" AND f.place = 0 AND f.{column} IS NOT NULL) AND "));
            String::new()
        }
    };
    // By the index's own column, so that its order serves.
    let id = if matches!(stretch, Stretch::Valued(..)) { "f.ticket_id" } else { "t.id" };
    push_scope(&mut sql, scope);
    sql.push(" AND ");
    let is_exact = push_condition(&mut sql, &query.filter, query.now);
    if let Some(Position { key, text, id: after }) = after {
        if column.is_empty() {
            sql.push(format_args!(" AND {id} {later} ")).push_bind(after);
        } else {
            sql.push(format_args!(" AND ({column}, {id}) {later} ("));
            match (query.sort.field, text) {
                (SortField::CreatedAt | SortField::UpdatedAt | SortField::SlaDueAt, _) => {
                    sql.push_bind(from_micros(key)?)
                }
                (SortField::Custom(..), Some(text)) => sql.push_bind(text.as_str().to_owned()),
                _ => sql.push_bind(key),
            };
            sql.push(", ").push_bind(after).push(")");
        }
    }
    let limit = if is_exact { wanted } else { wanted.max(STEP) };
    let by = |column: &str, id: &str| match stretch {
        Stretch::Rest(..) => format!(" ORDER BY {id} {order}"),
        _ => format!(" ORDER BY {column} {order}, {id} {order}"),
    };
    sql.push(by(&column, id)).push(" LIMIT ").push(up_to(limit));
    let outer = if matches!(stretch, Stretch::Valued(..)) { "t.sort_key" } else { &*column };
    sql.push(") t JOIN ticket_body b ON b.ticket_id = t.id").push(by(outer, "t.id"));
    Some((sql, is_exact, limit))
}

fn column(field: SortField) -> &'static str {
    match field {
        SortField::CreatedAt => "t.created_at",
        SortField::UpdatedAt => "t.updated_at",
        SortField::Priority => "t.priority",
        SortField::Status => "t.status",
        SortField::SlaDueAt => "t.sla_due_at",
        // Its stretches say theirs.
        SortField::Custom(..) => "t.id",
    }
}
