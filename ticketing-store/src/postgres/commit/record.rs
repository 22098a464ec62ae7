//! The parts of a commit that write settings, events and the audit log.

use super::gather::{Gathered, Written, spoken_of};
use super::statement::{Columns, Statement, Update};
use crate::postgres::activity::EVENT_LOCKS;
use ticketing_core::event::Event;
use ticketing_core::model::seal::RawDetail;
use ticketing_core::setting::Document;

const DOCUMENT: [&str; 6] = ["owner", "version", "saved_at", "saved_by", "deleted", "body"];
const EVENT: &str = "id, change_id, type, ticket_id, ticket_version, team_id, assignee_id, audience, actor_id, cause, \
    rule_id, rule_version, at, data, image";

pub(super) fn push_settings(statement: &mut Statement, gathered: &Gathered<'_>) {
    let documents = &gathered.documents;
    let keys = &["kind", "id", "expect"];
    let update = Update { part: "setting_set", table: "setting", keys, columns: &DOCUMENT, after: None };
    statement.update(&update, &documents.set, |x| {
        bind_document_id(x, |(document, _)| document);
        x.bind("int8", |(_, expect)| *expect);
        bind_document(x, |(document, _)| document);
    });
    let into = "setting (kind, id, owner, version, saved_at, saved_by, deleted, body)";
    statement.insert("setting_new", into, &documents.new, |x| {
        bind_document_id(x, |document| document);
        bind_document(x, |document| document);
    });
    let saved: Vec<_> = documents.new.iter().chain(documents.set.iter().map(|(document, _)| document)).collect();
    let into = "setting_history (kind, id, owner, version, saved_at, saved_by, deleted, body)";
    statement.insert("setting_kept", into, &saved, |x| {
        bind_document_id(x, |document| document);
        bind_document(x, |document| document);
    });
}

fn bind_document_id<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Written<&'r Document>) {
    x.bind("text", |row| of(row).row.kind.as_str()).bind("uuid", |row| of(row).row.id);
}

fn bind_document<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Written<&'r Document>) {
    x.bind("uuid", |row| of(row).row.owner.map(|id| id.0))
        .bind("int8", |row| of(row).row.version)
        .bind("timestamptz", |row| of(row).row.saved_at)
        .bind("uuid", |row| of(row).row.saved_by.map(|id| id.0))
        .bind("bool", |row| of(row).row.deleted)
        .bind("json", |row| of(row).json.as_str());
}

/// The lock comes before the first place is drawn, and the transaction holds it to its end: a reader
/// that sees the place taken then sees either the lock or the row. `event_locked` stays a part of its
/// own, since what takes a lock is never folded into another part, and `event_new` draws its places
/// from the rows that it gives, in the order of the writes.
///
/// No order with other parts is needed for that. Those that nothing asks for, such as plain inserts,
/// run last, when the places are drawn: they become visible or void in the same moment as the events,
/// and only keep the lock for a little longer. Those with a check have run before, since the events
/// are in the last branch of the statement's `CASE`: a change of a ticket holds its row when it draws
/// a place, which is why events of one ticket become visible in their order.
pub(super) fn push_events(statement: &mut Statement, gathered: &Gathered<'_>) {
    let events = &gathered.events;
    if events.is_empty() {
        return;
    }
    statement.part("event_locked", |sql| {
        sql.push("SELECT pg_advisory_xact_lock_shared(").push_bind(EVENT_LOCKS).push(" | last_value) FROM event_seq");
    });
    statement.part("event_new", |sql| {
        sql.push("INSERT INTO event (seq, ").push(EVENT).push(") SELECT nextval('event_seq'), ");
        if events.len() == 1 {
            bind_event(&mut Columns::new(sql, events));
            sql.push(" FROM event_locked");
        } else {
            sql.push(EVENT).push(" FROM (SELECT x.* FROM event_locked, unnest(");
            bind_event(&mut Columns::new(sql, events));
            sql.push(") WITH ORDINALITY AS x (").push(EVENT).push(", place) ORDER BY x.place) e");
        }
        sql.push(" RETURNING seq");
    });
}

