//! The parts of a commit that write tickets and what hangs on them.

use super::gather::{Gathered, json};
use super::statement::{Columns, Statement, Update, push_rows};
use ticketing_core::TicketId;
use ticketing_core::condition::CustomValue;
use ticketing_core::decimal::Decimal;
use ticketing_core::fold::fold;
use ticketing_core::model::{Comment, Ticket};
use ticketing_core::query::NEVER_DUE;
use ticketing_core::time::{Time, from_micros};

const TICKET: &str = "ticket (id, number, subject, subject_fold, category, category_fold, tags, status, priority, \
    channel, customer_id, organization_id, assigned_agent_id, team_id, escalation_level, version, created_at, \
    updated_at, first_responded_at, resolved_at, closed_at, merged_into, wake_at, last_customer_reply_at, \
    last_status_change_at, sla, sla_due_at, is_sla_breached, rule_spend_since, rule_spend_effects)";
const TEXTS: [&str; 6] = ["number", "subject", "subject_fold", "category", "category_fold", "tags"];
const STATE: [&str; 23] = [
    "status",
    "priority",
    "channel",
    "customer_id",
    "organization_id",
    "assigned_agent_id",
    "team_id",
    "escalation_level",
    "version",
    "created_at",
    "updated_at",
    "first_responded_at",
    "resolved_at",
    "closed_at",
    "merged_into",
    "wake_at",
    "last_customer_reply_at",
    "last_status_change_at",
    "sla",
    "sla_due_at",
    "is_sla_breached",
    "rule_spend_since",
    "rule_spend_effects",
];
const COMMENT: [&str; 8] =
    ["ticket_id", "author_id", "body", "is_internal", "channel", "version", "created_at", "edited_at"];

/// Guards and changes first, so that what can fail by a race fails before anything is added.
pub(super) fn push(statement: &mut Statement, gathered: &Gathered<'_>) {
    let Gathered { tickets, rewritten, .. } = gathered;
    statement.guard("ticket_guard", "ticket", &gathered.ticket_guards);
    let after = hold(statement, gathered);
    let keys = &["id", "expect"];
    statement.update(
        &Update { part: "ticket_set", table: "ticket", keys, columns: &STATE, after },
        &tickets.set,
        |x| {
            x.bind("uuid", |(ticket, _)| ticket.id.0).bind("int8", |(_, expect)| *expect);
            bind_state(x, |(ticket, _)| ticket);
        },
    );
    let columns = &[TEXTS.as_slice(), STATE.as_slice()].concat();
    statement.update(&Update { part: "ticket_rewritten", table: "ticket", keys, columns, after }, rewritten, |x| {
        x.bind("uuid", |(ticket, _)| ticket.id.0).bind("int8", |(_, expect)| *expect);
        bind_texts(x, |(ticket, _)| ticket);
        bind_state(x, |(ticket, _)| ticket);
    });
    rewrite_texts(statement, gathered);
    statement.insert("ticket_new", TICKET, &tickets.new, |x| {
        x.bind("uuid", |ticket| ticket.id.0);
        bind_texts(x, |ticket| ticket);
        bind_state(x, |ticket| ticket);
    });
    let body = "ticket_body (ticket_id, description, description_fold, custom_fields)";
    statement.insert("body_new", body, &tickets.new, |x| {
        x.bind("uuid", |ticket| ticket.id.0);
        bind_body(x, |ticket| ticket);
    });
    statement.insert_unless(
        "tag_new",
        "ticket_tag (ticket_id, tag_fold)",
        &gathered.tags,
        |x| {
            x.bind("uuid", |(ticket_id, _)| ticket_id.0).bind("text", |(_, tag)| tag.as_str());
        },
        " ON CONFLICT DO NOTHING",
    );
    statement.insert_unless(
        "field_new",
        "ticket_field AS f (ticket_id, field_key, place, text_fold, num)",
        &gathered.fields,
        |x| {
            bind_field_key(x);
            x.bind("text", |(_, value)| value.text.as_deref())
                .bind("int8", |(_, value)| value.number.map(Decimal::scaled));
        },
        " ON CONFLICT (ticket_id, field_key, place) DO UPDATE SET text_fold = EXCLUDED.text_fold, num = EXCLUDED.num \
         WHERE (f.text_fold, f.num) IS DISTINCT FROM (EXCLUDED.text_fold, EXCLUDED.num)",
    );
    push_comments(statement, gathered);
    push_watchers(statement, gathered);
}

