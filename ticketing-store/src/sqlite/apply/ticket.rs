//! Tickets and what hangs on them.

use super::super::failure::store_error;
use super::super::script::Script;
use super::{execute, execute_one};
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use std::collections::BTreeSet;
use ticketing_core::changes::Expect;
use ticketing_core::condition::{CustomValue, custom_values};
use ticketing_core::decimal::Decimal;
use ticketing_core::fold::fold;
use ticketing_core::ids::{TicketId, UserId};
use ticketing_core::model::{Comment, Ticket};
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::query::NEVER_DUE;
use ticketing_core::time::Time;
use uuid::Uuid;

/// One ticket to write.
pub struct TicketWrite<'a> {
    pub ticket: &'a Ticket,
    pub expect: Expect,
    pub text: bool,
}

/// Who listens to which ticket, since when.
pub type Watch = (TicketId, UserId, Time);

/// Writes what [`claim`] has not written of changed tickets, and the new ones, many a statement.
pub async fn tickets(script: &mut Script<'_>, writes: &[TicketWrite<'_>]) -> Result<(), sqlx::Error> {
    // New ones first: a ticket may go into one that is made in the same commit.
    let fresh: Vec<&Ticket> = writes.iter().filter(|w| w.expect == Expect::New).map(|w| w.ticket).collect();
    insert_tickets(script, &fresh).await?;
    for TicketWrite { ticket, text, .. } in writes.iter().filter(|w| w.expect != Expect::New) {
        update_queues(script, ticket);
        if *text {
            update_text(script, ticket).await?;
        }
    }
    Ok(())
}

async fn insert_tickets(script: &mut Script<'_>, tickets: &[&Ticket]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO ticket (id, number, subject, subject_fold, status, priority, category, category_fold, \
         tags, channel, customer_id, organization_id, assigned_agent_id, team_id, escalation_level, version, \
         created_at, updated_at, first_responded_at, resolved_at, closed_at, merged_into, wake_at, \
         last_customer_reply_at, last_status_change_at, sla, sla_due_at, is_sla_breached, rule_spend_since, \
         rule_spend_effects) ";
    let bind = |row: &mut Separated<'_, Sqlite, &'static str>, ticket: &&Ticket| {
        row.push_bind(ticket.id.0)
            .push_bind(ticket.number.as_str())
            .push_bind(ticket.subject.as_str())
            .push_bind(fold(&ticket.subject))
            .push_bind(ticket.status.rank())
            .push_bind(ticket.priority.rank())
            .push_bind(ticket.category.as_deref())
            .push_bind(ticket.category.as_deref().map(fold))
            .push_bind(tags_json(ticket))
            .push_bind(ticket.channel.rank())
            .push_bind(ticket.customer_id.0)
            .push_bind(ticket.organization_id.map(|id| id.0))
            .push_bind(ticket.assigned_agent_id.map(|id| id.0))
            .push_bind(ticket.team_id.map(|id| id.0))
            .push_bind(ticket.escalation_level)
            .push_bind(ticket.version)
            .push_bind(ticket.created_at.timestamp_micros())
            .push_bind(ticket.updated_at.timestamp_micros())
            .push_bind(micros(ticket.first_responded_at))
            .push_bind(micros(ticket.resolved_at))
            .push_bind(micros(ticket.closed_at))
            .push_bind(ticket.merged_into.map(|id| id.0))
            .push_bind(micros(ticket.wake_at))
            .push_bind(micros(ticket.last_customer_reply_at))
            .push_bind(micros(ticket.last_status_change_at))
            .push_bind(sla_json(ticket))
            .push_bind(due_at(ticket))
            .push_bind(ticket.is_sla_breached())
            .push_bind(micros(ticket.rule_spend.map(|spend| spend.since)))
            .push_bind(ticket.rule_spend.map(|spend| spend.effects));
    };
    script.insert(head, "", tickets, bind).await?;
    insert_bodies(script, tickets).await?;
    insert_tags(script, tickets).await?;
    insert_fields(script, tickets).await
}

async fn insert_bodies(script: &mut Script<'_>, tickets: &[&Ticket]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO ticket_body (ticket_id, description, description_fold, custom_fields) ";
    let inserted = script.insert(head, "", tickets, |row, ticket| {
        row.push_bind(ticket.id.0)
            .push_bind(ticket.description.as_str())
            .push_bind(fold(&ticket.description))
            .push_bind(fields_json(ticket));
    });
    inserted.await
}

async fn insert_tags(script: &mut Script<'_>, tickets: &[&Ticket]) -> Result<(), sqlx::Error> {
    // Two tags may fold to the same text.
    let tags = tickets.iter().flat_map(|ticket| ticket.tags.iter().map(|tag| (ticket.id.0, fold(tag))));
    let tags: Vec<(Uuid, String)> = tags.collect::<BTreeSet<_>>().into_iter().collect();
    let inserted = script.insert("INSERT INTO ticket_tag (ticket_id, tag_fold) ", "", &tags, |row, (ticket, tag)| {
        row.push_bind(*ticket).push_bind(tag.as_str());
    });
    inserted.await
}

