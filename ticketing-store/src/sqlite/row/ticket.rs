//! Tickets, what is said on them, who listens, and how they hang together.

use super::Cells;
use crate::sqlite::failure::corrupt;
use sqlx::sqlite::SqliteRow;
use ticketing_core::ids::{CommentId, LinkId, OrganizationId, TeamId, TicketId, UserId};
use ticketing_core::model::{Channel, Comment, LinkKind, Priority, RuleSpend, Status, Ticket, TicketLink, Watcher};
use ticketing_core::port::StoreResult;

/// Columns of [`ticket`] from `ticket t` and `ticket_body b`.
pub const TICKET: &str = "t.id, t.number, t.subject, b.description, t.status, t.priority, t.category, t.tags, \
     b.custom_fields, t.channel, t.customer_id, t.organization_id, t.assigned_agent_id, t.team_id, \
     t.escalation_level, t.version, t.created_at, t.updated_at, t.first_responded_at, t.resolved_at, t.closed_at, \
     t.merged_into, t.wake_at, t.last_customer_reply_at, t.last_status_change_at, t.sla, t.rule_spend_since, \
     t.rule_spend_effects";

/// A ticket.
pub fn ticket(row: &SqliteRow) -> StoreResult<Ticket> {
    let mut cells = Cells::of(row);
    Ok(Ticket {
        id: cells.id(TicketId)?,
        number: cells.take::<&str>()?.parse().map_err(corrupt)?,
        subject: cells.take()?,
        description: cells.take()?,
        status: cells.word(Status::from_rank)?,
        priority: cells.word(Priority::from_rank)?,
        category: cells.take()?,
        tags: cells.json()?,
        custom_fields: cells.json()?,
        channel: cells.word(Channel::from_rank)?,
        customer_id: cells.id(UserId)?,
        organization_id: cells.maybe_id(OrganizationId)?,
        assigned_agent_id: cells.maybe_id(UserId)?,
        team_id: cells.maybe_id(TeamId)?,
        escalation_level: cells.take()?,
        version: cells.take()?,
        created_at: cells.time()?,
        updated_at: cells.time()?,
        first_responded_at: cells.maybe_time()?,
        resolved_at: cells.maybe_time()?,
        closed_at: cells.maybe_time()?,
        merged_into: cells.maybe_id(TicketId)?,
        wake_at: cells.maybe_time()?,
        last_customer_reply_at: cells.maybe_time()?,
        last_status_change_at: cells.maybe_time()?,
        sla: cells.maybe_json()?,
        rule_spend: {
            let (since, effects) = (cells.maybe_time()?, cells.take::<Option<_>>()?);
            since.zip(effects).map(|(since, effects)| RuleSpend { since, effects })
        },
    })
}

/// Columns of [`comment`] from `comment c` and `person p`.
pub const COMMENT: &str = "c.id, c.ticket_id, c.author_id, p.name, p.role, c.body, c.is_internal, c.channel, \
     c.version, c.created_at, c.edited_at";

/// A comment.
pub fn comment(row: &SqliteRow) -> StoreResult<Comment> {
    let mut cells = Cells::of(row);
    Ok(Comment {
        id: cells.id(CommentId)?,
        ticket_id: cells.id(TicketId)?,
        author: cells.person()?,
        body: cells.take()?,
        is_internal: cells.take()?,
        channel: cells.word(Channel::from_rank)?,
        version: cells.take()?,
        created_at: cells.time()?,
        edited_at: cells.maybe_time()?,
    })
}

/// A comment's id and whether it is a note, which is all that there is in the row.
pub fn comment_id(row: &SqliteRow) -> StoreResult<(CommentId, bool)> {
    let mut cells = Cells::of(row);
    Ok((cells.id(CommentId)?, cells.take()?))
}

/// Columns of [`watcher`] from `watcher w` and `person p`.
pub const WATCHER: &str = "w.ticket_id, w.user_id, p.name, p.role, w.created_at";

/// Somebody who listens.
pub fn watcher(row: &SqliteRow) -> StoreResult<Watcher> {
    let mut cells = Cells::of(row);
    Ok(Watcher { ticket_id: cells.id(TicketId)?, user: cells.person()?, created_at: cells.time()? })
}

/// Columns of [`link`] from `ticket_link l`.
pub const LINK: &str = "l.id, l.ticket_id, l.other_id, l.type, l.created_by, l.created_at";

/// A tie between two tickets.
pub fn link(row: &SqliteRow) -> StoreResult<TicketLink> {
    let mut cells = Cells::of(row);
    Ok(TicketLink {
        id: cells.id(LinkId)?,
        ticket_id: cells.id(TicketId)?,
        other_id: cells.id(TicketId)?,
        kind: cells.word(LinkKind::from_rank)?,
        created_by: cells.maybe_id(UserId)?,
        created_at: cells.time()?,
    })
}
