//! The parts of a commit that tie tickets together.

use super::gather::{Gathered, Moved};
use super::statement::{Statement, push_rows};

pub(super) fn push(statement: &mut Statement, gathered: &Gathered<'_>) {
    push_moves(statement, &gathered.moved);
    statement.insert(
        "link_new",
        "ticket_link (id, ticket_id, other_id, type, created_by, created_at)",
        &gathered.links,
        |x| {
            x.bind("uuid", |link| link.id.0)
                .bind("uuid", |link| link.ticket_id.0)
                .bind("uuid", |link| link.other_id.0)
                .bind("int2", |link| link.kind.rank())
                .bind("uuid", |link| link.created_by.map(|id| id.0))
                .bind("timestamptz", |link| link.created_at);
        },
    );
    if !gathered.unlinked.is_empty() {
        let ids: Vec<_> = gathered.unlinked.iter().map(|id| id.0).collect();
        statement.part("link_gone", |sql| {
            sql.push("DELETE FROM ticket_link t WHERE t.id = ANY(").push_bind(ids).push("::uuid[])");
        });
    }
}

/// Comments that are no longer where they are looked for stay where they are.
fn push_moves(statement: &mut Statement, moved: &[Moved]) {
    if moved.is_empty() {
        return;
    }
    statement.part("comment_moved", |sql| {
        sql.push(
            "UPDATE comment t SET ticket_id = x.to_id, is_internal = coalesce(x.is_internal, t.is_internal) FROM ",
        );
        push_rows(sql, moved, |x| {
            x.bind("uuid", |row| row.id.0)
                .bind("uuid", |row| row.from.0)
                .bind("uuid", |row| row.to.0)
                .bind("bool", |row| row.is_internal);
        });
        sql.push(" AS x (id, from_id, to_id, is_internal) WHERE t.id = x.id AND t.ticket_id = x.from_id");
    });
}