/// Several tickets are locked in the order of their ids before any is changed, so that two commits
/// over the same tickets wait for one another instead of both.
fn hold(statement: &mut Statement, gathered: &Gathered<'_>) -> Option<&'static str> {
    let changed = gathered.tickets.set.iter().chain(&gathered.rewritten);
    let ids: Vec<_> = changed.map(|(ticket, _)| ticket.id.0).collect();
    if ids.len() < 2 {
        return None;
    }
    statement.part("ticket_held", |sql| {
        sql.push("SELECT t.id FROM ticket t WHERE t.id = ANY(").push_bind(ids);
        sql.push("::uuid[]) ORDER BY t.id FOR NO KEY UPDATE OF t");
    });
    Some("ticket_held")
}

fn rewrite_texts(statement: &mut Statement, gathered: &Gathered<'_>) {
    let Gathered { rewritten, tags, fields, .. } = gathered;
    let update = Update {
        part: "body_rewritten",
        table: "ticket_body",
        keys: &["ticket_id"],
        columns: &["description", "description_fold", "custom_fields"],
        after: None,
    };
    statement.update(&update, rewritten, |x| {
        x.bind("uuid", |(ticket, _)| ticket.id.0);
        bind_body(x, |(ticket, _)| ticket);
    });
    if rewritten.is_empty() {
        return;
    }
    let ids: Vec<_> = rewritten.iter().map(|(ticket, _)| ticket.id.0).collect();
    let same = ids.clone();
    // Tags that stay are left alone: parts of one statement can't remove a row and add it again.
    statement.part("tag_gone", |sql| {
        sql.push("DELETE FROM ticket_tag t WHERE t.ticket_id = ANY(").push_bind(ids);
        sql.push("::uuid[]) AND (t.ticket_id, t.tag_fold) NOT IN (SELECT x.ticket_id, x.tag_fold FROM ");
        push_rows(sql, tags, |x| {
            x.bind("uuid", |(ticket_id, _)| ticket_id.0).bind("text", |(_, tag)| tag.as_str());
        });
        sql.push(" AS x (ticket_id, tag_fold))");
    });
    statement.part("field_gone", |sql| {
        sql.push("DELETE FROM ticket_field t WHERE t.ticket_id = ANY(").push_bind(same);
        sql.push("::uuid[]) AND (t.ticket_id, t.field_key, t.place) NOT IN (SELECT * FROM ");
        push_rows(sql, fields, bind_field_key);
        sql.push(" AS x (ticket_id, field_key, place))");
    });
}

fn bind_field_key(x: &mut Columns<'_, '_, (TicketId, CustomValue)>) {
    x.bind("uuid", |(ticket_id, _)| ticket_id.0)
        .bind("text", |(_, value)| value.key.as_str())
        .bind("int4", |(_, value)| value.place);
}

fn bind_texts<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Ticket) {
    x.bind("text", |row| of(row).number.as_str())
        .bind("text", |row| of(row).subject.as_str())
        .bind("text", |row| fold(&of(row).subject))
        .bind("text", |row| of(row).category.as_deref())
        .bind("text", |row| of(row).category.as_deref().map(fold))
        // A list of texts can always be written as JSON.
        .bind("json", |row| json(&of(row).tags).unwrap_or_default());
}

