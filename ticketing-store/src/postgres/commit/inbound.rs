//! The parts of a commit that write mail that came in, and files.

use super::gather::{Gathered, Written};
use super::statement::{Columns, Statement, Update};
use ticketing_core::model::{Arrival, AttachedTo, Attachment};

const ARRIVAL: [&str; 13] = [
    "key",
    "digest",
    "size",
    "door",
    "mailbox_id",
    "state",
    "cause",
    "sender",
    "ticket_id",
    "comment_id",
    "detail",
    "received_at",
    "version",
];

pub(super) fn push(statement: &mut Statement, gathered: &Gathered<'_>) {
    let arrivals = &gathered.arrivals;
    let update =
        Update { part: "arrival_set", table: "arrival", keys: &["id", "expect"], columns: &ARRIVAL, after: None };
    statement.update(&update, &arrivals.set, |x| {
        x.bind("uuid", |(arrival, _)| arrival.row.id.0).bind("int8", |(_, expect)| *expect);
        bind_arrival(x, |(arrival, _)| arrival);
    });
    let into = "arrival (id, key, digest, size, door, mailbox_id, state, cause, sender, ticket_id, comment_id, detail, \
         received_at, version)";
    statement.insert("arrival_new", into, &arrivals.new, |x| {
        x.bind("uuid", |arrival| arrival.row.id.0);
        bind_arrival(x, |arrival| arrival);
    });
    push_attachments(statement, &gathered.attachments);
}

fn bind_arrival<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Written<&'r Arrival>) {
    x.bind("text", |row| of(row).row.key.as_str())
        .bind("bytea", |row| of(row).row.digest.as_slice())
        .bind("int8", |row| of(row).row.size)
        .bind("int2", |row| of(row).row.door.rank())
        .bind("uuid", |row| of(row).row.mailbox_id)
        .bind("int2", |row| of(row).row.state.rank())
        .bind("int2", |row| of(row).row.cause.map(ticketing_core::model::ArrivalCause::rank))
        .bind("text", |row| of(row).row.sender.as_deref())
        .bind("uuid", |row| of(row).row.ticket_id.map(|id| id.0))
        .bind("uuid", |row| of(row).row.comment_id.map(|id| id.0))
        .bind("json", |row| of(row).json.as_str())
        .bind("timestamptz", |row| of(row).row.received_at)
        .bind("int8", |row| of(row).row.version);
}

fn push_attachments(statement: &mut Statement, files: &[&Attachment]) {
    let into = "attachment (id, ticket_id, comment_id, filename, content_type, size, blob, content_id, uploaded_by, \
         created_at)";
    statement.insert("attachment_new", into, files, |x| {
        x.bind("uuid", |file| file.id.0)
            .bind("uuid", |file| match file.of {
                AttachedTo::Ticket(id) => Some(id.0),
                AttachedTo::Comment(_) => None,
            })
            .bind("uuid", |file| match file.of {
                AttachedTo::Ticket(_) => None,
                AttachedTo::Comment(id) => Some(id.0),
            })
            .bind("text", |file| file.filename.as_str())
            .bind("text", |file| file.content_type.as_str())
            .bind("int8", |file| file.size)
            .bind("bytea", |file| file.blob.0.as_slice())
            .bind("text", |file| file.content_id.as_deref())
            .bind("uuid", |file| file.uploaded_by.map(|id| id.0))
            .bind("timestamptz", |file| file.created_at);
    });
}
