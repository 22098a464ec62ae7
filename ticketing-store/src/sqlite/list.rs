//! The statements of a list of tickets.

use super::scope::Part;
use super::ticket::limit;
use super::{path, row};
use crate::condition::{push_condition, push_custom_values};
use crate::walk::Stretch;
use sqlx::QueryBuilder;
use sqlx::sqlite::Sqlite;
use ticketing_core::access::Scope;
use ticketing_core::condition::{Kind, Literal};
use ticketing_core::model::FieldKey;
use ticketing_core::query::{Position, SortField, TicketQuery};

/// How many rows are looked at together where SQL can't say all that a filter asks.
pub(super) const LOOK: usize = 256;

/// How many tickets are few enough to be looked at and sorted for each page.
pub(super) const FEW: i64 = 5_000;

/// What a statement for a page answers.
pub(super) struct Page {
    /// Whether its rows need no look in memory.
    pub exact: bool,
    /// How many rows it has where it is not the last one.
    pub many: usize,
}

/// Values of a field of the desk's own, of which every ticket of a list holds one.
#[derive(Clone, Copy)]
pub(super) struct Held<'q> {
    key: FieldKey,
    kind: Kind,
    values: &'q [Literal],
}

impl<'q> Held<'q> {
    /// What a list is looked for by where nothing else leaves few tickets. Along the order of a field of the desk's own,
    /// those that hold one are walked anyway.
    pub fn of(scope: &Scope, query: &'q TicketQuery) -> Option<Self> {
        let is_whole = matches!(Part::of(scope).as_slice(), [Part::Whole(_)]);
        if !is_whole || path::is_narrow(&query.filter) {
            return None;
        }
        let (key, field_type, values) = path::held(&query.filter)?;
        Some(Self { key, kind: field_type.kind(), values })
    }

    /// Appends the rows of the side table, of the alias `f`, from their index.
    fn push_rows(self, sql: &mut QueryBuilder<Sqlite>) {
        let index = if self.kind == Kind::Decimal { "ticket_field_by_number" } else { "ticket_field_by_text" };
        sql.push(format_args!("ticket_field f INDEXED BY {index} WHERE f.field_key = "));
        sql.push_bind(self.key.as_str().to_owned()).push(" AND ");
        push_custom_values(sql, self.kind, self.values);
        if self.kind == Kind::Decimal {
            sql.push(" AND f.num IS NOT NULL");
        }
    }

    /// Appends that a ticket of the alias `t` is one of them: said beside the condition that says it already, so that
    /// SQLite begins with them.
    pub fn push_among(self, sql: &mut QueryBuilder<Sqlite>) {
        sql.push(" AND t.id IN (SELECT f.ticket_id FROM ");
        self.push_rows(sql);
        sql.push(")");
    }

    /// Appends the statement that counts them, up to one more than are few.
    pub fn push_count(self, sql: &mut QueryBuilder<Sqlite>) {
        sql.push("SELECT count(*) FROM (SELECT 1 FROM ");
        self.push_rows(sql);
        sql.push(" LIMIT ").push_bind(FEW + 1).push(")");
    }
}

