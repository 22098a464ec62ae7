//! The part of a commit that counts what staff answer with.

use super::gather::Gathered;
use super::statement::Statement;

pub(super) fn push(statement: &mut Statement, gathered: &Gathered<'_>) {
    let into = "canned_use AS t (user_id, response_id, uses, last_used_at)";
    // Whoever counts at the same time waits here for the other, and adds to that.
    let unless = " ON CONFLICT (user_id, response_id) DO UPDATE SET uses = t.uses + 1, \
         last_used_at = greatest(t.last_used_at, excluded.last_used_at)";
    statement.insert_unless(
        "canned_used",
        into,
        &gathered.canned_used,
        |x| {
            x.bind("uuid", |(user, ..)| user.0)
                .bind("uuid", |(_, response, _)| response.0)
                .bind("int8", |_| 1_i64)
                .bind("timestamptz", |(.., at)| *at);
        },
        unless,
    );
}
