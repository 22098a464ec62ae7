//! The parts of a commit that write working time.

use super::gather::{Gathered, Rows};
use super::statement::{Columns, Statement, Update};
use ticketing_core::model::{Stopwatch, TimeEntry};
use ticketing_core::{TicketId, TimeEntryId, UserId};

/// What a commit writes of working time.
#[derive(Default)]
pub(super) struct Spent<'a> {
    pub entries: Rows<&'a TimeEntry>,
    pub gone: Vec<(TimeEntryId, i64)>,
    pub moves: Vec<(TicketId, TicketId, Option<&'a [TicketId]>)>,
    pub stopwatches: Rows<&'a Stopwatch>,
    pub put_away: Vec<(UserId, i64)>,
}

/// What people may change of an entry, and what follows from that.
const ENTRY: [&str; 11] = [
    "hours",
    "is_billable",
    "description",
    "started_at",
    "ended_at",
    "at",
    "rate",
    "currency",
    "amount",
    "version",
    "updated_at",
];

const STOPWATCH: [&str; 7] =
    ["ticket_id", "started_at", "running_since", "counted", "description", "is_billable", "version"];

pub(super) fn push(statement: &mut Statement, gathered: &Gathered<'_>) {
    let spent = &gathered.spent;
    let update =
        Update { part: "time_set", table: "time_entry", keys: &["id", "expect"], columns: &ENTRY, after: None };
    statement.update(&update, &spent.entries.set, |x| {
        x.bind("uuid", |(entry, _)| entry.id.0).bind("int8", |(_, expect)| *expect);
        bind_entry(x, |(entry, _)| entry);
    });
    let into = "time_entry (id, ticket_id, logged_on, user_id, customer_id, organization_id, team_id, created_at, hours, \
         is_billable, description, started_at, ended_at, at, rate, currency, amount, version, updated_at)";
    statement.insert("time_new", into, &spent.entries.new, |x| {
        x.bind("uuid", |entry| entry.id.0)
            .bind("uuid", |entry| entry.ticket_id.0)
            .bind("uuid", |entry| entry.logged_on.0)
            .bind("uuid", |entry| entry.user_id.0)
            .bind("uuid", |entry| entry.customer_id.0)
            .bind("uuid", |entry| entry.organization_id.map(|id| id.0))
            .bind("uuid", |entry| entry.team_id.map(|id| id.0))
            .bind("timestamptz", |entry| entry.created_at);
        bind_entry(x, |entry| entry);
    });
    statement.delete("time_gone", "time_entry", &["id", "expect"], &spent.gone, |x| {
        x.bind("uuid", |(id, _)| id.0).bind("int8", |(_, version)| *version);
    });
    push_moves(statement, spent);
    push_stopwatches(statement, spent);
}

fn bind_entry<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r TimeEntry) {
    x.bind("int8", |row| of(row).hours.as_hundredths())
        .bind("bool", |row| of(row).is_billable)
        .bind("text", |row| of(row).description.as_deref())
        .bind("timestamptz", |row| of(row).started_at)
        .bind("timestamptz", |row| of(row).ended_at)
        .bind("timestamptz", |row| of(row).at())
        .bind("int8", |row| of(row).rate.map(|rate| rate.amount_minor))
        .bind("text", |row| of(row).rate.map(|rate| rate.currency.to_string()))
        .bind("int8", |row| of(row).amount().map(|amount| amount.amount_minor))
        .bind("int8", |row| of(row).version)
        .bind("timestamptz", |row| of(row).updated_at);
}

/// All moves are one part: each row goes by the ticket that it is with, and two parts may not touch a row.
fn push_moves(statement: &mut Statement, spent: &Spent<'_>) {
    if spent.moves.is_empty() {
        return;
    }
    statement.part("time_moved", |sql| {
        sql.push("UPDATE time_entry t SET ticket_id = CASE");
        for (from, to, _) in &spent.moves {
            sql.push(" WHEN t.ticket_id = ").push_bind(from.0).push(" THEN ").push_bind(to.0);
        }
        sql.push(" END WHERE FALSE");
        for (from, _, logged_on) in &spent.moves {
            sql.push(" OR (t.ticket_id = ").push_bind(from.0);
            if let Some(tickets) = logged_on {
                let tickets: Vec<_> = tickets.iter().map(|id| id.0).collect();
                sql.push(" AND t.logged_on = ANY(").push_bind(tickets).push(")");
            }
            sql.push(")");
        }
    });
}

fn push_stopwatches(statement: &mut Statement, spent: &Spent<'_>) {
    let update = Update {
        part: "stopwatch_set",
        table: "stopwatch",
        keys: &["user_id", "expect"],
        columns: &STOPWATCH,
        after: None,
    };
    statement.update(&update, &spent.stopwatches.set, |x| {
        x.bind("uuid", |(row, _)| row.user_id.0).bind("int8", |(_, expect)| *expect);
        bind_stopwatch(x, |(row, _)| row);
    });
    let into = "stopwatch (user_id, ticket_id, started_at, running_since, counted, description, is_billable, version)";
    statement.insert("stopwatch_new", into, &spent.stopwatches.new, |x| {
        x.bind("uuid", |row| row.user_id.0);
        bind_stopwatch(x, |row| row);
    });
    statement.delete("stopwatch_gone", "stopwatch", &["user_id", "expect"], &spent.put_away, |x| {
        x.bind("uuid", |(user_id, _)| user_id.0).bind("int8", |(_, version)| *version);
    });
}

fn bind_stopwatch<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Stopwatch) {
    x.bind("uuid", |row| of(row).ticket_id.0)
        .bind("timestamptz", |row| of(row).started_at)
        .bind("timestamptz", |row| of(row).running_since)
        .bind("int8", |row| of(row).counted)
        .bind("text", |row| of(row).description.as_deref())
        .bind("bool", |row| of(row).is_billable)
        .bind("int8", |row| of(row).version);
}
