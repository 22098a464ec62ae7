//! Many rows in few statements.

use sqlx::QueryBuilder;
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteConnection};

/// How many rows one statement holds at most, far below SQLite's limit on parameters.
const MOST: usize = 64;

/// Inserts the rows in their order. `head` is everything before `VALUES`, `tail` everything behind
/// the rows. Statements hold powers of two of rows, so that only a handful of them exist and each is
/// prepared once.
pub async fn insert<R>(
    connection: &mut SqliteConnection,
    head: &'static str,
    tail: &'static str,
    rows: &[R],
    mut bind: impl FnMut(&mut Separated<'_, Sqlite, &'static str>, &R),
) -> Result<i64, sqlx::Error> {
    let mut rest = rows;
    let mut last = 0;
    while !rest.is_empty() {
        let size = 1 << rest.len().min(MOST).ilog2();
        let (chunk, later) = rest.split_at(size);
        let mut query = QueryBuilder::<Sqlite>::new(head);
        query.push_values(chunk, |mut row, value| bind(&mut row, value));
        query.push(tail);
        last = query.build().execute(&mut *connection).await?.last_insert_rowid();
        rest = later;
    }
    Ok(last)
}
