//! Tickets, what is said on them, and who listens.

use crate::postgres::failure::in_read;
use crate::row::{corrupt, person, word};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{Decode, FromRow, Postgres, Row, Type};
use ticketing_core::model::{Channel, Comment, Priority, RuleSpend, Status, Ticket, Watcher};
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::time::Time;
use ticketing_core::{CommentId, OrganizationId, TeamId, TicketId, UserId};
use uuid::Uuid;

/// What [`ticket`] reads: a ticket `t` and its body `b`.
pub(in crate::postgres) const TICKET: &str = "t.id, t.number, t.subject, b.description, t.status, t.priority, t.category, t.tags, \
    b.custom_fields, t.channel, t.customer_id, t.organization_id, t.assigned_agent_id, t.team_id, \
    t.escalation_level, t.version, t.created_at, t.updated_at, t.first_responded_at, t.resolved_at, t.closed_at, \
    t.merged_into, t.wake_at, t.last_customer_reply_at, t.last_status_change_at, t.sla, t.rule_spend_since, \
    t.rule_spend_effects";

/// Reads a ticket. By place, not by name: looking up 28 names a row is a good part of a page's work.
pub(in crate::postgres) fn ticket(row: &PgRow) -> StoreResult<Ticket> {
    let mut columns = Columns { row, next: 0 };
    // In the order of TICKET.
    Ok(Ticket {
        id: TicketId(columns.take()?),
        number: {
            let number: &str = columns.take()?;
            number.parse().map_err(|_| corrupt("ticket.number", number))?
        },
        subject: columns.take()?,
        description: columns.take()?,
        status: word("ticket.status", columns.take()?, Status::from_rank)?,
        priority: word("ticket.priority", columns.take()?, Priority::from_rank)?,
        category: columns.take()?,
        tags: columns.take::<Json<_>>()?.0,
        custom_fields: columns.take::<Json<_>>()?.0,
        channel: word("ticket.channel", columns.take()?, Channel::from_rank)?,
        customer_id: UserId(columns.take()?),
        organization_id: columns.take::<Option<_>>()?.map(OrganizationId),
        assigned_agent_id: columns.take::<Option<_>>()?.map(UserId),
        team_id: columns.take::<Option<_>>()?.map(TeamId),
        escalation_level: columns.take()?,
        version: columns.take()?,
        created_at: columns.take()?,
        updated_at: columns.take()?,
        first_responded_at: columns.take()?,
        resolved_at: columns.take()?,
        closed_at: columns.take()?,
        merged_into: columns.take::<Option<_>>()?.map(TicketId),
        wake_at: columns.take()?,
        last_customer_reply_at: columns.take()?,
        last_status_change_at: columns.take()?,
        sla: columns.take::<Option<Json<_>>>()?.map(|sla| sla.0),
        rule_spend: {
            let (since, effects): (Option<_>, Option<_>) = (columns.take()?, columns.take()?);
            since.zip(effects).map(|(since, effects)| RuleSpend { since, effects })
        },
    })
}

/// The columns of a row, one after another.
struct Columns<'r> {
    row: &'r PgRow,
    next: usize,
}

impl<'r> Columns<'r> {
    fn take<T: Decode<'r, Postgres> + Type<Postgres>>(&mut self) -> StoreResult<T> {
        let value = self.row.try_get(self.next).map_err(in_read)?;
        self.next += 1;
        Ok(value)
    }
}

/// What a [`CommentRow`] is read from: a comment `c` and its author `p`.
pub(in crate::postgres) const COMMENT: &str = "c.id, c.ticket_id, c.author_id, p.name AS author_name, p.role AS author_role, \
    c.body, c.is_internal, c.channel, c.version, c.created_at, c.edited_at";

#[derive(FromRow)]
pub(in crate::postgres) struct CommentRow {
    id: Uuid,
    ticket_id: Uuid,
    author_id: Option<Uuid>,
    author_name: Option<String>,
    author_role: Option<i16>,
    body: String,
    is_internal: bool,
    channel: i16,
    version: i64,
    created_at: Time,
    edited_at: Option<Time>,
}

impl TryFrom<CommentRow> for Comment {
    type Error = StoreError;

    fn try_from(row: CommentRow) -> StoreResult<Self> {
        Ok(Self {
            id: CommentId(row.id),
            ticket_id: TicketId(row.ticket_id),
            author: person(row.author_id, row.author_name, row.author_role)?,
            body: row.body,
            is_internal: row.is_internal,
            channel: word("comment.channel", row.channel, Channel::from_rank)?,
            version: row.version,
            created_at: row.created_at,
            edited_at: row.edited_at,
        })
    }
}

#[derive(FromRow)]
pub(in crate::postgres) struct WatcherRow {
    ticket_id: Uuid,
    user_id: Uuid,
    name: Option<String>,
    role: Option<i16>,
    created_at: Time,
}

impl TryFrom<WatcherRow> for Watcher {
    type Error = StoreError;

    fn try_from(row: WatcherRow) -> StoreResult<Self> {
        Ok(Self {
            ticket_id: TicketId(row.ticket_id),
            user: person(Some(row.user_id), row.name, row.role)?,
            created_at: row.created_at,
        })
    }
}