async fn insert_fields(script: &mut Script<'_>, tickets: &[&Ticket]) -> Result<(), sqlx::Error> {
    let values = |ticket: &&Ticket| {
        custom_values(&ticket.custom_fields).into_iter().map(|v| (ticket.id.0, v)).collect::<Vec<_>>()
    };
    let fields: Vec<(Uuid, CustomValue)> = tickets.iter().flat_map(values).collect();
    let head = "INSERT INTO ticket_field (ticket_id, field_key, place, text_fold, num) ";
    let inserted = script.insert(head, "", &fields, |row, (ticket, value)| {
        row.push_bind(*ticket)
            .push_bind(value.key.as_str())
            .push_bind(value.place)
            .push_bind(value.text.as_deref())
            .push_bind(value.number.map(Decimal::scaled));
    });
    inserted.await
}

/// Which reference of these tickets has no row, if one has none.
pub async fn what_is_missing(
    connection: &mut SqliteConnection,
    writes: &[TicketWrite<'_>],
) -> StoreResult<Option<StoreError>> {
    for TicketWrite { ticket, .. } in writes {
        let (customer, organization): (bool, bool) = sqlx::query_as(
            "SELECT EXISTS (SELECT 1 FROM person WHERE id = ?1), \
             ?2 IS NULL OR EXISTS (SELECT 1 FROM organization WHERE id = ?2)",
        )
        .bind(ticket.customer_id.0)
        .bind(ticket.organization_id.map(|id| id.0))
        .fetch_one(&mut *connection)
        .await
        .map_err(store_error)?;
        if !customer {
            return Ok(Some(StoreError::Missing("customer")));
        }
        if !organization {
            return Ok(Some(StoreError::Missing("organization")));
        }
    }
    Ok(None)
}

/// Moves a ticket that has this version on to its next one.
pub async fn claim(connection: &mut SqliteConnection, ticket: &Ticket, version: i64) -> StoreResult<()> {
    let query = sqlx::query(
        "UPDATE ticket SET channel = ?, escalation_level = ?, version = ?, updated_at = ?, first_responded_at = ?, \
         resolved_at = ?, closed_at = ?, wake_at = ?, last_customer_reply_at = ?, last_status_change_at = ?, \
         sla = ?, rule_spend_since = ?, rule_spend_effects = ? WHERE id = ? AND version = ?",
    )
    .bind(ticket.channel.rank())
    .bind(ticket.escalation_level)
    .bind(ticket.version)
    .bind(ticket.updated_at.timestamp_micros())
    .bind(micros(ticket.first_responded_at))
    .bind(micros(ticket.resolved_at))
    .bind(micros(ticket.closed_at))
    .bind(micros(ticket.wake_at))
    .bind(micros(ticket.last_customer_reply_at))
    .bind(micros(ticket.last_status_change_at))
    .bind(sla_json(ticket))
    .bind(micros(ticket.rule_spend.map(|spend| spend.since)))
    .bind(ticket.rule_spend.map(|spend| spend.effects))
    .bind(ticket.id.0)
    .bind(version);
    execute_one(query, connection).await
}

/// The columns that decide in which queues a ticket stands. SQLite writes every index that a
/// statement names a column of, whether or not its value changes, and most changes are comments
/// that move a ticket in no queue: so they are only written where one of them differs.
fn update_queues(script: &mut Script<'_>, ticket: &Ticket) {
    let state = "(status, priority)";
    differing(script, ticket, state, |row| {
        row.push_bind(ticket.status.rank()).push_bind(ticket.priority.rank());
    });
    differing(script, ticket, "(sla_due_at, is_sla_breached)", |row| {
        row.push_bind(due_at(ticket)).push_bind(ticket.is_sla_breached());
    });
    let people = "(customer_id, organization_id, assigned_agent_id, team_id, created_at, number, merged_into)";
    differing(script, ticket, people, |row| {
        row.push_bind(ticket.customer_id.0)
            .push_bind(ticket.organization_id.map(|id| id.0))
            .push_bind(ticket.assigned_agent_id.map(|id| id.0))
            .push_bind(ticket.team_id.map(|id| id.0))
            .push_bind(ticket.created_at.timestamp_micros())
            .push_bind(ticket.number.as_str())
            .push_bind(ticket.merged_into.map(|id| id.0));
    });
}

fn differing(
    script: &mut Script<'_>,
    ticket: &Ticket,
    columns: &'static str,
    bind: impl Fn(&mut Separated<'_, Sqlite, &'static str>),
) {
    let statement = script.statement();
    statement.push("UPDATE ticket SET ").push(columns).push(" = (");
    bind(&mut statement.separated(", "));
    statement.push(") WHERE id = ").push_bind(ticket.id.0).push(" AND ").push(columns).push(" IS NOT (");
    bind(&mut statement.separated(", "));
    statement.push(")");
}

/// The columns and rows that only a change of texts touches.
async fn update_text(script: &mut Script<'_>, ticket: &Ticket) -> Result<(), sqlx::Error> {
    let line = script.statement();
    line.push("UPDATE ticket SET subject = ").push_bind(ticket.subject.as_str());
    line.push(", subject_fold = ").push_bind(fold(&ticket.subject));
    line.push(", category = ").push_bind(ticket.category.as_deref());
    line.push(", category_fold = ").push_bind(ticket.category.as_deref().map(fold));
    line.push(", tags = ").push_bind(tags_json(ticket)).push(" WHERE id = ").push_bind(ticket.id.0);
    let body = script.statement();
    body.push("UPDATE ticket_body SET description = ").push_bind(ticket.description.as_str());
    body.push(", description_fold = ").push_bind(fold(&ticket.description));
    body.push(", custom_fields = ").push_bind(fields_json(ticket));
    body.push(" WHERE ticket_id = ").push_bind(ticket.id.0);
    script.statement().push("DELETE FROM ticket_tag WHERE ticket_id = ").push_bind(ticket.id.0);
    insert_tags(script, &[ticket]).await?;
    script.statement().push("DELETE FROM ticket_field WHERE ticket_id = ").push_bind(ticket.id.0);
    insert_fields(script, &[ticket]).await
}

/// Adds comments.
pub async fn comments(script: &mut Script<'_>, comments: &[&Comment]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO comment (id, ticket_id, author_id, body, is_internal, channel, version, created_at, \
         edited_at) ";
    let inserted = script.insert(head, "", comments, |row, comment| {
        row.push_bind(comment.id.0)
            .push_bind(comment.ticket_id.0)
            .push_bind(comment.author.id.map(|id| id.0))
            .push_bind(comment.body.as_str())
            .push_bind(comment.is_internal)
            .push_bind(comment.channel.rank())
            .push_bind(comment.version)
            .push_bind(comment.created_at.timestamp_micros())
            .push_bind(micros(comment.edited_at));
    });
    inserted.await
}

/// Adds listeners; whoever listens already goes on as before.
pub async fn watches(script: &mut Script<'_>, watches: &[Watch]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO watcher (ticket_id, user_id, created_at) ";
    let inserted = script.insert(head, " ON CONFLICT DO NOTHING", watches, |row, (ticket_id, user_id, at)| {
        row.push_bind(ticket_id.0).push_bind(user_id.0).push_bind(at.timestamp_micros());
    });
    inserted.await
}

/// Replaces a comment that has this version.
pub async fn update_comment(connection: &mut SqliteConnection, comment: &Comment, version: i64) -> StoreResult<()> {
    let query = sqlx::query(
        "UPDATE comment SET author_id = ?, body = ?, is_internal = ?, channel = ?, version = ?, created_at = ?, \
         edited_at = ? WHERE id = ? AND version = ?",
    )
    .bind(comment.author.id.map(|id| id.0))
    .bind(comment.body.clone())
    .bind(comment.is_internal)
    .bind(comment.channel.rank())
    .bind(comment.version)
    .bind(comment.created_at.timestamp_micros())
    .bind(micros(comment.edited_at))
    .bind(comment.id.0)
    .bind(version);
    execute_one(query, connection).await
}

/// Removes a listener, if there is one.
pub async fn unwatch(connection: &mut SqliteConnection, ticket_id: TicketId, user_id: UserId) -> StoreResult<()> {
    let query = sqlx::query("DELETE FROM watcher WHERE ticket_id = ? AND user_id = ?");
    execute(query.bind(ticket_id.0).bind(user_id.0), connection).await.map(drop)
}

fn micros(at: Option<Time>) -> Option<i64> {
    at.map(|at| at.timestamp_micros())
}

fn tags_json(ticket: &Ticket) -> String {
    serde_json::Value::from(ticket.tags.clone()).to_string()
}

/// Ids, numbers and moments can always be written as JSON.
fn sla_json(ticket: &Ticket) -> Option<String> {
    ticket.sla.as_ref().and_then(|sla| serde_json::to_string(sla).ok())
}

/// Where the ticket stands among those of which something is due.
fn due_at(ticket: &Ticket) -> i64 {
    ticket.sla_due_at().map_or(NEVER_DUE, |at| at.timestamp_micros())
}

/// `Display` for a JSON value can't fail, unlike serialising to a string.
fn fields_json(ticket: &Ticket) -> String {
    serde_json::Value::from(ticket.custom_fields.clone()).to_string()
}
