//! The parts of a commit that write what people are told on the desk.
//!
//! What is told joins the last of its like through a row of `notification_joined`. Two commits that tell the same at the
//! same time, on whatever nodes, meet on that row's key: the second waits there for the first, then sees what it has
//! written, and adds to that notification. Whoever reads or forgets notifications removes these rows first, so that
//! everybody comes to the two tables in one order.

use super::statement::{Statement, push_rows};
use ticketing_core::model::{Notification, Reading};
use ticketing_core::time::Time;
use ticketing_core::{TicketId, TicketNumber, UserId};
use uuid::Uuid;

/// Ends a selection of rows `j` that are about to be deleted, and of rows `n` that are about to be changed: locked in the
/// order of their keys, in which all others write them.
const LOCK_JOINED: &str = " ORDER BY j.user_id, j.ticket_id, j.kind, j.source FOR UPDATE OF j) g \
    WHERE t.user_id = g.user_id AND t.ticket_id = g.ticket_id AND t.kind = g.kind AND t.source = g.source";
const LOCK_TOLD: &str = " ORDER BY n.user_id, n.id FOR UPDATE OF n) g WHERE t.user_id = g.user_id AND t.id = g.id";

/// What a commit writes about what people are told.
#[derive(Default)]
pub(super) struct Told<'a> {
    pub new: Vec<&'a Notification>,
    one: Vec<Read>,
    of_person: Vec<Read>,
    on_ticket: Vec<Read>,
    of_ticket: Vec<Read>,
    /// People who are told nothing any more.
    pub forgotten: Vec<Uuid>,
}

/// What is read, by its keys, and since when.
struct Read {
    keys: Vec<Uuid>,
    at: Time,
}

impl Told<'_> {
    pub fn add_reading(&mut self, reading: Reading, at: Time) {
        let (rows, keys) = match reading {
            Reading::One(UserId(user), id) => (&mut self.one, vec![user, id.0]),
            Reading::Person(UserId(user)) => (&mut self.of_person, vec![user]),
            Reading::PersonOnTicket(UserId(user), TicketId(ticket)) => (&mut self.on_ticket, vec![user, ticket]),
            Reading::Ticket(TicketId(ticket)) => (&mut self.of_ticket, vec![ticket]),
        };
        rows.push(Read { keys, at });
    }

    /// Of two that are the same the first is told, and commits wait for one another in one order.
    pub fn settle(&mut self) {
        self.new.sort_by_key(|told| (told.user_id, told.id));
        self.new.dedup_by_key(|told| (told.user_id, told.id));
    }

    /// Whether it may join another. What is told in a commit that reads all of its ticket stands alone.
    fn joins(&self, told: &Notification) -> bool {
        let is_read = |id: TicketId| self.of_ticket.iter().any(|read| read.keys == [id.0]);
        told.subject().is_some_and(|subject| !is_read(subject.ticket_id))
    }
}

pub(super) fn push(statement: &mut Statement, told: &Told<'_>) {
    push_new(statement, told);
    read(statement, ["one_read", "one_joined"], &["user_id", "id"], &["user_id", "notification_id"], &told.one);
    read(
        statement,
        ["ours_read", "ours_joined"],
        &["user_id", "ticket_id"],
        &["user_id", "ticket_id"],
        &told.on_ticket,
    );
    read(statement, ["all_read", "all_joined"], &["user_id"], &["user_id"], &told.of_person);
    read(statement, ["ticket_read", "ticket_joined"], &["ticket_id"], &["ticket_id"], &told.of_ticket);
    if !told.forgotten.is_empty() {
        statement.part("joined_gone", |sql| {
            sql.push(
                "DELETE FROM notification_joined t USING (SELECT j.* FROM notification_joined j WHERE j.user_id = ANY(",
            );
            sql.push_bind(told.forgotten.clone()).push(")").push(LOCK_JOINED).push(" RETURNING 1");
        });
        statement.part("told_gone", |sql| {
            sql.push(
                "DELETE FROM notification t USING (SELECT n.user_id, n.id FROM notification n WHERE n.user_id = ANY(",
            );
            sql.push_bind(told.forgotten.clone()).push(") AND (SELECT count(*) FROM joined_gone) >= 0").push(LOCK_TOLD);
            sql.push(" RETURNING 1");
        });
        statement.draw("told_gone");
    }
}

