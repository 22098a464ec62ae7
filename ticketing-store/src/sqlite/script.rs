//! Many statements in few trips.
//!
//! The thread that drives SQLite is another one, and going there and back costs more than writing a
//! row. What needs no answer is collected into one text of several statements, and many rows of a
//! table into one statement.

use sqlx::QueryBuilder;
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteConnection};

/// How many rows one statement holds at most, far below SQLite's limit on parameters. A full
/// statement always has the same text and is prepared once.
const MOST: usize = 64;

/// Statements that wait to be run together, in their order.
pub struct Script<'c> {
    connection: &'c mut SqliteConnection,
    waiting: QueryBuilder<Sqlite>,
    is_empty: bool,
    last_row: i64,
}

impl<'c> Script<'c> {
    /// Nothing yet, to be run on this connection.
    pub fn on(connection: &'c mut SqliteConnection) -> Self {
        Self { connection, waiting: QueryBuilder::new(""), is_empty: true, last_row: 0 }
    }

    /// Adds a statement, to be written at the end of the text. Its parameters must be plain question
    /// marks: numbered ones would count from the start of the whole text.
    pub fn statement(&mut self) -> &mut QueryBuilder<Sqlite> {
        if !self.is_empty {
            self.waiting.push("; ");
        }
        self.is_empty = false;
        &mut self.waiting
    }

    /// Adds the rows in their order. `head` is everything before `VALUES`, `tail` everything behind
    /// the rows.
    pub async fn insert<R>(
        &mut self,
        head: &'static str,
        tail: &'static str,
        rows: &[R],
        mut bind: impl FnMut(&mut Separated<'_, Sqlite, &'static str>, &R),
    ) -> Result<(), sqlx::Error> {
        let chunks = rows.chunks_exact(MOST);
        let rest = chunks.remainder();
        if rows.len() >= MOST {
            self.run().await?;
        }
        for chunk in chunks {
            self.values(head, tail, chunk, &mut bind);
            self.run().await?;
        }
        if !rest.is_empty() {
            self.values(head, tail, rest, &mut bind);
        }
        Ok(())
    }

    fn values<R>(
        &mut self,
        head: &'static str,
        tail: &'static str,
        rows: &[R],
        bind: &mut impl FnMut(&mut Separated<'_, Sqlite, &'static str>, &R),
    ) {
        let statement = self.statement();
        statement.push(head).push_values(rows, |mut row, value| bind(&mut row, value)).push(tail);
    }

    /// Runs what waits. Answers the last row number that was given to a new row.
    pub async fn run(&mut self) -> Result<i64, sqlx::Error> {
        if !self.is_empty {
            let mut text = std::mem::replace(&mut self.waiting, QueryBuilder::new(""));
            self.is_empty = true;
            self.last_row = text.build().execute(&mut *self.connection).await?.last_insert_rowid();
        }
        Ok(self.last_row)
    }
}
