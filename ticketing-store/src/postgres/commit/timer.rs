//! The parts of a commit that plan what is due by the clock.

use super::gather::{Gathered, Rows};
use super::statement::{Statement, Update, push_rows};
use ticketing_core::TicketId;
use ticketing_core::model::{Fired, Recurrence, RecurrenceKind};
use ticketing_core::time::Time;
use uuid::Uuid;

/// What a commit writes about what is due.
#[derive(Default)]
pub(super) struct Due<'a> {
    pub wakes: Vec<(TicketId, Time)>,
    pub slept: Vec<TicketId>,
    pub fired: Vec<&'a Fired>,
    pub schedules: Rows<&'a Recurrence>,
    pub unscheduled: Vec<(RecurrenceKind, Uuid, i64)>,
}

impl Due<'_> {
    /// Two commits that write the same rows wait for one another in one order.
    pub fn settle(&mut self) {
        self.wakes.sort_unstable();
        self.slept.sort_unstable();
    }
}

pub(super) fn push(statement: &mut Statement, gathered: &Gathered<'_>) {
    let due = &gathered.due;
    let planned = " ON CONFLICT (ticket_id) DO UPDATE SET due_at = excluded.due_at, held_until = NULL";
    statement.insert_unless(
        "ticket_wake_new",
        "ticket_wake (ticket_id, due_at)",
        &due.wakes,
        |x| {
            x.bind("uuid", |(id, _)| id.0).bind("timestamptz", |(_, due_at)| *due_at);
        },
        planned,
    );
    if !due.slept.is_empty() {
        statement.part("ticket_wake_gone", |sql| {
            sql.push("DELETE FROM ticket_wake t USING ");
            push_rows(sql, &due.slept, |x| {
                x.bind("uuid", |id| id.0);
            });
            sql.push(" AS x (ticket_id) WHERE t.ticket_id = x.ticket_id");
        });
    }
    push_fired(statement, &due.fired);
    push_schedules(statement, due);
}

fn push_fired(statement: &mut Statement, fired: &[&Fired]) {
    if fired.is_empty() {
        return;
    }
    statement.part("fired_gone", |sql| {
        sql.push("DELETE FROM fired t USING ");
        push_rows(sql, fired, |x| {
            x.bind("uuid", |fired| fired.ticket_id.0)
                .bind("uuid", |fired| fired.rule_id.0)
                .bind("timestamptz", |fired| fired.anchor_at);
        });
        sql.push(
            " AS x (ticket_id, rule_id, anchor_at) WHERE t.ticket_id = x.ticket_id AND t.rule_id = x.rule_id \
             AND t.anchor_at < x.anchor_at",
        );
    });
    statement.insert("fired_new", "fired (ticket_id, rule_id, anchor_at)", fired, |x| {
        x.bind("uuid", |fired| fired.ticket_id.0)
            .bind("uuid", |fired| fired.rule_id.0)
            .bind("timestamptz", |fired| fired.anchor_at);
    });
}

fn push_schedules(statement: &mut Statement, due: &Due<'_>) {
    let update = Update {
        part: "schedule_set",
        table: "schedule",
        keys: &["kind", "id", "expect"],
        columns: &["next_at", "version"],
        after: None,
    };
    statement.update(&update, &due.schedules.set, |x| {
        x.bind("int2", |(row, _)| row.kind.rank())
            .bind("uuid", |(row, _)| row.id)
            .bind("int8", |(_, expect)| *expect)
            .bind("timestamptz", |(row, _)| row.next_at)
            .bind("int8", |(row, _)| row.version);
    });
    statement.insert("schedule_new", "schedule (kind, id, next_at, version)", &due.schedules.new, |x| {
        x.bind("int2", |row| row.kind.rank())
            .bind("uuid", |row| row.id)
            .bind("timestamptz", |row| row.next_at)
            .bind("int8", |row| row.version);
    });
    statement.delete("schedule_gone", "schedule", &["kind", "id", "expect"], &due.unscheduled, |x| {
        x.bind("int2", |(kind, _, _)| kind.rank())
            .bind("uuid", |(_, id, _)| *id)
            .bind("int8", |(_, _, version)| *version);
    });
}