fn push_new(statement: &mut Statement, told: &Told<'_>) {
    if told.new.is_empty() {
        return;
    }
    statement.part("told", |sql| {
        sql.push("SELECT x.* FROM ");
        push_rows(sql, &told.new, |x| {
            x.bind("uuid", |row| row.user_id.0)
                .bind("uuid", |row| row.id.0)
                .bind("uuid", |row| row.ticket_id.map(|id| id.0))
                .bind("text", |row| row.ticket_number.as_ref().map(TicketNumber::as_str))
                .bind("int2", |row| row.kind.rank())
                .bind("uuid", |row| row.subject().map(|subject| subject.source))
                .bind("bool", |row| told.joins(row))
                .bind("text", |row| row.title.as_str())
                .bind("text", |row| row.message.as_str())
                .bind("int4", |row| row.count)
                .bind("uuid", |row| row.rule.map(|rule| rule.id.0))
                .bind("int8", |row| row.rule.map(|rule| rule.version))
                .bind("uuid", |row| row.change_id.0)
                .bind("timestamptz", |row| row.created_at)
                .bind("timestamptz", |row| row.updated_at)
                .bind("timestamptz", |row| row.read_at);
        });
        sql.push(
            " AS x (user_id, id, ticket_id, ticket_number, kind, source, joins, title, message, count, rule_id, \
             rule_version, change_id, created_at, updated_at, read_at) WHERE NOT EXISTS (SELECT 1 FROM notification n \
             WHERE n.user_id = x.user_id AND n.id = x.id)",
        );
    });
    statement.part("joined", |sql| {
        sql.push(
            "INSERT INTO notification_joined AS t (user_id, ticket_id, kind, source, notification_id, told_at) \
             SELECT user_id, ticket_id, kind, source, id, updated_at FROM told WHERE joins \
             ORDER BY user_id, ticket_id, kind, source ON CONFLICT (user_id, ticket_id, kind, source) DO UPDATE SET \
             notification_id = CASE WHEN excluded.told_at - t.told_at <= interval '1 second' * ",
        );
        sql.push(Notification::WINDOW.num_seconds());
        sql.push(
            " THEN t.notification_id ELSE excluded.notification_id END, told_at = greatest(t.told_at, \
             excluded.told_at) RETURNING user_id, ticket_id, kind, source, notification_id",
        );
    });
    statement.part("notification_new", |sql| {
        sql.push(
            "INSERT INTO notification AS n (user_id, id, ticket_id, ticket_number, kind, title, message, count, rule_id, \
             rule_version, change_id, created_at, updated_at, read_at) SELECT x.user_id, \
             coalesce(j.notification_id, x.id), x.ticket_id, x.ticket_number, x.kind, x.title, x.message, x.count, \
             x.rule_id, x.rule_version, x.change_id, x.created_at, x.updated_at, x.read_at \
             FROM told x LEFT JOIN joined j ON x.joins AND j.user_id = x.user_id AND j.ticket_id = x.ticket_id \
             AND j.kind = x.kind AND j.source = x.source ON CONFLICT (user_id, id) DO UPDATE SET \
             title = excluded.title, message = excluded.message, count = n.count + excluded.count, \
             rule_id = excluded.rule_id, rule_version = excluded.rule_version, change_id = excluded.change_id, \
             updated_at = greatest(n.updated_at, excluded.updated_at) RETURNING 1",
        );
    });
    statement.draw("notification_new");
}

/// Reads what has these keys: first nothing joins it any more, then it is read.
fn read(
    statement: &mut Statement,
    [read, joined]: [&'static str; 2],
    keys: &[&'static str],
    joined_by: &[&'static str],
    rows: &[Read],
) {
    if rows.is_empty() {
        return;
    }
    statement.part(joined, |sql| {
        sql.push("DELETE FROM notification_joined t USING (SELECT j.* FROM notification_joined j, ");
        push_rows(sql, rows, |x| {
            for place in 0..joined_by.len() {
                x.bind("uuid", |row| row.keys[place]);
            }
        });
        sql.push(" AS x (").push(joined_by.join(", ")).push(") WHERE ");
        sql.push(joined_by.iter().map(|key| format!("j.{key} = x.{key}")).collect::<Vec<_>>().join(" AND "));
        sql.push(LOCK_JOINED).push(" RETURNING 1");
    });
    statement.part(read, |sql| {
        sql.push("UPDATE notification t SET read_at = g.at FROM (SELECT n.user_id, n.id, x.at FROM notification n, ");
        push_rows(sql, rows, |x| {
            for place in 0..keys.len() {
                x.bind("uuid", |row| row.keys[place]);
            }
            x.bind("timestamptz", |row| row.at);
        });
        sql.push(" AS x (").push(keys.join(", ")).push(", at) WHERE n.read_at IS NULL AND ");
        sql.push(keys.iter().map(|key| format!("n.{key} = x.{key}")).collect::<Vec<_>>().join(" AND "));
        sql.push(" AND (SELECT count(*) FROM ").push(joined).push(") >= 0").push(LOCK_TOLD).push(" RETURNING 1");
    });
    statement.draw(read);
}
