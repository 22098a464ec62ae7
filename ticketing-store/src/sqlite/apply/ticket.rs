//! Tickets and what hangs on them.

use super::super::bulk::insert;
use super::super::failure::{is_foreign_key, store_error};
use super::{execute, execute_one};
use sqlx::sqlite::SqliteConnection;
use std::collections::BTreeSet;
use ticketing_core::changes::Expect;
use ticketing_core::fold::fold;
use ticketing_core::ids::{TicketId, UserId};
use ticketing_core::model::{Comment, Ticket};
use ticketing_core::port::{StoreError, StoreResult};
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

/// Writes tickets: the changed ones one by one, the new ones many a statement.
pub async fn tickets(connection: &mut SqliteConnection, writes: &[TicketWrite<'_>]) -> StoreResult<()> {
    let mut fresh = Vec::new();
    for TicketWrite { ticket, expect, text } in writes {
        match expect {
            Expect::New => fresh.push(*ticket),
            Expect::Version(version) => update(connection, ticket, *version, *text).await?,
        }
    }
    if let Err(error) = insert_tickets(connection, &fresh).await {
        let missing = is_foreign_key(&error);
        return Err(if missing { what_is_missing(connection, &fresh).await? } else { store_error(error) });
    }
    insert_bodies(connection, &fresh).await?;
    insert_tags(connection, &fresh).await
}

async fn insert_tickets(connection: &mut SqliteConnection, tickets: &[&Ticket]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO ticket (id, number, subject, subject_fold, status, priority, category, category_fold, \
         tags, channel, customer_id, organization_id, assigned_agent_id, team_id, escalation_level, version, \
         created_at, updated_at, first_responded_at, resolved_at, closed_at) ";
    insert(connection, head, "", tickets, |row, ticket| {
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
            .push_bind(micros(ticket.closed_at));
    })
    .await
    .map(drop)
}

/// Which of a refused ticket's references has no row. SQLite does not say.
async fn what_is_missing(connection: &mut SqliteConnection, tickets: &[&Ticket]) -> StoreResult<StoreError> {
    for ticket in tickets {
        let is_there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM person WHERE id = ?)")
            .bind(ticket.customer_id.0)
            .fetch_one(&mut *connection)
            .await
            .map_err(store_error)?;
        if !is_there {
            return Ok(StoreError::Missing("customer"));
        }
    }
    Ok(StoreError::Missing("organization"))
}

async fn insert_bodies(connection: &mut SqliteConnection, tickets: &[&Ticket]) -> StoreResult<()> {
    let head = "INSERT INTO ticket_body (ticket_id, description, description_fold, custom_fields) ";
    insert(connection, head, "", tickets, |row, ticket| {
        row.push_bind(ticket.id.0)
            .push_bind(ticket.description.as_str())
            .push_bind(fold(&ticket.description))
            .push_bind(fields_json(ticket));
    })
    .await
    .map_err(store_error)?;
    Ok(())
}

async fn insert_tags(connection: &mut SqliteConnection, tickets: &[&Ticket]) -> StoreResult<()> {
    // Two tags may fold to the same text.
    let tags: BTreeSet<(Uuid, String)> =
        tickets.iter().flat_map(|ticket| ticket.tags.iter().map(|tag| (ticket.id.0, fold(tag)))).collect();
    let tags: Vec<_> = tags.into_iter().collect();
    insert(connection, "INSERT INTO ticket_tag (ticket_id, tag_fold) ", "", &tags, |row, (ticket, tag)| {
        row.push_bind(*ticket).push_bind(tag.as_str());
    })
    .await
    .map_err(store_error)?;
    Ok(())
}

async fn update(connection: &mut SqliteConnection, ticket: &Ticket, version: i64, text: bool) -> StoreResult<()> {
    let query = sqlx::query(
        "UPDATE ticket SET channel = ?, escalation_level = ?, version = ?, updated_at = ?, first_responded_at = ?, \
         resolved_at = ?, closed_at = ? WHERE id = ? AND version = ?",
    )
    .bind(ticket.channel.rank())
    .bind(ticket.escalation_level)
    .bind(ticket.version)
    .bind(ticket.updated_at.timestamp_micros())
    .bind(micros(ticket.first_responded_at))
    .bind(micros(ticket.resolved_at))
    .bind(micros(ticket.closed_at))
    .bind(ticket.id.0)
    .bind(version);
    execute_one(query, connection).await?;
    update_queues(connection, ticket).await?;
    if text { update_text(connection, ticket).await } else { Ok(()) }
}

