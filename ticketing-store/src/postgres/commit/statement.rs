//! One statement that writes many rows to many tables, or none at all.
//!
//! Each part is a common table expression. Parts do not see one another's rows and run in no order
//! of their own, so no two of them may touch the same row. At the end the counts of what was changed
//! are compared with what was meant to be, in the order in which the checks were added, and a
//! difference raises an error that takes everything back. The text depends only on which tables are
//! written and on whether one row or several are, so a desk uses a few dozen prepared statements.

use super::super::failure::{CONFLICT, STALE_SETTINGS};
use sqlx::{Encode, Postgres, QueryBuilder, Type};

/// A statement in the making.
pub(super) struct Statement {
    sql: QueryBuilder<Postgres>,
    parts: usize,
    checks: Vec<Check>,
    /// Parts that are done before the settings are looked at again.
    drawn: Vec<&'static str>,
}

/// A part must have touched this many rows.
struct Check {
    part: &'static str,
    rows: usize,
    state: &'static str,
}

/// Whose row a part changes, and which of its columns.
pub(super) struct Update<'a> {
    /// The name of the part.
    pub part: &'static str,
    /// The table.
    pub table: &'static str,
    /// The columns that name the row. `expect` stands for the version that it must have.
    pub keys: &'a [&'static str],
    /// The columns to set.
    pub columns: &'a [&'static str],
    /// Another part that must have locked the rows before.
    pub after: Option<&'static str>,
}

impl Statement {
    pub fn new() -> Self {
        Self { sql: QueryBuilder::new(""), parts: 0, checks: Vec::new(), drawn: Vec::new() }
    }

    /// Adds a part; `body` writes what stands between its parentheses.
    pub fn part(&mut self, name: &'static str, body: impl FnOnce(&mut QueryBuilder<Postgres>)) {
        self.sql.push(if self.parts == 0 { "WITH " } else { ", " }).push(name).push(" AS (");
        body(&mut self.sql);
        self.sql.push(")");
        self.parts += 1;
    }

    /// The part must have answered this many rows; where it has not, the commit ends in this state.
    pub fn check(&mut self, part: &'static str, rows: usize, state: &'static str) {
        self.checks.push(Check { part, rows, state });
    }

    /// Has a part done before the settings are looked at again and before the log's lock is taken: it may wait for others,
    /// and what nothing asks for is done last. The part answers a row for each that it writes.
    pub fn draw(&mut self, part: &'static str) {
        self.drawn.push(part);
    }

    /// Adds rows to a table, given with its columns as in `tag (id, name)`. Nothing where there are
    /// no rows.
    pub fn insert<'r, R>(
        &mut self,
        part: &'static str,
        into: &'static str,
        rows: &'r [R],
        columns: impl FnOnce(&mut Columns<'_, 'r, R>),
    ) {
        self.insert_unless(part, into, rows, columns, "");
    }

    /// The same with a condition or an `ON CONFLICT` at the end.
    pub fn insert_unless<'r, R>(
        &mut self,
        part: &'static str,
        into: &'static str,
        rows: &'r [R],
        columns: impl FnOnce(&mut Columns<'_, 'r, R>),
        unless: &'static str,
    ) {
        if rows.is_empty() {
            return;
        }
        self.part(part, |sql| {
            sql.push("INSERT INTO ").push(into);
            if rows.len() > 1 {
                sql.push(" SELECT * FROM ");
                push_rows(sql, rows, columns);
            } else {
                sql.push(" ");
                push_one(sql, rows, columns);
            }
            sql.push(unless);
        });
    }

    /// Changes rows that must be there in the expected version. Nothing where there are no rows.
    pub fn update<'r, R>(&mut self, update: &Update<'_>, rows: &'r [R], columns: impl FnOnce(&mut Columns<'_, 'r, R>)) {
        if rows.is_empty() {
            return;
        }
        self.part(update.part, |sql| {
            sql.push("UPDATE ").push(update.table).push(" t SET ");
            for (place, column) in update.columns.iter().enumerate() {
                sql.push(if place == 0 { "" } else { ", " }).push(column).push(" = x.").push(column);
            }
            sql.push(" FROM ");
            push_rows(sql, rows, columns);
            sql.push(" AS x (");
            for (place, column) in update.keys.iter().chain(update.columns).enumerate() {
                sql.push(if place == 0 { "" } else { ", " }).push(column);
            }
            sql.push(")");
            if let Some(part) = update.after {
                sql.push(", ").push(part).push(" h");
            }
            push_match(sql, update.keys);
            if update.after.is_some() {
                sql.push(" AND h.id = t.id");
            }
            sql.push(" RETURNING 1");
        });
        self.check(update.part, rows.len(), CONFLICT);
    }

    /// Removes rows that must be there in the expected version. Nothing where there are no rows.
    pub fn delete<'r, R>(
        &mut self,
        part: &'static str,
        table: &'static str,
        keys: &[&'static str],
        rows: &'r [R],
        columns: impl FnOnce(&mut Columns<'_, 'r, R>),
    ) {
        if rows.is_empty() {
            return;
        }
        self.part(part, |sql| {
            sql.push("DELETE FROM ").push(table).push(" t USING ");
            push_rows(sql, rows, columns);
            sql.push(" AS x (").push(keys.join(", ")).push(")");
            push_match(sql, keys);
            sql.push(" RETURNING 1");
        });
        self.check(part, rows.len(), CONFLICT);
    }

    /// Holds rows as they are until the commit is done. Nothing where there are no rows.
    pub fn guard(&mut self, part: &'static str, table: &'static str, rows: &[(uuid::Uuid, i64)]) {
        if rows.is_empty() {
            return;
        }
        self.part(part, |sql| {
            sql.push("SELECT 1 FROM ").push(table).push(" t, ");
            push_rows(sql, rows, |x| {
                x.bind("uuid", |row| row.0).bind("int8", |row| row.1);
            });
            sql.push(" AS x (id, expect)");
            push_match(sql, &["id", "expect"]);
            sql.push(" ORDER BY t.id FOR SHARE OF t");
        });
        self.check(part, rows.len(), CONFLICT);
    }

    /// Ends the statement. It answers the places of the events, or raises: where the settings are not
    /// of this version, then where a check fails, in the order of the checks, then where the settings
    /// changed meanwhile or one of the last conditions holds.
    pub fn finish(
        mut self,
        settings: Settings,
        last_refusals: &[&'static str],
        answer: &'static str,
    ) -> QueryBuilder<Postgres> {
        self.sql.push(" SELECT CASE");
        match settings {
            Settings::AreOfVersion(version) => {
                self.sql.push(" WHEN (SELECT version FROM settings_head) <> ").push_bind(version);
            }
            Settings::WereBumped => {
                self.sql.push(" WHEN (SELECT count(*) FROM bumped) <> 1");
            }
        }
        push_refusal(&mut self.sql, STALE_SETTINGS);
        for check in &self.checks {
            push_check(&mut self.sql, check);
        }
        for part in &self.drawn {
            self.sql.push(" WHEN (SELECT count(*) FROM ").push(*part).push(") < 0");
            push_refusal(&mut self.sql, CONFLICT);
        }
        if let Settings::AreOfVersion(version) = settings {
            // The first look saw what was there when the statement began. By now it may have waited.
            self.sql.push(" WHEN desk_settings_version() <> ").push_bind(version);
            push_refusal(&mut self.sql, STALE_SETTINGS);
        }
        for condition in last_refusals {
            self.sql.push(" WHEN ").push(condition);
            push_refusal(&mut self.sql, CONFLICT);
        }
        self.sql.push(" ELSE ").push(answer).push(" END");
        self.sql
    }
}