fn bind_event<'r>(x: &mut Columns<'_, 'r, Written<&'r Event>>) {
    x.bind("uuid", |event| event.row.id.0)
        .bind("uuid", |event| event.row.change_id.0)
        .bind("text", |event| event.row.fact.name())
        .bind("uuid", |event| event.row.ticket_id.0)
        .bind("int8", |event| event.row.ticket_version)
        .bind("uuid", |event| event.row.team_id.map(|id| id.0))
        .bind("uuid", |event| event.row.assignee_id.map(|id| id.0))
        .bind("int2", |event| event.row.audience.rank())
        .bind("uuid", |event| event.row.actor.id.map(|id| id.0))
        .bind("uuid", |event| event.row.cause.map(|id| id.0))
        .bind("uuid", |event| event.row.rule.map(|rule| rule.id.0))
        .bind("int8", |event| event.row.rule.map(|rule| rule.version))
        .bind("timestamptz", |event| event.row.at)
        .bind("json", |event| event.json.as_str())
        .bind("json", |event| event.row.image.as_ref().map(ToString::to_string));
}

pub(super) fn push_audit(statement: &mut Statement, gathered: &Gathered<'_>) {
    let audit = &gathered.audit;
    let into = "audit (id, at, actor_id, action, subject_kind, subject_id, request_id, detail_digest, key_id, mac)";
    statement.insert("audit_new", into, audit, |x| {
        x.bind("uuid", |entry| entry.row.id.0)
            .bind("timestamptz", |entry| entry.row.at)
            .bind("uuid", |entry| entry.row.actor.id.map(|id| id.0))
            .bind("text", |entry| entry.row.action.as_str())
            .bind("text", |entry| entry.row.subject.parts().0)
            .bind("uuid", |entry| entry.row.subject.parts().1)
            .bind("text", |entry| entry.row.request_id.as_deref())
            .bind("bytea", |entry| entry.row.detail_digest.as_slice())
            .bind("text", |entry| entry.row.key_id.as_str())
            .bind("bytea", |entry| entry.row.mac.as_slice());
    });
    statement.insert("audit_detail_new", "audit_detail (audit_id, person_id, salt, body)", audit, |x| {
        x.bind("uuid", |entry| entry.row.id.0)
            .bind("uuid", |entry| spoken_of(entry.row))
            .bind("bytea", |entry| entry.row.salt.as_slice())
            .bind("json", |entry| entry.json.as_str());
    });
    statement.insert("audit_unsealed_new", "audit_unsealed (id)", audit, |x| {
        x.bind("uuid", |entry| entry.row.id.0);
    });
}

/// Lines that are not there are left out.
pub(super) fn push_emptied(statement: &mut Statement, gathered: &Gathered<'_>) {
    if gathered.emptied.is_empty() {
        return;
    }
    statement.part("audit_detail_emptied", |sql| {
        sql.push("UPDATE audit_detail t SET body = ").push_bind(RawDetail::EMPTY_BODY).push("::json, salt = ");
        sql.push_bind(RawDetail::EMPTY_SALT.to_vec()).push(" WHERE t.audit_id = ANY(");
        sql.push_bind(gathered.emptied.clone()).push("::uuid[])");
    });
}

/// Of two sealers, the second waits for the first and then finds no line waiting: a conflict.
pub(super) fn push_seals(statement: &mut Statement, gathered: &Gathered<'_>) {
    statement.delete("audit_sealed", "audit_unsealed", &["id"], &gathered.sealed, |x| {
        x.bind("uuid", |id| *id);
    });
    let into = "audit_seal (no, at, ids, digest, prev, key_id, mac)";
    statement.insert("audit_seal_new", into, &gathered.seals, |x| {
        x.bind("int8", |seal| seal.no)
            .bind("timestamptz", |seal| seal.at)
            .bind("bytea", |seal| seal.ids.as_slice())
            .bind("bytea", |seal| seal.digest.as_slice())
            .bind("bytea", |seal| seal.prev.as_slice())
            .bind("text", |seal| seal.key_id.as_str())
            .bind("bytea", |seal| seal.mac.as_slice());
    });
}