/// The columns that decide in which queues a ticket stands. SQLite writes every index that a
/// statement names a column of, whether or not its value changes, and most changes are comments
/// that move a ticket in no queue: so they are only named where one of them differs.
async fn update_queues(connection: &mut SqliteConnection, ticket: &Ticket) -> StoreResult<()> {
    let state = sqlx::query(
        "UPDATE ticket SET (status, priority) = (?1, ?2) WHERE id = ?3 AND (status, priority) IS NOT (?1, ?2)",
    )
    .bind(ticket.status.rank())
    .bind(ticket.priority.rank())
    .bind(ticket.id.0);
    execute(state, connection).await?;
    let people = sqlx::query(
        "UPDATE ticket SET (customer_id, organization_id, assigned_agent_id, team_id, created_at, number) \
         = (?1, ?2, ?3, ?4, ?5, ?6) WHERE id = ?7 \
         AND (customer_id, organization_id, assigned_agent_id, team_id, created_at, number) \
         IS NOT (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(ticket.customer_id.0)
    .bind(ticket.organization_id.map(|id| id.0))
    .bind(ticket.assigned_agent_id.map(|id| id.0))
    .bind(ticket.team_id.map(|id| id.0))
    .bind(ticket.created_at.timestamp_micros())
    .bind(ticket.number.to_string())
    .bind(ticket.id.0);
    match people.execute(&mut *connection).await {
        Err(error) if is_foreign_key(&error) => Err(what_is_missing(connection, &[ticket]).await?),
        outcome => outcome.map(drop).map_err(store_error),
    }
}

/// The columns and rows that only a change of texts touches.
async fn update_text(connection: &mut SqliteConnection, ticket: &Ticket) -> StoreResult<()> {
    let line = sqlx::query(
        "UPDATE ticket SET subject = ?, subject_fold = ?, category = ?, category_fold = ?, tags = ? WHERE id = ?",
    )
    .bind(ticket.subject.clone())
    .bind(fold(&ticket.subject))
    .bind(ticket.category.clone())
    .bind(ticket.category.as_deref().map(fold))
    .bind(tags_json(ticket))
    .bind(ticket.id.0);
    execute_one(line, connection).await?;
    let body = sqlx::query(
        "UPDATE ticket_body SET description = ?, description_fold = ?, custom_fields = ? WHERE ticket_id = ?",
    )
    .bind(ticket.description.clone())
    .bind(fold(&ticket.description))
    .bind(fields_json(ticket))
    .bind(ticket.id.0);
    execute_one(body, connection).await?;
    execute(sqlx::query("DELETE FROM ticket_tag WHERE ticket_id = ?").bind(ticket.id.0), connection).await?;
    insert_tags(connection, &[ticket]).await
}

/// Adds comments.
pub async fn comments(connection: &mut SqliteConnection, comments: &[&Comment]) -> StoreResult<()> {
    let head = "INSERT INTO comment (id, ticket_id, author_id, body, is_internal, channel, version, created_at, \
         edited_at) ";
    insert(connection, head, "", comments, |row, comment| {
        row.push_bind(comment.id.0)
            .push_bind(comment.ticket_id.0)
            .push_bind(comment.author.id.map(|id| id.0))
            .push_bind(comment.body.as_str())
            .push_bind(comment.is_internal)
            .push_bind(comment.channel.rank())
            .push_bind(comment.version)
            .push_bind(comment.created_at.timestamp_micros())
            .push_bind(micros(comment.edited_at));
    })
    .await
    .map_err(of_ticket)?;
    Ok(())
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

/// Adds listeners; whoever listens already goes on as before.
pub async fn watches(connection: &mut SqliteConnection, watches: &[Watch]) -> StoreResult<()> {
    let head = "INSERT INTO watcher (ticket_id, user_id, created_at) ";
    insert(connection, head, " ON CONFLICT DO NOTHING", watches, |row, (ticket_id, user_id, at)| {
        row.push_bind(ticket_id.0).push_bind(user_id.0).push_bind(at.timestamp_micros());
    })
    .await
    .map_err(of_ticket)?;
    Ok(())
}

/// Removes a listener, if there is one.
pub async fn unwatch(connection: &mut SqliteConnection, ticket_id: TicketId, user_id: UserId) -> StoreResult<()> {
    let query = sqlx::query("DELETE FROM watcher WHERE ticket_id = ? AND user_id = ?");
    execute(query.bind(ticket_id.0).bind(user_id.0), connection).await.map(drop)
}

/// The error of a row whose only reference is its ticket.
fn of_ticket(error: sqlx::Error) -> StoreError {
    if is_foreign_key(&error) { StoreError::Missing("ticket") } else { store_error(error) }
}

fn micros(at: Option<Time>) -> Option<i64> {
    at.map(|at| at.timestamp_micros())
}

fn tags_json(ticket: &Ticket) -> String {
    serde_json::Value::from(ticket.tags.clone()).to_string()
}

/// `Display` for a JSON value can't fail, unlike serialising to a string.
fn fields_json(ticket: &Ticket) -> String {
    serde_json::Value::from(ticket.custom_fields.clone()).to_string()
}