/// Appends the statement for a page of a stretch of a list from a place on. The page is picked from the narrow rows
/// first, and only what is on it is read whole.
pub(super) fn push_list(
    select: &mut QueryBuilder<Sqlite>,
    scope: &Scope,
    query: &TicketQuery,
    (stretch, after): (Stretch, Option<Position>),
    few: Option<Held<'_>>,
) -> Page {
    let (order, later) = if query.sort.descending { ("DESC", "<") } else { ("ASC", ">") };
    select.push("SELECT ").push(row::TICKET).push(" FROM (");
    let mut exact = true;
    for (number, part) in Part::of(scope).into_iter().enumerate() {
        if number > 0 {
            select.push(" UNION ALL ");
        }
        let (column, id) = push_source(select, part, query, stretch, few);
        part.push(select);
        select.push(" AND ");
        exact &= push_condition(select, &query.filter, query.now);
        match after {
            None => {}
            Some(after) if matches!(stretch, Stretch::Rest(..)) => {
                select.push(format_args!(" AND {id} {later} ")).push_bind(after.id);
            }
            Some(after) => {
                select.push(format_args!(" AND ({column}, {id}) {later} ("));
                match after.text {
                    Some(text) => select.push_bind(text.as_str().to_owned()),
                    None => select.push_bind(after.key),
                };
                select.push(", ").push_bind(after.id).push(")");
            }
        }
    }
    let many = if exact { query.limit } else { query.limit.max(LOOK) };
    // Those without a value have no key: SQLite would sort them again by a constant.
    let key = if matches!(stretch, Stretch::Rest(..)) { String::new() } else { format!("2 {order}, ") };
    select.push(format_args!(" ORDER BY {key}3 {order} LIMIT ")).push_bind(limit(many));
    // CROSS makes SQLite look up the page's tickets, never the page in the tickets.
    select.push(") page CROSS JOIN ticket t ON t.rowid = page.place CROSS JOIN ticket_body b ON b.ticket_id = t.id");
    Page { exact, many }
}

/// Appends from where a part of a list is read, up to what its scope asks for; answers the columns of its order.
fn push_source(
    select: &mut QueryBuilder<Sqlite>,
    part: Part<'_>,
    query: &TicketQuery,
    stretch: Stretch,
    few: Option<Held<'_>>,
) -> (String, &'static str) {
    let is_few = few.is_some() || !matches!(part, Part::Whole(_)) || path::is_narrow(&query.filter);
    // Few tickets are found first and sorted then; of all, those that have a value are walked in its order.
    let (column, id) = match stretch {
        Stretch::Whole => (column(query.sort.field).to_owned(), "t.id"),
        Stretch::Valued(_, column) if is_few => (format!("v.{column}"), "t.id"),
        Stretch::Valued(_, column) => (format!("v.{column}"), "v.ticket_id"),
        Stretch::Rest(..) => ("0".to_owned(), "t.id"),
    };
    select.push(format_args!("SELECT t.rowid AS place, {column}, {id} FROM "));
    let walked = match stretch {
        Stretch::Valued(_, column) if !is_few => {
            let index = if column == "num" { "ticket_field_by_number" } else { "ticket_field_by_text" };
            select.push(format_args!("ticket_field v INDEXED BY {index} CROSS JOIN ticket t ON t.id = v.ticket_id"));
            true
        }
        _ => false,
    };
    if let (Some(held), false) = (few, walked) {
        select.push("(SELECT DISTINCT f.ticket_id FROM ");
        held.push_rows(select);
        // With a limit SQLite pushes nothing from outside into it. Of a FALSE only that would be left, by which it can't
        // see that the index serves.
        select.push(" LIMIT -1) k CROSS JOIN ticket t ON t.id = k.ticket_id");
    } else if !walked {
        let index = match stretch {
            // The one that SQLite has made for the primary key.
            Stretch::Rest(..) if !is_few => "sqlite_autoindex_ticket_1",
            _ => path::index(part, &query.filter, query.sort),
        };
        select.push(format_args!("ticket t INDEXED BY {index}"));
    }
    match stretch {
        Stretch::Whole => {
            select.push(" WHERE ");
        }
        Stretch::Valued(key, column) => {
            if !walked {
                select.push(" CROSS JOIN ticket_field v ON v.ticket_id = t.id");
            }
            select.push(" WHERE v.field_key = ").push_bind(key.as_str().to_owned());
            select.push(format_args!(" AND v.place = 0 AND v.{column} IS NOT NULL AND "));
        }
        Stretch::Rest(key, column) => {
            select.push(" WHERE NOT EXISTS (SELECT 1 FROM ticket_field v WHERE v.ticket_id = t.id AND v.field_key = ");
            select.push_bind(key.as_str().to_owned());
            select.push(format_args!(" AND v.place = 0 AND v.{column} IS NOT NULL) AND "));
        }
    }
    (column, id)
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