/// How the statement asks whether the settings are still those that the change was decided under.
#[derive(Clone, Copy)]
pub(super) enum Settings {
    /// By reading their version.
    AreOfVersion(i64),
    /// By a part named `bumped` that has replaced it.
    WereBumped,
}

/// The rows as a relation: a row of parameters, or as many as the parameters' arrays are long.
pub(super) fn push_rows<'r, R>(
    sql: &mut QueryBuilder<Postgres>,
    rows: &'r [R],
    columns: impl FnOnce(&mut Columns<'_, 'r, R>),
) {
    if rows.len() == 1 {
        sql.push("(");
        push_one(sql, rows, columns);
    } else {
        sql.push("unnest(");
        columns(&mut Columns::new(sql, rows));
    }
    sql.push(")");
}

fn push_one<'r, R>(sql: &mut QueryBuilder<Postgres>, rows: &'r [R], columns: impl FnOnce(&mut Columns<'_, 'r, R>)) {
    sql.push("SELECT ");
    columns(&mut Columns::new(sql, rows));
}

fn push_match(sql: &mut QueryBuilder<Postgres>, keys: &[&'static str]) {
    for (place, key) in keys.iter().enumerate() {
        let column = if *key == "expect" { "version" } else { key };
        sql.push(if place == 0 { " WHERE t." } else { " AND t." }).push(column).push(" = x.").push(key);
    }
}

fn push_check(sql: &mut QueryBuilder<Postgres>, check: &Check) {
    // Nobody commits so many rows that this could not be said.
    let rows = i64::try_from(check.rows).unwrap_or(i64::MAX);
    sql.push(" WHEN (SELECT count(*) FROM ").push(check.part).push(") <> ").push_bind(rows);
    push_refusal(sql, check.state);
}

fn push_refusal(sql: &mut QueryBuilder<Postgres>, state: &'static str) {
    sql.push(" THEN desk_refuse('").push(state).push("')");
}

/// The columns of some rows, one after the other: a value each where there is one row, an array each
/// otherwise.
pub(super) struct Columns<'s, 'r, R> {
    sql: &'s mut QueryBuilder<Postgres>,
    rows: &'r [R],
    first: bool,
}

impl<'s, 'r, R> Columns<'s, 'r, R> {
    /// Writes the columns of these rows.
    pub fn new(sql: &'s mut QueryBuilder<Postgres>, rows: &'r [R]) -> Self {
        Self { sql, rows, first: true }
    }

    /// The next column: its SQL type, and where each row's value is found.
    pub fn bind<T>(&mut self, kind: &'static str, value: impl Fn(&'r R) -> T) -> &mut Self
    where
        T: Encode<'r, Postgres> + Type<Postgres>,
        Vec<T>: Encode<'r, Postgres> + Type<Postgres>,
    {
        if !std::mem::replace(&mut self.first, false) {
            self.sql.push(", ");
        }
        if let [row] = self.rows {
            self.sql.push_bind(value(row)).push("::").push(kind);
        } else {
            self.sql.push_bind(self.rows.iter().map(value).collect::<Vec<T>>()).push("::").push(kind).push("[]");
        }
        self
    }
}