fn bind_state<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Ticket) {
    x.bind("int2", |row| of(row).status.rank())
        .bind("int2", |row| of(row).priority.rank())
        .bind("int2", |row| of(row).channel.rank())
        .bind("uuid", |row| of(row).customer_id.0)
        .bind("uuid", |row| of(row).organization_id.map(|id| id.0))
        .bind("uuid", |row| of(row).assigned_agent_id.map(|id| id.0))
        .bind("uuid", |row| of(row).team_id.map(|id| id.0))
        .bind("int2", |row| of(row).escalation_level)
        .bind("int8", |row| of(row).version)
        .bind("timestamptz", |row| of(row).created_at)
        .bind("timestamptz", |row| of(row).updated_at)
        .bind("timestamptz", |row| of(row).first_responded_at)
        .bind("timestamptz", |row| of(row).resolved_at)
        .bind("timestamptz", |row| of(row).closed_at)
        .bind("uuid", |row| of(row).merged_into.map(|id| id.0))
        .bind("timestamptz", |row| of(row).wake_at)
        .bind("timestamptz", |row| of(row).last_customer_reply_at)
        .bind("timestamptz", |row| of(row).last_status_change_at)
        .bind("json", |row| of(row).sla.as_ref().and_then(|sla| json(sla).ok()))
        .bind("timestamptz", |row| due_at(of(row)))
        .bind("bool", |row| of(row).is_sla_breached())
        .bind("timestamptz", |row| of(row).rule_spend.map(|spend| spend.since))
        .bind("int4", |row| of(row).rule_spend.map(|spend| spend.effects));
}

/// Where the ticket stands among those of which something is due.
fn due_at(ticket: &Ticket) -> Option<Time> {
    ticket.sla_due_at().or_else(|| from_micros(NEVER_DUE))
}

fn bind_body<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Ticket) {
    x.bind("text", |row| of(row).description.as_str())
        .bind("text", |row| fold(&of(row).description))
        .bind("json", |row| json(&of(row).custom_fields).unwrap_or_default());
}

fn push_comments(statement: &mut Statement, gathered: &Gathered<'_>) {
    let comments = &gathered.comments;
    let update =
        Update { part: "comment_set", table: "comment", keys: &["id", "expect"], columns: &COMMENT, after: None };
    statement.update(&update, &comments.set, |x| {
        x.bind("uuid", |(comment, _)| comment.id.0).bind("int8", |(_, expect)| *expect);
        bind_comment(x, |(comment, _)| comment);
    });
    let into = "comment (id, ticket_id, author_id, body, is_internal, channel, version, created_at, edited_at)";
    statement.insert("comment_new", into, &comments.new, |x| {
        x.bind("uuid", |comment| comment.id.0);
        bind_comment(x, |comment| comment);
    });
}

fn bind_comment<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Comment) {
    x.bind("uuid", |row| of(row).ticket_id.0)
        .bind("uuid", |row| of(row).author.id.map(|id| id.0))
        .bind("text", |row| of(row).body.as_str())
        .bind("bool", |row| of(row).is_internal)
        .bind("int2", |row| of(row).channel.rank())
        .bind("int8", |row| of(row).version)
        .bind("timestamptz", |row| of(row).created_at)
        .bind("timestamptz", |row| of(row).edited_at);
}

fn push_watchers(statement: &mut Statement, gathered: &Gathered<'_>) {
    let into = "watcher (ticket_id, user_id, created_at)";
    let columns = |x: &mut Columns<'_, '_, _>| {
        x.bind("uuid", |row: &(ticketing_core::TicketId, ticketing_core::UserId, ticketing_core::time::Time)| row.0.0)
            .bind("uuid", |row| row.1.0)
            .bind("timestamptz", |row| row.2);
    };
    statement.insert_unless("watch", into, &gathered.watches, columns, " ON CONFLICT DO NOTHING");
    if !gathered.unwatches.is_empty() {
        statement.part("unwatch", |sql| {
            sql.push("DELETE FROM watcher t USING ");
            push_rows(sql, &gathered.unwatches, |x| {
                x.bind("uuid", |row| row.0.0).bind("uuid", |row| row.1.0);
            });
            sql.push(" AS x (ticket_id, user_id) WHERE t.ticket_id = x.ticket_id AND t.user_id = x.user_id");
        });
    }
}
