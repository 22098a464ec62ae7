//! The part of a commit that counts what staff answer with.

use super::gather::Gathered;
use super::statement::Statement;
use ticketing_core::time::Time;
use ticketing_core::{CannedResponseId, UserId};

/// How often a person has answered with something in one commit, and when last.
pub(super) struct Used {
    pub user_id: UserId,
    pub response_id: CannedResponseId,
    pub uses: i64,
    pub last: Time,
}

/// One row a person and response: a statement can't write one twice. Two commits with the same rows wait for one another in
/// one order.
pub(super) fn settle(used: &mut Vec<Used>) {
    used.sort_by_key(|used| (used.user_id, used.response_id));
    used.dedup_by(|later, first| {
        let is_same = (later.user_id, later.response_id) == (first.user_id, first.response_id);
        if is_same {
            first.uses += later.uses;
            first.last = first.last.max(later.last);
        }
        is_same
    });
}

pub(super) fn push(statement: &mut Statement, gathered: &Gathered<'_>) {
    let into = "canned_use AS t (user_id, response_id, uses, last_used_at)";
    // Whoever counts at the same time waits here for the other, and adds to that.
    let unless = " ON CONFLICT (user_id, response_id) DO UPDATE SET uses = t.uses + excluded.uses, \
         last_used_at = greatest(t.last_used_at, excluded.last_used_at)";
    statement.insert_unless(
        "canned_used",
        into,
        &gathered.canned_used,
        |x| {
            x.bind("uuid", |used| used.user_id.0)
                .bind("uuid", |used| used.response_id.0)
                .bind("int8", |used| used.uses)
                .bind("timestamptz", |used| used.last);
        },
        unless,
    );
}
