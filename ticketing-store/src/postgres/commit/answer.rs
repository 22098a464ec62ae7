//! The part of a commit that keeps what its call is answered.

use super::super::failure::REPEATED;
use super::gather::Gathered;
use super::statement::{Columns, Statement};
use ticketing_core::model::Answer;

/// The row is claimed first of all: a twin waits here for the end of the one before it, and is then told
/// that it is one, whatever else it might have failed for.
pub(super) fn push(statement: &mut Statement, gathered: &Gathered<'_>) {
    let Some(answer) = gathered.answer else { return };
    let most = i64::try_from(Answer::FORGOTTEN).unwrap_or(i64::MAX);
    statement.part("answer_new", |sql| {
        sql.push("INSERT INTO answer AS t (owner, route, key, digest, output, at) VALUES (");
        Columns::new(sql, std::slice::from_ref(answer))
            .bind("text", |answer| answer.key.owner.as_str())
            .bind("text", |answer| answer.key.route.as_str())
            .bind("text", |answer| answer.key.key.as_str())
            .bind("bytea", |answer| answer.key.digest.as_slice())
            .bind("text", |answer| answer.output.as_deref())
            .bind("timestamptz", |answer| answer.at);
        sql.push(
            ") ON CONFLICT (owner, route, key) DO UPDATE SET digest = excluded.digest, output = excluded.output, \
             at = excluded.at WHERE t.at <= ",
        );
        sql.push_bind(answer.forgets()).push(" RETURNING 1");
    });
    statement.check("answer_new", 1, REPEATED);
    // Never the row that is written above: one statement can't touch a row twice. Rows that another
    // commit is about to remove are left to it.
    statement.part("answer_gone", |sql| {
        sql.push("DELETE FROM answer WHERE (owner, route, key) IN (SELECT owner, route, key FROM answer WHERE at <= ");
        sql.push_bind(answer.forgets()).push(" AND (owner, route, key) <> (");
        sql.push_bind(answer.key.owner.as_str()).push(", ").push_bind(answer.key.route.as_str()).push(", ");
        sql.push_bind(answer.key.key.as_str()).push(") ORDER BY at LIMIT ").push_bind(most);
        sql.push(" FOR UPDATE SKIP LOCKED)");
    });
}
